"""What is looked at before a tenant reseller goes live (DN-45)."""

import sqlalchemy as sa

from tenantry.rules.binds import GIVER, MOMENT, RESELLER, TAKER
from tenantry.rules.check import BLOCKER, NOTE, Check
from tenantry.rules.transfer_accounts.candidates import CANDIDATES, listed as is_customer
from tenantry.rules.transfer_accounts.checks import being_handed_over
from tenantry.rules.transfer_accounts.sources import giver
from tenantry.rules.transfer_subscriptions import sources as had
from tenantry.rules.transfer_subscriptions.prices import price_below
from tenantry.schema.catalog import product
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account
from tenantry.schema.sales import subscription
from tenantry.schema.tenant import tenant

listed = sa.and_(giver.c.tenant_id == GIVER, giver.c.standing == "handed_down", giver.c.managed_by == TAKER)

its_customer, received = account.alias("its_customer"), account.alias("received")
above, copy, home = subscription.alias("above"), subscription.alias("copy"), tenant.alias("home")
sells = product.alias("sells")

# Every customer of the reseller, copied or not; he himself is none.
is_his = sa.and_(
    its_customer.c.tenant_id == GIVER,
    its_customer.c.id != RESELLER,
    sa.or_(its_customer.c.bill_to_id == RESELLER, its_customer.c.managed_by == TAKER),
)
left = (
    sa.select(had.giver.c.id, its_customer.c.id.label("account_id"))
    .join(its_customer, sa.and_(is_his, its_customer.c.id == had.giver.c.account_id))
    .where(had.giver.c.tenant_id == GIVER, had.is_left)
)
accounts_left = sa.select(giver.c.id).where(is_customer, *(~check.breaks for check in CANDIDATES))

_today = sa.cast(
    sa.func.timezone(sa.select(home.c.time_zone).where(home.c.id == GIVER).correlate(None).scalar_subquery(), MOMENT),
    sa.Date,
)
_of_account = sa.and_(
    above.c.tenant_id == GIVER,
    above.c.account_id == giver.c.id,
    above.c.standing == "own",
    above.c.managed_by == TAKER,
)
_is_due = sa.and_(
    above.c.status.in_(["active", "pending_cancellation"]),
    above.c.paid_from.is_not(None),
    sa.func.coalesce(above.c.charged_until + 1, above.c.paid_from) <= sa.func.coalesce(above.c.end_on, _today),
    sa.func.coalesce(above.c.charged_until + 1, above.c.paid_from) <= _today,
)
_price = price_below(
    above,
    account=above.c.account_id,
    product=above.c.product_id,
    cycle=above.c.cycle,
    quantity=above.c.quantity,
)
_lags_behind = sa.exists().where(
    copy.c.tenant_id == TAKER,
    copy.c.id == above.c.id,
    sa.or_(copy.c.product_id != above.c.product_id, copy.c.cycle != above.c.cycle),
)
_is_sold_below = sa.exists().where(sells.c.tenant_id == TAKER, sells.c.id == above.c.product_id)

CHECKS = (
    Check(
        "reseller-not-ready",
        "TEN-06",
        "The tenant reseller is not in a state in which it can go live.",
        offenders=sa.select(tenant_reseller.c.id).where(
            tenant_reseller.c.tenant_id == GIVER,
            tenant_reseller.c.id == RESELLER,
            tenant_reseller.c.state.not_in(["set_up", "accounts_transferred"]),
        ),
        severity=BLOCKER,
        remedy="Wait until its creation is complete, or resume it.",
        whole=True,
    ),
    Check(
        "subscriptions-left",
        "DN-45",
        "Not every subscription and asset of his customers that lasts has been copied to his tenant.",
        offenders=left,
        severity=BLOCKER,
        remedy="Transfer Subscriptions first; convert or cancel what cannot go.",
        whole=True,
    ),
    Check(
        "accounts-left",
        "DN-45",
        "There are customers of his that have not been copied to his tenant.",
        offenders=accounts_left,
        severity=BLOCKER,
        remedy="Plan it again: the accounts that are left are copied first.",
        whole=True,
    ),
    being_handed_over(giver, giver.c.id),
    Check(
        "copy-gone",
        "DN-45",
        "The reseller's tenant does not have the account that was copied.",
        offenders=sa.select(giver.c.id).where(
            ~sa.exists().where(
                received.c.tenant_id == TAKER, received.c.id == giver.c.id, received.c.standing == "received"
            )
        ),
        severity=BLOCKER,
        remedy="Undo its transfer, and transfer it again.",
    ),
    Check(
        "charges-due",
        "DN-40",
        "It has charges that are due and have yet to be made, which would fall to the reseller.",
        offenders=sa.select(giver.c.id).where(sa.exists().where(_of_account, _is_due)),
        severity=BLOCKER,
        remedy="Wait until the work of the day is done; it runs by itself shortly after midnight.",
    ),
    Check(
        "copy-behind",
        "DN-42",
        "A subscription was changed into something that the reseller does not sell, so its copy could not follow.",
        offenders=sa.select(giver.c.id).where(
            sa.exists().where(_of_account, _lags_behind, sa.or_(~_is_sold_below, _price.is_(None)))
        ),
        severity=BLOCKER,
        remedy="Add the product to the reseller's price list and update the tenant, then plan again.",
    ),
    Check(
        "has-subscriptions-left",
        "DN-45",
        "It has subscriptions or assets that were not copied.",
        offenders=sa.select(giver.c.id).where(
            sa.exists().where(had.giver.c.tenant_id == GIVER, had.giver.c.account_id == giver.c.id, had.is_left)
        ),
        severity=NOTE,
        remedy="Transfer Subscriptions says of each what holds it back.",
    ),
)
