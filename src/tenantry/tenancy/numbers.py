"""Human-readable numbers, the tenant's own, reserved by one counter update (TEN-08)."""

from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Database, Work
from tenantry.schema.tenant import counter


def reserve(work: Work, name: str, count: int = 1) -> int:
    """Reserve so many numbers and give the first; they are held until the transaction ends, so none is given twice."""
    return int(work.connection.scalar(TAKE, {"tenant": work.tenant_id, "which": name, "count": count}))


def reserved(database: Database, tenant_id: UUID, name: str, count: int) -> int:
    """Reserve numbers in a transaction of their own: nobody of the tenant waits for a long one to get his."""
    with database.work(tenant_id) as work:
        # What is written with them is committed later and brings this to the disk with it; nobody sees them before.
        work.connection.exec_driver_sql("SET LOCAL synchronous_commit TO off")
        return reserve(work, name, count)


_COUNT = sa.bindparam("count", type_=sa.BigInteger)
TAKE = (
    sa.update(counter)
    .where(counter.c.tenant_id == sa.bindparam("tenant"), counter.c.name == sa.bindparam("which"))
    .values(next=counter.c.next + _COUNT)
    .returning((counter.c.next - _COUNT).label("first"))
)
