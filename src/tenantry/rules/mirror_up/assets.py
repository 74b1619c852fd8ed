"""Mirror up the assets that were sold, field by field (UP-34)."""

from typing import Any

import sqlalchemy as sa

from tenantry.rules.binds import GIVER, MOMENT, RESELLER
from tenantry.rules.comparing import Kept
from tenantry.rules.copy import Copy
from tenantry.rules.mirror_up.batch import ASSETS, SOLD_HERE, comes_from_above
from tenantry.rules.mirror_up.prices import Sold, priced
from tenantry.rules.mirror_up.sales import (
    api_access,
    customer,
    customer_of,
    here,
    named,
    named_after,
    product_of,
    reseller,
)
from tenantry.rules.stanzas import assign, fill, mirror
from tenantry.schema.subscription import asset

bought = asset.alias("bought")
_asset_price = priced(
    Sold(
        "bought",
        bought.c.account_id,
        bought.c.product_id,
        sa.literal_column("'one_off'"),
        bought.c.quantity,
        bought.c.bought_on,
        bought.c.created_at,
    )
)
_asset_access, _asset_joins = api_access("bought", "asset")


def asset_travels(row: Any) -> sa.ColumnElement[bool]:
    """Say that an asset below belongs above: sold there, and of a product that comes from above."""
    return sa.and_(row.c.standing.in_(SOLD_HERE), comes_from_above(row.c.product_id, f"{row.name}_product"))


ASSET = Copy(
    name="asset",
    into=asset,
    source=bought,
    account=bought.c.account_id,
    rows=sa.and_(bought.c.id == sa.any_(ASSETS), asset_travels(bought)),
    kept=Kept(asset.c.account_id, asset.c.managed_by == GIVER),
    joins={
        **here,
        customer: customer_of(bought),
        named: product_of(bought),
        **_asset_joins,
        **_asset_price.joins,
    },
    rules=(
        mirror(
            "UP-34",
            "One to one with the reseller's asset: customer, product, quantity, day and status are updated "
            "automatically.",
            "account_id product_id quantity bought_on status serial_number",
        ),
        fill("UP-34", "Named after end customer and product.", name=named_after),
        fill("UP-34", "The tenant reseller pays.", bill_to_id=RESELLER),
        fill(
            "UP-31",
            "What the reseller pays; nothing of his own selling price travels.",
            currency=reseller.c.currency,
            unit_price=_asset_price.unit_price,
        ),
        fill("UP-32", "Responsible user and permission rule are those of the API options.", **_asset_access),
        fill("UP-34", "It follows the reseller's.", standing="mirrored", managed_by=GIVER),
        fill("UP-34", "What it costs the reseller is charged here.", to_be_charged=True),
        assign("BO-15", "The order here that tracks the sale.", order_id=None),
        assign("UP-34", "Made when the sale arrived.", created_at=MOMENT, version=1),
    ),
)
