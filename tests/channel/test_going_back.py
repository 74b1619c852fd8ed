"""Activate Back Ordering undone: a tenant reseller goes back while nothing has come up since (DN-46)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from tenantry import jobs
from tenantry.kernel.problems import Conflict, Refused
from tenantry.schema import message
from tests.channel.going import activation, standings, state
from tests.channel.stories import (
    again,
    everything,
    history,
    obstacles,
    outcomes,
    tenant_row,
)
from tests.world import Row, Tenant, World

LONG_AGO = date(2026, 1, 1)


def test_dn_46_undone_everything_is_as_before(world: World, reseller: Tenant, acme: Row, mail: Row) -> None:
    world.subscription(acme, mail)
    world.transfer_subscriptions(to=reseller)
    live = activation(world, reseller)
    world.undo(live)
    ignored = {"version", "handover", "handover_record", "history_line", "audit_line", "tenant_reseller", "message"}

    def seen() -> dict[str, Any]:
        found = everything(world, world.distributor(), reseller)
        return {
            table: [{name: value for name, value in row.items() if name not in ignored} for row in rows]
            for table, rows in found.items()
            if table not in ignored | {"counter"}
        }

    before = seen()
    world.go_live(reseller)
    assert seen() != before
    assert world.undo(activation(world, reseller)).status == "undone"

    assert seen() == before
    assert (state(world, reseller), tenant_row(world, reseller).live_at) == ("accounts_transferred", None)
    assert reseller.account_id
    assert history(world, world.distributor(), reseller.account_id)[-1].sentence == (
        "Going live was undone: back ordering is disabled"
    )


def test_dn_46_one_without_customers_goes_back_to_set_up(world: World, reseller: Tenant) -> None:
    world.go_live(reseller)

    assert world.undo(activation(world, reseller)).status == "undone"

    assert (state(world, reseller), world.is_live(reseller)) == ("set_up", False)


def test_dn_46_it_is_undone_as_a_whole(world: World, reseller: Tenant, acme: Row) -> None:
    world.go_live(reseller)

    with pytest.raises(Conflict) as conflict:
        world.undo(activation(world, reseller), acme)

    assert conflict.value.code == "only-whole"


def _wait_on_the_way_up(world: World, reseller: Tenant, acme: Row, _: Row) -> None:
    with world.web.work(reseller.id) as work:
        jobs.tell(work.connection, reseller.id, "subscription", acme.id, account_id=acme.id)


def _set_aside(world: World, reseller: Tenant, acme: Row, mail: Row) -> None:
    _wait_on_the_way_up(world, reseller, acme, mail)
    with world.worker.channel(reseller.id, [reseller.id]) as work:
        jobs.set_aside(work.connection, jobs.claim(work.connection, reseller.id, 10), "test")


def _come_up(world: World, reseller: Tenant, acme: Row, mail: Row) -> None:
    world.subscription(acme, mail, standing="mirrored", managed_by=reseller.id)


def _raise_a_back_order(world: World, reseller: Tenant, acme: Row, _: Row) -> None:
    world.order(acme, standing="back_order", managed_by=reseller.id)


def _change_below(world: World, reseller: Tenant, acme: Row, mail: Row) -> None:
    [copy] = world.rows(reseller, "subscription", account_id=acme.id, product_id=mail.id)
    world.insert(
        reseller,
        "subscription_change",
        subscription_id=copy.id,
        account_id=acme.id,
        number=1,
        kind="quantity",
        effective_on=LONG_AGO,
        after={"quantity": 2},
        done_at=datetime.now(UTC),
    )


def _charge_below(world: World, reseller: Tenant, acme: Row, mail: Row) -> None:
    world.insert(
        reseller,
        "charge",
        account_id=acme.id,
        bill_to_id=acme.id,
        product_id=mail.id,
        kind="cycle",
        quantity=1,
        unit_price=1,
        amount=1,
        currency="EUR",
        due_on=LONG_AGO,
    )


@pytest.mark.parametrize(
    ("happens", "code"),
    [
        (_wait_on_the_way_up, "messages-waiting"),
        (_set_aside, "messages-waiting"),
        (_come_up, "mirrored-since"),
        (_raise_a_back_order, "mirrored-since"),
        (_change_below, "changed-since"),
        (_charge_below, "charged-since"),
    ],
)
def test_dn_46_what_was_mirrored_up_since_stands_in_the_way(
    world: World, reseller: Tenant, acme: Row, mail: Row, happens: Any, code: str
) -> None:
    """Refused with what it is; without it, from the same set-up, nothing stands in the way."""
    world.subscription(acme, mail)
    world.transfer_subscriptions(to=reseller)
    live = activation(world, reseller)
    assert obstacles(world, live) == {}
    happens(world, reseller, acme, mail)

    assert set(obstacles(world, live)) == {code}
    with pytest.raises(Refused) as refused:
        world.undo(live)
    assert refused.value.verdict.rule == "DN-46"
    assert world.is_live(reseller)


def test_dn_46_business_with_his_own_products_stands_in_nobodys_way(world: World, reseller: Tenant, acme: Row) -> None:
    world.go_live(reseller)
    own = world.product(reseller)
    sold = world.subscription(acme, own, reseller, bill_to_id=acme.id)
    _change_below(world, reseller, acme, own)
    _charge_below(world, reseller, acme, own)
    with world.web.work(reseller.id) as work:
        jobs.tell(work.connection, reseller.id, "account", acme.id)
        assert work.connection.scalar(sa.select(sa.func.count()).select_from(message.message))

    assert obstacles(world, activation(world, reseller)) == {}
    assert world.row(reseller, "subscription", sold.id)


def test_dn_46_what_comes_between_asking_and_undoing_stops_it_too(
    world: World, reseller: Tenant, acme: Row, mail: Row
) -> None:
    from tenantry.channel.handovers import actions, reversal  # noqa: PLC0415 - only here by hand

    world.subscription(acme, mail)
    world.transfer_subscriptions(to=reseller)
    live, home = activation(world, reseller), world.distributor()
    with world.web.work(home.id, world.admin(home)) as work:
        actions.reverse(work, live.id)
    _charge_below(world, reseller, acme, mail)
    reversal.run(world.worker, home.id, live.id)

    assert again(world, live).status == "completed_with_failures"
    assert outcomes(world, live) == {acme.id: ("kept", "charged-since")}
    assert (world.is_live(reseller), state(world, reseller)) == (True, "live")
    assert standings(world, home, "account", acme) == [("mirrored", reseller.id)]
