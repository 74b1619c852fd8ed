"""How a row leads to another of its tenant, for every statement that joins the two."""

import sqlalchemy as sa


def leads_to(row: sa.FromClause, column: str, other: sa.FromClause) -> sa.ColumnElement[bool]:
    """Say that a column of a row names the other, in the same tenant."""
    return sa.and_(other.c.tenant_id == row.c.tenant_id, other.c.id == row.c[column])


def manages(reseller: sa.FromClause, row: sa.FromClause) -> sa.ColumnElement[bool]:
    """Say that a tenant reseller, as its row in the same tenant has it, manages a row."""
    return sa.and_(reseller.c.tenant_id == row.c.tenant_id, reseller.c.reseller_tenant_id == row.c.managed_by)
