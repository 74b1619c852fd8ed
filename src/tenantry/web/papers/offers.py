"""The print-out of an offer (ORD-04)."""

from uuid import UUID

from tenantry.database import Work
from tenantry.kernel.problems import Refused
from tenantry.sales.offers.queries import OfferItemView, OfferView, offer_
from tenantry.sales.parties import parties
from tenantry.tenancy import queries
from tenantry.web.papers.parties import buyer, foot, seller
from tenantry.web.papers.sales import CYCLE_NAMES, NET, PAGE, headings, money, percent, totals
from tenantry.web.papers.sheet import BROUGHT, LACKING, Line, Sheet, pdf
from tenantry.web.papers.speech import speech
from tenantry.web.words import Words, words_of

UNTIL = "This offer is valid until {day}."


def print_out(work: Work, id: UUID) -> tuple[str, bytes]:
    """Give an offer's document, as the organisation writes: the name of the file, and what is in it."""
    view, tenant = offer_(work, id), queries.tenant(work)
    if not view.actions["print_out"]:
        raise Refused(view.actions["print_out"])
    words = words_of(tenant)
    say = speech(words)
    until = f"{say(UNTIL, day=words.date(view.valid_until))} " if view.valid_until else ""
    sheet = Sheet(
        title=say("Offer (lost)" if view.status == "lost" else "Offer"),
        reference=say("No. {number}", number=view.number),
        seller=seller(tenant, words),
        parties=[buyer(say("Customer"), parties(work, view.account.id)[view.account.id], words)],
        facts=_facts(view, words),
        headings=headings(say),
        lines=[_line(item, words) for item in view.items],
        totals=totals(view.totals, view.first, words),
        note=f"{view.name}\n\n{view.note}".strip(),
        closing=f"{until}{say(NET)}",
        footer=foot(tenant),
        page=say(PAGE, page="{page}", pages="{pages}"),
        brought=say(BROUGHT),
        lacking=say(LACKING, letters="{letters}"),
    )
    return f"offer-{view.number}.pdf", pdf(sheet)


def _line(item: OfferItemView, words: Words) -> Line:
    say = speech(words)
    notes = [
        say("Promotion: {name}", name=item.promotion.name) if item.promotion else "",
        say("Discount {percent}", percent=percent(item.discount_percent, words))
        if item.discount_percent and not item.promotion
        else "",
        say("At first {amount}", amount=money(item.first, words)) if item.first != item.total else "",
    ]
    cells = (
        item.product.name,
        say(CYCLE_NAMES[item.cycle]),
        words.number(item.quantity),
        money(item.unit_price, words),
        money(item.total, words),
    )
    return Line(cells, " · ".join(note for note in notes if note))


def _facts(view: OfferView, words: Words) -> list[tuple[str, str]]:
    facts = (
        ("Offer number", str(view.number)),
        ("Offer date", words.date(view.offered_on)),
        ("Valid until", words.date(view.valid_until)),
        ("Contact", view.contact.name if view.contact else ""),
        ("Our contact", view.responsible_user.name if view.responsible_user else ""),
        ("Currency", view.currency),
    )
    say = speech(words)
    return [(say(name), value) for name, value in facts if value]
