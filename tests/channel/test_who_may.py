"""Who may plan, see and confirm a handover, and of whom (HND-10, TEN-20, TEN-21)."""

from collections.abc import Callable
from typing import Any

import pytest

from tenantry.channel.handovers import actions, queries
from tenantry.kernel.actor import Actor
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Forbidden, Invalid, NotFound
from tests.channel.stories import again, verdicts
from tests.world import Row, Tenant, World


def test_hnd_10_another_tenants_handover_looks_like_an_unknown_one(world: World) -> None:
    """Whoever asks, and whatever he asks: the same answer."""
    reseller = world.tenant_reseller()
    acme = world.account(bill_to=reseller)
    handover = world.plan(acme, to=reseller)
    stranger = world.tenant("distributor")

    def answers(id_: Any, at: Tenant) -> list[str]:
        asks: list[Callable[[Any], Any]] = [
            lambda work: queries.handover_(work, id_),
            lambda work: queries.preview(work, id_),
            lambda work: queries.results(work, id_),
            lambda work: queries.obstacles(work, id_),
            lambda work: actions.confirm(work, id_, handover.digest),
            lambda work: actions.cancel(work, id_),
            lambda work: actions.reverse(work, id_),
        ]
        said = []
        for ask in asks:
            with pytest.raises(NotFound) as refused, world.web.work(at.id, world.admin(at)) as work:
                ask(work)
            said.append(f"{refused.value.message} {refused.value.remedy}")
        return said

    assert answers(handover.id, stranger) == answers(new_id(), stranger) == answers(new_id(), world.distributor())
    assert answers(handover.id, reseller) == answers(new_id(), reseller)
    assert again(world, handover) == handover


def test_ten_20_each_step_needs_its_permission(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller()
    acme = world.account(bill_to=reseller)
    assert reseller.account_id
    handover = world.plan(acme, to=reseller)
    acts: dict[str, Callable[[Any], Any]] = {
        "handover:view": lambda work: (queries.handover_(work, handover.id), queries.preview(work, handover.id)),
        "handover:plan": lambda work: actions.plan(
            work, "transfer_accounts", Row(id=reseller.account_id).id, [acme.id]
        ),
        "handover:confirm": lambda work: actions.confirm(work, handover.id, handover.digest),
    }
    for needed, act in acts.items():
        lacking = Actor(home.admin_id, "Lacks it", frozenset(acts) - {needed}, None, None, None)
        with pytest.raises(Forbidden) as refused, world.web.work(home.id, lacking) as work:
            act(work)
        assert refused.value.rule == "TEN-20"
        having = Actor(home.admin_id, "Has it", frozenset({needed}), None, None, None)
        with world.web.work(home.id, having) as work:
            act(work)


def test_ten_21_what_one_may_not_see_one_does_not_transfer(world: World) -> None:
    """Neither by name nor by saying all."""
    home, reseller = world.distributor(), world.tenant_reseller()
    secret = world.insert(home, "permission_rule", name="Secret")
    seen, hidden = world.account(bill_to=reseller), world.account(bill_to=reseller, permission_rule_id=secret.id)
    clerk = Actor(home.admin_id, "Clerk", frozenset({"*"}), *[frozenset({home.rule_id})] * 3)
    assert reseller.account_id

    with pytest.raises(Invalid), world.web.work(home.id, clerk) as work:
        actions.plan(work, "transfer_accounts", reseller.account_id, [seen.id, hidden.id])
    with world.web.work(home.id, clerk) as work:
        every = actions.plan(work, "transfer_accounts", reseller.account_id, "all")

    assert set(verdicts(world, Row(id=every))) == {seen.id}
