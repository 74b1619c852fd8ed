"""Opportunities lead to offers, and offers become orders (ORD-04, TEN-25)."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from tenantry.kernel import clock
from tenantry.kernel.actor import Actor
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Conflict, Forbidden, Invalid, NotFound, Refused, Stale
from tenantry.sales.offers import actions as offers
from tenantry.sales.offers.actions import NewOffer, NewOfferItem
from tenantry.sales.offers.queries import OfferView, offer_
from tenantry.sales.opportunities import actions as opportunities
from tenantry.sales.opportunities.actions import NewOpportunity
from tenantry.sales.opportunities.queries import OpportunityView, opportunity_
from tenantry.schema import catalog
from tenantry.web.papers.offers import print_out
from tests.sales.stories import priced, sentences, view
from tests.world import Row, Tenant, World


def does(world: World, at: Tenant, act: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """Do something as the tenant's admin."""
    with world.web.work(at.id, world.admin(at)) as work:
        return act(work, *arguments, **named)


def made(world: World, of: Row, *items: NewOfferItem, **given: Any) -> Any:
    """Make an offer at the distributor; gives its id."""
    return does(world, world.distributor(), offers.create_offer, NewOffer(account_id=of.id, items=items, **given))


def read(world: World, id: Any) -> OfferView:
    """See an offer as the distributor's admin."""
    found: OfferView = does(world, world.distributor(), offer_, id)
    return found


def led(world: World, id: Any) -> OpportunityView:
    """See an opportunity as the distributor's admin."""
    found: OpportunityView = does(world, world.distributor(), opportunity_, id)
    return found


def test_ord_04_an_accepted_offer_is_a_draft_order_at_the_offered_prices(world: World) -> None:
    home, acme = world.distributor(), world.account(name="Acme")
    product = priced(world, home, "10")
    id = made(world, acme, NewOfferItem(product.id, "monthly", 3, discount_percent=Decimal(50)), name="Mail for all")
    price = world.rows(home, catalog.product_price, product_id=product.id)[0]
    world.update(home, catalog.product_price, price.id, unit_price=12)

    order = view(world, home, does(world, home, offers.accept_offer, id))

    offer = read(world, id)
    assert (order.status, order.name, order.account.id) == ("draft", "Mail for all", acme.id)
    assert [(str(line.unit_price.amount.normalize()), str(line.total.amount)) for line in order.items] == [
        ("1E+1", "15.00")
    ]
    assert (offer.status, offer.order and offer.order.id) == ("accepted", order.id)
    assert sentences(world, home, id) == ["Offer was created", "Offer was accepted; it became an order"]
    assert sentences(world, home, order.id)[-1] == f"Order was made of offer {offer.number}"
    for again in (offers.accept_offer, offers.lose_offer, offers.delete_offer):
        with pytest.raises(Refused) as refused:
            does(world, home, again, id)
        assert refused.value.rule == "ORD-04"


def test_ord_04_an_offer_is_accepted_up_to_its_last_day(world: World) -> None:
    home = world.distributor()
    item = NewOfferItem(priced(world, home).id, "monthly")
    given = {"offered_on": date(2026, 6, 1), "valid_until": date(2026, 6, 30)}
    early, late = made(world, world.account(), item, **given), made(world, world.account(), item, **given)

    with clock.stopped(datetime(2026, 6, 30, 20, tzinfo=UTC)):
        does(world, home, offers.accept_offer, early)
    with clock.stopped(datetime(2026, 7, 1, 1, tzinfo=UTC)), pytest.raises(Refused, match="valid until 2026-06-30"):
        does(world, home, offers.accept_offer, late)
    assert (read(world, early).status, read(world, late).status) == ("accepted", "in_progress")


def test_ord_04_an_opportunity_leads_to_an_offer_and_is_won_with_it(world: World) -> None:
    home, acme = world.distributor(), world.account()
    new = NewOpportunity(account_id=acme.id, name="Mail for 300 people", amount=Decimal(9_000))
    id = does(world, home, opportunities.create_opportunity, new)
    item = NewOfferItem(priced(world, home).id, "monthly", 300)

    offer = made(world, acme, item, opportunity_id=id)
    assert read(world, offer).name == "Mail for 300 people"
    assert [one.id for one in led(world, id).offers] == [offer]
    with pytest.raises(Invalid) as refused:
        made(world, world.account(), item, opportunity_id=id)
    assert refused.value.faults[0].field == "opportunity_id"

    does(world, home, offers.accept_offer, offer)

    number = read(world, offer).number
    assert led(world, id).status == "won"
    assert sentences(world, home, id)[-1] == f"Opportunity was won: offer {number} was accepted"


def test_ten_25_an_opportunity_is_won_or_lost_and_opened_again(world: World) -> None:
    home, acme = world.distributor(), world.account(currency="USD")
    id = does(world, home, opportunities.create_opportunity, NewOpportunity(account_id=acme.id, name="Mail"))

    does(world, home, opportunities.edit_opportunity, id, {"amount": 100, "expected_on": "2026-12-31"}, version=1)
    with pytest.raises(Stale):
        does(world, home, opportunities.edit_opportunity, id, {"note": "Late"}, version=1)
    does(world, home, opportunities.lose_opportunity, id, because="Too dear")
    with pytest.raises(Refused):
        does(world, home, opportunities.edit_opportunity, id, {"note": "Late"})
    does(world, home, opportunities.reopen_opportunity, id)
    does(world, home, opportunities.win_opportunity, id)

    found = led(world, id)
    assert (found.status, found.currency, str(found.amount and found.amount.amount)) == ("won", "USD", "100.000000")
    assert sentences(world, home, id)[2:] == [
        "Opportunity was lost: Too dear",
        "Opportunity was opened again",
        "Opportunity was won",
    ]
    does(world, home, opportunities.delete_opportunity, id)
    with pytest.raises(NotFound):
        led(world, id)


