"""Let a live reseller of the demo sell in his own tenant, so that his distributor's has the mirrors of it."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from tenantry.channel import mirror
from tenantry.channel.handovers import actions as handovers, queries, running
from tenantry.channel.mirror.charging import charge_mirrors
from tenantry.crm.actions import create
from tenantry.crm.new import NewAccount, NewAddress
from tenantry.database import Database, Work
from tenantry.demo.people import MERIDIAN, SKERRY
from tenantry.kernel.actor import Actor
from tenantry.sales.actions import NewItem, NewOrder, create_order, execute_order, submit_order
from tenantry.sales.defaults import today
from tenantry.schema.catalog import product
from tenantry.schema.crm import account
from tenantry.schema.tenant import tenant

# name, street, postcode, city, state, and what it buys: units by product; 0 begins a trial, which stays below
CUSTOMERS = (
    ("Gannet Shipping", "Skeppsbron 12", "111 30", "Stockholm", "SE-AB", {"MAIL-BIZ": 18, "BACKUP": 6}),
    ("Eider Foods", "Vasagatan 40", "411 37", "Göteborg", "SE-O", {"OFFICE": 9}),
    ("Puffin Studios", "Stora Nygatan 3", "211 37", "Malmö", "SE-M", {"VM-S": 2}),
    ("Fulmar Hotels", "Drottninggatan 7", "252 21", "Helsingborg", "SE-M", {"OFFICE": 0}),
)


def go_live(web: Database, worker: Database, mara: Actor, reseller: UUID) -> None:
    """Activate back ordering for a reseller who has no customers yet, once."""
    with web.work(MERIDIAN.id, mara) as work:
        if work.connection.scalar(sa.select(tenant.c.live_at).where(tenant.c.id == SKERRY.id)) is not None:
            return
        id_ = handovers.plan(work, "activate_back_ordering", reseller, reason=f"{SKERRY.name} sells by itself.")
        handovers.confirm(work, id_, queries.handover_(work, id_).digest or "")
    running.run(worker, MERIDIAN.id, id_)


def sell_below(web: Database, worker: Database) -> None:
    """Make his customers and what they bought three weeks ago, once, and bring it up to the distributor."""
    with web.work(SKERRY.id) as work:
        of = sa.select(tenant.c.admin_user_id).where(tenant.c.id == SKERRY.id)
        astrid = Actor(work.connection.scalar(of), "Astrid Nyström", frozenset({"*"}), None, None, None)
    with web.work(SKERRY.id, astrid) as work:
        if not work.connection.scalar(sa.select(sa.exists().where(account.c.tenant_id == SKERRY.id))):
            for one in CUSTOMERS:
                _sell(work, *one)
    # What is answered above about his credit comes down again.
    while mirror.apply(worker, SKERRY.id) + mirror.apply(worker, MERIDIAN.id):
        pass
    charge_mirrors(worker, MERIDIAN.id)


def _sell(work: Work, name: str, street: str, postcode: str, city: str, state: str, wants: dict[str, int]) -> None:
    lives = NewAddress(street=street, postcode=postcode, city=city, state=state, country="SE")
    email = f"office@{name.split(maxsplit=1)[0].lower()}.example"
    new = NewAccount(name=name, email=email, credit_limit=Decimal(5000), addresses=(lives,))
    buyer, sold = create(work, new), _products(work)
    begun = today(work) - timedelta(days=20)
    for sku, units in wants.items():
        item = NewItem(sold[sku], "monthly", units or 10, trial=not units)
        order = create_order(work, NewOrder(buyer, items=(item,)))
        submit_order(work, order)
        execute_order(work, order, start_on=begun if units else None)


def _products(work: Work) -> dict[str, UUID]:
    found = work.connection.execute(sa.select(product.c.sku, product.c.id).where(product.c.tenant_id == SKERRY.id))
    return {sku: id_ for sku, id_ in found}  # noqa: C416 - rows are no pairs to the type checker
