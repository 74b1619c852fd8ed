"""Which subscriptions below belong above, and which follow there what becomes of them (UP-30)."""

import sqlalchemy as sa

from tenantry.rules.binds import GIVER, TAKER
from tenantry.rules.mirror_up.batch import SOLD_HERE, comes_from_above
from tenantry.schema.sales import subscription


def travels(row: sa.FromClause) -> sa.ColumnElement[bool]:
    """Say that a subscription below belongs above: paid for, sold there, and of a product that comes from above."""
    return _belongs(row, _paid(row))


def keeps_step(row: sa.FromClause) -> sa.ColumnElement[bool]:
    """Say that what is above of a subscription follows it: also a trial that was there before he was live (DN-40)."""
    return _belongs(row, sa.or_(_paid(row), _is_above(row)))


def _is_above(row: sa.FromClause) -> sa.ColumnElement[bool]:
    """Say that a subscription below has its mirror above."""
    mirrored = subscription.alias(f"{row.name}_above")  # type: ignore[attr-defined]
    same = (mirrored.c.tenant_id == TAKER, mirrored.c.id == row.c.id)
    return sa.exists().where(*same, mirrored.c.managed_by == GIVER)


def _paid(row: sa.FromClause) -> sa.ColumnElement[bool]:
    return sa.or_(row.c.paid_from.is_not(None), row.c.trial_until.is_(None))


def _belongs(row: sa.FromClause, which: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    of_above = comes_from_above(row.c.product_id, f"{row.name}_product")  # type: ignore[attr-defined]
    return sa.and_(row.c.standing.in_(SOLD_HERE), which, of_above)
