"""Sign in with e-mail and password: who is let in, and how slowly the others are not (TEN-20, SEC-03)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from tests.tenancy.conftest import PASSWORD, Person
from tests.world import World

from tenantry.kernel import clock
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Invalid, NotSignedIn, TooMany
from tenantry.schema import tenant as t
from tenantry.tenancy import passwords, sign_in, throttle
from tenantry.tenancy.sessions import session_of
from tenantry.tenancy.sign_in import ChooseTenant, SignedIn


def an_address() -> str:
    number = new_id().int
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def test_ten_20_a_user_signs_in_with_e_mail_and_password(world: World, person: Person) -> None:
    here = world.distributor()
    maria = person(here, "accounts:view", email="maria@people.example")

    answer = sign_in.sign_in(world.web, " Maria@People.example ", PASSWORD, address=an_address())

    assert isinstance(answer, SignedIn)
    signed = session_of(world.web, answer.cookie)
    assert (signed.tenant_id, signed.user_id) == (here.id, maria.id)
    assert signed.actor.permissions == {"accounts:view"}
    [line] = world.rows(here, t.audit_line, act="sessions.start")
    assert (line.actor, line.subject_id) == ("Maria", maria.id)
    with pytest.raises(NotSignedIn):
        sign_in.sign_in(world.web, maria.email, PASSWORD + "!", address=an_address())


def test_ten_20_the_founder_signs_in_once_he_has_a_password(world: World) -> None:
    here = world.distributor()
    email = f"admin@{here.code}.example"
    with pytest.raises(NotSignedIn):
        sign_in.sign_in(world.web, email, "", address=an_address())

    with world.web.work(here.id) as work:
        passwords.set_password(work, here.admin_id, PASSWORD)

    answer = sign_in.sign_in(world.web, email, PASSWORD, address=an_address())
    assert isinstance(answer, SignedIn)
    assert answer.user_id == here.admin_id


def test_ten_20_who_is_not_let_in_hears_the_same_whatever_the_reason(world: World, person: Person) -> None:
    here = world.distributor()
    blocked, uninvited, known = person(here, status="blocked"), person(here, password=""), person(here)
    tries = [
        (blocked.email, PASSWORD),
        (uninvited.email, ""),
        (known.email, "not this one at all"),
        ("nobody@nowhere.example", PASSWORD),
        ("", ""),
        (known.email, "x" * 5_000_000),
        (known.email, "a\x00b\ud800"),
        ("\ud800\x00", PASSWORD),
    ]

    heard = set()
    for email, password in tries:
        with pytest.raises(NotSignedIn) as refused:
            sign_in.sign_in(world.web, email, password, address=an_address())
        heard.add((refused.value.code, refused.value.message, refused.value.remedy))

    assert len(heard) == 1


def test_sec_03_an_unknown_e_mail_costs_a_hash_too(
    world: World, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = person(world.distributor())
    compared: list[str] = []
    truly = passwords.matches

    def counted(password: str, kept: str) -> bool:
        compared.append(kept)
        return truly(password, kept)

    monkeypatch.setattr(passwords, "matches", counted)

    for email in (known.email, "nobody@nowhere.example"):
        with pytest.raises(NotSignedIn):
            sign_in.sign_in(world.web, email, "not this one at all", address=an_address())

    assert len(compared) == 2


def test_ten_20_one_e_mail_in_two_tenants_is_told_apart_by_its_password(world: World, person: Person) -> None:
    here, there = world.distributor(), world.tenant()
    email = f"{new_id().hex}@people.example"
    mine = person(here, email=email)
    other = person(there, email=email, password="another long password")

    first = sign_in.sign_in(world.web, email, PASSWORD, address=an_address())
    second = sign_in.sign_in(world.web, email, "another long password", address=an_address())

    assert isinstance(first, SignedIn)
    assert isinstance(second, SignedIn)
    assert (first.user_id, second.user_id) == (mine.id, other.id)


def test_ten_20_one_e_mail_and_password_in_two_tenants_is_told_apart_by_the_code(world: World, person: Person) -> None:
    here, there, elsewhere = world.distributor(), world.tenant(), world.tenant()
    email = f"{new_id().hex}@people.example"
    person(here, email=email)
    other = person(there, email=email)

    asked = sign_in.sign_in(world.web, email, PASSWORD, address=an_address())
    direct = sign_in.sign_in(world.web, email, PASSWORD, address=an_address(), tenant_code=there.code.upper())

    assert isinstance(direct, SignedIn)
    assert direct.user_id == other.id
    assert isinstance(asked, ChooseTenant)
    assert dict(asked.tenants) == {here.code: here.name, there.code: there.name}
    chosen = sign_in.choose(world.web, asked.ticket, there.code)
    assert isinstance(chosen, SignedIn)
    assert chosen.user_id == other.id
    with pytest.raises(NotSignedIn):
        sign_in.choose(world.web, asked.ticket, elsewhere.code)
    with clock.stopped(clock.now() + timedelta(minutes=6)), pytest.raises(NotSignedIn):
        sign_in.choose(world.web, asked.ticket, there.code)


def test_sec_03_tries_on_one_e_mail_wait_longer_and_longer(world: World, person: Person) -> None:
    maria = person(world.distributor())
    start = clock.now()
    waits = []

    at = start
    for _ in range(9):
        with clock.stopped(at), pytest.raises(NotSignedIn):
            sign_in.sign_in(world.web, maria.email, "not this one at all", address=an_address())
        with clock.stopped(at):
            try:
                throttle.take(world.web, [throttle.for_email(maria.email)])
            except TooMany as refused:
                waits.append(refused.extra["retry_after"])
                at += timedelta(seconds=refused.extra["retry_after"])

    assert waits == sorted(waits)
    assert waits[0] == 1
    assert waits[-1] > 4 * waits[0]
    with clock.stopped(at - timedelta(seconds=1)), pytest.raises(TooMany):
        sign_in.sign_in(world.web, maria.email, PASSWORD, address=an_address())
    with clock.stopped(at):
        assert isinstance(sign_in.sign_in(world.web, maria.email, PASSWORD, address=an_address()), SignedIn)
        # A success forgets what failed before.
        throttle.take(world.web, [throttle.for_email(maria.email)])


def test_sec_03_the_pause_never_exceeds_a_quarter_of_an_hour_and_a_day_forgets(world: World) -> None:
    brake = throttle.for_email(f"{new_id().hex}@people.example")
    at = clock.now()
    for _ in range(30):
        with clock.stopped(at):
            throttle.take(world.web, [brake])
        at += timedelta(minutes=15)

    with clock.stopped(at - timedelta(seconds=1)), pytest.raises(TooMany) as refused:
        throttle.take(world.web, [brake])
    assert refused.value.extra["retry_after"] == 1
    with clock.stopped(at + timedelta(days=1)):
        for _ in range(5):
            throttle.take(world.web, [brake])


def test_sec_03_one_address_is_slowed_down_whatever_e_mails_it_tries(world: World, person: Person) -> None:
    maria = person(world.distributor())
    address = "2001:db8:1:2::1"
    with clock.stopped(clock.now()):
        for number in range(20):
            with pytest.raises(NotSignedIn):
                sign_in.sign_in(world.web, f"{number}@nowhere.example", PASSWORD, address=address)

        with pytest.raises(TooMany):
            sign_in.sign_in(world.web, maria.email, PASSWORD, address="2001:db8:1:2:ffff::9")
        assert isinstance(sign_in.sign_in(world.web, maria.email, PASSWORD, address="2001:db8:1:3::1"), SignedIn)
        # His success over there does not free the one who guesses.
        with pytest.raises(TooMany):
            sign_in.sign_in(world.web, maria.email, PASSWORD, address=address)


def test_sec_03_tries_at_once_are_counted_one_by_one(world: World) -> None:
    brake = throttle.for_email(f"{new_id().hex}@people.example")

    def try_it(_: int) -> bool:
        try:
            throttle.take(world.web, [brake])
        except TooMany:
            return False
        return True

    with clock.stopped(clock.now()), ThreadPoolExecutor(8) as crowd:
        let_through = sum(crowd.map(try_it, range(24)))

    assert let_through == 5


def test_sec_03_no_e_mail_and_no_address_is_kept_in_clear(world: World, person: Person) -> None:
    maria = person(world.distributor())
    with pytest.raises(NotSignedIn):
        sign_in.sign_in(world.web, maria.email, "not this one at all", address="192.0.2.7")

    with world.web.installation() as connection:
        kept = [
            str(row)
            for table in (t.sign_in_attempt, t.sign_in_directory)
            for row in connection.execute(sa.select(table))
        ]

    assert kept
    assert not [row for row in kept if maria.email in row or "192.0.2.7" in row]


@pytest.mark.parametrize(
    "password",
    ["", "elevenchars", "long enough \ud800 \x00", "aaaaaaaaaaaaaaa", "x" * 5_000_000, "{email}", " {EMAIL} "],
)
def test_sec_03_a_poor_password_is_refused_with_the_reason(world: World, person: Person, password: str) -> None:
    here = world.distributor()
    maria = person(here, email=f"{new_id().hex[-10:]}@people.example")
    password = password.replace("{email}", maria.email).replace("{EMAIL}", maria.email.upper())

    with world.web.work(here.id) as work, pytest.raises(Invalid) as refused:
        passwords.set_password(work, maria.id, password)

    assert [(fault.field, fault.rule) for fault in refused.value.faults] == [("password", "SEC-03")]


def test_sec_03_passwords_are_kept_by_a_memory_hard_hash(
    world: World, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    here = world.distributor()
    maria = person(here)

    kept = world.row(here, t.tenant_user, maria.id)

    assert kept is not None
    assert kept.password_hash.startswith("$argon2id$v=19$m=65536,t=3,")
    assert passwords.matches(PASSWORD, kept.password_hash)
    assert not passwords.matches(PASSWORD + "!", kept.password_hash)


def test_sec_03_one_password_however_the_keyboard_composes_it(world: World, person: Person) -> None:
    here = world.distributor()
    maria = person(here, password="un été très très long")

    answer = sign_in.sign_in(
        world.web, maria.email, "un e\u0301te\u0301 tre\u0300s tre\u0300s long", address=an_address()
    )

    assert isinstance(answer, SignedIn)


def test_sec_03_changing_a_password_needs_the_old_one_and_ends_the_other_sessions(world: World, person: Person) -> None:
    here = world.distributor()
    maria = person(here)
    here_now, elsewhere = (sign_in.sign_in(world.web, maria.email, PASSWORD, address=an_address()) for _ in range(2))
    assert isinstance(here_now, SignedIn)
    assert isinstance(elsewhere, SignedIn)
    her = session_of(world.web, here_now.cookie)

    with world.web.work(here.id, her.actor) as work, pytest.raises(Invalid, match="old"):
        passwords.change_password(work, "not this one at all", "a brand new password")
    session_of(world.web, elsewhere.cookie)
    with world.web.work(here.id, her.actor) as work:
        passwords.change_password(work, PASSWORD, "a brand new password", session_id=her.session_id)

    session_of(world.web, here_now.cookie)
    with pytest.raises(NotSignedIn):
        session_of(world.web, elsewhere.cookie)
    with pytest.raises(NotSignedIn):
        sign_in.sign_in(world.web, maria.email, PASSWORD, address=an_address())
    [line] = world.rows(here, t.audit_line, act="users.change_password")
    assert "password" not in str(line.details)