def test_ord_04_items_change_while_the_offer_is_in_progress(world: World) -> None:
    home, acme = world.distributor(), world.account()
    product, other = priced(world, home, "10"), priced(world, home, "5")
    id = made(world, acme, NewOfferItem(product.id, "monthly"))
    item = read(world, id).items[0]

    added = does(world, home, offers.add_offer_item, id, NewOfferItem(other.id, "monthly", 2))
    does(world, home, offers.update_offer_item, id, item.id, {"quantity": 4}, version=1)
    with pytest.raises(Stale):
        does(world, home, offers.update_offer_item, id, item.id, {"quantity": 5}, version=1)
    with pytest.raises(Invalid):
        does(world, home, offers.update_offer_item, id, item.id, {"quantity": 0})
    does(world, home, offers.delete_offer_item, id, added)

    assert {cycle: str(total.amount) for cycle, total in read(world, id).totals.items()} == {"monthly": "40.00"}
    does(world, home, offers.lose_offer, id, because="Too dear")
    with pytest.raises(Refused):
        does(world, home, offers.add_offer_item, id, NewOfferItem(other.id, "monthly"))
    does(world, home, offers.reopen_offer, id)
    does(world, home, offers.add_offer_item, id, NewOfferItem(other.id, "monthly"))
    assert len(read(world, id).items) == 2


def test_ord_04_bad_input_is_refused_field_by_field(world: World) -> None:
    home, acme = world.distributor(), world.account()
    theirs = world.contact(world.account())

    with pytest.raises(Invalid, match="no such contact"):
        made(world, acme, contact_id=theirs.id)
    with pytest.raises(Invalid, match="before its own day"):
        made(world, acme, offered_on=date(2026, 6, 2), valid_until=date(2026, 6, 1))
    with pytest.raises(Invalid, match="no items"):
        does(world, home, offers.accept_offer, made(world, acme))
    with pytest.raises(Invalid):
        does(world, home, opportunities.create_opportunity, NewOpportunity(account_id=acme.id, name=" "))
    with pytest.raises(Invalid, match="not activated"):
        does(
            world,
            home,
            opportunities.create_opportunity,
            NewOpportunity(account_id=acme.id, name="Mail", currency="JPY"),
        )


def test_ord_04_an_offer_in_another_currency_than_is_bought_in_today_becomes_no_order(world: World) -> None:
    home = world.distributor()
    dollars = world.insert(home, catalog.price_list, name="Dollars", currency="USD")
    product = priced(world, home, "10", currency="USD")
    world.insert(home, catalog.product_price, product_id=product.id, cycle="monthly", currency="EUR", unit_price=9)
    id = made(world, world.account(), NewOfferItem(product.id, "monthly"), price_list_id=dollars.id)
    world.update(home, catalog.price_list, dollars.id, active=False)

    with pytest.raises(Conflict, match="in USD"):
        does(world, home, offers.accept_offer, id)
    assert read(world, id).status == "in_progress"


def test_up_20_nothing_is_offered_to_an_account_that_its_reseller_sells_to(world: World) -> None:
    reseller = world.tenant_reseller()
    managed = world.account(bill_to=reseller, standing="mirrored", managed_by=reseller.id)

    made(world, world.account())
    for attempt in (
        lambda: made(world, managed),
        lambda: does(
            world,
            world.distributor(),
            opportunities.create_opportunity,
            NewOpportunity(account_id=managed.id, name="Mail"),
        ),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.rule == "UP-20"


def test_ten_20_and_ten_21_say_who_sees_and_changes_offers(world: World) -> None:
    home, elsewhere = world.distributor(), world.tenant()
    id = made(world, world.account())
    words = frozenset({"orders:view", "orders:edit"})
    reader = Actor(None, "Reader", words, frozenset({home.rule_id}), frozenset(), frozenset())

    with world.web.work(home.id, reader) as work:
        assert offer_(work, id).id == id
        with pytest.raises(Forbidden):
            offers.edit_offer(work, id, {"name": "Mine"})
    with world.web.work(home.id, Actor(None, "Stranger", words)) as work, pytest.raises(NotFound):
        offer_(work, id)
    for unknown in (id, new_id()):
        with pytest.raises(NotFound):
            does(world, elsewhere, offer_, unknown)
        with pytest.raises(NotFound):
            does(world, elsewhere, offers.lose_offer, unknown)


def test_ord_04_an_offer_is_printed_with_what_is_said_and_until_when_it_is_valid(world: World) -> None:
    home = world.distributor()
    item = NewOfferItem(priced(world, home, "10", name="Почта").id, "monthly", 2)
    given = {"valid_until": date(2099, 1, 31), "note": "Σας ευχαριστούμε"}
    id = made(world, world.account(name="Acme"), item, **given)

    _, content = does(world, home, print_out, id)

    page = " ".join(PdfReader(BytesIO(content)).pages[0].extract_text().split()).replace("\N{NO-BREAK SPACE}", " ")
    for said in ("Acme", "Почта", "20.00 EUR", "Σας ευχαριστούμε", "This offer is valid until Jan 31, 2099"):
        assert said in page
