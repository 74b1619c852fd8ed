"""Load one record of the catalogue for a change, and see that what a field refers to is there."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.kernel.problems import Fault, Invalid
from tenantry.tenancy import records


@dataclass(frozen=True)
class Governed:
    """A product as the policy sees it; it has no status of its own."""

    standing: str
    status: str = ""


def held(work: Work, table: sa.Table, id: UUID, what: str, version: int | None = None) -> sa.RowMapping:
    """Load and lock a record; NotFound where the tenant has none, Stale where it was changed since it was read."""
    return records.locked(work, table, id, version=version, what=what)._mapping  # noqa: SLF001 - SQLAlchemy's own name


def require_known(work: Work, table: sa.Table, field: str, id: UUID | None, what: str) -> None:
    """Raise Invalid unless the tenant has the record that a field refers to; none refers to nothing."""
    mine = sa.and_(table.c.tenant_id == work.tenant_id, table.c.id == id)
    if id is not None and not work.connection.scalar(sa.select(sa.exists().where(mine))):
        raise Invalid(
            Fault(field, f"There is no such {what} here.", remedy="Choose one from the list.", code="no-such-record")
        )
