"""The list of tenant resellers, the page of one, its settings, and its creation while it goes on (TEN-05)."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tenantry.channel.handovers import queries as handovers
from tenantry.channel.tenant_resellers import actions, queries
from tenantry.database import Work
from tenantry.kernel.problems import Stale
from tenantry.web.http.access import may
from tenantry.web.ui import histories
from tenantry.web.ui.channel import handover_views, reseller_views as views, standing
from tenantry.web.ui.flashes import draw_anew, goto, said
from tenantry.web.ui.forms import Form, text, ticked, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.rendering import part, render, signed_in, words
from tenantry.web.ui.views import Flash

LATEST = 5
LABELS = {
    "separate_invoices": "Separate invoices",
    "credit_checked": "Credit is checked before provisioning",
    "state": "State",
}

router = APIRouter()


@router.get("/tenant-resellers")
@may("tenant_resellers:view")
def show_all(work: Work, request: Request, q: str = "", state: str = "") -> Response:
    """Show all tenant resellers."""
    found = queries.all_(work)
    view = views.listed(found, words(request), work.actor, q, state)
    may_create = work.actor.may("tenant_resellers:edit")
    return render(request, "channel/resellers.html", view=view, may_create=may_create)


@router.get("/tenant-resellers/{id}")
@may("tenant_resellers:view")
def show(work: Work, request: Request, id: Id) -> Response:
    """Show one: while it is created its progress, then its counts, settings and latest handovers."""
    one = queries.tenant_reseller_(work, id)
    written = words(request)
    actor = signed_in(request).actor
    recent = handovers.recent(work, tenant_reseller_id=id, limit=LATEST) if actor.may("handover:view") else ()
    return render(
        request,
        "channel/reseller.html",
        one=one,
        state=views.STATES[one.state],
        sells=views.SELLS[one.state],
        stands=views.stands(one, written),
        created=written.date(one.created_at),
        actions=views.actions(one, actor),
        shortcuts=views.shortcuts(one, actor),
        stats=views.stats(one, written),
        fields=views.fields(one, written),
        moments=views.moments(one, written),
        creation=views.creation(one),
        steps=views.creation_steps(one, written),
        handovers=handover_views.short_list(recent, written),
        history=histories.panel(work, id, written, f"{views.url(id)}/history", LABELS),
        dialogs=standing.dialogs(one),
    )


@router.get("/tenant-resellers/{id}/creation")
@may("tenant_resellers:view")
def show_creation(work: Work, request: Request, id: Id) -> Response:
    """Say how far the creation has come; once it has ended, or stopped, the page is drawn anew."""
    one = queries.tenant_reseller_(work, id)
    answer = part(
        "channel/creation.html",
        creation=views.creation(one),
        steps=views.creation_steps(one, words(request)),
    )
    if one.state != "creating" or one.problem:
        draw_anew(request, answer)
    return answer


@router.get("/tenant-resellers/{id}/history")
@may("tenant_resellers:view")
def show_history(work: Work, request: Request, id: Id, before: str = "") -> Response:
    """Show the lines before those that are shown."""
    one = queries.tenant_reseller_(work, id)
    view = histories.panel(work, one.id, words(request), f"{views.url(id)}/history", LABELS, before)
    return part("page/history.html", view=view)


@router.post("/tenant-resellers/{id}/creation")
@may("tenant_resellers:edit")
def retry(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - read for its token
    """Try a creation that stopped again."""
    actions.retry(work, id)
    return goto(request, views.url(id), said("It goes on from the step at which it stopped."))


@router.post("/tenant-resellers/{id}/settings")
@may("tenant_resellers:edit")
def edit_settings(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Change the settings, for accounts to come or for all."""
    for_all = text(form, "for_accounts") == "all"
    checked = ticked(form, "credit_checked")
    try:
        actions.edit_settings(
            work,
            id,
            separate_invoices=ticked(form, "separate_invoices"),
            for_accounts="all" if for_all else "new",
            # As it was shown: nothing was decided.
            credit_checked=None if checked == queries.tenant_reseller_(work, id).credit_checked else checked,
            version=version(form),
        )
    except Stale as problem:
        return goto(request, views.url(id), Flash(f"{problem.message} {problem.remedy}", "warn", problem.rule))
    where = "for all accounts" if for_all else "for accounts to come"
    return goto(request, views.url(id), said(f"Saved, {where}."))


def _version(given: str) -> int | None:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None  # noqa: PLR2004 - an integer's digits
