"""Load a subscription for a change: its account first, then itself, both held until the transaction ends."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.catalog.records import held as hold
from tenantry.crm.records import may
from tenantry.database import Row, Work
from tenantry.kernel.problems import Forbidden, NotFound, Stale
from tenantry.sales.defaults import today
from tenantry.schema.catalog import product
from tenantry.schema.crm import account
from tenantry.schema.sales import subscription, subscription_add_on
from tenantry.schema.subscription import subscription_change
from tenantry.tenancy import queries, telling
from tenantry.tenancy.records import write

WHAT = "subscription"


@dataclass(frozen=True)
class Governed:
    """A subscription as the policy reads it, with what it has to know of its account."""

    standing: str
    status: str
    account_active: bool
    price_open: bool
    provisioning_failed: bool
    waits_for_credit: bool


@dataclass(frozen=True)
class AddOn:
    """An add-on of a subscription."""

    id: UUID
    product_id: UUID
    name: str
    quantity: int
    unit_price: Any


@dataclass(frozen=True)
class Held:
    """A subscription that is held, its account, its product and its add-ons, and the day that it is."""

    row: Mapping[str, Any]
    account: Row
    product: Row
    add_ons: tuple[AddOn, ...]
    today: date
    live: bool

    @property
    def id(self) -> UUID:
        """The subscription's id."""
        found: UUID = self.row["id"]
        return found

    @property
    def paid(self) -> bool:
        """Say whether it is paid for, and not only tried or yet to begin."""
        return self.row["paid_from"] is not None

    def add_on(self, product_id: UUID) -> AddOn | None:
        """Give the add-on of this product, if it has it."""
        return next((one for one in self.add_ons if one.product_id == product_id), None)


def governed(row: Mapping[str, Any], account_standing: str, account_status: str) -> Governed:
    """Read a subscription as the policy does: one of a received account is received (DN-40)."""
    received = row["standing"] == "own" and account_standing == "received"
    return Governed(
        "received" if received else row["standing"],
        row["status"],
        account_status == "active",
        not row["price_frozen"],
        row["provisioning_status"] == "failed",
        row.get("upstream") == "refused",
    )


def of_held(held: Held) -> Governed:
    """Read a held subscription as the policy does."""
    return governed(held.row, held.account["standing"], held.account["status"])


def held_subscription(work: Work, id: UUID, version: int | None = None) -> Held:
    """Load and lock a subscription; NotFound if it cannot be read, Forbidden if not changed, Stale if changed since."""
    mine = sa.and_(subscription.c.tenant_id == work.tenant_id, subscription.c.id == id)
    account_id = work.connection.scalar(sa.select(subscription.c.account_id).where(mine))
    if account_id is None:
        raise NotFound(WHAT)
    buyer = hold(work, account, account_id, WHAT)
    row = dict(hold(work, subscription, id, WHAT))
    if not may(work.actor.readable, row["permission_rule_id"]):
        raise NotFound(WHAT)
    if not may(work.actor.editable, row["permission_rule_id"]):
        raise Forbidden(
            "Its permission rule lets you see this subscription, not change it.",
            rule="TEN-21",
            remedy="Ask whoever looks after it, or an administrator.",
        )
    if version is not None and version != row["version"]:
        raise Stale(
            f"The subscription was changed since you read it: you have version {version}, it is at {row['version']}.",
            rule="API-06",
            remedy="Load it again, look at the change, and repeat yours.",
        )
    return Held(row, buyer, _product(work, row), _add_ons(work, id), today(work), queries.is_live(work))


def again(work: Work, held: Held) -> Held:
    """Read what is held once more, after something of it was written."""
    row = work.connection.execute(_ROW, {"tenant": work.tenant_id, "id": held.id}).mappings().one()
    return replace(held, row=dict(row), product=_product(work, dict(row)), add_ons=_add_ons(work, held.id))


def change(work: Work, held: Held, **values: object) -> Held:
    """Write columns of what is held and count the change."""
    write(work, subscription, held.id, values)
    telling.changed(work, subscription, [held.id])
    return replace(held, row={**held.row, **values, "version": held.row["version"] + 1})


def once_more(cycles_left: int | None, same_cycle: bool) -> int | None:  # noqa: FBT001 - it is what is asked
    """Give for how many cycles a promotion is given when a cycle that has been counted is charged once more."""
    return cycles_left + same_cycle if cycles_left else cycles_left


def count_add_ons_once_more(work: Work, held: Held) -> None:
    """Let the promotions of its add-ons count a cycle that is charged once more as one."""
    work.connection.execute(_ONCE_MORE, {"tenant": work.tenant_id, "of": held.id})


def _product(work: Work, row: Mapping[str, Any]) -> Row:
    asked = {"tenant": work.tenant_id, "id": row["product_id"]}
    return work.connection.execute(_PRODUCT, asked).mappings().one()


def _add_ons(work: Work, id: UUID) -> tuple[AddOn, ...]:
    found = work.connection.execute(_ADD_ONS, {"tenant": work.tenant_id, "id": id})
    return tuple(AddOn(*row) for row in found)


TENANT: sa.BindParameter[UUID] = sa.bindparam("tenant")
ID: sa.BindParameter[UUID] = sa.bindparam("id")
_ROW = sa.select(subscription).where(subscription.c.tenant_id == TENANT, subscription.c.id == ID)
_PRODUCT = sa.select(product).where(product.c.tenant_id == TENANT, product.c.id == ID)
_a = subscription_add_on.c
_ONCE_MORE = (
    sa.update(subscription_add_on)
    .where(_a.tenant_id == TENANT, _a.subscription_id == sa.bindparam("of"), _a.promotion_cycles_left > 0)
    .values(promotion_cycles_left=_a.promotion_cycles_left + 1)
)
_ADD_ONS = (
    sa.select(_a.id, _a.product_id, product.c.name, _a.quantity, _a.unit_price)
    .join(product, sa.and_(product.c.tenant_id == _a.tenant_id, product.c.id == _a.product_id))
    .where(_a.tenant_id == TENANT, _a.subscription_id == ID)
    .order_by(product.c.name, _a.id)
)


_c = subscription_change.c
# What was planned for a subscription and is due by a day, in its order.
PLANNED = (
    sa.select(subscription_change)
    .where(
        _c.tenant_id == sa.bindparam("tenant"),
        _c.subscription_id == sa.bindparam("id"),
        _c.status == "scheduled",
        _c.effective_on <= sa.bindparam("until", type_=sa.Date),
    )
    .order_by(_c.effective_on, _c.number)
)
