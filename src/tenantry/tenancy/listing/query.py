"""What a request means for a list: the conditions, the order, the place to go on from; or every fault that it has."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.kernel.problems import Fault, Invalid
from tenantry.schema.base import ID
from tenantry.tenancy.listing import cursor, search
from tenantry.tenancy.listing.columns import OPERATORS, Column, NotThat
from tenantry.tenancy.listing.request import AT_MOST, ListRequest

if TYPE_CHECKING:
    from tenantry.tenancy.listing.listing import Listing

RULE = "API-04"
TENANT = sa.bindparam("tenant", type_=ID)


def run(work: Work, statement: sa.Select[*tuple[Any, ...]]) -> sa.Result[*tuple[Any, ...]]:
    """Run a statement of a list for the tenant of this unit of work."""
    return work.connection.execute(statement, {"tenant": work.tenant_id})


@dataclass(frozen=True, eq=False)
class Query:
    """A request as understood. `sort_text` is the order as its cursors name it; `capped` says that a search found more
    than it gives.
    """

    conditions: tuple[sa.ColumnElement[bool], ...]
    fields: tuple[Column, ...]
    sort: Column
    descending: bool
    sort_text: str
    limit: int
    after: cursor.Cursor | None = None
    capped: bool = False

    @property
    def back(self) -> bool:
        """Say whether it reads towards the beginning."""
        return self.after is not None and self.after.back

    def beyond(self, id_: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
        """Say which records lie beyond the cursor: those whose sort key, then id, comes after it in the order of
        reading.
        """
        if self.after is None:
            return sa.true()
        here = sa.tuple_(self.sort.key, id_)
        edge = sa.tuple_(
            sa.literal(self.sort.parsed_key(self.after.key), self.sort.key.type), sa.literal(self.after.id, ID)
        )
        return here < edge if self.descending != self.back else here > edge

    def order(self, *keys: sa.ColumnElement[Any]) -> list[sa.ColumnElement[Any]]:
        """Order by these keys, in the order of reading."""
        return [key.desc() if self.descending != self.back else key.asc() for key in keys]


@dataclass
class Reading:
    """Reads one request for one list; collects every fault before it raises."""

    listing: "Listing"
    work: Work
    request: ListRequest
    faults: list[Fault] = field(default_factory=list)

    def query(self) -> Query:
        """Give the request as understood, or raise Invalid with all its faults."""
        columns = {column.name: column for column in self.listing.columns} | self._custom()
        conditions = [*self.listing.scope(self.work), *self._filters(columns)]
        fields = self._fields(columns)
        sort_text = self._sort_text(columns)
        limit = self._limit()
        self._searchable(columns)
        if self.faults:
            raise Invalid(*self.faults)
        ids = self._search(conditions)
        sort = columns[sort_text.removeprefix("-")] if sort_text else self._relevance(ids)
        after = self._after(sort, sort_text)
        if self.faults:
            raise Invalid(*self.faults)
        capped = ids is not None and len(ids) in {search.AT_MOST, search.TO_NARROW}
        return Query(
            tuple(conditions),
            fields,
            sort,
            sort_text.startswith("-"),
            sort_text,
            limit,
            after,
            capped=capped,
        )

    def _custom(self) -> dict[str, Column]:
        """Read the tenant's own fields, only when one is asked for."""
        named = (*self.request.filters, *self.request.fields)
        return self.listing.custom_columns(self.work) if any(name.startswith("custom.") for name in named) else {}

    def _filters(self, columns: Mapping[str, Column]) -> Iterator[sa.ColumnElement[bool]]:
        for name, given in self.request.filters.items():
            column = columns.get(name)
            if column is None or not column.filterable:
                self._fault(name, "there is no such filter", _names(columns, lambda one: one.filterable))
                continue
            for operator, value in [given] if isinstance(given, tuple) else given:
                if operator not in OPERATORS[column.kind]:
                    self._fault(name, f"it cannot be compared by {operator!r}", OPERATORS[column.kind])
                    continue
                try:
                    yield column.condition(operator, value)
                    yield from self._narrowed(column, operator, value)
                except NotThat as wanted:
                    self.faults.append(Fault(name, f"It must be {wanted}.", RULE, f"Give {wanted}."))

    def _narrowed(self, column: Column, operator: str, value: object) -> Iterator[sa.ColumnElement[bool]]:
        """Look the value up by the search index first, where the search column holds this one's text."""
        table = self.listing.search
        if column.searched and table is not None and operator in {"eq", "starts"}:
            ids = search.candidates(self.work, table, str(value).strip())
            if ids is not None:
                yield table.c.id == sa.any_(sa.literal(ids, sa.ARRAY(ID)))

    def _fields(self, columns: Mapping[str, Column]) -> tuple[Column, ...]:
        if not self.request.fields:
            return tuple(columns.values())
        for name in self.request.fields:
            if name not in columns:
                self._fault("fields", f"there is no field {name[:60]!r}", columns)
        return tuple(columns[name] for name in dict.fromkeys(self.request.fields) if name in columns)

    def _sort_text(self, columns: Mapping[str, Column]) -> str:
        text = self.request.sort or ("" if self._by_index() else self.listing.sort)
        column = columns.get(text.removeprefix("-"))
        if text and (column is None or not column.sortable):
            self._fault("sort", f"it cannot be sorted by {text[:60]!r}", _names(columns, lambda one: one.sortable))
        return text

    def _limit(self) -> int:
        if not 1 <= self.request.limit <= AT_MOST:
            self.faults.append(Fault("limit", f"It must be 1 to {AT_MOST}.", RULE, f"Give 1 to {AT_MOST}."))
        return self.request.limit

    def _after(self, sort: Column, sort_text: str) -> cursor.Cursor | None:
        if not self.request.cursor:
            return None
        try:
            after = cursor.read(self.request.cursor, sort_text)
            sort.parsed_key(after.key)
        except NotThat as wanted:
            self.faults.append(Fault("cursor", f"It must be {wanted}.", RULE, "Begin again with the first page."))
            return None
        return after

    def _searchable(self, columns: Mapping[str, Column]) -> None:
        if self.request.search.strip() and not self.listing.searchable:
            filters = ", ".join(_names(columns, lambda one: one.filterable))
            self.faults.append(Fault("search", "This list cannot be searched.", RULE, f"Filter it by: {filters}."))

    def _words(self) -> list[str]:
        return search.words(self.request.search) if self.listing.searchable else []

    def _by_index(self) -> bool:
        return self.listing.search is not None and len("".join(self._words())) > 1

    def _search(self, conditions: list[sa.ColumnElement[bool]]) -> list[Any] | None:
        """Narrow to what a search finds; gives the ids, best first, where they were looked up by index."""
        wanted, table = self._words(), self.listing.search
        if self.listing.looks_in is not None:
            conditions += [search.has(self.listing.looks_in, word) for word in wanted]
        if not wanted or table is None:
            return None
        if not self._by_index():
            # One letter is in half of all records and in no index: it asks for the names that begin with it.
            conditions.append(sa.func.starts_with(table.c.get("sort_name", table.c.search), wanted[0].lower()))
            return None
        narrowed = bool(self.request.filters) or self.work.actor.readable is not None
        ids = search.hits(self.work, table, wanted, narrowed=narrowed)
        if self.listing.found_by:
            ids = search.with_those_of(self.work, ids, wanted, *self.listing.found_by, narrowed=narrowed)
        conditions.append(table.c.id == sa.any_(sa.literal(ids, sa.ARRAY(ID))))
        return ids

    def _relevance(self, ids: list[Any] | None) -> Column:
        place = sa.func.array_position(sa.literal(ids or [], sa.ARRAY(ID)), self.listing.table.c.id, type_=sa.Integer)
        return Column("relevance", place, "Relevance", "number")

    def _fault(self, name: str, what: str, allowed: Iterable[str]) -> None:
        known = ", ".join(allowed)
        self.faults.append(Fault(name, f"{what[:1].upper()}{what[1:]}.", RULE, f"Allowed: {known}."))


def _names(columns: Mapping[str, Column], fits: Callable[[Column], bool]) -> list[str]:
    return [name for name, column in columns.items() if fits(column)]
