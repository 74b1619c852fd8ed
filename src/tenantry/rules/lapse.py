"""What becomes of the taker's rows before the giver's are written over them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from tenantry.rules.binds import GIVER, HANDOVER, TAKER
from tenantry.rules.chosen import WAKING, chunk, undone
from tenantry.rules.copy import Copy
from tenantry.rules.values import value_of
from tenantry.schema.channel import handover_before
from tenantry.schema.crm import account


@dataclass(frozen=True, eq=False)
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
        values = {name: value_of(table.c[name], value) for name, value in self.sets.items()}
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
        values = {name: value_of(table.c[name], value) for name, value in self.sets.items()}
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
            columns += [row.c[name].label(f"before_{name}"), value_of(row.c[name], value).label(f"after_{name}")]
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
        return sa.or_(
            *(row.c[name].is_distinct_from(value_of(row.c[name], value)) for name, value in self.sets.items())
        )

    def _is_gone(self, row: Any) -> sa.ColumnElement[bool]:
        given = self.copy.into.alias("given")
        return ~sa.exists().where(given.c.tenant_id == GIVER, given.c.id == row.c.id)
