"""The print-out of an invoice (BIL-04, BIL-07)."""

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from uuid import UUID

from tenantry.billing.queries import InvoiceLineView, InvoiceView, invoice_
from tenantry.database import Work
from tenantry.kernel.problems import Refused
from tenantry.sales.parties import PartyView, parties
from tenantry.tenancy import queries
from tenantry.tenancy.queries import TenantView
from tenantry.web.papers.explained import changed, explained
from tenantry.web.papers.parties import buyer, foot, seller
from tenantry.web.papers.sales import PAGE, money, percent
from tenantry.web.papers.sheet import BROUGHT, LACKING, Heading, Line, Party, Sheet, Total, pdf
from tenantry.web.papers.speech import Say, speech
from tenantry.web.words import Words, words_of

DATED = "Please pay by {day}, naming {number}."
NET = "Amounts are net of tax."


def print_out(work: Work, id: UUID) -> tuple[str, bytes]:
    """Give an invoice's document: an issued one as it was then, a draft as it would be now."""
    view = invoice_(work, id)
    if not view.actions["print_out"]:
        raise Refused(view.actions["print_out"])
    return document(work, view)


def document(work: Work, view: InvoiceView) -> tuple[str, bytes]:
    """Set the document of an invoice that was read."""
    tenant = queries.tenant(work)
    words = words_of(tenant)
    say = speech(words)
    payer = view.payer or parties(work, view.bill_to.id)[view.bill_to.id]
    then = _then(tenant, view.seller)
    sheet = Sheet(
        title=say("Invoice" if view.code else "Invoice (draft)"),
        reference=view.code and say("No. {number}", number=view.code),
        seller=seller(then, words),
        parties=_parties(view, payer, words),
        facts=_facts(view, words),
        headings=_headings(say),
        lines=[_line(line, view, words) for line in view.lines],
        totals=_totals(view, words),
        note=view.note,
        closing=_closing(view, words),
        footer=foot(then),
        page=say(PAGE, page="{page}", pages="{pages}"),
        brought=say(BROUGHT),
        lacking=say(LACKING, letters="{letters}"),
    )
    return f"invoice-{view.code or 'draft'}.pdf", pdf(sheet)


def _then(tenant: TenantView, kept: Mapping[str, str] | None) -> TenantView:
    """Give the organisation as it was when the document was issued."""
    known = {one.name: getattr(tenant, one.name) for one in fields(tenant)}
    return TenantView(**{**known, **(kept or {})})


def _headings(say: Say) -> list[Heading]:
    figures = (("Quantity", 13), ("Unit price", 18), ("Amount", 19))
    return [Heading(say("Product"), 50), *(Heading(say(name), width, figures=True) for name, width in figures)]


def _parties(view: InvoiceView, payer: PartyView, words: Words) -> list[Party]:
    say = speech(words)
    named = [buyer(say("Bill to"), payer, words)]
    return [*named, Party(say("For"), view.account.name)] if view.separate else named


def _facts(view: InvoiceView, words: Words) -> list[tuple[str, str]]:
    facts = (
        ("Invoice number", view.code),
        ("Invoice date", words.date(view.issued_on)),
        ("Due date", words.date(view.due_on)),
        ("Our contact", view.responsible_user.name if view.responsible_user else ""),
        ("Currency", view.currency),
    )
    say = speech(words)
    return [(say(name), value) for name, value in facts if value]


def _line(line: InvoiceLineView, view: InvoiceView, words: Words) -> Line:
    """Say of a line which customer, which subscription and which change it is for, and how its amount came to be."""
    # Most subscriptions are called after their customer, or only after their product: neither is named twice then.
    of = line.subscription.name if line.subscription and line.subscription.name != line.name else ""
    customer = line.customer.name if line.customer.id != view.bill_to.id else ""
    whose = of if customer in of else f"{customer} · {of}".strip(" ·")
    notes = [
        whose or customer,
        changed(line.change, words),
        explained(line.explains, words) or _by_hand(line, words),
    ]
    cells = (line.name, _figure(line.quantity, words), money(line.unit_price, words), money(line.net, words))
    return Line(cells, "\n".join(note for note in notes if note))


def _by_hand(line: InvoiceLineView, words: Words) -> str:
    days = [words.date(day) for day in (line.period_from, line.period_until) if day]
    say = speech(words)
    off = say("Discount {percent}", percent=percent(line.discount_percent, words)) if line.discount_percent else ""
    return " · ".join(part for part in (f" {say('to')} ".join(days), off) if part)


def _figure(number: Decimal, words: Words) -> str:
    return words.number(number.normalize() if number % 1 else number.quantize(Decimal(1)))


def _totals(view: InvoiceView, words: Words) -> list[Total]:
    say = speech(words)
    parts = [Total(say("Net"), money(view.net, words)), Total(say("Tax"), money(view.tax, words))]
    return [*(parts if view.tax.amount else ()), Total(say("Total"), money(view.total, words), strong=True)]


def _closing(view: InvoiceView, words: Words) -> str:
    say = speech(words)
    paid = say(DATED, day=words.date(view.due_on), number=view.code) if view.code else say("This is a draft.")
    return paid if view.tax.amount else f"{paid} {say(NET)}"
