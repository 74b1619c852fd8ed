"""Tables of the set-up in which one record is taken where none is chosen: which one that is, changes here alone."""

from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.tenancy import records


def one_at_a_time(work: Work, table: sa.Table) -> None:
    """Lock all records of the tenant, by id, so that two people cannot each leave a default of their own."""
    query = sa.select(table.c.id).where(table.c.tenant_id == work.tenant_id).order_by(table.c.id)
    work.connection.execute(query.with_for_update(key_share=True)).all()


def is_missing(work: Work, table: sa.Table, *among: sa.ColumnElement[bool]) -> bool:
    """Say whether no record is the default yet, of all or of some."""
    mine = (table.c.tenant_id == work.tenant_id, *among, table.c.is_default)
    return not work.connection.scalar(sa.select(sa.exists().where(*mine)))


def become(work: Work, table: sa.Table, id: UUID, *among: sa.ColumnElement[bool]) -> None:
    """Make a record the default, of all or of some; the one that was is so no more."""
    work.connection.execute(
        sa.update(table)
        .values(is_default=False, version=table.c.version + 1)
        .where(table.c.tenant_id == work.tenant_id, *among, table.c.is_default)
    )
    records.write(work, table, id, {"is_default": True})
