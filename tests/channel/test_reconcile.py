"""Reconcile says record by record and field by field what differs between the tiers, and why (UP-44, UP-24)."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
import sqlalchemy as sa

from tenantry import jobs
from tenantry.channel.reconcile import actions, nightly, queries, running
from tenantry.kernel import clock
from tenantry.kernel.problems import Conflict, Forbidden, Invalid
from tenantry.sales.actions import NewItem
from tenantry.schema import metadata
from tenantry.schema.message import mirror_progress
from tests.channel.mirroring import Channel, channel
from tests.world import Row, World


def compared(story: Channel) -> Row:
    """Compare the reseller with the distributor; gives the run."""
    with story.world.web.work(story.above.id, story.world.admin(story.above)) as work:
        id = actions.start(work, story.below.account_id)
    return ran(story, id)


def repaired(story: Channel, found: Row, reason: str = "Somebody wrote into the table") -> Row:
    """Repair what a run found; gives the run of the repair."""
    with story.world.web.work(story.above.id, story.world.admin(story.above)) as work:
        id = actions.repair(work, found.id, reason)
    return ran(story, id)


def ran(story: Channel, id: UUID, size: int = 2) -> Row:
    """Let the worker run it, in chunks of two accounts."""
    assert running.run(story.world.worker, story.above.id, id, size=size)
    row = story.world.row(story.above, "reconcile_run", id)
    assert row is not None
    assert row.status == "completed"
    return row


def found(story: Channel, run: Row) -> list[tuple[str, str, str, str, str]]:
    """Give what a run found: record, verdict, field, below, above."""
    rows = story.world.rows(story.above, "reconcile_difference", run_id=run.id)
    return [(one.record, one.verdict, one.field, one.below, one.above) for one in rows]


def lose(story: Channel, table: str, id: UUID) -> None:
    """Delete a row above behind the program's back."""
    of = metadata.tables[table]
    with story.world.web.work(story.above.id) as work:
        work.connection.execute(sa.delete(of).where(of.c.tenant_id == story.above.id, of.c.id == id))


def causes(story: Channel, run: Row) -> set[str]:
    """Give the causes that a run names."""
    return {one.cause for one in story.world.rows(story.above, "reconcile_difference", run_id=run.id)}


def silence(story: Channel) -> None:
    """Lose all messages that wait."""
    with story.world.worker.channel(story.below.id, [story.below.id]) as work:
        jobs.claim(work.connection, story.below.id, 10_000)


def test_up_44_tiers_in_step_are_in_agreement_as_of_the_last_message(world: World) -> None:
    story = channel(world)
    story.sold(story.product(), 5)
    story.drain()

    run = compared(story)

    assert (run.differences, run.accounts, run.on_its_way, run.compared) == (0, 0, 0, 1)
    with world.worker.channel(story.below.id, [story.below.id]) as work:
        of = mirror_progress.c
        query = sa.select(of.last_message).where(of.tenant_id == story.below.id)
        assert run.last_message == work.connection.scalar(query)


def test_up_44_each_field_that_was_changed_past_the_program_is_found_and_repaired(world: World) -> None:
    story = channel(world)
    made = story.sold(story.product(), 5)
    story.drain()
    address = world.rows(story.above, "address", account_id=story.customer.id)[0]
    world.update(story.above, "account", story.customer.id, name="Wrong", email="wrong@acme.example", phone="+1")
    world.update(story.above, "address", address.id, city="Sparta")
    world.update(story.above, "subscription", made.id, quantity=7, unit_price=1)

    run = compared(story)

    assert sorted(found(story, run)) == [
        ("account", "differs", "email", "office@acme.example", "wrong@acme.example"),
        ("account", "differs", "name", "Acme", "Wrong"),
        ("address", "differs", "city", "Athens", "Sparta"),
        ("subscription", "differs", "quantity", "5", "7"),
    ]
    assert (run.differences, run.accounts) == (4, 1)
    assert causes(story, run) == {"untold"}
    assert repaired(story, run).differences == 0
    assert compared(story).differences == 0
    account, mirror = story.over("account", story.customer.id), story.over("subscription", made.id)
    assert (account.name, account.phone, mirror.quantity, mirror.unit_price) == ("Acme", "+1", 5, 1)


def test_up_44_bo_01_a_lost_order_item_is_found_and_comes_back_as_the_same(world: World) -> None:
    story = channel(world)
    made = story.sold(story.product(name="Mail"), 5)
    story.drain()
    story.do("change_quantity", made, 9)
    story.drain()
    first, second = story.orders()
    [item] = story.items(first)
    lose(story, "order_item", item.id)

    run = compared(story)

    assert found(story, run) == [("order_item", "missing", "", "", "")]
    assert repaired(story, run).differences == 0
    [back] = story.items(first)
    assert (back.id, back.quantity, back.subscription_id) == (item.id, 5, made.id)
    assert [one.id for one in story.orders()] == [first.id, second.id]
    assert story.over("subscription", made.id).order_id == first.id
    assert compared(story).differences == 0


