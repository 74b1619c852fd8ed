"""Sessions: what the cookie is worth, for how long, and how it ends (SEC-03, SEC-04)."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from tests.tenancy.conftest import Person
from tests.world import Tenant, World

from tenantry.kernel import clock
from tenantry.kernel.problems import NotFound, NotSignedIn
from tenantry.schema import tenant as t
from tenantry.tenancy import sessions
from tenantry.tenancy.housekeeping import sweep
from tenantry.tenancy.sessions import session_of


def open_session(world: World, at: Tenant, user_id: UUID) -> str:
    with world.web.work(at.id) as work:
        return sessions.start(work, user_id)[1]


def test_sec_03_the_cookie_names_its_tenant_and_its_secret_is_kept_as_a_hash(world: World, person: Person) -> None:
    here = world.distributor()
    cookie = open_session(world, here, person(here).id)

    with world.web.installation() as connection:
        kept = [str(row) for row in connection.execute(sa.select(t.session))]

    prefix, tenant_id, secret = cookie.split("_", 2)
    assert (prefix, tenant_id) == ("tnt", here.id.hex)
    assert len(secret) >= 43, "256 bits"
    assert not [row for row in kept if secret in row]


def test_ten_02_a_cookie_is_worth_nothing_under_another_tenants_id(world: World, person: Person) -> None:
    here, there = world.distributor(), world.tenant()
    cookie = open_session(world, here, person(here).id)
    session_of(world.web, cookie)

    with pytest.raises(NotSignedIn):
        session_of(world.web, cookie.replace(here.id.hex, there.id.hex))
    with world.web.work(there.id) as work, pytest.raises(NotSignedIn):
        sessions.session_within(work, cookie)


@pytest.mark.parametrize(
    "cookie", ["", "tnt", "tnt__", "tnt_x_y", "tnt_" + "0" * 32 + "_" + "a" * 43, "☃" * 100, "a_b_c"]
)
def test_sec_03_nonsense_is_nobody(world: World, cookie: str) -> None:
    with pytest.raises(NotSignedIn):
        session_of(world.web, cookie)


def test_a_request_learns_who_asks_in_one_statement(world: World, person: Person) -> None:
    here = world.distributor()
    cookie = open_session(world, here, person(here, "accounts:view", theme="dark").id)

    with world.web.work(here.id) as work:
        said: list[str] = []
        sa.event.listen(work.connection, "before_cursor_execute", lambda *args: said.append(args[2]))
        signed = sessions.session_within(work, cookie)

    assert len(said) == 1
    assert (signed.theme, signed.language, signed.tenant_name) == ("dark", "en", here.name)
    assert signed.actor.may("accounts:view")


def test_sec_03_a_session_slides_for_twelve_hours_and_ends_after_thirty_days(world: World, person: Person) -> None:
    here = world.distributor()
    start = clock.now()
    with clock.stopped(start):
        idle, busy = (open_session(world, here, person(here).id) for _ in range(2))

    at = start
    while at + timedelta(hours=11) < start + timedelta(days=30):
        at += timedelta(hours=11)
        with clock.stopped(at):
            session_of(world.web, busy)

    with clock.stopped(start + timedelta(hours=12)), pytest.raises(NotSignedIn):
        session_of(world.web, idle)
    with clock.stopped(start + timedelta(days=30, seconds=-1)):
        session_of(world.web, busy)
    with clock.stopped(start + timedelta(days=30)), pytest.raises(NotSignedIn):
        session_of(world.web, busy)


def test_a_session_is_noticed_at_most_once_a_minute(world: World, person: Person) -> None:
    here = world.distributor()
    start = clock.now()
    with clock.stopped(start):
        cookie = open_session(world, here, (maria := person(here)).id)

    def seen_after(seconds: int) -> int:
        with clock.stopped(start + timedelta(seconds=seconds)):
            session_of(world.web, cookie)
        with world.web.installation() as connection:
            seen = connection.scalar(sa.select(t.session.c.seen_at).where(t.session.c.user_id == maria.id))
        assert seen is not None
        since: timedelta = seen - start
        return round(since.total_seconds())

    assert [seen_after(seconds) for seconds in (30, 59, 60, 100, 120)] == [0, 0, 60, 60, 120]


def test_a_request_does_not_wait_for_another_of_its_session(world: World, person: Person) -> None:
    here = world.distributor()
    start = clock.now()
    with clock.stopped(start):
        cookie = open_session(world, here, person(here).id)

    with clock.stopped(start + timedelta(minutes=5)), world.web.work(here.id) as slow:
        sessions.session_within(slow, cookie)
        with world.web.work(here.id) as quick:
            quick.connection.exec_driver_sql("SET LOCAL lock_timeout = '200ms'")
            sessions.session_within(quick, cookie)


def test_sec_03_a_user_sees_and_ends_his_own_sessions_only(world: World, person: Person) -> None:
    here = world.distributor()
    maria, nikos = person(here), person(here)
    one, two, his = (open_session(world, here, who.id) for who in (maria, maria, nikos))
    her, him = session_of(world.web, one), session_of(world.web, his)
    assert her.session_id is not None

    with world.web.work(here.id, him.actor) as work:
        assert [view.id for view in sessions.own_sessions(work)] == [him.session_id]
        with pytest.raises(NotFound):
            sessions.sign_out(work, her.session_id)
    session_of(world.web, one)
    with world.web.work(here.id, her.actor) as work:
        assert len(sessions.own_sessions(work)) == 2
        assert sessions.sign_out_everywhere(work, but=her.session_id) == 1
    with pytest.raises(NotSignedIn):
        session_of(world.web, two)
    with world.web.work(here.id, her.actor) as work:
        sessions.sign_out(work, her.session_id)
    with pytest.raises(NotSignedIn):
        session_of(world.web, one)
    session_of(world.web, his)


def test_sec_03_blocking_a_user_ends_what_his_cookie_is_worth(world: World, person: Person) -> None:
    here = world.distributor()
    maria = person(here)
    cookie = open_session(world, here, maria.id)
    session_of(world.web, cookie)

    world.update(here, t.tenant_user, maria.id, status="blocked")

    with pytest.raises(NotSignedIn):
        session_of(world.web, cookie)


def test_sec_04_the_forms_of_a_session_carry_a_token_no_other_session_has(world: World, person: Person) -> None:
    here = world.distributor()
    mine, other = (session_of(world.web, open_session(world, here, person(here).id)).session_id for _ in range(2))
    assert mine is not None
    assert other is not None

    token = sessions.csrf_token(mine)

    assert sessions.csrf_matches(mine, token)
    assert not sessions.csrf_matches(other, token)
    assert not sessions.csrf_matches(mine, "")
    assert not sessions.csrf_matches(mine, "☃")


def test_what_has_ended_is_swept_and_nothing_else(world: World, person: Person) -> None:
    here = world.distributor()
    start = clock.now()
    with clock.stopped(start - timedelta(days=2)):
        ended = open_session(world, here, person(here).id)
    running = open_session(world, here, person(here).id)
    old = world.insert(here, t.idempotency, key="old", body_hash="", created_at=start - timedelta(days=2))
    new = world.insert(here, t.idempotency, key="new", body_hash="", created_at=start)

    gone = sweep(world.web)

    assert gone["session"] >= 1
    with pytest.raises(NotSignedIn):
        session_of(world.web, ended)
    session_of(world.web, running)
    assert world.row(here, t.idempotency, old.id) is None
    assert world.row(here, t.idempotency, new.id) is not None
