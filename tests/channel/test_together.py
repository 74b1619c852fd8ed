"""Two at the same moment: people who confirm, and workers that run (HND-03)."""

import threading
from collections.abc import Callable
from typing import Any

from tenantry.kernel.problems import Problem
from tenantry.schema import crm
from tests.channel.stories import again, confirm, run, verdicts
from tests.world import Row, World


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Do things at the same moment, each on a thread of its own; gives what each answered or raised."""
    answers: list[Any] = [None] * len(acts)
    gate = threading.Barrier(len(acts))

    def do(place: int) -> None:
        gate.wait()
        try:
            answers[place] = acts[place]()
        except Problem as problem:
            answers[place] = problem

    threads = [threading.Thread(target=do, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return answers


def test_hnd_03_two_people_confirming_one_plan_at_once_run_it_once(world: World) -> None:
    reseller = world.tenant_reseller()
    acme = world.account(bill_to=reseller)
    handover = world.plan(acme, to=reseller)

    answers = together(*[lambda: confirm(world, handover)] * 4)

    assert answers.count(None) == 1
    assert {one.code for one in answers if one is not None} == {"already-confirmed"}
    assert run(world, handover).counts["copied"] == 1


def test_hnd_03_two_people_transferring_the_same_account_at_once(world: World) -> None:
    """Two plans, one customer: one goes, the other is told who has it in hand;
    whoever shares nothing is not disturbed.
    """
    reseller = world.tenant_reseller()
    acme, other, third = (world.account(bill_to=reseller) for _ in range(3))
    mine, theirs = world.plan(acme, other, to=reseller), world.plan(third, acme, to=reseller)

    answers = together(lambda: confirm(world, mine), lambda: confirm(world, theirs))

    assert answers.count(None) == 1
    refused = next(one for one in answers if one is not None)
    assert refused.code in {"being-handed-over", "plan-changed"}
    assert refused.rule in {"HND-03", "HND-02"}
    winner, loser = (mine, theirs) if answers[0] is None else (theirs, mine)
    assert run(world, winner).counts["copied"] == 2
    replanned = world.plan(other, third, to=reseller)
    assert sorted(verdicts(world, replanned).values()) == ["held", "new"]
    assert again(world, loser).status == "planned"
    assert len(world.rows(reseller, crm.account)) == 2


def test_hnd_03_a_worker_that_is_doubled_copies_each_account_once(world: World) -> None:
    """Two runners take turns at the handover's row."""
    reseller = world.tenant_reseller()
    for _ in range(6):
        world.contact(world.account(bill_to=reseller))
    handover = world.plan(to=reseller)
    confirm(world, handover)

    answers = together(*[lambda: run(world, handover, size=1)] * 3)

    assert {type(one) for one in answers} == {Row}
    assert again(world, handover).counts == {"new": 6, "copied": 6}
    assert again(world, handover).done == 6
    assert sorted(row.number for row in world.rows(reseller, crm.account)) == list(range(1001, 1007))
    assert len(world.rows(reseller, crm.contact)) == 6
