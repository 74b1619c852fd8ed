"""The second factor: codes that let in once, recovery codes, and who turns it off (SEC-03)."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pyotp
import pytest
from tests.tenancy.conftest import PASSWORD, Person
from tests.world import Tenant, World

from tenantry.kernel import clock
from tenantry.kernel.actor import Actor
from tenantry.kernel.problems import Conflict, Invalid, NotSignedIn, TooMany
from tenantry.schema import tenant as t
from tenantry.tenancy import invitations, passwords, second_factor, sign_in, users
from tenantry.tenancy.sign_in import SecondFactorNeeded, SignedIn

Acting = Callable[[Tenant, UUID], Actor]


def code_of(secret: str) -> str:
    return pyotp.TOTP(secret).at(clock.now())


def turn_on(world: World, at: Tenant, actor: Actor) -> tuple[str, tuple[str, ...]]:
    with world.web.work(at.id, actor) as work:
        enrolment = second_factor.enrol(work)
        return enrolment.secret, second_factor.confirm(work, enrolment.sealed, code_of(enrolment.secret))


def ticket_of(world: World, email: str) -> str:
    answer = sign_in.sign_in(world.web, email, PASSWORD, address=email)
    assert isinstance(answer, SecondFactorNeeded)
    return answer.ticket


def test_sec_03_with_a_second_factor_the_password_alone_lets_nobody_in(
    world: World, person: Person, acting: Acting
) -> None:
    here = world.distributor()
    maria = person(here)
    start = clock.now()
    with clock.stopped(start):
        assert isinstance(sign_in.sign_in(world.web, maria.email, PASSWORD), SignedIn)
        secret, _ = turn_on(world, here, acting(here, maria.id))

    with clock.stopped(start + timedelta(minutes=2)):
        ticket = ticket_of(world, maria.email)
        with pytest.raises(NotSignedIn) as refused:
            sign_in.finish(world.web, ticket, "000000", address=maria.email)
        answer = sign_in.finish(world.web, ticket, code_of(secret), address=maria.email)

    assert refused.value.code == "wrong-code"
    assert answer.user_id == maria.id


def test_sec_03_a_code_lets_in_once_and_only_in_its_half_minute(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    maria = person(here)
    start = clock.now()
    with clock.stopped(start):
        secret, _ = turn_on(world, here, acting(here, maria.id))
        used = code_of(secret)
        with pytest.raises(NotSignedIn):
            sign_in.finish(world.web, ticket_of(world, maria.email), used, address=maria.email)

    later = start + timedelta(minutes=5)
    with clock.stopped(later):
        ticket, code = ticket_of(world, maria.email), code_of(secret)
        with pytest.raises(NotSignedIn):
            sign_in.finish(world.web, ticket, used, address=maria.email)
        sign_in.finish(world.web, ticket, code[:3] + " " + code[3:], address=maria.email)
        with pytest.raises(NotSignedIn):
            sign_in.finish(world.web, ticket, code, address=maria.email)


def test_sec_03_a_recovery_code_lets_in_once(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    maria = person(here)
    _, codes = turn_on(world, here, acting(here, maria.id))

    ticket = ticket_of(world, maria.email)
    answer = sign_in.finish(world.web, ticket, codes[3].upper(), address=maria.email)

    assert answer.user_id == maria.id
    with pytest.raises(NotSignedIn):
        sign_in.finish(world.web, ticket, codes[3], address=maria.email)
    assert len(codes) == len(set(codes)) == 10
    kept = str(world.rows(here, t.recovery_code)) + str(world.rows(here, t.audit_line))
    assert not [code for code in codes if code in kept]


def test_sec_03_guessing_codes_is_slowed_down(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    maria = person(here)
    with clock.stopped(clock.now()):
        turn_on(world, here, acting(here, maria.id))
        ticket = ticket_of(world, maria.email)
        for number in range(5):
            with pytest.raises(NotSignedIn):
                sign_in.finish(world.web, ticket, f"{number:06}", address=f"10.9.9.{number}")

        with pytest.raises(TooMany):
            sign_in.finish(world.web, ticket, "000009", address="10.9.9.9")


def test_sec_03_it_is_on_only_once_the_authenticator_has_shown_a_code(
    world: World, person: Person, acting: Acting
) -> None:
    here = world.distributor()
    maria, nikos = person(here), person(here)
    with world.web.work(here.id, acting(here, maria.id)) as work:
        enrolment = second_factor.enrol(work)
        with pytest.raises(Invalid, match="code"):
            second_factor.confirm(work, enrolment.sealed, "000000")
    assert isinstance(sign_in.sign_in(world.web, maria.email, PASSWORD, address=maria.email), SignedIn)

    code = code_of(enrolment.secret)
    with world.web.work(here.id, acting(here, nikos.id)) as work, pytest.raises(Invalid, match="code"):
        second_factor.confirm(work, enrolment.sealed, code)
    her, later = acting(here, maria.id), clock.now() + timedelta(minutes=16)
    with clock.stopped(later), world.web.work(here.id, her) as work, pytest.raises(Invalid, match="code"):
        second_factor.confirm(work, enrolment.sealed, code_of(enrolment.secret))
    with world.web.work(here.id, acting(here, maria.id)) as work:
        second_factor.confirm(work, enrolment.sealed, code_of(enrolment.secret))
        with pytest.raises(Conflict, match="already"):
            second_factor.confirm(work, enrolment.sealed, code_of(enrolment.secret))

    assert "issuer=Tenantry" in enrolment.uri
    kept = world.row(here, t.tenant_user, maria.id)
    assert kept is not None
    assert enrolment.secret not in kept.second_factor


def test_sec_03_it_is_turned_off_with_the_password_or_by_an_administrator(
    world: World, person: Person, acting: Acting
) -> None:
    here = world.distributor()
    maria, nikos = person(here), person(here)
    for user in (maria, nikos):
        turn_on(world, here, acting(here, user.id))

    with world.web.work(here.id, acting(here, maria.id)) as work:
        with pytest.raises(Invalid, match="password"):
            second_factor.turn_off(work, "not this one at all")
        second_factor.turn_off(work, PASSWORD)
    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        users.reset_second_factor(work, nikos.id)

    for user in (maria, nikos):
        assert isinstance(sign_in.sign_in(world.web, user.email, PASSWORD, address=user.email), SignedIn)
    assert not world.rows(here, t.recovery_code)


def test_sec_03_a_new_password_does_not_pass_the_second_factor_by(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    maria = person(here)
    turn_on(world, here, acting(here, maria.id))
    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        link = users.reset_password(work, maria.id)

    invitations.accept(world.web, link.secret, PASSWORD)

    assert ticket_of(world, maria.email)


def test_sec_03_a_ticket_is_ours_and_lasts_five_minutes(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    maria = person(here)
    start = clock.now()
    with clock.stopped(start):
        secret, _ = turn_on(world, here, acting(here, maria.id))
        ticket = ticket_of(world, maria.email)

    with clock.stopped(start), world.web.work(here.id) as work:
        fresh = ticket_of(world, maria.email)
        passwords.set_password(work, maria.id, "another long password")
    with clock.stopped(start + timedelta(minutes=1)), pytest.raises(NotSignedIn):
        sign_in.finish(world.web, fresh, code_of(secret), address=maria.email)
    for at, given in ((start, "forged"), (start, ""), (start + timedelta(minutes=6), ticket)):
        with clock.stopped(at), pytest.raises(NotSignedIn) as refused:
            sign_in.finish(world.web, given, code_of(secret), address=maria.email)
        assert refused.value.code == "ticket-ended"
