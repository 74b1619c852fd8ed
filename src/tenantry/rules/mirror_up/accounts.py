"""Mirror up, field by field (UP-02 to UP-14):
from the reseller's tenant (the giver) into the distributor's (the taker).

`reseller` is the reseller's own account at the distributor.
Whatever a `mirror` stanza names is locked above and kept fresh; the rest is set once.
"""

import sqlalchemy as sa

from tenantry.rules.binds import FIRST_NUMBER, GIVER, MOMENT, RESELLER, TAKER
from tenantry.rules.comparing import Kept
from tenantry.rules.copy import Copy
from tenantry.rules.stanzas import assign, blank, fill, mirror
from tenantry.schema.catalog import provisioning_system, sync_option
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account, address
from tenantry.schema.tenant import api_option, tenant

below = account.alias("below")
billing = address.alias("billing")
reseller = account.alias("reseller")
arrangement = tenant_reseller.alias("arrangement")
distributor = tenant.alias("distributor")
options = api_option.alias("options")

ACCOUNT = Copy(
    name="account",
    into=account,
    source=below,
    account=below.c.id,
    kept=Kept(account.c.id, account.c.managed_by == GIVER),
    joins={
        reseller: sa.and_(reseller.c.tenant_id == TAKER, reseller.c.id == RESELLER),
        arrangement: sa.and_(arrangement.c.tenant_id == TAKER, arrangement.c.id == RESELLER),
        distributor: distributor.c.id == TAKER,
        options: sa.and_(options.c.tenant_id == TAKER, options.c.entity == "account"),
        billing: sa.and_(billing.c.tenant_id == GIVER, billing.c.account_id == below.c.id, billing.c.is_billing),
    },
    rules=(
        mirror(
            "UP-02",
            "Name, accounting number and e-mail are the reseller's; they are updated automatically.",
            "name accounting_no email",
        ),
        fill("UP-04", "What the reseller sells arrives as orders, so ordering is on.", ordering_enabled=True),
        fill("UP-05", "A sub-customer of the reseller, who pays for it.", bill_to_id=RESELLER, parent_id=RESELLER),
        fill(
            "UP-06",
            "An invoice of its own where the tenant reseller page says so.",
            separate_invoices=arrangement.c.separate_invoices,
        ),
        fill(
            "UP-07",
            "The user that the API options name looks after it.",
            responsible_user_id=sa.func.coalesce(options.c.responsible_user_id, distributor.c.admin_user_id),
        ),
        fill(
            "UP-08",
            "The permission rule that the API options name.",
            permission_rule_id=sa.func.coalesce(options.c.permission_rule_id, distributor.c.common_rule_id),
        ),
        fill(
            "UP-10",
            "The currency that the reseller has here; the customer's own is ignored.",
            currency=reseller.c.currency,
        ),
        fill("UP-11", "Managed by the tenant reseller, as its ribbon says.", standing="mirrored", managed_by=GIVER),
        fill(
            "UP-12",
            "Country and state are the billing address's.",
            country=sa.func.coalesce(billing.c.country, ""),
            state=sa.func.coalesce(billing.c.state, ""),
        ),
        fill(
            "UP-12",
            "Ordering options are those of the Bill To account.",
            own_ordering_options=False,
            price_list_id=reseller.c.price_list_id,
            payment_method_id=reseller.c.payment_method_id,
            credit_limit=reseller.c.credit_limit,
            prorate_billing=reseller.c.prorate_billing,
            partial_charges_invoicing=reseller.c.partial_charges_invoicing,
            auto_invoice_notification=reseller.c.auto_invoice_notification,
            taxation=reseller.c.taxation,
            billing_day=reseller.c.billing_day,
            reselling_enabled=False,
        ),
        blank(
            "UP-12",
            "Everything else is the distributor's to fill.",
            "phone fax website industry language vat_number source registration_number tax_authority trading_name "
            "business_activity description "
            "custom_fields",
        ),
        mirror(
            "UP-21",
            "Suspending, reactivating and deleting happen in the reseller's tenant and follow automatically.",
            "status",
        ),
        assign(
            "TEN-08",
            "Its number is the distributor's own.",
            number=FIRST_NUMBER + sa.func.row_number().over(order_by=below.c.id) - 1,
        ),
        assign("UP-01", "Made when the first paid subscription was.", created_at=MOMENT, version=1),
    ),
)

_has_billing = sa.exists().where(
    billing.c.tenant_id == GIVER, billing.c.account_id == address.c.account_id, billing.c.is_billing
)

BILLING_ADDRESS = Copy(
    name="address",
    into=address,
    source=billing,
    account=billing.c.account_id,
    rows=billing.c.is_billing,
    # While there is none below, the last one stays above.
    kept=Kept(address.c.account_id, sa.and_(address.c.standing == "mirrored", address.c.is_billing, _has_billing)),
    rules=(
        mirror(
            "UP-03",
            "The billing address is the reseller's; it is updated automatically.",
            "account_id name street street_2 city postcode state country phone",
        ),
        fill("UP-14", "Exactly one address is the billing one.", is_billing=True, position=0, standing="mirrored"),
        assign("UP-03", "Made when the account was.", created_at=MOMENT, version=1),
    ),
)

tie = sync_option.alias("tie")
known_system = provisioning_system.alias("known_system")

SYNC_OPTION = Copy(
    name="sync_option",
    into=sync_option,
    source=tie,
    account=tie.c.account_id,
    # A tie to a system that only one of them has is his own business.
    rows=sa.exists().where(known_system.c.tenant_id == TAKER, known_system.c.id == tie.c.system_id),
    kept=Kept(
        sync_option.c.account_id,
        sa.exists().where(
            provisioning_system.c.tenant_id == GIVER, provisioning_system.c.id == sync_option.c.system_id
        ),
    ),
    rules=(
        mirror(
            "UP-09",
            "The reseller synchronizes the customer; his ties to outside systems are updated automatically, per "
            "system.",
            "account_id system_id external_id status system_data",
        ),
        assign("UP-09", "Made when the tie was.", created_at=MOMENT, version=1),
    ),
)
