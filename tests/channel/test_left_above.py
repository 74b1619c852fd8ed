"""What Transfer Subscriptions leaves with the distributor: his promotions, his orders, what was parted from what."""

from typing import Any

from tests.channel.going import below, extra
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
        home, "subscription_add_on", subscription_id=part.id, product_id=archive.id, quantity=2, unit_price=3, **known
    )

    world.transfer_subscriptions(to=reseller)

    copy = below(world, reseller, part)
    assert {name: getattr(copy, name) for name in known} == dict.fromkeys(known)
    assert (copy.split_from_id, copy.price_frozen, copy.managed_by) == (None, False, None)
    assert below(world, reseller, whole).id == whole.id
    [added] = world.rows(reseller, "subscription_add_on", subscription_id=part.id)
    assert {name: getattr(added, name) for name in known} == dict.fromkeys(known)
