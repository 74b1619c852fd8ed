"""A list, declared once: its columns, who may see what of it, and what it searches."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from tenantry.database import Work
from tenantry.tenancy import permissions
from tenantry.tenancy.listing import custom, export
from tenantry.tenancy.listing.columns import Column, written
from tenantry.tenancy.listing.cursor import Cursor
from tenantry.tenancy.listing.query import TENANT, Query, Reading, run
from tenantry.tenancy.listing.request import COUNTED, ListRequest, Page, Total


@dataclass(frozen=True, eq=False)
class Listing:
    """One list.

    `table` has the records, and with `search` is searched by free text. `joins` are read only for the page that is
    shown, by columns that can be neither filtered nor sorted by. A table too small for an index of words is searched in
    `looks_in`, a text in small letters, row by row. `found_by` names a table whose search finds the
    records, too, and their column that leads to it: an order by its account. `rule` is the permission rule of a record;
    `where` hides what is gone, and may name the tenant as the bind TENANT. `sort` is the order when none is asked for.
    """

    name: str
    permission: str
    table: sa.Table
    columns: tuple[Column, ...]
    sort: str
    rule: sa.ColumnElement[Any] | None
    entity: str = ""
    joins: Mapping[sa.FromClause, sa.ColumnElement[bool]] = field(default_factory=dict)
    where: sa.ColumnElement[bool] = field(default_factory=sa.true)
    search: sa.Table | None = None
    found_by: tuple[sa.Table, sa.Column[Any]] | None = None
    looks_in: sa.ColumnElement[str] | None = None

    def __post_init__(self) -> None:
        """Stop the program when a column is filtered or sorted by what is read only afterwards, or when its order has
        gaps.
        """
        permissions.may_exist(self.permission)
        joined = {_name(table) for table in self.joins}
        for column in self.columns:
            behind = joined & {_name(table) for table in _tables(column.expression)}
            if behind and (column.filterable or column.sortable):
                raise TypeError(
                    f"List {self.name}: {column.name} is read after the page is chosen, so it cannot choose."
                )
            if column.sortable and getattr(column.key, "nullable", False):
                raise TypeError(f"List {self.name}: {column.name} may be empty; say what it sorts by then.")

    @property
    def searchable(self) -> bool:
        """Say whether it looks for words."""
        return self.search is not None or self.looks_in is not None

    def page(self, work: Work, request: ListRequest | None = None) -> Page:
        """Give one page, in the same number of statements for one record and for 200; raises Invalid for what makes no
        sense.
        """
        permissions.require(work, self.permission)
        request = request or ListRequest()
        query = Reading(self, work, request).query()
        rows = [dict(row) for row in run(work, self.select(query, query.limit + 1)).mappings()]
        more, rows = len(rows) > query.limit, rows[: query.limit]
        if query.back:
            rows.reverse()
        edges = [(row.pop("_key"), row["id"]) for row in rows]
        return Page(
            items=list(rows),
            next=_edge(query, edges[-1:], wanted=query.back or more, back=False),
            previous=_edge(query, edges[:1], wanted=more if query.back else query.after is not None, back=True),
            total=self.count(work, query) if request.with_total else None,
        )

    def total(self, work: Work, request: ListRequest) -> Total:
        """Count what a request finds without reading it."""
        permissions.require(work, self.permission)
        return self.count(work, Reading(self, work, request).query())

    def export(self, work: Work, request: ListRequest | None = None) -> Iterator[list[str]]:
        """Give the head and then every record as texts for a CSV file, while the unit of work lasts; memory does not
        grow.
        """
        permissions.require(work, self.permission)
        return export.rows(self, work, request or ListRequest())

    def count(self, work: Work, query: Query) -> Total:
        """Count the records, exactly up to 10,000."""
        counted = self._chosen(query).limit(COUNTED + 1).subquery("counted")
        count: int = run(work, sa.select(sa.func.count()).select_from(counted)).scalar_one()
        return Total(min(count, COUNTED), exact=count <= COUNTED and not query.capped)

    def columns_of(self, work: Work) -> tuple[Column, ...]:
        """Give all columns, the tenant's own fields among them."""
        return (*self.columns, *self.custom_columns(work).values())

    def custom_columns(self, work: Work) -> dict[str, Column]:
        """Give the columns of the tenant's own fields, by name."""
        if not self.entity:
            return {}
        return {column.name: column for column in custom.columns(work, self.entity, self.table.c.custom_fields)}

    def scope(self, work: Work) -> list[sa.ColumnElement[bool]]:
        """Say which records the one who asks may see at all (TEN-02, TEN-21)."""
        found = [self.table.c.tenant_id == TENANT, self.where]
        if self.rule is not None and work.actor.readable is not None:
            found.append(self.rule.in_(sorted(work.actor.readable)))
        return found

    def select(self, query: Query, limit: int | None = None) -> sa.Select[Any]:
        """Choose the records first, by index alone where one has all it takes, and read the rest of those only."""
        key, id_ = query.sort.key.label("key"), self.table.c.id
        chosen = (
            self._chosen(query, id_, key)
            .where(query.beyond(id_))
            .order_by(*query.order(query.sort.key, id_))
            .limit(limit)
            .subquery("chosen")
        )
        rows: sa.FromClause = chosen.join(self.table, sa.and_(self.table.c.tenant_id == TENANT, id_ == chosen.c.id))
        wanted = self._joined(query)
        for table, on in self.joins.items():
            if _name(table) in wanted:
                rows = rows.outerjoin(table, on)
        shown = [column.expression.label(column.name) for column in query.fields if column.name != "id"]
        return (
            sa.select(id_.label("id"), chosen.c.key.label("_key"), *shown)
            .select_from(rows)
            .order_by(*query.order(chosen.c.key, chosen.c.id))
        )

    def _joined(self, query: Query) -> set[str]:
        """Name the tables of the fields, and those that they are joined by; a join may name only those before it."""
        wanted = {_name(table) for column in query.fields for table in _tables(column.expression)}
        for table, on in reversed(list(self.joins.items())):
            if _name(table) in wanted:
                wanted |= {_name(one) for one in _tables(on)}
        return wanted

    def _chosen(self, query: Query, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
        return sa.select(*columns or (sa.literal_column("1"),)).select_from(self.table).where(*query.conditions)


def _edge(query: Query, edge: list[tuple[Any, Any]], *, wanted: bool, back: bool) -> str | None:
    return str(Cursor(query.sort_text, written(edge[0][0]), edge[0][1], back)) if wanted and edge else None


def _tables(expression: sa.ColumnElement[Any]) -> set[Any]:
    return {part.table for part in visitors.iterate(expression) if isinstance(part, sa.Column)}


def _name(table: object) -> str:
    return str(getattr(table, "name", ""))
