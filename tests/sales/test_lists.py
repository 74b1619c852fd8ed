"""The lists of orders and subscriptions."""

from tenantry.sales.lists import ORDERS, SUBSCRIPTIONS
from tenantry.tenancy.listing import ListRequest
from tests.sales.stories import create
from tests.world import World


def test_api_04_orders_are_listed_filtered_and_sorted(world: World) -> None:
    home = world.distributor()
    acme, other = world.account(name="Acme"), world.account()
    first, second = create(world, home, acme, name="B"), create(world, home, acme, name="A")
    create(world, home, other)

    with world.web.work(home.id, world.admin(home)) as work:
        page = ORDERS.page(work, ListRequest(filters={"account_id": ("eq", str(acme.id))}, sort="name"))
        newest = ORDERS.page(work, ListRequest(limit=1))

    assert [item["id"] for item in page.items] == [second, first]
    assert page.items[0]["account"] == "Acme"
    assert len(newest.items) == 1
    assert newest.next


def test_api_04_subscriptions_are_listed_by_status(world: World) -> None:
    home = world.distributor()
    acme, product = world.account(), world.product()
    active = world.subscription(acme, product)
    world.subscription(acme, product, status="cancelled")

    with world.web.work(home.id, world.admin(home)) as work:
        page = SUBSCRIPTIONS.page(work, ListRequest(filters={"status": ("eq", "active")}))

    assert [item["id"] for item in page.items] == [active.id]
    assert page.items[0]["product"] == product.name
