"""Invoice what the demo's customers owe, and bill a reseller by hand for one that he manages."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from tenantry.billing import actions, runs
from tenantry.billing.actions import NewInvoice
from tenantry.billing.lines import NewInvoiceLine
from tenantry.database import Database, Work
from tenantry.demo.people import MERIDIAN
from tenantry.kernel.actor import Actor
from tenantry.sales.defaults import today
from tenantry.schema.billing import invoice
from tenantry.schema.crm import account


def invoice_what_was_due(web: Database, mara: Actor) -> None:
    """Invoice what was due by the end of last month; what came since is pending. Done once."""
    with web.work(MERIDIAN.id, mara) as work:
        if work.connection.scalar(sa.select(sa.exists().where(invoice.c.tenant_id == MERIDIAN.id))):
            return
        runs.start(work, today(work).replace(day=1) - timedelta(days=1))
        managed = _managed(work)
        installed = NewInvoiceLine(Decimal(95), Decimal("3.5"), name="Installation on site")
        travelled = NewInvoiceLine(Decimal("48.20"), name="Travel", explains="Return by train, second class")
        done = NewInvoice(managed, note="As agreed with your support desk.", lines=(installed, travelled))
        actions.issue(work, actions.create_invoice(work, done))
        advised = NewInvoiceLine(Decimal(120), Decimal(2), name="Advice on backups", discount_percent=Decimal(10))
        actions.create_invoice(work, NewInvoice(managed, lines=(advised,)))


def _managed(work: Work) -> UUID:
    a = account.c
    its = (a.tenant_id == MERIDIAN.id, a.standing == "handed_down", a.status == "active")
    found: UUID = work.connection.scalars(sa.select(a.id).where(*its).order_by(a.number).limit(1)).one()
    return found
