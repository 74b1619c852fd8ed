"""The lists of accounts, addresses, contacts and activities (API-04, UI-03)."""

from typing import Any

import sqlalchemy as sa

from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account, activity, address, contact
from tenantry.schema.tenant import permission_rule, tenant_user
from tenantry.tenancy.listing import TENANT, Column, Listing

payer = account.alias("payer")
seller = account.alias("seller")
reseller = account.alias("reseller")
arrangement = tenant_reseller.alias("arrangement")
owner = tenant_user.alias("owner")
rule = permission_rule.alias("rule")
customer = account.alias("customer")

# A record without a date comes after all that have one.
NEVER = sa.literal_column("timestamptz '9999-12-31 00:00:00Z'", sa.DateTime(timezone=True))

# What belongs to a deleted account is gone from lists as it is.
DELETED = sa.select(account.c.id).where(account.c.tenant_id == TENANT, account.c.status == "deleted")


def _same(table: sa.FromClause, of: sa.Table, column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.tenant_id == of.c.tenant_id, table.c.id == column)


def _choices(column: sa.Column[Any]) -> dict[str, str]:
    return {value: value.replace("_", " ").title() for value in column.info["values"]}


def _access(of: sa.Table, *, newest: bool = True) -> tuple[Column, ...]:
    return (
        Column("responsible_user_id", of.c.responsible_user_id, "Responsible user id", "ref"),
        Column("responsible_user", owner.c.name, "Responsible user", filterable=False, shown=True),
        Column("permission_rule_id", of.c.permission_rule_id, "Permission rule id", "ref"),
        Column("permission_rule", rule.c.name, "Permission rule", filterable=False),
        Column("created_at", of.c.created_at, "Created", "moment", sortable=newest, shown=True),
        Column("version", of.c.version, "Version", "number", filterable=False),
    )


def _accessed(of: sa.Table) -> dict[sa.FromClause, sa.ColumnElement[bool]]:
    return {owner: _same(owner, of, of.c.responsible_user_id), rule: _same(rule, of, of.c.permission_rule_id)}


def _shown_only(table: sa.FromClause, *columns: tuple[str, str]) -> tuple[Column, ...]:
    return tuple(Column(name, table.c[name], label, filterable=False) for name, label in columns)


# What the list index does not hold is a filter only where most values are common, or where the search index finds it:
# looking in vain for a rare one reads every account.
ACCOUNTS = Listing(
    name="accounts",
    permission="accounts:view",
    table=account,
    entity="account",
    columns=(
        Column("id", account.c.id, "Id", "ref"),
        Column("number", account.c.number, "Number", "number", sortable=True),
        Column("name", account.c.name, "Name", sortable=True, shown=True, folded=account.c.sort_name),
        Column(
            "status",
            account.c.status,
            "Status",
            "choice",
            shown=True,
            choices=_choices(account.c.status),
        ),
        Column("standing", account.c.standing, "Standing", "choice", choices=_choices(account.c.standing)),
        Column("managed_by_account_id", arrangement.c.id, "Managed by id", "ref", filterable=False),
        Column("managed_by_name", reseller.c.name, "Managed by", filterable=False, shown=True),
        Column("parent_id", account.c.parent_id, "Customer of id", "ref"),
        Column("parent_name", seller.c.name, "Customer of", filterable=False),
        Column("bill_to_id", account.c.bill_to_id, "Bill To id", "ref"),
        Column("bill_to_name", payer.c.name, "Bill To", filterable=False, shown=True),
        Column("accounting_no", account.c.accounting_no, "Accounting number", searched=True),
        Column("email", account.c.email, "E-mail", searched=True),
        *_shown_only(account, ("phone", "Phone"), ("website", "Website")),
        Column("industry", account.c.industry, "Industry"),
        *_shown_only(account, ("language", "Language"), ("vat_number", "VAT number")),
        Column("country", account.c.country, "Country", shown=True),
        *_shown_only(account, ("state", "State")),
        Column("currency", account.c.currency, "Currency"),
        Column("credit_limit", account.c.credit_limit, "Credit limit", "money", sortable=True),
        Column("reselling_enabled", account.c.reselling_enabled, "Reselling enabled", "flag"),
        Column("ordering_enabled", account.c.ordering_enabled, "Ordering enabled", "flag"),
        Column("custom_fields", account.c.custom_fields, "Custom fields", filterable=False),
        *_access(account),
    ),
    sort="name",
    rule=account.c.permission_rule_id,
    joins={
        payer: _same(payer, account, account.c.bill_to_id),
        seller: _same(seller, account, account.c.parent_id),
        arrangement: sa.and_(
            arrangement.c.tenant_id == account.c.tenant_id, arrangement.c.reseller_tenant_id == account.c.managed_by
        ),
        reseller: sa.and_(reseller.c.tenant_id == arrangement.c.tenant_id, reseller.c.id == arrangement.c.id),
        **_accessed(account),
    },
    where=account.c.status != "deleted",
    search=account,
)

