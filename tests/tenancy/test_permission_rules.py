"""Permission rules and API options: who sees a record, and who gets one that nobody chose for (TEN-21, TEN-22)."""

from collections.abc import Callable
from uuid import UUID

import pytest
from tests.tenancy.conftest import Person
from tests.world import Tenant, World

from tenantry.kernel.actor import SYSTEM, Actor
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Forbidden, Invalid, NotFound, Refused, Stale
from tenantry.schema import tenant as t
from tenantry.tenancy import api_options, groups, permission_rules, queries
from tenantry.tenancy.permission_rules import Grant, RuleView

Acting = Callable[[Tenant, UUID], Actor]
USERS = "users:view users:edit accounts:view"


def rule_of(world: World, at: Tenant, rule_id: UUID) -> RuleView:
    with world.web.work(at.id) as work:
        return next(rule for rule in permission_rules.permission_rules(work) if rule.id == rule_id)


def test_ten_21_a_rule_names_users_groups_or_everyone(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    maria, nikos = person(here), person(here)

    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        team = groups.create(work, "Team", [nikos.id])
        grants = (Grant("full", user_id=maria.id), Grant("read", group_id=team))
        rule = permission_rules.create(work, "South", grants)
        assert rule in {choice.id for choice in queries.rules(work)}

    assert rule_of(world, here, rule).grants == grants
    assert rule in (acting(here, maria.id).owned or ())
    assert rule in (acting(here, nikos.id).readable or ())
    assert rule not in (acting(here, nikos.id).editable or ())
    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        permission_rules.edit(work, rule, {"grants": [Grant("edit")], "name": "Whole South"})
    assert rule in (acting(here, nikos.id).editable or ())
    assert rule not in (acting(here, maria.id).owned or ())
    [line] = world.rows(here, t.audit_line, act="permission_rules.edit")
    assert set(line.details["changes"]) == {"name", "grants"}


def test_ten_21_a_newer_default_unchecks_the_older_one(world: World, acting: Acting) -> None:
    here = world.distributor()
    assert "account" in rule_of(world, here, here.rule_id).default_for

    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        newer = permission_rules.create(work, "Newer", [Grant("full")], default_for=["account", "order"])
        assert api_options.defaults_for_person(work, "account") == (here.admin_id, newer)
        assert api_options.defaults_for_person(work, "contact") == (here.admin_id, here.rule_id)
        with pytest.raises(Invalid, match="default_for"):
            permission_rules.make_default(work, newer, ["planet"])

    assert rule_of(world, here, newer).default_for == ("account", "order")
    assert not {"account", "order"} & set(rule_of(world, here, here.rule_id).default_for)
    assert len(world.rows(here, t.permission_default, entity="account")) == 1


def test_ten_21_nobody_opens_records_to_himself(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    maria = person(here, USERS)
    secret = world.insert(here, t.permission_rule, name="Secret")
    hers = world.insert(here, t.permission_rule, name="Hers")
    for rule, access in ((secret, "edit"), (hers, "full")):
        world.insert(here, t.permission_grant, rule_id=rule.id, user_id=maria.id, access=access)
    open_to_all = {"grants": [Grant("full")]}

    with world.web.work(here.id, acting(here, maria.id)) as work:
        permission_rules.edit(work, hers.id, open_to_all)
        with pytest.raises(Forbidden):
            permission_rules.edit(work, secret.id, open_to_all)
        with pytest.raises(Forbidden):
            permission_rules.delete(work, secret.id)

    assert secret.id not in (acting(here, maria.id).owned or ())


def test_ten_21_a_rule_in_use_stays(world: World, acting: Acting) -> None:
    here = world.distributor()
    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        used, chosen, free = (permission_rules.create(work, name, []) for name in ("Used", "Chosen", "Free"))
        api_options.edit(work, "order", {"permission_rule_id": chosen})
    world.account(permission_rule_id=used)

    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        permission_rules.delete(work, free)
        with pytest.raises(Refused, match="account"):
            permission_rules.delete(work, used)
        with pytest.raises(Refused, match="api option"):
            permission_rules.delete(work, chosen)
        with pytest.raises(Refused):
            permission_rules.delete(work, here.rule_id)

    assert world.row(here, t.permission_rule, free) is None


def test_ten_21_the_common_rule_stays_even_when_nothing_uses_it(world: World, acting: Acting) -> None:
    here = world.tenant()

    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        other = permission_rules.create(work, "Other", [Grant("full")], default_for=permission_rules.ENTITIES)
        with pytest.raises(Refused, match="common rule"):
            permission_rules.delete(work, here.rule_id)

    assert rule_of(world, here, other).default_for == tuple(sorted(permission_rules.ENTITIES))


def test_ten_02_another_tenants_rules_are_none_here(world: World, person: Person, acting: Acting) -> None:
    here, there = world.distributor(), world.tenant()
    stranger = person(there)

    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        attempts: list[Callable[[], object]] = [
            lambda: permission_rules.edit(work, there.rule_id, {"name": "Mine"}),
            lambda: permission_rules.make_default(work, there.rule_id, ["account"]),
            lambda: permission_rules.delete(work, there.rule_id),
        ]
        for attempt in attempts:
            with pytest.raises(NotFound):
                attempt()
        with pytest.raises(Invalid, match="grants"):
            permission_rules.create(work, "Mixed", [Grant("read", user_id=stranger.id)])
        for field, id in (("permission_rule_id", there.rule_id), ("responsible_user_id", stranger.id)):
            with pytest.raises(Invalid, match=field):
                api_options.edit(work, "account", {field: id})


def test_ten_21_without_the_permission_rules_stay(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    maria = person(here, "users:view")

    with world.web.work(here.id, acting(here, maria.id)) as work:
        assert permission_rules.permission_rules(work)
        with pytest.raises(Forbidden):
            permission_rules.create(work, "Mine", [])
        with pytest.raises(Forbidden):
            permission_rules.edit(work, here.rule_id, {"name": "Mine"})
        with pytest.raises(Forbidden):
            permission_rules.make_default(work, here.rule_id, ["account"])
        with pytest.raises(Forbidden):
            permission_rules.delete(work, here.rule_id)


def test_ten_22_options_fall_back_to_the_accounts_then_to_admin_and_default_rule(
    world: World, person: Person, acting: Acting
) -> None:
    here = world.distributor()
    maria, nikos = person(here), person(here)
    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        rule, default = (permission_rules.create(work, name, []) for name in ("For orders", "Default"))
        permission_rules.make_default(work, default, ["subscription"])

        def applied() -> list[tuple[UUID, UUID]]:
            return [api_options.defaults_for(work, entity) for entity in ("account", "order", "subscription")]

        nothing_chosen = applied()
        api_options.edit(work, "account", {"responsible_user_id": maria.id})
        account_chosen = applied()
        api_options.edit(work, "order", {"responsible_user_id": nikos.id, "permission_rule_id": rule})
        order_chosen = applied()
        api_options.edit(work, "order", {"responsible_user_id": None})
        order_half_chosen = applied()

    admin, common = here.admin_id, here.rule_id
    assert nothing_chosen == [(admin, common), (admin, common), (admin, default)]
    assert account_chosen == [(maria.id, common), (maria.id, common), (maria.id, default)]
    assert order_chosen == [(maria.id, common), (nikos.id, rule), (maria.id, default)]
    assert order_half_chosen == [(maria.id, common), (maria.id, rule), (maria.id, default)]


def test_ten_22_options_say_what_was_chosen_and_what_applies(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    maria = person(here, "setup:view")

    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        api_options.edit(work, "account", {"responsible_user_id": maria.id}, version=0)
        with pytest.raises(Stale):
            api_options.edit(work, "account", {"responsible_user_id": None}, version=0)
        with pytest.raises(NotFound):
            api_options.edit(work, "planet", {})
    with world.web.work(here.id, acting(here, maria.id)) as work:
        shown = {option.entity: option for option in api_options.api_options(work)}
        with pytest.raises(Forbidden):
            api_options.edit(work, "account", {"responsible_user_id": None})

    assert tuple(shown) == api_options.ENTITIES
    assert (shown["account"].responsible_user_id, shown["account"].version) == (maria.id, 1)
    assert (shown["order"].responsible_user_id, shown["order"].applied_user_id) == (None, maria.id)
    [line] = world.rows(here, t.audit_line, act="api_options.edit")
    assert line.details["changes"] == {"responsible_user_id": {"before": None, "after": str(maria.id)}}


def test_ten_22_a_person_becomes_responsible_for_what_he_makes(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    maria, nikos = person(here, "accounts:edit"), person(here)
    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        api_options.edit(work, "account", {"responsible_user_id": nikos.id})

    with world.web.work(here.id, acting(here, maria.id)) as work:
        assert api_options.defaults_for_person(work, "account") == (maria.id, here.rule_id)
        assert api_options.defaults_for_person(work, "activity") == (maria.id, here.rule_id)
    with world.web.work(here.id, SYSTEM) as work:
        assert api_options.defaults_for_person(work, "account") == (nikos.id, here.rule_id)
    with world.web.work(new_id()) as work, pytest.raises(NotFound):
        api_options.defaults_for(work, "account")
