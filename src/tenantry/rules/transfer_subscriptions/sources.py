"""What the rules of Transfer Subscriptions read: subscriptions and assets as one, and whose account each is."""

import sqlalchemy as sa

from tenantry.rules.binds import GIVER, TAKER
from tenantry.rules.subject import Subject
from tenantry.schema.crm import account
from tenantry.schema.sales import LASTING, subscription
from tenantry.schema.subscription import asset

SHARED = """tenant_id id account_id name status standing managed_by product_id currency quantity unit_price
    permission_rule_id search""".split()


def things(name: str) -> sa.Subquery:
    """Give subscriptions and assets as one, under a name of its own; what is paid once is no cycle but `one_off`."""
    every = sa.union_all(
        sa.select(
            *(subscription.c[one] for one in SHARED), subscription.c.cycle, sa.literal("subscription").label("entity")
        ),
        sa.select(
            *(asset.c[one] for one in SHARED), sa.literal("one_off").label("cycle"), sa.literal("asset").label("entity")
        ),
    )
    return every.subquery(name)


giver = things("record")
THINGS = Subject(
    one="subscription",
    many="subscriptions",
    given=giver,
    account=giver.c.account_id,
    entity=giver.c.entity,
    there=things("present"),
)

is_running = sa.or_(
    sa.and_(giver.c.entity == "subscription", giver.c.status.in_(LASTING)),
    sa.and_(giver.c.entity == "asset", giver.c.status == "active"),
)
# What has yet to be copied: a mark names the tenant that has a copy, while the row is still the giver's own.
is_left = sa.and_(giver.c.standing == "own", giver.c.managed_by.is_(None), is_running)

holder = account.alias("holder")
is_copied_account = sa.exists().where(
    holder.c.tenant_id == GIVER,
    holder.c.id == giver.c.account_id,
    holder.c.standing == "handed_down",
    holder.c.managed_by == TAKER,
)
