"""Suspend, resume and close a tenant reseller, each from a pop-up that says first what follows (TEN-07)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tenantry.channel.tenant_resellers import queries, standing
from tenantry.channel.tenant_resellers.effects import EFFECTS, Act, Effect, effects
from tenantry.channel.tenant_resellers.queries import TenantResellerView
from tenantry.database import Work
from tenantry.kernel.problems import NotFound
from tenantry.web.http.access import may
from tenantry.web.ui.acts import asks_why
from tenantry.web.ui.channel import reseller_views as views
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Form, attempt, text
from tenantry.web.ui.ids import Id
from tenantry.web.ui.rendering import part, words
from tenantry.web.ui.views import Dialog, Flash
from tenantry.web.words import Words

router = APIRouter()

DOES = {
    "suspend": (standing.suspend, "{name} is suspended."),
    "resume": (standing.resume, "{name} was resumed: {state}."),
    "close": (standing.close, "{name} is closed."),
}


@dataclass(frozen=True)
class Line:
    """One effect as the pop-up shows it."""

    count: str
    says: str
    remedy: str
    stops: bool


def dialogs(one: TenantResellerView) -> Sequence[Dialog]:
    """Give the pop-ups of the acts that he allows now."""
    url = views.url(one.id)
    asked = (
        asks_why(
            "suspend",
            f"Suspend {one.name}?",
            f"{url}/suspend",
            "Suspend",
            "You can resume him at any time.",
            danger=True,
        ),
        asks_why("resume", f"Resume {one.name}?", f"{url}/resume", "Resume", "He is then what he was before."),
        asks_why(
            "close", f"Close {one.name} for good?", f"{url}/close", "Close", "This cannot be taken back.", danger=True
        ),
    )
    return [replace(ask, preview_url=f"{url}/previews/{ask.id}", foretold=True) for ask in asked if one.actions[ask.id]]


@router.post("/tenant-resellers/{id}/previews/{act}")
@may("tenant_resellers:view")
def preview(work: Work, request: Request, id: Id, act: str, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Show what would follow, before it is confirmed."""
    found = effects(work, id, _known(act))
    lines = [_line(one, words(request)) for one in found]
    return part("channel/effects.html", lines=lines, stops=any(one.stops for one in lines))


@router.post("/tenant-resellers/{id}/suspend")
@may("tenant_resellers:edit")
def suspend(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Suspend him."""
    return _become(work, request, id, form, "suspend")


@router.post("/tenant-resellers/{id}/resume")
@may("tenant_resellers:edit")
def resume(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Resume him."""
    return _become(work, request, id, form, "resume")


@router.post("/tenant-resellers/{id}/close")
@may("tenant_resellers:edit")
def close(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Close him."""
    return _become(work, request, id, form, "close")


def _become(work: Work, request: Request, id: Id, form: Form, act: str) -> Response:
    do, became = DOES[act]
    _, faults = attempt(work, lambda: do(work, id, because=text(form, f"{act}-because")))
    if faults:
        wrong = next(iter(faults.values()))
        return goto(request, views.url(id), Flash(wrong.message, "bad", wrong.rule))
    one = queries.tenant_reseller_(work, id)
    return goto(request, views.url(id), said(became.format(name=one.name, state=views.STATES[one.state].lower())))


def _known(act: str) -> Act:
    for known in EFFECTS:
        if act == known:
            return known
    raise NotFound("act")


def _line(one: Effect, words: Words) -> Line:
    count = "" if one.count is None else f"{words.number(one.count)} {one.things}"
    return Line(count, words.sentence(one.says), words.sentence(one.remedy), one.stops)
