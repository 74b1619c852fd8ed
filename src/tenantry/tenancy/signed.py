"""Who is signed in, as every request learns it from its cookie or its token in one statement."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.kernel.actor import Actor
from tenantry.kernel.problems import NotSignedIn
from tenantry.schema.tenant import tenant, tenant_user
from tenantry.tenancy import place
from tenantry.tenancy.actor import rights


@dataclass(frozen=True)
class Signed:
    """Who asks, in which tenant, and how he likes to see it; `credential_id` is the session's id, or the token's."""

    kind: Literal["session", "token"]
    credential_id: UUID
    tenant_id: UUID
    tenant_name: str
    tenant_code: str
    tenant_kind: str
    edition: str
    user_id: UUID
    actor: Actor
    email: str
    theme: str
    language: str
    time_zone: str
    date_format: str
    default_currency: str
    expires_at: datetime | None

    @property
    def session_id(self) -> UUID | None:
        """Name the session; none for who came with a token."""
        return self.credential_id if self.kind == "session" else None


def signed_by(credential: sa.Table, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """Select the active user of a credential with his rights and his tenant; binds `tenant` and `hash`."""
    return (
        sa.select(
            credential.c.id.label("credential_id"),
            credential.c.created_at,
            credential.c.expires_at,
            tenant_user.c.id.label("user_id"),
            tenant_user.c.name.label("user_name"),
            tenant_user.c.email,
            tenant_user.c.theme,
            tenant_user.c.language.label("user_language"),
            tenant.c.name.label("tenant_name"),
            tenant.c.code.label("tenant_code"),
            tenant.c.kind.label("tenant_kind"),
            tenant.c.language.label("tenant_language"),
            tenant.c.edition,
            *place.COLUMNS,
            tenant.c.date_format,
            tenant.c.default_currency,
            *columns,
            *rights(tenant_user),
        )
        .select_from(
            credential.join(
                tenant_user,
                sa.and_(
                    tenant_user.c.tenant_id == credential.c.tenant_id,
                    tenant_user.c.id == credential.c.user_id,
                    tenant_user.c.status == "active",
                ),
            ).join(tenant, tenant.c.id == credential.c.tenant_id)
        )
        .where(credential.c.tenant_id == sa.bindparam("tenant"), credential.c.secret_hash == sa.bindparam("hash"))
    )


def signed_from(work: Work, row: Any, kind: Literal["session", "token"], actor: Actor) -> Signed:
    """Read off the row who is signed in, and let the unit of work know what it says of the tenant."""
    place.keep(work, row)
    return Signed(
        kind=kind,
        credential_id=row.credential_id,
        tenant_id=work.tenant_id,
        tenant_name=row.tenant_name,
        tenant_code=row.tenant_code,
        tenant_kind=row.tenant_kind,
        edition=row.edition,
        user_id=row.user_id,
        actor=actor,
        email=row.email,
        theme=row.theme,
        language=row.user_language or row.tenant_language or "en",
        time_zone=row.time_zone or "UTC",
        date_format=row.date_format,
        default_currency=row.default_currency,
        expires_at=row.expires_at,
    )


def not_signed_in() -> NotSignedIn:
    """Say it the same way for unknown, ended and revoked, so that nobody learns which it was."""
    return NotSignedIn(
        "You are not signed in, or your session or token has ended.",
        rule="SEC-03",
        remedy="Sign in, or use a token that has neither ended nor been revoked.",
    )
