"""Copies between tenants, each said once: the statement that runs, the preview, the digest, the comparison,
the locks and the page all read it here.

Five verbs describe every column of the copied table: `carry` (as it stands), `fill` (an expression), `mirror`
(carried, locked above, kept fresh), `blank`, and `assign` (made at the run; outside digest and equality).
A column that none of them decides, or that two do, stops the import.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert as pg_insert
from sqlalchemy.sql.selectable import NamedFromClause

from tenantry.rules.binds import GIVER, TAKER
from tenantry.rules.chosen import WAKING, chunk, of_chosen
from tenantry.rules.comparing import Kept, differences
from tenantry.rules.making import Making
from tenantry.rules.stanzas import Stanza, Undecided
from tenantry.schema.crm import account


@dataclass(frozen=True, eq=False)
class Copy:
    """How the records of one table come into another tenant.

    `source` is the giver's row under an alias; `account` is the column of it that says whose it is, and `joins` what
    else the expressions read. `to` says whose the new row is; `id` the key of a derived row, the source's own id
    otherwise (TEN-03). `hashed` says whether it enters the digest, and `wakes` whether a row that sleeps at the taker
    (moved out, transferred out) is written over.
    `watched` names columns of the source that marks show beside it, so that they enter its hash. `kept` says which
    of the taker's rows follow the giver's, for the comparison of both.
    """

    name: str
    into: sa.Table
    source: sa.FromClause
    account: sa.ColumnElement[Any]
    rules: tuple[Stanza, ...]
    rows: sa.ColumnElement[bool] = field(default_factory=sa.true)
    joins: Mapping[sa.FromClause, sa.ColumnElement[bool]] = field(default_factory=dict)
    to: sa.BindParameter[Any] = TAKER
    id: sa.ColumnElement[Any] | None = None
    hashed: bool = True
    wakes: bool = False
    watched: tuple[str, ...] = ()
    kept: Kept | None = None

    def __post_init__(self) -> None:
        """Stop the program when a column was decided by no rule, or by two."""
        decided = [name for stanza in self.rules for name in stanza.fields]
        wanted = {column.name for column in self.into.columns if column.computed is None} - {"tenant_id", "id"}
        twice = sorted({name for name in decided if decided.count(name) > 1})
        unknown, missing = sorted(set(decided) - wanted), sorted(wanted - set(decided))
        if twice or unknown or missing:
            message = (
                f"Copy {self.name}: undecided {missing}, decided twice {twice}, not in the table {unknown}. "
                "Each column needs one rule."
            )
            raise Undecided(message)

    @cached_property
    def stanza_of(self) -> dict[str, Stanza]:
        """Column -> the stanza that decides it, in the order in which the rules stand."""
        return {name: stanza for stanza in self.rules for name in stanza.fields}

    @cached_property
    def values(self) -> dict[str, sa.ColumnElement[Any]]:
        """Column -> the expression that gives its value."""
        return {name: self._value(name, stanza) for name, stanza in self.stanza_of.items()}

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """Name the columns that a preview shows and a digest holds: all that are not made at the run."""
        return tuple(name for name, stanza in self.stanza_of.items() if stanza.verb != "assign")

    @cached_property
    def locked(self) -> dict[str, Stanza]:
        """Column -> the mirror stanza that locks it above."""
        return {name: stanza for name, stanza in self.stanza_of.items() if stanza.verb == "mirror"}

    @cached_property
    def key(self) -> sa.ColumnElement[Any]:
        """Give the id of the new row."""
        return self.id if self.id is not None else self.source.c.id

    @cached_property
    def before(self) -> NamedFromClause[Any]:
        """Give the taker's row as it is today."""
        return self.into.alias(f"{self.name}_before")

    def froms(self, chosen: sa.FromClause | None) -> sa.FromClause:
        """Join the source's rows of the chosen records with all that the rules read."""
        joined = self.source
        if chosen is not None:
            joined = chosen.join(self.source, of_chosen(self.source, self.account, chosen))
        for table, on in self.joins.items():
            joined = joined.outerjoin(table, on)
        return joined

    def select(self, chosen: sa.FromClause | None, **instead: sa.ColumnElement[Any]) -> sa.Select[Any]:
        """Give the new rows of the chosen records, or of all that `rows` names: the very select that is inserted.

        `instead` gives other values for what is made at the run.
        """
        columns = [
            self.to.label("tenant_id"),
            self.key.label("id"),
            *(instead.get(name, value).label(name) for name, value in self.values.items()),
        ]
        ours = () if chosen is not None else (self.source.c.tenant_id == GIVER,)
        return sa.select(*columns).select_from(self.froms(chosen)).where(self.rows, *ours)

    @cached_property
    def insert(self) -> Any:
        """Copy a chunk of a handover."""
        return self.insert_from(chunk)

    @cached_property
    def insert_plainly(self) -> Any:
        """Copy a chunk in which everything is new; it raises IntegrityError when something is not."""
        return self.insert_new(chunk)

    def insert_new(self, chosen: sa.FromClause | None, **instead: sa.ColumnElement[Any]) -> Any:
        """Copy what was chosen, all of which is new; it raises IntegrityError when something is not (decision 11)."""
        columns = ["tenant_id", "id", *self.values]
        return pg_insert(self.into).from_select(columns, self.select(chosen, **instead), include_defaults=False)

    def insert_from(self, chosen: sa.FromClause | None, **instead: sa.ColumnElement[Any]) -> Any:
        """Copy what was chosen: one statement for one account or a hundred thousand;
        only a record to be woken is written over. `instead` as in `select`.
        """
        statement = self.insert_new(chosen, **instead)
        if self.id is not None or not self.wakes:
            return statement.on_conflict_do_nothing(index_elements=["tenant_id", "id"])
        kept = {"number", "created_at", "version"}
        written: dict[str, sa.ColumnElement[Any]] = {
            name: statement.excluded[name]
            for name, stanza in self.stanza_of.items()
            if stanza.verb != "blank" and name not in kept
        }
        if "version" in self.into.c:
            written["version"] = self.into.c.version + 1
        # Children are of an account that wakes, or they would not be here; the account says so itself.
        asleep = self.into.c.standing.in_(WAKING) if self.into.name == "account" else None
        return statement.on_conflict_do_update(index_elements=["tenant_id", "id"], set_=written, where=asleep)

    def making(self, chosen: sa.FromClause | None, **instead: sa.ColumnElement[Any]) -> Making:
        """Copy what was chosen, plainly or with care."""
        return Making(self.insert_new(chosen, **instead), self.insert_from(chosen, **instead))

    def refresh(self, chosen: sa.FromClause | None) -> sa.Update:
        """Bring the mirrored columns of the chosen records, or of all that `rows` names, to what their owner has,
        where they differ; the others are left alone (UP-13).
        """
        values = {name: self.source.c[name] for name in self.locked}
        differ = sa.or_(*(self.into.c[name].is_distinct_from(value) for name, value in values.items()))
        return (
            sa.update(self.into)
            .values({**values, "version": self.into.c.version + 1})
            .where(
                self.into.c.tenant_id == self.to,
                self.into.c.id == self.source.c.id,
                self.source.c.tenant_id == GIVER,
                *(() if chosen is None else (self.account == chosen.c.id,)),
                self.rows,
                differ,
            )
        )

    def compare(self, chosen: sa.FromClause) -> sa.Select[Any]:
        """Give what differs in the mirrored columns of the chosen records: what `refresh` would write, the rows that
        are missing, and those that nothing below stands behind (UP-44). `rules.comparing` names the columns.
        """
        if self.kept is None:
            message = f"Copy {self.name} does not say which rows above follow those below."
            raise Undecided(message)
        here: sa.FromClause = self.into
        for table, on in self.kept.joins.items():
            here = here.join(table, on)
        below = (
            sa.select(
                self.account.label("account_id"),
                self.key.label("id"),
                *(self.source.c[name] for name in self.locked if name != "account_id"),
            )
            .select_from(chosen.join(self.source, of_chosen(self.source, self.account, chosen)))
            .where(self.rows)
        )
        above = (
            sa.select(
                self.kept.account.label("account_id"),
                self.into.c.id,
                *(self.into.c[name] for name in self.locked if name != "account_id"),
            )
            .select_from(here)
            .where(self.into.c.tenant_id == self.to, self.kept.account.in_(sa.select(chosen.c.id)), self.kept.rows)
        )
        return differences(self.name, list(self.locked), below, above)

    def preview(self, chosen: sa.FromClause) -> sa.Select[Any]:
        """Give each new value, beside what the giver has where that differs by rule, and what the taker has today.

        Columns: account_id, id, `before` (today's values of the shown columns in their order, null for a new row),
        `after_...` for each shown column, and `source_...` for each that `differs` names.
        """
        today = sa.case(
            (self.before.c.id.is_not(None), sa.func.jsonb_build_array(*(self.before.c[name] for name in self.shown)))
        )
        columns = [self.account.label("account_id"), self.key.label("id"), today.label("before")]
        columns += [self._after(name).label(f"after_{name}") for name in self.shown]
        columns += [self.source.c[name].label(f"source_{name}") for name in self.differs]
        order = [self.account, *([self.source.c.position] if "position" in self.source.c else []), self.key]
        return sa.select(*columns).select_from(self._with_before(chosen)).where(self.rows).order_by(*order)

    @cached_property
    def differs(self) -> tuple[str, ...]:
        """Name the shown columns that the giver has too, but whose new value is another by rule."""
        if self.id is not None:
            return ()
        return tuple(
            name for name in self.shown if self.stanza_of[name].verb in {"fill", "blank"} and name in self.source.c
        )

    def hashes(self, chosen: sa.FromClause) -> tuple[sa.Select[Any], ...]:
        """Give 64 bits per row over exactly what the preview shows of it: of what it becomes, and of what it is."""
        seed: sa.ColumnElement[int] = sa.literal_column(str(_seed(self.into.name)))
        watched = [self.source.c[name] for name in self.watched]
        shown = _row([self.key, *watched, *(self.values[name] for name in self.shown)])
        becomes = (
            sa.select(self.account.label("id"), sa.func.hashtextextended(shown, seed).label("hash"))
            .select_from(self.froms(chosen))
            .where(self.rows)
        )
        return (becomes, self._todays(chosen)) if self.wakes else (becomes,)

    def _todays(self, chosen: sa.FromClause) -> sa.Select[Any]:
        """Give 64 bits per row of the taker's that is written over.

        It starts from the accounts that sleep: while a tenant fills, the planner takes it for empty, and a join with
        all of its rows would be made row by row.
        """
        # Another seed, and the id as well: neither a row like the giver's nor one like its brother may cancel it out.
        seed: sa.ColumnElement[int] = sa.literal_column(str(_seed(self.into.name) + 1))
        asleep, before = account.alias("asleep"), self.before
        wakes = sa.and_(asleep.c.tenant_id == self.to, asleep.c.id == chosen.c.id, asleep.c.standing.in_(WAKING))
        is_here = sa.and_(before.c.tenant_id == self.to, before.c.id == self.key)
        today = _row([before.c.id, *(before.c[name] for name in self.shown)])
        return (
            sa.select(self.account.label("id"), sa.func.hashtextextended(today, seed).label("hash"))
            .select_from(
                chosen.join(asleep, wakes)
                .join(self.source, sa.and_(self.source.c.tenant_id == GIVER, self.account == asleep.c.id))
                .join(before, is_here)
            )
            .where(self.rows)
        )

    def old_rows(self) -> sa.Select[Any]:
        """Give the taker's rows of a chunk that this copy is about to write over: what undo restores."""
        return (
            sa.select(
                self.before.c.id,
                self.account.label("account_id"),
                sa.func.to_jsonb(sa.literal_column(f'"{self.before.name}"')).label("old_row"),
                (self.before.c.version + 1).label("version_written"),
            )
            .select_from(self._with_before(chunk))
            .where(self.rows, self.before.c.id.is_not(None))
        )

    def document(self) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
        """Give rule, verb, sentence and columns of every stanza, for the page of rules."""
        for stanza in self.rules:
            yield stanza.rule, stanza.verb, stanza.why, stanza.fields

    def _with_before(self, chosen: sa.FromClause) -> sa.FromClause:
        return self.froms(chosen).outerjoin(
            self.before, sa.and_(self.before.c.tenant_id == self.to, self.before.c.id == self.key)
        )

    def _after(self, name: str) -> sa.ColumnElement[Any]:
        """Give the value that will stand there: what a woken record keeps, else the rule's."""
        if not self.wakes or self.stanza_of[name].verb != "blank":
            return self.values[name]
        return sa.case((self.before.c.id.is_not(None), self.before.c[name]), else_=self.values[name])

    def _value(self, name: str, stanza: Stanza) -> sa.ColumnElement[Any]:
        column = self.into.c[name]
        if stanza.verb in {"carry", "mirror"}:
            return self.source.c[name]
        if stanza.verb == "blank":
            return _empty(column)
        value = stanza.values[name]
        if isinstance(value, sa.ColumnElement):
            return value
        return sa.null() if value is None else sa.literal(value, column.type)


def _empty(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    if column.nullable:
        return sa.cast(sa.null(), column.type)
    if isinstance(column.type, JSONB):
        return sa.literal({}, JSONB)
    if isinstance(column.type, sa.Text):
        return sa.literal("", sa.Text)
    if isinstance(column.type, sa.Boolean):
        return sa.false()
    message = f"{column}: blank has no meaning for this type; fill it."
    raise Undecided(message)


def _row(columns: Any) -> sa.ColumnElement[str]:
    """Write values as one text in which nothing can be mistaken for something else: PostgreSQL's own form of a row."""
    return sa.cast(sa.func.row(*columns), sa.Text)


def _seed(table: str) -> int:
    """Give each table its own seed, so that equal rows of two tables do not cancel out."""
    return sum(ord(letter) << (5 * (place % 6)) for place, letter in enumerate(table))
