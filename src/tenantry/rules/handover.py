"""What a kind of handover is made of, and how the pieces that are not copies read: marks above, lapses below."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from tenantry.rules.binds import GIVER, HANDOVER, TAKER, UNDOING
from tenantry.rules.check import Check
from tenantry.rules.copy import WAKING, Copy, chunk, of_chosen
from tenantry.schema.channel import handover_before, handover_record
from tenantry.schema.crm import account

# The chunk that an undo is at: the records that it found free to go back, without those that went back before.
undone = (
    sa.select(handover_record.c.id, handover_record.c.verdict)
    .where(
        handover_record.c.tenant_id == GIVER,
        handover_record.c.handover_id == HANDOVER,
        handover_record.c.id == sa.any_(UNDOING),
        handover_record.c.outcome == "undone",
    )
    .subquery("undone")
)


@dataclass(frozen=True)
class Mark:
    """What a handover writes on the giver's own rows, and how an undo lifts it.

    `was` says in which state a row has to be. `restores` names a column whose old value cannot be known from the mark,
    so that the run keeps the row where the mark changes it (`handover_before`) and the undo takes it from there.
    `only_keeping` marks touch nothing but such rows. `hashed` says whether it enters the digest by itself:
    a mark on a row that a copy reads is watched by that copy.
    """

    name: str
    rule: str
    why: str
    table: sa.Table
    account: sa.ColumnElement[Any]
    sets: Mapping[str, Any]
    was: Mapping[str, Any]
    rows: sa.ColumnElement[bool] = field(default_factory=sa.true)
    restores: str | None = None
    hashed: bool = False
    only_keeping: bool = False

    @cached_property
    def mark(self) -> sa.Update:
        """Mark the rows of a chunk."""
        values = {name: _value(self.table.c[name], value) for name, value in self.sets.items()}
        return self._update(chunk, values).where(*self._are(self.was), self.rows)

    @cached_property
    def lift(self) -> sa.Update:
        """Lift the mark from the rows of an undone chunk."""
        values = {name: _value(self.table.c[name], value) for name, value in self.was.items()}
        if self.restores is None:
            return self._update(undone, values).where(*self._are(self.sets))
        column = self.table.c[self.restores]
        before = (
            sa.select(sa.cast(handover_before.c.old_row[self.restores].astext, column.type))
            .where(self._kept)
            .scalar_subquery()
        )
        values[self.restores] = sa.func.coalesce(before, column)
        still = {name: value for name, value in self.sets.items() if name != self.restores}
        held = self._are(still) if still else [sa.exists().where(self._kept)]
        return self._update(undone, values).where(*held)

    def old_rows(self, chosen: sa.FromClause) -> sa.Select[Any]:
        """Give the rows whose restored column the mark is about to change."""
        restored = self.table.c[str(self.restores)]
        return (
            sa.select(
                self.table.c.id,
                self.account.label("account_id"),
                sa.func.to_jsonb(sa.literal_column(f'"{self.table.name}"')).label("old_row"),
                (self.table.c.version + 1).label("version_written"),
            )
            .select_from(chosen.join(self.table, of_chosen(self.table, self.account, chosen)))
            .where(*self._are(self.was), self.rows, restored != _value(restored, self.sets[str(self.restores)]))
        )

    def preview(self, chosen: sa.FromClause) -> sa.Select[Any]:
        """Give the rows that would be marked, with today's values and those to come."""
        columns: list[sa.ColumnElement[Any]] = [self.account.label("account_id"), self.table.c.id.label("id")]
        for name, value in self.sets.items():
            columns += [
                self.table.c[name].label(f"before_{name}"),
                _value(self.table.c[name], value).label(f"after_{name}"),
            ]
        source = chosen.join(self.table, of_chosen(self.table, self.account, chosen))
        return (
            sa.select(*columns)
            .select_from(source)
            .where(*self._are(self.was), self.rows)
            .order_by(self.account, self.table.c.id)
        )

    def hashes(self, chosen: sa.FromClause) -> sa.Select[Any]:
        """Give 64 bits per row that would be marked; what it has today is in `was`, so which rows they are says all."""
        source = chosen.join(self.table, of_chosen(self.table, self.account, chosen))
        value = sa.func.uuid_hash_extended(self.table.c.id, sa.literal_column(str(sum(map(ord, self.name)))))
        return (
            sa.select(self.account.label("id"), value.label("hash"))
            .select_from(source)
            .where(*self._are(self.was), self.rows)
        )

    @property
    def _kept(self) -> sa.ColumnElement[bool]:
        return sa.and_(
            handover_before.c.tenant_id == GIVER,
            handover_before.c.handover_id == HANDOVER,
            handover_before.c.row_tenant_id == GIVER,
            handover_before.c.table_name == self.table.name,
            handover_before.c.id == self.table.c.id,
        )

    def _update(self, records: Any, values: Mapping[str, Any]) -> sa.Update:
        return (
            sa.update(self.table)
            .values({**values, "version": self.table.c.version + 1})
            .where(of_chosen(self.table, self.account, records))
        )

    def _are(self, values: Mapping[str, Any]) -> list[sa.ColumnElement[bool]]:
        # Not IS NOT DISTINCT FROM, which the planner takes for rare: it would compare every row with every account.
        columns = {self.table.c[name]: value for name, value in values.items()}
        return [
            column.is_(None) if value is None else column == _value(column, value) for column, value in columns.items()
        ]


