"""The words of a batch of messages: which accounts, subscriptions, assets and facts it is about."""

from typing import Any

import sqlalchemy as sa

from tenantry.rules.binds import GIVER
from tenantry.schema.base import ID, Listed
from tenantry.schema.catalog import product

SUBSCRIPTIONS = sa.bindparam("subscriptions", type_=Listed(ID))
ASSETS = sa.bindparam("assets", type_=Listed(ID))
FACTS = sa.bindparam("facts", type_=Listed(ID))  # changes of subscriptions
PURCHASES = sa.bindparam("purchases", type_=Listed(ID))  # assets that were bought

SHOWN = sa.bindparam("shown", type_=Listed(ID))  # of each of SUBSCRIPTIONS the order above that tracks its sale
TRACKED = sa.bindparam("tracked", type_=Listed(ID))  # of each of FACTS the order above that tracks it, or none
MADE = sa.bindparam("made", type_=Listed(ID))  # the orders above that track them
# The accounts of a batch that this reseller manages: the others are his own business.
MANAGED = sa.bindparam("managed", type_=Listed(ID))
managed = sa.select(sa.func.unnest(MANAGED).label("id")).subquery("managed")

# What was sold here, or by somebody further below: only that travels on.
SOLD_HERE = ("own", "mirrored")
FROM_ABOVE = ("inherited", "withdrawn")


def comes_from_above(product_id: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[bool]:
    """Say that the giver has a product from the distributor; his own never go up (UP-01)."""
    of = product.alias(name)
    return sa.exists().where(of.c.tenant_id == GIVER, of.c.id == product_id, of.c.standing.in_(FROM_ABOVE))


def lines_of(change: Any, name: str) -> sa.TableValuedAlias:
    """Read the lines of what a change of a subscription sold: what, in which cycle, how many, and how many then."""
    return (
        sa.func.jsonb_to_recordset(change.c.sold)
        .table_valued(
            sa.column("subscription_id", ID),
            sa.column("product_id", ID),
            sa.column("cycle", sa.Text),
            sa.column("quantity", sa.Integer),
            sa.column("total", sa.Integer),
        )
        .render_derived(name, with_types=True)
    )
