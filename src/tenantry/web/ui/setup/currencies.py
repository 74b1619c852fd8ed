"""Currencies: which are activated, and what they are worth, with source and date (TEN-30)."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.kernel import iso
from tenantry.tenancy import currencies
from tenantry.tenancy.currencies import CurrencyView
from tenantry.web.http.access import may
from tenantry.web.ui.acts import allowed
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Form, text
from tenantry.web.ui.rendering import words
from tenantry.web.ui.setup.drawing import deletes, table_page
from tenantry.web.ui.tables import column, row
from tenantry.web.ui.views import Action, Cell, Dialog, Empty, Field, Option
from tenantry.web.words import Words

EDIT = "setup:edit"
URL = "/setup/currencies"

router = APIRouter()


@router.get("/setup/currencies")
@may("setup:view")
def page(work: Work, request: Request) -> Response:
    """List the activated currencies."""
    may_edit, words_ = work.actor.may(EDIT), words(request)
    found = currencies.currencies(work)
    rows = [
        row(
            one.code,
            (
                Cell(one.code, note="The default" if one.is_default else ""),
                words_.currency(one.code),
                *_rate(one, words_),
            ),
            (deletes(one.code, f"{URL}/{one.code}/deactivate", "Records that are in it stay so.", label="Deactivate"),)
            if may_edit and not one.is_default
            else (),
        )
        for one in found
    ]
    active = {one.code for one in found}
    rest = [Option(code, f"{code} · {words_.currency(code)}") for code in iso.currencies() if code not in active]
    ask = Dialog(
        "activate",
        "Activate a currency",
        f"{URL}/activate",
        "Activate",
        (),
        (Field("code", "Currency", kind="select", options=rest, required=True),),
    )
    add = allowed(Action("activate", "Activate", "plus", "#activate", "dialog", primary=True), work.actor, EDIT)
    columns = (
        column("Code"),
        column("Currency"),
        column("One is worth", number=True),
        column("On", phone=False),
        column("Source", phone=False),
    )
    subtitle = "What records may be in. Rates are for information."
    return table_page(request, "Currencies", subtitle, columns, rows, Empty("No currencies"), (add,), (ask,))


@router.post("/setup/currencies/activate")
@may(EDIT)
def activate(work: Work, request: Request, form: Form) -> Response:
    """Activate a currency."""
    code = text(form, "code")
    currencies.activate(work, code)
    return goto(request, URL, said(f"{code} was activated."))


@router.post("/setup/currencies/{code}/deactivate")
@may(EDIT)
def deactivate(work: Work, request: Request, code: str, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Deactivate a currency."""
    currencies.deactivate(work, code)
    return goto(request, URL, said(f"{code} was deactivated."))


def _rate(one: CurrencyView, words_: Words) -> tuple[str, str, str]:
    if one.rate is None:
        return "", "", "" if one.is_default else "No rate is quoted"
    worth = words_.number(round(one.rate.rate, 4))
    return f"{worth} {one.rate.into}", words_.date(one.rate.on), one.rate.source
