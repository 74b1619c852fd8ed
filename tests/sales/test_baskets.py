"""The shop's basket and checkout: what it costs, what stands in its way, and that it is ordered once."""

import threading
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
import sqlalchemy as sa

from tenantry.crm.storefront_users.sessions import Shopper
from tenantry.kernel.actor import Actor
from tenantry.kernel.problems import Conflict, Forbidden, Invalid, NotFound, Refused
from tenantry.sales.baskets import actions, reach
from tenantry.sales.baskets.actions import Accepted, NewBasketItem
from tenantry.sales.baskets.views import text_hash
from tenantry.schema import catalog, crm, shop, tenant
from tests.sales.shopping import (
    accepting,
    add_on_of,
    does,
    fills,
    mail,
    promotion_of,
    sees,
    shopper,
    terms_of,
    with_shop,
)
from tests.sales.stories import act
from tests.world import Row, Tenant, World


@pytest.fixture
def acme(world: World) -> Row:
    with_shop(world)
    return world.account(name="Acme", credit_limit=1_000)


@pytest.fixture
def ada(world: World, acme: Row) -> Shopper:
    return shopper(world, acme)


def test_sf_02_a_checkout_executes_an_order_with_the_prices_that_were_shown(
    world: World, acme: Row, ada: Shopper
) -> None:
    product = mail(world)
    archive = add_on_of(world, product)
    basket = fills(world, ada, product, archive, quantity=3)
    shown = sees(world, ada, basket)

    order_id = does(world, ada, "check_out", basket, digest=shown.digest)

    assert shown.total.amount == Decimal("19.20")
    order = world.row(world.distributor(), "order", order_id)
    assert order is not None
    assert (order.status, order.came_by, order.account_id, order.standing) == ("executed", "shop", acme.id, "own")
    assert order.contact_id == ada.contact_id
    [started] = world.rows(world.distributor(), "subscription", account_id=acme.id)
    assert (started.quantity, started.unit_price, started.order_id) == (3, Decimal("4.50"), order_id)
    assert [one.quantity for one in world.rows(world.distributor(), "subscription_add_on")] == [3]
    told = [one.actor for one in world.rows(world.distributor(), "history_line", subject_id=order_id)]
    assert set(told) == {"Ada Kern"}


def test_sf_02_a_double_click_on_checkout_makes_one_order(world: World, acme: Row, ada: Shopper) -> None:
    basket = fills(world, ada, mail(world))
    made: list[UUID] = []

    def click() -> None:
        made.append(does(world, ada, "check_out", basket))

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join(20)

    assert len(made) == 2
    assert len(set(made)) == 1
    assert len(world.rows(world.distributor(), "order", account_id=acme.id)) == 1
    assert len(world.rows(world.distributor(), "subscription", account_id=acme.id)) == 1
    with pytest.raises(Conflict, match="ordered already"):
        does(world, ada, "put_in", basket, NewBasketItem(mail(world).id, "monthly"))


def test_ord_05_a_checkout_over_the_credit_limit_waits_for_approval_and_is_then_carried_out(
    world: World, acme: Row, ada: Shopper
) -> None:
    above = world.distributor()
    basket = fills(world, ada, mail(world, price="600"), quantity=2)

    order_id = does(world, ada, "check_out", basket)

    order = world.row(above, "order", order_id)
    assert order is not None
    assert (order.status, order.approval) == ("submitted", "waiting")
    assert world.rows(above, "subscription", account_id=acme.id) == []
    assert does(world, ada, "check_out", basket) == order_id
    act(world, above, "approve_order", order_id)
    act(world, above, "execute_order", order_id)
    assert len(world.rows(above, "subscription", account_id=acme.id)) == 1


