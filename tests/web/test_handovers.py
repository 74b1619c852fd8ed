"""Transfer Accounts by a program: what scripts rely on, and bad luck on the way (HND-01 to HND-03, DN-01, DN-02)."""

from typing import Any

import pytest
from tests.web.conftest import Asker, Enter
from tests.world import Row, Tenant, World

from tenantry.schema import crm


@pytest.fixture
def reseller(world: World) -> Tenant:
    """Give the distributor a tenant reseller."""
    return world.tenant_reseller()


def planned(me: Asker, reseller: Tenant, accounts: Any = "all") -> dict[str, Any]:
    """Plan a transfer."""
    given = {"kind": "transfer_accounts", "tenant_reseller_id": str(reseller.account_id), "accounts": accounts}
    made: dict[str, Any] = me.make("/handovers", **given)
    return made


def customer(world: World, reseller: Tenant, **given: Any) -> Row:
    """Make a customer of the reseller, who lives somewhere."""
    account = world.account(bill_to=reseller, **given)
    world.address(account)
    return account


def test_dn_02_candidates_say_who_cannot_go_and_why(asks: Enter, world: World, reseller: Tenant) -> None:
    goes, closed = customer(world, reseller), customer(world, reseller, status="closed")

    page = asks().get(f"/tenant-resellers/{reseller.account_id}/candidates")

    found = {one["id"]: one for one in page["items"]}
    assert (page["can_go"], page["cannot_go"]) == (1, 1)
    assert (found[str(goes.id)]["can_go"], found[str(goes.id)]["rule"]) == (True, None)
    refused = found[str(closed.id)]
    assert (refused["can_go"], refused["rule"]) == (False, "DN-02")
    assert refused["why"]


def test_hnd_01_a_plan_has_status_digest_counts_and_findings(asks: Enter, world: World, reseller: Tenant) -> None:
    world.account(bill_to=reseller)

    plan = planned(asks(), reseller)

    assert (plan["status"], plan["counts"]["new"], len(plan["digest"])) == ("planned", 1, 64)
    assert all(set(one) >= {"code", "rule", "severity", "message", "remedy", "records"} for one in plan["findings"])


def test_hnd_01_the_preview_names_field_before_after_and_rule(asks: Enter, world: World, reseller: Tenant) -> None:
    account, me = customer(world, reseller, credit_limit=500), asks()
    plan = planned(me, reseller)

    page = me.get(f"/handovers/{plan['id']}/preview?limit=1")

    [record] = page["items"]
    fields = {one["field"]: one for one in record["fields"]}
    credit = fields["credit_limit"]
    assert record["id"] == str(account.id)
    assert (float(credit["source"]), credit["before"], float(credit["after"])) == (500, None, 0)
    assert credit["rule"] == "DN-16"
    assert credit["why"]
    assert "address" in {one["entity"] for one in record["parts"]}
    fewer = me.get(f"/handovers/{plan['id']}/preview?only_differences=true")["items"][0]["fields"]
    assert "credit_limit" in {one["field"] for one in fewer}
    assert len(fewer) < len(fields)


def test_hnd_02_what_is_confirmed_is_what_was_seen(asks: Enter, world: World, reseller: Tenant) -> None:
    customer(world, reseller)
    me = asks()
    plan = planned(me, reseller)
    path = f"/handovers/{plan['id']}/confirmation"

    wrong = me.ask("PUT", path, json={"digest": "0" * 64})
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["rule"]) == (409, "stale-digest", "HND-02")
    right = me.ask("PUT", path, json={"digest": plan["digest"]})
    assert (right.status_code, right.json()["status"]) == (200, "running")
    twice = me.ask("PUT", path, json={"digest": plan["digest"]})
    assert (twice.status_code, twice.json()["rule"]) == (409, "HND-02")


