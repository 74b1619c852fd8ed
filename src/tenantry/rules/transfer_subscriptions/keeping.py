"""Keep the copies below in step with the distributor's subscriptions and assets until go-live (DN-40).

The distributor is the giver, the reseller the taker. `kept` names what is brought up to date; each statement writes
only where the two differ, so that doing it twice changes nothing.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from tenantry.rules.binds import GIVER, TAKER
from tenantry.rules.chosen import chunk
from tenantry.rules.copy import Copy
from tenantry.rules.plan import PAGE
from tenantry.rules.transfer_subscriptions.copies import ADD_ON, ASSET, SUBSCRIPTION, carrier, sold, sold_add_on
from tenantry.rules.transfer_subscriptions.sources import things
from tenantry.schema.catalog import product
from tenantry.schema.sales import subscription, subscription_add_on

thing, sells = things("thing"), product.alias("sells")
_is_kept = sa.and_(thing.c.tenant_id == GIVER, thing.c.standing == "own", thing.c.managed_by == TAKER)

# What a batch of messages is about, and what the accounts of a chunk of a handover have.
of_batch = sa.select(thing.c.id).where(_is_kept, thing.c.id == sa.any_(PAGE)).cte("kept")
of_chunk = sa.select(thing.c.id).join(chunk, chunk.c.id == thing.c.account_id).where(_is_kept).cte("kept")


def cannot_follow(kept: sa.CTE) -> sa.Select[Any]:
    """Give what the copies of cannot follow, with the account: it or an add-on became what the reseller lacks."""
    copy, part = subscription.alias("copy"), subscription_add_on.alias("part")
    price, part_price = SUBSCRIPTION.values["unit_price"], ADD_ON.values["unit_price"]
    became = sa.exists().where(
        copy.c.tenant_id == TAKER,
        copy.c.id == sold.c.id,
        sa.or_(copy.c.product_id != sold.c.product_id, copy.c.cycle != sold.c.cycle),
    )
    has_it = sa.exists().where(sells.c.tenant_id == TAKER, sells.c.id == sold.c.product_id)
    itself = (
        sa.select(sold.c.id, sold.c.account_id)
        .join(kept, kept.c.id == sold.c.id)
        .where(sold.c.tenant_id == GIVER, became, sa.or_(~has_it, price.is_(None)))
    )
    has_part = sa.exists().where(part.c.tenant_id == TAKER, part.c.id == sold_add_on.c.id)
    an_add_on = (
        sa.select(carrier.c.id, carrier.c.account_id)
        .select_from(sold_add_on)
        .join(kept, kept.c.id == sold_add_on.c.subscription_id)
        .join(carrier, sa.and_(carrier.c.tenant_id == GIVER, carrier.c.id == sold_add_on.c.subscription_id))
        .where(sold_add_on.c.tenant_id == GIVER, ~has_part, part_price.is_(None))
    )
    return sa.union(itself, an_add_on).subquery("behind").select()


def statements(kept: sa.CTE) -> Iterator[Any]:
    """Give what brings the copies up to date, in order; one that became another product gets its price anew."""
    part = sold_add_on.alias("part")
    is_gone = ~sa.exists().where(part.c.tenant_id == GIVER, part.c.id == subscription_add_on.c.id)
    yield sa.delete(subscription_add_on).where(
        subscription_add_on.c.tenant_id == TAKER, subscription_add_on.c.subscription_id == kept.c.id, is_gone
    )
    yield _priced_anew(SUBSCRIPTION, kept, sold.c.product_id, sold.c.cycle)
    yield SUBSCRIPTION.refresh(kept)
    yield ADD_ON.refresh(kept)
    yield ADD_ON.insert_from(kept)
    yield ASSET.refresh(kept)


def _priced_anew(copy: Copy, kept: sa.CTE, *of: sa.ColumnElement[Any]) -> sa.Update:
    source = copy.source
    became = sa.or_(*(copy.into.c[str(column.key)] != column for column in of))
    return (
        sa.update(copy.into)
        .values(unit_price=copy.values["unit_price"])
        .where(
            copy.into.c.tenant_id == TAKER,
            copy.into.c.id == source.c.id,
            source.c.tenant_id == GIVER,
            source.c.id == kept.c.id,
            became,
        )
    )


BATCH, CHUNK = tuple(statements(of_batch)), tuple(statements(of_chunk))
BEHIND = cannot_follow(of_batch)

__all__ = ["BATCH", "BEHIND", "CHUNK"]
