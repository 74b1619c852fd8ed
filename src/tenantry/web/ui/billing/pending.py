"""What is yet to be invoiced, of the whole tenant and of one account, with the subscriptions behind it (BIL-02)."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tenantry.billing.forecast import PendingLine, lines_of
from tenantry.billing.pending import PendingInvoice, PendingPage, pending
from tenantry.crm import queries
from tenantry.database import Work
from tenantry.rules.policy import Account
from tenantry.web.http.access import may
from tenantry.web.ui.acts import Button, allowed, drawn
from tenantry.web.ui.billing.invoices import EDIT, money
from tenantry.web.ui.crm.account_head import dialogs, head as account_head
from tenantry.web.ui.ids import Id
from tenantry.web.ui.pages import record_page
from tenantry.web.ui.rendering import words
from tenantry.web.ui.tables import column, row, whole
from tenantry.web.ui.views import Action, Cell, Empty, Head, ListView, Panel, Row, Stat
from tenantry.web.words import Words

PAGE = 50
NAMED = 3
COLUMNS = (
    column("Bill To"),
    column("About", phone=False),
    column("Planned on"),
    column("Subscriptions", prose=True, phone=False),
    column("Charges", number=True, phone=False),
    column("Net", number=True),
)
CHOOSABLE = tuple(replace(one, phone=False) if one.label == "Planned on" else one for one in COLUMNS)
BEHIND = (
    column("Charge", prose=True),
    column("For", prose=True),
    column("Planned on"),
    column("Net", number=True),
)
NOTHING = Empty("Nothing to be invoiced", "What is charged and not invoiced yet is shown here.", "coins")
GENERATE = Action("generate-chosen", "Generate Invoices", "coins", "/invoices/generate/chosen", "post", primary=True)

router = APIRouter()


@router.get("/pending-invoices")
@may("invoices:view")
def page(work: Work, request: Request, cursor: str = "") -> Response:
    """Show the invoices to come of the whole tenant."""
    skip, said = number(cursor), words(request)
    found = pending(work, skip=skip, limit=PAGE)
    generate = Action("generate", "Generate All That Is Due", "coins", "/invoices/generate", primary=True)
    head = Head(
        "Pending Invoices",
        subtitle="What was charged and is not invoiced yet, as the invoices that it will be.",
        actions=[allowed(generate, work.actor, EDIT)],
        shortcuts=[Action("runs", "Invoice Runs", "clock", "/invoice-runs")],
    )
    table = _table(found, said, "/pending-invoices", skip, choose=work.actor.may(EDIT))
    return record_page(request, head, [*sums(found, said), Panel(table=table)])


@router.get("/accounts/{id}/pending-invoices")
@may("invoices:view")
def of_account(work: Work, request: Request, id: Id, cursor: str = "") -> Response:
    """Show the invoices to come of an account, the charges behind them, and what its next cycles will charge."""
    view, said, skip = queries.account(work, id), words(request), number(cursor)
    found, lines = pending(work, id, skip=skip, limit=PAGE), lines_of(work, id)
    base = f"/accounts/{id}"
    acts = drawn(
        (Button("generate_invoices", "coins", "/invoices/generate?account={id}", permission=EDIT, primary=True),),
        Account,
        view.actions,
        work.actor,
        id=id,
    )
    table = _table(found, said, f"{base}/pending-invoices", skip)
    main = [
        *sums(found, said),
        Panel("Invoices to come", actions=[_named(one) for one in acts], table=table),
        *_behind(lines, said),
    ]
    return record_page(request, account_head(view, work.actor, said, "Invoices"), main, (), dialogs(view))


def number(cursor: str) -> int:
    """Read how many are skipped; nonsense skips none."""
    return int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 10 else 0  # noqa: PLR2004


def sums(found: PendingPage, words_: Words) -> list[Panel]:
    """Give the sums as figures, a panel for each currency."""
    return [
        Panel(stats=[Stat("Due by now", money(one.due, words_)), Stat("Due later", money(one.later, words_))])
        for one in found.sums
    ]


def document_row(one: PendingInvoice, words_: Words, id: str, *, when: str) -> Row:
    """Draw an invoice to come."""
    names = ", ".join(each.name for each in one.subscriptions[:NAMED])
    more = one.subscription_count - min(len(one.subscriptions), NAMED)
    said = f"{names} and {more:,} more" if names and more > 0 else names
    waits = "Below nothing: it waits until it can be set off" if one.held_back else ""
    return row(
        id,
        (
            Cell(one.bill_to.name, f"/accounts/{one.bill_to.id}/pending-invoices"),
            Cell(one.account.name if one.separate else "itself", f"/accounts/{one.account.id}" if one.separate else ""),
            when,
            said,
            words_.number(one.charges),
            Cell(money(one.net, words_), note=waits),
        ),
    )


def _table(found: PendingPage, words_: Words, url: str, skip: int, *, choose: bool = False) -> ListView:
    rows = [
        document_row(one, words_, _id(one), when="Due now" if one.is_due else words_.date(one.planned_on))
        for one in found.items
    ]
    count = f"{words_.number(len(rows))} of {words_.counted(found.total, 'invoices to come')}" if rows else ""
    return ListView(
        name="pending-invoices",
        url=url,
        columns=CHOOSABLE if choose else COLUMNS,
        rows=rows,
        empty=NOTHING,
        placeholder="Pending invoices",
        count=count,
        previous_url=f"{url}?cursor={max(skip - PAGE, 0)}" if skip else "",
        next_url=f"{url}?cursor={skip + PAGE}" if skip + PAGE < found.total else "",
        choose="chosen" if choose and rows else "",
        bulk=(GENERATE,) if choose else (),
        columns_choosable=False,
        searchable=False,
        cards=not choose,
    )


def _id(one: PendingInvoice) -> str:
    """Name a row by the account to invoice; what follows only tells the account's documents apart."""
    return f"{one.account.id}~{one.net.currency}~{one.planned_on}"


