"""Charge the demo's subscriptions up to today, as the daily work would have."""

import sqlalchemy as sa

from tenantry.charging import charges
from tenantry.charging.cycles import count_add_ons, next_cycles
from tenantry.database import Work
from tenantry.schema.sales import subscription
from tenantry.tenancy.records import write


def charge_up_to_today(work: Work) -> None:
    """Charge cycle after cycle of each subscription that is paid for, until each is charged for today."""
    s = subscription.c
    first = sa.func.coalesce(s.charged_until + 1, s.paid_from)
    due = sa.select(s.id).where(
        s.tenant_id == work.tenant_id, first <= work.at.date(), sa.func.coalesce(s.end_on, first) >= first
    )
    while ids := work.connection.scalars(due).all():
        for id_, cycle in next_cycles(work, ids).items():
            charges.write(work, cycle.charges)
            write(work, subscription, id_, cycle.values)
            count_add_ons(work, cycle.add_ons)
