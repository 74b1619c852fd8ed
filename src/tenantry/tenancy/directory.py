"""The installation's directory: which e-mail may sign in to which tenants, found by a keyed hash (TEN-20)."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry.schema.tenant import sign_in_directory
from tenantry.tenancy import keys

MOST = 50


def normal(email: str) -> str:
    """Write an e-mail as it is kept and compared: in small letters."""
    return email.strip().lower()


def enter(connection: sa.Connection, tenant_id: UUID, user_id: UUID, email: str) -> None:
    """Say where this e-mail may sign in; again changes nothing."""
    row = {"email_hash": _hash(email), "tenant_id": tenant_id, "user_id": user_id}
    connection.execute(insert(sign_in_directory).values(row).on_conflict_do_nothing())


def leave(connection: sa.Connection, tenant_id: UUID, user_id: UUID) -> None:
    """Forget where a user signs in, because his e-mail changes."""
    d = sign_in_directory.c
    connection.execute(sa.delete(sign_in_directory).where(d.tenant_id == tenant_id, d.user_id == user_id))


def look_up(connection: sa.Connection, email: str) -> list[tuple[UUID, UUID]]:
    """Find the tenants and users of an e-mail."""
    d = sign_in_directory.c
    query = sa.select(d.tenant_id, d.user_id).where(d.email_hash == _hash(email)).order_by(d.tenant_id).limit(MOST)
    return [(row.tenant_id, row.user_id) for row in connection.execute(query)]


def tenants(connection: sa.Connection) -> list[UUID]:
    """List every tenant that anybody can sign in to, for the installation's housekeeping."""
    d = sign_in_directory.c
    return list(connection.scalars(sa.select(d.tenant_id).distinct().order_by(d.tenant_id)))


def _hash(email: str) -> str:
    return keys.keyed("directory", normal(email))
