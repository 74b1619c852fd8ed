"""What a handover writes on the giver's own rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from tenantry.rules.binds import GIVER, HANDOVER
from tenantry.rules.chosen import chunk, of_chosen, undone
from tenantry.rules.values import value_of
from tenantry.schema.channel import handover_before


@dataclass(frozen=True, eq=False)
class Mark:
    """What a handover writes on the giver's own rows, and how an undo lifts it.

    `was` says in which state a row has to be. `restores` names columns whose old values cannot be known from the mark,
    so that the run keeps the row where the mark changes it (`handover_before`) and the undo takes them from there.
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
    restores: tuple[str, ...] = ()
    hashed: bool = False
    only_keeping: bool = False

    @cached_property
    def mark(self) -> sa.Update:
        """Mark the rows of a chunk."""
        values = {name: value_of(self.table.c[name], value) for name, value in self.sets.items()}
        return self._update(chunk, values).where(*self._are(self.was), self.rows)

    @cached_property
    def lift(self) -> sa.Update:
        """Lift the mark from the rows of an undone chunk."""
        values = {name: value_of(self.table.c[name], value) for name, value in self.was.items()}
        values |= {name: self._old(self.table.c[name]) for name in self.restores}
        still = {name: value for name, value in self.sets.items() if name not in self.restores}
        held = self._are(still) if still else [sa.exists().where(self._kept)]
        return self._update(undone, values).where(*held)

    def _old(self, column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        """Give what a column was, where the run kept it."""
        old = sa.cast(handover_before.c.old_row[str(column.key)].astext, column.type)
        return sa.func.coalesce(sa.select(old).where(self._kept).scalar_subquery(), column)

    def old_rows(self, chosen: sa.FromClause) -> sa.Select[Any]:
        """Give the rows of which the mark is about to change a restored column."""
        restored = [(self.table.c[name], self.sets[name]) for name in self.restores]
        return (
            sa.select(
                self.table.c.id,
                self.account.label("account_id"),
                sa.func.to_jsonb(sa.literal_column(f'"{self.table.name}"')).label("old_row"),
                (self.table.c.version + 1).label("version_written"),
            )
            .select_from(chosen.join(self.table, of_chosen(self.table, self.account, chosen)))
            .where(
                *self._are(self.was),
                self.rows,
                sa.or_(*(column != value_of(column, value) for column, value in restored)),
            )
        )

    def preview(self, chosen: sa.FromClause) -> sa.Select[Any]:
        """Give the rows that would be marked, with today's values and those to come."""
        columns: list[sa.ColumnElement[Any]] = [self.account.label("account_id"), self.table.c.id.label("id")]
        for name, value in self.sets.items():
            columns += [
                self.table.c[name].label(f"before_{name}"),
                value_of(self.table.c[name], value).label(f"after_{name}"),
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
            column.is_(None) if value is None else column == value_of(column, value)
            for column, value in columns.items()
        ]
