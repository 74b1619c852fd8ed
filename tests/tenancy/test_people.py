"""Users, roles and groups: what an administrator does, and what nobody can do to rise above himself (TEN-20)."""

from collections.abc import Callable
from threading import Barrier, Thread
from uuid import UUID

import pytest
from tests.tenancy.conftest import PASSWORD, Person
from tests.world import Tenant, World

from tenantry.kernel.actor import Actor
from tenantry.kernel.problems import Forbidden, Invalid, NotFound, NotSignedIn, Problem, Refused, Stale
from tenantry.schema import tenant as t
from tenantry.tenancy import groups, invitations, passwords, queries, roles, sessions, sign_in, user_views, users
from tenantry.tenancy.sign_in import SignedIn
from tenantry.tenancy.users import NewUser

Acting = Callable[[Tenant, UUID], Actor]
USERS = "users:view users:edit accounts:view"


def administrator_role(world: World, at: Tenant) -> UUID:
    return world.rows(at, t.role, name="Administrator")[0].id


def test_ten_20_an_administrator_makes_a_user_who_sets_his_password_by_invitation(world: World, acting: Acting) -> None:
    here = world.distributor()
    admin = acting(here, here.admin_id)
    email = f"Nikos@{here.code}.example"

    with world.web.work(here.id, admin) as work:
        reader = next(role.id for role in roles.roles(work) if role.name == "Reader")
        nikos = users.create(work, NewUser(email, " Nikos ", role_ids=[reader]))
        link = users.invite(work, nikos)

    assert invitations.invited(world.web, link.secret).name == "Nikos"
    with pytest.raises(Invalid, match="12"):
        invitations.accept(world.web, link.secret, "short")
    invitations.accept(world.web, link.secret, PASSWORD)
    answer = sign_in.sign_in(world.web, email, PASSWORD, address=here.code)
    assert isinstance(answer, SignedIn)
    assert acting(here, nikos).may("accounts:view")
    with world.web.work(here.id, admin) as work:
        view = user_views.user(work, nikos)
        assert nikos in {choice.id for choice in queries.people(work)}
    assert (view.email, view.name, view.has_password) == (email.lower(), "Nikos", True)
    assert [role.name for role in view.roles] == ["Reader"]
    acts = [line.act for line in world.rows(here, t.audit_line, subject_id=nikos)]
    assert acts == ["users.create", "users.invite", "users.set_password", "sessions.start"]


def test_sec_03_a_link_works_once_and_for_three_days_and_only_the_last_one(world: World, acting: Acting) -> None:
    here = world.distributor()
    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        nikos = users.create(work, NewUser(f"nikos@{here.code}.example", "Nikos"))
        first, second = users.invite(work, nikos), users.invite(work, nikos)

    with pytest.raises(Problem, match="used already"):
        invitations.accept(world.web, first.secret, PASSWORD)
    invitations.accept(world.web, second.secret, PASSWORD)
    for spent in (second.secret, "", "nonsense"):
        with pytest.raises(Problem, match="used already") as refused:
            invitations.accept(world.web, spent, PASSWORD)
        assert refused.value.code == "link-ended"


