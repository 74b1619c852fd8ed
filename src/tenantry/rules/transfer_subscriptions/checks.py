"""What is looked at before subscriptions are transferred, and who can go (DN-40 to DN-44)."""

from typing import Any

import sqlalchemy as sa

from tenantry.rules.binds import GIVER, RESELLER, TAKER
from tenantry.rules.check import BLOCKER, NOTE, WARNING, Check
from tenantry.rules.transfer_accounts.checks import NO_ADMIN_USER, being_handed_over
from tenantry.rules.transfer_accounts.sources import list_currency
from tenantry.rules.transfer_subscriptions.converting import is_convertible
from tenantry.rules.transfer_subscriptions.prices import price_below
from tenantry.rules.transfer_subscriptions.sources import (
    giver,
    is_copied_account,
    is_left,
    is_running,
    things,
)
from tenantry.schema.catalog import product, product_add_on, sync_option
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.sales import subscription_add_on
from tenantry.schema.subscription import subscription_change

taken, its_product, below = things("taken"), product.alias("its_product"), product.alias("below")
tie_above, tie_below = sync_option.alias("tie_above"), sync_option.alias("tie_below")
standing = sa.select(tenant_reseller.c.id).where(tenant_reseller.c.tenant_id == GIVER, tenant_reseller.c.id == RESELLER)

listed = sa.and_(giver.c.tenant_id == GIVER, is_left, is_copied_account)

price = price_below(
    giver,
    account=giver.c.account_id,
    product=giver.c.product_id,
    cycle=giver.c.cycle,
    quantity=giver.c.quantity,
)
add_on_price = price_below(
    giver,
    subscription_add_on,
    account=giver.c.account_id,
    product=subscription_add_on.c.product_id,
    cycle=giver.c.cycle,
    quantity=subscription_add_on.c.quantity,
)
goes_with = sa.exists().where(
    product_add_on.c.tenant_id == TAKER,
    product_add_on.c.product_id == giver.c.product_id,
    product_add_on.c.add_on_id == subscription_add_on.c.product_id,
)
lacks_add_on = sa.exists().where(
    subscription_add_on.c.tenant_id == GIVER,
    subscription_add_on.c.subscription_id == giver.c.id,
    sa.or_(~goes_with, add_on_price.is_(None)),
)
lacks_product = ~sa.exists().where(below.c.tenant_id == TAKER, below.c.id == giver.c.product_id)

_its_system = (
    sa.select(its_product.c.provisioning_system_id)
    .where(its_product.c.tenant_id == GIVER, its_product.c.id == giver.c.product_id)
    .correlate(giver)
    .scalar_subquery()
)


def _status(tie: Any, tenant: sa.BindParameter[Any]) -> sa.ColumnElement[str]:
    """Give where the account's tie to the product's system stands; having none is as good as not synchronized."""
    found = (
        sa.select(tie.c.status)
        .where(tie.c.tenant_id == tenant, tie.c.account_id == giver.c.account_id, tie.c.system_id == _its_system)
        .correlate(giver)
        .scalar_subquery()
    )
    return sa.func.coalesce(found, "not_synchronized")


is_synchronized = sa.or_(
    _its_system.is_(None),
    _status(tie_below, TAKER) == "synchronized",
    _status(tie_below, TAKER) == _status(tie_above, GIVER),
)

