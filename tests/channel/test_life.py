"""The one life of a handover: plan, digest, confirm, run, record (HND-01 to HND-09)."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tenantry.channel.handovers import actions, kinds, queries
from tenantry.channel.handovers.actions import choosing
from tenantry.kernel import clock
from tenantry.kernel.actor import Actor
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Conflict, Forbidden, Invalid, NotFound, Problem
from tenantry.rules.transfer_accounts import TRANSFER_ACCOUNTS
from tenantry.schema import crm, sales
from tests.channel.stories import (
    account_of,
    again,
    cancel,
    codes,
    confirm,
    everything,
    full_account,
    moved_out,
    outcomes,
    preview,
    run,
    verdicts,
)
from tests.world import Row, Tenant, World

LATER = datetime(2099, 1, 1, tzinfo=UTC)
ITS_OWN = {"handover", "handover_record", "counter", "audit_line"}


def test_hnd_01_a_plan_changes_nothing_but_itself(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller()
    acme, wakes, clashes = (full_account(world, reseller) for _ in range(3))
    world.address(acme)
    world.contact(acme)
    world.order(acme)
    moved_out(world, reseller, wakes.id)
    world.account(reseller, id=clashes.id)
    before = everything(world, home, reseller)

    handover = world.plan(acme, wakes, clashes, to=reseller)
    preview(world, handover)

    after = everything(world, home, reseller)
    assert {table for table in after if after[table] != before[table]} == ITS_OWN
    assert after["counter"] != before["counter"]
    assert [row["next"] for row in after["counter"] if row["name"] == "account"] == [
        row["next"] for row in before["counter"] if row["name"] == "account"
    ]
    assert verdicts(world, handover) == {acme.id: "new", wakes.id: "wake", clashes.id: "clash"}
    assert cancel(world, handover).status == "cancelled"


def test_hnd_01_the_preview_shows_every_field_with_its_rule(world: World) -> None:
    """Record by record, field by field: what is there today, what will be, and by which rule."""
    reseller = world.tenant_reseller()
    acme = full_account(world, reseller)
    address, contact = world.address(acme), world.contact(acme)

    shown = preview(world, world.plan(acme, to=reseller))[acme.id]

    fields = {(part.part, one.field): one for part in shown.parts for one in part.fields if not part.is_above}
    for copy in TRANSFER_ACCOUNTS.copies[:3]:
        for name in copy.shown:
            one = fields[(copy.name, name)]
            assert (one.rule, one.why) == (copy.stanza_of[name].rule, copy.stanza_of[name].why)
    assert (fields["account", "credit_limit"].source, fields["account", "credit_limit"].after) == (500, 0)
    assert fields["account", "number"].verb == "assign"
    assert fields["account", "responsible_user_id"].after_name
    assert {part.id for part in shown.parts if part.part in {"address", "contact"}} == {address.id, contact.id}
    assert {part.part for part in shown.parts} >= {
        "account_history",
        "contact_history",
        "giver_history",
        "account_mark",
    }


def test_hnd_01_what_lapses_below_is_shown_too(world: World) -> None:
    reseller = world.tenant_reseller()
    acme = full_account(world, reseller)
    moved_out(world, reseller, acme.id)
    gone = world.contact(acme, reseller, last_name="Gone")
    old = world.address(acme, reseller, is_billing=True)

    shown = preview(world, world.plan(acme, to=reseller))[acme.id]

    lapses = {
        (part.part, part.id): {one.field: (one.before, one.after, one.rule) for one in part.fields}
        for part in shown.parts
        if part.part.endswith("lapse")
    }
    assert lapses == {
        ("contact_lapse", gone.id): {"standing": ("own", "moved_out", "TEN-09")},
        ("address_lapse", old.id): {"is_billing": (True, False, "DN-23")},
    }


def test_hnd_01_a_preview_comes_in_pages(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller()
    accounts = [world.account(bill_to=reseller) for _ in range(5)]
    held = world.account(bill_to=reseller, status="closed")
    handover = world.plan(*accounts, held, to=reseller)

    with world.web.work(home.id, world.admin(home)) as work:
        first = queries.preview(work, handover.id, limit=4)
        second = queries.preview(work, handover.id, limit=4, cursor=first.next)
        only = queries.preview(work, handover.id, verdict="held")
        one = queries.preview(work, handover.id, record=accounts[2].id)
        for wrong in ({"limit": 0}, {"limit": 1001}, {"verdict": "maybe"}, {"cursor": "here"}):
            with pytest.raises(Invalid):
                queries.preview(work, handover.id, **wrong)

    assert [item.id for item in (*first.items, *second.items)] == [row.id for row in (*accounts, held)]
    assert second.next is None
    assert [item.id for item in only.items] == [held.id]
    assert only.items[0].finding == "closed"
    assert [item.id for item in one.items] == [accounts[2].id]


def test_hnd_02_a_confirmation_carries_the_digest_of_the_plan_that_was_seen(world: World) -> None:
    reseller = world.tenant_reseller()
    acme = world.account(bill_to=reseller)
    handover = world.plan(acme, to=reseller)

    for stale in ("", "0" * 64, handover.digest.upper()):
        with pytest.raises(Conflict) as refused:
            confirm(world, handover, digest=stale)
        assert (refused.value.code, refused.value.rule) == ("stale-digest", "HND-02")
        assert refused.value.extra["digest"] == handover.digest
    assert again(world, handover) == handover
    confirm(world, handover)
    assert again(world, handover).status == "running"


def order_submitted(world: World, reseller: Tenant, acme: Row) -> None:
    world.order(acme, status="submitted")


CHANGES: dict[str, Callable[[World, Tenant, Row], object]] = {
    "a field": lambda world, reseller, acme: world.update(world.distributor(), crm.account, acme.id, phone="1"),
    "an address added": lambda world, reseller, acme: world.address(acme),
    "a contact added": lambda world, reseller, acme: world.contact(acme),
    "a draft order made": lambda world, reseller, acme: world.order(acme),
    "an order submitted": order_submitted,
    "Bill To": lambda world, reseller, acme: world.update(
        world.distributor(), crm.account, acme.id, bill_to_id=acme.id
    ),
    "the taker's default payment method": lambda world, reseller, acme: new_default(world, reseller),
    "a currency activated below": lambda world, reseller, acme: world.insert(
        reseller, "tenant_currency", currency="USD"
    ),
    "the reseller's billing options": lambda world, reseller, acme: world.update(
        world.distributor(), crm.account, Row(id=reseller.account_id).id, taxation=False
    ),
    "the id taken below": lambda world, reseller, acme: world.account(reseller, id=acme.id),
    "the account asleep below": lambda world, reseller, acme: moved_out(world, reseller, acme.id),
    "an accounting number taken below": lambda world, reseller, acme: world.account(reseller, accounting_no="D-4711"),
}


def new_default(world: World, reseller: Tenant) -> None:
    from tenantry.schema import catalog  # noqa: PLC0415 - one change of many

    (old,) = world.rows(reseller, catalog.payment_method)
    world.update(reseller, catalog.payment_method, old.id, is_default=False)
    world.payment_method(reseller, name="SEPA", is_default=True)


@pytest.mark.parametrize("what", CHANGES)
def test_hnd_02_a_changed_world_refuses_the_old_plan_and_keeps_the_new_one(world: World, what: str) -> None:
    reseller = world.tenant_reseller()
    acme, other = full_account(world, reseller, reselling_enabled=False), world.account(bill_to=reseller)
    handover = world.plan(acme, other, to=reseller)
    CHANGES[what](world, reseller, acme)

    with pytest.raises(actions.Replanned) as refused:
        confirm(world, handover)

    new = again(world, handover)
    assert (refused.value.code, refused.value.rule) == ("plan-changed", "HND-02")
    assert new.status == "planned"
    assert new.digest != handover.digest
    assert new.digest == refused.value.extra["digest"]
    assert world.row(reseller, crm.account, other.id) is None
    done = world.confirm(new)
    assert done.status == "completed"
    assert set(outcomes(world, done).values()) <= {("copied", None), (None, None)}


def test_hnd_02_what_the_preview_does_not_show_does_not_disturb_a_confirmation(world: World) -> None:
    """Version and history do not enter; nor do the affairs of others."""
    reseller = world.tenant_reseller()
    acme = world.account(bill_to=reseller)
    handover = world.plan(acme, to=reseller)
    home = world.distributor()
    world.update(home, crm.account, acme.id, version=9, created_at="2001-01-01T00:00Z")
    world.insert(home, crm.history_line, entity="account", subject_id=acme.id, sentence="Called")
    world.contact(world.account(bill_to=reseller))
    world.contact(world.account(reseller), reseller)

    assert world.confirm(handover).status == "completed"


def test_hnd_02_confirming_twice_is_answered_with_who_did_it_and_runs_once(world: World) -> None:
    reseller = world.tenant_reseller()
    acme = world.account(bill_to=reseller)
    handover = world.plan(acme, to=reseller)
    confirm(world, handover)

    with pytest.raises(Conflict) as while_running:
        confirm(world, handover)
    run(world, handover)
    with pytest.raises(Conflict) as afterwards:
        confirm(world, handover)

    for refused in (while_running, afterwards):
        assert refused.value.code == "already-confirmed"
        assert world.admin(world.distributor()).name in refused.value.message
    assert len(world.rows(reseller, crm.account)) == 1


def test_hnd_02_a_plan_in_which_nobody_can_go_is_not_confirmed(world: World) -> None:
    reseller = world.tenant_reseller()
    handover = world.plan(world.account(bill_to=reseller, status="closed"), to=reseller)

    with pytest.raises(Conflict) as refused:
        confirm(world, handover)

    assert refused.value.code == "nothing-to-do"


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


def test_hnd_08_a_large_plan_is_made_by_a_worker(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until then it has status planning and no digest, and cannot be confirmed."""
    from tenantry.channel.handovers import tasks  # noqa: PLC0415 - the worker's half of it
    from tenantry.jobs import JobContext  # noqa: PLC0415

    home, reseller = world.distributor(), world.tenant_reseller()
    accounts = [world.account(bill_to=reseller) for _ in range(3)]
    monkeypatch.setattr(choosing, "AT_ONCE", 2)
    handover = world.plan(to=reseller)
    assert (handover.status, handover.digest) == ("planning", None)
    with pytest.raises(Conflict) as early:
        confirm(world, handover, digest="0" * 64)
    context = JobContext(world.worker, 1, 1, lambda: False)

    tasks.plan(context, tenant=str(home.id), handover=str(handover.id))
    planned = again(world, handover)
    tasks.plan(context, tenant=str(home.id), handover=str(handover.id))

    assert early.value.code == "planning"
    assert (planned.status, planned.total) == ("planned", 3)
    assert again(world, handover) == planned
    assert world.confirm(planned).counts["copied"] == len(accounts)


def test_hnd_02_the_same_world_gives_the_same_digest_in_whatever_order_it_is_chosen(world: World) -> None:
    reseller = world.tenant_reseller()
    one, two = (full_account(world, reseller) for _ in range(2))

    first, second = world.plan(one, two, to=reseller), world.plan(two, one, to=reseller)

    assert first.digest == second.digest
    assert world.plan(one, to=reseller).digest != first.digest
    assert codes(first) == codes(second)