def test_sf_02_terms_are_accepted_word_for_word_and_that_is_kept(world: World, ada: Shopper) -> None:
    product = mail(world)
    document = terms_of(world, product)
    basket = fills(world, ada, product)
    with pytest.raises(Invalid, match="has to be accepted"):
        does(world, ada, "check_out", basket)
    with pytest.raises(Invalid, match="reads differently"):
        does(world, ada, "check_out", basket, [Accepted(document.id, text_hash("Be unkind."))])

    order_id = does(world, ada, "check_out", basket, accepting(sees(world, ada, basket)))

    [kept] = world.rows(world.distributor(), shop.terms_acceptance, order_id=order_id)
    assert (kept.document_id, kept.edition, kept.document_hash) == (document.id, "2026", text_hash("Be kind."))
    assert (kept.actor_id, kept.actor) == (ada.contact_id, "Ada Kern")


def test_sf_02_what_changed_since_it_was_shown_is_not_ordered(world: World, acme: Row, ada: Shopper) -> None:
    product = mail(world)
    basket = fills(world, ada, product)
    seen = sees(world, ada, basket).digest
    [price] = world.rows(world.distributor(), catalog.product_price, product_id=product.id)
    world.update(world.distributor(), catalog.product_price, price.id, unit_price=Decimal(9))

    with pytest.raises(Conflict, match="changed since it was shown"):
        does(world, ada, "check_out", basket, digest=seen)

    assert world.rows(world.distributor(), "order", account_id=acme.id) == []
    does(world, ada, "check_out", basket, digest=sees(world, ada, basket).digest)


@pytest.mark.parametrize("quantity", [0, -1, 1_000_001, 11])
def test_cat_01_a_quantity_beyond_its_limits_is_not_taken(world: World, ada: Shopper, quantity: int) -> None:
    product = mail(world, max_quantity=10)
    basket = fills(world, ada, product, quantity=10)
    [line] = sees(world, ada, basket).lines

    with pytest.raises(Invalid):
        does(world, ada, "change_quantity", basket, line.id, quantity)

    assert [one.quantity for one in sees(world, ada, basket).lines] == [10]


def test_cat_01_an_add_on_goes_with_its_product(world: World, ada: Shopper) -> None:
    product = mail(world)
    archive = add_on_of(world, product)
    with pytest.raises(Invalid, match="add-on"):
        fills(world, ada, archive)
    basket = fills(world, ada, product, archive)
    [service, added] = sees(world, ada, basket).lines
    assert added.sold_with_id == service.id

    does(world, ada, "take_out", basket, service.id)

    assert sees(world, ada, basket).lines == []


def test_cat_01_a_cycle_that_it_lacks_and_what_is_off_sale_or_not_in_the_shop_is_not_taken(
    world: World, ada: Shopper
) -> None:
    for product, cycle, says in (
        (mail(world), "yearly", "no price"),
        (mail(world, active=False), "monthly", "not on sale"),
        (mail(world, in_shop=False), "monthly", "not sold in the shop"),
    ):
        with pytest.raises(Invalid, match=says):
            fills(world, ada, product, cycle=cycle)
    fills(world, ada, mail(world))


def test_sub_01_a_product_is_tried_once_and_costs_nothing_then(world: World, acme: Row, ada: Shopper) -> None:
    with pytest.raises(Invalid, match="cannot be tried"):
        fills(world, ada, mail(world), trial=True)
    product = mail(world, trial_allowed=True)
    basket = fills(world, ada, product, trial=True)
    assert sees(world, ada, basket).total.amount == 0
    does(world, ada, "check_out", basket)
    [started] = world.rows(world.distributor(), "subscription", account_id=acme.id)
    assert started.status == "trial"

    with pytest.raises(Invalid, match="tried already"):
        fills(world, ada, product, trial=True)
    fills(world, ada, product)


