"""The print-out of an order (ORD-02, BO-22)."""

from uuid import UUID

from tenantry.database import Work
from tenantry.kernel.problems import Refused
from tenantry.sales.parties import parties
from tenantry.sales.queries import ItemView, OrderView, order
from tenantry.tenancy import queries
from tenantry.web.papers.parties import buyer, foot, seller
from tenantry.web.papers.sales import CYCLE_NAMES, NET, PAGE, headings, money, percent, totals
from tenantry.web.papers.sheet import BROUGHT, LACKING, Line, Sheet, pdf
from tenantry.web.papers.speech import speech
from tenantry.web.words import Words, words_of

TITLES = {"draft": "Order (draft)", "cancelled": "Order (cancelled)"}


def print_out(work: Work, id: UUID) -> tuple[str, bytes]:
    """Give an order's document, as the organisation writes: the name of the file, and what is in it."""
    view, tenant = order(work, id), queries.tenant(work)
    if not view.actions["print_out"]:
        raise Refused(view.actions["print_out"])
    words = words_of(tenant)
    say = speech(words)
    known = parties(work, view.account.id, view.bill_to.id)
    named = [buyer(say("Customer"), known[view.account.id], words)]
    if view.bill_to.id != view.account.id:
        named.append(buyer(say("Bill to"), known[view.bill_to.id], words))
    sheet = Sheet(
        title=say(TITLES.get(view.status, "Order")),
        reference=say("No. {number}", number=view.number),
        seller=seller(tenant, words),
        parties=named,
        facts=_facts(view, words),
        headings=headings(say),
        lines=[_line(item, words) for item in view.items],
        totals=totals(view.totals, view.first, words),
        note=view.name,
        closing=say(NET),
        footer=foot(tenant),
        page=say(PAGE, page="{page}", pages="{pages}"),
        brought=say(BROUGHT),
        lacking=say(LACKING, letters="{letters}"),
    )
    return f"order-{view.number}.pdf", pdf(sheet)


def _line(item: ItemView, words: Words) -> Line:
    say = speech(words)
    notes = [
        say("Promotion: {name}", name=item.promotion.name) if item.promotion else "",
        say("Discount {percent}", percent=percent(item.discount_percent, words))
        if item.discount_percent and not item.promotion
        else "",
        say("Tried first, at no charge") if item.trial else "",
        say("Starts on {day}", day=words.date(item.start_on)) if item.start_on else "",
        say("At first {amount}", amount=money(item.first, words))
        if item.first != item.total and not item.trial
        else "",
        say("Tax {percent}", percent=percent(item.tax_percent, words)) if item.tax_percent else "",
    ]
    cells = (
        item.product.name,
        say(CYCLE_NAMES[item.cycle]),
        words.number(item.quantity),
        money(item.unit_price, words),
        money(item.total, words),
    )
    return Line(cells, " · ".join(note for note in notes if note))


def _facts(view: OrderView, words: Words) -> list[tuple[str, str]]:
    facts = (
        ("Order number", str(view.number)),
        ("Order date", words.date(view.ordered_on)),
        ("Status", speech(words)(view.status_name.capitalize())),
        ("Payment", view.payment_method.name if view.payment_method else ""),
        ("Contact", view.contact.name if view.contact else ""),
        ("Sales rep", view.sales_rep.name if view.sales_rep else ""),
        ("Part of", view.part_of.name if view.part_of else ""),
        ("Currency", view.currency),
    )
    say = speech(words)
    return [(say(name), value) for name, value in facts if value]
