"""Lists that are always read whole, such as those of the set-up: searched, filtered, sorted, cut like every other."""

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar
from uuid import UUID

from pydantic import BaseModel
from pydantic_core import to_jsonable_python
from starlette.requests import Request

from tenantry.kernel.problems import Fault, Invalid, NotFound
from tenantry.tenancy.listing import ListRequest
from tenantry.tenancy.listing.request import AT_MOST
from tenantry.web.api.lists import linked
from tenantry.web.http.answers import Linked

Row = Mapping[str, Any]


class Identified(Protocol):
    """A view that has an id."""

    @property
    def id(self) -> UUID:
        """The record's id."""


View = TypeVar("View", bound=Identified)

FIRST = "first"
COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
    "in": lambda value, wanted: value in wanted.split(","),
    "starts": lambda value, wanted: value.lower().startswith(wanted.lower()),
    "empty": lambda value, wanted: (value == "") == (wanted == "true"),
}


def whole(
    request: Request, wanted: ListRequest, views: Iterable[object], model: type[BaseModel], key: str = "id"
) -> Linked:
    """Answer with what is asked of a short list; `key` names the field that tells its records apart."""
    _check(wanted, set(model.model_fields))
    rows: list[Row] = [to_jsonable_python(view, fallback=dict) for view in views]
    rows = [row for row in rows if _has(row, wanted.search) and _passes(row, wanted)]
    if wanted.sort:
        rows.sort(key=lambda row: _sorted_by(row[wanted.sort.lstrip("-")]), reverse=wanted.sort.startswith("-"))
    start = _start(rows, wanted.cursor, key)
    page = rows[start : start + wanted.limit]
    before = max(start - wanted.limit, 0)
    return linked(
        request,
        {
            "items": [_cut(row, wanted.fields, key) for row in page],
            "next": str(page[-1][key]) if start + wanted.limit < len(rows) else None,
            "previous": (str(rows[before - 1][key]) if before else FIRST) if start else None,
            "total": len(rows) if wanted.with_total else None,
            "total_is_exact": True if wanted.with_total else None,
        },
    )


def one_of(views: Iterable[View], id: UUID, what: str) -> View:
    """Give the one of a short list that has this id; NotFound where none has."""
    for view in views:
        if view.id == id:
            return view
    raise NotFound(what)


def _check(wanted: ListRequest, known: set[str]) -> None:
    names = [("sort", wanted.sort.lstrip("-"))] if wanted.sort else []
    names += [("fields", name) for name in wanted.fields]
    faults = [
        Fault(where, f"There is no field {name[:60]!r}.", "API-04", f"There are {', '.join(sorted(known))}.")
        for where, name in (*names, *((name[:60], name) for name in wanted.filters))
        if name not in known
    ]
    if not 1 <= wanted.limit <= AT_MOST:
        faults.append(Fault("limit", f"It must be 1 to {AT_MOST}.", "API-04", f"Give 1 to {AT_MOST}."))
    if faults:
        raise Invalid(*faults)


def _has(row: Row, search: str) -> bool:
    text = " ".join(str(value) for value in row.values() if isinstance(value, str | int)).lower()
    return all(word in text for word in search.lower().split())


def _passes(row: Row, wanted: ListRequest) -> bool:
    return all(
        COMPARED[word](_written(row[name]), value)
        for name, given in wanted.filters.items()
        for word, value in ([given] if isinstance(given, tuple) else given)
    )


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _sorted_by(value: object) -> tuple[bool, float, str]:
    number = float(value) if isinstance(value, int | float) else 0.0
    return (value is not None, number, _written(value).lower())


def _start(rows: Sequence[Row], cursor: str, key: str) -> int:
    if cursor in {"", FIRST}:
        return 0
    for place, row in enumerate(rows):
        if str(row[key]) == cursor:
            return place + 1
    raise Invalid(Fault("cursor", "This is not a cursor that a page gave.", "API-04", "Begin without one."))


def _cut(row: Row, fields: Sequence[str], key: str) -> Row:
    return {name: row[name] for name in (key, *fields)} if fields else row