ADDRESSES = Listing(
    name="addresses",
    permission="accounts:view",
    table=address,
    columns=(
        Column("id", address.c.id, "Id", "ref", sortable=True),
        Column("account_id", address.c.account_id, "Account id", "ref"),
        Column("account_name", customer.c.name, "Account", filterable=False, shown=True),
        Column("name", address.c.name, "Name", shown=True),
        *_shown_only(address, ("street", "Street"), ("street_2", "Second line")),
        Column("city", address.c.city, "City", shown=True),
        Column("postcode", address.c.postcode, "Post code"),
        Column("state", address.c.state, "State"),
        Column("country", address.c.country, "Country", shown=True),
        *_shown_only(address, ("phone", "Phone")),
        Column("position", address.c.position, "Position", "number", filterable=False),
        Column("is_billing", address.c.is_billing, "Billing address", "flag", shown=True),
        Column("standing", address.c.standing, "Standing", "choice", choices=_choices(address.c.standing)),
        Column("created_at", address.c.created_at, "Created", "moment", filterable=False),
        Column("version", address.c.version, "Version", "number", filterable=False),
    ),
    sort="id",
    rule=sa.select(customer.c.permission_rule_id)
    .where(_same(customer, address, address.c.account_id))
    .correlate(address)
    .scalar_subquery(),
    joins={customer: _same(customer, address, address.c.account_id)},
    where=address.c.account_id.not_in(DELETED),
    search=address,
    found_by=(account, address.c.account_id),
)

CONTACTS = Listing(
    name="contacts",
    permission="contacts:view",
    table=contact,
    entity="contact",
    columns=(
        Column("id", contact.c.id, "Id", "ref"),
        Column(
            "name",
            contact.c.last_name
            + sa.case((contact.c.first_name != "", sa.literal(", ").concat(contact.c.first_name)), else_=""),
            "Name",
            sortable=True,
            shown=True,
            folded=contact.c.sort_name,
        ),
        Column("first_name", contact.c.first_name, "First name", searched=True),
        Column("last_name", contact.c.last_name, "Last name", searched=True),
        Column("account_id", contact.c.account_id, "Account id", "ref"),
        Column("account_name", customer.c.name, "Account", filterable=False, shown=True),
        Column("company_role", contact.c.company_role, "Role", filterable=False, shown=True),
        Column("email", contact.c.email, "E-mail", searched=True, shown=True),
        *_shown_only(contact, ("phone", "Phone"), ("mobile", "Mobile"), ("language", "Language")),
        Column("is_primary", contact.c.is_primary, "Primary", "flag"),
        *_shown_only(contact, ("bill_to_contact", "Gets the invoices"), ("opt_in", "Wants news")),
        Column("storefront_user", contact.c.storefront_user, "Storefront user", "flag"),
        *_shown_only(contact, ("standing", "Standing")),
        Column("custom_fields", contact.c.custom_fields, "Custom fields", filterable=False),
        *_access(contact, newest=False),
    ),
    sort="name",
    rule=contact.c.permission_rule_id,
    joins={customer: _same(customer, contact, contact.c.account_id), **_accessed(contact)},
    where=contact.c.account_id.not_in(DELETED),
    search=contact,
)

ACTIVITIES = Listing(
    name="activities",
    permission="activities:view",
    table=activity,
    columns=(
        Column("id", activity.c.id, "Id", "ref"),
        Column("kind", activity.c.kind, "Kind", "choice", shown=True, choices=_choices(activity.c.kind)),
        Column("subject", activity.c.subject, "Subject", filterable=False, shown=True),
        Column("status", activity.c.status, "Status", "choice", shown=True, choices=_choices(activity.c.status)),
        Column("about", activity.c.about, "About", "choice", choices=_choices(activity.c.about)),
        Column("about_id", activity.c.about_id, "About id", "ref"),
        Column("account_id", activity.c.account_id, "Account id", "ref"),
        Column("account_name", customer.c.name, "Account", filterable=False, shown=True),
        Column(
            "due_at",
            activity.c.due_at,
            "Due",
            "moment",
            sortable=True,
            shown=True,
            sort_by=sa.func.coalesce(activity.c.due_at, NEVER),
        ),
        *_access(activity),
    ),
    sort="-created_at",
    rule=activity.c.permission_rule_id,
    joins={customer: _same(customer, activity, activity.c.account_id), **_accessed(activity)},
    search=activity,
    found_by=(account, activity.c.account_id),
)
