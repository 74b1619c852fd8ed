"""Human-readable numbers, the tenant's own, reserved by one counter update (TEN-08)."""

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.schema.tenant import counter


def reserve(work: Work, name: str, count: int = 1) -> int:
    """Reserve so many numbers and give the first; they are held until the transaction ends, so none is given twice."""
    return int(work.connection.scalar(TAKE, {"tenant": work.tenant_id, "which": name, "count": count}))


_COUNT = sa.bindparam("count", type_=sa.BigInteger)
TAKE = (
    sa.update(counter)
    .where(counter.c.tenant_id == sa.bindparam("tenant"), counter.c.name == sa.bindparam("which"))
    .values(next=counter.c.next + _COUNT)
    .returning((counter.c.next - _COUNT).label("first"))
)
