"""The list of imports, and the page of one at every point of its life, under one address."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.intake import queries
from tenantry.intake.kinds import kind_of
from tenantry.intake.lists import IMPORTS
from tenantry.intake.queries import ImportView
from tenantry.kernel.problems import Fault, Verdict
from tenantry.tenancy.queries import tenant
from tenantry.web.http.access import may
from tenantry.web.ui.acts import allowed, lacks, refused
from tenantry.web.ui.flashes import draw_anew
from tenantry.web.ui.ids import Id
from tenantry.web.ui.intake import import_views as views, row_views
from tenantry.web.ui.pages import list_page
from tenantry.web.ui.rendering import part, render, words
from tenantry.web.ui.sheets import Sheet
from tenantry.web.ui.views import Action, Empty, Head

SAMPLED = 30
PAGE = 50

NEW = Action("new", "Import a file", "upload", "/imports/new", primary=True)
SHEET = Sheet(
    IMPORTS,
    name="imports",
    url="/imports",
    placeholder="Search imports",
    title="file_name",
    links={"file_name": ("/imports/{}", "id")},
    filters={"kind": "Any kind", "status": "Any status"},
    phone=("status",),
    empty=Empty(
        "No imports yet",
        "Bring accounts, products, prices or subscriptions from a CSV or Excel file. Columns are matched by name, "
        "every row gets its verdict, and nothing is imported before you confirm.",
        "file-import",
        NEW,
    ),
)

router = APIRouter()


@router.get("/imports")
@may("imports:view")
def show_all(work: Work, request: Request) -> Response:
    """Show the imports, the latest first."""
    head = Head("Imports", actions=[allowed(NEW, work.actor, "imports:edit")])
    return list_page(request, head, SHEET.view(work, request, words(request)))


@router.get("/imports.csv")
@may("imports:view")
def export_all(work: Work, request: Request) -> Response:
    """Give the list as a file."""
    return SHEET.export(work, request)


@router.get("/imports/{id}")
@may("imports:view")
def show(
    work: Work,
    request: Request,
    id: Id,
    verdict: str = "",
    cursor: str = "",
    trail: Annotated[list[str], Query()] = [],  # noqa: B006 - the framework copies it
) -> Response:
    """Show an import as it stands: the plan with its columns and rows, the run, or the result."""
    return page(work, request, queries.import_(work, id), verdict, cursor, trail)


@router.get("/imports/{id}/progress")
@may("imports:view")
def show_progress(work: Work, request: Request, id: Id) -> Response:
    """Say how far it has come; once it has ended the page is drawn anew."""
    view = queries.import_(work, id)
    answer = part("channel/progress.html", progress=views.progress(view, words(request)))
    if view.status not in {"reading", "running"}:
        draw_anew(request, answer)
    return answer


def page(
    work: Work,
    request: Request,
    view: ImportView,
    verdict: str = "",
    cursor: str = "",
    trail: Sequence[str] = (),
    faults: Sequence[Fault] = (),
) -> Response:
    """Draw the page of an import; with faults it is the form of its columns that comes back."""
    written, actor = words(request), work.actor
    if view.status in {"reading", "running"}:
        stop = allowed(Action("cancel", "Cancel", "ban", "#ask-cancel", "dialog", danger=True), actor, "imports:edit")
        return render(
            request,
            "intake/running.html",
            view=view,
            subtitle=views.subtitle(view, written),
            steps=views.steps(view),
            progress=views.progress(view, written),
            actions=[stop],
        )
    fields, kind = queries.fields(work, view.kind), kind_of(view.kind)
    shown = views.first_verdict(view, verdict)
    after = int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 10 else None  # noqa: PLR2004
    found = queries.rows(work, view.id, None if shown == "all" else shown, after, PAGE)
    sample = queries.rows(work, view.id, None, None, SAMPLED).items
    return render(
        request,
        "intake/import.html" if view.status == "planned" else "intake/result.html",
        status=422 if faults else 200,
        view=view,
        subtitle=views.subtitle(view, written),
        steps=views.steps(view),
        stats=views.stats(view, written),
        findings=views.findings(view, written),
        columns=views.mapping(view, sample, fields, kind.match(work, view.columns), faults),
        matched=sum(bool(view.mapping.get(heading)) for heading in view.columns),
        faults=[one for one in faults if not one.field.startswith("mapping.")],
        defaults=views.defaults(view, fields, written, tenant(work).currencies),
        noun=kind.noun,
        there=f"{kind.page}?sort=-created_at" if view.kind == "accounts" else kind.page,
        lacking=views.lacks_something(view),
        skip_duplicates=bool(view.options.get("skip_duplicates")),
        facets=row_views.facets(view, written, shown),
        rows=row_views.rows(view, found, written, verdict=shown, cursor=cursor, back=trail, fields=fields),
        verdict=shown,
        confirm=_confirm(view, work, written.counted(views.going(view), view.kind)),
        withdraw=allowed(Action("cancel", "Withdraw", "x", "#ask-cancel", "dialog"), actor, "imports:edit"),
        may_edit=actor.may("imports:edit"),
    )


def _confirm(view: ImportView, work: Work, what: str) -> Action:
    action = Action("confirm", f"Import {what}", "check", "#ask-confirm", "dialog", primary=True)
    for permission in ("imports:edit", kind_of(view.kind).permission):
        if not work.actor.may(permission):
            return refused(action, lacks(work.actor, permission))
    if view.digest is None:
        return refused(action, Verdict(allowed=False, rule="CAT-04", why="Choose which column holds the name."))
    if not views.going(view):
        return refused(action, Verdict(allowed=False, rule="CAT-04", why="No row can be brought in."))
    return action