CANDIDATES = (
    Check(
        "already-copied",
        "DN-40",
        "It has been copied to the reseller's tenant already.",
        offenders=sa.select(giver.c.id).where(
            giver.c.standing == "own", giver.c.managed_by.is_not_distinct_from(TAKER)
        ),
        severity=BLOCKER,
        remedy="Nothing has to be done; its copy follows it until go-live.",
    ),
    Check(
        "managed-elsewhere",
        "DN-40",
        "It is managed by somebody else.",
        offenders=sa.select(giver.c.id).where(
            sa.or_(giver.c.standing != "own", sa.and_(giver.c.managed_by.is_not(None), giver.c.managed_by != TAKER))
        ),
        severity=BLOCKER,
        remedy="Only the seller who manages it can hand it over.",
    ),
    Check(
        "ended",
        "DN-40",
        "It has ended.",
        offenders=sa.select(giver.c.id).where(~is_running),
        severity=BLOCKER,
        remedy="Nothing has to be done: what has ended stays with the distributor.",
    ),
    Check(
        "account-not-copied",
        "DN-40",
        "Its account has not been copied to the reseller's tenant.",
        offenders=sa.select(giver.c.id).where(~is_copied_account),
        severity=BLOCKER,
        remedy="Transfer the account first.",
    ),
)

CHECKS = (
    Check(
        "reseller-not-ready",
        "TEN-06",
        "The tenant reseller is not in a state in which subscriptions are transferred to it.",
        offenders=standing.where(tenant_reseller.c.state != "accounts_transferred"),
        severity=BLOCKER,
        remedy="Transfer accounts first, or resume it; what a live reseller sells comes up from below by itself.",
        whole=True,
    ),
    NO_ADMIN_USER,
    being_handed_over(giver, giver.c.account_id, "Another handover has its account in hand."),
    Check(
        "already-there",
        "TEN-03",
        "The reseller's tenant has a record of this id that this transfer did not make.",
        offenders=sa.select(giver.c.id).where(
            giver.c.managed_by.is_distinct_from(TAKER),
            sa.exists().where(taken.c.tenant_id == TAKER, taken.c.id == giver.c.id),
        ),
        severity=BLOCKER,
        remedy="Compare the two; the one below must go or be handed back first.",
    ),
    Check(
        "subscription-currency",
        "DN-41",
        "It is in another currency than the reseller's price list.",
        offenders=sa.select(giver.c.id).where(giver.c.currency != list_currency, ~is_convertible(giver.c.currency)),
        severity=BLOCKER,
        remedy="Plan again with a rate to convert it at, or cancel it; the others can go now.",
    ),
    Check(
        "product-not-sold-below",
        "DN-42",
        "The reseller's tenant lacks its product, or a price of it for this cycle in the currency of his price list.",
        offenders=sa.select(giver.c.id).where(sa.or_(lacks_product, price.is_(None))),
        severity=BLOCKER,
        remedy="Add the product and its cycle to the reseller's price list and update the tenant, then plan again.",
    ),
    Check(
        "add-on-not-sold-below",
        "DN-42",
        "It has an add-on that the reseller's tenant lacks, or has no price of for this cycle.",
        offenders=sa.select(giver.c.id).where(lacks_add_on),
        severity=BLOCKER,
        remedy="Add the add-on to the reseller's price list and update the tenant, then plan again.",
    ),
    Check(
        "account-not-synchronized",
        "DN-43",
        "Its account is not synchronized below with the product's provisioning system, and stands otherwise there than "
        "here.",
        offenders=sa.select(giver.c.id).where(~is_synchronized),
        severity=BLOCKER,
        remedy="Synchronize the account in the reseller's tenant, or give it the status that it has here.",
    ),
    Check(
        "changes-planned",
        "DN-40",
        "It has changes that are planned for a later day, which do not go with it.",
        offenders=sa.select(giver.c.id).where(
            sa.exists().where(
                subscription_change.c.tenant_id == GIVER,
                subscription_change.c.subscription_id == giver.c.id,
                subscription_change.c.status == "scheduled",
                subscription_change.c.kind != "cancellation",
            )
        ),
        severity=WARNING,
        remedy="They are made until go-live; plan what is left of them again below, after it.",
    ),
    Check(
        "converted",
        "DN-44",
        "It is converted into the currency of the reseller's price list at the rate that was stated.",
        offenders=sa.select(giver.c.id).where(giver.c.currency != list_currency, is_convertible(giver.c.currency)),
        severity=NOTE,
        remedy="Look at its price above in the preview; what was charged before stays as it is.",
    ),
)
