"""Who sees which accounts of a handover, and how they are found in it (TEN-21, HND-01, HND-04)."""

from typing import Any

import pytest

from tenantry.channel.handovers import actions, queries, running
from tenantry.kernel.actor import Actor
from tenantry.kernel.problems import Invalid
from tenantry.schema import crm, tenant as t
from tests.crm.stories import act, person
from tests.world import Row, Tenant, World


def plan_of(world: World, **names: Any) -> tuple[Tenant, dict[str, Row], Row]:
    """Plan a transfer of customers with these names, each with what else is given of it."""
    reseller = world.tenant_reseller()
    accounts = {name: world.account(bill_to=reseller, name=name, **given) for name, given in names.items()}
    for account in accounts.values():
        world.address(account)
    return reseller, accounts, world.plan(*accounts.values(), to=reseller)


def previewed(world: World, handover: Row, by: Actor | None = None, **asked: Any) -> list[str]:
    """Give the names on the preview."""
    page = act(world, world.distributor(), queries.preview, handover.id, by=by, **asked)
    return sorted(one.name for one in page.items)


def became(world: World, handover: Row, by: Actor | None = None, **asked: Any) -> list[str]:
    """Give the names among the results."""
    return sorted(one.name for one in act(world, world.distributor(), queries.results, handover.id, by=by, **asked))


def test_ten_21_a_plan_shows_everybody_the_accounts_that_he_may_see_and_counts_the_others(world: World) -> None:
    """Preview, record, export and results; confirming is of the whole all the same."""
    home = world.distributor()
    secret = world.insert(home, t.permission_rule, name="Secret").id
    _, accounts, handover = plan_of(world, Acme={}, Zeta={"permission_rule_id": secret})
    anna = person(world, home, readable=[home.rule_id])
    nobody = person(world, home, readable=[])

    for by, names, hidden in ((None, ["Acme", "Zeta"], 0), (anna, ["Acme"], 1), (nobody, [], 2)):
        assert previewed(world, handover, by) == became(world, handover, by) == names
        assert act(world, home, queries.handover_, handover.id, by=by).not_shown == hidden
        with world.web.work(home.id, by or world.admin(home)) as work:
            assert sorted(one.name for one in queries.whole_preview(work, handover.id)) == names
        assert previewed(world, handover, by, record=accounts["Zeta"].id) == [one for one in names if one == "Zeta"]
    act(world, home, actions.confirm, handover.id, handover.digest, by=anna)
    running.run(world.worker, home.id, handover.id)
    assert {world.row(home, crm.account, one.id).standing for one in accounts.values()} == {"handed_down"}
    assert became(world, handover, anna) == ["Acme"]
    with pytest.raises(Invalid, match="no account"):
        act(world, home, actions.reverse, handover.id, [accounts["Zeta"].id], by=anna)
    act(world, home, actions.reverse, handover.id, [accounts["Acme"].id], by=anna)


def test_ten_21_findings_and_obstacles_name_only_accounts_that_one_may_see_and_count_the_others(world: World) -> None:
    """Of a plan, in the list of handovers, and of what stands in the way of an undo."""
    home = world.distributor()
    secret = world.insert(home, t.permission_rule, name="Secret").id
    reseller, accounts, handover = plan_of(
        world, Acme={"currency": "USD"}, Zeta={"currency": "USD", "permission_rule_id": secret}
    )
    seen, both = {str(accounts["Acme"].id)}, {str(one.id) for one in accounts.values()}
    anna = person(world, home, readable=[home.rule_id])

    def named(query: Any, code: str, by: Actor | None, *of: Any) -> tuple[set[str], int, int]:
        found = act(world, home, query, *of, by=by)
        findings = found if query is queries.obstacles else (found[0] if query is queries.recent else found).findings
        one = next(one for one in findings if one.code == code)
        return set(one.records), one.not_shown, one.count

    for query, of in ((queries.handover_, [handover.id]), (queries.recent, [])):
        assert named(query, "currency-not-activated", None, *of) == (both, 0, 2)
        assert named(query, "currency-not-activated", anna, *of) == (seen, 1, 2)
    world.confirm(handover)
    for account in accounts.values():
        world.contact(account, reseller)
    assert named(queries.obstacles, "contacts-changed", None, handover.id) == (both, 0, 2)
    assert named(queries.obstacles, "contacts-changed", anna, handover.id) == (seen, 1, 2)


def test_hnd_01_a_preview_is_searched_by_what_accounts_are_known_by(world: World) -> None:
    """All words, anywhere; together with a verdict; page by page."""
    _, _, handover = plan_of(
        world, Acme={"email": "info@blue.example"}, Acorn={"status": "closed"}, Zeta={"accounting_no": "C-100%"}
    )

    assert previewed(world, handover, search="ac") == ["Acme", "Acorn"]
    assert previewed(world, handover, search="BLUE acme") == ["Acme"]
    assert previewed(world, handover, search="100%") == ["Zeta"]
    assert previewed(world, handover, search="acme zeta") == previewed(world, handover, search="%") == []
    assert previewed(world, handover, search="ac", verdict="held") == ["Acorn"]
    assert previewed(world, handover, search=" ") == ["Acme", "Acorn", "Zeta"]


def test_hnd_04_results_are_searched_and_those_that_stayed_are_found(world: World) -> None:
    _, _, handover = plan_of(world, Acme={}, Acorn={"status": "closed"}, Zeta={})
    world.confirm(handover)

    assert became(world, handover, outcome="stayed") == ["Acorn"]
    assert became(world, handover, outcome="copied") == ["Acme", "Zeta"]
    assert became(world, handover, search="ac") == ["Acme", "Acorn"]
    assert became(world, handover, search="ac", outcome="copied") == ["Acme"]
