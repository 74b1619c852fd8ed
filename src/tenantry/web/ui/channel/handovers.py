"""The list of handovers, and the page of one at every point of its life, under one address."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from tenantry.channel.handovers import queries
from tenantry.channel.handovers.lists import HANDOVERS
from tenantry.channel.handovers.queries import HandoverView
from tenantry.channel.tenant_resellers import queries as resellers
from tenantry.database import Work
from tenantry.kernel.problems import NotFound
from tenantry.web.http.access import may
from tenantry.web.ui.channel import asking, handover_views as views, plan_views, result_views
from tenantry.web.ui.channel.findings import findings, links
from tenantry.web.ui.channel.previews import only, records, verdict_of
from tenantry.web.ui.flashes import draw_anew
from tenantry.web.ui.ids import Id
from tenantry.web.ui.pages import list_page
from tenantry.web.ui.rendering import part, render, words
from tenantry.web.ui.sheets import Sheet
from tenantry.web.ui.views import Action, Empty, Head, Option, Preview, PreviewGroup

PAGE = 20
RESULTS = 50
NAMED = 100

SHEET = Sheet(
    HANDOVERS,
    name="handovers",
    url="/handovers",
    placeholder="Search handovers",
    title="kind",
    links={"kind": ("/handovers/{}", "id"), "reseller": ("/tenant-resellers/{}", "tenant_reseller_id")},
    filters={"status": "Any status", "tenant_reseller_id": "Any tenant reseller"},
    phone=("status",),
    hidden=("label",),
    notes={"kind": "label"},
    empty=Empty(
        "No handovers yet",
        "A handover moves customers between tenants: planned, looked at field by field, confirmed, run, and undone "
        "where the rules allow it. Open a tenant reseller and choose Transfer Accounts.",
        "transfer",
        Action("resellers", "Tenant Resellers", "building-community", "/tenant-resellers", primary=True),
    ),
)

router = APIRouter()


@router.get("/handovers")
@may("handover:view")
def show_all(work: Work, request: Request) -> Response:
    """Show the handovers, the latest first."""
    found = resellers.all_(work) if work.actor.may("tenant_resellers:view") else ()
    choices = {"tenant_reseller_id": [Option(str(one.id), one.name) for one in found]}
    view = SHEET.view(work, request, words(request), choices=choices)
    return list_page(request, Head("Handovers"), view)


@router.get("/handovers.csv")
@may("handover:view")
def export_all(work: Work, request: Request) -> Response:
    """Give the list as a file."""
    return SHEET.export(work, request)


@router.get("/handovers/{id}")
@may("handover:view")
def show(
    work: Work,
    request: Request,
    id: Id,
    verdict: str = "",
    outcome: str = "",
    q: str = "",
    cursor: str = "",
    trail: Annotated[list[str], Query()] = [],  # noqa: B006 - the framework copies it
) -> Response:
    """Show a handover as it stands: the plan, the run, or the record."""
    view = queries.handover_(work, id)
    if view.status in views.PLANNING | views.RUNNING:
        return _running(request, view)
    if view.status in views.SEEN | views.WAITING:
        return _plan(work, request, view, verdict, q, cursor, trail)
    return _record(work, request, view, outcome, q, cursor, trail)


@router.get("/handovers/{id}/progress")
@may("handover:view")
def show_progress(work: Work, request: Request, id: Id) -> Response:
    """Say how far it has come; once it has ended the page is drawn anew."""
    view = queries.handover_(work, id)
    answer = part("channel/progress.html", progress=views.progress(view, words(request)))
    if view.status not in views.PLANNING | views.RUNNING:
        draw_anew(request, answer)
    return answer


@router.get("/handovers/{id}/preview")
@may("handover:view")
def show_preview(
    work: Work,
    request: Request,
    id: Id,
    verdict: str = "",
    q: str = "",
    cursor: str = "",
    trail: Annotated[list[str], Query()] = [],  # noqa: B006 - the framework copies it
) -> Response:
    """Show the preview of a handover that has run, as it went."""
    view = queries.handover_(work, id)
    unseen = plan_views.unseen(view, words(request))
    shown = _preview(work, request, view, verdict, q, cursor, trail, "/preview")
    return render(request, "channel/preview.html", view=view, title=views.title(view), preview=shown, unseen=unseen)


@router.get("/handovers/{id}/records/{record}")
@may("handover:view")
def show_record(work: Work, request: Request, id: Id, record: Id) -> Response:
    """Show what becomes of one account, row by row; a part of the page for htmx, a page of its own otherwise."""
    view = queries.handover_(work, id)
    found = only(queries.preview(work, id, record=record).items, record)
    if found is None:
        raise NotFound("record")
    rows = records(found, words(request))
    group = PreviewGroup(str(record), found.name, verdict_of(found), rows)
    sides = Preview(_giver(request), view.reseller_name, (group,))
    if "hx-request" in request.headers:
        return part("channel/records.html", group=group, view=sides)
    return render(request, "channel/record.html", view=view, title=views.title(view), group=group, sides=sides)


@router.get("/handovers/{id}/findings/{code}")
@may("handover:view")
def show_finding(work: Work, request: Request, id: Id, code: str, place: int = 0) -> Response:
    """Show every account that a finding is about."""
    view = queries.handover_(work, id)
    found = next((one for one in view.findings if one.code == code), None)
    if found is None:
        raise NotFound("finding")
    first = max(place, 0)
    return render(
        request,
        "channel/finding.html",
        view=view,
        title=views.title(view),
        found=found,
        links=links(work, found, first, NAMED),
        first=first,
        next=first + NAMED if first + NAMED < len(found.records) else None,
        step=NAMED,
        named=len(found.records),
    )


def _running(request: Request, view: HandoverView) -> Response:
    written = words(request)
    return render(
        request,
        "channel/running.html",
        view=view,
        title=views.title(view),
        subtitle=plan_views.subtitle(view, written),
        steps=views.steps_of(view) if view.status != "undoing" else (),
        progress=views.progress(view, written),
        actions=views.actions(view, request.state.signed.actor),
        cancelling=view.cancel_asked,
        stays=plan_views.what_stays(view, written),
    )


def _plan(
    work: Work, request: Request, view: HandoverView, verdict: str, q: str, cursor: str, trail: list[str]
) -> Response:
    written = words(request)
    return render(
        request,
        "channel/plan.html",
        view=view,
        title=views.title(view),
        subtitle=plan_views.subtitle(view, written),
        steps=views.steps_of(view),
        back_url=views.back_url(view),
        stats=views.plan_stats(view, written),
        findings=findings(work, view.findings, lambda code: f"/handovers/{view.id}/findings/{code}", view.subject),
        preview=_preview(work, request, view, verdict, q, cursor, trail),
        unseen=plan_views.unseen(view, written),
        confirm=plan_views.confirm(view, work.actor, written),
        withdraw=plan_views.withdraw(work.actor),
        actions=views.actions(view, work.actor),
        asks=asking.confirming(view, written),
        zone=request.state.signed.time_zone,
    )


def _record(
    work: Work, request: Request, view: HandoverView, outcome: str, q: str, cursor: str, trail: list[str]
) -> Response:
    written = words(request)
    wanted = outcome if outcome in result_views.OUTCOMES else ""
    found = queries.results(work, view.id, cursor=cursor or None, limit=RESULTS + 1, outcome=wanted or None, search=q)
    return render(
        request,
        "channel/handover.html",
        view=view,
        title=views.title(view),
        subtitle=plan_views.subtitle(view, written),
        actions=views.actions(view, work.actor),
        stats=result_views.result_stats(view, written),
        results=result_views.results(
            view, found, outcome=wanted, query=q, cursor=cursor, back=trail, many=RESULTS, words=written
        ),
        unseen=plan_views.unseen(view, written),
        findings=findings(work, view.findings, lambda code: f"/handovers/{view.id}/findings/{code}", view.subject),
        moments=views.moments(view, written),
    )


def _preview(
    work: Work,
    request: Request,
    view: HandoverView,
    verdict: str,
    q: str,
    cursor: str,
    trail: list[str],
    path: str = "",
) -> Preview:
    wanted = verdict if verdict in views.VERDICTS else ""
    page = queries.preview(work, view.id, cursor=cursor or None, limit=PAGE, verdict=wanted or None, search=q)
    return plan_views.preview(view, page, words(request), _giver(request), wanted, q, cursor, trail, path)


def _giver(request: Request) -> str:
    return str(request.state.signed.tenant_name)
