"""Making and editing an account, with a warning while one types what is there already (TEN-08)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.crm import actions, queries
from tenantry.crm.likeness import likeness
from tenantry.crm.new import NewAccount, NewAddress
from tenantry.database import Work
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import Refused
from tenantry.tenancy import queries as tenants
from tenantry.tenancy.api_options import defaults_for_person
from tenantry.web.http.access import may
from tenantry.web.ui.choosing import label, resolved
from tenantry.web.ui.crm.account_head import ribbon
from tenantry.web.ui.crm.sections import ACCOUNT, NEW_ACCOUNT, account_choices
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Asking
from tenantry.web.ui.own_fields import OwnFields, gathered
from tenantry.web.ui.pages import form_page, form_view
from tenantry.web.ui.rendering import part, words
from tenantry.web.ui.taking import taken
from tenantry.web.ui.views import Head, Link, Option

ITSELF = "itself"
FIRST = "addresses[0]."
PREFIX = "address_"
ACCOUNTS = Link("Accounts", "/accounts")

router = APIRouter()


@router.get("/accounts/new")
@may("accounts:edit")
def new(work: Work, request: Request, parent: str = "") -> Response:
    """Ask for a new account."""
    return _new(work, request, parent=parent)


@router.post("/accounts/new")
@may("accounts:edit")
def create(work: Work, request: Request, form: Form) -> Response:
    """Make the account."""
    own = OwnFields(work, "account")
    given = gathered(taken(form, [*NEW_ACCOUNT, *own.sections()], words(request)))
    made, faults = attempt(work, lambda: actions.create(work, _account(resolved(work, NEW_ACCOUNT, given))))
    if faults or made is None:
        return _new(work, request, faults=_placed(faults), typed=form)
    return goto(request, f"/accounts/{made}", said(f"{given['name']} was created."))


@router.get("/accounts/likeness")
@may("accounts:edit")
def alike(work: Work, request: Request) -> Response:
    """Warn of accounts that have the same name, number, e-mail or VAT number."""
    asked = request.query_params
    name, email, number, vat, country = (
        asked.get(field, "").strip() for field in ("name", "email", "accounting_no", "vat_number", "country")
    )
    typed = NewAccount(name=name, email=email, accounting_no=number, vat_number=vat, country=country)
    found = likeness(work, typed) if name or email or number or vat else []
    return part("crm/likeness.html", found=found)


@router.get("/accounts/{id}/edit")
@may("accounts:edit")
def edit(work: Work, request: Request, id: Id) -> Response:
    """Ask for the changes."""
    return _edit(work, request, id)


@router.post("/accounts/{id}/edit")
@may("accounts:edit")
def save(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Change the account."""
    view, own = queries.account(work, id), OwnFields(work, "account")
    given = gathered(taken(form, [*ACCOUNT, *own.sections()], words(request), view.locked_fields))
    _, faults = attempt(work, lambda: _save(work, id, given, version(form)))
    if faults:
        return _edit(work, request, id, faults, form)
    return goto(request, f"/accounts/{id}", said(f"{queries.account(work, id).name} was saved."))


def _save(work: Work, id: UUID, said_: Mapping[str, Any], drawn_from: int | None) -> None:
    given = resolved(work, ACCOUNT, said_)
    actions.edit(work, id, {**given, **_payer(given, id)}, version=drawn_from)


def _new(
    work: Work, request: Request, *, parent: str = "", faults: Faults | None = None, typed: FormData | None = None
) -> Response:
    here, own = tenants.tenant(work), OwnFields(work, "account")
    user, rule = defaults_for_person(work, "account")
    choices = {**account_choices(work, words(request)), **own.choices()}
    choices["parent_id"] = label(work, "resellers", as_id(parent) if parent else None)
    method = next((one.value for one in choices["payment_method_id"]), None)
    values = {
        "parent_id": as_id(parent) or None,
        "currency": here.default_currency,
        "payment_method_id": method,
        "credit_limit": 0,
        "billing_day": here.billing_day,
        "ordering_enabled": True,
        "own_ordering_options": True,
        "taxation": True,
        "partial_charges_invoicing": "at_once",
        "responsible_user_id": user,
        "permission_rule_id": rule,
        **own.defaults(),
    }
    asking = Asking(words(request), values, choices, {}, faults or {}, typed, here.default_currency)
    sections = [*NEW_ACCOUNT[:-1], *own.sections(), NEW_ACCOUNT[-1]]
    form = form_view(
        sections,
        asking,
        url="/accounts/new",
        cancel_url="/accounts",
        submit="Create account",
        likeness_url="/accounts/likeness",
    )
    return form_page(request, Head("New account", (ACCOUNTS,)), form)


def _edit(
    work: Work, request: Request, id: UUID, faults: Faults | None = None, typed: FormData | None = None
) -> Response:
    view, own = queries.account(work, id), OwnFields(work, "account")
    if not view.actions["edit"]:
        raise Refused(view.actions["edit"])
    choices = {**account_choices(work, words(request)), **own.choices()}
    choices["parent_id"] = label(work, "resellers", view.parent_id)
    choices["bill_to_id"] = [Option(ITSELF, "Itself")]
    payer = {"bill_to_id": ITSELF if view.bill_to_id == id and view.parent_id else None}
    values = {**vars(view), **own.values(view.custom_fields), **payer}
    if "bill_to_id" in view.locked_fields:
        values["bill_to_id"] = view.bill_to_id
        choices["bill_to_id"] = [Option(str(view.bill_to_id), view.bill_to_name)]
    if "parent_id" in view.locked_fields and view.parent_id:
        choices["parent_id"] = [Option(str(view.parent_id), view.parent_name or "")]
    asking = Asking(words(request), values, choices, view.locked_fields, faults or {}, typed, view.currency)
    form = form_view(
        [*ACCOUNT[:-1], *own.sections(), ACCOUNT[-1]],
        asking,
        url=f"/accounts/{id}/edit",
        cancel_url=f"/accounts/{id}",
        version=view.version,
    )
    crumbs = (ACCOUNTS, Link(view.name, f"/accounts/{id}"))
    return form_page(request, Head(f"Edit {view.name}", crumbs, ribbon=ribbon(view)), form)


def _account(given: Mapping[str, Any]) -> NewAccount:
    values = {name: value for name, value in given.items() if not name.startswith(PREFIX)}
    place = {name.removeprefix(PREFIX): value for name, value in given.items() if name.startswith(PREFIX)}
    addresses = (NewAddress(**place),) if any(place.values()) else ()
    values["billing_day"] = values.get("billing_day") or None
    values["credit_limit"] = values.get("credit_limit") or 0
    # A country that is told once is meant for both.
    values["country"] = values.get("country") or place.get("country", "")
    if values["country"] == place.get("country"):
        values["state"] = values.get("state") or place.get("state", "")
    return NewAccount(**values, addresses=addresses)


def _payer(given: Mapping[str, Any], id: UUID) -> dict[str, Any]:
    """Say who pays: the reseller whose customer it is, unless it pays for itself."""
    if "bill_to_id" not in given:
        return {}
    parent = given.get("parent_id")
    return {"bill_to_id": id if given["bill_to_id"] == ITSELF or not parent else parent}


def _placed(faults: Faults) -> Faults:
    """Put what is wrong with the address at its fields."""
    return Faults({name.replace(FIRST, PREFIX): error for name, error in faults.items()})
