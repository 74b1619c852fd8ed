"""What stories about handovers need: accounts with every field filled,
plans as they were made, and what became of them.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tenantry.channel.handovers import actions, queries, reversal, running
from tenantry.channel.handovers.planning import Finding
from tenantry.channel.handovers.preview import RecordPreview
from tenantry.schema import catalog, channel, crm, tables, tenant as t
from tests.world import Row, Tenant, World

GENERIC = {
    "name": "Acme GmbH",
    "accounting_no": "D-4711",
    "email": "info@acme.example",
    "phone": "+49 30 1",
    "fax": "+49 30 2",
    "website": "https://acme.example",
    "industry": "Bakery",
    "language": "de",
    "vat_number": "DE123456789",
    "source": "Fair",
}
OF_THE_SELLER = {
    "registration_number": "HRB 1",
    "tax_authority": "Berlin-Mitte",
    "trading_name": "Acme",
    "business_activity": "Baking",
    "description": "Difficult to deal with.",
    "custom_fields": {"rank": "gold"},
}


def full_account(world: World, reseller: Tenant, **given: Any) -> Row:
    """Make a customer of the reseller with a value in every field that a form has."""
    home = world.distributor()
    price_list = world.insert(home, catalog.price_list, name="Retail", currency="USD")
    filled = {
        **GENERIC,
        **OF_THE_SELLER,
        "country": "FR",
        "state": "FR-IDF",
        "ordering_enabled": False,
        "own_ordering_options": False,
        "reselling_enabled": True,
        "price_list_id": price_list.id,
        "payment_method_id": world.payment_method(home, name="Card").id,
        "currency": "USD",
        "credit_limit": Decimal(500),
        "prorate_billing": False,
        "partial_charges_invoicing": "at_once",
        "auto_invoice_notification": False,
        "taxation": True,
        "separate_invoices": True,
        "billing_day": 9,
    }
    return world.account(bill_to=reseller, **{**filled, **given})


def codes(handover: Row) -> set[str]:
    """Name what the checks of a plan found."""
    return {one["code"] for one in handover.findings}


def finding(handover: Row, code: str) -> Row:
    """Give what one check of a plan found."""
    return Row(**next(one for one in handover.findings if one["code"] == code))


def verdicts(world: World, handover: Row, at: Tenant | None = None) -> dict[UUID, str]:
    """Give what a plan says of each account."""
    rows = world.rows(at or world.distributor(), channel.handover_record, handover_id=handover.id)
    return {row.id: row.verdict for row in rows}


def outcomes(world: World, handover: Row, at: Tenant | None = None) -> dict[UUID, tuple[str, str | None]]:
    """Give what became of each account, and why."""
    rows = world.rows(at or world.distributor(), channel.handover_record, handover_id=handover.id)
    return {row.id: (row.outcome, row.why) for row in rows}


def preview(world: World, handover: Row, at: Tenant | None = None) -> dict[UUID, RecordPreview]:
    """Give what a plan shows, record by record."""
    at = at or world.distributor()
    with world.web.work(at.id, world.admin(at)) as work:
        return {one.id: one for one in queries.whole_preview(work, handover.id)}


def confirm(
    world: World,
    handover: Row,
    at: Tenant | None = None,
    *,
    digest: str | None = None,
    when: datetime | None = None,
) -> None:
    """Confirm a plan, or another digest, without running it; `when` schedules the run."""
    at = at or world.distributor()
    with world.web.work(at.id, world.admin(at)) as work:
        actions.confirm(work, handover.id, handover.digest if digest is None else digest, at=when)


def run(world: World, handover: Row, at: Tenant | None = None, **options: Any) -> Row:
    """Run a confirmed handover here and now."""
    at = at or world.distributor()
    running.run(world.worker, at.id, handover.id, **options)
    return again(world, handover, at)


def cancel(world: World, handover: Row, at: Tenant | None = None) -> Row:
    """Cancel a handover."""
    at = at or world.distributor()
    with world.web.work(at.id, world.admin(at)) as work:
        actions.cancel(work, handover.id)
    return again(world, handover, at)


def obstacles(world: World, handover: Row, at: Tenant | None = None) -> dict[str, Finding]:
    """Say what stands in the way of undoing."""
    at = at or world.distributor()
    with world.web.work(at.id, world.admin(at)) as work:
        found: dict[str, Finding] = {one.code: one for one in queries.obstacles(work, handover.id)}
    assert {one.severity for one in found.values()} <= {"blocker"}
    return found


def reverse(world: World, handover: Row, *accounts: UUID, at: Tenant | None = None) -> Row:
    """Undo a handover here and now."""
    at = at or world.distributor()
    with world.web.work(at.id, world.admin(at)) as work:
        actions.reverse(work, handover.id, list(accounts) or None)
    reversal.run(world.worker, at.id, handover.id)
    return again(world, handover, at)


def again(world: World, handover: Row, at: Tenant | None = None) -> Row:
    """Read a handover as it is now."""
    row = world.row(at or world.distributor(), channel.handover, handover.id)
    assert row
    return row


def account_of(world: World, at: Tenant, id: UUID) -> Row:
    """Read an account that has to be there."""
    row = world.row(at, crm.account, id)
    assert row, "the account is not there"
    return row


def history(world: World, at: Tenant, subject: UUID) -> list[Row]:
    """Read what the history says of a record, oldest first."""
    return sorted(world.rows(at, crm.history_line, subject_id=subject), key=lambda line: (line.at, line.id))


def moved_out(world: World, reseller: Tenant, id: UUID, **given: Any) -> Row:
    """Leave an account asleep in a reseller's tenant, as one that came back after a year finds it."""
    asleep = {"standing": "moved_out", "status": "moved_out", "name": "Acme, as it was", **given}
    return world.account(reseller, id=id, **asleep)


def tenant_row(world: World, at: Tenant) -> Row:
    """Read the tenant itself."""
    with world.web.work(at.id) as work:
        found = work.connection.execute(t.tenant.select().where(t.tenant.c.id == at.id)).mappings().one()
    return Row(**found)


def everything(world: World, *tenants: Tenant) -> dict[str, list[dict[str, Any]]]:
    """Read every row of every tenant table of these tenants, and of the tenants themselves:
    to see that nothing changed.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for tenant in tenants:
        with world.web.work(tenant.id) as work:
            for table in tables("tenant"):
                order = [table.c[column.name] for column in table.primary_key.columns]
                query = table.select().where(table.c.tenant_id == tenant.id).order_by(*order)
                rows = work.connection.execute(query).mappings()
                found.setdefault(table.name, []).extend(dict(row) for row in rows)
        found.setdefault("tenant", []).append(vars(tenant_row(world, tenant)))
    return found


def resold_product(world: World, reseller: Tenant, **given: Any) -> Row:
    """Make a product at the distributor that the reseller's tenant has inherited."""
    product = world.product(**given)
    if system := given.get("provisioning_system_id"):
        known = world.row(world.distributor(), catalog.provisioning_system, system)
        assert known
        if world.row(reseller, catalog.provisioning_system, system) is None:
            world.insert(reseller, catalog.provisioning_system, id=system, name=known.name, kind=known.kind)
    world.product(
        reseller, id=product.id, standing="inherited", provisioning_system_id=given.get("provisioning_system_id")
    )
    world.insert(
        reseller, catalog.product_price, product_id=product.id, cycle="monthly", currency="EUR", unit_price=Decimal(10)
    )
    return product
