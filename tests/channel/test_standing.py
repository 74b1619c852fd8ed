"""Suspending, resuming and closing a tenant reseller: what he may, what goes on, what stands in the way (TEN-07)."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from tenantry.channel.handovers import actions as handovers
from tenantry.channel.tenant_resellers import standing
from tenantry.channel.tenant_resellers.effects import Act, effects
from tenantry.crm import actions as accounts
from tenantry.crm.storefront_users import sessions as shop
from tenantry.intake import actions as imports
from tenantry.intake.running import run as run_import
from tenantry.kernel.problems import Conflict, Invalid, NotFound, NotSignedIn, Refused, Stale
from tenantry.sales.actions import NewItem, NewOrder, create_order, submit_order
from tenantry.tenancy import queries as tenancy, sessions
from tests.channel.mirroring import Channel, channel, drain
from tests.channel.stories import again, history
from tests.channel.waiting import until
from tests.intake.stories import table, view
from tests.world import Row, Tenant, World


def follows(world: World, reseller: Tenant, act: Act) -> dict[str, int | None]:
    """Say what an act would bring about, by code."""
    above = world.distributor()
    with world.web.work(above.id, world.admin(above)) as work:
        return {one.code: one.count for one in effects(work, reseller.account_id or above.id, act)}


def state(world: World, reseller: Tenant) -> str:
    assert reseller.account_id
    row = world.row(world.distributor(), "tenant_reseller", reseller.account_id)
    assert row
    return str(row.state)


def sells(story: Channel, product: Row) -> None:
    """Make an order below, as the reseller's admin who comes in today."""
    with story.world.web.work(story.below.id, story.world.person(story.below)) as work:
        create_order(work, NewOrder(story.customer.id, items=(NewItem(product.id, "monthly", 1),)))


def test_ten_07_his_users_may_look_but_neither_sell_nor_change_until_he_is_resumed(world: World) -> None:
    story = channel(world)
    product = story.product()
    sells(story, product)

    world.suspend(story.below)

    with pytest.raises(Refused, match="suspended") as refused:
        sells(story, product)
    assert refused.value.rule == "TEN-07"
    with world.web.work(story.below.id, world.person(story.below)) as work:
        with pytest.raises(Refused, match="you may look"):
            accounts.edit(work, story.customer.id, {"phone": "1"})
        with pytest.raises(Refused, match="you may look"):
            imports.read(work, "accounts", "a.csv", table("name", "Acme"), {})
        assert tenancy.tenant(work).suspended_at is not None
    assert len(world.rows(story.below, "order")) == 1
    world.resume(story.below)
    sells(story, product)
    assert len(world.rows(story.below, "order")) == 2


def test_ten_07_what_a_worker_does_for_a_suspended_user_stops_and_says_why(world: World) -> None:
    story = channel(world)
    with world.web.work(story.below.id, world.person(story.below)) as work:
        id = imports.read(work, "accounts", "a.csv", table("name", "Acme", "Helios"), {})
    # As a file of more than a thousand rows is left when it was confirmed.
    world.update(story.below, "import", id, status="running", confirmed_by=story.below.admin_id)

    world.suspend(story.below)
    run_import(world.worker, story.below.id, id, lambda: None)

    stopped = view(world, id, story.below)
    assert (stopped.status, "suspended" in stopped.problem) == ("failed", True)
    assert len(world.rows(story.below, "account")) == 1


def test_ten_07_running_subscriptions_go_on_and_the_mirror_drains(world: World) -> None:
    story = channel(world)
    with story.on("2026-03-01"):
        made = story.sold(story.product(price=10), 5)
    world.suspend(story.below)
    with story.on("2026-04-02"):
        story.day_comes()
        charged = world.rows(story.below, "charge", subscription_id=made.id)
        assert story.drain() > 0

    assert len(charged) == 2
    assert story.over("subscription", made.id).status == "active"


def test_ten_07_no_handover_takes_him_as_destination(world: World) -> None:
    above, reseller = world.distributor(), world.tenant_reseller()
    acme, helios = (world.account(bill_to=reseller) for _ in range(2))
    first, second = world.plan(acme, to=reseller), world.plan(helios, to=reseller)
    done = world.confirm(first)

    world.suspend(reseller)

    for kind in ("transfer_accounts", "transfer_subscriptions", "activate_back_ordering"):
        with pytest.raises(Refused, match="is suspended; resume it first") as refused:
            world.plan(to=reseller, kind=kind)
        assert refused.value.rule == "TEN-07"
    with pytest.raises(Refused, match="is suspended") as refused, world.web.work(above.id, world.admin(above)) as work:
        handovers.confirm(work, second.id, second.digest)
    assert (refused.value.rule, refused.value.remedy) == ("TEN-07", "Resume the tenant reseller first.")
    assert world.undo(done).status == "undone"
    world.resume(reseller)
    assert state(world, reseller) == "set_up"
    assert world.confirm(second).status == "completed"


