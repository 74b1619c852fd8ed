"""Invoices: the list, and a page with its lines; what issues and deletes one (BIL-04, BIL-07)."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tenantry.billing import actions
from tenantry.billing.lists import CAME_BY, INVOICES
from tenantry.billing.queries import InvoiceLineView, InvoiceView, invoice_
from tenantry.database import Work
from tenantry.kernel.money import Money
from tenantry.rules.policy import Invoice
from tenantry.sales.parties import PartyView
from tenantry.tenancy import queries
from tenantry.web.http.access import may
from tenantry.web.papers.answers import shown
from tenantry.web.papers.invoices import print_out
from tenantry.web.ui import histories
from tenantry.web.ui.acts import Button, allowed, drawn
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Form, attempt, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import records
from tenantry.web.ui.pages import list_page, record_page
from tenantry.web.ui.rendering import part, words
from tenantry.web.ui.sheets import Sheet
from tenantry.web.ui.tables import column, row, whole
from tenantry.web.ui.views import Action, Cell, Empty, Field, Flash, Head, Link, Panel, Row, Stat
from tenantry.web.words import Words

EDIT = "invoices:edit"
ALL = Link("Invoices", "/invoices")
LABELS = {"series_id": "Series", "due_on": "Due", "note": "Note", "net": "Amount"}
SHEET = Sheet(
    INVOICES,
    name="invoices",
    url="/invoices",
    placeholder="Search invoices",
    title="title",
    links={
        "title": ("/invoices/{}", "id"),
        "bill_to": ("/accounts/{}", "bill_to_id"),
        "account": ("/accounts/{}", "account_id"),
    },
    filters={"status": "Any status", "came_by": "However made", "responsible_user_id": "Anyone responsible"},
    phone=("bill_to", "total"),
    hidden=("code",),
    empty=Empty(
        "No invoices yet",
        "What is charged is invoiced from the pending invoices; an invoice by hand is made on an account's page.",
        "file-text",
    ),
)
AT = "/invoices/{id}"
BAR = (
    Button("edit", "pencil", f"{AT}/edit", permission=EDIT),
    Button(
        "issue",
        "check",
        f"{AT}/issue",
        "post",
        EDIT,
        confirm="It gets the next number and today's date. From then on it never changes.",
        primary=True,
    ),
    Button("print_out", "file-text", f"{AT}/print-out"),
)
SHORTCUTS = (Button("delete", "trash", f"{AT}/delete", "post", EDIT, confirm="The draft and its lines are gone."),)
ADDING = (Button("add_line", "plus", f"{AT}/lines/new", permission=EDIT),)
CHANGING = (
    Button("update_line", "pencil", f"{AT}/lines/{{line}}/edit", permission=EDIT, label="Update"),
    Button(
        "delete_line",
        "trash",
        f"{AT}/lines/{{line}}/delete",
        "post",
        EDIT,
        confirm="It is taken off the draft.",
        label="Delete",
    ),
)
COLUMNS = (
    column("Line", prose=True),
    column("For", prose=True),
    column("Quantity", number=True),
    column("Unit price", number=True),
    column("Amount", number=True),
)

router = APIRouter()


@router.get("/invoices")
@may("invoices:view")
def invoices(work: Work, request: Request) -> Response:
    """List the invoices."""
    choices = {"responsible_user_id": records(queries.people(work))}
    generate = Action("generate", "Generate Invoices", "coins", "/invoices/generate", primary=True)
    by_hand = Action("new", "New Invoice", "plus", "/invoices/new")
    head = Head(
        "Invoices",
        actions=[allowed(one, work.actor, EDIT) for one in (generate, by_hand)],
        shortcuts=[Action("runs", "Invoice Runs", "clock", "/invoice-runs")],
    )
    return list_page(request, head, SHEET.view(work, request, words(request), choices=choices))


@router.get("/invoices.csv")
@may("invoices:view")
def export(work: Work, request: Request) -> Response:
    """Give the list as a file."""
    return SHEET.export(work, request)


@router.get("/invoices/{id}")
@may("invoices:view")
def page(work: Work, request: Request, id: Id) -> Response:
    """Show an invoice with its lines."""
    view, words_ = invoice_(work, id), words(request)
    main = [
        Panel(stats=_stats(view, words_)),
        _lines(work, view, words_),
        Panel("Invoice", fields=_fields(view, words_)),
        *([Panel("Note", fields=[Field("note", "Note", view.note, wide=True)])] if view.note else []),
        replace(_history(work, request, view.id), title="History"),
    ]
    return record_page(request, _head(view, work, words_), main)


@router.get("/invoices/{id}/print-out")
@may("invoices:view")
def its_print_out(work: Work, id: Id) -> Response:
    """Give an invoice's document, to be read in the browser."""
    return shown(*print_out(work, id))


@router.get("/invoices/{id}/history")
@may("invoices:view")
def its_history(work: Work, request: Request, id: Id, before: str = "") -> Response:
    """Give the lines before those that are shown."""
    invoice_(work, id)
    return part("page/history.html", view=_history(work, request, id, before))


