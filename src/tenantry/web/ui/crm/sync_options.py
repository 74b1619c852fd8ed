"""What ties an account to outside systems, on its page (UP-09)."""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.crm import queries
from tenantry.crm.queries import AccountView
from tenantry.database import Work
from tenantry.kernel.problems import NotFound, Refused
from tenantry.provisioning import actions
from tenantry.provisioning.queries import SyncOptionView, sync_options, systems
from tenantry.provisioning.sync_options import STATUSES, NewSyncOption
from tenantry.rules.policy import SyncOption
from tenantry.tenancy import queries as tenants
from tenantry.web.http.access import may
from tenantry.web.ui.acts import Button, allowed, drawn, refused
from tenantry.web.ui.crm.account_head import dialogs, head, ribbon
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Asking, Input, Section, named, records
from tenantry.web.ui.pages import form_page, form_view, record_page
from tenantry.web.ui.rendering import words
from tenantry.web.ui.taking import taken
from tenantry.web.ui.views import Action, Empty, Field, Head, Link, Panel

EDIT = "accounts:edit"
AT = "/accounts/{account}/sync-options"
BUTTONS = (
    Button("edit", "pencil", f"{AT}/{{id}}/edit", permission=EDIT),
    Button(
        "delete", "trash", f"{AT}/{{id}}/delete", "post", EDIT, confirm="Nothing is changed in the system over there."
    ),
)
NAMES = {status: status.replace("_", " ").capitalize() for status in STATUSES}
SECTIONS = (
    Section(
        "Sync option",
        (
            Input("system_id", "Provisioning system", "select", required=True),
            Input("external_id", "External id", help="By what the system knows this account."),
            Input("status", "Status", "select", required=True),
        ),
    ),
)
CHANGEABLE = (Section("Sync option", SECTIONS[0].inputs[1:]),)

router = APIRouter()


@router.get("/accounts/{id}/sync-options")
@may("accounts:view")
def page(work: Work, request: Request, id: Id) -> Response:
    """Show the ties of an account."""
    view = queries.account(work, id)
    found = sync_options(work, id)
    add = _add(work, view)
    panels = [_panel(work, view, one) for one in found]
    if not panels:
        text = "A sync option ties the account to an outside system that delivers what it buys."
        panels = [Panel(empty=Empty("Not tied to any system", text, "plug", add))]
    else:
        panels.insert(0, Panel(actions=[add]))
    return record_page(request, head(view, work.actor, words(request), "Sync Options"), panels, (), dialogs(view))


@router.get("/accounts/{id}/sync-options/new")
@may(EDIT)
def new(work: Work, request: Request, id: Id) -> Response:
    """Ask for a tie."""
    view = queries.account(work, id)
    add = _add(work, view)
    if not add.allowed:
        raise Refused(SyncOption.verdict("edit", view, live=tenants.is_live(work)))
    return _form(work, request, view, None)


@router.post("/accounts/{id}/sync-options/new")
@may(EDIT)
def create(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Tie the account."""
    given = taken(form, SECTIONS, words(request))
    _, faults = attempt(work, lambda: actions.add_sync_option(work, id, NewSyncOption(**given)))
    if faults:
        return _form(work, request, queries.account(work, id), None, faults, form)
    return goto(request, f"/accounts/{id}/sync-options", said("The sync option was added."))


@router.get("/accounts/{account}/sync-options/{id}/edit")
@may(EDIT)
def edit(work: Work, request: Request, account: Id, id: Id) -> Response:
    """Ask for the changes."""
    one = _of(work, account, id)
    if not one.actions["edit"]:
        raise Refused(one.actions["edit"])
    return _form(work, request, queries.account(work, account), one)


@router.post("/accounts/{account}/sync-options/{id}/edit")
@may(EDIT)
def save(work: Work, request: Request, account: Id, id: Id, form: Form) -> Response:
    """Change the tie."""
    changes = taken(form, CHANGEABLE, words(request))
    _, faults = attempt(work, lambda: actions.edit_sync_option(work, id, changes, version=version(form)))
    if faults:
        return _form(work, request, queries.account(work, account), _of(work, account, id), faults, form)
    return goto(request, f"/accounts/{account}/sync-options", said("The sync option was saved."))


@router.post("/accounts/{account}/sync-options/{id}/delete")
@may(EDIT)
def delete(work: Work, request: Request, account: Id, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Untie the account."""
    actions.delete_sync_option(work, id)
    return goto(request, f"/accounts/{account}/sync-options", said("The sync option was deleted."))


def _panel(work: Work, view: AccountView, one: SyncOptionView) -> Panel:
    buttons = drawn(BUTTONS, SyncOption, one.actions, work.actor, account=view.id, id=one.id)
    fields = (
        Field(f"external-{one.id}", "External id", one.external_id),
        Field(f"status-{one.id}", "Status", NAMES.get(one.status, one.status)),
        *(Field(f"{name}-{one.id}", name, str(value)) for name, value in one.system_data.items()),
    )
    return Panel(one.system_name, actions=[replace(b, name=f"{b.name}-{one.id}") for b in buttons], fields=fields)


def _add(work: Work, view: AccountView) -> Action:
    add = Action("tab-add", "Add sync option", "plus", f"/accounts/{view.id}/sync-options/new", primary=True)
    verdict = SyncOption.verdict("edit", view, live=tenants.is_live(work)) and view.actions["edit"]
    return allowed(add, work.actor, EDIT) if verdict else refused(add, verdict)


def _form(
    work: Work,
    request: Request,
    view: AccountView,
    one: SyncOptionView | None,
    faults: Faults | None = None,
    typed: FormData | None = None,
) -> Response:
    base = f"/accounts/{view.id}/sync-options"
    choices = {"system_id": records(systems(work)), "status": named(NAMES)}
    values = vars(one) if one else {"status": "not_synchronized"}
    form = form_view(
        CHANGEABLE if one else SECTIONS,
        Asking(words(request), values, choices, {}, faults or {}, typed),
        url=f"{base}/{one.id}/edit" if one else f"{base}/new",
        cancel_url=base,
        version=one.version if one else None,
    )
    crumbs = (Link("Accounts", "/accounts"), Link(view.name, f"/accounts/{view.id}"), Link("Sync Options", base))
    title = f"Edit {one.system_name}" if one else "New sync option"
    return form_page(request, Head(title, crumbs, ribbon=ribbon(view)), form)


def _of(work: Work, account: UUID, id_: UUID) -> SyncOptionView:
    for one in sync_options(work, account):
        if one.id == id_:
            return one
    raise NotFound("sync option")
