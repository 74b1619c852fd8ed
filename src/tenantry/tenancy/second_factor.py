"""The second factor: a code of the half-minute from an authenticator, or one of ten recovery codes (SEC-03)."""

import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pyotp
import sqlalchemy as sa

from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Conflict, Fault, Invalid, NotFound
from tenantry.schema.tenant import recovery_code, tenant, tenant_user
from tenantry.tenancy import audit, keys, passwords

STEP_SECONDS = 30
ENROL_SECONDS = 900
RECOVERY_CODES = 10


@dataclass(frozen=True)
class Enrolment:
    """What the authenticator is told (`uri` as a QR code, or `secret` typed), and the sealed form that confirms it."""

    uri: str
    secret: str
    sealed: str


def enrol(work: Work) -> Enrolment:
    """Begin: nothing is kept until the first code proves that the authenticator has the secret."""
    row = _himself(work)
    secret = pyotp.random_base32()
    uri = pyotp.TOTP(secret).provisioning_uri(name=row.email, issuer_name=f"Tenantry {row.tenant_name}")
    return Enrolment(uri, secret, keys.seal(f"enrol {work.actor.id}", secret))


def confirm(work: Work, sealed: str, code: str) -> tuple[str, ...]:
    """Turn it on; gives the recovery codes, which are shown this once."""
    row = _himself(work)
    if row.second_factor is not None:
        raise Conflict("The second factor is on already.", rule="SEC-03", remedy="Turn it off first.")
    secret = keys.unseal(f"enrol {work.actor.id}", sealed, seconds=ENROL_SECONDS)
    step = _step_of(work, secret, code) if secret else None
    if secret is None or step is None:
        raise _wrong_code()
    _write(work, row.id, second_factor=keys.seal(f"second factor {row.id}", secret), second_factor_step=step)
    codes = tuple(f"{secrets.token_hex(4)}-{secrets.token_hex(4)}" for _ in range(RECOVERY_CODES))
    rows = [
        {"tenant_id": work.tenant_id, "id": new_id(), "user_id": row.id, "secret_hash": _hash(row.id, code)}
        for code in codes
    ]
    work.connection.execute(sa.insert(recovery_code), rows)
    audit.note(work, "users.enable_second_factor", "Turned his second factor on.", row.id)
    return codes


def turn_off(work: Work, password: str) -> None:
    """Turn one's own off; the password is asked for again, since the page may have been left open."""
    row = _himself(work)
    if not passwords.matches(password, row.password_hash):
        raise Invalid(Fault("password", "This is not your password.", "SEC-03", "Type the password you sign in with."))
    clear(work, row.id)
    audit.note(work, "users.disable_second_factor", "Turned his second factor off.", row.id)


def takes(work: Work, user_id: UUID, code: str) -> bool:
    """Say whether a code, or a recovery code, lets this user in; either does so once."""
    row = work.connection.execute(
        sa.select(tenant_user.c.second_factor, tenant_user.c.second_factor_step)
        .where(tenant_user.c.tenant_id == work.tenant_id, tenant_user.c.id == user_id)
        .with_for_update(key_share=True)
    ).first()
    if row is None or row.second_factor is None:
        return False
    secret = keys.unseal(f"second factor {user_id}", row.second_factor)
    step = _step_of(work, secret, code) if secret else None
    if step is not None and step > (row.second_factor_step or 0):
        _write(work, user_id, second_factor_step=step)
        return True
    return _use_recovery_code(work, user_id, code)


def clear(work: Work, user_id: UUID) -> None:
    """Forget a user's second factor and his recovery codes."""
    _write(work, user_id, second_factor=None, second_factor_step=None)
    r = recovery_code.c
    work.connection.execute(sa.delete(recovery_code).where(r.tenant_id == work.tenant_id, r.user_id == user_id))


def _use_recovery_code(work: Work, user_id: UUID, code: str) -> bool:
    r = recovery_code.c
    used = work.connection.execute(
        sa.delete(recovery_code)
        .where(r.tenant_id == work.tenant_id, r.user_id == user_id, r.secret_hash == _hash(user_id, code))
        .returning(r.id)
    ).first()
    if used is not None:
        himself = passwords.as_himself(work, user_id)
        audit.note(himself, "users.use_recovery_code", "Signed in with a recovery code.", user_id)
    return used is not None


def _himself(work: Work) -> sa.Row[*tuple[Any, ...]]:
    row = work.connection.execute(
        sa.select(
            tenant_user.c.id,
            tenant_user.c.email,
            tenant_user.c.password_hash,
            tenant_user.c.second_factor,
            tenant.c.name.label("tenant_name"),
        )
        .select_from(tenant_user.join(tenant, tenant.c.id == tenant_user.c.tenant_id))
        .where(tenant_user.c.tenant_id == work.tenant_id, tenant_user.c.id == work.actor.id)
        .with_for_update(key_share=True, of=tenant_user)
    ).first()
    if row is None:
        raise NotFound("user")
    return row


def _step_of(work: Work, secret: str, code: str) -> int | None:
    """Find the half-minute that a code belongs to: the present one, or a neighbour, since clocks differ."""
    now = int(work.at.timestamp()) // STEP_SECONDS
    plain = "".join(code.split())
    found = [
        step
        for step in (now - 1, now, now + 1)
        if secrets.compare_digest(pyotp.TOTP(secret).generate_otp(step).encode(), plain.encode(errors="replace"))
    ]
    return found[-1] if found else None


def _write(work: Work, user_id: UUID, **values: str | int | None) -> None:
    work.connection.execute(
        sa.update(tenant_user)
        .values(version=tenant_user.c.version + 1, **values)
        .where(tenant_user.c.tenant_id == work.tenant_id, tenant_user.c.id == user_id)
    )


def _hash(user_id: UUID, code: str) -> str:
    return keys.keyed("recovery", f"{user_id} {code.strip().lower()}")


def _wrong_code() -> Invalid:
    remedy = "Check the clock of the device, and type the code it shows now."
    return Invalid(Fault("code", "This code is not right.", "SEC-03", remedy))
