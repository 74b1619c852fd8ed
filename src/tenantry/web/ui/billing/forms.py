"""Making an invoice by hand, of any account, and editing a draft (UP-22)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.billing import actions
from tenantry.billing.actions import NewInvoice
from tenantry.billing.lines import NewInvoiceLine
from tenantry.billing.queries import invoice_
from tenantry.billing.series import series
from tenantry.crm import queries as crm
from tenantry.database import Work
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import Refused
from tenantry.tenancy import queries
from tenantry.web.http.access import may
from tenantry.web.ui.billing.invoices import ALL, EDIT, title_of
from tenantry.web.ui.billing.lines import LINE, given_line, line_choices
from tenantry.web.ui.crm import accounts
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Asking, Choices, Input, Section
from tenantry.web.ui.pages import form_page, form_view, list_page
from tenantry.web.ui.rendering import words
from tenantry.web.ui.taking import taken
from tenantry.web.ui.views import Head, Link, Option

HEAD = Section(
    "Invoice",
    (
        Input("due_on", "Due", "date", help="Empty: as many days after its date as its series says."),
        Input("series_id", "Series of its number", "select", required=True),
        Input("note", "Note", "textarea", help="Stands on the document."),
    ),
)
CURRENCY = Input("currency", "Currency", "select", required=True)
FIRST = Section("First line", LINE[0].inputs, "Leave it empty to add lines later.")
NEW = (
    replace(HEAD, inputs=(CURRENCY, *HEAD.inputs)),
    replace(FIRST, inputs=tuple(replace(one, required=False) for one in FIRST.inputs)),
)
CHOOSE = replace(
    accounts.SHEET, url="/invoices/new", links={"name": ("/invoices/new?account={}", "id")}, filters={}, exports=False
)

router = APIRouter()


@router.get("/invoices/new")
@may(EDIT)
def new(work: Work, request: Request, account: str = "") -> Response:
    """Ask whom the invoice is about, then what is on it."""
    account_id = as_id(account) if account else None
    if account_id is None:
        head = Head("New invoice", (ALL,), subtitle="Choose the account that it is about.")
        return list_page(request, head, CHOOSE.view(work, request, words(request)))
    return _new(work, request, account_id)


@router.post("/invoices/new")
@may(EDIT)
def create(work: Work, request: Request, form: Form) -> Response:
    """Make the draft."""
    account_id = as_id(str(form.get("account_id", ""))) or UUID(int=0)
    given = taken(form, NEW, words(request))
    made, faults = attempt(work, lambda: _create(work, account_id, given))
    if faults or made is None:
        return _new(work, request, account_id, faults, form)
    return goto(request, f"/invoices/{made}", said("The invoice is a draft. Add its lines, then issue it."))


@router.get("/invoices/{id}/edit")
@may(EDIT)
def edit(work: Work, request: Request, id: Id) -> Response:
    """Ask for the changes."""
    return _edit(work, request, id)


@router.post("/invoices/{id}/edit")
@may(EDIT)
def save(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Change the draft."""
    changes = taken(form, (HEAD,), words(request))
    _, faults = attempt(work, lambda: actions.edit_invoice(work, id, changes, version=version(form)))
    if faults:
        return _edit(work, request, id, faults, form)
    return goto(request, f"/invoices/{id}", said("The invoice was saved."))


def _create(work: Work, account_id: UUID, given: dict[str, Any]) -> UUID:
    names = {one.name for one in HEAD.inputs} | {CURRENCY.name}
    head = {name: value for name, value in given.items() if name in names}
    line = {name: value for name, value in given.items() if name not in names}
    empty = not any(line.get(name) not in {None, ""} for name in ("name", "product_id", "unit_price"))
    lines = () if empty else (NewInvoiceLine(**given_line(work, NEW, line)),)
    return actions.create_invoice(work, NewInvoice(account_id=account_id, lines=lines, **head))


def _new(
    work: Work, request: Request, account_id: UUID, faults: Faults | None = None, typed: FormData | None = None
) -> Response:
    account = crm.account(work, account_id)
    if not account.actions["create_invoice"]:
        raise Refused(account.actions["create_invoice"])
    payer = account if account.bill_to_id == account_id else crm.account(work, account.bill_to_id)
    values = {"currency": payer.currency, "series_id": _default(work), "quantity": Decimal(1)}
    choices = {**_choices(work), **line_choices(work, account_id)}
    form = form_view(
        NEW,
        Asking(words(request), values, choices, {}, faults or {}, typed, payer.currency),
        url="/invoices/new",
        cancel_url=f"/accounts/{account_id}/invoices",
        submit="Create draft",
        hidden=(("account_id", str(account_id)),),
    )
    crumbs = (ALL, Link(account.name, f"/accounts/{account_id}"))
    billed = "" if payer is account else f"It is billed to {payer.name}."
    return form_page(request, Head(f"New invoice of {account.name}", crumbs, subtitle=billed), form)


def _edit(
    work: Work, request: Request, id_: UUID, faults: Faults | None = None, typed: FormData | None = None
) -> Response:
    view = invoice_(work, id_)
    if not view.actions["edit"]:
        raise Refused(view.actions["edit"])
    values = {**vars(view), "series_id": view.series.id}
    asking = Asking(words(request), values, _choices(work), {}, faults or {}, typed)
    form = form_view((HEAD,), asking, url=f"/invoices/{id_}/edit", cancel_url=f"/invoices/{id_}", version=view.version)
    title = title_of(view)
    return form_page(
        request, Head(f"Edit {title[:1].lower()}{title[1:]}", (ALL, Link(title, f"/invoices/{id_}"))), form
    )


def _choices(work: Work) -> Choices:
    return {
        "series_id": [Option(str(one.id), one.name) for one in series(work)],
        "currency": [Option(code, code) for code in queries.tenant(work).currencies],
    }


def _default(work: Work) -> UUID | None:
    return next((one.id for one in series(work) if one.is_default), None)
