"""What stories about lists need: all of them, and to ask for a page, or for what makes no sense."""

from typing import Any

import pytest
from tests.world import Tenant, World

from tenantry.catalog.lists import PLANS, PRICE_LISTS, PRODUCTS
from tenantry.channel.handovers.lists import HANDOVERS
from tenantry.crm.lists import ACCOUNTS, ACTIVITIES, ADDRESSES, CONTACTS
from tenantry.intake.lists import IMPORTS
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Invalid
from tenantry.sales.lists import ORDERS, SUBSCRIPTIONS
from tenantry.tenancy.listing import Listing, ListRequest, Page

LISTS = (
    ACCOUNTS,
    ACTIVITIES,
    ADDRESSES,
    CONTACTS,
    HANDOVERS,
    IMPORTS,
    ORDERS,
    PLANS,
    PRICE_LISTS,
    PRODUCTS,
    SUBSCRIPTIONS,
)


def ask(world: World, listing: Listing = ACCOUNTS, at: Tenant | None = None, **request: Any) -> Page:
    """Ask for a page as the tenant's admin."""
    at = at or world.distributor()
    with world.web.work(at.id, world.admin(at)) as work:
        return listing.page(work, ListRequest(**request))


def names(page: Page) -> list[str]:
    """Give the names on a page."""
    return [row["name"] for row in page.items]


def wrong(world: World, **request: Any) -> list[tuple[str, str]]:
    """Ask for what makes no sense and give what is said."""
    with pytest.raises(Invalid) as invalid:
        ask(world, **request)
    assert all(fault.rule == "API-04" for fault in invalid.value.faults)
    return [(fault.field, fault.remedy) for fault in invalid.value.faults]


def account_row(at: Tenant, name: str, status: str = "active") -> dict[str, Any]:
    id_ = new_id()
    return {
        "tenant_id": at.id,
        "id": id_,
        "number": id_.int % 2**50,
        "name": name,
        "status": status,
        "bill_to_id": id_,
        "currency": "EUR",
        "responsible_user_id": at.admin_id,
        "permission_rule_id": at.rule_id,
    }
