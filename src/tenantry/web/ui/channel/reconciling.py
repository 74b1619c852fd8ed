"""Reconcile: the list of comparisons, one while it runs, and what it found, with its repair (UP-44)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tenantry.channel.reconcile import actions, queries
from tenantry.channel.reconcile.lists import DIFFERENCES, RECORDS, RUNS, VERDICTS
from tenantry.channel.reconcile.queries import ReconciliationView
from tenantry.channel.tenant_resellers.queries import tenant_reseller_
from tenantry.database import Work
from tenantry.kernel.problems import Conflict, Invalid
from tenantry.tenancy.listing import ListRequest
from tenantry.web.http.access import may
from tenantry.web.ui.acts import allowed
from tenantry.web.ui.channel import reconciling_views as views
from tenantry.web.ui.flashes import draw_anew, goto, said
from tenantry.web.ui.forms import Form, text
from tenantry.web.ui.ids import Id
from tenantry.web.ui.pages import list_page
from tenantry.web.ui.rendering import part, render, words
from tenantry.web.ui.sheets import Sheet
from tenantry.web.ui.views import Action, Empty, Flash, Head, Link
from tenantry.web.words import Words

AT_ONCE = 50
FILTERS = {"record": ("Any record", RECORDS), "verdict": ("Any difference", VERDICTS)}

SHEET = Sheet(
    RUNS,
    name="comparisons",
    url="/reconciliations",
    placeholder="Comparisons",
    title="created_at",
    links={"created_at": ("/reconciliations/{}", "id"), "reseller": ("/tenant-resellers/{}", "tenant_reseller_id")},
    filters={"kind": "Comparisons and repairs", "status": "Any status"},
    phone=("reseller", "differences"),
    empty=Empty(
        "Nothing has been compared yet",
        "A comparison looks at both tiers record by record and field by field, says what differs and why, and repairs "
        "it on request. Every night it happens by itself.",
        "adjustments-horizontal",
    ),
    exports=False,
)

router = APIRouter()


@router.get("/reconciliations")
@may("reconcile:view")
def show_all(work: Work, request: Request) -> Response:
    """Show all comparisons and repairs, the latest first."""
    every = Action("compare", "Compare all", "adjustments-horizontal", "/reconciliations", "post", primary=True)
    head = Head("Reconcile", actions=[allowed(every, work.actor, "reconcile:run")])
    return list_page(request, head, SHEET.view(work, request, words(request)))


@router.post("/reconciliations")
@may("reconcile:run")
def compare_all(work: Work, request: Request, form: Form) -> Response:  # noqa: ARG001 - read for its token
    """Ask for the comparison of every tenant reseller."""
    made = actions.start_all(work)
    asked = f"{len(made)} comparisons are on their way." if made else "Nothing has been transferred to anybody yet."
    return goto(request, "/reconciliations", said(asked))


@router.get("/tenant-resellers/{id}/reconciliations")
@may("reconcile:view")
def show_his(work: Work, request: Request, id: Id) -> Response:
    """Show the comparisons of a tenant reseller."""
    one = tenant_reseller_(work, id)
    here = f"/tenant-resellers/{id}/reconciliations"
    compare = Action("compare", "Compare now", "adjustments-horizontal", here, "post", primary=True)
    last = queries.latest(work).get(id)
    crumbs = (Link("Tenant Resellers", "/tenant-resellers"), Link(one.name, f"/tenant-resellers/{id}"))
    head = Head(
        "Reconcile",
        crumbs,
        subtitle=views.last(last, words(request)),
        actions=[allowed(compare, work.actor, "reconcile:run")],
    )
    fixed = {"tenant_reseller_id": id}
    return list_page(request, head, SHEET.view(work, request, words(request), url=here, fixed=fixed))


@router.post("/tenant-resellers/{id}/reconciliations")
@may("reconcile:run")
def compare(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - read for its token
    """Ask for the comparison of a tenant reseller."""
    return goto(request, f"/reconciliations/{actions.start(work, id)}")


@router.get("/reconciliations/{id}")
@may("reconcile:view")
def show(
    work: Work, request: Request, id: Id, q: str = "", record: str = "", verdict: str = "", cursor: str = ""
) -> Response:
    """Show a comparison or a repair: how far it is, or what it found."""
    view, written = queries.reconciliation(work, id), words(request)
    is_running = view.status in actions.GOING_ON
    found = (
        None
        if is_running
        else _differences(work, view, q.strip(), {"record": record, "verdict": verdict}, cursor, written)
    )
    return render(
        request,
        "channel/reconciliation.html",
        view=view,
        title=views.title(view),
        subtitle=views.subtitle(view, written),
        progress=views.progress(view, written) if is_running else None,
        stats=views.stats(view, written),
        causes=() if is_running else views.causes(queries.causes(work, id), written),
        found=found,
        actions=views.acts(view, work.actor),
        ask=views.ask(view, written),
    )


@router.get("/reconciliations/{id}/progress")
@may("reconcile:view")
def show_progress(work: Work, request: Request, id: Id) -> Response:
    """Say how far it has come; once it has ended the page is drawn anew."""
    view = queries.reconciliation(work, id)
    answer = part("channel/progress.html", progress=views.progress(view, words(request)))
    if view.status not in actions.GOING_ON:
        draw_anew(request, answer)
    return answer


@router.post("/reconciliations/{id}/repair")
@may("reconcile:repair")
def repair(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Ask for the repair of what it found."""
    try:
        with work.connection.begin_nested():
            made = actions.repair(work, id, text(form, "reason"))
    except (Conflict, Invalid) as problem:
        fault = problem.faults[0] if problem.faults else problem
        return goto(
            request, f"/reconciliations/{id}", Flash(f"{fault.message} {fault.remedy}", "warn", fault.rule or "")
        )
    return goto(request, f"/reconciliations/{made}")


def _differences(
    work: Work, view: ReconciliationView, query: str, wanted: Mapping[str, str], cursor: str, words_: Words
) -> views.Differences:
    """Give a page of what was found, the names of what its values point at with it."""
    chosen = {name: value for name, value in wanted.items() if value in FILTERS[name][1]}
    filters: dict[str, Any] = {name: ("eq", value) for name, value in chosen.items()}
    filters["run_id"] = ("eq", view.id)
    if query:
        filters["account_name"] = ("starts", query)
    page = DIFFERENCES.page(work, ListRequest(filters=filters, cursor=cursor, limit=AT_ONCE, with_total=True))
    address = f"/reconciliations/{view.id}"
    asked = {name: value for name, value in {"q": query, **chosen}.items() if value}
    return views.differences(
        page,
        queries.names(work, page.items),
        words_,
        address,
        query,
        [(name, label, options, chosen.get(name, "")) for name, (label, options) in FILTERS.items()],
        lambda at: f"{address}?{urlencode({**asked, 'cursor': at})}" if at else "",
    )
