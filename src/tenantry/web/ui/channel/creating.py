"""Create Tenant Reseller: which account, then the form (TEN-04)."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from babel import Locale
from babel.dates import format_date
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tenantry.catalog.lists import PRICE_LISTS
from tenantry.channel.tenant_resellers import actions
from tenantry.channel.tenant_resellers.actions import NewTenantReseller
from tenantry.crm.lists import ACCOUNTS, CONTACTS
from tenantry.database import Work
from tenantry.kernel import iso
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import NotFound
from tenantry.rules.policy import Account
from tenantry.tenancy.listing import ListRequest
from tenantry.tenancy.queries import is_live
from tenantry.web.http.access import may
from tenantry.web.ui.channel import reseller_views as views
from tenantry.web.ui.channel.becoming import Governed, candidates
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, text, ticked
from tenantry.web.ui.rendering import render, signed_in, words
from tenantry.web.ui.views import Field, FieldGroup, Option

DATE_FORMATS = ("", "dd/MM/yyyy", "dd.MM.yyyy", "yyyy-MM-dd", "MM/dd/yyyy")
SAMPLE = date(2026, 12, 31)
NOBODY = UUID(int=0)
ASKED = "price_list_id language time_zone date_format edition separate_invoices credit_checked admin_name admin_email"

Row_ = Mapping[str, Any]
router = APIRouter()


@router.get("/tenant-resellers/new")
@may("tenant_resellers:edit")
def ask(work: Work, request: Request, account: str = "", q: str = "") -> Response:
    """Ask which account, then ask for the rest."""
    if not account:
        return render(request, "channel/create_which.html", view=candidates(work, q))
    found = _account(work, account)
    return _form(work, request, found, _suggested(work, request, found), Faults())


@router.post("/tenant-resellers")
@may("tenant_resellers:edit")
def create(work: Work, request: Request, form: Form) -> Response:
    """Ask for the tenant; a job makes it."""
    found = _account(work, text(form, "account_id"))
    given = {name: text(form, name) for name in ASKED.split()}
    new = NewTenantReseller(
        account_id=found["id"],
        # An id that nobody has is refused with the other faults.
        price_list_id=as_id(given["price_list_id"]) or NOBODY,
        admin_name=given["admin_name"],
        admin_email=given["admin_email"],
        language=given["language"],
        time_zone=given["time_zone"],
        date_format=given["date_format"] if given["date_format"] in DATE_FORMATS else "",
        edition=given["edition"],
        separate_invoices=ticked(form, "separate_invoices"),
        # Not ticked where there is no limit: that decides nothing, and giving him one turns it on.
        credit_checked=ticked(form, "credit_checked") or (False if found["credit_limit"] else None),
    )
    _, faults = attempt(work, lambda: actions.create(work, new))
    if faults:
        return _form(work, request, found, given, faults, status=422)
    return goto(request, views.url(found["id"]), said("The tenant is being made; you may leave this page."))


def _form(
    work: Work, request: Request, account: Row_, given: Mapping[str, str], faults: Faults, *, status: int = 200
) -> Response:
    fields = _fields(work, request, given, faults)
    groups = (
        FieldGroup("What it may sell", fields[:1], "Its products, prices, add-ons and cycles are made from this list."),
        FieldGroup("How it works", fields[1:7]),
        FieldGroup("Admin user", fields[7:], "The first and only user, who makes the others."),
    )
    return render(
        request,
        "channel/create_form.html",
        status=status,
        account=account,
        groups=groups,
        fields=fields,
        refused=_refused(account, live=is_live(work)),
        fault=faults.get(""),
    )


def _refused(account: Row_, *, live: bool) -> str:
    """Say beforehand why the policy will not have this account."""
    if not account["reselling_enabled"]:
        return "Reselling is not enabled on this account; edit the account and enable it first. (TEN-04)"
    verdict = Account.verdict("create_tenant_reseller", Governed(account), live=live)
    return "" if verdict else f"{verdict.why} ({verdict.rule})"


def _fields(work: Work, request: Request, given: Mapping[str, str], faults: Faults) -> tuple[Field, ...]:
    written = words(request)
    lists = PRICE_LISTS.page(work, ListRequest(filters={"active": ("eq", "true")}, limit=200)).items
    options = [Option("", "Choose a price list")] if len(lists) != 1 else []
    options += [Option(str(one["id"]), f"{one['name']} ({one['currency']})") for one in lists]
    locale = Locale.parse(given["language"]) if given["language"] in iso.languages() else written.locale
    return (
        Field(
            "price_list_id",
            "Price list",
            given["price_list_id"],
            "select",
            options=options,
            required=True,
            wide=True,
            error=faults.get("price_list_id"),
            help="" if lists else "There is no active price list yet: make one under Price Lists first.",
        ),
        Field(
            "language",
            "Language",
            given["language"],
            "select",
            options=sorted((Option(tag, written.language(tag)) for tag in iso.languages()), key=lambda one: one.label),
            required=True,
            error=faults.get("language"),
        ),
        Field(
            "time_zone",
            "Time zone",
            given["time_zone"],
            "select",
            options=[Option(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())],
            required=True,
            error=faults.get("time_zone"),
        ),
        Field(
            "date_format",
            "Date format",
            given["date_format"],
            "select",
            options=[Option(one, _sample(one, locale)) for one in DATE_FORMATS],
            error=faults.get("date_format"),
        ),
        Field(
            "edition",
            "Edition",
            given["edition"],
            "select",
            options=[Option(*item) for item in views.EDITIONS.items()],
            required=True,
            error=faults.get("edition"),
        ),
        Field(
            "separate_invoices",
            "Separate invoices",
            given["separate_invoices"],
            "checkbox",
            help="Each of his customers gets an invoice of its own here. It can be changed later.",
            error=faults.get("separate_invoices"),
        ),
        Field(
            "credit_checked",
            "Check credit before provisioning",
            given["credit_checked"],
            "checkbox",
            help="What he sells is set up only within his credit limit here; beyond it, it waits. It is turned on by "
            "itself once he is given a limit, and can be changed.",
            error=faults.get("credit_checked"),
        ),
        Field("admin_name", "Name", given["admin_name"], required=True, error=faults.get("admin_name")),
        Field("admin_email", "E-mail", given["admin_email"], "email", required=True, error=faults.get("admin_email")),
    )


def _sample(pattern: str, locale: Locale) -> str:
    sample = format_date(SAMPLE, pattern or "medium", locale)
    return sample if pattern else f"The language's own: {sample}"


def _suggested(work: Work, request: Request, account: Row_) -> dict[str, str]:
    """Suggest the primary contact as the admin, and the rest as it is here."""
    signed = signed_in(request)
    person = _primary_contact(work, account["id"])
    lists = PRICE_LISTS.page(work, ListRequest(filters={"active": ("eq", "true")}, limit=2)).items
    return {
        "price_list_id": str(lists[0]["id"]) if len(lists) == 1 else "",
        "language": account["language"] if account["language"] in iso.languages() else signed.language.split("-")[0],
        "time_zone": signed.time_zone,
        "date_format": "",
        "edition": "premium",
        "separate_invoices": "",
        "credit_checked": "on" if account["credit_limit"] else "",
        "admin_name": f"{person['first_name']} {person['last_name']}".strip() if person else "",
        "admin_email": person["email"] if person else account["email"],
    }


def _primary_contact(work: Work, account_id: UUID) -> Row_ | None:
    if not work.actor.may("contacts:view"):
        return None
    fields = ("id", "first_name", "last_name", "email", "is_primary")
    asked = ListRequest(filters={"account_id": ("eq", account_id)}, fields=fields, limit=50)
    people = CONTACTS.page(work, asked).items
    return next((one for one in people if one["is_primary"]), people[0] if people else None)


def _account(work: Work, given: str) -> Row_:
    fields = ("id", "name", "number", "email", "language", "standing", "status", "reselling_enabled", "credit_limit")
    asked = ListRequest(filters={"id": ("eq", as_id(given) or NOBODY)}, fields=fields, limit=1)
    found = ACCOUNTS.page(work, asked).items
    if not found:
        raise NotFound("account")
    return found[0]
