"""Passwords: Argon2id, long rather than odd, hashed a few at a time (SEC-03)."""

import unicodedata
from dataclasses import replace
from functools import cache
from threading import BoundedSemaphore
from uuid import UUID

import sqlalchemy as sa
from pwdlib import PasswordHash

from tenantry.database import Work
from tenantry.kernel.problems import Fault, Invalid, NotFound
from tenantry.schema.tenant import invitation, tenant_user
from tenantry.tenancy import audit, records, sessions
from tenantry.tenancy.actor import actor_of

SHORTEST, LONGEST = 12, 256

_argon2 = PasswordHash.recommended()
# Each hash takes 64 MB; a crowd at the door must not take all the memory there is.
_hashing = BoundedSemaphore(4)


def check(password: str, email: str) -> None:
    """Raise Invalid unless this may be the password of who has this e-mail."""
    plain = _normal(password)
    faults = []
    if not records.is_text(plain):
        faults.append("A password is a text.")
    elif not SHORTEST <= len(plain) <= LONGEST:
        faults.append(f"A password has {SHORTEST} to {LONGEST} characters.")
    elif len(set(plain)) < 4:  # noqa: PLR2004 - aaaaaaaaaaaa, abababababab
        faults.append("A password is more than a few characters repeated.")
    if plain.strip().lower() == email.lower():
        faults.append("A password is not the e-mail.")
    if faults:
        remedy = "Take some words that nobody would put together."
        raise Invalid(*(Fault("password", fault, "SEC-03", remedy) for fault in faults))


def hashed(password: str) -> str:
    """Hash a password to keep."""
    with _hashing:
        return _argon2.hash(_normal(password))


def matches(password: str, kept: str) -> bool:
    """Compare a password with its kept hash; takes as long when there is none, so that time tells nobody who exists."""
    if len(password) > LONGEST or not records.is_text(password):
        return False
    with _hashing:
        found = _argon2.verify(_normal(password), kept or _nobody())
    return found and bool(kept)


def set_password(work: Work, user_id: UUID, password: str) -> None:
    """Set a user's password and end his sessions; for who came by an invitation, and for the command line."""
    email = work.connection.scalar(
        sa.select(tenant_user.c.email)
        .where(tenant_user.c.tenant_id == work.tenant_id, tenant_user.c.id == user_id)
        .with_for_update(key_share=True)
    )
    if email is None:
        raise NotFound("user")
    check(password, email)
    write(work, user_id, hashed(password))
    sessions.end_all(work, user_id)
    audit.note(work, "users.set_password", f"Set the password of {email}.", user_id)


def change_password(work: Work, old: str, new: str, *, session_id: UUID | None = None) -> None:
    """Change one's own password, knowing the old one; every other session ends."""
    row = work.connection.execute(
        sa.select(tenant_user.c.id, tenant_user.c.email, tenant_user.c.password_hash)
        .where(tenant_user.c.tenant_id == work.tenant_id, tenant_user.c.id == work.actor.id)
        .with_for_update(key_share=True)
    ).first()
    if row is None:
        raise NotFound("user")
    if not matches(old, row.password_hash):
        raise Invalid(
            Fault("old", "This is not your present password.", "SEC-03", "Type the password you sign in with.")
        )
    check(new, row.email)
    write(work, row.id, hashed(new))
    sessions.end_all(work, row.id, but=session_id)
    audit.note(work, "users.change_password", "Changed his own password.", row.id)


def write(work: Work, user_id: UUID, password_hash: str) -> None:
    """Keep a hash (empty: he has no password) and take every open invitation back."""
    work.connection.execute(
        sa.update(tenant_user)
        .values(password_hash=password_hash, version=tenant_user.c.version + 1)
        .where(tenant_user.c.tenant_id == work.tenant_id, tenant_user.c.id == user_id)
    )
    work.connection.execute(
        sa.delete(invitation).where(invitation.c.tenant_id == work.tenant_id, invitation.c.user_id == user_id)
    )


def as_himself(work: Work, user_id: UUID) -> Work:
    """Go on as the user who has just proved who he is, so that the log names him."""
    return replace(work, actor=actor_of(work.connection, work.tenant_id, user_id))


def _normal(password: str) -> str:
    # One keyboard writes é as one character, the next as two.
    return unicodedata.normalize("NFKC", password)


@cache
def _nobody() -> str:
    return _argon2.hash("nobody has this password")
