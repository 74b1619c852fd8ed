"""Order statuses: what a tenant calls where an order stands; one default for each (ORD-02)."""

from collections.abc import Callable

import pytest

from tenantry.kernel.actor import Actor
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Forbidden, Invalid, NotFound, Refused, Stale
from tenantry.sales import order_statuses
from tenantry.sales.actions import NewItem
from tenantry.sales.order_statuses import NewOrderStatus
from tenantry.schema import sales, tenant as t
from tests.sales.stories import act, create, priced, view
from tests.world import World


def test_ord_02_every_tenant_begins_with_one_name_for_each_status(world: World) -> None:
    here = world.tenant()

    with world.web.work(here.id, world.admin(here)) as work:
        names = [(one.status, one.name, one.is_default) for one in order_statuses.order_statuses(work)]

    assert names == [
        ("draft", "Draft", True),
        ("submitted", "Submitted", True),
        ("executed", "Executed", True),
        ("cancelled", "Cancelled", True),
    ]


def test_ord_02_an_order_has_the_name_chosen_for_it_until_its_status_changes(world: World) -> None:
    here = world.tenant()
    with world.web.work(here.id, world.admin(here)) as work:
        waiting = order_statuses.create(work, NewOrderStatus("submitted", "Sent to the buyer"))
        asked = order_statuses.create(work, NewOrderStatus("draft", "Asked for"))
        order_statuses.make_default(work, asked)
    id = create(world, here, world.account(here), NewItem(priced(world, here).id, "monthly"))
    assert view(world, here, id).status_name == "Asked for"

    with pytest.raises(Invalid, match="a name of the status submitted"):
        act(world, here, "edit_order", id, {"order_status_id": waiting})
    act(world, here, "submit_order", id)
    assert view(world, here, id).status_name == "Submitted"
    act(world, here, "edit_order", id, {"order_status_id": waiting})
    assert view(world, here, id).status_name == "Sent to the buyer"
    act(world, here, "cancel_order", id)
    assert view(world, here, id).status_name == "Cancelled"
    assert view(world, here, id).order_status is None


def test_ord_02_a_newer_default_unchecks_the_older_one_of_its_status_alone(world: World) -> None:
    here = world.tenant()

    with world.web.work(here.id, world.admin(here)) as work:
        done = order_statuses.create(work, NewOrderStatus("executed", " Delivered "))
        order_statuses.make_default(work, done)
        defaults = [one.name for one in order_statuses.order_statuses(work) if one.is_default]

    assert defaults == ["Draft", "Submitted", "Delivered", "Cancelled"]
    acts = [line.act for line in world.rows(here, t.audit_line)]
    assert acts == ["order_statuses.create", "order_statuses.make_default"]


def test_ord_02_a_status_name_in_use_stays_and_so_does_the_default(world: World) -> None:
    here = world.tenant()
    with world.web.work(here.id, world.admin(here)) as work:
        used, free = (order_statuses.create(work, NewOrderStatus("draft", name)) for name in ("Used", "Free"))
    world.order(world.account(here), at=here, order_status_id=used)

    with world.web.work(here.id, world.admin(here)) as work:
        default = order_statuses.order_statuses(work)[0].id
        order_statuses.delete(work, free)
        with pytest.raises(Refused, match="order"):
            order_statuses.delete(work, used)
        with pytest.raises(Refused, match="default"):
            order_statuses.delete(work, default)

    left = {one.id for one in world.rows(here, sales.order_status)}
    assert {default, used} < left
    assert free not in left


def test_ord_02_a_status_name_is_one_statuss_and_of_a_status_that_there_is(world: World) -> None:
    here = world.tenant()

    with world.web.work(here.id, world.admin(here)) as work:
        paid = order_statuses.create(work, NewOrderStatus("executed", "Paid"))
        order_statuses.edit(work, paid, {"name": "Settled"}, version=1)
        with pytest.raises(Stale):
            order_statuses.edit(work, paid, {"name": "Late"}, version=1)
        for status, name in (("executed", "Draft"), ("executed", " "), ("lost", "Lost"), ("draft", "x" * 5_000_000)):
            with pytest.raises(Invalid):
                order_statuses.create(work, NewOrderStatus(status, name))
        assert [one.name for one in order_statuses.order_statuses(work) if one.status == "executed"] == [
            "Executed",
            "Settled",
        ]


def test_ord_02_only_who_may_edit_the_setup_names_statuses_and_only_his_own(world: World) -> None:
    here, there = world.tenant(), world.tenant()
    with world.web.work(here.id, world.admin(here)) as work:
        mine = order_statuses.create(work, NewOrderStatus("draft", "Mine"))

    for at, actor, refusal in (
        (here, Actor(new_id(), "Maria", frozenset({"setup:view"})), Forbidden),
        (there, world.admin(there), NotFound),
    ):
        with world.web.work(at.id, actor) as work:
            attempts: list[Callable[[], object]] = [
                lambda: order_statuses.edit(work, mine, {"name": "Yours"}),
                lambda: order_statuses.make_default(work, mine),
                lambda: order_statuses.delete(work, mine),
            ]
            for attempt in attempts:
                with pytest.raises(refusal):
                    attempt()