def _behind(lines: Sequence[PendingLine], words_: Words) -> list[Panel]:
    """Show what stands behind them: what was charged, then what the next cycles will charge."""
    panels = []
    for title, planned, note in (
        ("Charged and not invoiced yet", False, ""),
        (
            "Next cycles",
            True,
            "What the subscriptions that run will be charged next, if nothing changes. It is charged on its day.",
        ),
    ):
        rows = [_line(one, words_, place) for place, one in enumerate(lines) if one.planned == planned]
        if rows:
            table = whole("next-cycles" if planned else "charged", BEHIND, rows, NOTHING, title)
            panels.append(Panel(title, note=note or _total(lines, words_, planned=planned), table=table))
    return panels


def _line(one: PendingLine, words_: Words, place: int) -> Row:
    whose = Cell(one.customer.name, f"/accounts/{one.customer.id}")
    if one.subscription:
        apart = "" if one.customer.name in one.subscription.name else one.customer.name
        whose = Cell(one.subscription.name, f"/subscriptions/{one.subscription.id}", note=apart)
    return row(
        f"line-{place}",
        (
            Cell(one.product.name, note=one.explains),
            whose,
            words_.date(one.planned_on),
            money(one.net, words_),
        ),
    )


def _total(lines: Sequence[PendingLine], words_: Words, *, planned: bool) -> str:
    chosen = sorted((one for one in lines if one.planned == planned), key=lambda one: one.net.currency)
    sums_ = [
        words_.money(sum((one.net.amount for one in some), Decimal(0)), currency)
        for currency, some in ((code, list(group)) for code, group in groupby(chosen, lambda one: one.net.currency))
    ]
    return f"{words_.counted(len(chosen), 'charges')}: {', '.join(sums_)}."


def _named(action: Action) -> Action:
    """Give a button of the page another name than the one in the account's menu."""
    return replace(action, name=f"tab-{action.name}")


def account_of(chosen: str) -> str:
    """Read the account off a row's name."""
    return chosen.partition("~")[0]
