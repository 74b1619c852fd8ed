"""Confirm a plan by the digest that was seen, or let it go, or stop its run (HND-02, HND-03)."""

from datetime import datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tenantry.channel.handovers import actions, queries
from tenantry.channel.handovers.actions import Replanned
from tenantry.database import Work
from tenantry.kernel.problems import Conflict, Fault, Invalid
from tenantry.web.http.access import may
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Form, text
from tenantry.web.ui.ids import Id
from tenantry.web.ui.rendering import words
from tenantry.web.ui.views import Flash
from tenantry.web.words import Words

NEW_PLAN = "Nothing was run: this is the new plan."
STOPS = "It stops after what is in hand."

router = APIRouter()


@router.post("/handovers/{id}/confirmation")
@may("handover:confirm")
def confirm(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Confirm the plan that was seen, now or for a moment; when the world has changed, show the new plan and say so."""
    here, written = f"/handovers/{id}", words(request)
    try:
        at = _moment(text(form, "at"), written)
        actions.confirm(
            work, id, text(form, "digest"), at=at, reason=text(form, "reason") if "reason" in form else None
        )
    except Replanned as problem:
        return goto(request, here, Flash(f"{problem.message} {NEW_PLAN}", "warn", problem.rule))
    except Invalid as problem:
        return goto(request, here, *(Flash(f"{one.message} {one.remedy}", "bad", one.rule) for one in problem.faults))
    except Conflict as problem:
        if problem.code != "stale-digest":
            raise
        return goto(request, here, Flash(f"The plan was made anew since you looked. {NEW_PLAN}", "warn", problem.rule))
    when = f"on {written.moment(at)}" if at else "now"
    return goto(request, here, said(f"Confirmed. It runs {when}."))


@router.post("/handovers/{id}/cancellation")
@may("handover:confirm")
def cancel(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - read for its token
    """Let a plan go, or stop a run after the chunk in hand."""
    before = queries.handover_(work, id)
    actions.cancel(work, id)
    if before.status == "running":
        return goto(request, f"/handovers/{id}", Flash(STOPS, "warn", "HND-03"))
    if before.status in {"planning", "planned"}:
        return goto(request, f"/tenant-resellers/{before.tenant_reseller_id}", said("The plan was withdrawn."))
    return goto(request, f"/handovers/{id}", said("It was cancelled before anything was run."))


def _moment(given: str, written: Words) -> datetime | None:
    """Read a moment as it was typed, in the tenant's time zone."""
    if not given:
        return None
    try:
        typed = datetime.fromisoformat(given)
    except ValueError:
        raise Invalid(Fault("at", "This is no date and time.", "HND-03", "Leave it empty to start at once.")) from None
    return typed.replace(tzinfo=written.zone) if typed.tzinfo is None else typed
