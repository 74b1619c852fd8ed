"""Charges through the pages and the API: the list, and the panels that say what is owed and why (BIL-07)."""

from typing import Any

from tests.charging.stories import charge_cycle, priced, sold
from tests.web.conftest import Enter, statements
from tests.web.visiting import Visits, read
from tests.world import World

SAYS = "2 × EUR 10.00 a month, 1 Apr 2026 to 30 Apr 2026"


def test_bil_07_charges_are_listed_and_filtered_each_with_its_reason(asks: Enter, world: World) -> None:
    account, product = world.account(name="Acme"), priced(world, name="Mail")
    one, other = sold(world, account, product, quantity=2), sold(world, world.account(), product)
    for what in (one, one, other):
        charge_cycle(world, what)
    me = asks()

    def found(query: str) -> list[Any]:
        return [item["amount"] for item in me.get(f"/charges?{query}")["items"]]

    assert found("") == ["10.000000", "20.000000", "20.000000"], "the latest first"
    assert found(f"filter[subscription_id]={one.id}&filter[due_on]=lt:2026-05-01") == ["20.000000"]
    assert found(f"filter[account_id]={account.id}&filter[kind]=change") == []
    assert found("filter[invoice_id]=empty:true&sort=due_on&limit=1") == ["20.000000"]
    [item] = me.get(f"/charges?filter[subscription_id]={one.id}&sort=due_on&limit=1")["items"]
    said = {name: item[name] for name in ("explains", "account", "product", "kind", "days", "of_days", "currency")}
    assert said == {
        "explains": SAYS,
        "account": "Acme",
        "product": "Mail",
        "kind": "cycle",
        "days": 30,
        "of_days": 30,
        "currency": "EUR",
    }
    refused = me.ask("GET", "/charges?filter[explains]=x")
    assert (refused.status_code, refused.json()["rule"]) == (422, "API-04")


def test_ten_20_charges_are_for_who_may_see_subscriptions(asks: Enter, world: World) -> None:
    charge_cycle(world, sold(world, world.account(), priced(world)))

    assert len(asks(None, "subscriptions:view").get("/charges")["items"]) == 1
    assert asks(None, "orders:view", "accounts:view").ask("GET", "/charges").status_code == 403


def test_bil_07_a_subscriptions_page_says_what_it_was_charged_and_why(visits: Visits, world: World) -> None:
    one = sold(world, world.account(), priced(world), quantity=2)
    somebody = visits()

    before = read(somebody, f"/subscriptions/{one.id}")
    charge_cycle(world, one)
    after = read(somebody, f"/subscriptions/{one.id}")

    assert "No charges yet" in before
    assert SAYS not in before
    assert SAYS in after
    assert "20.00\N{NO-BREAK SPACE}EUR charged." in after


def test_bil_07_who_pays_for_others_sees_their_charges_and_they_see_their_own(visits: Visits, world: World) -> None:
    payer = world.account(name="Payer")
    customer = world.account(name="Customer", bill_to=payer)
    charge_cycle(world, sold(world, customer, priced(world), quantity=2))
    charge_cycle(world, sold(world, payer, priced(world), quantity=3))
    somebody = visits()

    its, all_ = (read(somebody, f"/accounts/{one.id}/charges") for one in (customer, payer))

    assert "50.00\N{NO-BREAK SPACE}EUR" in all_
    assert "20.00\N{NO-BREAK SPACE}EUR" in its
    assert "50.00" not in its
    assert its.count("× EUR 10.00 a month") == 1
    assert all_.count("× EUR 10.00 a month") == 2
    assert "What for" in read(somebody, "/charges")
    assert SAYS in read(somebody, "/charges.csv")


def test_bil_07_many_charges_are_shown_in_as_many_statements_as_one(visits: Visits, world: World) -> None:
    one = sold(world, world.account(), priced(world))
    charge_cycle(world, one)
    somebody, counts = visits(), []

    for path in (f"/subscriptions/{one.id}", f"/accounts/{one.account_id}/charges"):
        read(somebody, path)
        with statements(world.web) as few:
            read(somebody, path)
        counts.append(len(few))
    for _ in range(30):
        charge_cycle(world, one)
    for path, count in zip((f"/subscriptions/{one.id}", f"/accounts/{one.account_id}/charges"), counts, strict=True):
        with statements(world.web) as many:
            page = read(somebody, path)
        assert len(many) == count
    assert "31 charges" in page
    assert "The latest 20 of 31 charges." in read(somebody, f"/subscriptions/{one.id}")


def test_ord_03_an_executed_orders_page_says_what_it_charged(asks: Enter, visits: Visits, world: World) -> None:
    account, product = world.account(), priced(world)
    me, somebody = asks(), visits()
    item = {"product_id": str(product.id), "cycle": "monthly", "quantity": 2}
    order = f"/orders/{me.make('/orders', account_id=str(account.id), items=[item])['id']}"

    draft = read(somebody, order)
    for verb in ("submission", "execution"):
        assert me.ask("PUT", f"{order}/{verb}", json={}).status_code < 300
    executed = read(somebody, order)

    assert "2 × EUR 10.00 a month" not in draft
    assert "2 × EUR 10.00 a month" in executed
    [charge] = me.get(f"/charges?filter[order_id]={order.rpartition('/')[2]}")["items"]
    assert (charge["amount"], charge["kind"]) == ("20.000000", "cycle")
