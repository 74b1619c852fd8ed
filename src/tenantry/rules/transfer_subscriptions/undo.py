"""What stands in the way of taking subscriptions back (HND-05)."""

import sqlalchemy as sa

from tenantry.rules.binds import TAKER
from tenantry.rules.check import BLOCKER, Check
from tenantry.rules.transfer_accounts.undo import RESELLER_LIVE
from tenantry.rules.transfer_subscriptions.sources import things
from tenantry.schema.crm import activity

copied = things("copied")

OBSTACLES = (
    RESELLER_LIVE,
    Check(
        "business-done",
        "DN-40",
        "The reseller has activities about it.",
        offenders=sa.select(copied.c.id).where(
            sa.exists().where(activity.c.tenant_id == TAKER, activity.c.about_id == copied.c.id)
        ),
        severity=BLOCKER,
        remedy="It stays with the reseller; undo what was done first if it has to come back.",
    ),
)
