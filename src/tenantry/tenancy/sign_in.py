"""Sign in with e-mail and password: same answer and same time for whoever is not let in (TEN-20, SEC-03)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Database
from tenantry.kernel.problems import NotSignedIn
from tenantry.schema.tenant import tenant, tenant_user
from tenantry.tenancy import audit, directory, keys, passwords, place, second_factor, sessions, throttle
from tenantry.tenancy.sign_on import queries as sign_on

# One e-mail may be somebody in many tenants; each costs a slow hash, so beyond these the code must be given.
TRIED_WITHOUT_CODE = 4
TICKET_SECONDS = 300


@dataclass(frozen=True)
class SignedIn:
    """He is in; the cookie is shown this once."""

    cookie: str
    session_id: UUID
    tenant_id: UUID
    user_id: UUID


@dataclass(frozen=True)
class SecondFactorNeeded:
    """The password was right; the ticket and a code of his second factor finish it (`finish`)."""

    ticket: str


@dataclass(frozen=True)
class ChooseTenant:
    """The password was right in several tenants; the ticket and one of their codes finish it (`choose`)."""

    ticket: str
    tenants: tuple[tuple[str, str], ...]


Answer = SignedIn | SecondFactorNeeded | ChooseTenant


@dataclass(frozen=True)
class Candidate:
    """Somebody who has the e-mail, in one tenant."""

    tenant_id: UUID
    user_id: UUID
    tenant_code: str
    tenant_name: str
    password_hash: str
    active: bool
    second_factor: bool
    suspended_at: datetime | None
    closed_at: datetime | None


def sign_in(database: Database, email: str, password: str, *, address: str = "", tenant_code: str = "") -> Answer:
    """Let somebody in; raises NotSignedIn, or TooMany with `extra["retry_after"]` seconds; `address`: the client's."""
    email = directory.normal(email)
    brake = throttle.for_email(email)
    tries = throttle.take(database, [brake, *throttle.for_address(address)])
    candidates = _candidates(database, email, tenant_code)
    # Whoever is unknown costs one hash like whoever is known.
    hashes = [one.password_hash if one.active else "" for one in candidates] or [""]
    right = [passwords.matches(password, kept) for kept in hashes]
    proved = [one for one, is_right in zip(candidates, right, strict=False) if is_right]
    if not proved:
        raise _wrong()
    with database.installation() as connection:
        throttle.forgive(connection, tries, brake)
    return _enter(database, [one for one in proved if one.closed_at is None] or proved[:1])


def choose(database: Database, ticket: str, tenant_code: str) -> Answer:
    """Go on in the tenant that was chosen; the ticket proves that the password was right in it."""
    proved = [one for one in _read(database, ticket) if one.tenant_code.lower() == tenant_code.strip().lower()]
    if not proved:
        raise _wrong()
    return _enter(database, proved)


def finish(database: Database, ticket: str, code: str, *, address: str = "") -> SignedIn:
    """Let somebody in whose password was right, once his second factor is too; a recovery code does as well."""
    proved = _read(database, ticket)
    if len(proved) != 1:
        raise _wrong()
    brake = throttle.for_second_factor(proved[0].user_id)
    tries = throttle.take(database, [brake, *throttle.for_address(address)])
    with database.work(proved[0].tenant_id) as work:
        is_right = second_factor.takes(work, proved[0].user_id, code)
    if not is_right:
        raise NotSignedIn("This code is not right.", code="wrong-code", rule="SEC-03", remedy="Wait for the next one.")
    with database.installation() as connection:
        throttle.forgive(connection, tries, brake)
    return _open(database, proved[0])


def _enter(database: Database, proved: Sequence[Candidate]) -> Answer:
    # Who proved himself in closed organisations only is told so, before a second factor is asked for.
    place.looks_only_in(proved[0])
    if len(proved) > 1:
        return ChooseTenant(_ticket(proved), tuple((one.tenant_code, one.tenant_name) for one in proved))
    return SecondFactorNeeded(_ticket(proved)) if proved[0].second_factor else _open(database, proved[0])


def _open(database: Database, who: Candidate) -> SignedIn:
    with database.work(who.tenant_id) as work:
        if not sign_on.passwords_let_in(work, who.user_id):
            raise _by_provider()
        session_id, cookie = sessions.start(work, who.user_id)
        himself = passwords.as_himself(work, who.user_id)
        audit.note(himself, "sessions.start", "Signed in.", who.user_id)
    return SignedIn(cookie, session_id, who.tenant_id, who.user_id)


def _candidates(database: Database, email: str, tenant_code: str) -> list[Candidate]:
    with database.installation() as connection:
        known = directory.look_up(connection, email)
    if not tenant_code.strip():
        return _look_at(database, known[:TRIED_WITHOUT_CODE])
    return [one for one in _look_at(database, known) if one.tenant_code.lower() == tenant_code.strip().lower()]


def _look_at(database: Database, known: Sequence[tuple[UUID, UUID]]) -> list[Candidate]:
    found = []
    for tenant_id, user_id in known:
        with database.work(tenant_id) as work:
            row = work.connection.execute(_CANDIDATE, {"tenant": tenant_id, "user": user_id}).first()
        if row is not None:
            found.append(Candidate(tenant_id, user_id, *row))
    return found


def _ticket(proved: Sequence[Candidate]) -> str:
    return keys.seal("ticket", " ".join(_proof(one) for one in proved))


def _read(database: Database, ticket: str) -> list[Candidate]:
    opened = keys.unseal("ticket", ticket, seconds=TICKET_SECONDS)
    if opened is None:
        raise NotSignedIn("That took too long.", code="ticket-ended", rule="SEC-03", remedy="Sign in again.")
    known = [(UUID(proof[:32]), UUID(proof[32:64])) for proof in opened.split()]
    return [one for one in _look_at(database, known) if one.active and _proof(one) in opened.split()]


def _proof(who: Candidate) -> str:
    """Name somebody with the password he has proved, so that a ticket ends when the password changes."""
    return f"{who.tenant_id.hex}{who.user_id.hex}{keys.keyed('proof', who.password_hash)}"


def _wrong() -> NotSignedIn:
    return NotSignedIn(
        "E-mail and password do not belong together.",
        code="wrong-password",
        rule="SEC-03",
        remedy="Try again, with the code of the organisation if you work in several. "
        "An administrator can send you a link to set a new password.",
    )


def _by_provider() -> NotSignedIn:
    return NotSignedIn(
        "In this organisation passwords let in administrators only.",
        code="sign-on-only",
        rule="SEC-03",
        remedy="Take single sign-on, below.",
    )


_CANDIDATE = (
    sa.select(
        tenant.c.code,
        tenant.c.name,
        tenant_user.c.password_hash,
        tenant_user.c.status == "active",
        tenant_user.c.second_factor.is_not(None),
        tenant.c.suspended_at,
        tenant.c.closed_at,
    )
    .select_from(tenant_user.join(tenant, tenant.c.id == tenant_user.c.tenant_id))
    .where(tenant_user.c.tenant_id == sa.bindparam("tenant"), tenant_user.c.id == sa.bindparam("user"))
)
