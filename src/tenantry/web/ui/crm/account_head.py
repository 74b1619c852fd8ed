"""The head of an account's pages: ribbon, acts with their reasons, tabs."""

from collections.abc import Sequence

from tenantry.crm.queries import AccountView
from tenantry.kernel.actor import Actor
from tenantry.rules.policy import Account
from tenantry.web.ui.acts import Button, allowed, asks_why, drawn
from tenantry.web.ui.views import Action, Dialog, Head, Link, Ribbon, Tab
from tenantry.web.words import Words

AT = "/accounts/{id}"
EDIT = "accounts:edit"
BAR = (
    Button("edit", "pencil", f"{AT}/edit", permission=EDIT),
    Button("create_order", "shopping-cart", "/orders/new?account={id}", permission="orders:edit"),
    Button("add_contact", "user-circle", f"{AT}/contacts/new", permission="contacts:edit"),
    Button("add_activity", "calendar-event", "/activities/new?about=account&id={id}", permission="activities:edit"),
)
SUSPEND = Button("suspend", "player-pause", "#suspend", "dialog", permission=EDIT)
REACTIVATE = Button("reactivate", "player-play", "#reactivate", "dialog", permission=EDIT)
SHORTCUTS = (
    Button("add_address", "map-pin", f"{AT}/addresses/new", permission=EDIT),
    Button("create_opportunity", "eye", "/opportunities/new?account={id}", permission="orders:edit"),
    Button("create_offer", "note", "/offers/new?account={id}", permission="orders:edit"),
    Button("create_subscription", "repeat", "/subscriptions/new?account={id}", permission="subscriptions:edit"),
    Button("buy", "shopping-cart", f"{AT}/shop"),
    Button("view_pending_invoices", "clock", f"{AT}/pending-invoices", permission="invoices:view"),
    Button("generate_invoices", "coins", "/invoices/generate?account={id}", permission="invoices:edit"),
    Button("create_invoice", "file-text", "/invoices/new?account={id}", permission="invoices:edit"),
    Button("synchronize", "refresh"),
)
BECOME = Button(
    "create_tenant_reseller",
    "building-community",
    "/tenant-resellers/new?account={id}",
    permission="tenant_resellers:edit",
)
ENDING = (
    Button("close", "ban", "#close", "dialog", permission=EDIT),
    Button("delete", "trash", "#delete", "dialog", permission=EDIT),
)


def head(view: AccountView, actor: Actor, words: Words, active: str) -> Head:
    """Give the head of one of an account's pages."""
    place = ", ".join(part for part in (words.state(view.country, view.state), words.country(view.country)) if part)
    first, second = (REACTIVATE, SUSPEND) if view.actions["reactivate"] else (SUSPEND, REACTIVATE)
    offers = view.actions
    return Head(
        title=view.name,
        crumbs=(Link("Accounts", "/accounts"),),
        state=view.status,
        subtitle=" · ".join(part for part in (f"No. {view.number}", place) if part),
        ribbon=ribbon(view),
        actions=drawn((*BAR, first), Account, offers, actor, id=view.id),
        shortcuts=(
            *drawn(SHORTCUTS, Account, offers, actor, id=view.id),
            *_as_reseller(view, actor),
            *drawn((second, *ENDING), Account, offers, actor, id=view.id),
        ),
        tabs=tabs(view, actor, active),
    )


def ribbon(view: AccountView) -> Ribbon | None:
    """Give the ribbon of an account that a tenant reseller manages."""
    if view.ribbon is None:
        return None
    url = f"/accounts/{view.managed_by_account_id}" if view.managed_by_account_id else ""
    return Ribbon(view.ribbon, url=url)


def tabs(view: AccountView, actor: Actor, active: str) -> list[Tab]:
    """Give the tabs that this person may see, with how much is behind each."""
    counts, base = view.counts, f"/accounts/{view.id}"
    offered = [
        ("Details", "", None, "accounts:view"),
        ("Addresses", "/addresses", "addresses", "accounts:view"),
        ("Contacts", "/contacts", "contacts", "contacts:view"),
        ("Opportunities", "/opportunities", None, "orders:view"),
        ("Offers", "/offers", None, "orders:view"),
        ("Orders", "/orders", "orders", "orders:view"),
        ("Subscriptions", "/subscriptions", "subscriptions", "subscriptions:view"),
        ("Charges", "/charges", None, "subscriptions:view"),
        ("Invoices", "/invoices", None, "invoices:view"),
        ("Activities", "/activities", "activities", "activities:view"),
        ("Sync Options", "/sync-options", "sync_options", "accounts:view"),
        *([("Customers", "/customers", "customers", "accounts:view")] if view.reselling_enabled else []),
        ("History", "/history", None, "accounts:view"),
    ]
    return [
        Tab(title, base + path, title == active, f"{counts[count]:,}" if count and counts[count] else "")
        for title, path, count, permission in offered
        if actor.may(permission)
    ]


def dialogs(view: AccountView) -> Sequence[Dialog]:
    """Give the pop-ups of the acts that ask first."""
    base = f"/accounts/{view.id}"
    return (
        asks_why(
            "suspend",
            f"Suspend {view.name}?",
            f"{base}/suspend",
            "Suspend",
            "Nothing is sold to a suspended account. You can reactivate it at any time.",
            danger=True,
        ),
        asks_why(
            "reactivate",
            f"Reactivate {view.name}?",
            f"{base}/reactivate",
            "Reactivate",
            "It becomes active and can be sold to again.",
        ),
        asks_why(
            "close",
            f"Close {view.name}?",
            f"{base}/close",
            "Close",
            "A closed account is only read, until it is reactivated.",
            danger=True,
        ),
        asks_why(
            "delete",
            f"Delete {view.name}?",
            f"{base}/delete",
            "Delete",
            "It is gone from lists and searches. With orders or subscriptions it can still be read from those.",
            "This cannot be undone.",
            danger=True,
        ),
    )


def _as_reseller(view: AccountView, actor: Actor) -> list[Action]:
    if not view.is_tenant_reseller:
        return drawn((BECOME,), Account, view.actions, actor, id=view.id)
    page = Action("tenant_reseller", "Tenant Reseller", "building-community", f"/tenant-resellers/{view.id}")
    return [allowed(page, actor, "tenant_resellers:view")]
