"""What is looked at before accounts are transferred (DN-10, DN-17, DN-23, DN-24, DN-32, DN-33)."""

from typing import Any

import sqlalchemy as sa

from tenantry.rules.binds import GIVER, HANDOVER, RESELLER, TAKER
from tenantry.rules.check import BLOCKER, NOTE, WARNING, Check
from tenantry.rules.transfer_accounts.sources import (
    giver,
    is_activated,
    is_second,
    list_currency,
    tenants_payment_method,
)
from tenantry.schema.catalog import product_add_on, product_price
from tenantry.schema.channel import handover_claim, tenant_reseller
from tenantry.schema.crm import account, address
from tenantry.schema.sales import LASTING, order, subscription, subscription_add_on
from tenantry.schema.tenant import tenant

taken = account.alias("taken")
standing = sa.select(tenant_reseller.c.id).where(tenant_reseller.c.tenant_id == GIVER, tenant_reseller.c.id == RESELLER)

not_ended = sa.and_(
    subscription.c.tenant_id == GIVER, subscription.c.account_id == giver.c.id, subscription.c.status.in_(LASTING)
)
sold_below = sa.exists().where(
    product_price.c.tenant_id == TAKER,
    product_price.c.product_id == subscription.c.product_id,
    product_price.c.cycle == subscription.c.cycle,
)
add_on_missing = sa.exists().where(
    subscription_add_on.c.tenant_id == GIVER,
    subscription_add_on.c.subscription_id == subscription.c.id,
    ~sa.exists().where(
        product_add_on.c.tenant_id == TAKER,
        product_add_on.c.product_id == subscription.c.product_id,
        product_add_on.c.add_on_id == subscription_add_on.c.product_id,
    ),
)


def being_handed_over(
    given: Any, account_id: sa.ColumnElement[Any], says: str = "Another handover has it in hand."
) -> Check:
    """Stop what another handover works on; a claim is always on an account."""
    return Check(
        "being-handed-over",
        "HND-03",
        says,
        offenders=sa.select(given.c.id).where(
            sa.exists().where(handover_claim.c.subject_id == account_id, handover_claim.c.handover_id != HANDOVER)
        ),
        severity=BLOCKER,
        remedy="Wait until that handover has ended, or cancel it.",
    )


NO_ADMIN_USER = Check(
    "no-admin-user",
    "DN-20",
    "The reseller's tenant has no admin user or no common permission rule to give the copies to.",
    offenders=sa.select(tenant.c.id).where(
        tenant.c.id == TAKER, sa.or_(tenant.c.admin_user_id.is_(None), tenant.c.common_rule_id.is_(None))
    ),
    severity=BLOCKER,
    remedy="Complete the creation of the tenant reseller.",
    whole=True,
)

CHECKS = (
    Check(
        "reseller-not-ready",
        "TEN-06",
        "The tenant reseller is not in a state in which accounts are transferred to it.",
        offenders=standing.where(tenant_reseller.c.state.not_in(["set_up", "accounts_transferred"])),
        severity=BLOCKER,
        remedy=(
            "Wait until its creation is complete, or resume it; a live reseller's customers come up from below by "
            "themselves."
        ),
        whole=True,
    ),
    NO_ADMIN_USER,
    Check(
        "no-payment-method",
        "DN-17",
        "The reseller's tenant has no payment method at all.",
        offenders=sa.select(tenant.c.id).where(tenant.c.id == TAKER, tenants_payment_method.is_(None)),
        severity=BLOCKER,
        remedy="Add one in the reseller's tenant under Setup > Payment Methods, then plan again.",
        whole=True,
    ),
    being_handed_over(giver, giver.c.id),
    Check(
        "open-orders",
        "DN-32",
        "It has submitted orders that nobody could execute after the transfer.",
        offenders=sa.select(giver.c.id).where(
            sa.exists().where(
                order.c.tenant_id == GIVER,
                order.c.account_id == giver.c.id,
                order.c.status == "submitted",
                order.c.standing == "own",
            )
        ),
        severity=BLOCKER,
        remedy="Execute or cancel them first, then plan again.",
    ),
    Check(
        "already-there",
        "TEN-03",
        "The reseller's tenant has an account of this id that this transfer did not make.",
        offenders=sa.select(giver.c.id).where(
            # What the reseller manages is rightly there.
            giver.c.managed_by.is_distinct_from(TAKER),
            sa.exists().where(
                taken.c.tenant_id == TAKER,
                taken.c.id == giver.c.id,
                taken.c.standing.not_in(["moved_out", "transferred_out"]),
            ),
        ),
        severity=BLOCKER,
        remedy="Compare the two accounts; the one below must go or be handed back first.",
    ),
    Check(
        "accounting-number-taken",
        "DN-10",
        "Its accounting number is already used in the reseller's tenant.",
        offenders=sa.select(giver.c.id).where(
            giver.c.accounting_no != "",
            sa.exists().where(
                taken.c.tenant_id == TAKER, taken.c.accounting_no == giver.c.accounting_no, taken.c.id != giver.c.id
            ),
        ),
        severity=WARNING,
        remedy="Both keep it; change one of them if your accounting needs them apart.",
    ),
    Check(
        "billing-address-changes",
        "DN-23",
        "Its billing address is not its first address: the first becomes the billing address below and, since it is "
        "kept in step, above.",
        offenders=sa.select(giver.c.id).where(
            sa.exists().where(
                address.c.tenant_id == GIVER, address.c.account_id == giver.c.id, address.c.is_billing, is_second
            )
        ),
        severity=WARNING,
        remedy="Put the billing address first before the transfer if it shall stay the billing address.",
    ),
    Check(
        "currency-not-activated",
        "DN-24",
        "Its currency is not activated in the reseller's tenant, so the copy gets the tenant's default currency.",
        offenders=sa.select(giver.c.id).where(~is_activated),
        severity=WARNING,
        remedy="Activate the currency in the reseller's tenant under Setup > Currencies if the account shall keep it.",
    ),
    Check(
        "subscription-currency",
        "DN-33",
        "It has a subscription in another currency than the reseller's price list, which will stop Transfer "
        "Subscriptions (DN-41).",
        offenders=sa.select(giver.c.id).where(sa.exists().where(not_ended, subscription.c.currency != list_currency)),
        severity=WARNING,
        remedy="The accounts can go now; convert or cancel the subscription before subscriptions are transferred.",
    ),
    Check(
        "subscription-not-sold-below",
        "DN-33",
        "It has a subscription whose product, add-on or cycle the reseller's tenant lacks, which will stop Transfer "
        "Subscriptions (DN-42).",
        offenders=sa.select(giver.c.id).where(sa.exists().where(not_ended, sa.or_(~sold_below, add_on_missing))),
        severity=WARNING,
        remedy=(
            "The accounts can go now; add the product to the reseller's price list and update the tenant before "
            "subscriptions are transferred."
        ),
    ),
    Check(
        "no-address",
        "DN-13",
        "It has no address, so country and state are the reseller's own, and the copy has no billing address.",
        offenders=sa.select(giver.c.id).where(
            ~sa.exists().where(address.c.tenant_id == GIVER, address.c.account_id == giver.c.id)
        ),
        severity=NOTE,
        remedy="Add its address before the transfer if you know it.",
    ),
)
