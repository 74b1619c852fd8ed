"""Load a basket for a change: the account that is bought for first, then the basket, both held until the end."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from tenantry.catalog.records import held
from tenantry.crm.storefront_users.sessions import Shopper
from tenantry.database import Row, Work
from tenantry.kernel.problems import Conflict, NotFound, Refused
from tenantry.rules.policy import no
from tenantry.sales.baskets.reach import held_buyer
from tenantry.schema.shop import basket, basket_item
from tenantry.tenancy.records import write

somebodys = no(
    "SF-01",
    "This basket is a storefront user's: he alone fills and orders it.",
    "Fill one of your own for the account.",
)


@dataclass(frozen=True)
class HeldBasket:
    """A basket that is held, and the account that is bought for."""

    basket: Row
    buyer: Row


def held_basket(work: Work, id: UUID, shopper: Shopper | None, version: int | None = None) -> HeldBasket:
    """Load and lock a basket that is being filled; NotFound for somebody else's, Conflict for one that was ordered."""
    found = held_any(work, id, shopper)
    if found.basket["status"] != "open":
        raise Conflict(
            "This basket was ordered already.",
            code="basket-ordered",
            rule="SF-02",
            remedy="Look at the order, or fill a new basket.",
            order_id=str(found.basket["order_id"]),
        )
    if version is not None:
        held(work, basket, id, "basket", version)
    return found


def held_any(work: Work, id: UUID, shopper: Shopper | None) -> HeldBasket:
    """Load and lock a basket, ordered or not."""
    mine = sa.and_(basket.c.tenant_id == work.tenant_id, basket.c.id == id)
    owner = work.connection.execute(sa.select(basket.c.account_id, basket.c.contact_id).where(mine)).first()
    if owner is None or (shopper is not None and owner.contact_id != shopper.contact_id):
        raise NotFound("basket")
    buyer = held_buyer(work, owner.account_id, shopper)
    if shopper is None and owner.contact_id is not None:
        raise Refused(somebodys, "Fill one of your own for the account.")
    return HeldBasket(held(work, basket, id, "basket"), buyer)


def held_line(work: Work, basket_id: UUID, id: UUID) -> Row:
    """Load and lock a line of a basket that is held."""
    line = held(work, basket_item, id, "basket item")
    if line["basket_id"] != basket_id:
        raise NotFound("basket item")
    return line


def change_basket(work: Work, id: UUID, **values: object) -> None:
    """Write the values of a basket and count the change."""
    write(work, basket, id, values)
