"""Tell a tenant reseller's own tenant that he was suspended, resumed or closed: a line in its audit log (TEN-07)."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry.database import Work
from tenantry.kernel.ids import derived_id
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.tenant import audit_line, tenant

SAYS = {"suspended": "suspended this organisation: its users may look, but not sell or change", "closed": "closed it"}
RESUMED = "resumed this organisation"


def tell_below(work: Work, ids: list[UUID]) -> list[UUID]:
    """Write down there how each of these tenant resellers stands now, once however often it is applied; gives their
    tenants.
    """
    rows = work.connection.execute(_STANDING, {"tenant": work.tenant_id, "ids": ids}).all()
    for row in rows:
        with work.reaching([work.tenant_id, row.reseller_tenant_id]):
            line = {
                "tenant_id": row.reseller_tenant_id,
                "id": derived_id(row.id, row.reseller_tenant_id, f"standing {row.version}"),
                "at": work.at,
                "actor": row.name,
                "act": f"tenant.{row.state if row.state in SAYS else 'resumed'}",
                "sentence": f"{row.name} {SAYS.get(row.state, RESUMED)}.",
                "subject_id": row.reseller_tenant_id,
            }
            work.connection.execute(insert(audit_line).values(line).on_conflict_do_nothing())
    return [row.reseller_tenant_id for row in rows]


_STANDING = (
    sa.select(
        tenant_reseller.c.id,
        tenant_reseller.c.reseller_tenant_id,
        tenant_reseller.c.state,
        tenant_reseller.c.version,
        tenant.c.name,
    )
    .join(tenant, tenant.c.id == tenant_reseller.c.tenant_id)
    .where(
        tenant_reseller.c.tenant_id == sa.bindparam("tenant"),
        tenant_reseller.c.id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid))),
    )
    .order_by(tenant_reseller.c.id)
)
