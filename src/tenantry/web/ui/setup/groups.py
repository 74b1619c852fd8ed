"""Groups of users, which permission rules may name (TEN-21)."""

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import NotFound
from tenantry.tenancy import groups, queries
from tenantry.tenancy.groups import GroupView
from tenantry.web.http.access import may
from tenantry.web.ui.acts import allowed
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, text, texts, version
from tenantry.web.ui.ids import NOWHERE, Id
from tenantry.web.ui.inputs import Input, Section, records
from tenantry.web.ui.setup.drawing import deletes, edits, setup_form, table_page
from tenantry.web.ui.tables import column, row
from tenantry.web.ui.views import Action, Cell, Empty, Link

EDIT = "users:edit"
ABOVE = Link("Groups", "/setup/groups")
SECTIONS = (Section("Group", (Input("name", "Name", required=True), Input("user_ids", "Members", "checks"))),)

router = APIRouter()


@router.get("/setup/groups")
@may("users:view")
def page(work: Work, request: Request) -> Response:
    """List the groups."""
    may_edit = work.actor.may(EDIT)
    rows = [
        row(
            one.id,
            (
                Cell(one.name, url=f"/setup/groups/{one.id}/edit" if may_edit else ""),
                ", ".join(member.name for member in one.members),
            ),
            (
                edits(one.id, f"/setup/groups/{one.id}/edit"),
                deletes(one.id, f"/setup/groups/{one.id}/delete", "Its members stay; only the group goes."),
            )
            if may_edit
            else (),
        )
        for one in groups.groups(work)
    ]
    new_ = allowed(Action("new", "New group", "plus", "/setup/groups/new", primary=True), work.actor, EDIT)
    empty = Empty(
        "No groups yet", "Permission rules may name a group instead of each of its members.", "users-group", new_
    )
    columns = (column("Group"), column("Members", prose=True))
    return table_page(request, "Groups", "People whom permission rules name together.", columns, rows, empty, (new_,))


@router.get("/setup/groups/new")
@may(EDIT)
def new(work: Work, request: Request) -> Response:
    """Ask for a group."""
    return _form(work, request, None)


@router.post("/setup/groups/new")
@may(EDIT)
def create(work: Work, request: Request, form: Form) -> Response:
    """Make the group."""
    members = [as_id(one) or NOWHERE for one in texts(form, "user_ids")]
    _, faults = attempt(work, lambda: groups.create(work, text(form, "name"), members))
    if faults:
        return _form(work, request, None, faults, form)
    return goto(request, ABOVE.url, said("The group was created."))


@router.get("/setup/groups/{id}/edit")
@may(EDIT)
def edit(work: Work, request: Request, id: Id) -> Response:
    """Ask for the changes."""
    return _form(work, request, _one(work, id))


@router.post("/setup/groups/{id}/edit")
@may(EDIT)
def save(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Change the group."""
    members = [as_id(one) or NOWHERE for one in texts(form, "user_ids")]
    changes = {"name": text(form, "name"), "user_ids": members}
    _, faults = attempt(work, lambda: groups.edit(work, id, changes, version=version(form)))
    if faults:
        return _form(work, request, _one(work, id), faults, form)
    return goto(request, ABOVE.url, said("The group was saved."))


@router.post("/setup/groups/{id}/delete")
@may(EDIT)
def delete(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Delete the group."""
    groups.delete(work, id)
    return goto(request, ABOVE.url, said("The group was deleted."))


def _one(work: Work, id: Id) -> GroupView:
    for one in groups.groups(work):
        if one.id == id:
            return one
    raise NotFound("group")


def _form(
    work: Work,
    request: Request,
    view: GroupView | None,
    faults: Faults | None = None,
    typed: FormData | None = None,
) -> Response:
    return setup_form(
        request,
        f"Edit {view.name}" if view else "New group",
        ABOVE,
        SECTIONS,
        {"name": view.name, "user_ids": [one.id for one in view.members]} if view else {},
        url=f"/setup/groups/{view.id}/edit" if view else "/setup/groups/new",
        choices={"user_ids": records(queries.people(work))},
        faults=faults,
        typed=typed,
        version=view.version if view else None,
    )
