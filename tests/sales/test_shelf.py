"""What the shop shows of the catalogue (SF-01)."""

from datetime import timedelta

from tenantry.sales.defaults import today
from tenantry.sales.storefront.shelf import shelf
from tests.sales.stories import priced
from tests.world import World


def test_sf_01_a_category_in_which_nothing_can_be_bought_is_not_shown(world: World) -> None:
    home = world.distributor()
    with world.web.work(home.id) as work:
        on = today(work)
    for category in ("Mail", "Mail", "Backup"):
        priced(world, home, "10", category=category, in_shop=True)
    priced(world, home, "10", category="Not in the shop", in_shop=False)
    priced(world, home, "10", category="Later", in_shop=True, active_from=on + timedelta(1))
    priced(world, home, "10", category="Add-ons", in_shop=True, kind="add_on")
    world.product(home, category="Unpriced", in_shop=True)
    dollars = world.product(home, category="Dollars", in_shop=True)
    world.insert(home, "product_price", product_id=dollars.id, cycle="monthly", currency="USD", unit_price=1)
    listed = world.product(home, category="Listed", in_shop=True)
    list_ = world.insert(home, "price_list", name="Partners", currency="EUR")
    world.insert(home, "price_list_item", price_list_id=list_.id, product_id=listed.id, cycle="monthly", price=3)
    over = world.product(home, category="Over", in_shop=True)
    ended = {"product_id": over.id, "cycle": "monthly", "price": 3, "valid_until": on - timedelta(1)}
    world.insert(home, "price_list_item", price_list_id=list_.id, **ended)
    plain, partner = world.account(), world.account(own_ordering_options=True, price_list_id=list_.id)
    american = world.account(currency="USD")

    with world.web.work(home.id) as work:
        found = [shelf(work, one.id).categories for one in (plain, partner, american)]

    assert found == [["Backup", "Mail"], ["Backup", "Listed", "Mail"], ["Dollars"]]
    with world.web.work(home.id) as work:
        assert all(shelf(work, partner.id, category=one).tiles for one in found[1])
