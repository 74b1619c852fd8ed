"""What screens and API show of handovers:
the list, one with its progress and findings, and the preview page by page.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.channel.handovers import seeing
from tenantry.channel.handovers.kinds import KINDS
from tenantry.channel.handovers.lists import LOOKS_IN
from tenantry.channel.handovers.obstacles import obstacles_of
from tenantry.channel.handovers.preview import RecordPreview, preview_of
from tenantry.channel.handovers.subjects import subjects
from tenantry.channel.handovers.views import FindingView, HandoverView, view_of
from tenantry.channel.handovers.words import HANDOVER
from tenantry.database import Row, Work
from tenantry.kernel.problems import Fault, Invalid, NotFound
from tenantry.schema.base import ID
from tenantry.schema.channel import handover, handover_record
from tenantry.schema.crm import account
from tenantry.tenancy import permissions
from tenantry.tenancy.listing.search import has, words

PLANNED = {"planned", "awaiting_approval", "scheduled"}
VERDICTS = ("new", "wake", "live", "here", "clash", "held")
MOST_ON_A_PAGE = 1000
STAYED = "stayed"
AREAS = {"account": "accounts:view", "subscription": "subscriptions:view", "asset": "subscriptions:view"}


@dataclass(frozen=True)
class PreviewPage:
    """Some records of a preview, and where the next ones begin."""

    items: tuple[RecordPreview, ...]
    next: str | None


@dataclass(frozen=True)
class Named:
    """A record by its name: an account with its number, or what an account has with the account's name."""

    id: UUID
    entity: str
    name: str
    customer: str
    number: int | None


@dataclass(frozen=True)
class RecordResult:
    """What became of one record, for the record of a handover and its export."""

    id: UUID
    entity: str
    number: int | None
    name: str
    customer: str
    verdict: str
    finding: str | None
    outcome: str | None
    why: str | None


def handover_(work: Work, handover_id: UUID) -> HandoverView:
    """Give one handover; NotFound for another tenant's or an unknown one."""
    permissions.require(work, "handover:view")
    found = work.connection.execute(_ONE, {"tenant": work.tenant_id, "id": handover_id}).mappings().first()
    if found is None:
        what = "handover"
        raise NotFound(what)
    view = view_of(work, found)
    (findings,) = seeing.findings(work, view.findings)
    return replace(view, findings=findings, not_shown=seeing.not_shown(work, handover_id))


def recent(
    work: Work,
    *,
    tenant_reseller_id: UUID | None = None,
    limit: int = 50,
    before: int | None = None,
    search: str = "",
) -> tuple[HandoverView, ...]:
    """Give the latest handovers, newest first; `before` is the number of the last one seen."""
    permissions.require(work, "handover:view")
    query = _LIST.limit(limit).where(*(has(LOOKS_IN, word) for word in words(search)))
    if tenant_reseller_id is not None:
        query = query.where(handover.c.tenant_reseller_id == tenant_reseller_id)
    if before is not None:
        query = query.where(handover.c.number < before)
    views = [view_of(work, row) for row in work.connection.execute(query, {"tenant": work.tenant_id}).mappings()]
    seen = seeing.findings(work, *(view.findings for view in views))
    return tuple(replace(view, findings=findings) for view, findings in zip(views, seen, strict=True))


def named(work: Work, ids: Collection[UUID]) -> dict[UUID, Named]:
    """Name these records, those of an area that the one who asks may look at; that he may see them was asked before."""
    permissions.require(work, "handover:view")
    seen = [entity for entity, area in AREAS.items() if work.actor.may(area)]
    mine = (_subject.c.tenant_id == work.tenant_id, _subject.c.entity.in_(seen))
    wanted = sa.select(*(_subject.c[name] for name in Named.__dataclass_fields__)).where(
        *mine, _subject.c.id == sa.any_(sa.literal(list(ids), sa.ARRAY(ID)))
    )
    return {row.id: Named(*row) for row in work.connection.execute(wanted)} if ids and seen else {}


def last_activation(work: Work, tenant_reseller_id: UUID) -> UUID:
    """Give the handover by which a tenant reseller went live last; NotFound when none did."""
    permissions.require(work, "handover:view")
    asked = {"tenant": work.tenant_id, "reseller": tenant_reseller_id}
    found: UUID | None = work.connection.scalar(_LAST_ACTIVATION, asked)
    if found is None:
        what = "activation of back ordering"
        raise NotFound(what)
    return found


def preview(
    work: Work,
    handover_id: UUID,
    *,
    cursor: str | None = None,
    limit: int = 20,
    verdict: str | None = None,
    record: UUID | None = None,
    search: str = "",
) -> PreviewPage:
    """Give a page of the preview: per record each field, what is there today, what will be, and by which rule (HND-01);
    only records that the one who asks may see.

    Once the handover has run, what was written is told by the rules; the taker's rows are his own business.
    `cursor` is the id of the last record seen.
    """
    permissions.require(work, "handover:view")
    row = _row(work, handover_id)
    ids = _page(work, row, cursor, limit, verdict, record, search)
    has_run = row["status"] not in PLANNED and row["status"] != "cancelled"
    with work.across([row["tenant_id"], row["taker_id"]]) as connection:
        items = preview_of(connection, KINDS[row["kind"]], row, ids, work.at, has_run=has_run)
    return PreviewPage(items, str(ids[-1]) if len(ids) == limit and record is None else None)


