"""Keep the distributor's side in step with what a reseller changes in his tenant:
each batch of messages in one transaction (DN-29, UP-40).
"""

from uuid import UUID

import sqlalchemy as sa

from tenantry import jobs
from tenantry.database import Database
from tenantry.rules.mirror_up.keeping import STATEMENTS
from tenantry.schema.tenant import tenant

BATCH = 1_000


@jobs.applies_messages
def apply(database: Database, tenant_id: UUID) -> int:
    """Claim a batch of what a tenant told, bring the mirrors above to the present, commit;
    says how many messages it took.
    """
    with database.work(tenant_id) as work:
        above = work.connection.execute(_ABOVE, {"tenant": tenant_id}).first()
    tenants = [tenant_id] if above is None or above.parent_id is None else [tenant_id, above.parent_id]
    with database.channel(tenant_id, tenants) as work:
        told = jobs.claim(work.connection, tenant_id, BATCH)
        if told and above is not None and above.parent_id is not None:
            words = {
                "giver": tenant_id,
                "taker": above.parent_id,
                "reseller": above.reseller_account_id,
                "at": work.at,
                "page": sorted({one.account_id for one in told}),
            }
            for statement in STATEMENTS:
                work.connection.execute(statement, words)
    return len(told)


_ABOVE = sa.select(tenant.c.parent_id, tenant.c.reseller_account_id).where(tenant.c.id == sa.bindparam("tenant"))
