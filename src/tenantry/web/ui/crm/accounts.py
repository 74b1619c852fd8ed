"""The list of accounts, and an account's page."""

from collections.abc import Sequence

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tenantry.crm import queries
from tenantry.crm.lists import ACCOUNTS
from tenantry.crm.queries import AccountView
from tenantry.database import Work
from tenantry.tenancy import queries as tenants
from tenantry.web.http.access import may
from tenantry.web.ui import histories
from tenantry.web.ui.acts import allowed
from tenantry.web.ui.crm.account_head import dialogs, head
from tenantry.web.ui.crm.sections import ACCOUNT, CHARGES
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import details, labels, named, records
from tenantry.web.ui.own_fields import OwnFields
from tenantry.web.ui.pages import list_page, record_page
from tenantry.web.ui.rendering import words
from tenantry.web.ui.sheets import Sheet
from tenantry.web.ui.views import Action, Empty, Field, Head, Link, Lock, Option, Panel
from tenantry.web.words import Words

NEW = Action("new", "New account", "plus", "/accounts/new", primary=True)
IMPORT = Action("import", "Import", "upload", "/imports/new")
SHEET = Sheet(
    ACCOUNTS,
    name="accounts",
    url="/accounts",
    placeholder="Search accounts",
    title="name",
    links={
        "name": ("/accounts/{}", "id"),
        "managed_by_name": ("/accounts/{}", "managed_by_account_id"),
        "parent_name": ("/accounts/{}", "parent_id"),
        "bill_to_name": ("/accounts/{}", "bill_to_id"),
    },
    filters={
        "status": "Any status",
        "standing": "Anyone's",
        "responsible_user_id": "Anyone responsible",
        "reselling_enabled": "Resells or not",
    },
    phone=("status",),
    empty=Empty(
        "No accounts yet",
        "Accounts are the companies you sell to, or sell through. Add one, or bring them in from a file.",
        "building",
        NEW,
    ),
)

router = APIRouter()


@router.get("/accounts")
@may("accounts:view")
def accounts(work: Work, request: Request) -> Response:
    """List the accounts."""
    actor = work.actor
    actions = (allowed(IMPORT, actor, "imports:edit"), allowed(NEW, actor, "accounts:edit"))
    choices = {"responsible_user_id": records(tenants.people(work))}
    view = SHEET.view(work, request, words(request), choices=choices)
    return list_page(request, Head("Accounts", actions=actions), view)


@router.get("/accounts.csv")
@may("accounts:view")
def export(work: Work, request: Request) -> Response:
    """Give the list as a file."""
    return SHEET.export(work, request)


@router.get("/accounts/{id}")
@may("accounts:view")
def account(work: Work, request: Request, id: Id) -> Response:
    """Show an account."""
    view, said = queries.account(work, id), words(request)
    own = OwnFields(work, "account")
    sections = [*ACCOUNT[:-1], *own.sections(), ACCOUNT[-1]]
    values = {**vars(view), **own.values(view.custom_fields)}
    groups = details(sections, values, said, {**_names(view), **own.choices()}, view.locked_fields)
    main = [Panel(group.title, fields=group.fields) for group in groups]
    recent = histories.panel(work, id, said, f"/accounts/{id}/history", labels(sections))
    side = [
        *_people(view),
        *_places(view, said),
        Panel("History", history=recent.history[:5] if recent.history else ()),
    ]
    return record_page(request, head(view, work.actor, said, "Details"), main, side, dialogs(view))


def _names(view: AccountView) -> dict[str, Sequence[Option]]:
    """Name what the account refers to, as its view does."""
    found: dict[str, Sequence[Option]] = {"partial_charges_invoicing": named(CHARGES)}
    for name in ("parent", "bill_to", "price_list", "payment_method", "responsible_user", "permission_rule"):
        value, called = getattr(view, f"{name}_id"), getattr(view, f"{name}_name")
        called = "Itself" if name == "bill_to" and value == view.id else called
        found[f"{name}_id"] = [Option(str(value), called)] if value else []
    return found


def _people(view: AccountView) -> list[Panel]:
    primary = [one for one in view.contacts if one.is_primary] or list(view.contacts[:1])
    if not primary:
        return []
    person = primary[0]
    links = [
        Link(f"{person.first_name} {person.last_name}".strip(), f"/contacts/{person.id}", person.company_role),
        *(Link(text, url) for text, url in ((person.email, f"mailto:{person.email}"), (person.phone, "")) if text),
    ]
    return [Panel("Primary contact" if person.is_primary else "Contact", links=links)]


def _places(view: AccountView, said: Words) -> list[Panel]:
    billing = [one for one in view.addresses if one.is_billing]
    if not billing:
        return []
    one = billing[0]
    lines = (one.street, one.street_2, f"{one.postcode} {one.city}".strip(), said.country(one.country))
    if (lock := one.locked_fields.get("city")) is None:
        return [Panel("Billing address", links=[Link(line) for line in lines if line])]
    text = ", ".join(line for line in lines if line)
    field = Field("billing_address", "Address", text, locked=Lock(lock.why, lock.rule), wide=True)
    return [Panel("Billing address", fields=[field])]
