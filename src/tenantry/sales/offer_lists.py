"""The lists of offers and opportunities: columns, filters, orders of sorting (API-04, UI-03)."""

import sqlalchemy as sa

from tenantry.schema.crm import account, opportunity
from tenantry.schema.sales import offer
from tenantry.schema.tenant import tenant_user
from tenantry.tenancy.listing import Column, Listing

responsible = tenant_user.alias("responsible")
OFFER_STATUSES = {"in_progress": "In progress", "accepted": "Accepted", "lost": "Lost"}
OPPORTUNITY_STATUSES = {"open": "Open", "won": "Won", "lost": "Lost"}


def _same(record: sa.Table, column: str, other: sa.FromClause) -> sa.ColumnElement[bool]:
    return sa.and_(other.c.tenant_id == record.c.tenant_id, other.c.id == record.c[column])


def _whose(of: sa.Table) -> tuple[Column, ...]:
    return (
        Column("account_id", of.c.account_id, "Account id", "ref"),
        Column("account", account.c.name, "Account", filterable=False, shown=True),
        Column("responsible_user_id", of.c.responsible_user_id, "Responsible user id", "ref"),
        Column("responsible_user", responsible.c.name, "Responsible user", filterable=False, shown=True),
        Column("created_at", of.c.created_at, "Made", "moment", sortable=True),
        Column("version", of.c.version, "Version", "number", filterable=False),
    )


def _joins(of: sa.Table) -> dict[sa.FromClause, sa.ColumnElement[bool]]:
    return {account: _same(of, "account_id", account), responsible: _same(of, "responsible_user_id", responsible)}


OFFERS = Listing(
    name="offers",
    permission="orders:view",
    table=offer,
    columns=(
        Column("id", offer.c.id, "Id", "ref", filterable=False),
        Column("number", offer.c.number, "Number", "number", sortable=True, shown=True),
        Column("name", offer.c.name, "Name", sortable=True, shown=True, folded=offer.c.sort_name),
        Column("status", offer.c.status, "Status", "choice", sortable=True, shown=True, choices=OFFER_STATUSES),
        Column("offered_on", offer.c.offered_on, "Date", "date", sortable=True, shown=True),
        Column("valid_until", offer.c.valid_until, "Valid until", "date"),
        Column("currency", offer.c.currency, "Currency"),
        Column("opportunity_id", offer.c.opportunity_id, "Opportunity id", "ref"),
        Column("order_id", offer.c.order_id, "Order id", "ref"),
        *_whose(offer),
    ),
    sort="-number",
    rule=offer.c.permission_rule_id,
    joins=_joins(offer),
    search=offer,
    found_by=(account, offer.c.account_id),
)

OPPORTUNITIES = Listing(
    name="opportunities",
    permission="orders:view",
    table=opportunity,
    columns=(
        Column("id", opportunity.c.id, "Id", "ref", filterable=False),
        Column("name", opportunity.c.name, "Name", sortable=True, shown=True, folded=opportunity.c.sort_name),
        Column("status", opportunity.c.status, "Status", "choice", shown=True, choices=OPPORTUNITY_STATUSES),
        Column("amount", opportunity.c.amount, "Amount", "money", shown=True),
        Column("currency", opportunity.c.currency, "Currency"),
        Column("expected_on", opportunity.c.expected_on, "Expected by", "date", shown=True),
        *_whose(opportunity),
    ),
    sort="-created_at",
    rule=opportunity.c.permission_rule_id,
    joins=_joins(opportunity),
    search=opportunity,
    found_by=(account, opportunity.c.account_id),
)
