"""Invitations: a link that lets a user set a password, once, within three days (SEC-03)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Database, Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Conflict
from tenantry.schema.tenant import invitation, tenant, tenant_user
from tenantry.tenancy import keys, passwords

LASTS = timedelta(hours=72)


@dataclass(frozen=True)
class Invitation:
    """A link that was just made; its secret is shown this once."""

    secret: str
    expires_at: datetime


@dataclass(frozen=True)
class Invited:
    """Whom a link invites, as the page behind it greets him."""

    name: str
    email: str
    tenant_name: str
    tenant_code: str


def make(work: Work, user_id: UUID) -> Invitation:
    """Make the one link of a user; an older one ends. Who may ask is checked before (`users.invite`, `reset`)."""
    withdraw(work, user_id)
    secret, secret_hash = keys.new_secret(work.tenant_id)
    made = Invitation(secret, work.at + LASTS)
    work.connection.execute(
        sa.insert(invitation).values(
            tenant_id=work.tenant_id,
            id=new_id(),
            user_id=user_id,
            secret_hash=secret_hash,
            expires_at=made.expires_at,
            created_at=work.at,
        )
    )
    return made


def withdraw(work: Work, user_id: UUID) -> None:
    """End a user's open link."""
    i = invitation.c
    work.connection.execute(sa.delete(invitation).where(i.tenant_id == work.tenant_id, i.user_id == user_id))


def invited(database: Database, text: str) -> Invited:
    """Say whom a link invites; raises Conflict when it was used or has ended."""
    secret = _read(text)
    with database.work(secret.tenant_id) as work:
        row = _find(work, secret)
        return Invited(row.name, row.email, row.tenant_name, row.tenant_code)


def accept(database: Database, text: str, password: str) -> None:
    """Set the password by a link, which is used up by it; he signs in with it afterwards, second factor included."""
    secret = _read(text)
    with database.work(secret.tenant_id) as work:
        row = _find(work, secret)
        passwords.set_password(passwords.as_himself(work, row.id), row.id, password)


def _read(text: str) -> keys.Secret:
    secret = keys.read_secret(text)
    if secret is None:
        raise _ended()
    return secret


def _find(work: Work, secret: keys.Secret) -> sa.Row[*tuple[Any, ...]]:
    row = work.connection.execute(_INVITED, {"tenant": secret.tenant_id, "hash": secret.hash, "now": work.at}).first()
    if row is None:
        raise _ended()
    return row


def _ended() -> Conflict:
    return Conflict(
        "This link was used already, or its three days are over.",
        code="link-ended",
        rule="SEC-03",
        remedy="Ask an administrator for a new one.",
    )


_INVITED = (
    sa.select(
        tenant_user.c.id,
        tenant_user.c.name,
        tenant_user.c.email,
        tenant.c.name.label("tenant_name"),
        tenant.c.code.label("tenant_code"),
    )
    .select_from(
        invitation.join(
            tenant_user,
            sa.and_(
                tenant_user.c.tenant_id == invitation.c.tenant_id,
                tenant_user.c.id == invitation.c.user_id,
                tenant_user.c.status == "active",
            ),
        ).join(tenant, tenant.c.id == invitation.c.tenant_id)
    )
    .where(
        invitation.c.tenant_id == sa.bindparam("tenant"),
        invitation.c.secret_hash == sa.bindparam("hash"),
        invitation.c.expires_at > sa.bindparam("now"),
    )
    # Of two who click at once, the second finds it used.
    .with_for_update(of=invitation)
)