def test_sec_03_a_reset_ends_sessions_and_the_old_password(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    maria = person(here)
    answer = sign_in.sign_in(world.web, maria.email, PASSWORD, address=here.code)
    assert isinstance(answer, SignedIn)

    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        link = users.reset_password(work, maria.id)

    with pytest.raises(NotSignedIn):
        sessions.session_of(world.web, answer.cookie)
    with pytest.raises(NotSignedIn):
        sign_in.sign_in(world.web, maria.email, PASSWORD, address=here.code)
    invitations.accept(world.web, link.secret, "another long password")
    assert isinstance(sign_in.sign_in(world.web, maria.email, "another long password", address=here.code), SignedIn)


def test_ten_20_nobody_gives_a_permission_he_lacks(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    maria, nikos = person(here, USERS), person(here)
    her = acting(here, maria.id)
    admins = administrator_role(world, here)

    def role_of(work: object, *words: str) -> UUID:
        return roles.create(work, f"{words} {len(world.rows(here, t.role))}", words)

    with world.web.work(here.id, her) as work:
        own = role_of(work, "accounts:view")
        users.edit(work, nikos.id, {"role_ids": [own]})
        for words in (["accounts:edit"], ["*"]):
            with pytest.raises(Forbidden):
                role_of(work, *words)
            with pytest.raises(Forbidden):
                roles.edit(work, own, {"permissions": words})
        attempts: tuple[Callable[[], object], ...] = (
            lambda: users.edit(work, maria.id, {"role_ids": [admins]}),
            lambda: users.edit(work, nikos.id, {"role_ids": [own, admins]}),
            lambda: users.create(work, NewUser(f"x@{here.code}.example", "X", role_ids=[admins])),
            lambda: roles.edit(work, admins, {"name": "Mine"}),
            lambda: roles.delete(work, admins),
        )
        for attempt in attempts:
            with pytest.raises(Forbidden):
                attempt()

    assert acting(here, nikos.id).permissions == {"accounts:view"}
    assert acting(here, maria.id).permissions == frozenset(USERS.split())
    assert not world.rows(here, t.tenant_user, name="X")


def test_ten_20_nobody_takes_over_one_who_may_more(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    maria, nikos, boss = person(here, USERS), person(here, "accounts:view"), person(here, "accounts:edit")
    her = acting(here, maria.id)

    with world.web.work(here.id, her) as work:
        users.edit(work, nikos.id, {"email": f"nikos@{here.code}.example"})
        users.reset_password(work, nikos.id)
        for him in (boss.id, here.admin_id):
            with pytest.raises(Forbidden):
                users.edit(work, him, {"email": f"mine@{here.code}.example"})
            for act in (users.reset_password, users.invite, users.block, users.reset_second_factor):
                with pytest.raises(Refused, match="more than you"):
                    act(work, him)
            assert not any(user_views.user(work, him).actions.values())


def test_ten_21_nobody_takes_over_one_who_sees_more(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    maria, nikos = person(here, USERS), person(here, "accounts:view")
    secret = world.insert(here, t.permission_rule, name="Secret")
    her = acting(here, maria.id)
    with world.web.work(here.id, her) as work:
        users.reset_password(work, nikos.id)

    world.insert(here, t.permission_grant, rule_id=secret.id, user_id=nikos.id, access="read")

    with world.web.work(here.id, her) as work, pytest.raises(Forbidden):
        users.edit(work, nikos.id, {"email": f"mine@{here.code}.example"})


def test_ten_21_nobody_joins_a_group_that_sees_more(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    maria = person(here, USERS)
    her = acting(here, maria.id)
    secret = world.insert(here, t.permission_rule, name="Secret")
    with world.web.work(here.id, her) as work:
        plain = groups.create(work, "Plain", [maria.id])
        opening = groups.create(work, "Opening")
    world.insert(here, t.permission_grant, rule_id=secret.id, group_id=opening, access="read")

    with world.web.work(here.id, her) as work:
        groups.edit(work, plain, {"user_ids": []})
        with pytest.raises(Forbidden):
            groups.edit(work, opening, {"user_ids": [maria.id]})
        with pytest.raises(Forbidden):
            users.edit(work, maria.id, {"group_ids": [opening]})

    assert secret.id not in (acting(here, maria.id).readable or ())
    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        groups.edit(work, opening, {"user_ids": [maria.id]})
        [view] = [group for group in groups.groups(work) if group.id == opening]
    assert [member.id for member in view.members] == [maria.id]
    assert secret.id in (acting(here, maria.id).readable or ())


def test_ten_20_nobody_blocks_himself(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    person(here, "*")
    admin = acting(here, here.admin_id)

    with world.web.work(here.id, admin) as work:
        with pytest.raises(Refused, match="yourself"):
            users.block(work, here.admin_id)
        assert not user_views.user(work, here.admin_id).actions["block"]
        users.block(work, nikos := person(here).id)
    with pytest.raises(NotSignedIn):
        acting(here, nikos)
    with world.web.work(here.id, admin) as work:
        with pytest.raises(Refused, match="blocked"):
            users.block(work, nikos)
        users.unblock(work, nikos)
    assert acting(here, nikos).id == nikos


def test_ten_20_the_last_administrator_stays(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    admins = administrator_role(world, here)
    other = person(here, "*")
    admin, second = acting(here, here.admin_id), acting(here, other.id)

    with world.web.work(here.id, second) as work:
        users.block(work, here.admin_id)
        users.unblock(work, here.admin_id)
    with world.web.work(here.id, admin) as work:
        users.block(work, other.id)
        attempts: tuple[Callable[[], object], ...] = (
            lambda: users.edit(work, here.admin_id, {"role_ids": []}),
            lambda: roles.edit(work, admins, {"permissions": ["accounts:view"]}),
        )
        for attempt in attempts:
            with pytest.raises(Refused, match="Nobody could administer"):
                attempt()
    with world.web.work(here.id) as work, pytest.raises(Refused, match="Nobody could administer"):
        users.block(work, here.admin_id)

    assert acting(here, here.admin_id).permissions == {"*"}


def test_ten_20_two_administrators_at_once_do_not_remove_each_other(
    world: World, person: Person, acting: Acting
) -> None:
    here = world.distributor()
    other = person(here, "*")
    together, refused = Barrier(2), []

    def block(actor: Actor, whom: UUID) -> None:
        with world.web.work(here.id, actor) as work:
            together.wait()
            try:
                users.block(work, whom)
            except Refused as problem:
                refused.append(problem)

    pairs = [(acting(here, here.admin_id), other.id), (acting(here, other.id), here.admin_id)]
    threads = [Thread(target=block, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    assert len(world.rows(here, t.tenant_user, status="active")) == 1


def test_ten_02_another_tenants_people_are_nobody_here(world: World, person: Person, acting: Acting) -> None:
    here, there = world.distributor(), world.tenant()
    theirs = person(there, "accounts:view")
    their_group = world.insert(there, t.user_group, name="Theirs")

    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        for act in (users.block, users.unblock, users.invite, users.reset_password, user_views.user, roles.delete):
            with pytest.raises(NotFound):
                act(work, theirs.id)
        attempts: list[Callable[[], object]] = [
            lambda: users.edit(work, theirs.id, {"name": "Mine"}),
            lambda: roles.edit(work, theirs.role_id, {"name": "Mine"}),
            lambda: groups.edit(work, their_group.id, {"name": "Mine"}),
            lambda: groups.delete(work, their_group.id),
        ]
        for change in attempts:
            with pytest.raises(NotFound):
                change()
        for field, ids in (("role_ids", [theirs.role_id]), ("group_ids", [their_group.id])):
            with pytest.raises(Invalid, match=field):
                users.edit(work, here.admin_id, {field: ids})
        with pytest.raises(Invalid, match="user_ids"):
            groups.create(work, "Mixed", [theirs.id])
        assert theirs.id not in {view.id for view in user_views.users(work)}

    assert world.row(there, t.tenant_user, theirs.id) is not None


def test_ten_20_without_the_permission_nothing_of_it_can_be_done(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    maria = person(here, "accounts:view")

    with world.web.work(here.id, acting(here, maria.id)) as work:
        attempts: tuple[Callable[[], object], ...] = (
            lambda: users.create(work, NewUser("x@people.example", "X")),
            lambda: users.edit(work, maria.id, {"name": "X"}),
            lambda: users.block(work, maria.id),
            lambda: users.unblock(work, maria.id),
            lambda: users.invite(work, maria.id),
            lambda: users.reset_password(work, maria.id),
            lambda: users.reset_second_factor(work, maria.id),
            lambda: user_views.users(work),
            lambda: user_views.user(work, maria.id),
            lambda: roles.roles(work),
            lambda: roles.create(work, "X", ["accounts:view"]),
            lambda: roles.edit(work, maria.role_id, {"name": "X"}),
            lambda: roles.delete(work, maria.role_id),
            lambda: groups.groups(work),
            lambda: groups.create(work, "X"),
            lambda: groups.edit(work, maria.id, {}),
            lambda: groups.delete(work, maria.id),
        )
        for attempt in attempts:
            with pytest.raises(Forbidden) as refused:
                attempt()
            assert refused.value.rule == "TEN-20"
        # His own name and looks are his own business; his roles are not.
        users.edit_profile(work, {"name": "Maria K.", "theme": "dark"})
        with pytest.raises(Invalid, match="role_ids"):
            users.edit_profile(work, {"role_ids": []})
        assert (user_views.profile(work).name, user_views.profile(work).theme) == ("Maria K.", "dark")


def test_ten_20_an_e_mail_is_one_users_in_a_tenant_and_follows_him(
    world: World, person: Person, acting: Acting
) -> None:
    here = world.distributor()
    maria, nikos = person(here), person(here)
    moved = f"moved@{here.code}.example"

    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        with pytest.raises(Invalid, match="email"):
            users.edit(work, maria.id, {"email": nikos.email.upper()})
        with pytest.raises(Invalid, match="email"):
            users.create(work, NewUser(nikos.email, "Nikos"))
        users.edit(work, maria.id, {"email": moved})

    assert isinstance(sign_in.sign_in(world.web, moved, PASSWORD, address=here.code), SignedIn)
    with pytest.raises(NotSignedIn):
        sign_in.sign_in(world.web, maria.email, PASSWORD, address=here.code)


def test_ten_20_what_makes_no_sense_is_named_field_by_field(world: World, acting: Acting) -> None:
    here = world.distributor()
    senseless = {
        "name": "x" * 5_000_000,
        "email": "not an e-mail",
        "theme": "pink",
        "language": "klingon",
        "status": "blocked",
    }

    with world.web.work(here.id, acting(here, here.admin_id)) as work, pytest.raises(Invalid) as refused:
        users.edit(work, here.admin_id, senseless)

    assert {fault.field for fault in refused.value.faults} == set(senseless)
    assert all(fault.remedy for fault in refused.value.faults)
    assert len(str(refused.value)) < 2_000


def test_api_06_a_stale_edit_changes_nothing(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    maria = person(here, password="")

    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        users.edit(work, maria.id, {"name": "One"}, version=1)
        with pytest.raises(Stale):
            users.edit(work, maria.id, {"name": "Two"}, version=1)
        assert user_views.user(work, maria.id).name == "One"


def test_sec_06_an_edit_is_logged_field_by_field_without_secrets(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    maria = person(here, "accounts:view")

    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        users.edit(work, maria.id, {"name": "Maria K.", "role_ids": []})

    [line] = world.rows(here, t.audit_line, act="users.edit")
    assert line.details["changes"] == {
        "name": {"before": "Maria", "after": "Maria K."},
        "role_ids": {"before": [str(maria.role_id)], "after": []},
    }
    assert line.actor_id == here.admin_id


def test_ten_20_a_role_in_use_stays(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    maria = person(here, "accounts:view")

    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        with pytest.raises(Refused, match="in use"):
            roles.delete(work, maria.role_id)
        users.edit(work, maria.id, {"role_ids": []})
        roles.delete(work, maria.role_id)
        with pytest.raises(Invalid, match="permissions"):
            roles.create(work, "Odd", ["accounts:fly"])
        with pytest.raises(Invalid, match="name"):
            roles.create(work, "Reader", ["accounts:view"])

    assert world.row(here, t.role, maria.role_id) is None


def test_passwords_of_others_are_not_read_anywhere(world: World, acting: Acting) -> None:
    here = world.distributor()
    with world.web.work(here.id) as work:
        passwords.set_password(work, here.admin_id, PASSWORD)

    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        assert "argon2" not in str(user_views.users(work))
