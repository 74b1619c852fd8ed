"""Sign in through the organisation's provider: there by a code with PKCE, back with state and nonce (SEC-03)."""

import hmac
import json
import secrets
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from tenantry.database import Database, Work
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import NotFound, NotSignedIn
from tenantry.schema.tenant import tenant_user
from tenantry.tenancy import audit, keys, passwords, records, sessions, throttle
from tenantry.tenancy.sign_in import SignedIn
from tenantry.tenancy.sign_on import provider
from tenantry.tenancy.sign_on.provider import Client, Person
from tenantry.tenancy.sign_on.queries import Setting, setting_for, setting_of

SECONDS = 600


@dataclass(frozen=True)
class Departure:
    """Where the browser goes, and the sealed cookie with which it has to come back."""

    url: str
    cookie: str


@dataclass(frozen=True)
class Return:
    """With what the browser comes back from the provider."""

    state: str
    code: str = ""
    error: str = ""
    issuer: str = ""


@dataclass(frozen=True)
class Arrival:
    """Who came back, and what he wanted to see."""

    signed_in: SignedIn
    goal: str


@dataclass(frozen=True)
class _Trip:
    """What we remember, in the browser's keeping, of who was sent to a provider."""

    tenant_id: str
    issuer: str
    client_id: str
    state: str
    nonce: str
    verifier: str
    redirect_uri: str
    goal: str


def begin(database: Database, tenant_code: str, *, redirect_uri: str, goal: str, address: str = "") -> Departure:
    """Send somebody to his organisation's provider; raises NotFound, TooMany or ProviderTrouble."""
    setting = setting_for(database, tenant_code)
    if setting is None:
        raise NotFound("single sign-on")
    tries = throttle.take(database, throttle.for_address(address))
    there = provider.discover(setting.view.issuer)
    _forgive(database, tries)
    trip = _Trip(
        tenant_id=setting.tenant_id.hex,
        issuer=setting.view.issuer,
        client_id=setting.view.client_id,
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        redirect_uri=redirect_uri,
        goal=goal,
    )
    client = Client(setting.view.client_id, setting.secret, redirect_uri)
    url = provider.door(there, client, state=trip.state, nonce=trip.nonce, verifier=trip.verifier)
    return Departure(url, keys.seal("sign on trip", json.dumps(asdict(trip))))


def finish(database: Database, cookie: str, back: Return, *, address: str = "") -> Arrival:
    """Let somebody in whom the provider vouches for; raises NotSignedIn, TooMany or ProviderTrouble."""
    trip = _trip(cookie, back.state)
    tries = throttle.take(database, throttle.for_address(address))
    setting = _still(database, trip)
    if back.error or not back.code:
        raise provider.refused_there(back.error)
    there = provider.discover(setting.view.issuer)
    # Which provider answered is part of the answer where he says it (RFC 9207).
    if back.issuer != there.issuer and (back.issuer or there.names_itself):
        raise _strayed()
    client = Client(setting.view.client_id, setting.secret, trip.redirect_uri)
    person = provider.vouched_for(there, client, code=back.code, nonce=trip.nonce, verifier=trip.verifier)
    _check_email(setting, person)
    signed_in = _enter(database, setting, person)
    _forgive(database, tries)
    return Arrival(signed_in, trip.goal)


def _trip(cookie: str, state: str) -> _Trip:
    opened = keys.unseal("sign on trip", cookie, seconds=SECONDS)
    trip = _Trip(**json.loads(opened)) if opened else None
    if trip is None or not hmac.compare_digest(trip.state.encode(), state.encode(errors="replace")):
        raise _strayed()
    return trip


def _still(database: Database, trip: _Trip) -> Setting:
    """Give the setting that somebody was sent away by; one that was changed meanwhile takes nobody back."""
    tenant_id = as_id(trip.tenant_id)
    if tenant_id is None:
        raise _strayed()
    with database.work(tenant_id) as work:
        setting = setting_of(work)
    if setting is None or (setting.view.issuer, setting.view.client_id) != (trip.issuer, trip.client_id):
        raise _strayed()
    return setting


def _check_email(setting: Setting, person: Person) -> None:
    if not person.email:
        raise NotSignedIn(
            "The provider has not verified your e-mail, or does not tell it.",
            code="email-not-verified",
            rule="SEC-03",
            remedy="Verify your e-mail there, or ask an administrator to let the provider tell it.",
        )
    if person.email.rpartition("@")[2] not in setting.view.domains:
        raise NotSignedIn(
            "E-mails of this domain do not sign in here.",
            code="domain-not-allowed",
            rule="SEC-03",
            remedy="Sign in there with your organisation's e-mail, or ask an administrator to add the domain.",
        )


def _enter(database: Database, setting: Setting, person: Person) -> SignedIn:
    """Open a session for the active user with this e-mail who is tied to this very person, or to nobody yet."""
    subject = f"{person.issuer} {person.subject}"
    why = ""
    with database.work(setting.tenant_id) as work:
        row = work.connection.execute(_USER, {"tenant": work.tenant_id, "email": person.email}).first()
        if row is not None and row.status == "active" and row.sign_on_subject in {None, subject}:
            if row.sign_on_subject is None:
                _tie(work, row, subject, setting)
            session_id, cookie = sessions.start(work, row.id)
            himself = passwords.as_himself(work, row.id)
            audit.note(himself, "sessions.start", f"Signed in with {setting.view.name}.", row.id)
            return SignedIn(cookie, session_id, work.tenant_id, row.id)
        if row is not None:
            why = "he is blocked" if row.status != "active" else "he is somebody else there than before"
            audit.note(work, "sign_on.refuse", f"{row.name} did not get in by single sign-on: {why}.", row.id)
    raise NotSignedIn(
        "The provider knows you, but with this e-mail nobody may sign in here.",
        code="nobody-here",
        rule="SEC-03",
        remedy="Ask an administrator: the audit log tells him more.",
    )


def _tie(work: Work, row: records.Row, subject: str, setting: Setting) -> None:
    mine = (tenant_user.c.tenant_id == work.tenant_id, tenant_user.c.id == row.id)
    work.connection.execute(
        sa.update(tenant_user).values(sign_on_subject=subject, version=tenant_user.c.version + 1).where(*mine)
    )
    audit.note(work, "users.tie", f"{row.name} is from now on whom {setting.view.name} says he is.", row.id)


def _forgive(database: Database, tries: list[int]) -> None:
    with database.installation() as connection:
        throttle.take_back(connection, tries)


def _strayed() -> NotSignedIn:
    return NotSignedIn(
        "This answer of the provider belongs to no sign-in that was begun here, or it took too long.",
        code="sign-on-ended",
        rule="SEC-03",
        remedy="Start again from the sign-in page.",
    )


# Of two who come back at once, the second finds the user tied.
_USER = (
    sa.select(tenant_user.c.id, tenant_user.c.name, tenant_user.c.status, tenant_user.c.sign_on_subject)
    .where(tenant_user.c.tenant_id == sa.bindparam("tenant"), tenant_user.c.email == sa.bindparam("email"))
    .with_for_update(key_share=True)
)