def whole_preview(work: Work, handover_id: UUID, *, at_a_time: int = 1000) -> Iterator[RecordPreview]:
    """Give the whole preview, record by record, without holding it in memory: what an export writes."""
    cursor: str | None = None
    while True:
        page = preview(work, handover_id, cursor=cursor, limit=at_a_time)
        yield from page.items
        if page.next is None:
            return
        cursor = page.next


def results(
    work: Work,
    handover_id: UUID,
    *,
    cursor: str | None = None,
    limit: int = 1000,
    outcome: str | None = None,
    search: str = "",
) -> tuple[RecordResult, ...]:
    """Give the records of a handover with verdict and outcome, in the order of their ids (HND-04); only those that the
    one who asks may see. The outcome `stayed` is that of records that nothing has become of.
    """
    permissions.require(work, "handover:view")
    _row(work, handover_id)
    query = _RESULTS.limit(limit).where(
        handover_record.c.id > _cursor(cursor), seeing.seen(work), seeing.matching(search)
    )
    if outcome == STAYED:
        query = query.where(handover_record.c.outcome.is_(None))
    elif outcome is not None:
        query = query.where(handover_record.c.outcome == outcome)
    rows = work.connection.execute(query, {"tenant": work.tenant_id, "handover": handover_id})
    return tuple(RecordResult(*row) for row in rows)


def obstacles(work: Work, handover_id: UUID) -> tuple[FindingView, ...]:
    """Say what stands in the way of undoing it: the findings of the reverse plan (HND-05)."""
    permissions.require(work, "handover:view")
    row = _row(work, handover_id)
    with work.across([row["tenant_id"], row["taker_id"]]) as connection:
        found = obstacles_of(connection, row, KINDS[row["kind"]], work.at)
    (findings,) = seeing.findings(work, found)
    return findings


def _row(work: Work, handover_id: UUID) -> dict[str, Any]:
    row = work.connection.execute(HANDOVER, {"tenant": work.tenant_id, "id": handover_id}).mappings().first()
    if row is None:
        what = "handover"
        raise NotFound(what)
    return dict(row)


def _page(
    work: Work, row: Row, cursor: str | None, limit: int, verdict: str | None, record: UUID | None, search: str
) -> list[UUID]:
    if not 1 <= limit <= MOST_ON_A_PAGE:
        raise Invalid(Fault("limit", "A page has 1 to 1,000 records.", "API-04"))
    if verdict is not None and verdict not in VERDICTS:
        raise Invalid(
            Fault("verdict", f"There is no verdict {verdict!r}.", "HND-01", f"Take one of: {', '.join(VERDICTS)}.")
        )
    query = sa.select(handover_record.c.id).where(
        handover_record.c.tenant_id == row["tenant_id"],
        handover_record.c.handover_id == row["id"],
        handover_record.c.id > _cursor(cursor),
        seeing.seen(work),
        seeing.matching(search),
    )
    if verdict is not None:
        query = query.where(handover_record.c.verdict == verdict)
    if record is not None:
        query = query.where(handover_record.c.id == record)
    return list(work.connection.scalars(query.order_by(handover_record.c.id).limit(limit)))


def _cursor(text: str | None) -> UUID:
    try:
        return UUID(text) if text else UUID(int=0)
    except ValueError:
        raise Invalid(
            Fault("cursor", "This is not a cursor that a page gave.", "API-04", "Begin without one.")
        ) from None


_reseller, _subject = account.alias("reseller"), subjects("subject")
_ALL = (
    sa.select(handover, _reseller.c.name.label("reseller_name"))
    .join(
        _reseller,
        sa.and_(_reseller.c.tenant_id == handover.c.tenant_id, _reseller.c.id == handover.c.tenant_reseller_id),
    )
    .where(handover.c.tenant_id == sa.bindparam("tenant"))
)
_ONE = _ALL.where(handover.c.id == sa.bindparam("id"))
_LIST = _ALL.order_by(handover.c.number.desc())
_LAST_ACTIVATION = (
    sa.select(handover.c.id)
    .where(
        handover.c.tenant_id == sa.bindparam("tenant"),
        handover.c.tenant_reseller_id == sa.bindparam("reseller"),
        handover.c.kind == "activate_back_ordering",
        handover.c.status.in_(["completed", "completed_with_failures", "undoing", "undone"]),
    )
    .order_by(handover.c.number.desc())
    .limit(1)
)
_RESULTS = (
    sa.select(
        handover_record.c.id,
        sa.func.coalesce(_subject.c.entity, ""),
        _subject.c.number,
        sa.func.coalesce(_subject.c.name, ""),
        sa.func.coalesce(_subject.c.customer, ""),
        handover_record.c.verdict,
        handover_record.c.finding,
        handover_record.c.outcome,
        handover_record.c.why,
    )
    .join(
        _subject,
        sa.and_(_subject.c.tenant_id == handover_record.c.tenant_id, _subject.c.id == handover_record.c.id),
        isouter=True,
    )
    .where(
        handover_record.c.tenant_id == sa.bindparam("tenant"), handover_record.c.handover_id == sa.bindparam("handover")
    )
    .order_by(handover_record.c.id)
)

__all__ = [
    "HandoverView",
    "PreviewPage",
    "RecordResult",
    "handover_",
    "last_activation",
    "named",
    "obstacles",
    "preview",
    "recent",
    "results",
    "whole_preview",
]