@router.post("/invoices/{id}/issue")
@may(EDIT)
def issue(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Issue the draft."""
    code, faults = attempt(work, lambda: actions.issue(work, id, version=version(form)))
    if faults:
        wrong = next(iter(faults.values()))
        return goto(request, f"/invoices/{id}", Flash(wrong.message, "bad", wrong.rule))
    return goto(request, f"/invoices/{id}", said(f"Invoice {code} was issued."))


@router.post("/invoices/{id}/delete")
@may(EDIT)
def delete(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Delete the draft."""
    actions.delete_invoice(work, id)
    return goto(request, "/invoices", said("The draft was deleted."))


def title_of(view: InvoiceView) -> str:
    """Name an invoice: its number, or whom the draft is for."""
    return f"Invoice {view.code}" if view.code else f"Draft invoice of {view.account.name}"


def money(amount: Money, words_: Words) -> str:
    """Write an amount."""
    return words_.money(amount.amount, amount.currency)


def _head(view: InvoiceView, work: Work, words_: Words) -> Head:
    when = words_.date(view.issued_on) if view.issued_on else "Not issued yet"
    return Head(
        title_of(view),
        crumbs=(ALL, Link(view.account.name, f"/accounts/{view.account.id}")),
        state=view.status,
        subtitle=f"{when} · {view.bill_to.name}",
        actions=drawn(BAR, Invoice, view.actions, work.actor, id=view.id),
        shortcuts=drawn(SHORTCUTS, Invoice, view.actions, work.actor, id=view.id),
    )


def _stats(view: InvoiceView, words_: Words) -> list[Stat]:
    due = words_.date(view.due_on) if view.due_on else "When issued"
    taxed = [Stat("Net", money(view.net, words_)), Stat("Tax", money(view.tax, words_))] if view.tax.amount else []
    return [*taxed, Stat("Total", money(view.total, words_)), Stat("Due", due), Stat("Lines", str(len(view.lines)))]


def _fields(view: InvoiceView, words_: Words) -> Sequence[Field]:
    by_run = f"/invoice-runs/{view.run_id}" if view.run_id else ""
    payer = view.payer
    fields = (
        Field("bill_to_id", "Bill To", payer.name if payer else view.bill_to.name, url=f"/accounts/{view.bill_to.id}"),
        Field("account_id", "About", view.account.name, url=f"/accounts/{view.account.id}"),
        Field("address", "Address", _address(payer, words_) if payer else ""),
        Field("vat_number", "VAT number", payer.vat_number if payer else ""),
        Field("issued_on", "Date", words_.date(view.issued_on)),
        Field("due_on", "Due", words_.date(view.due_on)),
        Field("series_id", "Series", view.series.name),
        Field("came_by", "Made", CAME_BY[view.came_by], url=by_run),
        Field("responsible_user_id", "Responsible user", view.responsible_user.name if view.responsible_user else ""),
        Field("permission_rule_id", "Permission rule", view.permission_rule.name if view.permission_rule else ""),
    )
    return [one for one in fields if one.value]


def _address(payer: PartyView, words_: Words) -> str:
    place = f"{payer.postcode} {payer.city}".strip()
    return ", ".join(one for one in (payer.street, payer.street_2, place, words_.country(payer.country)) if one)


def _lines(work: Work, view: InvoiceView, words_: Words) -> Panel:
    acts = drawn(ADDING, Invoice, view.actions, work.actor, id=view.id)
    changes = drawn(CHANGING, Invoice, view.actions, work.actor, id=view.id, line="")
    above = [replace(one, label=Invoice.acts[one.name].label) for one in changes if not one.allowed]
    nothing = Empty("No lines yet", "Add what is invoiced: a product, or words.", "file-text")
    rows = [_row(work, view, line, words_) for line in view.lines]
    return Panel("Lines", actions=[*acts, *above], table=whole("lines", COLUMNS, rows, nothing))


def _row(work: Work, view: InvoiceView, line: InvoiceLineView, words_: Words) -> Row:
    buttons = drawn(CHANGING, Invoice, view.actions, work.actor, id=view.id, line=line.id)
    days = " to ".join(words_.date(day) for day in (line.period_from, line.period_until) if day)
    off = f"{words_.number(line.discount_percent.normalize())} % off" if line.discount_percent else ""
    note = line.explains or " · ".join(one for one in (days, off) if one)
    of = line.subscription
    customer = f"/accounts/{line.customer.id}"
    about = [line.customer.name if of and line.customer.name not in of.name else "", line.change]
    whose = Cell(line.customer.name, customer, note=line.change)
    if of:
        whose = Cell(of.name, f"/subscriptions/{of.id}", note=" · ".join(one for one in about if one))
    cells = (
        Cell(line.name, url=f"/products/{line.product_id}" if line.product_id else "", note=note),
        whose,
        words_.number(figure(line.quantity)),
        money(line.unit_price, words_),
        money(line.net, words_),
    )
    return row(line.id, cells, [replace(one, name=f"{one.name}-{line.id}") for one in buttons if one.allowed])


def figure(number: Decimal) -> Decimal:
    """Give a number without the places that say nothing."""
    return number.normalize() if number % 1 else number.quantize(Decimal(1))


def _history(work: Work, request: Request, id_: UUID, before: str = "") -> Panel:
    return histories.panel(work, id_, words(request), f"/invoices/{id_}/history", LABELS, before)
