"""The statements behind the pages of an account, a contact, an activity; built once."""

from typing import Any

import sqlalchemy as sa

from tenantry.database import Ready
from tenantry.schema.base import ID as ID_TYPE
from tenantry.schema.catalog import payment_method, price_list, sync_option
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account, activity, address, contact
from tenantry.schema.sales import order, subscription
from tenantry.schema.tenant import permission_rule, tenant_user

TENANT: sa.BindParameter[Any] = sa.bindparam("tenant", type_=ID_TYPE)
ID: sa.BindParameter[Any] = sa.bindparam("id", type_=ID_TYPE)
# Which permission rules open a record to the one who asks; EVERY says: all of them.
RULES: sa.BindParameter[Any] = sa.bindparam("rules", type_=sa.ARRAY(ID_TYPE))
EVERY: sa.BindParameter[Any] = sa.bindparam("every", type_=sa.Boolean)
SHOWN = 50
COUNTED = 1000

payer = account.alias("payer")
seller = account.alias("seller")
reseller = account.alias("reseller")
arrangement = tenant_reseller.alias("arrangement")
own_tenant = tenant_reseller.alias("own_tenant")
INTERNAL = {"tenant_id", "search", "sort_name", "managed_by"}


def _same(table: sa.FromClause, of: sa.FromClause, name: str) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.tenant_id == of.c.tenant_id, table.c.id == of.c[name])


def _shown(table: sa.Table) -> list[sa.ColumnElement[Any]]:
    return [column for column in table.columns if column.name not in INTERNAL]


def _manager(of: sa.FromClause) -> sa.ColumnElement[bool]:
    return sa.and_(arrangement.c.tenant_id == of.c.tenant_id, arrangement.c.reseller_tenant_id == of.c.managed_by)


def readable(table: sa.FromClause) -> sa.ColumnElement[bool]:
    """Say which rows the one who asks may see (TEN-21)."""
    return sa.or_(EVERY, table.c.permission_rule_id == sa.any_(RULES))


def _count(table: sa.Table, name: str) -> sa.Label[int]:
    where = [table.c.tenant_id == TENANT, table.c.account_id == ID]
    if "permission_rule_id" in table.c:
        where.append(readable(table))
    return _up_to(sa.select(table.c.id).where(*where)).label(name)


def _up_to(rows: sa.Select[Any]) -> sa.ScalarSelect[int]:
    """Count, but no further than one more than COUNTED: a reseller may have a hundred thousand customers."""
    counted = rows.limit(COUNTED + 1).subquery()
    return sa.select(sa.func.count()).select_from(counted).scalar_subquery()


_customer = account.alias("customer")
_customers = _up_to(
    sa.select(_customer.c.id).where(
        _customer.c.tenant_id == TENANT,
        _customer.c.parent_id == ID,
        _customer.c.status != "deleted",
        readable(_customer),
    )
).label("customers")
# Its own statement: within that of the account it would be planned anew for every reading, which takes longest.
COUNTS = Ready(
    sa.select(
        _count(address, "addresses"),
        _count(contact, "contacts"),
        _count(activity, "activities"),
        _count(order, "orders"),
        _count(subscription, "subscriptions"),
        _count(sync_option, "sync_options"),
        _customers,
    )
)
ACCOUNT = Ready(
    sa.select(
        *_shown(account),
        seller.c.name.label("parent_name"),
        payer.c.name.label("bill_to_name"),
        price_list.c.name.label("price_list_name"),
        payment_method.c.name.label("payment_method_name"),
        tenant_user.c.name.label("responsible_user_name"),
        permission_rule.c.name.label("permission_rule_name"),
        reseller.c.id.label("managed_by_account_id"),
        reseller.c.name.label("managed_by_name"),
        own_tenant.c.id.is_not(None).label("is_tenant_reseller"),
    )
    .join(payer, _same(payer, account, "bill_to_id"))
    .join(tenant_user, _same(tenant_user, account, "responsible_user_id"))
    .join(permission_rule, _same(permission_rule, account, "permission_rule_id"))
    .outerjoin(seller, _same(seller, account, "parent_id"))
    .outerjoin(price_list, _same(price_list, account, "price_list_id"))
    .outerjoin(payment_method, _same(payment_method, account, "payment_method_id"))
    .outerjoin(arrangement, _manager(account))
    .outerjoin(reseller, _same(reseller, arrangement, "id"))
    .outerjoin(own_tenant, _same(own_tenant, account, "id"))
    .where(account.c.tenant_id == TENANT, account.c.id == ID, readable(account))
)

_ADDRESSES = sa.select(*_shown(address)).order_by(address.c.position, address.c.created_at, address.c.id)
ADDRESSES = Ready(_ADDRESSES.where(address.c.tenant_id == TENANT, address.c.account_id == ID))
ADDRESS = Ready(
    sa.select(*_shown(address), account.c.standing.label("owner_standing"), account.c.status.label("owner_status"))
    .join(account, _same(account, address, "account_id"))
    .where(address.c.tenant_id == TENANT, address.c.id == ID, readable(account))
)

_CONTACTS = (
    sa.select(
        *_shown(contact),
        account.c.name.label("account_name"),
        account.c.standing.label("owner_standing"),
        account.c.status.label("owner_status"),
        tenant_user.c.name.label("responsible_user_name"),
        permission_rule.c.name.label("permission_rule_name"),
        reseller.c.name.label("managed_by_name"),
    )
    .join(account, _same(account, contact, "account_id"))
    .join(tenant_user, _same(tenant_user, contact, "responsible_user_id"))
    .join(permission_rule, _same(permission_rule, contact, "permission_rule_id"))
    .outerjoin(arrangement, _manager(account))
    .outerjoin(reseller, _same(reseller, arrangement, "id"))
    .where(contact.c.tenant_id == TENANT, readable(contact))
)
CONTACTS = Ready(
    _CONTACTS.where(contact.c.account_id == ID)
    .order_by(contact.c.is_primary.desc(), contact.c.sort_name, contact.c.id)
    .limit(SHOWN)
)
CONTACT = Ready(_CONTACTS.where(contact.c.id == ID))

_about_name = sa.case(
    (activity.c.about == "contact", sa.func.btrim(contact.c.first_name + " " + contact.c.last_name)),
    (activity.c.about == "order", order.c.name),
    (activity.c.about == "subscription", subscription.c.name),
    else_=account.c.name,
)
_ACTIVITIES = (
    sa.select(
        *_shown(activity),
        sa.func.coalesce(_about_name, "").label("about_name"),
        sa.func.coalesce(account.c.name, "").label("account_name"),
        tenant_user.c.name.label("responsible_user_name"),
        permission_rule.c.name.label("permission_rule_name"),
    )
    .join(tenant_user, _same(tenant_user, activity, "responsible_user_id"))
    .join(permission_rule, _same(permission_rule, activity, "permission_rule_id"))
    .outerjoin(account, _same(account, activity, "account_id"))
    .outerjoin(contact, _same(contact, activity, "about_id"))
    .outerjoin(order, _same(order, activity, "about_id"))
    .outerjoin(subscription, _same(subscription, activity, "about_id"))
    .where(activity.c.tenant_id == TENANT, readable(activity))
)
ACTIVITY = Ready(_ACTIVITIES.where(activity.c.id == ID))
ACTIVITIES_ABOUT = Ready(
    _ACTIVITIES.where(sa.or_(activity.c.about_id == ID, activity.c.account_id == ID))
    .order_by(activity.c.status.desc(), activity.c.created_at.desc(), activity.c.id.desc())
    .limit(SHOWN)
)
