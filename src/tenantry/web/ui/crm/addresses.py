"""The addresses of an account: shown, added, edited, deleted, made the billing one (UP-03, UP-14)."""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.crm import actions, queries
from tenantry.crm.new import NewAddress
from tenantry.crm.queries import AccountView, AddressView
from tenantry.database import Work
from tenantry.kernel.problems import NotFound, Refused
from tenantry.rules.policy import Account, Address
from tenantry.web.http.access import may
from tenantry.web.ui.acts import Button, drawn
from tenantry.web.ui.crm.account_head import dialogs, head, ribbon
from tenantry.web.ui.crm.sections import ADDRESS
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Asking, details
from tenantry.web.ui.pages import form_page, form_view, record_page
from tenantry.web.ui.rendering import words
from tenantry.web.ui.taking import taken
from tenantry.web.ui.views import Empty, Head, Link, Panel
from tenantry.web.words import Words

AT = "/accounts/{account}/addresses"
EDIT = "accounts:edit"
BUTTONS = (
    Button("edit", "pencil", f"{AT}/{{id}}/edit", permission=EDIT),
    Button("make_billing", "check", f"{AT}/{{id}}/billing", "post", EDIT),
    Button(
        "delete",
        "trash",
        f"{AT}/{{id}}/delete",
        "post",
        EDIT,
        confirm="The address is gone; when it was the billing one, the first of the others becomes it.",
    ),
)
ADD = Button("add_address", "plus", "/accounts/{id}/addresses/new", permission=EDIT, primary=True)

router = APIRouter()


@router.get("/accounts/{id}/addresses")
@may("accounts:view")
def addresses(work: Work, request: Request, id: Id) -> Response:
    """Show the addresses of an account."""
    view, said_ = queries.account(work, id), words(request)
    add = [replace(one, name="tab-add") for one in drawn((ADD,), Account, view.actions, work.actor, id=id)]
    panels = [_panel(work, view, one, said_) for one in view.addresses]
    if panels:
        panels.insert(0, Panel(actions=add))
    else:
        nothing = Empty("No addresses yet", "The first one becomes the billing address.", "map-pin", add[0])
        panels = [Panel(empty=nothing)]
    return record_page(request, head(view, work.actor, said_, "Addresses"), panels, (), dialogs(view))


@router.get("/accounts/{id}/addresses/new")
@may(EDIT)
def new(work: Work, request: Request, id: Id) -> Response:
    """Ask for an address."""
    view = queries.account(work, id)
    if not view.actions["add_address"]:
        raise Refused(view.actions["add_address"])
    return _form(work, request, view, None)


@router.post("/accounts/{id}/addresses/new")
@may(EDIT)
def add(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Add the address."""
    given = NewAddress(**taken(form, ADDRESS, words(request)))
    _, faults = attempt(work, lambda: actions.add_address(work, id, given))
    if faults:
        return _form(work, request, queries.account(work, id), None, faults, form)
    return goto(request, f"/accounts/{id}/addresses", said("The address was added."))


@router.get("/accounts/{account}/addresses/{id}/edit")
@may(EDIT)
def edit(work: Work, request: Request, account: Id, id: Id) -> Response:
    """Ask for the changes."""
    view = queries.account(work, account)
    one = _of(view, id)
    if not one.actions["edit"]:
        raise Refused(one.actions["edit"])
    return _form(work, request, view, one)


@router.post("/accounts/{account}/addresses/{id}/edit")
@may(EDIT)
def save(work: Work, request: Request, account: Id, id: Id, form: Form) -> Response:
    """Change the address."""
    changes = taken(form, ADDRESS, words(request))
    _, faults = attempt(work, lambda: actions.edit_address(work, id, changes, version=version(form)))
    if faults:
        view = queries.account(work, account)
        return _form(work, request, view, _of(view, id), faults, form)
    return goto(request, f"/accounts/{account}/addresses", said("The address was saved."))


@router.post("/accounts/{account}/addresses/{id}/billing")
@may(EDIT)
def make_billing(work: Work, request: Request, account: Id, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Make it the billing address."""
    actions.make_billing(work, id)
    return goto(request, f"/accounts/{account}/addresses", said("It is the billing address now."))


@router.post("/accounts/{account}/addresses/{id}/delete")
@may(EDIT)
def delete(work: Work, request: Request, account: Id, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Delete the address."""
    actions.delete_address(work, id)
    return goto(request, f"/accounts/{account}/addresses", said("The address was deleted."))


def _panel(work: Work, view: AccountView, one: AddressView, said_: Words) -> Panel:
    groups = details(ADDRESS, vars(one), said_, {}, one.locked_fields)
    buttons = drawn(
        [button for button in BUTTONS if button.name != "make_billing" or not one.is_billing],
        Address,
        one.actions,
        work.actor,
        account=view.id,
        id=one.id,
    )
    named = [replace(button, name=f"{button.name}-{one.id}") for button in buttons]
    title = one.name or one.street or one.city or "Address"
    note = "Billing address" if one.is_billing else ""
    # Two addresses on one page: the padlocks of each need names of their own.
    fields = [replace(field, name=f"{field.name}-{one.id}") for field in groups[0].fields]
    return Panel(title, note, named, fields=fields)


def _form(
    work: Work,  # noqa: ARG001 - as every form
    request: Request,
    view: AccountView,
    one: AddressView | None,
    faults: Faults | None = None,
    typed: FormData | None = None,
) -> Response:
    base = f"/accounts/{view.id}/addresses"
    values = vars(one) if one else {"country": view.country}
    locks = one.locked_fields if one else {}
    form = form_view(
        ADDRESS,
        Asking(words(request), values, {}, locks, faults or {}, typed),
        url=f"{base}/{one.id}/edit" if one else f"{base}/new",
        cancel_url=base,
        submit="Save" if one else "Add address",
        version=one.version if one else None,
    )
    crumbs = (Link("Accounts", "/accounts"), Link(view.name, f"/accounts/{view.id}"), Link("Addresses", base))
    return form_page(request, Head("Edit address" if one else "New address", crumbs, ribbon=ribbon(view)), form)


def _of(view: AccountView, id_: UUID) -> AddressView:
    for one in view.addresses:
        if one.id == id_:
            return one
    raise NotFound("address")