def test_ten_07_a_going_live_that_is_undone_while_he_is_suspended_leaves_him_suspended(world: World) -> None:
    reseller = world.tenant_reseller()
    live = world.confirm(world.plan(to=reseller, kind="activate_back_ordering"))
    world.suspend(reseller)

    assert world.undo(live).status == "undone"

    assert (state(world, reseller), world.is_live(reseller)) == ("suspended", False)
    world.resume(reseller)
    assert state(world, reseller) == "set_up"


@pytest.mark.parametrize("before", ["set_up", "accounts_transferred", "live"])
def test_ten_07_resuming_makes_him_what_he_was(world: World, before: str) -> None:
    reseller = world.tenant_reseller()
    if before != "set_up":
        world.transfer_accounts(world.account(bill_to=reseller), to=reseller)
    if before == "live":
        world.go_live(reseller)
    assert state(world, reseller) == before

    world.suspend(reseller)
    assert state(world, reseller) == "suspended"
    with pytest.raises(Refused, match="suspended already"):
        world.suspend(reseller)

    world.resume(reseller)
    assert state(world, reseller) == before
    with pytest.raises(Refused, match="not suspended"):
        world.resume(reseller)
    assert [line.sentence for line in history(world, world.distributor(), reseller.account_id or reseller.id)][-2:] == [
        "The tenant reseller was suspended",
        "The tenant reseller was resumed",
    ]


def test_ten_07_the_effects_are_counted_before_anything_is_done(world: World) -> None:
    story = channel(world)
    story.sold(story.product(), 5)
    story.drain()
    world.order(story.customer, at=story.below, status="submitted")
    world.account(bill_to=story.below)
    told = len(story.told())

    suspending = follows(world, story.below, "suspend")
    closing = follows(world, story.below, "close")

    assert (suspending["users"], suspending["subscriptions"], suspending["orders"]) == (1, 1, 1)
    assert suspending.get("messages", 0) == told
    assert "shop" not in suspending
    assert (closing["customers"], closing["subscriptions"], closing["others"]) == (1, 1, 1)
    assert state(world, story.below) == "live"
    world.update(story.below, "tenant", story.below.id, edition="premium")
    assert "shop" in follows(world, story.below, "suspend")
    with pytest.raises(NotFound):
        follows(world, world.distributor(), "close")


def test_ten_07_closing_is_refused_with_counts_and_the_way_out_until_nothing_is_orphaned(world: World) -> None:
    story = channel(world)
    made = story.sold(story.product(), 5)

    with pytest.raises(Conflict, match="on the way still to be applied") as refused:
        world.close(story.below)
    assert refused.value.extra["counts"] == {"subscriptions": 1, "messages": len(story.told())}
    story.drain()
    with pytest.raises(Conflict, match="1 customer in his hands would be nobody's any more") as refused:
        world.close(story.below)
    assert (refused.value.rule, refused.value.code) == ("TEN-07", "still-in-use")
    assert refused.value.extra["counts"] == {"customers": 1, "subscriptions": 1}
    assert "Cancel them" in refused.value.remedy
    assert state(world, story.below) == "live"

    story.do("cancel", made, mode="now")
    story.account("close")
    story.drain()
    world.close(story.below)

    assert state(world, story.below) == "closed"
    assert story.over("account", story.customer.id).status == "closed"
    assert story.over("account", story.customer.id).number
    for act in (world.close, world.suspend, world.resume):
        with pytest.raises(Refused, match="is closed"):
            act(story.below)


def test_ten_07_a_sale_that_is_on_its_way_is_waited_for_and_counted(world: World) -> None:
    story = channel(world)
    product = story.product()
    with ThreadPoolExecutor(1) as pool:
        with world.web.work(story.below.id, world.person(story.below)) as work:
            submit_order(
                work, create_order(work, NewOrder(story.customer.id, items=(NewItem(product.id, "monthly", 1),)))
            )
            closing = pool.submit(world.close, story.below)
            wait_for_a_row(world)
        with pytest.raises(Conflict) as refused:
            closing.result(timeout=20)

    assert refused.value.extra["counts"] == {"orders": 1}
    assert state(world, story.below) == "live"


def test_ten_07_a_sale_that_begins_while_he_is_closed_waits_and_is_refused(world: World) -> None:
    story = channel(world)
    product, above = story.product(), story.above
    seller = world.person(story.below)

    def sell() -> None:
        with world.web.work(story.below.id, seller) as work:
            create_order(work, NewOrder(story.customer.id, items=(NewItem(product.id, "monthly", 1),)))

    with ThreadPoolExecutor(1) as pool:
        with world.web.work(above.id, world.admin(above)) as work:
            standing.close(work, story.below.account_id or above.id)
            selling = pool.submit(sell)
            wait_for_a_row(world)
        with pytest.raises(NotSignedIn, match="is closed") as refused:
            selling.result(timeout=20)

    assert (refused.value.rule, world.rows(story.below, "order")) == ("TEN-07", [])
    assert state(world, story.below) == "closed"


