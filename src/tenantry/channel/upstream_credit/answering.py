"""Answer the reseller below: what he asked for is released, or waits, and why (UP-47).

Told as messages of the tenant above, and applied by the drain of its messages, which may write below.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from tenantry import jobs
from tenantry.channel.upstream_credit.checking import apply_rule
from tenantry.channel.upstream_credit.reviewing import review
from tenantry.crm import history
from tenantry.database import Work
from tenantry.jobs import Message
from tenantry.kernel.actor import Actor
from tenantry.provisioning import requests
from tenantry.sales import credit
from tenantry.schema.base import ID
from tenantry.schema.sales import order
from tenantry.schema.tenant import tenant
from tenantry.schema.upstream_credit import upstream_credit
from tenantry.tenancy.telling import CREDIT_CHANGED, CREDIT_DECIDED, CREDIT_RULE

Row = sa.Row[*tuple[Any, ...]]
OPEN = ("asked", "refused")
# His own account's figures; who decided, and in which words, stays above (HND-10).
SHOWN = ("limit", "open", "ordered", "adds", "currency", "without_rate", "prepaid")


def apply_down(work: Work, told: Sequence[Message]) -> set[UUID]:
    """Apply what was told of credit: whether it is checked, that there may be more, and what was decided.

    Gives the tenants in which something was written.
    """
    if any(one.kind == CREDIT_RULE for one in told):
        apply_rule(work)
    for reseller_id in sorted({one.subject_id for one in told if one.kind == CREDIT_CHANGED}):
        review(work, reseller_id)
    decided = sorted({one.subject_id for one in told if one.kind == CREDIT_DECIDED})
    return _answer(work, decided) | {work.tenant_id} if decided else {work.tenant_id}


def release_below(work: Work, ids: Collection[UUID]) -> None:
    """Release what nobody above has to give credit for, in the tenant of this work."""
    if ids:
        _take(work, dict.fromkeys(ids, ("released", None)), "")


def _answer(work: Work, ids: Sequence[UUID]) -> set[UUID]:
    rows = work.connection.execute(_DECIDED, {"tenant": work.tenant_id, "ids": list(ids)}).all()
    seller = work.connection.scalar(_NAME, {"tenant": work.tenant_id}) or ""
    for taker, orders in groupby(rows, key=lambda row: row.managed_by):
        answers = {one.id: _said(one, seller) for one in orders}
        with work.reaching([work.tenant_id, taker]):
            below = replace(work, tenant_id=taker, actor=Actor(None, seller, work.actor.permissions), known={})
            _take(below, answers, seller)
    return {row.managed_by for row in rows}


def _said(one: Row, seller: str) -> tuple[str, dict[str, Any] | None]:
    """Say what is to be said of an order here: it is released only once it is so in every tier above, too."""
    if one.approval in {"waiting", "refused"}:
        return "refused", {"seller": seller, **{name: one.credit_figures[name] for name in SHOWN}}
    if one.further == "refused":
        return "refused", {"seller": seller}
    return ("asked", None) if one.further == "asked" else ("released", None)


def _take(work: Work, answers: Mapping[UUID, tuple[str, dict[str, Any] | None]], seller: str) -> None:
    """Write the answers where they are others than before, and what follows from them."""
    held = work.connection.execute(_HELD, {"tenant": work.tenant_id, "ids": list(answers)}).all()
    differing = [one for one in held if (one.status, one.figures) != answers[one.id]]
    if not differing:
        return
    written = [answers[one.id] for one in differing]
    words = {
        "tenant": work.tenant_id,
        "at": work.at,
        "ids": [one.id for one in differing],
        "statuses": [status for status, _ in written],
        "figures": [figures for _, figures in written],
    }
    work.connection.execute(_TAKEN, words)
    requests.release(work, [one.id for one in differing if answers[one.id][0] == "released"])
    _note(work, differing, answers, seller)
    if tracking := [one.order_id for one in differing if one.order_id]:
        _pass_on(work, tracking)


def _note(
    work: Work, held: Sequence[Row], answers: Mapping[UUID, tuple[str, dict[str, Any] | None]], seller: str
) -> None:
    lines = []
    for one in held:
        status, figures = answers[one.id]
        about = ("order", one.order_id) if one.order_id else ("subscription", one.subscription_id)
        if status == "refused" and about[1]:
            view = credit.read(figures) if figures and "limit" in figures else None
            lines.append((*about, f"It waits for credit at {seller}: {view.sentence if view else 'further up'}"))
        elif status == "released" and one.status == "refused" and about[1]:
            lines.append((*about, f"It no longer waits for credit at {seller}"))
    history.write_lines(work, lines)


def _pass_on(work: Work, order_ids: Sequence[UUID]) -> None:
    """Tell whoever sold it further below: what tracks his sale here was answered from above."""
    chosen = sa.select(order.c.account_id, order.c.id, sa.null()).where(
        order.c.tenant_id == work.tenant_id, order.c.id.in_(order_ids), order.c.standing == "back_order"
    )
    if work.connection.scalar(sa.select(chosen.exists())):
        jobs.tell_all(work.connection, work.tenant_id, CREDIT_DECIDED, chosen)


_u, _further = upstream_credit.c, upstream_credit.alias("further")
_tenant: sa.BindParameter[UUID] = sa.bindparam("tenant")
_ids = sa.bindparam("ids", type_=sa.ARRAY(ID))
_DECIDED = (
    sa.select(
        order.c.id, order.c.managed_by, order.c.approval, order.c.credit_figures, _further.c.status.label("further")
    )
    .outerjoin(_further, sa.and_(_further.c.tenant_id == order.c.tenant_id, _further.c.order_id == order.c.id))
    .where(order.c.tenant_id == _tenant, order.c.id == sa.any_(_ids), order.c.standing == "back_order")
    .order_by(order.c.managed_by, order.c.id)
)
_NAME = sa.select(tenant.c.name).where(tenant.c.id == _tenant)
_HELD = (
    sa.select(_u.id, _u.order_id, _u.subscription_id, _u.status, _u.figures)
    .where(_u.tenant_id == _tenant, _u.id == sa.any_(_ids), _u.status.in_(OPEN))
    .order_by(_u.id)
    .with_for_update()
)
_answer_rows = (
    sa.func.unnest(
        _ids,
        sa.bindparam("statuses", type_=sa.ARRAY(sa.Text)),
        sa.bindparam("figures", type_=sa.ARRAY(JSONB(none_as_null=True))),
    )
    .table_valued(sa.column("id", ID), sa.column("status", sa.Text), sa.column("figures", JSONB), name="answer")
    .render_derived()
)
_TAKEN = (
    sa.update(upstream_credit)
    .where(_u.tenant_id == _tenant, _u.id == _answer_rows.c.id)
    .values(
        status=_answer_rows.c.status,
        figures=_answer_rows.c.figures,
        answered_at=sa.bindparam("at"),
        version=_u.version + 1,
    )
)
