"""What each tenant reseller is counted by: columns of a statement over `tenant_reseller`.

`at_most` ends the counting: one more than that stands for more. A page that shows many tenant resellers at once needs
no more; a reseller may have a hundred thousand customers.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.visitors import replacement_traverse

from tenantry.rules.transfer_accounts import TRANSFER_ACCOUNTS
from tenantry.rules.transfer_accounts.sources import giver
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account
from tenantry.schema.message import message_set_aside

customer = account.alias("customer")
ITS_CUSTOMERS = sa.and_(
    customer.c.tenant_id == tenant_reseller.c.tenant_id, customer.c.bill_to_id == tenant_reseller.c.id
)
# True of everyone who is listed; said once more in the words of the indexes, which tell who is whose customer.
_BY_INDEX = sa.or_(
    sa.and_(giver.c.bill_to_id == tenant_reseller.c.id, giver.c.bill_to_id != giver.c.id),
    giver.c.parent_id == tenant_reseller.c.id,
)
_EACH: Mapping[str, Any] = {
    "giver": tenant_reseller.c.tenant_id,
    "taker": tenant_reseller.c.reseller_tenant_id,
    "reseller": tenant_reseller.c.id,
}


def copied(at_most: int | None = None) -> Any:
    """Count its customers that were transferred."""
    is_copied = customer.c.standing.in_(["handed_down", "mirrored"])
    return _count(customer, sa.and_(ITS_CUSTOMERS, customer.c.bill_to_id != customer.c.id, is_copied), at_most)


def candidates_of_each(*, can_go: bool, at_most: int | None = None) -> Any:
    """Count whom the list to choose from shows, so that both say the same."""
    kind = TRANSFER_ACCOUNTS
    is_held = sa.func.coalesce(sa.or_(*(check.breaks for check in kind.candidates)), sa.false())
    these = replacement_traverse(sa.and_(kind.listed, ~is_held if can_go else is_held), {}, _of_each)
    return _count(giver, sa.and_(these, _BY_INDEX), at_most)


def set_aside() -> Any:
    """Count the messages to it that could not be applied."""
    return _count(message_set_aside, message_set_aside.c.tenant_id == tenant_reseller.c.reseller_tenant_id, None)


def _count(these: sa.FromClause, where: sa.ColumnElement[bool], at_most: int | None) -> Any:
    if at_most is None:
        counted = sa.select(sa.func.count()).select_from(these).where(where)
        return counted.correlate(tenant_reseller).scalar_subquery()
    some = sa.select(sa.literal(1)).select_from(these).where(where).limit(at_most + 1)
    return sa.select(sa.func.count()).select_from(some.correlate(tenant_reseller).subquery()).scalar_subquery()


def _of_each(element: Any, **_: Any) -> Any:
    """Give the tenant reseller's own column for what a rule leaves to be filled in."""
    return _EACH.get(element.key) if isinstance(element, sa.BindParameter) else None
