"""The lists of orders and subscriptions."""

from typing import Any
from uuid import UUID

from tenantry.kernel.actor import Actor
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


def test_api_04_orders_are_found_by_their_accounts_name_after_those_of_that_name(world: World) -> None:
    home = world.distributor()
    acme, other = world.account(name="Acme Foods"), world.account(name="Zeta")
    older, newer = world.order(acme, name="Mail"), world.order(acme, name="Archive")
    named = world.order(other, name="For Acme's people")
    world.order(other, name="Mail")
    hidden = world.order(acme, permission_rule_id=world.insert(home, "permission_rule", name="Others").id)

    def found(search: str, actor: Actor | None = None, **asked: Any) -> list[UUID]:
        with world.web.work(home.id, actor or world.admin(home)) as work:
            return [row["id"] for row in ORDERS.page(work, ListRequest(search=search, **asked)).items]

    assert found("acme") == [named.id, hidden.id, newer.id, older.id]
    assert found("acme foods") == [hidden.id, newer.id, older.id]
    assert found("acme", filters={"account_id": ("eq", str(other.id))}) == [named.id]
    seller = Actor(home.admin_id, "Seller", frozenset({"orders:view"}), frozenset({home.rule_id}), None, None)
    assert found("acme foods", seller) == [newer.id, older.id], "what one may not read is not found"
    first = found("acme", limit=2)
    assert first == [named.id, hidden.id]
