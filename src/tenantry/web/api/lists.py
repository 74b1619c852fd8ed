"""Every list in the same way (API-04): search, filters, sort, chosen fields, pages by cursor, links to neighbours.

`?search=acme&filter[status]=in:active,suspended&filter[created_at]=gte:2026-01-01&sort=-created_at&fields=id,name&limit=50&cursor=...`
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

import sqlalchemy as sa
from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field, create_model
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from tenantry.database import Work
from tenantry.kernel.problems import Fault, Invalid
from tenantry.tenancy.listing import OPERATORS, Column, Listing, ListRequest
from tenantry.web.api.values import Hint
from tenantry.web.http.answers import Linked

Listed = Linked | Response

OPERATOR_WORDS = frozenset(word for words in OPERATORS.values() for word in words)
TYPES: Mapping[type, Any] = {sa.Integer: int, sa.Boolean: bool, sa.JSON: dict[str, Any]}
OWN = ("search", "sort", "limit", "cursor", "fields", "total")

Search = Annotated[str, Query(description="Words that a record must have.", examples=["acme"])]
Sort = Annotated[str, Query(description="A field to sort by, with - before it for the last first.")]
Limit = Annotated[int, Query(description="Records of a page, 1 to 200.")]
Cursor = Annotated[str, Query(description="What `next` or `previous` of another page said.")]
Fields = Annotated[str, Query(description="Fields wanted, with commas between; all when left out.")]
Counted = Annotated[
    bool | None, Query(alias="total", description="Whether to count; when left out, the first page is counted.")
]


async def read(
    request: Request,
    search: Search = "",
    sort: Sort = "",
    limit: Limit = 50,
    cursor: Cursor = "",
    fields: Fields = "",
    total: Counted = None,
) -> ListRequest:
    """Read what is asked of a list; a parameter that no list knows is refused, naming it."""
    return ListRequest(
        search=search,
        filters=_filters(request),
        sort=sort,
        cursor=cursor,
        limit=limit,
        fields=[name for name in fields.split(",") if name],
        with_total=not cursor if total is None else total,
    )


Wanted = Annotated[ListRequest, Depends(read)]


def page(work: Work, listing: Listing, request: Request, wanted: ListRequest) -> Listed:
    """Answer with a page of a list and the links to its neighbours; with all of it to who accepts text/csv."""
    if "text/csv" in request.headers.get("accept", ""):
        return _file(request, work, listing, wanted)
    found = listing.page(work, wanted)
    return linked(
        request,
        {
            "items": found.items,
            "next": found.next,
            "previous": found.previous,
            "total": found.total.count if found.total else None,
            "total_is_exact": found.total.exact if found.total else None,
        },
    )


def linked(request: Request, answer: dict[str, Any]) -> Linked:
    """Give the pages before and after this one as links, too (RFC 8288)."""
    neighbours = (("next", answer.get("next")), ("prev", answer.get("previous")))
    return Linked(answer, tuple((name, _address(request, cursor)) for name, cursor in neighbours if cursor))


def page_of(name: str, item: type[BaseModel]) -> type[BaseModel]:
    """Describe a page of such items."""
    made: dict[str, Any] = {
        "items": (list.__class_getitem__(item), Field(description="The records of this page.")),
        "next": (str | None, Field(description="The cursor of the next page; null on the last.")),
        "previous": (str | None, Field(description="The cursor of the page before; null on the first.")),
        "total": (int | None, Field(description="How many records there are; null when they were not counted.")),
        "total_is_exact": (
            bool | None,
            Field(description="False when there are more than `total`; null when not counted."),
        ),
    }
    return create_model(f"{name}Page", __doc__="A page of a list.", **made)


def item_of(name: str, listing: Listing) -> type[BaseModel]:
    """Describe an item of a list: what its columns say; every field can be left out of `fields`, the id cannot."""
    made: dict[str, Any] = {
        column.name: (_type(column), Field(default=None, description=f"{column.label}.")) for column in listing.columns
    }
    made["id"] = (str, Field(description="The record's id.", json_schema_extra={"format": "uuid"}))
    return create_model(
        f"{name}Item", __config__=ConfigDict(extra="allow"), __doc__="A record as lists show it.", **made
    )


def filters_of(listing: Listing) -> dict[str, Any]:
    """Describe the filters of a list for the document."""
    return {
        "parameters": [_parameter(column) for column in listing.columns if column.filterable],
        "responses": {
            "200": {"content": {"text/csv": {"schema": {"type": "string", "description": "The whole list as a file."}}}}
        },
    }


def _parameter(column: Column) -> dict[str, Any]:
    words = ", ".join(OPERATORS[column.kind])
    values = f" Values: {', '.join(column.choices)}." if column.choices else ""
    return {
        "name": f"filter[{column.name}]",
        "in": "query",
        "required": False,
        "description": f"{column.label}: `operator:value`, or a value alone for `eq`. Operators: {words}.{values}",
        "schema": {"type": "array", "items": {"type": "string"}},
        "style": "form",
        "explode": True,
    }


def _type(column: Column) -> Hint:
    kept = column.expression.type
    return next((kind for type_, kind in TYPES.items() if isinstance(kept, type_)), str) | None


def _filters(request: Request) -> Mapping[str, Sequence[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    faults: list[Fault] = []
    for name, value in request.query_params.multi_items():
        if name in OWN:
            continue
        if not (name.startswith("filter[") and name.endswith("]")):
            known = f"There are {', '.join(OWN)} and filter[field]."
            faults.append(Fault(name[:60], "There is no such parameter.", "API-04", known))
            continue
        word, colon, rest = value.partition(":")
        given = (word, rest) if colon and word in OPERATOR_WORDS else ("eq", value)
        found.setdefault(name[7:-1], []).append(given)
    if faults:
        raise Invalid(*faults)
    return found


def _file(request: Request, work: Work, listing: Listing, wanted: ListRequest) -> Response:
    rows = listing.export(work, wanted)
    # The first row tells whether the request makes sense, while it can still be refused.
    head = next(rows)

    def lines() -> Iterator[bytes]:
        # The request's own unit of work has ended when the file is sent.
        with request.app.state.database.work(work.tenant_id, work.actor) as reading:
            again = listing.export(reading, wanted)
            next(again)
            yield csv_line(head)
            yield from map(csv_line, again)

    name = f'attachment; filename="{listing.name.replace("_", "-")}.csv"'
    headers = {"content-disposition": name, "cache-control": "no-store"}
    return StreamingResponse(lines(), media_type="text/csv; charset=utf-8", headers=headers)


def csv_line(cells: Sequence[str]) -> bytes:
    """Write a line of a CSV file."""
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue().encode()


def _address(request: Request, cursor: str) -> str:
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    return f"{request.url.path}?{urlencode([*kept, ('cursor', cursor)])}"
