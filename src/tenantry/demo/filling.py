"""Fill the distributor: its catalogue, its customers, and those that a transfer has something to say about."""

from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Database
from tenantry.demo import catalogue, charged
from tenantry.demo.customers import Town
from tenantry.demo.people import AEGEAN, MERIDIAN, NORDLICHT, SKERRY, DemoTenant
from tenantry.schema.crm import account
from tenantry.schema.sales import order_type
from tenantry.schema.tenant import tenant

DIRECT = 120
# What became of the offer and the opportunity of some.
OFFERED = {1: ("in_progress", "open"), 4: ("in_progress", "open"), 6: ("lost", "lost"), 9: ("in_progress", "open")}
SUSPENDED, IN_DOLLARS = range(5, DIRECT, 37), range(3, DIRECT, 11)
OF_LITE, OF_NORDLICHT, OF_AEGEAN = 18, 34, 42


def fill(web: Database) -> tuple[UUID, UUID, UUID]:
    """Make catalogue and customers; gives the accounts of the three resellers that get a tenant."""
    with web.work(MERIDIAN.id) as work:
        known = sa.select(account.c.name, account.c.id).where(account.c.tenant_id == MERIDIAN.id)
        made = dict(work.connection.execute(known).all())
        if SKERRY.name in made:
            return made[NORDLICHT.name], made[AEGEAN.name], made[SKERRY.name]
        stocked = catalogue.stock(work)
        mine = work.connection.execute(
            sa.select(tenant.c.admin_user_id, tenant.c.common_rule_id).where(tenant.c.id == MERIDIAN.id)
        ).one()
        type_ = work.connection.execute(
            sa.select(order_type.c.id).where(order_type.c.tenant_id == MERIDIAN.id)
        ).scalar_one()
        town = Town(work, stocked, mine.admin_user_id, mine.common_rule_id, type_)
        for place in range(DIRECT):
            own = town.customer(
                status="suspended" if place in SUSPENDED else "active",
                currency="USD" if place in IN_DOLLARS else "EUR",
            )
            _orders(town, own, own, place)
            if place in OFFERED:
                town.offer(own, *OFFERED[place], quantity=20 + 5 * place)
        lite = town.customer(
            name="Harbour IT Partners", reselling_enabled=True, price_list_id=stocked.price_lists["EUR"], lives_in="NL"
        )
        for place in range(OF_LITE):
            _orders(town, town.customer(payer=lite), lite, place)
        nordlicht, aegean = _reseller(town, NORDLICHT, "DE"), _reseller(town, AEGEAN, "GR")
        for place in range(OF_NORDLICHT):
            _orders(town, town.customer(payer=nordlicht), nordlicht, place)
        for place in range(OF_AEGEAN):
            customer = town.customer(payer=aegean, currency="EUR")
            _orders(town, customer, aegean, place)
        _awkward(town, nordlicht)
        skerry = _reseller(town, SKERRY, "SE")
        town.write()
        charged.charge_up_to_today(work)
    return nordlicht, aegean, skerry


def _reseller(town: Town, one: DemoTenant, lives_in: str) -> UUID:
    return town.customer(
        name=one.name,
        reselling_enabled=True,
        price_list_id=town.catalogue.price_lists["EUR"],
        payment_method_id=town.catalogue.methods["gateway"],
        prorate_billing=True,
        auto_invoice_notification=True,
        lives_in=lives_in,
    )


def _orders(town: Town, account: UUID, payer: UUID, place: int) -> None:
    for _ in range(place % 3):
        town.order(account, payer)
    if place % 4 == 0:
        town.sync(account, "mail" if place % 8 else "panel")
    if place % 9 == 2:  # noqa: PLR2004 - now and then
        town.task(account, "Call about the renewal")


def _awkward(town: Town, reseller: UUID) -> None:
    """Make the customers that a transfer has something to say about, one for each finding."""
    town.customer(payer=reseller, name="Basalt Hotels (no address)", addresses=0)
    open_order = town.customer(payer=reseller, name="Copper Freight (open order)")
    town.order(open_order, reseller, status="submitted", sku="OFFICE")
    town.customer(payer=reseller, name="Quarry Tools (US dollars)", currency="USD", lives_in="US")
    second = town.customer(payer=reseller, name="Linden Law (bills to the warehouse)", addresses=0, lives_in="AT")
    town.address(second, "AT", 0, is_billing=False)
    town.address(second, "DE", 1, is_billing=True)
    gateway = town.customer(payer=reseller, name="Heron Clinic (not resold below)")
    town.order(gateway, reseller, sku="GATEWAY")
    dollars = town.customer(payer=reseller, name="Osprey Media (subscription in dollars)")
    town.order(dollars, reseller, sku="VM-S", currency="USD")
    town.customer(payer=reseller, name="Willow Press (closed)", status="closed")
    small = town.customer(payer=reseller, name="Reed Computers (resells)", reselling_enabled=True)
    town.customer(payer=small, name="Fern Dental (pays through Reed)")
    town.customer(name="Slate Optics (pays itself)", parent_id=reseller)
