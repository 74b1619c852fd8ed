"""Undo a handover: what stands in the way first, then all of it or account by account (HND-05, DN-34)."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from tenantry.channel.handovers import actions, queries
from tenantry.channel.handovers.queries import STAYED, HandoverView, RecordResult
from tenantry.channel.handovers.views import FindingView
from tenantry.database import Work
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import Conflict, NotFound
from tenantry.web.http.access import may
from tenantry.web.ui.channel import asking, handover_views as views, places, plan_views, result_views, trail as pages
from tenantry.web.ui.channel.findings import findings, links
from tenantry.web.ui.channel.transfer import Chosen
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import texts
from tenantry.web.ui.ids import Id
from tenantry.web.ui.rendering import render, words
from tenantry.web.ui.views import Cell, Column, Empty, Flash, ListView, Row
from tenantry.web.words import Words

AT_ONCE = 100
LEFT = frozenset({"copied", "kept"})

router = APIRouter()


@router.get("/handovers/{id}/undo")
@may("handover:confirm")
def ask(
    work: Work,
    request: Request,
    id: Id,
    cursor: str = "",
    trail: Annotated[list[str], Query()] = [],  # noqa: B006 - the framework copies it
) -> Response:
    """Show what can be taken back, and what stands in the way of the rest."""
    view = queries.handover_(work, id)
    if not view.actions["undo"]:
        return goto(request, views.url(view), Flash(view.actions["undo"].why, "warn", view.actions["undo"].rule))
    found = queries.obstacles(work, id)
    page = queries.results(work, id, cursor=cursor or None, limit=AT_ONCE + 1)
    written = words(request)
    whole = next((one for one in found if one.stops_all), None)
    copied = view.counts.get("copied", 0) + view.counts.get("kept", 0)
    in_the_way = {id_ for one in found for id_ in one.records}
    # One that is hidden may stand in several findings.
    hidden = sum(one.not_shown for one in found)
    free = written.number(max(copied - len(in_the_way) - hidden, 0))
    return render(
        request,
        "channel/undo.html",
        view=view,
        title=views.title(view),
        unseen=plan_views.unseen(view, written),
        findings=findings(work, found, lambda code: f"/handovers/{id}/obstacles/{code}", view.subject),
        stops=whole,
        list=_list(view, page, found, written, cursor, trail),
        says=asking.undoing(view),
        whole=view.kind == "activate_back_ordering",
        copied=written.number(copied),
        free=f"at least {free}" if hidden else free,
    )


@router.get("/handovers/{id}/obstacles/{code}")
@may("handover:confirm")
def show_obstacle(work: Work, request: Request, id: Id, code: str, place: int = 0) -> Response:
    """Show every account that one thing keeps from being taken back."""
    view = queries.handover_(work, id)
    found = next((one for one in queries.obstacles(work, id) if one.code == code), None)
    if found is None:
        raise NotFound("finding")
    first = max(place, 0)
    return render(
        request,
        "channel/finding.html",
        view=view,
        title=views.title(view),
        found=found,
        links=links(work, found, first, AT_ONCE),
        first=first,
        next=first + AT_ONCE if first + AT_ONCE < len(found.records) else None,
        step=AT_ONCE,
        named=len(found.records),
    )


@router.post("/handovers/{id}/undo")
@may("handover:confirm")
def undo(work: Work, request: Request, id: Id, form: Chosen) -> Response:
    """Undo all of it, or the accounts that were chosen."""
    named = texts(form, "accounts")
    ids = [found for one in named if (found := as_id(one))]
    if not named:
        choose = Flash("Nothing was chosen. Choose some, or undo all.", "bad", "DN-34")
        return goto(request, f"/handovers/{id}/undo", choose)
    try:
        actions.reverse(work, id, None if "all" in named else ids)
    except Conflict as problem:
        return goto(request, f"/handovers/{id}", Flash(f"{problem.message} {problem.remedy}", "warn", problem.rule))
    return goto(request, f"/handovers/{id}", said("It is being undone; what stands in the way stays, with its reason."))


def _list(
    view: HandoverView,
    page: Sequence[RecordResult],
    found: Sequence[FindingView],
    written: Words,
    cursor: str,
    trail: Sequence[str],
) -> ListView:
    here = f"{views.url(view)}/undo"
    kept = {id_: one for one in reversed(found) for id_ in one.records}
    shown, more = page[:AT_ONCE], len(page) > AT_ONCE
    return ListView(
        name="copied",
        url=here,
        columns=(Column("name", view.subject.removesuffix("s").capitalize()), Column("outcome", "Result so far")),
        rows=tuple(_row(one, kept) for one in shown),
        empty=Empty("Nothing was transferred"),
        placeholder=f"Transferred {view.subject}",
        count=f"{written.counted(len(shown), view.subject)} of this handover",
        previous_url=pages.previous_url(here, (), cursor, trail),
        next_url=pages.next_url(here, (), cursor, trail, str(shown[-1].id) if more else None),
        choose="" if view.kind == "activate_back_ordering" else "accounts",
        columns_choosable=False,
    )


def _row(one: RecordResult, kept: Mapping[str, FindingView]) -> Row:
    label, state = result_views.OUTCOMES[one.outcome or STAYED]
    obstacle = kept.get(str(one.id))
    why, rule = "", ""
    if one.outcome not in LEFT:
        why, rule = ("It was taken back already." if one.outcome == "undone" else "It was not transferred."), "DN-34"
    elif obstacle:
        why, rule = f"{obstacle.message} {obstacle.remedy}", obstacle.rule
    number = f"No. {one.number}" if one.number is not None else one.customer
    return Row(
        str(one.id),
        (Cell(one.name or "(gone)", places.url(one.entity, one.id), number), Cell(label, state=state)),
        why=why,
        rule=rule,
    )
