"""The menus of the gallery's back office."""

from dataclasses import replace

from tenantry.web.ui.views import Flash, MenuArea, MenuItem, Shell, Theme

WORK = (
    ("Office", (("Accounts", "building"), ("Contacts", "users"), ("Activities", "calendar-event"))),
    ("Sales", (("Orders", "shopping-cart"),)),
    ("Billing", (("Products", "package"), ("Price Lists", "tags"), ("Subscriptions", "repeat"))),
    ("Partners", (("Tenant Resellers", "building-community"), ("Handovers", "transfer"), ("Imports", "file-import"))),
)
SETUP = (
    (
        "People",
        (("Users", "user"), ("Roles", "shield"), ("Permission Rules", "shield-lock"), ("Groups", "users-group")),
    ),
    ("Records", (("Use of API Options", "plug"), ("Custom Fields", "forms"), ("Order Types", "list-details"))),
    ("Billing", (("Payment Methods", "credit-card"), ("Currencies", "coins"))),
    (
        "Organisation",
        (("Organisation", "building-skyscraper"), ("API Tokens", "key"), ("Audit Log", "clipboard-list")),
    ),
)

DISTRIBUTOR = Shell(
    tenant="Northwind Distribution",
    kind="Distributor",
    user="Dora Lindqvist",
    email="dora@northwind.example",
    menu=(),
    csrf="made-up",
    version="0.1",
)


def working(active: str, theme: Theme, *flashes: Flash) -> Shell:
    """The frame while working, with one menu item marked."""
    return replace(DISTRIBUTOR, menu=menu(WORK, active), theme=theme, flashes=flashes)


def setting_up(active: str, theme: Theme) -> Shell:
    """The frame in set-up mode."""
    return replace(DISTRIBUTOR, menu=menu(SETUP, active), theme=theme, in_setup=True)


def menu(areas: tuple[tuple[str, tuple[tuple[str, str], ...]], ...], active: str) -> tuple[MenuArea, ...]:
    """Menu areas from titles and icons."""
    counts = {"Activities": "4", "Handovers": "1"}
    return tuple(
        MenuArea(
            area,
            tuple(MenuItem(title, "#", icon, title == active, counts.get(title, "")) for title, icon in items),
        )
        for area, items in areas
    )
