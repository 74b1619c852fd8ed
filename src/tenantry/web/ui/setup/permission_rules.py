"""Permission rules: whom each names with how much, and for which records it is the default (TEN-21)."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import NotFound
from tenantry.tenancy import groups, permission_rules, queries
from tenantry.tenancy.permission_rules import ACCESS, ENTITIES, Grant, RuleView
from tenantry.web.http.access import may
from tenantry.web.ui.acts import allowed
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, text, texts, version
from tenantry.web.ui.ids import NOWHERE, Id
from tenantry.web.ui.rendering import render
from tenantry.web.ui.setup.drawing import deletes, edits, table_page
from tenantry.web.ui.tables import column, row
from tenantry.web.ui.views import Action, Cell, Empty, Field, Head, Link, Option

EDIT = "users:edit"
ABOVE = Link("Permission Rules", "/setup/permission-rules")
EVERYONE = "everyone"
NAMES = {"read": "Read", "edit": "Edit", "full": "Full access"}
SPARE = 3

router = APIRouter()


@router.get("/setup/permission-rules")
@may("users:view")
def page(work: Work, request: Request) -> Response:
    """List the permission rules."""
    may_edit, names = work.actor.may(EDIT), _names(work)
    rows = [
        row(
            one.id,
            (
                Cell(one.name, url=f"/setup/permission-rules/{one.id}/edit" if may_edit else ""),
                "; ".join(f"{names.get(_who(grant), '?')}: {NAMES[grant.access].lower()}" for grant in one.grants),
                ", ".join(one.default_for).capitalize(),
            ),
            (
                edits(one.id, f"/setup/permission-rules/{one.id}/edit"),
                deletes(one.id, f"/setup/permission-rules/{one.id}/delete", "Only a rule that no record carries goes."),
            )
            if may_edit
            else (),
        )
        for one in permission_rules.permission_rules(work)
    ]
    url = "/setup/permission-rules/new"
    new_ = allowed(Action("new", "New rule", "plus", url, primary=True), work.actor, EDIT)
    columns = (column("Rule"), column("Who gets what", prose=True), column("Default for", prose=True, phone=False))
    subtitle = "Each record carries one; it says who may see and change it. Administrators see everything."
    return table_page(request, "Permission Rules", subtitle, columns, rows, Empty("No rules"), (new_,))


@router.get("/setup/permission-rules/new")
@may(EDIT)
def new(work: Work, request: Request) -> Response:
    """Ask for a rule."""
    return _form(work, request, None)


@router.post("/setup/permission-rules/new")
@may(EDIT)
def create(work: Work, request: Request, form: Form) -> Response:
    """Make the rule."""
    grants, entities = _grants(form), texts(form, "default_for")
    _, faults = attempt(work, lambda: permission_rules.create(work, text(form, "name"), grants, default_for=entities))
    if faults:
        return _form(work, request, None, faults, form)
    return goto(request, ABOVE.url, said("The permission rule was created."))


@router.get("/setup/permission-rules/{id}/edit")
@may(EDIT)
def edit(work: Work, request: Request, id: Id) -> Response:
    """Ask for the changes."""
    return _form(work, request, _one(work, id))


@router.post("/setup/permission-rules/{id}/edit")
@may(EDIT)
def save(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Change the rule, and for which records it is the default."""
    view = _one(work, id)
    added = [entity for entity in texts(form, "default_for") if entity not in view.default_for]

    def act() -> None:
        changes = {"name": text(form, "name"), "grants": _grants(form)}
        permission_rules.edit(work, id, changes, version=version(form))
        if added:
            permission_rules.make_default(work, id, added)

    _, faults = attempt(work, act)
    if faults:
        return _form(work, request, view, faults, form)
    return goto(request, ABOVE.url, said("The permission rule was saved."))


@router.post("/setup/permission-rules/{id}/delete")
@may(EDIT)
def delete(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Delete the rule."""
    permission_rules.delete(work, id)
    return goto(request, ABOVE.url, said("The permission rule was deleted."))


def _one(work: Work, id: UUID) -> RuleView:
    for one in permission_rules.permission_rules(work):
        if one.id == id:
            return one
    raise NotFound("permission rule")


def _names(work: Work) -> Mapping[str, str]:
    people = {f"user:{one.id}": one.name for one in queries.people(work)}
    return {EVERYONE: "Everyone", **{f"group:{one.id}": one.name for one in groups.groups(work)}, **people}


def _who(grant: Grant) -> str:
    if grant.user_id:
        return f"user:{grant.user_id}"
    return f"group:{grant.group_id}" if grant.group_id else EVERYONE


def _grants(form: FormData) -> list[Grant]:
    """Read the lines that name somebody."""
    found = []
    for who, access in zip(form.getlist("who"), form.getlist("access"), strict=False):
        kind, _, id = str(who).partition(":")
        if not kind:
            continue
        named = as_id(id) or NOWHERE
        found.append(
            Grant(
                str(access),  # type: ignore[arg-type]
                user_id=named if kind == "user" else None,
                group_id=named if kind == "group" else None,
            )
        )
    return found


def _form(
    work: Work,
    request: Request,
    view: RuleView | None,
    faults: Faults | None = None,
    typed: FormData | None = None,
) -> Response:
    wrong = faults or Faults()
    name = text(typed, "name") if typed is not None else view.name if view else ""
    grants: Sequence[Grant] = _grants(typed) if typed is not None else view.grants if view else ()
    defaults = texts(typed, "default_for") if typed is not None else list(view.default_for) if view else []
    blank: list[tuple[str, str]] = [("", "read")] * SPARE
    return render(
        request,
        "setup/permission_rule.html",
        status=422 if wrong else 200,
        head=Head(f"Edit {view.name}" if view else "New permission rule", (ABOVE,)),
        url=f"/setup/permission-rules/{view.id}/edit" if view else "/setup/permission-rules/new",
        back=ABOVE.url,
        version=view.version if view else None,
        fields=(
            Field("name", "Name", name, required=True, error=wrong.get("name"), autocomplete="off"),
            Field(
                "default_for",
                "Default for new",
                kind="checks",
                options=[Option(entity, f"{entity.capitalize()}s".replace("ys", "ies")) for entity in ENTITIES],
                chosen=defaults,
                error=wrong.get("default_for"),
                help="A rule stops being the default when another becomes it.",
            ),
        ),
        lines=[*((_who(grant), grant.access) for grant in grants), *blank],
        people=[Option("", "Nobody"), *(Option(who, said_) for who, said_ in _names(work).items())],
        accesses=[Option(word, NAMES[word]) for word in ACCESS],
        faults=[error for where, error in wrong.items() if where not in {"name", "default_for"}],
    )
