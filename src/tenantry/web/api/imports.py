"""Imports from files: brought, looked at row by row, mapped by hand, confirmed by their digest (CAT-04)."""

import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import File, Form, Path, Query, UploadFile
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import StreamingResponse

from tenantry.database import Database, Work
from tenantry.intake import actions, queries
from tenantry.intake.lists import IMPORTS
from tenantry.intake.queries import FieldView, ImportView, RowView
from tenantry.kernel.problems import Fault, Invalid
from tenantry.schema import intake
from tenantry.web.api.common import Id, body, resource
from tenantry.web.api.lists import Listed, Wanted, filters_of, item_of, linked, page, page_of
from tenantry.web.api.shapes import shown
from tenantry.web.api.short_lists import whole
from tenantry.web.api.values import Words
from tenantry.web.http.access import may
from tenantry.web.http.answers import Linked, Made

IMPORT = shown(ImportView, intake.import_run)
ROW = shown(
    RowView,
    intake.import_row,
    values="What it becomes, field by field.",
    changes="What it changes of a record that is here: field, before, after.",
    cells="The cells as they stand in the file.",
)
FIELD = shown(FieldView, name="The field.", label="Its name on the screen.", group="What it belongs to.")

imports = resource("Imports")


class Mapping(BaseModel):
    """Which column fills which field, and what stands in for what the file lacks."""

    model_config = ConfigDict(extra="forbid")
    mapping: dict[Words, Words] = Field(description="Heading -> field; an empty field leaves the column out.")
    defaults: dict[Words, Words] | None = Field(default=None, description="Field -> what stands in for an empty cell.")
    skip_duplicates: bool | None = Field(
        default=None, description="Whether rows like an account that is there are left."
    )
    other_currency: Literal["default", "refuse"] | None = Field(
        default=None, description="What becomes of a currency that is not activated."
    )
    year: Words | None = Field(default=None, max_length=20, description="Which year of a price file with several.")


class Choice(BaseModel):
    """Rows that are left out, or taken in again."""

    model_config = ConfigDict(extra="forbid")
    lines: list[int] = Field(max_length=10_000, description="Lines of the file; the heading is 1.")
    chosen: bool = Field(strict=True, description="Whether they are brought in.")


class Confirmation(BaseModel):
    """What is confirmed: the plan that was seen."""

    model_config = ConfigDict(extra="forbid")
    digest: Words = Field(max_length=200, description="The digest of the plan that was seen.")


@imports.get(
    "/imports", response_model=page_of("Import", item_of("Import", IMPORTS)), openapi_extra=filters_of(IMPORTS)
)
@may("imports:view")
def list_imports(work: Work, request: Request, wanted: Wanted) -> Listed:
    """List imports, the latest first."""
    return page(work, IMPORTS, request, wanted)


@imports.post("/imports", status_code=201, response_model=IMPORT)
@may("imports:edit")
def make_import(
    work: Work,
    file: Annotated[UploadFile, File(description="A CSV or Excel file with a heading, 25 MB at most.")],
    kind: Annotated[
        Words,
        Form(description="What the rows are: accounts, products, prices or subscriptions.", examples=["accounts"]),
    ] = "accounts",
    encoding: Annotated[Words, Form(description="Encoding of a CSV; found out when left out.")] = "",
    delimiter: Annotated[Words, Form(description="What stands between the cells of a CSV; found out.")] = "",
    sheet: Annotated[Words, Form(description="Sheet of an Excel file; the first when left out.")] = "",
    year: Annotated[Words, Form(description="Which year of a price file with several; the latest when left out.")] = "",
    skip_duplicates: Annotated[bool, Form(description="Whether rows like an account that is there are left.")] = False,  # noqa: FBT002
    other_currency: Annotated[
        Literal["default", "refuse"], Form(description="What becomes of a currency that is not activated.")
    ] = "default",
    defaults: Annotated[Words, Form(description="JSON object: field -> what stands in for an empty cell.")] = "",
) -> Made:
    """Bring a file: its columns are matched by name and every row is judged; nothing is brought in yet."""
    options = {"encoding": encoding, "delimiter": delimiter, "sheet": sheet, "skip_duplicates": skip_duplicates}
    options |= {"other_currency": other_currency, "defaults": _object(defaults), "year": year}
    id = actions.read(work, kind, file.filename or "", file.file.read(), options)
    return Made(queries.import_(work, id), f"/api/v1/imports/{id}")


@imports.get("/imports/fields", response_model=page_of("ImportField", FIELD))
@may("imports:view")
def list_fields(work: Work, request: Request, wanted: Wanted) -> Linked:
    """List the fields of an account that a column can fill, the tenant's own among them."""
    return whole(request, wanted, queries.fields(work), FIELD, key="name")


