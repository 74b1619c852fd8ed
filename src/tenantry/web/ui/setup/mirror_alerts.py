"""From when on somebody is told that a mirror is not in step (UP-43, UP-45)."""

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.channel.health import thresholds
from tenantry.database import Work
from tenantry.web.http.access import may
from tenantry.web.ui.acts import allowed
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, text
from tenantry.web.ui.inputs import Input, Section, details
from tenantry.web.ui.pages import record_page
from tenantry.web.ui.rendering import words
from tenantry.web.ui.setup.drawing import KIND, setup_form
from tenantry.web.ui.views import Action, Head, Link, Panel

ABOVE = Link("Mirror Alerts", "/setup/mirror-alerts")
SECTIONS = (
    Section(
        "Somebody is told when",
        (
            Input("lag_seconds", "the oldest message waits for so many seconds", "number", required=True),
            Input("waiting", "so many messages wait", "number", required=True),
            Input("set_aside", "so many messages are set aside", "number", required=True),
            Input("compared_days", "both tiers were not compared for so many days", "number", required=True),
        ),
    ),
)

router = APIRouter()


@router.get("/setup/mirror-alerts")
@may("setup:view")
def page(work: Work, request: Request) -> Response:
    """Show from when on somebody is told."""
    [section] = details(SECTIONS, vars(thresholds.thresholds(work)), words(request), {})
    edit_ = allowed(Action("edit", "Edit", "pencil", "/setup/mirror-alerts/edit"), work.actor, "setup:edit")
    says = "They stand on the home page and with the mirrors; the figures are in the metrics, too."
    head = Head("Mirror Alerts", kind=KIND, subtitle=says, actions=(edit_,))
    return record_page(request, head, [Panel(section.title, fields=section.fields)])


@router.get("/setup/mirror-alerts/edit")
@may("setup:edit")
def edit(work: Work, request: Request) -> Response:
    """Ask for the changes."""
    return _form(work, request)


@router.post("/setup/mirror-alerts/edit")
@may("setup:edit")
def save(work: Work, request: Request, form: Form) -> Response:
    """Change them."""
    typed = {name: text(form, name) for name in thresholds.Thresholds.__dataclass_fields__}
    changes = {name: int(value) if value.isascii() and value.isdigit() else value for name, value in typed.items()}
    _, faults = attempt(work, lambda: thresholds.set_up(work, changes))
    if faults:
        return _form(work, request, faults, form)
    return goto(request, ABOVE.url, said("The alerts were saved."))


def _form(work: Work, request: Request, faults: Faults | None = None, typed: FormData | None = None) -> Response:
    return setup_form(
        request,
        "Edit the alerts of mirrors",
        ABOVE,
        SECTIONS,
        vars(thresholds.thresholds(work)),
        url="/setup/mirror-alerts/edit",
        faults=faults,
        typed=typed,
    )
