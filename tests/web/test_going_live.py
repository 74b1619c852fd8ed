"""Transfer Subscriptions and going live by a program and on the pages (DN-40 to DN-46)."""

from typing import Any

import pytest
from tests.channel.stories import resold_product
from tests.web.conftest import Enter
from tests.web.visiting import Visits, read, send
from tests.world import Row, Tenant, World

from tenantry.channel.handovers import reversal, running


@pytest.fixture
def reseller(world: World) -> Tenant:
    return world.tenant_reseller()


@pytest.fixture
def sold(world: World, reseller: Tenant) -> tuple[Row, Row]:
    """One subscription in euros and one in dollars, of an account that was copied."""
    mail, acme = resold_product(world, reseller), world.account(bill_to=reseller, name="Acme")
    world.transfer_accounts(acme, to=reseller)
    return world.subscription(acme, mail), world.subscription(acme, mail, currency="USD", name="Mail in dollars")


def confirm_and_run(world: World, me: Any, plan: dict[str, Any]) -> dict[str, Any]:
    """Confirm a plan by its digest, and let the worker run it."""
    answer = me.ask("PUT", f"/handovers/{plan['id']}/confirmation", json={"digest": plan["digest"]})
    assert answer.status_code == 200, answer.text
    running.run(world.worker, world.distributor().id, plan["id"])
    found: dict[str, Any] = me.get(f"/handovers/{plan['id']}")
    return found


def test_dn_40_by_a_program_from_what_is_left_to_live_and_back(
    asks: Enter, world: World, reseller: Tenant, sold: tuple[Row, Row]
) -> None:
    me, here = asks(), f"/tenant-resellers/{reseller.account_id}"
    left = me.get(f"{here}/things-left")
    assert {(one["id"], one["customer"]) for one in left["items"]} == {(str(one.id), "Acme") for one in sold}

    asked = {"kind": "transfer_subscriptions", "tenant_reseller_id": str(reseller.account_id), "subscriptions": "all"}
    plan = me.make("/handovers", **asked)
    assert (plan["subject"], plan["counts"]) == ("subscriptions", {"new": 1, "held": 1})
    assert confirm_and_run(world, me, plan)["counts"]["copied"] == 1
    assert me.get(here)["subscriptions_copied"] == 1

    assert confirm_and_run(world, me, me.make("/handovers", **asked, rates={"USD": "0.9"}))["status"] == "completed"
    assert (me.get(here)["state"], me.get(here)["subscriptions_not_copied"]) == ("live", 0)

    undone = me.ask("DELETE", f"{here}/back-ordering")
    assert (undone.status_code, undone.json()["kind"]) == (200, "activate_back_ordering")
    reversal.run(world.worker, world.distributor().id, undone.json()["id"])
    assert me.get(here)["state"] == "accounts_transferred"


def test_dn_45_by_a_program_going_live_is_planned_and_confirmed(asks: Enter, world: World, reseller: Tenant) -> None:
    me, here = asks(), f"/tenant-resellers/{reseller.account_id}"
    made = me.ask("PUT", f"{here}/back-ordering")
    assert (made.status_code, made.json()["kind"]) == (201, "activate_back_ordering")

    assert confirm_and_run(world, me, made.json())["status"] == "completed"

    assert me.get(here)["state"] == "live"
    again = me.ask("PUT", f"{here}/back-ordering")
    assert (again.status_code, again.json()["rule"]) == (409, "TEN-06")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "subscriptions"),
        ({"accounts": "all"}, "accounts"),
        ({"subscriptions": []}, "subscriptions"),
        ({"subscriptions": "all", "rates": {"EUR": "1"}}, "rates.EUR"),
    ],
)
def test_dn_40_what_makes_no_sense_is_refused_by_field(
    asks: Enter, reseller: Tenant, sold: tuple[Row, Row], given: dict[str, Any], field: str
) -> None:
    assert sold
    asked = {"kind": "transfer_subscriptions", "tenant_reseller_id": str(reseller.account_id), **given}

    answer = asks().ask("POST", "/handovers", json=asked)

    assert answer.status_code == 422
    assert field in {one["field"] for one in answer.json()["faults"]}


def test_dn_40_on_the_pages_from_choosing_to_live(
    visits: Visits, world: World, reseller: Tenant, sold: tuple[Row, Row]
) -> None:
    mara, here = visits(), f"/tenant-resellers/{reseller.account_id}"
    page = read(mara, f"{here}/transfer-subscriptions")
    assert "Mail in dollars" in page
    assert "1 USD in EUR" in page

    where = send(mara, f"{here}/transfer-subscriptions", subscriptions=str(sold[1].id)).headers["location"]
    assert "another currency than the reseller" in read(mara, where)
    back = read(mara, f"{here}/transfer-subscriptions?plan={where.rpartition('/')[2]}")
    assert f'value="{sold[1].id}"' in back

    where = send(mara, f"{here}/transfer-subscriptions", subscriptions="all", **{"rate-USD": "0,9"}).headers["location"]
    page = read(mara, where)
    assert "Confirm 2 subscriptions" in page
    assert "goes live by himself" in page
    digest = page.partition('name="digest" value="')[2].partition('"')[0]
    send(mara, f"{where}/confirmation", digest=digest)
    running.run(world.worker, world.distributor().id, where.rpartition("/")[2])
    assert "Transferred" in read(mara, where)
    assert "Live" in read(mara, here)


def test_dn_44_a_rate_that_is_no_number_is_said_on_the_page(
    visits: Visits, reseller: Tenant, sold: tuple[Row, Row]
) -> None:
    assert sold
    mara, here = visits(), f"/tenant-resellers/{reseller.account_id}/transfer-subscriptions"

    answer = send(mara, here, subscriptions="all", **{"rate-USD": "much"})

    assert answer.headers["location"].endswith("transfer-subscriptions")


def test_dn_46_on_the_pages_what_stands_in_the_way_is_said(
    visits: Visits, world: World, reseller: Tenant, sold: tuple[Row, Row]
) -> None:
    world.update(world.distributor(), "subscription", sold[1].id, currency="EUR")
    world.go_live(reseller)
    mara = visits()
    [live] = [one for one in world.rows(world.distributor(), "handover") if one.kind == "activate_back_ordering"]
    assert "Undo all of it" in read(mara, f"/handovers/{live.id}/undo")
    world.order(
        world.rows(world.distributor(), "account", name="Acme")[0], standing="back_order", managed_by=reseller.id
    )

    page = read(mara, f"/handovers/{live.id}/undo")

    assert "have been mirrored up since" in page
    assert "Undo all of it" not in page
