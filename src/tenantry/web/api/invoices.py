"""Invoices, what is yet to be invoiced, and the runs that make invoices of it (BIL-02 to BIL-04, UP-22)."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from tenantry.billing import actions, runs
from tenantry.billing.actions import NewInvoice
from tenantry.billing.forecast import PendingLine, lines_of
from tenantry.billing.lines import NewInvoiceLine
from tenantry.billing.lists import INVOICES, RUNS
from tenantry.billing.pending import PendingInvoice, Preview, pending, preview
from tenantry.billing.queries import InvoiceView, invoice_
from tenantry.billing.runs import RunView, run_
from tenantry.billing.series import SeriesView, create as create_series, edit as edit_series, make_default, series
from tenantry.database import Work
from tenantry.schema import billing
from tenantry.web.api.common import AnyId, Changes, Id, Version, body, changes, resource
from tenantry.web.api.examples import SOMEBODY
from tenantry.web.api.lists import Listed, Wanted, filters_of, item_of, linked, page, page_of
from tenantry.web.api.shapes import changed, inside, shown, taken
from tenantry.web.api.short_lists import one_of, whole
from tenantry.web.api.values import Words
from tenantry.web.http.access import ANYBODY_SIGNED_IN, may
from tenantry.web.http.answers import Linked, Made
from tenantry.web.papers.answers import RESPONSES, shown as shown_paper
from tenantry.web.papers.invoices import print_out

PARTY = {
    "vat_number": "His VAT number.",
    "street": "Street.",
    "street_2": "Second line of the street.",
    "postcode": "Post code.",
    "city": "City.",
    "state": "State: its ISO 3166-2 code, or words.",
    "country": "ISO 3166-1 alpha-2 code of the country.",
    "amount": "The amount.",
}
INVOICE = shown(
    InvoiceView,
    billing.invoice,
    billing.invoice_line,
    series="The series that its number is of.",
    account="Whom it is about: one customer, or who pays with all that he pays for.",
    bill_to="Who pays.",
    responsible_user="Who looks after it.",
    permission_rule="Who may see and edit it.",
    lines="Its lines: which customer, which subscription, which change.",
    **PARTY,
)
NEW_INVOICE = taken(NewInvoice, billing.invoice, billing.invoice_line, lines="Its lines.")
NEW_LINE = taken(NewInvoiceLine, billing.invoice_line)
INVOICE_CHANGES = changed("InvoiceChanges", billing.invoice, "series_id due_on note")
LINE_FIELDS = "name explains product_id subscription_id period_from period_until quantity unit_price discount_percent"
LINE_CHANGES = changed("InvoiceLineChanges", billing.invoice_line, LINE_FIELDS)
SAYS = {
    "planned_on": "The day from which it is invoiced.",
    "is_due": "Whether that day has come.",
    "bill_to": "Who will pay.",
    "account": "Whom it will be about: one customer, or who pays with all that he pays for.",
    "charges": "How many charges are behind it.",
    "subscription_count": "How many subscriptions are behind it.",
    "subscriptions": "Those subscriptions, ten of them at most.",
    "period_from": "First day that it covers.",
    "period_until": "Last day that it covers.",
    "net": "What it comes to, before tax.",
    "held_back": "Whether it comes to less than nothing, so that it waits until it can be set off.",
    "code": "The number that it would get now; empty outside a preview.",
    "amount": "The amount.",
}
PENDING = inside(PendingInvoice, **SAYS)
PENDING_LINE = shown(
    PendingLine,
    planned_on="The day from which it is invoiced.",
    customer="The customer that it is for.",
    subscription="The subscription that it is for.",
    product="What is charged.",
    explains="How the amount came to be, in one line.",
    period_from="First day that it covers.",
    period_until="Last day that it covers.",
    net="What is owed for it, before tax.",
    planned="Whether it lies ahead: the next cycle of a subscription that runs, which was not charged yet.",
    amount="The amount.",
)
PREVIEW = shown(
    Preview,
    name="InvoicePreview",
    up_to="What is due up to this day is invoiced.",
    issued_on="The date of the invoices.",
    documents="The documents in the order of their numbers, 500 of them at most.",
    invoices="How many invoices would be made.",
    charges="How many charges would be on them.",
    held_back="How many sums below nothing would be left to wait.",
    sums="What they come to, by currency.",
    digest="What names this preview when one agrees to it.",
    amount="The amount.",
)
RUN = shown(
    RunView,
    billing.invoice_run,
    name="InvoiceRun",
    accounts="For how many accounts it is; null: for all.",
    sums="What the invoices come to, by currency.",
    amount="The amount.",
)
SERIES = shown(SeriesView, billing.invoice_series, name="InvoiceSeries")
SERIES_CHANGES = changed("InvoiceSeriesChanges", billing.invoice_series, "name prefix days_to_pay")
LINE = {"name": "Installation", "quantity": "2", "unit_price": "80"}

invoices = resource("Invoices")


class PendingCharges(BaseModel):
    """What stands behind an account's pending invoices."""

    items: list[PENDING_LINE] = Field(description="The charges, the next first.")  # type: ignore[valid-type]


