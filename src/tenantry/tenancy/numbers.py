"""Human-readable numbers, the tenant's own, reserved by one counter update (TEN-08)."""

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.schema.tenant import counter


def reserve(work: Work, name: str, count: int = 1) -> int:
    """Reserve so many numbers and give the first; they are held until the transaction ends, so none is given twice."""
    taken = (
        sa.update(counter)
        .where(counter.c.tenant_id == work.tenant_id, counter.c.name == name)
        .values(next=counter.c.next + count)
        .returning(counter.c.next - count)
    )
    return int(work.connection.execute(taken).scalar_one())
