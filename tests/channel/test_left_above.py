"""What Transfer Subscriptions leaves with the distributor: his promotions, his orders, what was parted from what."""

from decimal import Decimal
from typing import Any

from tests.channel.going import below, extra
from tests.channel.stories import resold_product
from tests.world import Row, Tenant, World

GIVEN = {"kind": "percent", "off": 10, "duration": "cycles", "cycles": 5}


def test_dn_40_dn_27_promotions_orders_and_what_it_was_parted_from_stay_with_the_distributor(
    world: World, reseller: Tenant, acme: Row, mail: Row, one_is_left: Row
) -> None:
    assert one_is_left
    home = world.distributor()
    archive = extra(world, reseller, mail)
    promotion = world.insert(home, "promotion", name="Spring", product_id=mail.id, **GIVEN)
    known: dict[str, Any] = {
        "promotion_id": promotion.id,
        "promotion_cycles_left": 3,
        "order_id": world.order(acme).id,
    }
    whole = world.subscription(acme, mail)
    part = world.subscription(acme, mail, split_from_id=whole.id, price_frozen=True, **known)
    world.insert(
        home,
        "subscription_add_on",
        subscription_id=part.id,
        product_id=archive.id,
        quantity=2,
        unit_price=3,
        discount_percent=10,
        version=4,
        **known,
    )

    world.transfer_subscriptions(to=reseller)

    copy = below(world, reseller, part)
    assert {name: getattr(copy, name) for name in known} == dict.fromkeys(known)
    assert (copy.split_from_id, copy.price_frozen, copy.managed_by) == (None, False, None)
    assert below(world, reseller, whole).id == whole.id
    [added] = world.rows(reseller, "subscription_add_on", subscription_id=part.id)
    assert {name: getattr(added, name) for name in known} == dict.fromkeys(known)
    assert (added.discount_percent, added.version) == (0, 1)


def test_dn_27_dn_40_an_asset_leaves_its_order_and_what_it_was_charged_with_the_distributor(
    world: World, reseller: Tenant, acme: Row, one_is_left: Row
) -> None:
    assert one_is_left
    box = resold_product(world, reseller, kind="service")
    one_off = {"product_id": box.id, "cycle": "one_off", "currency": "EUR", "unit_price": 5}
    world.insert(reseller, "product_price", **one_off)
    bought = world.asset(acme, box, order_id=world.order(acme).id, to_be_charged=True, version=4)

    world.transfer_subscriptions(to=reseller)

    copy = below(world, reseller, bought, "asset")
    assert (copy.order_id, copy.to_be_charged, copy.version, copy.managed_by) == (None, False, 1, None)


def test_dn_12_dn_41_an_asset_is_its_customers_to_pay_and_in_the_currency_of_the_resellers_list(
    world: World, reseller: Tenant, acme: Row, one_is_left: Row
) -> None:
    assert one_is_left
    box = resold_product(world, reseller)
    priced = {"product_id": box.id, "cycle": "one_off", "currency": "EUR", "unit_price": 5}
    world.insert(reseller, "product_price", **priced)
    bought = world.asset(acme, box, currency="USD", unit_price=10, bill_to_id=reseller.account_id)

    plan = world.plan(bought, to=reseller, kind="transfer_subscriptions", rates={"USD": Decimal("0.9")})
    world.confirm(plan)

    copy = below(world, reseller, bought, "asset")
    assert (copy.bill_to_id, copy.currency) == (acme.id, "EUR")
