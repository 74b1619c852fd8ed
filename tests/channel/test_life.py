"""The life of a confirmed handover: it waits, runs, stops, goes on, and is recorded (HND-03 to HND-09)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tenantry.channel.handovers import actions, kinds, queries
from tenantry.kernel import clock
from tenantry.kernel.problems import Conflict, Invalid
from tenantry.rules.transfer_accounts import TRANSFER_ACCOUNTS
from tenantry.schema import crm, sales
from tests.channel.stories import account_of, again, cancel, confirm, outcomes, run, verdicts
from tests.world import Row, World

LATER = datetime(2099, 1, 1, tzinfo=UTC)


def test_hnd_03_what_another_handover_has_in_hand_is_held_back(world: World) -> None:
    reseller = world.tenant_reseller()
    acme, free = world.account(bill_to=reseller), world.account(bill_to=reseller)
    first = world.plan(acme, to=reseller)
    confirm(world, first, when=LATER)

    second = world.plan(acme, free, to=reseller)

    assert verdicts(world, second) == {acme.id: "held", free.id: "new"}
    found = next(one for one in second.findings if one["code"] == "being-handed-over")
    assert (found["rule"], found["severity"], found["records"]) == ("HND-03", "blocker", [str(acme.id)])
    cancel(world, first)
    assert verdicts(world, world.plan(acme, to=reseller)) == {acme.id: "new"}


def test_hnd_03_a_scheduled_run_waits_and_looks_again_at_its_start(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller()
    acme, other = world.account(bill_to=reseller), world.account(bill_to=reseller)
    handover = world.plan(acme, other, to=reseller)
    with pytest.raises(Invalid) as past:
        confirm(world, handover, when=datetime(2001, 1, 1, tzinfo=UTC))
    confirm(world, handover, when=LATER)
    waiting = again(world, handover)
    assert (past.value.faults[0].field, past.value.rule) == ("at", "HND-03")
    assert (waiting.status, waiting.scheduled_at) == ("scheduled", LATER)
    assert world.rows(reseller, crm.account) == []
    world.update(home, crm.account, acme.id, name="Renamed meanwhile")

    done = run(world, handover)

    assert done.status == "completed_with_failures"
    assert outcomes(world, handover) == {acme.id: ("changed", "changed-since-confirmed"), other.id: ("copied", None)}


def test_hnd_03_cancelling_a_run_keeps_committed_chunks_and_frees_the_rest(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller()
    accounts = [world.account(bill_to=reseller) for _ in range(5)]
    handover = world.plan(*accounts, to=reseller)
    confirm(world, handover)
    run(world, handover, size=2, should_stop=lambda: True)
    assert cancel(world, handover).status == "running"

    done = run(world, handover, size=2)

    assert (done.status, done.counts, done.done) == ("cancelled", {"new": 5, "copied": 2}, 2)
    assert done.problem
    copied = {row.id for row in world.rows(reseller, crm.account)}
    assert copied == {row.id for row in accounts[:2]}
    rest = world.plan(to=reseller)
    assert set(verdicts(world, rest)) == {row.id for row in accounts[2:]}
    assert world.confirm(rest).counts["copied"] == 3
    assert world.undo(handover).status == "undone"
    assert {row.standing for row in world.rows(home, crm.account) if row.id in copied} == {"own"}
    with pytest.raises(Conflict) as late:
        cancel(world, handover)
    assert (late.value.code, late.value.rule) == ("ended", "HND-03")


@pytest.mark.parametrize("when", ["planned", "scheduled"])
def test_hnd_03_cancelling_before_the_run_leaves_nothing_behind(world: World, when: str) -> None:
    reseller = world.tenant_reseller()
    acme = world.account(bill_to=reseller)
    handover = world.plan(acme, to=reseller)
    if when == "scheduled":
        confirm(world, handover, when=LATER)

    cancelled = cancel(world, handover)

    assert cancelled.status == "cancelled"
    assert run(world, handover).status == "cancelled"
    assert world.rows(reseller, crm.account) == []
    assert world.transfer_accounts(acme, to=reseller).id == acme.id


def test_hnd_03_a_run_goes_on_after_the_last_committed_chunk(world: World) -> None:
    reseller = world.tenant_reseller()
    accounts = [world.account(bill_to=reseller) for _ in range(5)]
    handover = world.plan(*accounts, to=reseller)
    confirm(world, handover)

    assert again(world, handover).started_at is None
    halfway = run(world, handover, size=2, should_stop=lambda: True)
    assert (halfway.status, halfway.done, halfway.position) == ("running", 2, accounts[1].id)
    done = run(world, handover, size=2)

    assert (done.status, done.done, done.counts["copied"]) == ("completed", 5, 5)
    assert done.started_at == halfway.started_at
    assert len(world.rows(reseller, crm.history_line)) == 5


def test_hnd_03_progress_rate_and_time_left_can_be_watched(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller()
    for _ in range(4):
        world.account(bill_to=reseller)
    handover = world.plan(to=reseller)
    confirm(world, handover)
    with clock.stopped(datetime(2026, 11, 1, 12, 0, 0, tzinfo=UTC)):
        run(world, handover, size=1, should_stop=lambda: True)

    with clock.stopped(datetime(2026, 11, 1, 12, 0, 2, tzinfo=UTC)), world.web.work(home.id, world.admin(home)) as work:
        view = queries.handover_(work, handover.id)

    assert (view.status, view.done, view.total, view.rate, view.seconds_left) == ("running", 1, 4, 0.5, 6.0)
    assert (bool(view.actions["cancel"]), bool(view.actions["confirm"]), bool(view.actions["undo"])) == (
        True,
        False,
        False,
    )


def test_hnd_04_the_record_says_who_when_why_and_what_became_of_each(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller()
    goes, held = world.account(bill_to=reseller), world.account(bill_to=reseller, status="closed")
    assert reseller.account_id
    with world.web.work(home.id, world.admin(home)) as work:
        id_ = actions.plan(
            work, "transfer_accounts", reseller.account_id, [goes.id, held.id], reason="As agreed in May"
        )
    handover = again(world, Row(id=id_))
    world.confirm(handover)

    with world.web.work(home.id, world.admin(home)) as work:
        view, results = queries.handover_(work, id_), queries.results(work, id_)
        copied = queries.results(work, id_, outcome="copied")
        listed = queries.recent(work, tenant_reseller_id=reseller.account_id)

    admin = world.admin(home).name
    assert (view.reason, view.planned_by, view.confirmed_by) == ("As agreed in May", admin, admin)
    assert view.planned_at
    assert view.confirmed_at
    assert view.completed_at
    assert {one.id: (one.verdict, one.finding, one.outcome) for one in results} == {
        goes.id: ("new", None, "copied"),
        held.id: ("held", "closed", None),
    }
    assert [one.id for one in copied] == [goes.id]
    assert [one.id for one in listed] == [id_]
    assert view.number == 1001
    acts = [line.act for line in world.rows(home, "audit_line", subject_id=id_)]
    assert acts == ["handover.plan", "handover.confirm"]


def test_hnd_06_what_may_be_done_follows_from_the_status(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller()
    acme = world.account(bill_to=reseller)

    def offered(handover: Row) -> set[str]:
        with world.web.work(home.id, world.admin(home)) as work:
            return {name for name, verdict in queries.handover_(work, handover.id).actions.items() if verdict}

    handover = world.plan(acme, to=reseller)
    seen = [(handover.status, offered(handover))]
    confirm(world, handover)
    seen.append((again(world, handover).status, offered(handover)))
    seen.append((run(world, handover).status, offered(handover)))
    seen.append((world.undo(handover).status, offered(handover)))
    empty = world.plan(world.account(bill_to=reseller, status="closed"), to=reseller)
    seen.append((empty.status, offered(empty)))

    assert seen == [
        ("planned", {"confirm", "cancel"}),
        ("running", {"cancel"}),
        ("completed", {"undo"}),
        ("undone", set()),
        ("planned", {"cancel"}),
    ]


def test_hnd_09_what_changed_between_confirmation_and_run_is_left_where_it_is(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller()
    accounts = [world.account(bill_to=reseller) for _ in range(6)]
    edited, grown, ordered, gone, taken, same = accounts
    handover = world.plan(*accounts, to=reseller)
    confirm(world, handover)
    world.update(home, crm.account, edited.id, email="new@acme.example")
    world.contact(grown)
    world.order(ordered)
    world.account(reseller, id=taken.id)
    with world.web.work(home.id) as work:
        work.connection.execute(
            crm.account.delete().where(crm.account.c.tenant_id == home.id, crm.account.c.id == gone.id)
        )

    done = run(world, handover)

    assert done.status == "completed_with_failures"
    assert done.counts == {"new": 6, "changed": 5, "copied": 1}
    why = "changed-since-confirmed"
    assert outcomes(world, handover) == {
        edited.id: ("changed", why),
        grown.id: ("changed", why),
        ordered.id: ("changed", why),
        gone.id: ("changed", why),
        taken.id: ("changed", "already-there"),
        same.id: ("copied", None),
    }
    assert {row.id for row in world.rows(reseller, crm.account)} == {taken.id, same.id}
    for row in (edited, grown, ordered, taken):
        assert account_of(world, home, row.id).standing == "own"
    assert {row.standing for row in world.rows(home, sales.order)} == {"own"}


def test_hnd_09_a_changed_rule_stops_the_run(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    reseller = world.tenant_reseller()
    accounts = [world.account(bill_to=reseller) for _ in range(3)]
    handover = world.plan(*accounts, to=reseller)
    confirm(world, handover)
    run(world, handover, size=1, should_stop=lambda: True)
    another = replace(TRANSFER_ACCOUNTS, marks=TRANSFER_ACCOUNTS.marks[:-1])
    monkeypatch.setitem(kinds.KINDS, "transfer_accounts", another)

    done = run(world, handover)

    assert (done.status, done.counts["copied"]) == ("failed", 1)
    assert "rules have changed" in done.problem
    assert len(world.rows(reseller, crm.account)) == 1
    rest = world.plan(*accounts[1:], to=reseller)
    assert set(verdicts(world, rest).values()) == {"new"}
    assert rest.rules != handover.rules


def test_hnd_09_the_fingerprint_of_the_rules_changes_with_every_piece(world: World) -> None:
    kind = TRANSFER_ACCOUNTS
    one = kind.checks[-1]
    pieces = {
        "copies": kind.copies[:-1],
        "marks": kind.marks[:-1],
        "lapses": kind.lapses[:-1],
        "checks": kind.checks[:-1],
        "candidates": kind.candidates[:-1],
    }
    others = [replace(kind, **{name: value}).fingerprint for name, value in pieces.items()]
    softer = replace(kind, checks=(*kind.checks[:-1], replace(one, severity="blocker"))).fingerprint

    assert len({kind.fingerprint, softer, *others}) == len(others) + 2
