"""What an order starts when it is executed (ORD-03, SUB-01)."""

from decimal import Decimal

import pytest

from tenantry.kernel.problems import Invalid
from tenantry.sales.actions import NewItem
from tenantry.schema import catalog
from tenantry.schema.charging import charge
from tests.sales.stories import act, priced, sentences, submitted
from tests.sales.subscriptions.stories import charged, day, kinds, on, sold, there
from tests.world import World


def test_ord_03_a_subscription_begins_with_its_first_cycle_charged(world: World) -> None:
    home = world.distributor()
    with on("2026-11-22"):
        one = sold(world, priced(world, home, "10"), 3)

    assert (one.status, one.paid_from, one.charged_until) == ("active", day("2026-11-22"), day("2026-12-21"))
    assert charged(world, one) == [("30.00", "11-22", "12-21")]
    assert kinds(world, one) == [("activation", "done")]
    assert one.term_until == day("2026-12-21")


def test_bil_01_with_prorate_billing_the_first_cycle_ends_before_the_billing_day(world: World) -> None:
    home = world.distributor()
    buyer = world.account(prorate_billing=True, billing_day=1)
    with on("2026-11-22"):
        one = sold(world, priced(world, home, "10"), 3, to=buyer)

    assert charged(world, one) == [("9.00", "11-22", "11-30")]
    assert one.charged_until == day("2026-11-30")


def test_ord_03_an_order_that_starts_earlier_charges_every_cycle_until_today(world: World) -> None:
    home = world.distributor()
    with on("2026-11-22"):
        one = sold(world, priced(world, home, "10"), 1, start_on=day("2026-09-15"))

    assert charged(world, one) == [
        ("10.00", "09-15", "10-14"),
        ("10.00", "10-15", "11-14"),
        ("10.00", "11-15", "12-14"),
    ]
    assert [kind for kind, _ in kinds(world, one)] == ["activation", "renewal", "renewal"]


def test_ord_03_what_starts_later_is_charged_when_it_starts(world: World) -> None:
    home = world.distributor()
    with on("2026-11-22"):
        one = sold(world, priced(world, home, "10"), 1, start_on=day("2026-12-01"))

    assert (one.status, one.paid_from) == ("starting_later", None)
    assert charged(world, one) == []


def test_sub_01_a_trial_is_not_charged_and_there_is_one_of_a_product(world: World) -> None:
    home = world.distributor()
    acme, tried = world.account(), priced(world, home, "10", trial_allowed=True, trial_days=14)
    with on("2026-11-22"):
        one = sold(world, tried, 5, to=acme, trial=True)
        again = submitted(world, home, acme, NewItem(tried.id, "monthly", 5, trial=True))
        with pytest.raises(Invalid, match="tried") as refused:
            act(world, home, "execute_order", again)
        other = sold(world, tried, 5, trial=True)

    assert (one.status, one.trial_until, one.paid_from) == ("trial", day("2026-12-05"), None)
    assert charged(world, one) == []
    assert kinds(world, one) == [("trial", "done")]
    assert refused.value.rule == "SUB-01"
    assert other.status == "trial"


def test_ord_03_what_is_paid_once_becomes_an_asset_and_is_charged_once(world: World) -> None:
    home = world.distributor()
    router = priced(world, home, "99", cycle="one_off")
    with on("2026-11-22"):
        id = submitted(world, home, world.account(), NewItem(router.id, "one_off", 2))
        assert act(world, home, "execute_order", id) == []

    [asset] = world.rows(home, "asset", order_id=id)
    [one] = world.rows(home, charge, asset_id=asset.id)
    assert (asset.quantity, asset.unit_price, asset.bought_on) == (2, Decimal(99), day("2026-11-22"))
    assert (one.kind, one.amount, one.order_id) == ("one_off", Decimal(198), id)
    assert len(sentences(world, home, asset.id)) == 1


def test_ord_03_an_add_on_is_charged_with_its_service(world: World) -> None:
    home = world.distributor()
    mail, archive = priced(world, home, "10"), priced(world, home, "2.5", kind="add_on")
    world.insert(home, catalog.product_add_on, product_id=mail.id, add_on_id=archive.id)
    with on("2026-11-22"):
        items = (NewItem(mail.id, "monthly", 4), NewItem(archive.id, "monthly", 4))
        id = submitted(world, home, world.account(), *items)
        [made] = act(world, home, "execute_order", id)

    assert charged(world, there(world, made)) == [("40.00", "11-22", "12-21"), ("10.00", "11-22", "12-21")]
    assert {item.subscription_id for item in world.rows(home, "order_item", order_id=id)} == {made}


def test_prv_20_what_an_outside_system_delivers_is_asked_of_it_once(world: World) -> None:
    home = world.distributor()
    system = world.insert(home, catalog.provisioning_system, name="Mail platform")
    with on("2026-11-22"):
        one = sold(world, priced(world, home, "10", provisioning_system_id=system.id), 3)

    [asked] = world.rows(home, "service_request", subscription_id=one.id)
    assert (asked.verb, asked.status, asked.desired["quantity"]) == ("create", "pending", 3)
    assert one.provisioning_status == "requested"


def test_cat_03_a_promotion_is_given_with_the_first_cycle(world: World) -> None:
    home = world.distributor()
    mail = priced(world, home, "10")
    half = world.insert(
        home, catalog.promotion, name="Half", product_id=mail.id, kind="percent", off=50, duration="once"
    )
    with on("2026-11-22"):
        one = sold(world, mail, 2, promotion_id=half.id)

    assert (one.promotion_id, one.promotion_cycles_left) == (half.id, 1)
    assert charged(world, one) == [("10.00", "11-22", "12-21")]
