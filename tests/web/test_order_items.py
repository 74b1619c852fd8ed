"""The products of an order as a page: only columns that say something, and refusals that count items as people do."""

from tests.web.visiting import Visits, read, send
from tests.world import World


def test_ord_02_items_show_the_columns_that_say_something(visits: Visits, world: World) -> None:
    here, somebody = world.distributor(), visits()
    order = world.order(world.account())
    sold = world.product(here, kind="service")
    world.insert(here, "product_price", product_id=sold.id, cycle="monthly", currency="EUR", unit_price=7)
    item = {"cycle": "monthly", "quantity": "1", "product_id": str(sold.id)}

    assert send(somebody, f"/orders/{order.id}/items/new", **item).status_code == 303
    plain = read(somebody, f"/orders/{order.id}/products")
    assert send(somebody, f"/orders/{order.id}/items/new", **item, start_on="2031-01-05").status_code == 303
    later = read(somebody, f"/orders/{order.id}/products")

    assert "Starts" not in plain
    assert "Starts" in later
    for page in (plain, later):
        assert "Unit price" in page
        assert "Delivered" not in page


def test_cat_01_an_add_on_without_its_product_is_refused_by_the_number_a_person_counts(
    visits: Visits, world: World
) -> None:
    here, somebody = world.distributor(), visits()
    order = world.order(world.account())
    for kind in ("service", "add_on"):
        product = world.product(here, kind=kind)
        world.insert(here, "product_price", product_id=product.id, cycle="monthly", currency="EUR", unit_price=7)
        item = {"cycle": "monthly", "quantity": "1", "product_id": str(product.id)}
        assert send(somebody, f"/orders/{order.id}/items/new", **item).status_code == 303

    refused = send(somebody, f"/orders/{order.id}/submit")

    assert refused.status_code == 422
    assert "Item 2: " in refused.text
    assert "items.1" not in refused.text
    assert "Add such a service in the same cycle." in refused.text
