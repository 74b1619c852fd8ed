"""Bring a file: it is read, its columns are matched by name, and it is planned; nothing is imported yet (CAT-04)."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.intake import actions
from tenantry.intake.kinds import KINDS
from tenantry.kernel.problems import Fault, Invalid
from tenantry.web.http.access import may
from tenantry.web.ui.flashes import goto
from tenantry.web.ui.forms import text
from tenantry.web.ui.rendering import render
from tenantry.web.ui.views import Field, FieldError, Option

DELIMITERS = (
    Option("", "Find out"),
    Option(",", "Comma"),
    Option(";", "Semicolon"),
    Option("\t", "Tab"),
    Option("|", "Bar"),
)
ENCODINGS = (
    Option("", "Find out"),
    Option("utf-8", "UTF-8"),
    Option("windows-1252", "Western European (Windows-1252)"),
    Option("iso-8859-1", "Western European (Latin-1)"),
    Option("iso-8859-7", "Greek (ISO 8859-7)"),
    Option("utf-16", "UTF-16"),
)
ROWS = [Option(name, name.capitalize()) for name in KINDS]
NO_FILE = Fault("file", "No file was chosen.", "CAT-04", "Choose a CSV or Excel file.")

router = APIRouter()


async def _read(request: Request) -> FormData:
    return await request.form(max_files=1, max_fields=20)


Brought = Annotated[FormData, Depends(_read)]


@router.get("/imports/new")
@may("imports:edit")
def ask(work: Work, request: Request, kind: str = "") -> Response:  # noqa: ARG001 - the permission is asked of it
    """Ask for a file."""
    return _form(request, (), {"kind": kind} if kind in KINDS else None)


@router.post("/imports")
@may("imports:edit")
def bring(work: Work, request: Request, form: Brought) -> Response:
    """Read the file and plan it; a file that cannot be read is said to be so, and by which rule."""
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return _form(request, (NO_FILE,), {"kind": text(form, "kind")})
    how = {name: said for name in ("kind", "year", "encoding", "delimiter", "sheet") if (said := _said(form, name))}
    try:
        with work.connection.begin_nested():
            options = {name: said for name, said in how.items() if name != "kind"}
            id_ = actions.read(work, how.get("kind", "accounts"), file.filename, file.file.read(), options)
    except Invalid as problem:
        return _form(request, problem.faults, how)
    return goto(request, f"/imports/{id_}")


def _said(form: FormData, name: str) -> str:
    """Give an option as it was chosen; a tab is no blank here."""
    value = form.get(name, "")
    return value if isinstance(value, str) and name == "delimiter" else text(form, name)


def _form(request: Request, faults: tuple[Fault, ...], how: dict[str, str] | None = None) -> Response:
    said = how or {}
    error = FieldError(" ".join(f"{one.message} {one.remedy}" for one in faults), faults[0].rule) if faults else None
    return render(
        request,
        "intake/new.html",
        status=422 if faults else 200,
        file=Field("file", "File", kind="file", error=error, required=True),
        what=(
            Field("kind", "What the rows are", said.get("kind", "accounts"), "select", options=ROWS, required=True),
            Field("year", "Year", said.get("year", ""), help="Of a price list with several; the latest when empty."),
        ),
        how=(
            Field("encoding", "Encoding", said.get("encoding", ""), "select", options=ENCODINGS),
            Field("delimiter", "Separated by", said.get("delimiter", ""), "select", options=DELIMITERS),
            Field("sheet", "Sheet of a workbook", said.get("sheet", ""), help="Its name; the first one when empty."),
        ),
        open=bool(said.keys() - {"kind", "year"}),
    )
