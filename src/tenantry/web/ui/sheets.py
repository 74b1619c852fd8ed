"""Lists for people: a Listing of a room with its search box, filters, columns, sorting, pages and export (UI-03)."""

import csv
import io
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import IO, Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from tenantry.database import Work
from tenantry.tenancy.listing import Column, Listing, ListRequest, Page
from tenantry.web.ui import views
from tenantry.web.ui.views import Cell, Empty, Filter, Link, ListView, Option, Row
from tenantry.web.words import Words

NEVER_SHOWN = {"id", "version", "custom_fields"}
NUMBERS = {"number", "money"}
STATES = {"status", "standing"}
IN_MEMORY = 1_000_000
AT_ONCE = 1 << 16

Given = Mapping[str, Any]


@dataclass(frozen=True)
class Sheet:
    """How a list looks: where it is, what leads where, which filters stand above it."""

    listing: Listing
    name: str
    url: str
    placeholder: str
    title: str
    links: Mapping[str, tuple[str, str]]
    filters: Mapping[str, str] = field(default_factory=dict)
    phone: Sequence[str] = ()
    hidden: Sequence[str] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    empty: Empty = field(default_factory=lambda: Empty("Nothing here yet"))
    exports: bool = True

    @property
    def searchable(self) -> bool:
        """Say whether the list looks for words."""
        return self.listing.searchable

    def request(self, work: Work, request: Request, fixed: Given) -> ListRequest:
        """Read what is asked of the list; `fixed` are filters that the page itself has."""
        asked = request.query_params
        filters = {name: ("eq", asked[name]) for name in self.filters if asked.get(name)}
        columns = [column.name for column in self.columns(work, request) if column.shown]
        return ListRequest(
            search=asked.get("q", "") if self.searchable else "",
            filters={**filters, **{name: ("eq", value) for name, value in fixed.items()}},
            sort=asked.get("sort", ""),
            cursor=asked.get("cursor", ""),
            fields=self._needed(columns),
            with_total=True,
        )

    def view(
        self,
        work: Work,
        request: Request,
        words: Words,
        *,
        url: str = "",
        fixed: Given | None = None,
        choices: Mapping[str, Sequence[Option]] | None = None,
    ) -> ListView:
        """Give the page of the list that was asked for."""
        wanted = self.request(work, request, fixed or {})
        page = self.listing.page(work, wanted)
        columns, address = self.columns(work, request), url or self.url
        labels = {column.name: column for column in self.listing.columns_of(work)}
        filtered = bool(wanted.search) or any(request.query_params.get(name) for name in self.filters)
        return ListView(
            name=self.name,
            url=address,
            columns=[self._sortable(column, labels, request, address, wanted) for column in columns],
            rows=[self._row(row, columns, labels, words) for row in page.items],
            empty=Empty("Nothing matches", "Try fewer words, or clear the filters.", "search")
            if filtered
            else self.empty,
            query=wanted.search,
            placeholder=self.placeholder,
            filters=[
                Filter(name, label, _options(labels[name], choices or {}), request.query_params.get(name, ""))
                for name, label in self.filters.items()
                if name not in (fixed or {})
            ],
            filtered=filtered,
            sort=wanted.sort,
            count=_count(page, words, self.name.replace("-", " ")),
            previous_url=_with(request, address, cursor=page.previous) if page.previous else "",
            next_url=_with(request, address, cursor=page.next) if page.next else "",
            exports=self._exports(request) if self.exports and not fixed else (),
            columns_choosable=True,
            searchable=self.searchable,
        )

    def export(self, work: Work, request: Request) -> Response:
        """Give the whole list as a CSV file, with the columns that are shown and what is searched for."""
        wanted = self.request(work, request, {})
        chosen = [column.name for column in self.columns(work, request) if column.shown]
        file = tempfile.SpooledTemporaryFile(IN_MEMORY, "w+b")  # noqa: SIM115 - the answer closes it
        text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=True)
        # The whole file is written while the unit of work lasts; it is sent afterwards.
        rows = self.listing.export(work, replace(wanted, fields=self._needed(chosen)))
        csv.writer(text).writerows(row[: len(chosen)] for row in rows)
        text.detach()
        file.seek(0)
        headers = {
            "content-disposition": f'attachment; filename="{self.name}.csv"',
            "cache-control": "no-store",
        }
        return StreamingResponse(_pieces(file), headers=headers, media_type="text/csv; charset=utf-8")

    def columns(self, work: Work, request: Request) -> list[views.Column]:
        """Give the columns that can be shown, the title first, those that were chosen shown."""
        chosen = request.query_params.getlist("columns")
        found = [column for column in self.listing.columns_of(work) if self._showable(column)]
        found.sort(key=lambda column: column.name != self.title)
        return [
            views.Column(
                column.name,
                column.label,
                number=column.kind in NUMBERS,
                shown=column.name == self.title or (column.name in chosen if chosen else column.shown),
                phone=column.name == self.title or column.name in self.phone,
            )
            for column in found
        ]

    def _showable(self, column: Column) -> bool:
        return column.kind != "ref" and column.name not in NEVER_SHOWN and column.name not in self.hidden

    def _needed(self, columns: Sequence[str]) -> list[str]:
        known = {column.name for column in self.listing.columns}
        beside = [where for name, (_, where) in self.links.items() if name in columns]
        beside += [self.notes[name] for name in columns if name in self.notes]
        beside += [name for name in ("currency", "country", "id") if name in known]
        return list(dict.fromkeys([*columns, *beside]))

    def _sortable(
        self, column: views.Column, labels: Mapping[str, Column], request: Request, url: str, wanted: ListRequest
    ) -> views.Column:
        if not labels[column.name].sortable:
            return column
        now = wanted.sort or self.listing.sort
        other = f"-{column.name}" if now == column.name else column.name
        url = _with(request, url, sort=other)
        sorted_ = {column.name: "ascending", f"-{column.name}": "descending"}.get(now, "")
        return replace(column, sort_url=url, sorted=sorted_)  # type: ignore[arg-type]

    def _row(self, row: Given, columns: Sequence[views.Column], labels: Mapping[str, Column], words: Words) -> Row:
        return Row(str(row["id"]), [self._cell(row, labels[column.name], words) for column in columns])

    def _cell(self, row: Given, column: Column, words: Words) -> Cell:
        if column.name not in row:
            return Cell("")
        value = row[column.name]
        # A row that is known by its moment is told from others of its day by the hour.
        by_moment = column.name == self.title and column.kind == "moment"
        text = words.since(value) if by_moment else written(column, value, row, words)
        note = str(row.get(self.notes.get(column.name, ""), "") or "")
        if column.name in STATES and text:
            return Cell(text, state=str(row[column.name]), note=note)
        if column.name in self.links:
            pattern, where = self.links[column.name]
            if column.name != self.title and row.get(where) == row["id"]:
                return Cell("itself", note=note)
            return Cell(text, url=pattern.format(row[where]) if row.get(where) and text else "", note=note)
        return Cell(text, note=note)

    def _exports(self, request: Request) -> list[Link]:
        return [Link("CSV", _with(request, f"{self.url}.csv"), "These columns, every row")]