class NewSeries(BaseModel):
    """A series of invoice numbers to be made."""

    model_config = ConfigDict(extra="forbid")
    name: Words = Field(description="Name of the series.")
    prefix: Words = Field(default="", description="What stands before the number on a document.")
    days_to_pay: int = Field(default=14, description="How many days after its date a document of the series is due.")


class Generation(BaseModel):
    """Which invoices to generate."""

    model_config = ConfigDict(extra="forbid")
    up_to: date | None = Field(default=None, description="What is due up to this day; today when left out.")
    account_ids: list[AnyId] | None = Field(
        default=None, min_length=1, max_length=1000, description="For these accounts; for all when left out."
    )
    digest: str = Field(
        default="", max_length=64, description="Of the preview that was agreed to; refused when it is another by now."
    )


@invoices.get(
    "/invoices", response_model=page_of("Invoice", item_of("Invoice", INVOICES)), openapi_extra=filters_of(INVOICES)
)
@may("invoices:view")
def list_invoices(work: Work, request: Request, wanted: Wanted) -> Listed:
    """List invoices, the latest first."""
    return page(work, INVOICES, request, wanted)


@invoices.post("/invoices", status_code=201, response_model=INVOICE)
@may("invoices:edit")
def make_invoice(
    work: Work, new: Annotated[NewInvoice, body(NEW_INVOICE, {"account_id": SOMEBODY, "lines": [LINE]})]
) -> Made:
    """Make a draft by hand, of any account; it is billed to whoever pays for that account."""
    id = actions.create_invoice(work, new)
    return Made(invoice_(work, id), f"/api/v1/invoices/{id}")


@invoices.get("/invoices/{id}", response_model=INVOICE)
@may("invoices:view")
def read_invoice(work: Work, id: Id) -> InvoiceView:
    """Read an invoice with its lines and what may be done with it."""
    return invoice_(work, id)


@invoices.patch("/invoices/{id}", response_model=INVOICE)
@may("invoices:edit")
def change_invoice(
    work: Work,
    id: Id,
    fields: Annotated[Changes, changes(INVOICE_CHANGES, {"note": "Thank you for your order."})],
    version: Version,
) -> InvoiceView:
    """Change fields of a draft; an issued invoice never changes."""
    actions.edit_invoice(work, id, fields, version=version)
    return invoice_(work, id)


@invoices.delete("/invoices/{id}", status_code=204)
@may("invoices:edit")
def remove_invoice(work: Work, id: Id, version: Version) -> None:
    """Delete a draft."""
    actions.delete_invoice(work, id, version=version)


@invoices.post("/invoices/{id}/lines", status_code=201, response_model=INVOICE)
@may("invoices:edit")
def make_line(work: Work, id: Id, new: Annotated[NewInvoiceLine, body(NEW_LINE, LINE)], version: Version) -> Made:
    """Add a line to a draft: of a product, or of words."""
    line = actions.add_line(work, id, new, version=version)
    return Made(invoice_(work, id), f"/api/v1/invoices/{id}/lines/{line}")


@invoices.patch("/invoices/{id}/lines/{line_id}", response_model=INVOICE)
@may("invoices:edit")
def change_line(
    work: Work,
    id: Id,
    line_id: Id,
    fields: Annotated[Changes, changes(LINE_CHANGES, {"quantity": "3"})],
    version: Version,
) -> InvoiceView:
    """Change a line of a draft; If-Match is the line's own version."""
    actions.update_line(work, id, line_id, fields, version=version)
    return invoice_(work, id)


@invoices.delete("/invoices/{id}/lines/{line_id}", status_code=204)
@may("invoices:edit")
def remove_line(work: Work, id: Id, line_id: Id, version: Version) -> None:
    """Take a line off a draft; If-Match is the line's own version."""
    actions.delete_line(work, id, line_id, version=version)


@invoices.put("/invoices/{id}/issue", response_model=INVOICE)
@may("invoices:edit")
def issue(work: Work, id: Id, version: Version) -> InvoiceView:
    """Issue a draft: it gets its number and its date, and never changes from then on."""
    actions.issue(work, id, version=version)
    return invoice_(work, id)


@invoices.get("/invoices/{id}/print-out", response_class=Response, responses=RESPONSES)
@may("invoices:view")
def read_invoice_print_out(work: Work, id: Id) -> Response:
    """Give an invoice as a document: PDF with letterhead, lines and totals."""
    return shown_paper(*print_out(work, id))


