"""What a live reseller sells of what comes from above waits for his credit there, where somebody checks it (UP-47).

The sale stands, and so do its charges; only what outside systems are asked for is held. The row of what waits has the
id of the order that it raises above, so both sides mean the same.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry.database import Row, Work
from tenantry.kernel.ids import derived_id
from tenantry.provisioning import holding
from tenantry.rules.back_orders.events import WHAT
from tenantry.rules.mirror_up.batch import FROM_ABOVE
from tenantry.sales.subscriptions.records import Held
from tenantry.sales.subscriptions.sold import Sold
from tenantry.schema.catalog import product
from tenantry.schema.upstream_credit import upstream_credit
from tenantry.tenancy import queries


def hold_order(work: Work, order: Row, items: Iterable[Row]) -> UUID | None:
    """Let what an order sells of what comes from above wait; None where it sells none, or nobody checks."""
    if not queries.credit_is_checked_above(work):
        return None
    if not any(one["product_standing"] in FROM_ABOVE and not one["trial"] for one in items):
        return None
    return _hold(work, order["id"], order["account_id"], order_id=order["id"])


def hold_change(work: Work, held: Held, sold: Sold | None, event_id: UUID) -> UUID | None:
    """Let what a change of a subscription sells wait: more of something, or less of what waits itself."""
    if not sold or not queries.credit_is_checked_above(work):
        return None
    more = [UUID(one["product_id"]) for one in sold if one["quantity"] > 0]
    if not (more and _from_above(work, more)) and not _waits(work, held):
        return None
    return _hold(work, event_id, held.account["id"], subscription_id=held.id)


def waits_with(work: Work, order_id: UUID | None) -> UUID | None:
    """Give what a subscription waits for whose order was executed before its first day; None where nothing does."""
    if order_id is None or not queries.has_live_seller_above(work):
        return None
    u = upstream_credit.c
    found = sa.select(u.id).where(u.tenant_id == work.tenant_id, u.order_id == order_id, u.status.in_(holding.OPEN))
    id = work.connection.scalar(found)
    return id if id and holding.still_waits(work, id) else None


def _hold(work: Work, event_id: UUID, account_id: UUID, **what: UUID) -> UUID:
    id = derived_id(event_id, account_id, WHAT)
    row = {"tenant_id": work.tenant_id, "id": id, "account_id": account_id, "asked_at": work.at, **what}
    work.connection.execute(insert(upstream_credit).values(row).on_conflict_do_nothing(index_elements=KEY))
    return id


def _from_above(work: Work, ids: Sequence[UUID]) -> bool:
    p = product.c
    found = sa.exists().where(p.tenant_id == work.tenant_id, p.id.in_(ids), p.standing.in_(FROM_ABOVE))
    return bool(work.connection.scalar(sa.select(found)))


def _waits(work: Work, held: Held) -> bool:
    u = upstream_credit.c
    whose: list[Any] = [u.subscription_id == held.id]
    if held.row.get("order_id"):
        whose.append(u.order_id == held.row["order_id"])
    waits = sa.exists().where(u.tenant_id == work.tenant_id, sa.or_(*whose), u.status.in_(holding.OPEN))
    return bool(work.connection.scalar(sa.select(waits)))


KEY = ["tenant_id", "id"]