def test_hnd_02_a_changed_world_gives_a_new_plan_that_stays(asks: Enter, world: World, reseller: Tenant) -> None:
    account, me = customer(world, reseller), asks()
    plan = planned(me, reseller)
    world.update(world.distributor(), crm.account, account.id, industry="Shipping")

    refused = me.ask("PUT", f"/handovers/{plan['id']}/confirmation", json={"digest": plan["digest"]})

    assert (refused.status_code, refused.json()["code"]) == (409, "plan-changed")
    again = me.get(f"/handovers/{plan['id']}")
    assert again["digest"] == refused.json()["digest"] != plan["digest"]
    confirmed = me.ask("PUT", f"/handovers/{plan['id']}/confirmation", json={"digest": again["digest"]})
    assert confirmed.status_code == 200


def test_hnd_03_two_people_cannot_transfer_the_same_account(asks: Enter, world: World, reseller: Tenant) -> None:
    account, me = customer(world, reseller), asks()
    mine, theirs = planned(me, reseller, [str(account.id)]), planned(me, reseller, [str(account.id)])

    answers = [
        me.ask("PUT", f"/handovers/{plan['id']}/confirmation", json={"digest": plan["digest"]})
        for plan in (mine, theirs)
    ]

    assert [one.status_code for one in answers] == [200, 409]
    assert answers[1].json()["rule"].startswith("HND")


@pytest.mark.parametrize("accounts", [["nonsense"], ["01914ac0-0000-7000-8000-000000000001"], []])
def test_dn_02_accounts_that_are_not_here_are_refused_by_place(
    asks: Enter, world: World, reseller: Tenant, accounts: list[str]
) -> None:
    me, good = asks(), customer(world, reseller)
    given = {"kind": "transfer_accounts", "tenant_reseller_id": str(reseller.account_id), "accounts": accounts}

    answer = me.ask("POST", "/handovers", json=given)

    assert answer.status_code == 422
    assert answer.json()["faults"][0]["field"].startswith("accounts")
    assert planned(me, reseller, [str(good.id)])["status"] == "planned"


def test_hnd_03_a_plan_can_be_withdrawn_once(asks: Enter, world: World, reseller: Tenant) -> None:
    customer(world, reseller)
    me = asks()
    path = f"/handovers/{planned(me, reseller)['id']}"

    assert me.ask("DELETE", path).status_code == 204
    assert me.get(path)["status"] == "cancelled"
    assert me.ask("DELETE", path).json()["rule"] == "HND-03"


def test_hnd_01_a_plan_can_be_exported(asks: Enter, world: World, reseller: Tenant) -> None:
    account, me = customer(world, reseller, name="=1+1"), asks()
    path = f"/handovers/{planned(me, reseller)['id']}/export"

    table = me.ask("GET", path)
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert [one["verdict"] for one in me.get(path.replace("export", "records"))["items"]] == ["new"]
    assert table.text.splitlines()[1].startswith(f"{account.id},{account.number},'=1+1,new")
    assert me.ask("GET", f"{path}?format=jsonl").text.count("\n") == 1


def test_hnd_04_who_confirms_may_say_why_and_what_was_said_before_stays_otherwise(
    asks: Enter, world: World, reseller: Tenant
) -> None:
    me = asks()
    said, silent = (
        me.make(
            "/handovers",
            kind="transfer_accounts",
            tenant_reseller_id=str(reseller.account_id),
            accounts=[str(customer(world, reseller).id)],
            reason="Asked for by mail",
        )
        for _ in range(2)
    )

    def confirmed(plan: dict[str, Any], **given: Any) -> Any:
        return me.ask("PUT", f"/handovers/{plan['id']}/confirmation", json={"digest": plan["digest"], **given})

    assert confirmed(said, reason="x" * 2001).status_code == 422
    assert confirmed(said, reason=" Contract of 3 May ").json()["reason"] == "Contract of 3 May"
    assert confirmed(silent).json()["reason"] == "Asked for by mail"