@invoices.get("/pending-invoices", response_model=page_of("PendingInvoice", PENDING))
@may("invoices:view")
def list_pending_invoices(
    work: Work,
    request: Request,
    account_id: Annotated[AnyId | None, Query(description="Only what this account pays, or is delivered.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="Documents of a page, 1 to 200.")] = 50,
    cursor: Annotated[str, Query(description="What `next` or `previous` of another page said.")] = "",
) -> Linked:
    """List what was charged and is not invoiced yet, by document and day, the next first."""
    skip = int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 10 else 0  # noqa: PLR2004
    found = pending(work, account_id, skip=skip, limit=limit)
    more, before = skip + limit < found.total, max(skip - limit, 0)
    answer = {
        "items": found.items,
        "next": str(skip + limit) if more else None,
        "previous": str(before) if skip else None,
        "total": found.total,
        "total_is_exact": True,
    }
    return linked(request, answer)


@invoices.get("/accounts/{id}/pending-charges", response_model=PendingCharges)
@may("invoices:view")
def list_pending_charges(work: Work, id: Id) -> dict[str, object]:
    """List what stands behind an account's pending invoices, and what the next cycles will charge; 300 of each."""
    return {"items": lines_of(work, id)}


@invoices.get("/invoice-previews", response_model=PREVIEW)
@may("invoices:edit")
def read_preview(
    work: Work,
    up_to: Annotated[date | None, Query(description="What is due up to this day; today when left out.")] = None,
    account_id: Annotated[
        list[AnyId] | None, Query(description="For these accounts, one parameter each; for all when left out.")
    ] = None,
) -> Preview:
    """Say exactly which invoices a run would make now; nothing is made."""
    return preview(work, up_to, account_id)


@invoices.get("/invoice-series", response_model=page_of("InvoiceSeries", SERIES))
@may(ANYBODY_SIGNED_IN)
def list_series(work: Work, request: Request, wanted: Wanted) -> Linked:
    """List the series of invoice numbers, the default one first."""
    return whole(request, wanted, series(work), SERIES)


@invoices.post("/invoice-series", status_code=201, response_model=SERIES)
@may("setup:edit")
def make_series(work: Work, new: Annotated[NewSeries, body(NewSeries, {"name": "Projects", "prefix": "P-"})]) -> Made:
    """Make a series that begins with 1."""
    id = create_series(work, new.name, new.prefix, new.days_to_pay)
    return Made(one_of(series(work), id, "invoice series"), f"/api/v1/invoice-series/{id}")


@invoices.get("/invoice-series/{id}", response_model=SERIES)
@may(ANYBODY_SIGNED_IN)
def read_series(work: Work, id: Id) -> SeriesView:
    """Read a series."""
    return one_of(series(work), id, "invoice series")


@invoices.patch("/invoice-series/{id}", response_model=SERIES)
@may("setup:edit")
def change_series(
    work: Work, id: Id, fields: Annotated[Changes, changes(SERIES_CHANGES, {"days_to_pay": 30})], version: Version
) -> SeriesView:
    """Change a series for what is issued from now on; documents keep the number that they have."""
    edit_series(work, id, fields, version=version)
    return one_of(series(work), id, "invoice series")


@invoices.put("/invoice-series/{id}/default", response_model=SERIES)
@may("setup:edit")
def make_default_series(work: Work, id: Id) -> SeriesView:
    """Take it where none is chosen."""
    make_default(work, id)
    return one_of(series(work), id, "invoice series")


@invoices.get(
    "/invoice-runs", response_model=page_of("InvoiceRun", item_of("InvoiceRun", RUNS)), openapi_extra=filters_of(RUNS)
)
@may("invoices:view")
def list_runs(work: Work, request: Request, wanted: Wanted) -> Listed:
    """List the runs, the latest first."""
    return page(work, RUNS, request, wanted)


@invoices.post("/invoice-runs", status_code=201, response_model=RUN)
@may("invoices:edit")
def make_run(work: Work, wanted: Annotated[Generation, body(Generation, {"up_to": "2026-05-31"})]) -> Made:
    """Generate invoices of what is due; of more than 2,000 charges a worker makes them, and the run is `running`."""
    accounts: list[UUID] | None = None if wanted.account_ids is None else list(wanted.account_ids)
    id = runs.start(work, wanted.up_to, accounts, digest=wanted.digest)
    return Made(run_(work, id), f"/api/v1/invoice-runs/{id}")


@invoices.get("/invoice-runs/{id}", response_model=RUN)
@may("invoices:view")
def read_run(work: Work, id: Id) -> RunView:
    """Read how far a run has come."""
    return run_(work, id)


@invoices.put("/invoice-runs/{id}/cancellation", response_model=RUN)
@may("invoices:edit")
def stop_run(work: Work, id: Id) -> RunView:
    """Stop a run; invoices that were made stay."""
    runs.cancel(work, id)
    return run_(work, id)
