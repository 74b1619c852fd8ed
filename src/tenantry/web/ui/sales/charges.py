"""Charges: the list, and the panel that shows on a record's page what is owed for it and why (BIL-07)."""

from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tenantry.charging.lists import CHARGES, KINDS
from tenantry.charging.queries import ChargeLine, ChargeSum, ChargesView, Owner, charges_of
from tenantry.database import Work
from tenantry.kernel.money import Money
from tenantry.web.http.access import may
from tenantry.web.ui.pages import list_page
from tenantry.web.ui.rendering import words
from tenantry.web.ui.sheets import Sheet
from tenantry.web.ui.tables import column, row, whole
from tenantry.web.ui.views import Cell, Empty, Head, Panel, Row, Stat
from tenantry.web.words import Words

SHEET = Sheet(
    CHARGES,
    name="charges",
    url="/charges",
    placeholder="Search charges",
    title="explains",
    links={
        "account": ("/accounts/{}", "account_id"),
        "bill_to": ("/accounts/{}", "bill_to_id"),
        "subscription": ("/subscriptions/{}", "subscription_id"),
        "order": ("/orders/{}", "order_id"),
        "product": ("/products/{}", "product_id"),
        "invoice": ("/invoices/{}", "invoice_id"),
    },
    filters={"kind": "Any kind"},
    phone=("amount",),
    empty=Empty("No charges yet", "What is sold is charged when it starts, and cycle by cycle.", "coins"),
)

router = APIRouter()


@router.get("/charges")
@may("subscriptions:view")
def charges(work: Work, request: Request) -> Response:
    """List the charges."""
    return list_page(request, Head("Charges"), SHEET.view(work, request, words(request)))


@router.get("/charges.csv")
@may("subscriptions:view")
def export(work: Work, request: Request) -> Response:
    """Give the list as a file."""
    return SHEET.export(work, request)


def panel(work: Work, words_: Words, owner: Owner, id: UUID) -> Panel:
    """Give what is owed for a record: the sums, and the latest charges with how each came to be."""
    view = charges_of(work, owner, id)
    columns = (column("Charge"), column("Kind", phone=False), column("Due"), column("Amount", number=True))
    table = whole("charges", columns, [_row(one, words_) for one in view.latest], SHEET.empty)
    return Panel("Charges", note=_note(view, words_), table=table)


def sums(work: Work, words_: Words, owner: Owner, id: UUID) -> list[Panel]:
    """Give the sums of what is owed for a record as figures, a panel for each currency."""
    return [Panel(stats=_stats(one, words_)) for one in charges_of(work, owner, id, latest=0).sums]


def _stats(one: ChargeSum, words_: Words) -> list[Stat]:
    figures = (
        ("Charged", one.charged),
        ("Given back", one.given_back),
        ("Owed, before tax", one.owed),
        ("To be invoiced", one.to_be_invoiced),
    )
    return [Stat(label, _money(amount, words_)) for label, amount in figures]


def _row(one: ChargeLine, words_: Words) -> Row:
    return row(
        one.id,
        (
            Cell(one.product, url=f"/products/{one.product_id}", note=one.explains),
            KINDS[one.kind],
            words_.date(one.due_on),
            _money(one.amount, words_),
        ),
    )


def _note(view: ChargesView, words_: Words) -> str:
    beyond = view.count - len(view.latest)
    sums = [_sum(one, words_) for one in view.sums]
    more = [f"The latest {len(view.latest)} of {words_.counted(view.count, 'charges')}."] if beyond else []
    return " ".join((*sums, *more))


def _sum(one: ChargeSum, words_: Words) -> str:
    said = f"{_money(one.charged, words_)} charged"
    if one.given_back.amount:
        back = Money(-one.given_back.amount, one.given_back.currency)
        said += f", {_money(back, words_)} given back: {_money(one.owed, words_)}"
    if one.to_be_invoiced != one.owed:
        said += f", of which {_money(one.to_be_invoiced, words_)} is yet to be invoiced"
    return f"{said}."


def _money(money: Money, words_: Words) -> str:
    return words_.money(money.amount, money.currency)