def test_ten_07_a_handover_that_is_just_being_confirmed_is_waited_for_and_counted(world: World) -> None:
    above, reseller = world.distributor(), world.tenant_reseller()
    made = world.plan(world.account(bill_to=reseller), to=reseller)
    with ThreadPoolExecutor(1) as pool:
        with world.web.work(above.id, world.admin(above)) as work:
            handovers.confirm(work, made.id, made.digest)
            closing = pool.submit(world.close, reseller)
            wait_for_a_row(world)
        with pytest.raises(Conflict, match="handover to him in hand"):
            closing.result(timeout=20)

    assert state(world, reseller) == "set_up"


def wait_for_a_row(world: World) -> None:
    """Wait until somebody waits for a row that somebody else holds."""
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype IN ('transactionid', 'tuple') AND NOT granted"
    until(world.web, waiting)


def test_ten_07_whoever_has_tenant_resellers_of_his_own_is_closed_after_them(world: World) -> None:
    middle = world.tenant_reseller(state="live")
    below = world.tenant_reseller(above=middle)
    with pytest.raises(Conflict, match="1 tenant reseller of his own"):
        world.close(middle)

    with world.web.work(middle.id, world.admin(middle)) as work:
        standing.close(work, below.account_id or below.id)
    drain(world, middle)
    world.close(middle)

    assert state(world, middle) == "closed"


def test_ten_07_nobody_signs_in_to_a_closed_organisation_and_is_told_so(world: World) -> None:
    reseller = world.tenant_reseller()
    person = world.contact(world.account(reseller), reseller, storefront_user=True)
    with world.web.work(reseller.id) as work:
        _, cookie = sessions.start(work, reseller.admin_id)
        sessions.session_within(work, cookie)
    world.update(reseller, "tenant", reseller.id, edition="premium")

    world.close(reseller)

    with world.web.work(reseller.id) as work:
        for enters in (
            partial(sessions.start, work, reseller.admin_id),
            partial(sessions.session_within, work, cookie),
            partial(world.person, reseller),
        ):
            with pytest.raises(NotSignedIn, match="organisation is closed") as refused:
                enters()
            assert (refused.value.code, refused.value.rule) == ("organisation-closed", "TEN-07")
        shoppers = shop.start(work, person.id, person.account_id)
        with pytest.raises(NotSignedIn):
            shop.visit(work, shoppers)


def test_ten_07_a_closed_one_gives_nothing_back(world: World) -> None:
    above, reseller = world.distributor(), world.tenant_reseller()
    acme = world.account(bill_to=reseller)
    done = world.confirm(world.plan(acme, to=reseller))
    with world.web.work(reseller.id, world.admin(reseller)) as work:
        accounts.close(work, acme.id)
    drain(world, reseller)
    world.close(reseller)

    with pytest.raises(Refused, match="is closed"), world.web.work(above.id, world.admin(above)) as work:
        handovers.reverse(work, done.id)
    assert again(world, done).status == "completed"


def test_ten_07_the_message_tells_his_own_audit_log_once(world: World) -> None:
    above, reseller = world.distributor(), world.tenant_reseller()
    world.suspend(reseller)

    assert drain(world, above) == 1
    with world.worker.channel(above.id, [above.id]) as work:
        standing.tell(work, reseller.account_id or reseller.id)
    assert drain(world, above) == 1

    [line] = world.rows(reseller, "audit_line", act="tenant.suspended")
    assert (line.actor, line.sentence) == (
        above.name,
        f"{above.name} suspended this organisation: its users may look, but not sell or change.",
    )
    world.resume(reseller)
    drain(world, above)
    assert len(world.rows(reseller, "audit_line", act="tenant.resumed")) == 1


def test_ten_07_it_needs_the_permission_the_version_and_a_reason_that_fits(world: World) -> None:
    above, reseller = world.distributor(), world.tenant_reseller()
    id = reseller.account_id or reseller.id
    with world.web.work(above.id, world.admin(above)) as work:
        with pytest.raises(Stale):
            standing.suspend(work, id, version=99)
        with pytest.raises(Invalid):
            standing.suspend(work, id, because="x" * 1001)
        standing.suspend(work, id, version=1, because="Unpaid since August")
    sentences = [line.sentence for line in history(world, above, id)]
    assert sentences[-1] == "The tenant reseller was suspended: Unpaid since August"