def test_up_44_an_order_above_without_a_sale_below_is_found_and_stays(world: World) -> None:
    story = channel(world)
    story.sold(story.product(), 5)
    story.drain()
    [order] = story.orders()
    given = {name: value for name, value in vars(order).items() if name not in {"id", "tenant_id", "number", "search"}}
    given.pop("sort_name", None)
    stray = world.insert(story.above, "order", **given, number=order.number + 1_000)

    run = compared(story)

    assert found(story, run) == [("order", "surplus", "", "", "")]
    assert causes(story, run) == {"orphan"}
    assert world.row(story.above, "order", stray.id) is not None


def test_up_33_up_44_add_ons_come_and_go_with_what_is_below(world: World) -> None:
    story = channel(world)
    mail, extra = story.product(name="Mail"), story.product(name="Extra", kind="add_on")
    made = story.sold(mail, 5)
    story.drain()
    bought = world.insert(
        story.below, "subscription_add_on", subscription_id=made.id, product_id=extra.id, quantity=2, unit_price=1
    )

    run = compared(story)

    assert found(story, run) == [("subscription_add_on", "missing", "", "", "")]
    repaired(story, run)
    assert story.over("subscription_add_on", bought.id).quantity == 2
    with world.web.work(story.below.id) as work:
        of = metadata.tables["subscription_add_on"]
        work.connection.execute(sa.delete(of).where(of.c.tenant_id == story.below.id, of.c.id == bought.id))
    run = compared(story)
    assert found(story, run) == [("subscription_add_on", "surplus", "", "", "")]
    assert repaired(story, run).differences == 0
    assert world.row(story.above, "subscription_add_on", bought.id) is None


def test_bo_17_up_44_an_add_on_that_was_lost_comes_back_with_the_order_it_came_from(world: World) -> None:
    story = channel(world)
    mail = story.product(name="Mail")
    archive = story.add_on(mail, name="Archive")
    made = story.sold(mail, 5)
    story.do("add_add_on", made, archive.id, 2)
    story.drain()
    [bought] = world.rows(story.above, "subscription_add_on", subscription_id=made.id)
    orders = story.orders()
    assert bought.order_id == orders[1].id

    lose(story, "subscription_add_on", bought.id)
    repaired(story, compared(story))

    assert story.over("subscription_add_on", bought.id).order_id == bought.order_id
    assert story.orders() == orders


def test_up_44_what_no_message_ever_told_of_is_found_and_made(world: World) -> None:
    story = channel(world)
    others = [world.account(at=story.below, name=f"Other {place}") for place in range(4)]
    product = story.product()
    for one in (story.customer, *others):
        story.sell(NewItem(product.id, "monthly", 2), to=one)
    silence(story)

    run = compared(story)

    lines = found(story, run)
    assert {one[:2] for one in lines} == {(one, "missing") for one in ("account", "address", "subscription")}
    assert (run.accounts, run.compared) == (5, 5)
    assert repaired(story, run).differences == 0
    assert compared(story).differences == 0
    assert {story.over("account", one.id).name for one in others} == {one.name for one in others}
    [order] = story.orders()
    assert [one.quantity for one in story.items(order)] == [2]
    assert world.rows(story.above, "subscription_change", account_id=story.customer.id)


def test_up_44_up_43_what_is_on_its_way_is_no_difference_and_what_is_set_aside_names_its_cause(world: World) -> None:
    story = channel(world)
    story.sold(story.product(), 5)

    waiting = compared(story)
    assert (waiting.differences, waiting.on_its_way) == (0, 1)

    unpriced = world.product(story.above, name="Unpriced")
    world.product(story.below, id=unpriced.id, sku=unpriced.sku, name="Unpriced", standing="inherited")
    story.priced(story.below, unpriced, 10)
    story.drain()
    story.sold(unpriced, 1)
    story.drain()

    run = compared(story)

    assert (run.on_its_way, run.set_aside, run.accounts) == (0, 1, 1)
    assert causes(story, run) == {"price-missing"}
    with pytest.raises(Conflict, match="nothing that a repair can put right"):
        repaired(story, run)
    story.priced(story.above, unpriced, 7)
    with world.worker.channel(story.below.id, [story.below.id]) as work:
        jobs.put_back(work.connection, story.below.id, story.customer.id)
    story.drain()
    assert compared(story).differences == 0


