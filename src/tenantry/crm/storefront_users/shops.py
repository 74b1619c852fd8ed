"""The shop of a tenant: found by the code in its address, before anybody is signed in (SF-01)."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Database, Work
from tenantry.kernel.problems import NotFound
from tenantry.schema.tenant import tenant

NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Shop:
    """The shop of a tenant of edition premium, how it writes, and whether it sells: `rests` is empty where it does,
    else suspended or closed (TEN-07).
    """

    tenant_id: UUID
    code: str
    name: str
    language: str
    time_zone: str
    date_format: str
    rests: str = ""


def find(database: Database, code: str) -> Shop:
    """Give the shop with this code; raises NotFound where there is no such tenant or it has no shop."""
    with database.work(NOBODY) as nobody, nobody.searching() as connection:
        tenant_id = connection.scalar(sa.select(tenant.c.id).where(tenant.c.code == code[:320].replace("\x00", "")))
    if tenant_id is None:
        raise NotFound("shop")
    with database.work(tenant_id) as work:
        return of(work)


def of(work: Work) -> Shop:
    """Give the tenant's own shop; raises NotFound where its edition has none."""
    row = work.connection.execute(_SHOP, {"tenant": work.tenant_id}).first()
    if row is None:
        raise NotFound("shop")
    return Shop(work.tenant_id, *row)


RESTS = sa.case(
    (tenant.c.closed_at.is_not(None), "closed"), (tenant.c.suspended_at.is_not(None), "suspended"), else_=""
)
_SHOP = sa.select(
    tenant.c.code, tenant.c.name, tenant.c.language, tenant.c.time_zone, tenant.c.date_format, RESTS
).where(tenant.c.id == sa.bindparam("tenant"), tenant.c.edition == "premium")