def test_cat_03_a_code_takes_off_where_it_fits_and_is_refused_where_not(world: World, acme: Row, ada: Shopper) -> None:
    product = mail(world, price="10")
    given = promotion_of(world, product)
    basket = fills(world, ada, product, quantity=2)
    with pytest.raises(Invalid, match="fits nothing in the basket: there is no promotion with this code"):
        does(world, ada, "set_promotion_code", basket, "NOTHING")
    assert sees(world, ada, basket).total.amount == 20

    does(world, ada, "set_promotion_code", basket, "welcome")

    assert sees(world, ada, basket).total.amount == 18
    does(world, ada, "check_out", basket)
    [started] = world.rows(world.distributor(), "subscription", account_id=acme.id)
    assert started.promotion_id == given.id


def test_cat_02_a_buyer_sees_the_prices_of_his_own_list(world: World, ada: Shopper, acme: Row) -> None:
    above, product = world.distributor(), mail(world, price="10")
    other = shopper(world, world.account())
    cheap = world.insert(above, catalog.price_list, name="Friends", currency="EUR")
    world.insert(
        above, catalog.price_list_item, price_list_id=cheap.id, product_id=product.id, cycle="monthly", price=8
    )
    world.update(above, crm.account, acme.id, price_list_id=cheap.id)

    assert sees(world, ada, fills(world, ada, product)).total.amount == 8
    assert sees(world, other, fills(world, other, product)).total.amount == 10


def test_dn_30_a_reseller_buys_for_his_customer_until_he_is_live_and_his_order_is_marked(world: World) -> None:
    above = with_shop(world)
    reseller = world.tenant_reseller(name="Helios")
    customer = world.account(bill_to=reseller, credit_limit=1_000)
    world.address(customer, is_billing=True)
    helios = world.row(above, crm.account, reseller.account_id or UUID(int=0))
    assert helios is not None
    buyer, product = shopper(world, helios), mail(world)
    world.transfer_accounts(customer, to=reseller)
    basket = fills(world, buyer, product, of=customer.id)

    order_id = does(world, buyer, "check_out", basket)

    order = world.row(above, "order", order_id)
    assert order is not None
    assert (order.status, order.standing, order.managed_by) == ("executed", "marked", reseller.id)
    assert (order.account_id, order.bill_to_id, order.contact_id) == (customer.id, helios.id, None)
    assert len(world.rows(above, "subscription", account_id=customer.id)) == 1

    world.update(reseller, tenant.tenant, reseller.id, live_at=order.executed_at)
    with pytest.raises(Refused, match="A reseller who is live") as refused:
        fills(world, buyer, product, of=customer.id)
    assert refused.value.rule == "DN-30"


def test_dn_30_nobody_else_buys_for_an_account_that_a_reseller_manages(world: World) -> None:
    above = with_shop(world)
    reseller = world.tenant_reseller()
    customer = world.account(bill_to=reseller, standing="handed_down", managed_by=reseller.id)
    product = mail(world)
    himself, stranger = shopper(world, customer), shopper(world, world.account(reselling_enabled=True))

    with pytest.raises(Refused) as refused:
        fills(world, himself, product)
    assert refused.value.rule == "UP-20"
    with pytest.raises(NotFound):
        fills(world, stranger, product, of=customer.id)
    with world.web.work(above.id, world.admin(above)) as work, pytest.raises(Refused) as refused:
        actions.open_basket(work, customer.id)
    assert refused.value.rule == "UP-20"
    fills(world, stranger, product)


def test_dn_31_nothing_is_bought_for_a_received_account_before_go_live(world: World) -> None:
    reseller = world.tenant_reseller()
    world.update(reseller, tenant.tenant, reseller.id, edition="premium")
    received = world.account(at=reseller, standing="received")
    own = world.account(at=reseller)
    product = mail(world, reseller)

    with pytest.raises(Refused) as refused:
        fills(world, shopper(world, received, reseller), product, at=reseller)

    assert refused.value.rule == "DN-31"
    fills(world, shopper(world, own, reseller), product, at=reseller)


def suspends(world: World, at: Tenant) -> None:
    with world.worker.channel(at.id, [at.id]) as work:
        work.connection.execute(
            sa.update(tenant.tenant).values(suspended_at=work.at).where(tenant.tenant.c.id == at.id)
        )


