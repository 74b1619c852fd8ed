"""Fields that choose one record of very many by typing (UI-03)."""

import sqlalchemy as sa
from tests.web.conftest import Visitor, colleague
from tests.web.visiting import Visits, read, send
from tests.world import Tenant, World

from tenantry.kernel.ids import new_id
from tenantry.schema import catalog
from tenantry.tenancy import sessions

MORE_THAN_A_LIST_SHOWS = 500


def with_many_products(world: World) -> Tenant:
    """Give a tenant more products than any list of choices holds; the one that is wanted comes last."""
    here = world.distributor()
    many = [{"sku": f"P{number:04}", "name": f"Part {number:04}"} for number in range(MORE_THAN_A_LIST_SHOWS)]
    with world.web.work(here.id) as work:
        rows = [{"id": new_id(), "tenant_id": here.id, **one} for one in many]
        work.connection.execute(sa.insert(catalog.product), rows)
    return here


def test_ui_03_an_item_is_found_among_more_products_than_a_list_shows(visits: Visits, world: World) -> None:
    here = with_many_products(world)
    wanted = world.product(here, name="Zeppelin (large)", sku="ZEP-L", kind="service")
    world.insert(here, "product_price", product_id=wanted.id, cycle="monthly", currency="EUR", unit_price=7)
    somebody, account = visits(), world.account()
    offer = send(somebody, "/offers/new", account_id=str(account.id), name="Offer").headers["location"]
    price_list = world.insert(here, catalog.price_list, name="Retail", currency="EUR")
    terms = {"cycle": "monthly", "quantity": "1", "min_quantity": "1"}

    offered = read(somebody, "/choices/products?q=zepp")
    assert 'data-value="Zeppelin (large) (ZEP-L)"' in offered
    assert "Part" not in offered
    assert "Nothing found" in read(somebody, "/choices/products?q=zeppelins")
    for typed in ("Zeppelin (large) (ZEP-L)", "ZEP-L", "Zeppelin (large)", str(wanted.id)):
        order = world.order(account)
        for place in (f"/orders/{order.id}", offer):
            done = send(somebody, f"{place}/items/new", **terms, product_id=typed)
            assert done.status_code == 303, (typed, done.text)
            assert "Zeppelin" in read(somebody, done.headers["location"])
    for place in (f"/orders/{order.id}/items", f"{offer}/items", f"/price-lists/{price_list.id}/prices"):
        page = read(somebody, f"{place}/new")
        assert 'role="combobox"' in page
        assert "Part 0001" not in page
        refused = send(somebody, f"{place}/new", **terms, product_id="Zeppelin (small)")
        assert refused.status_code == 422
        assert "There is no such product" in refused.text
        assert 'value="Zeppelin (small)"' in refused.text, "what was typed stays"
    assert send(somebody, f"/price-lists/{price_list.id}/prices/new", **terms, product_id="ZEP-L").status_code == 303


def test_ui_03_of_two_products_of_one_name_the_sku_says_which(visits: Visits, world: World) -> None:
    one, other = (world.product(name="Twin", sku=sku) for sku in ("T-1", "T-2"))
    for product in (one, other):
        world.insert(
            world.distributor(), "product_price", product_id=product.id, cycle="monthly", currency="EUR", unit_price=7
        )
    somebody, order = visits(), world.order(world.account())

    both = send(somebody, f"/orders/{order.id}/items/new", product_id="Twin", cycle="monthly", quantity="1")
    assert both.status_code == 422
    assert "or there are several" in both.text
    send(somebody, f"/orders/{order.id}/items/new", product_id="Twin (T-2)", cycle="monthly", quantity="1")
    (item,) = world.rows(world.distributor(), "order_item", order_id=order.id)
    assert item.product_id == other.id


def test_ui_03_an_account_keeps_its_reseller_and_is_given_another_by_typing(visits: Visits, world: World) -> None:
    first, second = (world.account(name=name, reselling_enabled=True) for name in ("Alpha", "Beta"))
    world.account(name="Betamax")
    acme = world.account(bill_to=first, name="Acme")
    somebody = visits()
    form = {"name": "Acme", "currency": "EUR", "partial_charges_invoicing": "at_once", "credit_limit": "0"}
    people = {"responsible_user_id": str(acme.responsible_user_id), "permission_rule_id": str(acme.permission_rule_id)}
    form |= {**people, "bill_to_id": ""}

    offered = read(somebody, "/choices/resellers?q=be")
    assert "Beta" in offered
    assert "Betamax" not in offered
    page = read(somebody, f"/accounts/{acme.id}/edit")
    assert f'value="Alpha ({first.number})"' in page
    assert send(somebody, f"/accounts/{acme.id}/edit", **form, parent_id=f"Alpha ({first.number})").status_code == 303
    assert world.row(world.distributor(), "account", acme.id).parent_id == first.id
    assert send(somebody, f"/accounts/{acme.id}/edit", **form, parent_id="Betamax").status_code == 422
    assert send(somebody, f"/accounts/{acme.id}/edit", **form, parent_id=str(second.number)).status_code == 303
    assert world.row(world.distributor(), "account", acme.id).parent_id == second.id


def test_ten_21_who_may_not_see_products_is_offered_none(visits: Visits, world: World) -> None:
    world.product(name="Mail")
    somebody = visits()
    at = world.distributor()
    with world.web.work(at.id) as work:
        session_id, cookie = sessions.start(work, colleague(world, at, ("accounts:view",)))
    other = Visitor(somebody.http, cookie, session_id)

    assert "Mail" in read(somebody, "/choices/products?q=mail")
    assert "Mail" not in read(other, "/choices/products?q=mail")