@imports.get("/imports/kinds/{kind}/fields", response_model=page_of("ImportField", FIELD))
@may("imports:view")
def list_fields_of_kind(
    work: Work,
    request: Request,
    wanted: Wanted,
    kind: Annotated[Literal["accounts", "products", "prices", "subscriptions"], Path(description="What the rows are.")],
) -> Linked:
    """List the fields that a column of such a file can fill."""
    return whole(request, wanted, queries.fields(work, kind), FIELD, key="name")


@imports.get("/imports/{id}", response_model=IMPORT)
@may("imports:view")
def read_import(work: Work, id: Id) -> ImportView:
    """Read an import: its status, mapping, counts, findings, digest and progress."""
    return queries.import_(work, id)


@imports.get("/imports/{id}/rows", response_model=page_of("ImportRow", ROW))
@may("imports:view")
def list_rows(
    work: Work,
    request: Request,
    id: Id,
    verdict: Annotated[
        Literal["ready", "warning", "refused", "skipped", "imported"] | None,
        Query(description="Only rows of this verdict."),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="Rows of a page.")] = 50,
    cursor: Annotated[int, Query(ge=0, le=2**31 - 1, description="What `next` of another page said.")] = 0,
) -> Linked:
    """List the rows of the file, each with what it becomes and what is wrong with it."""
    found = queries.rows(work, id, verdict, cursor, limit)
    more = None if found.next is None else str(found.next)
    return linked(
        request, {"items": found.items, "next": more, "previous": None, "total": None, "total_is_exact": None}
    )


@imports.put("/imports/{id}/mapping", response_model=IMPORT)
@may("imports:edit")
def map_columns(
    work: Work, id: Id, given: Annotated[Mapping, body(Mapping, {"mapping": {"Company": "name", "Fax": ""}})]
) -> ImportView:
    """Say by hand which column fills which field; every row is judged anew."""
    options: dict[str, object] = {
        name: value
        for name in ("skip_duplicates", "other_currency", "year")
        if (value := getattr(given, name)) is not None
    }
    actions.map(work, id, given.mapping, given.defaults, **options)
    return queries.import_(work, id)


@imports.put("/imports/{id}/choice", response_model=IMPORT)
@may("imports:edit")
def choose_rows(
    work: Work, id: Id, given: Annotated[Choice, body(Choice, {"lines": [2, 3], "chosen": False})]
) -> ImportView:
    """Leave rows out, or take them in again."""
    actions.choose(work, id, given.lines, given.chosen)
    return queries.import_(work, id)


@imports.put("/imports/{id}/plan", response_model=IMPORT)
@may("imports:edit")
def plan_again(work: Work, id: Id) -> ImportView:
    """Judge every row anew, since the world may have changed."""
    actions.plan(work, id)
    return queries.import_(work, id)


@imports.put("/imports/{id}/confirmation", response_model=IMPORT)
@may("imports:edit")
def confirm_import(
    work: Work, id: Id, seen: Annotated[Confirmation, body(Confirmation, {"digest": "6f1c0e5b..."})]
) -> ImportView:
    """Bring in what is ready, as it was seen."""
    actions.confirm(work, id, seen.digest)
    return queries.import_(work, id)


@imports.delete("/imports/{id}", status_code=204)
@may("imports:edit")
def cancel_import(work: Work, id: Id) -> None:
    """Stop an import; what was brought in stays."""
    actions.cancel(work, id)


@imports.get(
    "/imports/{id}/refused.csv",
    response_class=StreamingResponse,
    responses={200: {"description": "The refused rows with their reasons.", "content": {"text/csv": {}}}},
)
@may("imports:view")
def refused(work: Work, request: Request, id: Id) -> StreamingResponse:
    """Give the refused rows as a file, with their reasons: to be mended and brought again."""
    queries.import_(work, id)
    headers = {"content-disposition": 'attachment; filename="refused.csv"', "cache-control": "no-store"}
    lines = _refused(request.app.state.database, work, id)
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


def _refused(database: Database, work: Work, id: UUID) -> Iterator[str]:
    # The request's own unit of work has ended when the file is sent.
    with database.work(work.tenant_id, work.actor) as reading:
        yield from queries.refused_csv(reading, id)


def _object(text: str) -> Any:
    try:
        return json.loads(text) if text else {}
    except (ValueError, RecursionError):
        raise Invalid(Fault("defaults", "This is no JSON.", "CAT-04", "Give an object of fields and values.")) from None
