"""The main menu and the menu of the set-up: what each person sees of them is what he may view."""

from collections.abc import Sequence
from dataclasses import dataclass

from tenantry.kernel.actor import Actor
from tenantry.web.ui.views import MenuArea, MenuItem


@dataclass(frozen=True)
class Entry:
    """One line of a menu and the permission that shows it."""

    title: str
    url: str
    icon: str
    permission: str = ""


Menu = Sequence[tuple[str, Sequence[Entry]]]

WORK: Menu = (
    ("", (Entry("Home", "/", "home"),)),
    (
        "Office",
        (
            Entry("Accounts", "/accounts", "building", "accounts:view"),
            Entry("Contacts", "/contacts", "users", "contacts:view"),
            Entry("Activities", "/activities", "calendar-event", "activities:view"),
        ),
    ),
    (
        "Sales",
        (
            Entry("Opportunities", "/opportunities", "eye", "orders:view"),
            Entry("Offers", "/offers", "note", "orders:view"),
            Entry("Orders", "/orders", "shopping-cart", "orders:view"),
            Entry("Subscriptions", "/subscriptions", "repeat", "subscriptions:view"),
            Entry("Assets", "/assets", "device-desktop", "subscriptions:view"),
            Entry("Provisioning", "/provisioning-requests", "plug", "subscriptions:view"),
        ),
    ),
    (
        "Billing",
        (
            Entry("Charges", "/charges", "coins", "subscriptions:view"),
            Entry("Pending Invoices", "/pending-invoices", "clock", "invoices:view"),
            Entry("Invoices", "/invoices", "file-text", "invoices:view"),
        ),
    ),
    (
        "Catalogue",
        (
            Entry("Products", "/products", "package", "products:view"),
            Entry("Plans", "/plans", "list-details", "products:view"),
            Entry("Price Lists", "/price-lists", "tags", "products:view"),
            Entry("Promotions", "/promotions", "discount", "products:view"),
            Entry("Terms", "/terms-documents", "file-text", "products:view"),
        ),
    ),
    (
        "Partners",
        (
            Entry("Tenant Resellers", "/tenant-resellers", "building-community", "tenant_resellers:view"),
            Entry("Handovers", "/handovers", "transfer", "handover:view"),
            Entry("Mirrors", "/mirrors", "eye", "reconcile:view"),
            Entry("Reconcile", "/reconciliations", "adjustments-horizontal", "reconcile:view"),
            Entry("Imports", "/imports", "file-import", "imports:view"),
        ),
    ),
)
SETUP: Menu = (
    (
        "Organisation",
        (
            Entry("Organisation", "/setup/organisation", "building-skyscraper", "setup:view"),
            Entry("Audit Log", "/setup/audit-log", "clipboard-list", "audit:view"),
        ),
    ),
    (
        "People",
        (
            Entry("Users", "/setup/users", "user", "users:view"),
            Entry("Roles", "/setup/roles", "shield", "users:view"),
            Entry("Groups", "/setup/groups", "users-group", "users:view"),
            Entry("Permission Rules", "/setup/permission-rules", "shield-lock", "users:view"),
            Entry("Single Sign-On", "/setup/single-sign-on", "lock", "setup:view"),
            Entry("API Tokens", "/setup/api-tokens", "key", "tokens:view"),
        ),
    ),
    (
        "Records",
        (
            Entry("Use of API Options", "/setup/api-options", "plug", "setup:view"),
            Entry("Custom Fields", "/setup/custom-fields", "forms", "setup:view"),
            Entry("Order Types", "/setup/order-types", "list-details", "setup:view"),
            Entry("Mirror Alerts", "/setup/mirror-alerts", "eye", "setup:view"),
            Entry("Order Statuses", "/setup/order-statuses", "flag", "setup:view"),
        ),
    ),
    (
        "Money",
        (
            Entry("Payment Methods", "/setup/payment-methods", "credit-card", "setup:view"),
            Entry("Currencies", "/setup/currencies", "coins", "setup:view"),
            Entry("Invoice Series", "/setup/invoice-series", "file-text", "setup:view"),
        ),
    ),
)


def menu(entries: Menu, actor: Actor, path: str) -> tuple[MenuArea, ...]:
    """Give the areas that this person sees, the present one marked."""
    areas = []
    for title, lines in entries:
        shown = tuple(
            MenuItem(one.title, one.url, one.icon, _within(one.url, path))
            for one in lines
            if not one.permission or actor.may(one.permission)
        )
        if shown:
            areas.append(MenuArea(title, shown))
    return tuple(areas)


def first_of_setup(actor: Actor) -> str:
    """Give the first page of the set-up that this person may view; nothing when there is none."""
    return next(
        (one.url for _, lines in SETUP for one in lines if actor.may(one.permission)),
        "",
    )


def _within(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(f"{url}/"))