def test_ten_07_a_suspended_reseller_and_a_suspended_shop_sell_nothing(world: World, ada: Shopper) -> None:
    above, product = world.distributor(), mail(world)
    reseller = world.tenant_reseller()
    customer = world.account(bill_to=reseller, standing="handed_down", managed_by=reseller.id)
    helios = world.row(above, crm.account, reseller.account_id or UUID(int=0))
    assert helios is not None
    buyer = shopper(world, helios)
    fills(world, buyer, product, of=customer.id)
    basket = fills(world, ada, product)

    suspends(world, reseller)
    with pytest.raises(Refused, match="suspended"):
        fills(world, buyer, product, of=customer.id)
    suspends(world, above)
    with pytest.raises(Refused, match="suspended"):
        does(world, ada, "check_out", basket)


def test_sf_01_a_basket_is_its_shoppers_alone_and_one_for_each_account(world: World, acme: Row, ada: Shopper) -> None:
    above, product = world.distributor(), mail(world)
    basket = fills(world, ada, product)
    assert fills(world, ada) == basket
    colleague = shopper(world, acme, email="other@shop.example")
    with pytest.raises(NotFound):
        does(world, colleague, "check_out", basket)
    with world.web.work(above.id, world.admin(above)) as work:
        with pytest.raises(Refused, match="storefront user"):
            actions.check_out(work, basket)
        assert actions.open_basket(work, acme.id) != basket
    with world.web.work(above.id, Actor(None, "Nobody")) as work, pytest.raises(Forbidden):
        actions.open_basket(work, acme.id)


def test_dn_30_a_reseller_chooses_among_his_customers_and_reads_what_stands_in_the_way(world: World) -> None:
    above = with_shop(world)
    reseller = world.tenant_reseller()
    helios = world.row(above, crm.account, reseller.account_id or UUID(int=0))
    assert helios is not None
    world.account(bill_to=reseller, name="Fern")
    world.account(bill_to=reseller, name="Gorse", standing="mirrored", managed_by=reseller.id)
    world.account(bill_to=reseller, name="Heath", status="closed")
    world.account(name="Somebody else's")

    with world.web.work(above.id) as work:
        found = reach.customers(work, shopper(world, helios))
        searched = reach.customers(work, shopper(world, helios, email="b@shop.example"), "fer")

    assert [(one.name, one.buys.rule) for one in found] == [(helios.name, ""), ("Fern", ""), ("Gorse", "DN-30")]
    assert [one.name for one in searched] == ["Fern"]


def test_cat_03_a_code_that_fits_nothing_says_which_condition_is_lacking(world: World, acme: Row, ada: Shopper) -> None:
    product, other = mail(world, price="10"), mail(world, price="10")
    home = world.distributor()
    conditions: dict[str, dict[str, object]] = {
        "is for the cycle yearly only": {"product_id": product.id, "cycle": "yearly"},
        "was given until 2020-01-01": {"product_id": product.id, "valid_until": date(2020, 1, 1)},
        "is not given any more": {"product_id": product.id, "active": False},
        "is for new customers; this account has had": {"product_id": product.id, "new_customers_only": True},
        f"is for {other.name} only": {"product_id": other.id},
    }
    world.subscription(acme, product)
    basket = fills(world, ada, product, quantity=2)
    off = {"name": "Spring", "kind": "percent", "off": 10, "duration": "once"}
    for place, (says, given) in enumerate(conditions.items()):
        world.insert(home, "promotion", **off, **given, code=f"CODE{place}")
        with pytest.raises(Invalid, match=says):
            does(world, ada, "set_promotion_code", basket, f"code{place}")

    # Of two lines the one that lacks less is spoken of.
    fills(world, ada, other)
    world.insert(home, "promotion", **off, code="OVER", product_id=other.id, valid_until=date(2020, 1, 1))
    with pytest.raises(Invalid, match="was given until 2020-01-01"):
        does(world, ada, "set_promotion_code", basket, "over")
