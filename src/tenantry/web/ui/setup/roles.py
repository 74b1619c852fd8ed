"""Roles: the list, and a role's permissions as a matrix of areas and verbs (TEN-20)."""

from collections.abc import Sequence
from itertools import groupby

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.kernel.problems import NotFound
from tenantry.tenancy import roles
from tenantry.tenancy.permissions import EVERYTHING, PERMISSIONS
from tenantry.tenancy.roles import RoleView
from tenantry.web.http.access import may
from tenantry.web.ui.acts import allowed
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, text, texts, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.rendering import render
from tenantry.web.ui.setup.drawing import deletes, edits, table_page
from tenantry.web.ui.tables import column, row
from tenantry.web.ui.views import Action, Cell, Empty, Field, Head, Link

EDIT = "users:edit"
ABOVE = Link("Roles", "/setup/roles")

router = APIRouter()


@router.get("/setup/roles")
@may("users:view")
def page(work: Work, request: Request) -> Response:
    """List the roles."""
    may_edit = work.actor.may(EDIT)
    columns = (column("Role"), column("May", prose=True), column("Users", number=True))
    rows = [
        row(
            one.id,
            (
                Cell(one.name, url=f"/setup/roles/{one.id}/edit" if may_edit else ""),
                summary(one.permissions),
                f"{one.users:,}",
            ),
            _buttons(one) if may_edit else (),
        )
        for one in roles.roles(work)
    ]
    new_ = allowed(Action("new", "New role", "plus", "/setup/roles/new", primary=True), work.actor, EDIT)
    subtitle = "What the people of this organisation may do."
    return table_page(request, "Roles", subtitle, columns, rows, Empty("No roles"), (new_,))


@router.get("/setup/roles/new")
@may(EDIT)
def new(work: Work, request: Request) -> Response:  # noqa: ARG001 - one has to be allowed
    """Ask for a role."""
    return _form(request, None)


@router.post("/setup/roles/new")
@may(EDIT)
def create(work: Work, request: Request, form: Form) -> Response:
    """Make the role."""
    _, faults = attempt(work, lambda: roles.create(work, text(form, "name"), texts(form, "permissions")))
    if faults:
        return _form(request, None, faults, form)
    return goto(request, ABOVE.url, said("The role was created."))


@router.get("/setup/roles/{id}/edit")
@may(EDIT)
def edit(work: Work, request: Request, id: Id) -> Response:
    """Ask for the changes."""
    return _form(request, _one(work, id))


@router.post("/setup/roles/{id}/edit")
@may(EDIT)
def save(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Change the role."""
    changes = {"name": text(form, "name"), "permissions": texts(form, "permissions")}
    _, faults = attempt(work, lambda: roles.edit(work, id, changes, version=version(form)))
    if faults:
        return _form(request, _one(work, id), faults, form)
    return goto(request, ABOVE.url, said("The role was saved."))


@router.post("/setup/roles/{id}/delete")
@may(EDIT)
def delete(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Delete the role."""
    roles.delete(work, id)
    return goto(request, ABOVE.url, said("The role was deleted."))


def summary(words: Sequence[str]) -> str:
    """Say in a line what permissions allow."""
    if EVERYTHING in words:
        return "Everything"
    return ", ".join(
        f"{_area(area)} ({', '.join(word.partition(':')[2] for word in its)})"
        for area, its in groupby(words, lambda word: word.partition(":")[0])
    )


def matrix() -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Give every area with its permissions: word, verb, sentence."""
    return [
        (_area(area), [(word, word.partition(":")[2].capitalize(), PERMISSIONS[word]) for word in words])
        for area, words in groupby(PERMISSIONS, lambda word: word.partition(":")[0])
    ]


def _area(area: str) -> str:
    return area.replace("_", " ").capitalize()


def _one(work: Work, id: Id) -> RoleView:
    for one in roles.roles(work):
        if one.id == id:
            return one
    raise NotFound("role")


def _buttons(one: RoleView) -> Sequence[Action]:
    base = f"/setup/roles/{one.id}"
    return (edits(one.id, f"{base}/edit"), deletes(one.id, f"{base}/delete", "Only a role that nobody holds goes."))


def _form(
    request: Request, view: RoleView | None, faults: Faults | None = None, typed: FormData | None = None
) -> Response:
    wrong = faults or Faults()
    name = text(typed, "name") if typed is not None else view.name if view else ""
    chosen = texts(typed, "permissions") if typed is not None else view.permissions if view else ()
    field = Field("name", "Name", name, required=True, error=wrong.get("name"), autocomplete="off")
    return render(
        request,
        "setup/role.html",
        status=422 if wrong else 200,
        head=Head(f"Edit {view.name}" if view else "New role", (ABOVE,)),
        url=f"/setup/roles/{view.id}/edit" if view else "/setup/roles/new",
        back=ABOVE.url,
        version=view.version if view else None,
        field=field,
        everything=EVERYTHING,
        matrix=matrix(),
        chosen=chosen,
        faults=[error for where, error in wrong.items() if where != "name"],
    )