def written(column: Column, value: Any, row: Given, words: Words) -> str:
    """Write a value of a list as its reader does."""
    if value is None or value == "":
        return ""
    writers: Mapping[str, Callable[[Any], str]] = {
        "money": lambda amount: words.money(amount, row["currency"]) if row.get("currency") else words.number(amount),
        "number": words.number,
        "date": words.date,
        "moment": words.date,
        "flag": lambda on: "Yes" if on else "No",
        "choice": lambda chosen: column.choices.get(str(chosen), str(chosen)),
    }
    by_name: Mapping[str, Callable[[Any], str]] = {
        "number": str,
        "country": words.country,
        "state": lambda code: words.state(str(row.get("country") or ""), code),
        "language": words.language,
    }
    return (by_name.get(column.name) or writers.get(column.kind, str))(value)


def _options(column: Column, choices: Mapping[str, Sequence[Option]]) -> Sequence[Option]:
    if column.name in choices:
        return choices[column.name]
    if column.kind == "flag":
        return (Option("true", "Yes"), Option("false", "No"))
    return [Option(value, label) for value, label in column.choices.items()]


def _with(request: Request, url: str, **changes: str) -> str:
    kept = [
        (name, value)
        for name, value in request.query_params.multi_items()
        if name not in changes and name != "cursor" and value
    ]
    query = urlencode([*kept, *changes.items()])
    return f"{url}?{query}" if query else url


def _count(page: Page, words: Words, things: str) -> str:
    shown, total = len(page.items), page.total
    if total is None or total.count == shown:
        return words.counted(shown, things)
    all_ = words.counted(total.count, things)
    return f"{words.number(shown)} of {all_ if total.exact else f'more than {all_}'}"


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(AT_ONCE):
            yield piece
