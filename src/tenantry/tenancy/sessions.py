"""Sessions: opened by a sign-in, named by a cookie kept as a hash, ended by time or by hand (SEC-03, SEC-04)."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Database, Ready, Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import NotFound
from tenantry.schema.tenant import session
from tenantry.tenancy import audit, keys, place
from tenantry.tenancy.actor import actor_from
from tenantry.tenancy.signed import Signed, not_signed_in, signed_by, signed_from

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=30)
NOTICED = timedelta(minutes=1)


@dataclass(frozen=True)
class SessionView:
    """A session as its owner sees it in his list."""

    id: UUID
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


def start(work: Work, user_id: UUID) -> tuple[UUID, str]:
    """Open a session for a user who has proved who he is; gives its id and the cookie, which is shown once. Raises
    NotSignedIn where the tenant is closed (TEN-07).
    """
    place.require_open(work)
    cookie, secret_hash = keys.new_secret(work.tenant_id)
    opened = new_id()
    work.connection.execute(
        sa.insert(session).values(
            id=opened,
            secret_hash=secret_hash,
            tenant_id=work.tenant_id,
            user_id=user_id,
            created_at=work.at,
            seen_at=work.at,
            expires_at=work.at + IDLE,
        )
    )
    return opened, cookie


def session_of(database: Database, cookie: str) -> Signed:
    """Say who comes with this cookie, in a transaction of its own; raises NotSignedIn."""
    secret = keys.read_secret(cookie)
    if secret is None:
        raise not_signed_in()
    with database.work(secret.tenant_id) as work:
        return session_within(work, cookie)


def session_within(work: Work, cookie: str, *, by_itself: bool = False) -> Signed:
    """Say who comes with this cookie, as the first statement of his request's own unit of work; raises NotSignedIn.

    What a page asks for `by_itself` is no sign of life of anybody.
    """
    secret = keys.read_secret(cookie)
    if secret is None or secret.tenant_id != work.tenant_id:
        raise not_signed_in()
    row = _BY_COOKIE.row(work.connection, {"tenant": secret.tenant_id, "hash": secret.hash, "now": work.at})
    if row is None:
        raise not_signed_in()
    if not by_itself and work.at - row.seen_at >= NOTICED:
        until = min(work.at + IDLE, row.created_at + LONGEST)
        work.connection.execute(_NOTICE, {"session": row.credential_id, "now": work.at, "until": until})
    return signed_from(work, row, "session", actor_from(row))


def own_sessions(work: Work) -> tuple[SessionView, ...]:
    """List the sessions of who asks, last seen first."""
    query = (
        sa.select(session.c.id, session.c.created_at, session.c.seen_at, session.c.expires_at)
        .where(
            session.c.tenant_id == work.tenant_id,
            session.c.user_id == work.actor.id,
            session.c.expires_at > work.at,
        )
        .order_by(session.c.seen_at.desc(), session.c.id)
    )
    return tuple(SessionView(*row) for row in work.connection.execute(query))


def sign_out(work: Work, session_id: UUID) -> None:
    """End one of one's own sessions; raises NotFound for anybody else's."""
    gone = work.connection.execute(
        sa.delete(session)
        .where(session.c.id == session_id, session.c.tenant_id == work.tenant_id, session.c.user_id == work.actor.id)
        .returning(session.c.id)
    ).first()
    if gone is None:
        raise NotFound("session")


def sign_out_everywhere(work: Work, *, but: UUID | None = None) -> int:
    """End all of one's own sessions, except the one asked from; gives how many."""
    assert work.actor.id is not None  # noqa: S101 - the system has no sessions
    ended = end_all(work, work.actor.id, but=but)
    audit.note(work, "sessions.end", f"Ended {ended} of his sessions.", work.actor.id)
    return ended


def end_all(work: Work, user_id: UUID, *, but: UUID | None = None) -> int:
    """End a user's sessions, because he was blocked or his password changed; gives how many."""
    query = sa.delete(session).where(session.c.tenant_id == work.tenant_id, session.c.user_id == user_id)
    if but is not None:
        query = query.where(session.c.id != but)
    return work.connection.execute(query).rowcount


def csrf_token(session_id: UUID) -> str:
    """Derive what every form of a session carries, and no other site can know (SEC-04)."""
    return keys.keyed("csrf", session_id.hex)


def csrf_matches(session_id: UUID, given: str) -> bool:
    """Say whether a form came from our own page."""
    return hmac.compare_digest(csrf_token(session_id).encode(), given.encode(errors="replace"))


_BY_COOKIE = Ready(signed_by(session, session.c.seen_at).where(session.c.expires_at > sa.bindparam("now")))

# Skipped when another request of the session does it just now: a page must not wait for a preview beside it.
_free = (
    sa.select(session.c.id)
    .where(session.c.id == sa.bindparam("session"))
    .with_for_update(skip_locked=True)
    .scalar_subquery()
)
_NOTICE = (
    sa.update(session)
    .values(seen_at=sa.bindparam("now"), expires_at=sa.bindparam("until"))
    .where(session.c.id == _free)
)