@dataclass(frozen=True)
class Lapse:
    """What becomes of the taker's rows of a waking account before the giver's are written over them.

    They get the values of `sets`; or, where `gives_way` names columns that are unique together, a row of the taker's
    own goes when the giver has another one with the same values.
    `only_gone` says that rows which the giver has too are left to the copy.
    """

    copy: Copy
    rule: str
    why: str
    sets: Mapping[str, Any] = field(default_factory=dict)
    only_gone: bool = True
    gives_way: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name it by what lapses."""
        return f"{self.copy.name}_lapse"

    @cached_property
    def changes(self) -> Mapping[str, Any]:
        """Give what becomes of the shown columns."""
        return dict.fromkeys(self.copy.shown) if self.gives_way else self.sets

    @cached_property
    def lapse(self) -> sa.Update | sa.Delete:
        """Change the taker's rows; one that the giver lacks gets its version here, the others get it from the copy."""
        table = self.copy.into
        rows = (table.c.tenant_id == TAKER, table.c.account_id == chunk.c.id, chunk.c.verdict == "wake")
        if self.gives_way:
            return sa.delete(table).where(*rows, *self._lapsing(table))
        is_gone = [self._is_gone(table)] if self.only_gone else []
        more = sa.case((self._is_gone(table), 1), else_=0)
        values = {name: _value(table.c[name], value) for name, value in self.sets.items()}
        return sa.update(table).values(version=table.c.version + more, **values).where(*rows, *is_gone)

    @cached_property
    def release(self) -> sa.Update:
        """Let the rows that an undo is about to restore lapse once more,
        so that none of them is in the way of another.
        """
        table = self.copy.into
        before = sa.exists().where(
            handover_before.c.tenant_id == GIVER,
            handover_before.c.handover_id == HANDOVER,
            handover_before.c.row_tenant_id == TAKER,
            handover_before.c.table_name == table.name,
            handover_before.c.id == table.c.id,
            handover_before.c.version_written == table.c.version,
        )
        values = {name: _value(table.c[name], value) for name, value in self.sets.items()}
        return (
            sa.update(table).values(values).where(table.c.tenant_id == TAKER, table.c.account_id == undone.c.id, before)
        )

    @cached_property
    def old_rows(self) -> sa.Select[Any]:
        """Give all of the taker's rows that the giver lacks, as they are: what is not among them was made since."""
        row = self.copy.into.alias("lapsing")
        more = sa.case((sa.and_(*self._lapsing(row)), 1), else_=0) if self.gives_way else 1
        return (
            sa.select(
                row.c.id,
                row.c.account_id,
                sa.func.to_jsonb(sa.literal_column("lapsing")).label("old_row"),
                (row.c.version + more).label("version_written"),
            )
            .select_from(chunk.join(row, sa.and_(row.c.tenant_id == TAKER, row.c.account_id == chunk.c.id)))
            .where(chunk.c.verdict == "wake", self._is_gone(row))
        )

    def preview(self, chosen: sa.FromClause) -> sa.Select[Any]:
        """Give the taker's rows that only this lapse would change, with today's values and those to come."""
        row = self.copy.into.alias("lapsing")
        columns: list[sa.ColumnElement[Any]] = [row.c.account_id.label("account_id"), row.c.id.label("id")]
        for name, value in self.changes.items():
            columns += [row.c[name].label(f"before_{name}"), _value(row.c[name], value).label(f"after_{name}")]
        rows = sa.select(*columns).select_from(self._asleep(chosen, row)).where(*self._lapsing(row))
        return rows.order_by(row.c.account_id, row.c.id)

    def hashes(self, chosen: sa.FromClause) -> sa.Select[Any]:
        """Give 64 bits per row that would lapse, over what the preview shows of it."""
        row = self.copy.into.alias("lapsing")
        shown = sa.cast(sa.func.row(row.c.id, *(row.c[name] for name in self.changes)), sa.Text)
        value = sa.func.hashtextextended(shown, sa.literal_column(str(sum(map(ord, self.name)))))
        return (
            sa.select(row.c.account_id.label("id"), value.label("hash"))
            .select_from(self._asleep(chosen, row))
            .where(*self._lapsing(row))
        )

    def _asleep(self, chosen: sa.FromClause, row: sa.FromClause) -> sa.FromClause:
        asleep = account.alias("asleep")
        is_asleep = sa.and_(asleep.c.tenant_id == TAKER, asleep.c.id == chosen.c.id, asleep.c.standing.in_(WAKING))
        of_it = sa.and_(row.c.tenant_id == TAKER, row.c.account_id == chosen.c.id)
        return chosen.join(asleep, is_asleep).join(row, of_it)

    def _lapsing(self, row: Any) -> list[sa.ColumnElement[bool]]:
        if not self.gives_way:
            return [self._is_gone(row), self._differs(row)]
        given = self.copy.source.alias("in_its_place")
        same = [given.c[name] == row.c[name] for name in self.gives_way]
        return [self._is_gone(row), sa.exists().where(given.c.tenant_id == GIVER, *same)]

    def _differs(self, row: Any) -> sa.ColumnElement[bool]:
        return sa.or_(*(row.c[name].is_distinct_from(_value(row.c[name], value)) for name, value in self.sets.items()))

    def _is_gone(self, row: Any) -> sa.ColumnElement[bool]:
        given = self.copy.into.alias("given")
        return ~sa.exists().where(given.c.tenant_id == GIVER, given.c.id == row.c.id)


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of handover: who can go, what is checked, what is copied and marked,
    and what stands in the way of going back.
    """

    name: str
    title: str
    rule: str
    listed: sa.ColumnElement[bool]
    candidates: tuple[Check, ...]
    checks: tuple[Check, ...]
    copies: tuple[Copy, ...]
    lapses: tuple[Lapse, ...]
    marks: tuple[Mark, ...]
    obstacles: tuple[Check, ...]

    @property
    def account(self) -> Copy:
        """Give the copy of the accounts themselves, which the verdicts speak of."""
        return self.copies[0]

    @cached_property
    def fingerprint(self) -> str:
        """Give a hash over everything the rules say, so that a plan made under other rules is not run."""
        said: list[str] = []
        for copy in self.copies:
            said += [str(_compiled(copy.insert)), repr(list(copy.document()))]
        for mark in self.marks:
            said += [str(_compiled(mark.mark)), mark.rule]
        for lapse in self.lapses:
            said += [str(_compiled(lapse.lapse)), lapse.rule]
        for check in (*self.candidates, *self.checks):
            said += [str(_compiled(check.offenders)), check.code, check.severity]
        return hashlib.sha256("\n".join(said).encode()).hexdigest()


def _value(column: sa.ColumnElement[Any], value: Any) -> sa.ColumnElement[Any]:
    if isinstance(value, sa.ColumnElement):
        return value
    return sa.cast(sa.null(), column.type) if value is None else sa.literal(value, column.type)


def _compiled(statement: Any) -> Any:
    # Values are part of what a rule says, so they stand in the text.
    return statement.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": False}).string + repr(  # type: ignore[no-untyped-call]
        sorted((name, str(value)) for name, value in statement.compile(dialect=postgresql.dialect()).params.items())  # type: ignore[no-untyped-call]
    )
