"""The head of an order's pages: ribbon, acts with their reasons, tabs."""

from collections.abc import Sequence

from tenantry.kernel.actor import Actor
from tenantry.rules.policy import Order
from tenantry.sales.queries import OrderView
from tenantry.web.ui.acts import Button, asks_why, drawn
from tenantry.web.ui.views import Dialog, Field, Head, Link, Ribbon, Tab
from tenantry.web.ui.words import Words

AT = "/orders/{id}"
EDIT = "orders:edit"
NOTE = "activities:edit"
ABOUT = "/activities/new?about=order&id={id}"
BAR = (
    Button("edit", "pencil", f"{AT}/edit", permission=EDIT),
    Button("submit", "upload", f"{AT}/submit", "post", EDIT, confirm="Its items stand from then on."),
    Button("execute", "check", "#execute", "dialog", EDIT),
    Button("cancel", "ban", "#cancel", "dialog", EDIT),
)
SHORTCUTS = (
    Button("add_activity", "calendar-event", ABOUT, permission=NOTE),
    Button("relate_email", "mail", f"{ABOUT}&kind=email", permission=NOTE),
    Button("create_case", "info-circle", f"{ABOUT}&kind=case", permission=NOTE),
    Button("copy", "copy"),
    Button("deliver", "package"),
    Button("print_out", "note"),
    Button("delete", "trash", f"{AT}/delete", "post", EDIT, confirm="The order and its items are gone."),
)


def head(view: OrderView, actor: Actor, words: Words, active: str) -> Head:
    """Give the head of one of an order's pages."""
    base = f"/orders/{view.id}"
    tabs = [
        Tab("Details", base, active == "Details"),
        Tab("Products", f"{base}/products", active == "Products", f"{len(view.items)}" if view.items else ""),
        *([Tab("Activities", f"{base}/activities", active == "Activities")] if actor.may("activities:view") else []),
        Tab("History", f"{base}/history", active == "History"),
    ]
    return Head(
        title=view.name,
        crumbs=(Link("Orders", "/orders"), Link(view.account.name, f"/accounts/{view.account.id}")),
        state=view.status,
        subtitle=f"No. {view.number} · {words.date(view.ordered_on)}",
        ribbon=ribbon(view),
        actions=drawn(BAR, Order, view.actions, actor, id=view.id),
        shortcuts=drawn(SHORTCUTS, Order, view.actions, actor, id=view.id),
        tabs=tabs,
    )


def ribbon(view: OrderView) -> Ribbon | None:
    """Give the ribbon of an order that a tenant reseller has to do with."""
    if view.ribbon is None:
        return None
    return Ribbon(view.ribbon, "order" if view.standing == "back_order" else "managed")


def dialogs(view: OrderView) -> Sequence[Dialog]:
    """Give the pop-ups of the acts that ask first."""
    base = f"/orders/{view.id}"
    start = Field("execute-start_on", "Subscriptions start on", kind="date", help="Empty: today.")
    return (
        Dialog(
            "execute",
            "Execute this order?",
            f"{base}/execute",
            "Execute",
            ("Every item becomes a subscription of the account.",),
            (start,),
        ),
        asks_why(
            "cancel", "Cancel this order?", f"{base}/cancel", "Cancel the order", "It is kept to be read.", danger=True
        ),
    )
