"""API tokens and OAuth clients (API-03)."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from tests.tenancy.conftest import Person
from tests.world import Tenant, World

from tenantry.kernel import clock
from tenantry.kernel.actor import Actor
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Forbidden, Invalid, NotFound, NotSignedIn
from tenantry.schema import tenant as t
from tenantry.tenancy import oauth, sessions, tokens
from tenantry.tenancy.housekeeping import sweep
from tenantry.tenancy.tokens import MadeToken, NewToken, token_of

Acting = Callable[[Tenant, UUID], Actor]
MINE = "tokens:view tokens:edit accounts:view accounts:edit"


def make(world: World, at: Tenant, actor: Actor, scopes: str = "accounts:view", **given: object) -> MadeToken:
    with world.web.work(at.id, actor) as work:
        return tokens.create(work, NewToken("For the test", scopes.split(), **given))


def test_api_03_a_token_acts_for_its_user_within_its_scopes(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    maria = person(here, MINE)

    made = make(world, here, acting(here, maria.id), "accounts:view")

    signed = token_of(world.web, made.secret)
    assert (signed.kind, signed.tenant_id, signed.user_id, signed.session_id) == ("token", here.id, maria.id, None)
    assert signed.actor.permissions == {"accounts:view"}
    assert signed.actor.name == "Maria (by For the test)"
    assert signed.actor.readable == acting(here, maria.id).readable


def test_api_03_a_scope_adds_nothing_that_the_user_has_lost(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    maria = person(here, MINE)
    made = make(world, here, acting(here, maria.id), "accounts:view accounts:edit")
    everything = make(world, here, acting(here, maria.id), "*")

    world.update(here, t.role, maria.role_id, permissions=["accounts:view"])

    assert token_of(world.web, made.secret).actor.permissions == {"accounts:view"}
    assert token_of(world.web, everything.secret).actor.permissions == {"accounts:view"}


def test_api_03_a_token_of_an_administrator_is_limited_too(world: World, acting: Acting) -> None:
    here = world.distributor()
    made = make(world, here, acting(here, here.admin_id), "accounts:view")

    actor = token_of(world.web, made.secret).actor

    assert actor.permissions == {"accounts:view"}
    assert actor.readable is None


def test_api_03_nobody_makes_a_token_that_may_more_than_he(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    maria, nikos = person(here, MINE), person(here, "accounts:view")
    her = acting(here, maria.id)
    limited = token_of(world.web, make(world, here, her, "tokens:edit accounts:view").secret).actor

    make(world, here, limited, "accounts:view")
    for scopes in ("*", "accounts:edit"):
        with pytest.raises(Forbidden, match="accounts:edit"):
            make(world, here, limited, scopes)
    with pytest.raises(Forbidden, match="orders:view"):
        make(world, here, her, "orders:view accounts:view")
    with pytest.raises(Forbidden, match="tokens:edit"):
        make(world, here, acting(here, nikos.id))


def test_api_03_only_an_administrator_makes_tokens_for_others(world: World, person: Person, acting: Acting) -> None:
    here, there = world.distributor(), world.tenant()
    maria, nikos = person(here, f"{MINE} users:edit"), person(here, "accounts:view")

    with pytest.raises(Forbidden, match="administrator"):
        make(world, here, acting(here, maria.id), user_id=nikos.id)
    made = make(world, here, acting(here, here.admin_id), user_id=nikos.id)

    assert token_of(world.web, made.secret).user_id == nikos.id
    with pytest.raises(NotFound):
        make(world, here, acting(here, here.admin_id), user_id=there.admin_id)


def test_api_03_a_token_is_shown_once_and_kept_as_a_hash(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    maria = person(here, MINE)
    made = make(world, here, acting(here, maria.id))

    with world.web.work(here.id, acting(here, maria.id)) as work:
        [listed] = tokens.tokens(work)

    secret = made.secret.rsplit("_", 1)[1]
    assert secret not in str(listed)
    assert secret not in str(world.rows(here, t.api_token)) + str(world.rows(here, t.audit_line))
    assert (listed.name, listed.scopes, listed.active) == ("For the test", ("accounts:view",), True)


def test_api_03_a_token_ends(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    her = acting(here, person(here, MINE).id)
    now = clock.now()
    with clock.stopped(now):
        usual, short = make(world, here, her), make(world, here, her, expires_at=now + timedelta(hours=1))
        for expires_at in (now, now - timedelta(days=1), now + timedelta(days=400)):
            with pytest.raises(Invalid, match="expires_at"):
                make(world, here, her, expires_at=expires_at)

    with clock.stopped(now + timedelta(minutes=59)):
        token_of(world.web, short.secret)
    with clock.stopped(now + timedelta(hours=1)), pytest.raises(NotSignedIn):
        token_of(world.web, short.secret)
    with clock.stopped(now + timedelta(days=89)):
        token_of(world.web, usual.secret)
    with clock.stopped(now + timedelta(days=90)), pytest.raises(NotSignedIn):
        token_of(world.web, usual.secret)


def test_api_03_a_token_is_revoked_by_its_user_or_who_may_edit_users(
    world: World, person: Person, acting: Acting
) -> None:
    here, there = world.distributor(), world.tenant()
    maria, nikos = person(here, MINE), person(here, MINE)
    one, two = (make(world, here, acting(here, maria.id)) for _ in range(2))

    with world.web.work(here.id, acting(here, nikos.id)) as work, pytest.raises(NotFound):
        tokens.revoke(work, one.id)
    with world.web.work(there.id, acting(there, there.admin_id)) as work, pytest.raises(NotFound):
        tokens.revoke(work, one.id)
    token_of(world.web, one.secret)
    with world.web.work(here.id, acting(here, maria.id)) as work:
        tokens.revoke(work, one.id)
    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        tokens.revoke(work, two.id)

    for made in (one, two):
        with pytest.raises(NotSignedIn):
            token_of(world.web, made.secret)
    assert len(world.rows(here, t.audit_line, act="tokens.revoke")) == 2


def test_api_03_a_token_of_a_blocked_user_is_worth_nothing(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    maria = person(here, MINE)
    made = make(world, here, acting(here, maria.id))
    token_of(world.web, made.secret)

    world.update(here, t.tenant_user, maria.id, status="blocked")

    with pytest.raises(NotSignedIn):
        token_of(world.web, made.secret)


def test_ten_02_a_token_is_worth_nothing_in_another_tenant(world: World, person: Person, acting: Acting) -> None:
    here, there = world.distributor(), world.tenant()
    made = make(world, here, acting(here, person(here, MINE).id))

    with pytest.raises(NotSignedIn):
        token_of(world.web, made.secret.replace(here.id.hex, there.id.hex))
    with pytest.raises(NotSignedIn):
        sessions.session_of(world.web, made.secret)


def test_api_03_what_makes_no_sense_is_named_field_by_field(world: World, acting: Acting) -> None:
    here = world.distributor()

    with world.web.work(here.id, acting(here, here.admin_id)) as work, pytest.raises(Invalid) as refused:
        tokens.create(work, NewToken(" ", ["accounts:fly", "x" * 5_000]))

    assert [fault.field for fault in refused.value.faults] == ["scopes", "scopes", "name"]
    assert len(str(refused.value)) < 1000


def test_api_03_a_client_exchanges_its_secret_for_a_token_of_one_hour(
    world: World, person: Person, acting: Acting
) -> None:
    here = world.distributor()
    maria = person(here, MINE)
    client = make(world, here, acting(here, maria.id), "accounts:view accounts:edit", client=True)
    now = clock.now()

    with clock.stopped(now):
        granted = oauth.exchange(world.web, str(client.id), client.secret)
        fewer = oauth.exchange(world.web, str(client.id), client.secret, ["accounts:view"])

    assert (granted.expires_in, granted.scopes) == (3600, ("accounts:edit", "accounts:view"))
    assert token_of(world.web, granted.access_token).user_id == maria.id
    assert token_of(world.web, fewer.access_token).actor.permissions == {"accounts:view"}
    with clock.stopped(now + timedelta(hours=1)):
        with pytest.raises(NotSignedIn):
            token_of(world.web, granted.access_token)
        assert sweep(world.web)["api_token"] >= 2
    # What machines were given is not in the list that people keep.
    with world.web.work(here.id, acting(here, maria.id)) as work:
        assert [view.kind for view in tokens.tokens(work)] == ["client"]


def test_api_03_a_client_gets_no_more_than_it_has_and_nothing_without_its_secret(
    world: World, person: Person, acting: Acting
) -> None:
    here = world.distributor()
    her = acting(here, person(here, MINE).id)
    client, other = (make(world, here, her, "accounts:view", client=True) for _ in range(2))
    token = make(world, here, her)
    oauth.exchange(world.web, str(client.id), client.secret)

    with pytest.raises(oauth.WrongScope) as refused:
        oauth.exchange(world.web, str(client.id), client.secret, ["accounts:view", "accounts:edit"])
    assert refused.value.code == "invalid_scope"
    for client_id, secret in (
        (str(other.id), client.secret),
        (str(token.id), token.secret),
        (str(client.id), ""),
        ("nonsense", client.secret),
        (str(new_id()), client.secret),
    ):
        with pytest.raises(NotSignedIn) as wrong:
            oauth.exchange(world.web, client_id, secret)
        assert wrong.value.code == "invalid_client"
    with pytest.raises(NotSignedIn):
        token_of(world.web, client.secret)


def test_api_03_revoking_a_client_revokes_what_it_was_given(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    her = acting(here, person(here, MINE).id)
    client = make(world, here, her, client=True)
    granted = oauth.exchange(world.web, str(client.id), client.secret)
    token_of(world.web, granted.access_token)

    with world.web.work(here.id, her) as work:
        tokens.revoke(work, client.id)

    with pytest.raises(NotSignedIn):
        token_of(world.web, granted.access_token)
    with pytest.raises(NotSignedIn):
        oauth.exchange(world.web, str(client.id), client.secret)
