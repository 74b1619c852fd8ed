"""Activities: the list, an activity's page, adding and editing one from whatever it is about (TEN-25, UP-22)."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.crm import actions, queries
from tenantry.crm.lists import ACTIVITIES
from tenantry.crm.new import NewActivity
from tenantry.crm.subjects import TABLES, may_note
from tenantry.database import Work
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import NotFound, Refused
from tenantry.tenancy import queries as tenants
from tenantry.tenancy.api_options import defaults_for_person
from tenantry.web.http.access import may
from tenantry.web.ui import histories
from tenantry.web.ui.crm.activity_head import ALL, EDIT, head
from tenantry.web.ui.crm.sections import ACTIVITY, activity_choices
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, text, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Asking, details, labels, records
from tenantry.web.ui.pages import form_page, form_view, list_page, record_page
from tenantry.web.ui.rendering import part, words
from tenantry.web.ui.sheets import Sheet
from tenantry.web.ui.taking import taken
from tenantry.web.ui.views import Empty, Field, Head, Link, Option, Panel

SHEET = Sheet(
    ACTIVITIES,
    name="activities",
    url="/activities",
    placeholder="Activities",
    title="subject",
    links={"subject": ("/activities/{}", "id"), "account_name": ("/accounts/{}", "account_id")},
    filters={
        "status": "Open or done",
        "kind": "Any kind",
        "about": "About anything",
        "responsible_user_id": "Anyone responsible",
    },
    phone=("status", "due_at"),
    empty=Empty(
        "No activities yet",
        "E-mails, tasks, events, documents and cases appear here. Add them on the page of what they are about.",
        "calendar-event",
    ),
)
PLACES = {
    "account": "/accounts/{}/activities",
    "contact": "/contacts/{}",
    "order": "/orders/{}",
    "subscription": "/subscriptions/{}",
}
router = APIRouter()


@router.get("/activities")
@may("activities:view")
def activities(work: Work, request: Request) -> Response:
    """List the activities."""
    choices = {"responsible_user_id": records(tenants.people(work))}
    return list_page(request, Head("Activities"), SHEET.view(work, request, words(request), choices=choices))


@router.get("/activities.csv")
@may("activities:view")
def export(work: Work, request: Request) -> Response:
    """Give the list as a file."""
    return SHEET.export(work, request)


@router.get("/activities/new")
@may(EDIT)
def new(work: Work, request: Request, about: str = "account", id: str = "", kind: str = "task") -> Response:
    """Ask for an activity about a record."""
    about_id = as_id(id)
    if about not in TABLES or about_id is None:
        raise NotFound("record")
    verdict = may_note(work, about, about_id, kind)
    if not verdict:
        raise Refused(verdict)
    return _new(work, request, about, about_id, kind)


@router.post("/activities/new")
@may(EDIT)
def add(work: Work, request: Request, form: Form) -> Response:
    """Add the activity."""
    about, about_id = text(form, "about"), as_id(text(form, "about_id"))
    if about not in TABLES or about_id is None:
        raise NotFound("record")
    given = taken(form, ACTIVITY, words(request))
    new_ = NewActivity(about=about, about_id=about_id, **given)
    _, faults = attempt(work, lambda: actions.add_activity(work, new_))
    if faults:
        return _new(work, request, about, about_id, given["kind"] or "task", faults, form)
    return goto(request, PLACES[about].format(about_id), said(f"“{given['subject']}” was added."))


@router.get("/activities/{id}")
@may("activities:view")
def activity(work: Work, request: Request, id: Id) -> Response:
    """Show an activity."""
    view, said_ = queries.activity(work, id), words(request)
    about = Field(
        "about",
        "About",
        view.about_name or view.about.capitalize(),
        url=PLACES[view.about].format(view.about_id),
    )
    names = {
        **activity_choices(work),
        "responsible_user_id": [Option(str(view.responsible_user_id), view.responsible_user_name)],
        "permission_rule_id": [Option(str(view.permission_rule_id), view.permission_rule_name)],
    }
    first, second = details(ACTIVITY, vars(view), said_, names)
    main = [Panel(first.title, fields=(about, *first.fields)), Panel(second.title, fields=second.fields)]
    side = [_history(work, request, id)]
    return record_page(request, head(work, view), main, side)


@router.get("/activities/{id}/history")
@may("activities:view")
def its_history(work: Work, request: Request, id: Id, before: str = "") -> Response:
    """Give the lines before those that are shown."""
    queries.activity(work, id)
    return part("page/history.html", view=_history(work, request, id, before))


@router.get("/activities/{id}/edit")
@may(EDIT)
def edit(work: Work, request: Request, id: Id) -> Response:
    """Ask for the changes."""
    return _edit(work, request, id)


@router.post("/activities/{id}/edit")
@may(EDIT)
def save(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Change the activity."""
    changes = taken(form, ACTIVITY, words(request))
    _, faults = attempt(work, lambda: actions.edit_activity(work, id, changes, version=version(form)))
    if faults:
        return _edit(work, request, id, faults, form)
    return goto(request, f"/activities/{id}", said("The activity was saved."))


@router.post("/activities/{id}/finish")
@may(EDIT)
def finish(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Mark it as done."""
    actions.finish(work, id)
    return goto(request, f"/activities/{id}", said("Done."))


@router.post("/activities/{id}/reopen")
@may(EDIT)
def reopen(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Mark it as open again."""
    actions.reopen(work, id)
    return goto(request, f"/activities/{id}", said("It is open again."))


@router.post("/activities/{id}/delete")
@may(EDIT)
def delete(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Delete the activity."""
    view = queries.activity(work, id)
    actions.delete_activity(work, id)
    return goto(request, PLACES[view.about].format(view.about_id), said(f"“{view.subject}” was deleted."))


def _history(work: Work, request: Request, id: UUID, before: str = "") -> Panel:
    found = histories.panel(work, id, words(request), f"/activities/{id}/history", labels(ACTIVITY), before)
    return Panel("History", history=found.history, more_url=found.more_url)


def _new(
    work: Work,
    request: Request,
    about: str,
    about_id: UUID,
    kind: str,
    faults: Faults | None = None,
    typed: FormData | None = None,
) -> Response:
    user, rule = defaults_for_person(work, "activity")
    values = {"kind": kind, "responsible_user_id": user, "permission_rule_id": rule}
    form = form_view(
        ACTIVITY,
        Asking(words(request), values, activity_choices(work), {}, faults or {}, typed),
        url="/activities/new",
        cancel_url=PLACES[about].format(about_id),
        submit="Add activity",
        hidden=(("about", about), ("about_id", str(about_id))),
    )
    return form_page(request, Head("New activity", (ALL,), subtitle=f"About this {about}"), form)


def _edit(
    work: Work, request: Request, id: UUID, faults: Faults | None = None, typed: FormData | None = None
) -> Response:
    view = queries.activity(work, id)
    values: dict[str, Any] = dict(vars(view))
    form = form_view(
        ACTIVITY,
        Asking(words(request), values, activity_choices(work), {}, faults or {}, typed),
        url=f"/activities/{id}/edit",
        cancel_url=f"/activities/{id}",
        version=view.version,
    )
    return form_page(request, Head(f"Edit {view.subject}", (ALL, Link(view.subject, f"/activities/{id}"))), form)
