"""A plan as statements: which accounts, what holds some of them back, what the others become,
and what is in them, in 64 bits each.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from tenantry.rules.binds import AFTER, CHOSEN, GIVER, HANDOVER, TAKER, UPTO
from tenantry.rules.check import BLOCKER, Check
from tenantry.rules.chosen import WAKING, of_chosen
from tenantry.rules.handover import Kind
from tenantry.rules.lapse import Lapse
from tenantry.rules.mark import Mark
from tenantry.schema.base import ID, Listed
from tenantry.schema.channel import handover_record

# The verdicts of records that go: new at the taker, woken there, or there already and going live.
GOING = ("new", "wake", "live")

PAGE = sa.bindparam("page", type_=Listed(ID))
page = sa.select(sa.func.unnest(PAGE).label("id")).subquery("page")

# The records that a chunk is about to deal with.
waiting = (
    sa.select(handover_record.c.id)
    .where(
        handover_record.c.tenant_id == GIVER,
        handover_record.c.handover_id == HANDOVER,
        handover_record.c.id > AFTER,
        handover_record.c.id <= UPTO,
        handover_record.c.verdict.in_(GOING),
        handover_record.c.outcome.is_(None),
    )
    .cte("waiting")
)


@dataclass(frozen=True)
class Statements:
    """The statements of a plan over one way of choosing."""

    records: sa.Select[Any]
    findings: sa.Select[Any]


@cache
def over_all(kind: Kind) -> Statements:
    """Plan for every candidate."""
    giver = kind.subject.given
    fits = [~check.breaks for check in kind.candidates]
    everyone = sa.select(giver.c.id).where(kind.listed, *fits).cte("chosen")
    return _statements(kind, everyone)


@cache
def over_chosen(kind: Kind) -> Statements:
    """Plan for the accounts that were named; those that cannot go are held back, each with its reason."""
    giver = kind.subject.given
    named = sa.select(giver.c.id).where(giver.c.tenant_id == GIVER, giver.c.id == sa.func.any(CHOSEN)).cte("chosen")
    return _statements(kind, named)


@cache
def outcome(kind: Kind) -> sa.Update:
    """Look again at a chunk in its own transaction: equal records are copied, changed ones are left."""
    looked = _looked(kind, waiting).subquery("looked")
    equal = sa.and_(looked.c.hash == handover_record.c.hash, looked.c.code.is_(None))
    return (
        sa.update(handover_record)
        .values(
            outcome=sa.case((equal, "copied"), else_="changed"),
            why=sa.case((equal, None), else_=sa.func.coalesce(looked.c.code, "changed-since-confirmed")),
        )
        .where(
            handover_record.c.tenant_id == GIVER,
            handover_record.c.handover_id == HANDOVER,
            handover_record.c.id == looked.c.id,
        )
        .returning(handover_record.c.outcome, handover_record.c.verdict, handover_record.c.keeps)
    )


@cache
def stops(kind: Kind) -> sa.Select[Any]:
    """Give the places of the blockers that stop the whole handover, whichever accounts are in it."""
    whole: list[sa.Select[Any]] = [
        sa.select(sa.literal_column(str(place)).label("place")).where(_breaks(check))
        for place, check in enumerate(all_checks(kind))
        if check.whole and check.severity == BLOCKER
    ]
    every = sa.union_all(*whole).subquery("stops")
    return sa.select(every.c.place).order_by(every.c.place)


def hashes(kind: Kind, chosen: sa.FromClause) -> sa.Select[Any]:
    """Give 64 bits per account over exactly what the preview shows of it:
    itself, its children, what lapses below, and the marks above.
    """
    every = sa.union_all(*_parts(kind, chosen)).subquery("every")
    return sa.select(every.c.id, sa.func.bit_xor(every.c.hash).label("hash")).group_by(every.c.id)


def _parts(kind: Kind, chosen: sa.FromClause) -> list[sa.Select[Any]]:
    shown = [part for copy in kind.copies if copy.hashed for part in copy.hashes(chosen)]
    # A mark on a row that a copy reads is watched by that copy's own hash.
    others: list[Lapse | Mark] = [*kind.lapses, *(mark for mark in kind.marks if mark.hashed)]
    return shown + [one.hashes(chosen) for one in others]


def _statements(kind: Kind, chosen: sa.CTE) -> Statements:
    return Statements(_records(kind, chosen), _findings(kind, chosen))


def _records(kind: Kind, chosen: sa.CTE) -> sa.Select[Any]:
    """Give a row per record: verdict, what holds it back, hash; in the columns of `handover_record`."""
    looked, present = _looked(kind, chosen).subquery("looked"), kind.subject.there
    here = sa.and_(present.c.tenant_id == TAKER, present.c.id == looked.c.id)
    verdict = sa.case(
        (looked.c.code == "already-there", "clash"),
        (looked.c.code.is_not(None), "held"),
        (present.c.standing.in_(kind.here), "live"),
        (present.c.standing.in_(WAKING), "wake"),
        else_="new",
    )
    return (
        sa.select(
            GIVER.label("tenant_id"),
            HANDOVER.label("handover_id"),
            looked.c.id,
            verdict.label("verdict"),
            looked.c.code.label("finding"),
            sa.func.coalesce(looked.c.hash, sa.literal_column("0::bigint")).label("hash"),
            looked.c.keeps,
        )
        .select_from(looked.outerjoin(present, here))
        .order_by(looked.c.id)
    )


def _looked(kind: Kind, chosen: sa.FromClause) -> sa.Select[Any]:
    """Give per record its hash, the code of the first blocker that names it, and whether an undo needs old rows.

    All of it is laid in one heap and folded by id: of rows that were written a moment ago the planner expects one, and
    would join heap to heap row by row.
    """
    blockers = [check for check in (*kind.candidates, *kind.checks) if check.severity == BLOCKER and not check.whole]
    no_hash: sa.ColumnElement[Any] = sa.literal_column("NULL::bigint")
    no_place: sa.ColumnElement[Any] = sa.literal_column("NULL::integer")
    laid: list[sa.Select[Any]] = [_laid(chosen, no_hash, no_place, keeps=False)]
    for part in _parts(kind, chosen):
        one = part.subquery()
        laid.append(_laid(one, one.c.hash, no_place, keeps=False))
    for branch in _branches(kind, chosen, blockers):
        one = branch.subquery()
        laid.append(_laid(one, no_hash, one.c.place, keeps=False))
    laid += [_laid(one, no_hash, no_place, keeps=True) for one in _keeping(kind, chosen)]
    heap = sa.union_all(*laid).subquery("heap")
    code = sa.case({place: check.code for place, check in enumerate(blockers)}, value=sa.func.min(heap.c.place))
    return sa.select(
        heap.c.id,
        sa.func.bit_xor(heap.c.hash).label("hash"),
        code.label("code"),
        sa.func.bool_or(heap.c.keeps).label("keeps"),
    ).group_by(heap.c.id)


def _laid(
    rows: sa.FromClause, hash_: sa.ColumnElement[Any], place: sa.ColumnElement[Any], *, keeps: bool
) -> sa.Select[Any]:
    is_keeping = sa.true() if keeps else sa.false()
    return sa.select(rows.c.id, hash_.label("hash"), place.label("place"), is_keeping.label("keeps"))


def _keeping(kind: Kind, chosen: sa.FromClause) -> Iterator[sa.Subquery]:
    """Give the records of which a mark writes over something that an undo needs the old row of."""
    for mark in kind.marks:
        if mark.restores:
            rows = mark.old_rows(chosen).subquery()
            yield sa.select(rows.c.account_id.label("id")).subquery()


def _findings(kind: Kind, chosen: sa.CTE) -> sa.Select[Any]:
    """Give what every check found, in one statement: place of the check, how many, and the first thousand of them."""
    checks = all_checks(kind)
    spoken = [check if not check.whole else None for check in checks]
    parts: list[sa.Select[*tuple[Any, ...]]] = []
    for place, check in enumerate(checks):
        if spoken[place] is None:
            parts.append(
                sa.select(sa.literal_column(str(place)).label("place"), sa.cast(sa.null(), ID).label("id")).where(
                    _breaks(check)
                )
            )
    branches = _branches(
        kind,
        chosen,
        [check for check in checks if not check.whole],
        places=[i for i, c in enumerate(checks) if not c.whole],
    )
    every = sa.union_all(*parts, *branches).subquery("found")
    ids = sa.func.array_agg(sa.dialects.postgresql.aggregate_order_by(every.c.id, every.c.id), type_=sa.ARRAY(ID))
    return (
        sa.select(every.c.place, sa.func.count(every.c.id).label("count"), ids[1:1000].label("ids"))
        .group_by(every.c.place)
        .order_by(every.c.place)
    )


def all_checks(kind: Kind) -> tuple[Check, ...]:
    """Give the checks of a kind in the order in which findings name them by place."""
    return (*kind.checks, *kind.candidates)


def _branches(
    kind: Kind, chosen: sa.FromClause, checks: Sequence[Check], places: Sequence[int] | None = None
) -> Iterator[sa.Select[Any]]:
    giver = kind.subject.given
    for place, check in zip(places or range(len(checks)), checks, strict=True):
        here = of_chosen(giver, giver.c.id, chosen)
        yield (
            sa.select(sa.literal_column(str(place)).label("place"), giver.c.id.label("id"))
            .select_from(chosen.join(giver, here))
            .where(check.breaks)
        )


def _breaks(check: Check) -> sa.ColumnElement[bool]:
    return sa.exists(check.offenders)
