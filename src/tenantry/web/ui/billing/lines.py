"""The lines of a draft: add, change and delete one (UP-22)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.billing import actions
from tenantry.billing.lines import NewInvoiceLine
from tenantry.billing.queries import InvoiceLineView, InvoiceView, invoice_
from tenantry.database import Work
from tenantry.kernel.problems import NotFound, Refused
from tenantry.sales.lists import SUBSCRIPTIONS
from tenantry.tenancy.listing import ListRequest
from tenantry.web.http.access import may
from tenantry.web.ui.billing.invoices import ALL, EDIT, title_of
from tenantry.web.ui.choosing import label, resolved
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Asking, Choices, Input, Section
from tenantry.web.ui.pages import form_page, form_view
from tenantry.web.ui.rendering import words
from tenantry.web.ui.sales.sections import PRODUCT
from tenantry.web.ui.taking import taken
from tenantry.web.ui.views import Head, Link, Option

MOST = 200
LINE = (
    Section(
        "Line",
        (
            Input("name", "What is invoiced", help="In words. Empty: the product's name."),
            replace(PRODUCT, required=False, among="all-products"),
            Input("quantity", "Quantity", "number", required=True),
            Input("unit_price", "Unit price", "price", required=True, help="Below nothing, it gives back."),
            Input("discount_percent", "Discount in percent", "number"),
            Input("subscription_id", "Subscription", "select"),
            Input("period_from", "From", "date"),
            Input("period_until", "Until", "date"),
            Input("explains", "Explanation", wide=True, help="How the amount came to be, in one line."),
        ),
    ),
)

router = APIRouter()


@router.get("/invoices/{id}/lines/new")
@may(EDIT)
def new(work: Work, request: Request, id: Id) -> Response:
    """Ask for a line."""
    return _form(work, request, invoice_(work, id), None)


@router.post("/invoices/{id}/lines/new")
@may(EDIT)
def add(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Add the line."""
    given = taken(form, LINE, words(request))
    _, faults = attempt(work, lambda: actions.add_line(work, id, NewInvoiceLine(**given_line(work, LINE, given))))
    if faults:
        return _form(work, request, invoice_(work, id), None, faults, form)
    return goto(request, f"/invoices/{id}", said("The line was added."))


@router.get("/invoices/{id}/lines/{line}/edit")
@may(EDIT)
def edit(work: Work, request: Request, id: Id, line: Id) -> Response:
    """Ask for the changes."""
    view = invoice_(work, id)
    return _form(work, request, view, _of(view, line))


@router.post("/invoices/{id}/lines/{line}/edit")
@may(EDIT)
def save(work: Work, request: Request, id: Id, line: Id, form: Form) -> Response:
    """Change the line."""
    given = taken(form, LINE, words(request))
    _, faults = attempt(
        work, lambda: actions.update_line(work, id, line, given_line(work, LINE, given), version=version(form))
    )
    if faults:
        view = invoice_(work, id)
        return _form(work, request, view, _of(view, line), faults, form)
    return goto(request, f"/invoices/{id}", said("The line was saved."))


@router.post("/invoices/{id}/lines/{line}/delete")
@may(EDIT)
def delete(work: Work, request: Request, id: Id, line: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Take the line off the draft."""
    actions.delete_line(work, id, line)
    return goto(request, f"/invoices/{id}", said("The line was deleted."))


def given_line(work: Work, sections: Sequence[Section], said: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a form said of a line as the action takes it: what was left empty is nothing."""
    given = resolved(work, sections, said)
    chosen = {name: given.get(name) or None for name in ("product_id", "subscription_id")}
    return {**given, **chosen, "discount_percent": given.get("discount_percent") or 0}


def line_choices(work: Work, account_id: UUID) -> Choices:
    """Give what can be chosen for a line of an account."""
    if not work.actor.may("subscriptions:view"):
        return {}
    asked = ListRequest(filters={"account_id": ("eq", account_id)}, fields=["id", "name"], limit=MOST)
    return {"subscription_id": [Option(str(one["id"]), one["name"]) for one in SUBSCRIPTIONS.page(work, asked).items]}


def _form(
    work: Work,
    request: Request,
    view: InvoiceView,
    line: InvoiceLineView | None,
    faults: Faults | None = None,
    typed: FormData | None = None,
) -> Response:
    verdict = view.actions["update_line" if line else "add_line"]
    if not verdict:
        raise Refused(verdict)
    base, choices = f"/invoices/{view.id}", dict(line_choices(work, view.account.id))
    values: dict[str, Any] = {"quantity": Decimal(1)}
    if line:
        price, of = line.unit_price.amount, line.subscription.id if line.subscription else None
        values = {**vars(line), "unit_price": price, "subscription_id": of}
        choices["product_id"] = label(work, "all-products", line.product_id)
    form = form_view(
        LINE,
        Asking(words(request), values, choices, {}, faults or {}, typed, view.currency),
        url=f"{base}/lines/{line.id}/edit" if line else f"{base}/lines/new",
        cancel_url=base,
        submit="Save" if line else "Add line",
        version=line.version if line else None,
    )
    title = f"Update {line.name}" if line else "Add line"
    return form_page(request, Head(title, (ALL, Link(title_of(view), base))), form)


def _of(view: InvoiceView, id_: UUID) -> InvoiceLineView:
    for line in view.lines:
        if line.id == id_:
            return line
    raise NotFound("invoice line")
