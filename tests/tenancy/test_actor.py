"""Who a user is: permissions from roles, and the permission rules that open records (TEN-20, TEN-21)."""

from collections.abc import Callable
from uuid import UUID

import pytest
import sqlalchemy as sa
from tests.tenancy.conftest import Person
from tests.world import Row, Tenant, World

from tenantry.kernel.actor import Actor
from tenantry.kernel.problems import Forbidden, NotSignedIn
from tenantry.schema import tenant as t
from tenantry.tenancy.actor import actor_of, covers
from tenantry.tenancy.permissions import PERMISSIONS, require

Acting = Callable[[Tenant, UUID], Actor]


def test_ten_20_permissions_come_from_all_his_roles(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    maria = person(here, "accounts:view accounts:edit")
    other = world.insert(here, t.role, name="Other", permissions=["orders:view"])
    world.insert(here, t.user_role, user_id=maria.id, role_id=other.id)

    assert acting(here, maria.id).permissions == {"accounts:view", "accounts:edit", "orders:view"}
    assert acting(here, here.admin_id).permissions == {"*"}
    assert acting(here, person(here).id).permissions == frozenset()


def test_ten_20_a_permission_is_required_or_refused_with_its_name(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    maria = person(here, "accounts:view")

    with world.web.work(here.id, acting(here, maria.id)) as work:
        require(work, "accounts:view")
        with pytest.raises(Forbidden, match="accounts:edit") as refused:
            require(work, "accounts:edit")
        with pytest.raises(ValueError, match="no permission"):
            require(work, "accounts:edti")
    assert refused.value.rule == "TEN-20"
    assert "accounts:edit" in refused.value.remedy


def test_ten_20_every_permission_is_a_sentence_and_founding_knows_them_all(world: World) -> None:
    here = world.distributor()

    granted = {word for role in world.rows(here, t.role) for word in role.permissions} - {"*"}

    assert granted <= set(PERMISSIONS)
    assert all(sentence.endswith(".") for sentence in PERMISSIONS.values())


def test_ten_20_a_blocked_user_is_nobody(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    maria = person(here, "accounts:view")
    assert acting(here, maria.id).id == maria.id

    world.update(here, t.tenant_user, maria.id, status="blocked")

    with pytest.raises(NotSignedIn):
        acting(here, maria.id)


def test_ten_20_another_tenants_user_is_nobody_here(world: World, acting: Acting) -> None:
    here, there = world.distributor(), world.tenant()

    with pytest.raises(NotSignedIn):
        acting(here, there.admin_id)


def rule(world: World, at: Tenant, access: str, **whom: UUID) -> UUID:
    made = world.insert(
        at, t.permission_rule, name=f"{access} for {sorted(whom)} {len(world.rows(at, t.permission_rule))}"
    )
    world.insert(at, t.permission_grant, rule_id=made.id, access=access, **whom)
    return made.id


def group(world: World, at: Tenant, *members: Row) -> UUID:
    made = world.insert(at, t.user_group, name=f"Group {len(world.rows(at, t.user_group))}")
    for member in members:
        world.insert(at, t.user_group_member, group_id=made.id, user_id=member.id)
    return made.id


def test_ten_21_a_rule_names_him_his_group_or_everyone(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    maria, nikos = person(here, "accounts:view"), person(here, "accounts:view")
    to_maria = rule(world, here, "read", user_id=maria.id)
    to_her_group = rule(world, here, "edit", group_id=group(world, here, maria))
    to_his_group = rule(world, here, "full", group_id=group(world, here, nikos))

    her, him = acting(here, maria.id), acting(here, nikos.id)

    # The common rule of the founding gives everyone everything.
    assert her.readable == frozenset({here.rule_id, to_maria, to_her_group})
    assert her.editable == frozenset({here.rule_id, to_her_group})
    assert her.owned == frozenset({here.rule_id})
    assert him.readable == him.editable == him.owned == frozenset({here.rule_id, to_his_group})


def test_ten_21_an_administrator_has_every_rule(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    rule(world, here, "read", user_id=person(here).id)

    admin = acting(here, here.admin_id)

    assert admin.readable is admin.editable is admin.owned is None


def test_an_actor_is_one_statement_whatever_he_holds(world: World, person: Person) -> None:
    here = world.distributor()
    maria = person(here, "accounts:view")
    for access in ("read", "edit", "full") * 5:
        rule(world, here, access, group_id=group(world, here, maria))

    with world.web.work(here.id) as work:
        said: list[str] = []
        sa.event.listen(work.connection, "before_cursor_execute", lambda *args: said.append(args[2]))
        assert len(actor_of(work.connection, here.id, maria.id).readable or ()) == 16

    assert len(said) == 1


def test_one_covers_another_only_with_all_of_his_rights() -> None:
    one, two = UUID(int=1), UUID(int=2)
    reader = Actor(one, "Reader", frozenset({"accounts:view"}), frozenset({one}))
    editor = Actor(
        two, "Editor", frozenset({"accounts:view", "accounts:edit"}), frozenset({one, two}), frozenset({two})
    )
    admin = Actor(None, "Admin", frozenset({"*"}), None, None, None)

    assert covers(editor, reader)
    assert covers(admin, editor)
    assert not covers(reader, editor)
    assert not covers(editor, admin)
    assert not covers(Actor(one, "All words, no records", editor.permissions, frozenset({one})), editor)
