"""Fill a basket: put in, change the quantity, take out, type a code (SF-01)."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry.catalog import fields
from tenantry.catalog.products import cycle
from tenantry.crm.storefront_users.sessions import Shopper
from tenantry.database import Row, Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Fault, Invalid
from tenantry.sales.baskets.queries import open_basket_of, seen_basket
from tenantry.sales.baskets.reach import held_buyer
from tenantry.sales.baskets.records import change_basket, held_basket, held_line
from tenantry.sales.defaults import today
from tenantry.sales.prices import terms_of
from tenantry.schema.shop import basket, basket_item

MOST_LINES = 100
READERS: dict[str, fields.Reader] = {
    "product_id": fields.needed(fields.reference),
    "cycle": cycle,
    "quantity": fields.quantity,
    "trial": fields.flag,
}


@dataclass(frozen=True)
class NewBasketItem:
    """A product to be put into a basket: how often it is paid, how many units, and whether it is tried first."""

    product_id: UUID
    cycle: str
    quantity: int = 1
    trial: bool = False


def open_basket(work: Work, account_id: UUID, shopper: Shopper | None = None) -> UUID:
    """Give the basket that is being filled for an account, a new one if there is none.

    Refused where nothing may be bought for it (UP-20, DN-30, DN-31).
    """
    buyer = held_buyer(work, account_id, shopper)
    contact_id = shopper.contact_id if shopper else None
    if found := open_basket_of(work, account_id, contact_id):
        return found
    terms = terms_of(work, buyer, today(work))
    made = new_id()
    row = {
        "tenant_id": work.tenant_id,
        "id": made,
        "account_id": account_id,
        "contact_id": contact_id,
        "price_list_id": terms.price_list_id,
        "currency": terms.currency,
        "created_at": work.at,
    }
    work.connection.execute(sa.insert(basket).values(**row))
    return made


def put_in(
    work: Work, id: UUID, new: NewBasketItem, shopper: Shopper | None = None, *, version: int | None = None
) -> UUID:
    """Put a product in; the same once more adds to its quantity. Invalid where it cannot be had so."""
    held_basket(work, id, shopper, version)
    values = fields.read(asdict(new), READERS, "SF-01")
    _require_room(work, id)
    line_id = _same(work, id, values)
    if line_id is None:
        line_id = new_id()
        mine = {"tenant_id": work.tenant_id, "id": line_id, "basket_id": id}
        work.connection.execute(insert(basket_item).values(**mine, **values))
    elif not values["trial"]:
        line = held_line(work, id, line_id)
        _write_quantity(work, line, line["quantity"] + values["quantity"])
    _require_had(work, id, line_id)
    change_basket(work, id)
    return line_id


def change_quantity(
    work: Work, id: UUID, line_id: UUID, quantity: int, shopper: Shopper | None = None, *, version: int | None = None
) -> None:
    """Give a line another quantity."""
    held_basket(work, id, shopper, version)
    line = held_line(work, id, line_id)
    _write_quantity(work, line, quantity)
    _require_had(work, id, line_id)
    change_basket(work, id)


def take_out(
    work: Work, id: UUID, line_id: UUID, shopper: Shopper | None = None, *, version: int | None = None
) -> None:
    """Take a line out, with the add-ons that are bought with it."""
    held_basket(work, id, shopper, version)
    held_line(work, id, line_id)
    gone = [one.id for one in seen_basket(work, id).lines if line_id in {one.id, one.sold_with_id}]
    work.connection.execute(
        sa.delete(basket_item).where(basket_item.c.tenant_id == work.tenant_id, basket_item.c.id.in_(gone))
    )
    change_basket(work, id)


def clear(work: Work, id: UUID, shopper: Shopper | None = None, *, version: int | None = None) -> None:
    """Take everything out, the code too."""
    held_basket(work, id, shopper, version)
    i = basket_item.c
    work.connection.execute(sa.delete(basket_item).where(i.tenant_id == work.tenant_id, i.basket_id == id))
    change_basket(work, id, promotion_code="")


def set_promotion_code(
    work: Work, id: UUID, code: str, shopper: Shopper | None = None, *, version: int | None = None
) -> None:
    """Type a promotion code, or take it away; Invalid where it fits nothing in the basket (CAT-03)."""
    held_basket(work, id, shopper, version)
    typed = fields.read({"promotion_code": code}, {"promotion_code": fields.text(80)}, "CAT-03")["promotion_code"]
    change_basket(work, id, promotion_code=typed)
    fault = seen_basket(work, id).code_fault
    if typed and fault:
        raise Invalid(fault)


def _require_had(work: Work, id: UUID, line_id: UUID) -> None:
    """Raise Invalid when the line cannot be had as it stands; what was written is taken back with the transaction."""
    line = next(one for one in seen_basket(work, id).lines if one.id == line_id)
    if line.fault:
        raise Invalid(line.fault)


def _require_room(work: Work, id: UUID) -> None:
    i = basket_item.c
    query = sa.select(sa.func.count()).where(i.tenant_id == work.tenant_id, i.basket_id == id)
    if (work.connection.scalar(query) or 0) >= MOST_LINES:
        message = f"A basket holds at most {MOST_LINES} lines."
        raise Invalid(Fault("product_id", message, "SF-01", "Order these first.", "basket-full"))


def _same(work: Work, id: UUID, values: dict[str, Any]) -> UUID | None:
    i = basket_item.c
    query = sa.select(i.id).where(
        i.tenant_id == work.tenant_id,
        i.basket_id == id,
        i.product_id == values["product_id"],
        i.cycle == values["cycle"],
        i.trial == values["trial"],
    )
    return work.connection.scalar(query)


def _write_quantity(work: Work, line: Row, quantity: int) -> None:
    read = fields.read({"quantity": quantity}, READERS, "SF-01")
    mine = sa.and_(basket_item.c.tenant_id == work.tenant_id, basket_item.c.id == line["id"])
    work.connection.execute(sa.update(basket_item).where(mine).values(**read, version=basket_item.c.version + 1))
