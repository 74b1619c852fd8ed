"""What stories about invoices need: charges, who they are for, and the acts of the one who invoices them."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from tenantry.billing import runs
from tenantry.billing.queries import InvoiceView, invoice_
from tenantry.schema.billing import invoice
from tenantry.schema.charging import charge
from tests.world import Row, Tenant, World


def does(world: World, act: Callable[..., Any], *given: Any, at: Tenant | None = None, **named: Any) -> Any:
    """Do something as the tenant's admin."""
    at = at or world.distributor()
    with world.web.work(at.id, world.admin(at)) as work:
        return act(work, *given, **named)


def charged(world: World, of: Row, amount: str = "10", at: Tenant | None = None, **given: Any) -> Row:
    """Charge something to an account that is due since 1 May 2026."""
    at = at or world.distributor()
    product = given.pop("product", None) or world.product(at)
    values = {
        "account_id": of.id,
        "bill_to_id": of.bill_to_id,
        "product_id": product.id,
        "kind": "cycle",
        "quantity": 1,
        "unit_price": Decimal(amount),
        "amount": Decimal(amount),
        "currency": "EUR",
        "explains": f"1 × EUR {amount}",
        "due_on": date(2026, 5, 1),
        **given,
    }
    return world.insert(at, charge, **values)


def generated(world: World, *accounts: Row, at: Tenant | None = None, **named: Any) -> list[InvoiceView]:
    """Generate what is due, of these accounts or of all; gives the invoices in the order of their numbers."""
    chosen = [one.id for one in accounts] or None
    id = does(world, runs.start, accounts=chosen, at=at, **named)
    made = world.rows(at or world.distributor(), invoice, run_id=id)
    return [read(world, one.id, at=at) for one in sorted(made, key=lambda one: one.number)]


def read(world: World, id: UUID, at: Tenant | None = None) -> InvoiceView:
    """See an invoice as the tenant's admin."""
    found: InvoiceView = does(world, invoice_, id, at=at)
    return found


def amounts(made: list[InvoiceView]) -> list[tuple[str, str, str]]:
    """Give for each invoice who pays, whom it is about, and what it comes to."""
    return [(one.bill_to.name, one.account.name, f"{one.total.amount:.2f} {one.currency}") for one in made]
