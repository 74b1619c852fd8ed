"""Order types: one default, deleted only when unused (ORD-02)."""

from collections.abc import Callable

import pytest

from tenantry.kernel.actor import Actor
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Forbidden, Invalid, NotFound, Refused, Stale
from tenantry.sales import order_types
from tenantry.schema import sales, tenant as t
from tests.world import World


def test_ord_02_a_newer_default_unchecks_the_older_one(world: World) -> None:
    here = world.tenant()

    with world.web.work(here.id, world.admin(here)) as work:
        project = order_types.create(work, " Project ")
        before = [(kind.name, kind.is_default) for kind in order_types.order_types(work)]
        order_types.make_default(work, project)
        after = [(kind.name, kind.is_default) for kind in order_types.order_types(work)]

    assert before == [("Standard", True), ("Project", False)]
    assert after == [("Project", True), ("Standard", False)]
    assert [line.act for line in world.rows(here, t.audit_line)] == ["order_types.create", "order_types.make_default"]


def test_ord_02_a_name_is_one_types_and_a_stale_edit_changes_nothing(world: World) -> None:
    here = world.tenant()

    with world.web.work(here.id, world.admin(here)) as work:
        project = order_types.create(work, "Project")
        order_types.edit(work, project, {"name": "Projects"}, version=1)
        with pytest.raises(Stale):
            order_types.edit(work, project, {"name": "Late"}, version=1)
        for name in ("Standard", " ", "x" * 5_000_000):
            with pytest.raises(Invalid, match="name"):
                order_types.edit(work, project, {"name": name})
            with pytest.raises(Invalid, match="name"):
                order_types.create(work, name)
        assert [kind.name for kind in order_types.order_types(work)] == ["Standard", "Projects"]


def test_ord_02_one_in_use_stays_and_so_does_the_default(world: World) -> None:
    here = world.tenant()
    with world.web.work(here.id, world.admin(here)) as work:
        used, free = order_types.create(work, "Used"), order_types.create(work, "Free")
    world.order(world.account(at=here), at=here, order_type_id=used)

    with world.web.work(here.id, world.admin(here)) as work:
        default = order_types.order_types(work)[0].id
        order_types.delete(work, free)
        with pytest.raises(Refused, match="order"):
            order_types.delete(work, used)
        with pytest.raises(Refused, match="default"):
            order_types.delete(work, default)

    assert {kind.id for kind in world.rows(here, sales.order_type)} == {default, used}


def test_ord_02_only_who_may_edit_the_setup_changes_them_and_only_his_own(world: World) -> None:
    here, there = world.tenant(), world.tenant()
    with world.web.work(here.id, world.admin(here)) as work:
        mine = order_types.create(work, "Mine")

    for at, actor, refusal in (
        (here, Actor(new_id(), "Maria", frozenset({"setup:view"})), Forbidden),
        (there, world.admin(there), NotFound),
    ):
        with world.web.work(at.id, actor) as work:
            attempts: list[Callable[[], object]] = [
                lambda: order_types.edit(work, mine, {"name": "Yours"}),
                lambda: order_types.make_default(work, mine),
                lambda: order_types.delete(work, mine),
            ]
            for attempt in attempts:
                with pytest.raises(refusal):
                    attempt()
