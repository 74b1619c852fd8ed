"""The head of an order's pages: ribbon, acts with their reasons, tabs."""

from collections.abc import Sequence

from tenantry.kernel.actor import Actor
from tenantry.provisioning.holding import OPEN
from tenantry.rules.policy import Order
from tenantry.sales.queries import ItemView, OrderView
from tenantry.web.ui.acts import Button, asks_why, drawn
from tenantry.web.ui.views import Dialog, Field, Head, Link, Option, Ribbon, Tab
from tenantry.web.words import Words

AT = "/orders/{id}"
EDIT = "orders:edit"
NOTE = "activities:edit"
APPROVE = "orders:approve"
MOST_ASKED = 20
ABOUT = "/activities/new?about=order&id={id}"
BAR = (
    Button("edit", "pencil", f"{AT}/edit", permission=EDIT),
    Button("submit", "upload", f"{AT}/submit", "post", EDIT, confirm="Its items stand from then on."),
    Button("execute", "check", "#execute", "dialog", EDIT),
    Button("approve", "circle-check", "#approve", "dialog", APPROVE),
    Button("cancel", "ban", "#cancel", "dialog", EDIT),
)
SHORTCUTS = (
    Button("add_activity", "calendar-event", ABOUT, permission=NOTE),
    Button("relate_email", "mail", f"{ABOUT}&kind=email", permission=NOTE),
    Button("create_case", "info-circle", f"{ABOUT}&kind=case", permission=NOTE),
    Button("deliver", "package", "#deliver", "dialog", EDIT),
    Button("copy", "copy", f"{AT}/copy", "post", EDIT, confirm="A draft of today is made, at today's prices."),
    Button("print_out", "note", f"{AT}/print-out"),
    Button("refuse", "ban", "#refuse", "dialog", APPROVE),
    Button("delete", "trash", f"{AT}/delete", "post", EDIT, confirm="The order and its items are gone."),
)


ABOUT_CREDIT = (
    Button("exceed_limit", "circle-check", "#exceed_limit", "dialog", APPROVE),
    Button("check_credit", "refresh", f"{AT}/check-credit", "post", EDIT, confirm="It runs if there is credit by now."),
    Button("withdraw", "arrow-back-up", "#withdraw", "dialog", EDIT),
)


def head(view: OrderView, actor: Actor, words: Words, active: str) -> Head:
    """Give the head of one of an order's pages."""
    base = f"/orders/{view.id}"
    bar, menu = _buttons(view)
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
        subtitle=" · ".join(_about(view, words)),
        ribbon=ribbon(view),
        actions=drawn(bar, Order, view.actions, actor, id=view.id),
        shortcuts=drawn(menu, Order, view.actions, actor, id=view.id),
        tabs=tabs,
    )


def _buttons(view: OrderView) -> tuple[Sequence[Button], Sequence[Button]]:
    """Give the bar and the menu: what is done about credit stands first where something waits for it."""
    waits = [one for one in ABOUT_CREDIT if view.actions[one.name]]
    if not waits:
        return BAR, (*SHORTCUTS, *ABOUT_CREDIT)
    edit, *others = BAR
    return (*waits, edit), (*others, *SHORTCUTS, *(one for one in ABOUT_CREDIT if one not in waits))


def _about(view: OrderView, words: Words) -> list[str]:
    named = [view.status_name] if view.status_name.lower() != view.status else []
    return [f"No. {view.number}", words.date(view.ordered_on), *named, *_waits(view)]


def _waits(view: OrderView) -> list[str]:
    """Say of what is executed already that it waits for credit, here or above (UP-47)."""
    if view.standing == "back_order" and view.approval == "waiting":
        return ["Waits for credit"]
    above = view.upstream_credit
    if above is None or above.status not in OPEN:
        return []
    return [f"Waits for credit at {above.seller or 'the seller above'}"]


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
        *_delivery(view),
        Dialog(
            "execute",
            "Execute this order?",
            f"{base}/execute",
            "Execute",
            ("What is left to deliver becomes subscriptions and assets of the account.",),
            _starts(view, "execute") or (start,),
        ),
        asks_why(
            "approve",
            "Approve this order?",
            f"{base}/approve",
            "Approve",
            "It may be executed although it goes over the credit limit.",
        ),
        asks_why(
            "refuse",
            "Refuse approval?",
            f"{base}/refuse",
            "Refuse",
            "It is not executed unless somebody approves it after all.",
            danger=True,
        ),
        asks_why(
            "exceed_limit",
            "Exceed the credit limit this once?",
            f"{base}/exceed-limit",
            "Exceed the limit",
            "What the reseller sold is provisioned although it goes over his credit limit.",
        ),
        asks_why(
            "withdraw",
            "Withdraw this order?",
            f"{base}/withdraw",
            "Withdraw the order",
            "What it sold ends before it began, and all that was charged for it is given back.",
            danger=True,
        ),
        asks_why(
            "cancel", "Cancel this order?", f"{base}/cancel", "Cancel the order", "It is kept to be read.", danger=True
        ),
    )


def _left(view: OrderView) -> list[ItemView]:
    return [one for one in view.items if one.delivered_by is None]


def _starts(view: OrderView, act: str) -> list[Field]:
    """Ask for the first day of each item; of very many together."""
    left = _left(view)
    if len(left) > MOST_ASKED:
        return []
    return [
        Field(
            f"{act}-start-{one.id}",
            f"{one.product.name} starts on",
            one.start_on.isoformat() if one.start_on else "",
            kind="date",
            help="Empty: today.",
        )
        for one in left
        if one.product_kind == "service"
    ]


def _delivery(view: OrderView) -> list[Dialog]:
    if not view.actions["deliver"]:
        return []
    items = [Option(str(one.id), f"{one.quantity} × {one.product.name}") for one in _left(view)]
    chosen = Field("deliver-items", "Items", kind="checks", options=items, required=True)
    sentences = ("A sub-order with these items is made and executed. An add-on goes with its service.",)
    fields = (chosen, *_starts(view, "deliver"))
    return [Dialog("deliver", "Deliver which items?", f"/orders/{view.id}/deliver", "Deliver", sentences, fields)]
