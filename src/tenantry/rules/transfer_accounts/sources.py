"""What the rules of Transfer Accounts read:
the giver's rows, and the few facts about both sides that expressions need.
"""

import sqlalchemy as sa

from tenantry.rules.binds import GIVER, RESELLER, TAKER
from tenantry.rules.subject import Subject
from tenantry.schema.catalog import payment_method, price_list, product
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account, address
from tenantry.schema.tenant import tenant, tenant_currency

giver = account.alias("giver")
reseller = account.alias("reseller")
receiver = tenant.alias("receiver")
sender = tenant.alias("sender")

its_reseller = sa.and_(reseller.c.tenant_id == GIVER, reseller.c.id == RESELLER)
its_receiver = receiver.c.id == TAKER
its_sender = sender.c.id == GIVER

ACCOUNTS = Subject(
    one="account",
    many="accounts",
    given=giver,
    account=giver.c.id,
    entity=sa.literal("account"),
    there=account.alias("present"),
)

# First means lowest position, then oldest:
# the address that gives the country is the billing address, so both sort by this.
IN_LINE = (address.c.position, address.c.created_at, address.c.id)

first_address = (
    sa.select(address.c.id, address.c.country, address.c.state)
    .where(address.c.tenant_id == GIVER, address.c.account_id == giver.c.id)
    .order_by(*IN_LINE)
    .limit(1)
    .lateral("first_address")
)


def where_it_lives(what: str) -> sa.ColumnElement[str]:
    """Give country or state from one place: the first address, else the reseller's own account."""
    return sa.case((first_address.c.id.is_not(None), first_address.c[what]), else_=reseller.c[what])


earlier = address.alias("earlier")
# A look-up per address, so that it costs the same however many addresses there are.
first_of_its_account = (
    sa.select(earlier.c.id)
    .where(earlier.c.tenant_id == GIVER, earlier.c.account_id == address.c.account_id)
    .order_by(earlier.c.position, earlier.c.created_at, earlier.c.id)
    .limit(1)
    .correlate(address)
    .scalar_subquery()
)
is_second = address.c.id != first_of_its_account

tenants_payment_method = (
    sa.select(payment_method.c.id)
    .where(payment_method.c.tenant_id == TAKER)
    .order_by(payment_method.c.is_default.desc(), payment_method.c.created_at, payment_method.c.id)
    .limit(1)
    .correlate(None)
    .scalar_subquery()
)

activated_currencies = sa.select(tenant_currency.c.currency).where(tenant_currency.c.tenant_id == TAKER).correlate(None)
is_activated = giver.c.currency.in_(activated_currencies)

resold_systems = (
    sa.select(product.c.provisioning_system_id)
    .where(
        product.c.tenant_id == TAKER, product.c.standing == "inherited", product.c.provisioning_system_id.is_not(None)
    )
    .correlate(None)
)

list_currency = (
    sa.select(price_list.c.currency)
    .join(
        tenant_reseller,
        sa.and_(tenant_reseller.c.tenant_id == GIVER, tenant_reseller.c.price_list_id == price_list.c.id),
    )
    .where(price_list.c.tenant_id == GIVER, tenant_reseller.c.id == RESELLER)
    .correlate(None)
    .scalar_subquery()
)
