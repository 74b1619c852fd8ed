"""What a product costs by cycle and currency, where no price list says otherwise (CAT-01)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry.catalog import fields, history
from tenantry.catalog.products import cycle, require_activated
from tenantry.catalog.records import Governed, held
from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.rules.policy import Product
from tenantry.schema.catalog import product, product_price
from tenantry.tenancy import permissions

LONGEST_TERM = 120
KEY = ("cycle", "currency")

READERS = {
    "cycle": cycle,
    "currency": fields.currency,
    "unit_price": fields.amount,
    "cost": fields.amount,
    "term_months": fields.whole(1, LONGEST_TERM),
}


def set_price(
    work: Work,
    id: UUID,
    cycle_: str,
    currency: str,
    unit_price: Decimal,
    *,
    cost: Decimal | None = None,
    term_months: int | None = None,
) -> None:
    """Say what a unit costs a cycle in a currency, and for how many months a buyer commits himself.

    Cost and term of an inherited product are the distributor's to say, but for the cost of what an outside system
    prices; left out, they stay as they are.
    """
    permissions.require(work, "products:edit")
    of = held(work, product, id, "product")
    governed = Governed(of["standing"])
    Product.require("set_price", governed)
    besides: dict[str, Any] = {"cost": cost, "term_months": term_months}
    besides = {name: value for name, value in besides.items() if value is not None}
    # What an outside system prices costs the reseller what that system says in his tenant (UP-31).
    open_here = {"cost"} if of["externally_priced"] else set()
    Product.require_unlocked(governed, {name: value for name, value in besides.items() if name not in open_here})
    values = fields.read(
        {"cycle": cycle_, "currency": currency, "unit_price": unit_price, **besides}, READERS, "CAT-01"
    )
    require_activated(work, "currency", values["currency"])
    before = _price(work, id, values["cycle"], values["currency"])
    price = insert(product_price).values(tenant_id=work.tenant_id, id=new_id(), product_id=id, **values)
    changed = {name: price.excluded[name] for name in values if name not in KEY}
    work.connection.execute(
        price.on_conflict_do_update(
            index_elements=["tenant_id", "product_id", *KEY],
            set_={**changed, "version": product_price.c.version + 1},
        )
    )
    if edits := history.edits(before, {name: values[name] for name in changed}):
        paid = f"{values['cycle'].replace('_', ' ')} price in {values['currency']}"
        history.write(work, "product", id, f"The {paid} was set", edits)


def remove_price(work: Work, id: UUID, price_id: UUID) -> None:
    """Offer the product no longer in that cycle and currency; what was sold keeps its price."""
    permissions.require(work, "products:edit")
    Product.require("set_price", Governed(held(work, product, id, "product")["standing"]))
    price = held(work, product_price, price_id, "price")
    mine = (product_price.c.tenant_id == work.tenant_id, product_price.c.id == price_id)
    done = work.connection.execute(sa.delete(product_price).where(*mine, product_price.c.product_id == id))
    if done.rowcount:
        paid = f"{price['cycle'].replace('_', ' ')} price in {price['currency']}"
        before = {"unit_price": {"before": price["unit_price"], "after": None}}
        history.write(work, "product", id, f"The {paid} was removed", before)


def _price(work: Work, id: UUID, cycle_: str, currency: str) -> Mapping[str, Any]:
    query = sa.select(product_price).where(
        product_price.c.tenant_id == work.tenant_id,
        product_price.c.product_id == id,
        product_price.c.cycle == cycle_,
        product_price.c.currency == currency,
    )
    found = work.connection.execute(query).mappings().first()
    return dict(found) if found else dict.fromkeys(("unit_price", "cost", "term_months"))