def test_up_24_a_row_above_without_one_below_is_never_deleted_without_a_tombstone(world: World) -> None:
    story = channel(world)
    story.sold(story.product(), 5)
    story.drain()
    ghost = world.account(at=story.above, bill_to=story.below, standing="mirrored", managed_by=story.below.id)
    world.update(story.above, "account", story.customer.id, name="Wrong")

    run = compared(story)

    assert sorted(found(story, run))[1][:2] == ("account", "surplus")
    assert causes(story, run) == {"orphan", "untold"}
    left = repaired(story, run)
    assert found(story, left) == [("account", "surplus", "", "", "")]
    assert story.over("account", ghost.id).standing == "mirrored"
    assert story.over("account", story.customer.id).name == "Acme"


def test_up_21_up_44_a_deletion_below_that_was_lost_is_repaired_by_its_tombstone(world: World) -> None:
    story = channel(world)
    story.sold(story.product(), 5)
    story.drain()
    world.update(story.below, "account", story.customer.id, status="deleted")

    run = compared(story)

    assert found(story, run) == [("account", "differs", "status", "deleted", "active")]
    repaired(story, run)
    archived = story.over("account", story.customer.id)
    assert (archived.standing, archived.status, archived.managed_by) == ("archived", "deleted", None)
    assert compared(story).differences == 0


def test_up_44_dn_29_what_was_handed_down_is_compared_before_the_reseller_is_live(world: World) -> None:
    above = world.distributor()
    below = world.tenant_reseller()
    acme = world.account(bill_to=below, name="Acme")
    world.address(acme, city="Berlin")
    world.transfer_accounts(acme, to=below)
    world.update(above, "tenant_reseller", below.account_id, state="accounts_transferred")
    story = Channel(world, above, below, acme)
    assert compared(story).differences == 0
    world.update(above, "account", acme.id, accounting_no="X-1")

    run = compared(story)

    assert found(story, run) == [("account", "differs", "accounting_no", "", "X-1")]


def test_up_44_who_may_look_may_not_repair_and_a_repair_says_why(world: World) -> None:
    story = channel(world)
    story.sold(story.product(), 5)
    story.drain()
    world.update(story.above, "account", story.customer.id, name="Wrong")
    run = compared(story)
    looker = replace(world.admin(story.above), permissions=frozenset({"reconcile:view", "reconcile:run"}))
    with world.web.work(story.above.id, looker) as work:
        actions.start(work, story.below.account_id)
        with pytest.raises(Forbidden, match="reconcile:repair"):
            actions.repair(work, run.id, "because")
    with world.web.work(story.above.id, world.admin(story.above)) as work, pytest.raises(Invalid, match="reason"):
        actions.repair(work, run.id, " ")
    assert repaired(story, run, "Found by the auditor").reason == "Found by the auditor"


def test_up_44_the_nightly_run_asks_once_a_night_of_those_to_whom_something_was_transferred(world: World) -> None:
    story = channel(world)
    world.tenant_reseller(state="set_up")
    with world.web.work(story.above.id) as work:
        [id] = actions.start_nightly(work)
        assert actions.start_nightly(work) == []

    run = ran(story, id)
    assert (run.tenant_reseller_id, run.asked_by_name) == (story.below.account_id, "Nightly")


def test_up_44_the_night_is_the_distributors_own(world: World) -> None:
    story = channel(world)
    world.update(story.above, "tenant", story.above.id, time_zone="Asia/Tokyo")
    noon, night = (datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (3, 18))

    with clock.stopped(noon):
        nightly.ask_for_all(world.worker)
    assert world.rows(story.above, "reconcile_run") == []
    with clock.stopped(night):
        nightly.ask_for_all(world.worker)
    [run] = world.rows(story.above, "reconcile_run")
    assert run.tenant_reseller_id == story.below.account_id


def test_up_44_a_certificate_is_dated_and_says_as_of_which_message(world: World) -> None:
    story = channel(world)
    made = story.sold(story.product(), 5)
    story.drain()
    run = compared(story)
    with world.web.work(story.above.id, world.admin(story.above)) as work:
        view = queries.reconciliation(work, run.id)
        assert {one: found.id for one, found in queries.latest(work).items()} == {story.below.account_id: run.id}
    assert view.certificate == f"In agreement as of message {run.last_message}"
    assert view.completed_at is not None

    world.update(story.above, "subscription", made.id, quantity=7)
    worse = compared(story)
    with world.web.work(story.above.id, world.admin(story.above)) as work:
        view = queries.reconciliation(work, worse.id)
        [(cause, many)] = queries.causes(work, worse.id)
    assert (view.certificate, view.repairable, cause.code, many) == ("", 1, "untold", 1)
