"""Let a customer of the demo buy and change things as people do, so that every page of selling has something on it."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Database, Work
from tenantry.demo.people import MERIDIAN
from tenantry.kernel.actor import Actor
from tenantry.kernel.ids import new_id
from tenantry.sales.actions import NewItem, NewOrder, create_order, execute_order, submit_order
from tenantry.sales.defaults import today
from tenantry.sales.subscriptions import actions
from tenantry.schema.catalog import product, product_price
from tenantry.schema.crm import account
from tenantry.schema.subscription import asset

APPLIANCE = "FW-BOX"


def sell_and_change(web: Database, mara: Actor) -> None:
    """Sell mailboxes, servers, a trial and an appliance to a direct customer, and change them; done once."""
    with web.work(MERIDIAN.id, mara) as work:
        if work.connection.scalar(sa.select(sa.exists().where(asset.c.tenant_id == MERIDIAN.id))):
            return
        buyer, sold = _buyer(work), _products(work)
        begun = today(work) - timedelta(days=20)
        mail = [NewItem(sold["MAIL-BIZ"], "monthly", 25), NewItem(sold["MAIL-ARC"], "monthly", 10)]
        [boxes] = _sell(work, buyer, "Mail for everybody", mail, begun)
        actions.change_quantity(work, boxes, 31)
        actions.change_quantity(work, boxes, 28, at_next_cycle=True)
        [servers] = _sell(work, buyer, "Servers", [NewItem(sold["VM-S"], "monthly", 6)], begun)
        actions.upgrade(work, servers, sold["VM-L"], 2)
        [backup] = _sell(work, buyer, "Backup", [NewItem(sold["BACKUP"], "monthly", 12)], begun)
        actions.cancel(work, backup, mode="end_of_period", because="Backs up by itself from now on")
        _sell(work, buyer, "Office, to be tried", [NewItem(sold["OFFICE"], "monthly", 5, trial=True)])
        _sell(work, buyer, "Firewall for the new office", [NewItem(_appliance(work), "one_off", 1)])


def _sell(work: Work, buyer: UUID, name: str, items: list[NewItem], start_on: date | None = None) -> list[UUID]:
    id_ = create_order(work, NewOrder(buyer, name=name, items=tuple(items)))
    submit_order(work, id_)
    return execute_order(work, id_, start_on=start_on)


def _buyer(work: Work) -> UUID:
    """Give a customer of one's own who pays in euro and may owe something."""
    a = account.c
    mine = (a.tenant_id == MERIDIAN.id, a.standing == "own", a.status == "active", a.currency == "EUR")
    direct = (a.bill_to_id == a.id, a.reselling_enabled.is_(False))
    found: UUID = work.connection.scalars(sa.select(a.id).where(*mine, *direct).order_by(a.number).limit(1)).one()
    work.connection.execute(
        sa.update(account).where(a.tenant_id == MERIDIAN.id, a.id == found).values(credit_limit=Decimal(25_000))
    )
    return found


def _products(work: Work) -> dict[str, UUID]:
    found = work.connection.execute(sa.select(product.c.sku, product.c.id).where(product.c.tenant_id == MERIDIAN.id))
    return {sku: id_ for sku, id_ in found}  # noqa: C416 - rows are no pairs to the type checker


def _appliance(work: Work) -> UUID:
    """Put something on sale that is paid once."""
    id_ = new_id()
    work.connection.execute(
        sa.insert(product).values(
            tenant_id=MERIDIAN.id,
            id=id_,
            sku=APPLIANCE,
            name="Firewall Appliance",
            unit="device",
            category="Protection",
        )
    )
    price = {"cycle": "one_off", "currency": "EUR", "unit_price": Decimal("890.00"), "cost": Decimal("610.00")}
    work.connection.execute(
        sa.insert(product_price).values(tenant_id=MERIDIAN.id, id=new_id(), product_id=id_, **price)
    )
    return id_
