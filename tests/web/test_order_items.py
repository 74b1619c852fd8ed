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

    answer = send(somebody, f"/orders/{order.id}/submit")
    refused = read(somebody, answer.headers["location"], tenantry_flash=answer.cookies["tenantry_flash"])

    assert answer.headers["location"] == f"/orders/{order.id}/products"
    assert "Item 2: " in refused
    assert "items.1" not in refused
    assert "Add such a service in the same cycle." in refused


def test_ord_02_a_refused_quantity_is_told_on_the_order_and_changes_nothing(visits: Visits, world: World) -> None:
    here, somebody = world.distributor(), visits()
    order = world.order(world.account())
    sold = world.product(here, kind="service")
    world.insert(here, "product_price", product_id=sold.id, cycle="monthly", currency="EUR", unit_price=7)
    item = {"cycle": "monthly", "quantity": "2", "product_id": str(sold.id)}
    assert send(somebody, f"/orders/{order.id}/items/new", **item).status_code == 303
    [line] = world.rows(here, "order_item", order_id=order.id)

    for typed, why in {
        "0": "There has to be at least one unit.",
        "many": "This is no number of units.",
        "1.5": "This is no number of units.",
        "1000001": "These are too many units.",
    }.items():
        answer = send(somebody, f"/orders/{order.id}/items/{line.id}/quantity", **{f"quantity-{line.id}-number": typed})
        assert answer.headers["location"] == f"/orders/{order.id}/products"
        assert why in read(somebody, answer.headers["location"], tenantry_flash=answer.cookies["tenantry_flash"])
    assert world.rows(here, "order_item", order_id=order.id) == [line]

    send(somebody, f"/orders/{order.id}/items/{line.id}/quantity", **{f"quantity-{line.id}-number": "3"})
    assert [one.quantity for one in world.rows(here, "order_item", order_id=order.id)] == [3]


def test_ord_02_the_items_say_what_they_come_to_by_cycle(visits: Visits, world: World) -> None:
    here, somebody = world.distributor(), visits()
    order = world.order(world.account())
    for cycle, price in (("monthly", 7), ("yearly", 50), ("monthly", 3)):
        sold = world.product(here, kind="service")
        world.insert(here, "product_price", product_id=sold.id, cycle=cycle, currency="EUR", unit_price=price)
        item = {"cycle": cycle, "quantity": "2", "product_id": str(sold.id)}
        assert send(somebody, f"/orders/{order.id}/items/new", **item).status_code == 303

    page = read(somebody, f"/orders/{order.id}/products")

    said = page[page.index("In all: ") :].partition("<")[0]
    assert "Monthly" in said
    assert "20.00" in said
    assert "100.00" in said
