"""Assets, and what outside systems are asked for, as programs and people see them (ORD-03, PRV-33)."""

from decimal import Decimal

from tests.sales.stories import act, priced, submitted
from tests.sales.subscriptions.stories import sold, there
from tests.web.conftest import Enter
from tests.web.visiting import Visits, read, send
from tests.world import Row, World

from tenantry.sales.actions import NewItem
from tenantry.schema import catalog
from tenantry.schema.charging import charge


def bought(world: World) -> Row:
    """Let an account buy two routers."""
    home = world.distributor()
    router = priced(world, home, "99", cycle="one_off", name="Router")
    id = submitted(world, home, world.account(name="Acme"), NewItem(router.id, "one_off", 2))
    act(world, home, "execute_order", id)
    [found] = world.rows(home, "asset", order_id=id)
    return found


def test_ord_03_an_asset_is_read_edited_and_taken_back_once(asks: Enter, visits: Visits, world: World) -> None:
    me, somebody, one = asks(), visits(), bought(world)
    at = f"/assets/{one.id}"

    assert "Acme - Router" in read(somebody, "/assets")
    assert "198.00" in read(somebody, at)
    assert send(somebody, f"{at}/edit", name="Router 1", serial_number="SN-7").status_code == 303
    assert me.get(at)["serial_number"] == "SN-7"
    assert send(somebody, f"{at}/take-back", **{"take_back-because": "Broken"}).status_code == 303
    again = me.ask("PUT", f"{at}/return", json={})
    assert (again.status_code, again.json()["rule"]) == (409, "ORD-03")

    rows = world.rows(world.distributor(), charge, asset_id=one.id)
    assert [(row.quantity, row.amount) for row in rows] == [(2, Decimal(198)), (-2, Decimal(-198))]
    assert me.get(at)["status"] == "returned"


def test_prv_33_a_person_answers_what_an_outside_system_was_asked_for(
    asks: Enter, visits: Visits, world: World
) -> None:
    home, me, somebody = world.distributor(), asks(), visits()
    system = world.insert(home, catalog.provisioning_system, name="Mail platform")
    one = sold(world, priced(world, home, "10", provisioning_system_id=system.id), 3)
    [asked] = me.get("/provisioning-requests")["items"]
    at = f"/provisioning-requests/{asked['id']}"

    assert "Mail platform" in read(somebody, "/provisioning-requests")
    assert "Is it done?" in read(somebody, at)
    assert send(somebody, f"{at}/begin").status_code == 303
    assert there(world, one.id).provisioning_status == "in_progress"
    assert me.ask("PUT", f"{at}/failure", json={"answer": "Domain unknown"}).json()["status"] == "failed"
    assert there(world, one.id).provisioning_status == "failed"
    twice = me.ask("PUT", f"{at}/completion", json={})
    assert (twice.status_code, twice.json()["rule"]) == (409, "PRV-20")

    assert send(somebody, f"/subscriptions/{one.id}/retry").status_code == 303
    assert send(somebody, f"{at}/finish", **{"finish-answer": "3 mailboxes"}).status_code == 303
    assert there(world, one.id).provisioning_status == "provisioned"
    assert "Provisioning is done: to set it up: 3 mailboxes" in read(somebody, f"/subscriptions/{one.id}")


def test_prv_20_every_change_of_what_there_should_be_is_asked_for(asks: Enter, world: World) -> None:
    home, me = world.distributor(), asks()
    system = world.insert(home, catalog.provisioning_system, name="Mail platform")
    one = sold(world, priced(world, home, "10", provisioning_system_id=system.id), 3)
    at = f"/subscriptions/{one.id}"
    me.make(f"{at}/quantity-changes", quantity=5)
    me.ask("PUT", f"{at}/suspension", json={})
    me.ask("DELETE", f"{at}/suspension")
    me.ask("PUT", f"{at}/renewal", json={"renew": False})
    me.ask("PUT", f"{at}/cancellation", json={"mode": "now"})

    rows = sorted(world.rows(home, "service_request", subscription_id=one.id), key=lambda row: row.created_at)
    assert [row.verb for row in rows] == ["create", "change", "suspend", "resume", "cancel"]
    assert rows[1].desired["quantity"] == 5
