"""Decide about the credit of what a reseller sold, in the transaction that makes its back orders (UP-47)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry import jobs
from tenantry.channel.upstream_credit.answering import release_below
from tenantry.channel.upstream_credit.reviewing import review, tell_decided, withdraw
from tenantry.database import Work, spelled
from tenantry.kernel.ids import derived_id
from tenantry.rules.back_orders.events import WHAT, back_order_of, change, event_of_purchase, purchase
from tenantry.rules.binds import GIVER
from tenantry.rules.mirror_up.batch import FACTS, PURCHASES
from tenantry.schema.base import ID, Listed
from tenantry.schema.sales import order
from tenantry.schema.upstream_credit import upstream_credit
from tenantry.tenancy.telling import CREDIT_ASKED

if TYPE_CHECKING:
    from tenantry.channel.mirror.place import Place

Row = sa.Row[*tuple[Any, ...]]


def decide(work: Work, place: "Place", words: Mapping[str, Any]) -> None:
    """Give or refuse credit for what waits below for the orders of a batch, and say so to the reseller.

    What was decided before is answered as it stands, so telling it again reserves nothing twice.
    """
    asked = {row.id: row for row in spelled(_ASKED).rows(work.connection, words)}
    if not asked:
        return
    above = replace(work, tenant_id=place.parent_id, known={})
    found = {"tenant": place.parent_id, "ids": list(asked)}
    orders = {row.id: row for row in work.connection.execute(_ORDERS, found)}
    gone = [id for id, row in asked.items() if row.status == "withdrawn" and id in orders]
    withdraw(above, gone)
    # What raised no order here is nobody's business here.
    release_below(work, [id for id, row in asked.items() if id not in orders and row.sold])
    asked = {id: row for id, row in asked.items() if row.status == "asked" and id in orders}
    new = [one.id for one in orders.values() if one.id in asked and one.credit_figures is None]
    waits = any(one.approval == "waiting" for one in orders.values() if one.id in asked)
    if place.checks_credit and (new or waits):
        review(above, place.reseller_account_id, new)
    if place.goes_on:
        _ask_further_up(work, place, list(asked.values()), gone)
    if asked:
        tell_decided(above, list(asked))


def _ask_further_up(work: Work, place: "Place", asked: Sequence[Row], gone: Sequence[UUID]) -> None:
    """Let what was asked for here wait further up as well; ask again there, or withdraw it there, with it."""
    run, mine = work.connection.execute, {"tenant": place.parent_id}
    if place.passes_credit and asked:
        rows = [_further(place, one) | {"asked_at": work.at} for one in asked]
        run(insert(upstream_credit).on_conflict_do_nothing(index_elements=["tenant_id", "id"]), rows)
    again = list(run(_AGAIN, {**mine, "ids": [one.id for one in asked], "was": ["refused"], "now": "asked"}))
    again += run(_AGAIN, {**mine, "ids": list(gone), "was": ["asked", "refused"], "now": "withdrawn"})
    _tell(work, place.parent_id, again)


def _tell(work: Work, tenant_id: UUID, rows: Iterable[Row]) -> None:
    for row in rows:
        jobs.tell(work.connection, tenant_id, CREDIT_ASKED, row.id, account_id=row.account_id)


def _further(place: "Place", one: Row) -> dict[str, Any]:
    # An asset alone goes on as a purchase of the order here; a change keeps the event that it happened with.
    id = derived_id(one.id, one.account_id, WHAT) if one.bought_alone else one.id
    return {"tenant_id": place.parent_id, "id": id, "account_id": one.account_id, "order_id": one.id}


_u = upstream_credit.c
_raised = sa.union_all(
    sa.select(
        back_order_of(change.c.event_id, change.c.account_id).label("id"),
        sa.false().label("bought"),
        sa.true().label("sold"),
    ).where(change.c.tenant_id == GIVER, change.c.id == sa.any_(FACTS)),
    sa.select(back_order_of(event_of_purchase, purchase.c.account_id), sa.true(), sa.true()).where(
        purchase.c.tenant_id == GIVER, purchase.c.id == sa.any_(PURCHASES)
    ),
    sa.select(sa.func.unnest(sa.bindparam("credits", type_=Listed(ID))), sa.null(), sa.false()),
).subquery("raised")
_ASKED = (
    sa.select(
        _u.id,
        _u.account_id,
        _u.status,
        sa.func.coalesce(sa.func.bool_and(_raised.c.bought), sa.false()).label("bought_alone"),
        sa.func.bool_or(_raised.c.sold).label("sold"),
    )
    .join(_raised, _raised.c.id == _u.id)
    .where(_u.tenant_id == GIVER, _u.status.in_(("asked", "withdrawn")))
    .group_by(_u.id, _u.account_id, _u.status)
    .order_by(_u.id)
)
_ORDERS = sa.select(order.c.id, order.c.account_id, order.c.approval, order.c.credit_figures).where(
    order.c.tenant_id == sa.bindparam("tenant"), order.c.id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(ID)))
)
_AGAIN = (
    sa.update(upstream_credit)
    .where(
        _u.tenant_id == sa.bindparam("tenant"),
        _u.order_id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(ID))),
        _u.status == sa.any_(sa.bindparam("was", type_=sa.ARRAY(sa.Text))),
    )
    .values(status=sa.bindparam("now"), version=_u.version + 1)
    .returning(_u.id, _u.account_id)
)
