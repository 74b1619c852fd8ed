"""What a deletion below does above: the account is archived, or removed where nothing leads to it (UP-21, UP-24).

The deleted row below is the tombstone; without one nothing is deleted above.
"""

import sqlalchemy as sa

from tenantry.rules.binds import GIVER, TAKER
from tenantry.rules.mirror_up.batch import managed
from tenantry.rules.plan import PAGE
from tenantry.schema import metadata
from tenantry.schema.catalog import sync_option
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account, activity, address, contact
from tenantry.schema.tenant import tenant

tombstone = account.alias("tombstone")
mirrored = account.alias("mirrored")
payer = account.alias("payer")

_dead = sa.exists().where(
    tombstone.c.tenant_id == GIVER, tombstone.c.id == mirrored.c.id, tombstone.c.status == "deleted"
)
_CHILDREN = (activity, contact, address, sync_option)
# Whatever leads to it: documents, sales, customers that it pays for. A middle tier keeps the row for its own seller.
_LEADING = [
    table
    for table in metadata.sorted_tables
    if table not in (*_CHILDREN, account)
    and "account_id" in table.c
    and any(key.column.table is account for key in table.foreign_keys)
]
_needed = sa.or_(
    *(sa.exists().where(table.c.tenant_id == TAKER, table.c.account_id == mirrored.c.id) for table in _LEADING),
    sa.exists().where(tenant_reseller.c.tenant_id == TAKER, tenant_reseller.c.id == mirrored.c.id),
    sa.exists().where(
        payer.c.tenant_id == TAKER,
        sa.or_(payer.c.bill_to_id == mirrored.c.id, payer.c.parent_id == mirrored.c.id),
        payer.c.id != mirrored.c.id,
    ),
    sa.exists().where(tenant.c.id == TAKER, tenant.c.parent_id.is_not(None)),
)
_gone = (
    sa.select(mirrored.c.id)
    .join(managed, managed.c.id == mirrored.c.id)
    .where(mirrored.c.tenant_id == TAKER, mirrored.c.managed_by == GIVER, _dead)
)

# The accounts of a batch that were deleted below.
tombstones = sa.select(tombstone.c.id).where(
    tombstone.c.tenant_id == GIVER, tombstone.c.id == sa.any_(PAGE), tombstone.c.status == "deleted"
)

_children = tuple(
    sa.delete(table).where(table.c.tenant_id == TAKER, table.c.account_id.in_(_gone.where(~_needed)))
    for table in _CHILDREN
)
removed = sa.delete(account).where(account.c.tenant_id == TAKER, account.c.id.in_(_gone.where(~_needed)))
archived = (
    sa.update(account)
    .values(standing="archived", managed_by=None, version=account.c.version + 1)
    .where(account.c.tenant_id == TAKER, account.c.id.in_(_gone))
)

STATEMENTS = (*_children, removed, archived)
