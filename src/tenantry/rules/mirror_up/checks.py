"""What cannot be applied, and is set aside with its account until somebody has seen to it (UP-24, UP-43)."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tenantry.rules.back_orders.events import coming_item
from tenantry.rules.binds import GIVER, TAKER
from tenantry.rules.mirror_up.assets import ASSET, asset_travels, bought
from tenantry.rules.mirror_up.batch import ASSETS, SUBSCRIPTIONS
from tenantry.rules.mirror_up.prices import Sold, priced
from tenantry.rules.mirror_up.sales import ADD_ON, SUBSCRIPTION, added, sold
from tenantry.rules.mirror_up.travelling import travels
from tenantry.rules.plan import PAGE
from tenantry.schema.catalog import product
from tenantry.schema.crm import account
from tenantry.schema.sales import subscription
from tenantry.schema.subscription import asset


@dataclass(frozen=True)
class Obstacle:
    """What stands in the way of an account's messages: the accounts that it holds back, and the way out."""

    code: str
    rule: str
    says: str
    remedy: str
    offenders: sa.Select[Any]


below = account.alias("below_here")
above_there = account.alias("above_there")
tombstone = account.alias("buried")
theirs = product.alias("theirs")
seen = subscription.alias("seen")
seen_asset = asset.alias("seen_asset")

_pages = sa.select(sa.func.unnest(PAGE).label("id")).subquery("pages")
_subjects = sa.select(sa.func.unnest(SUBSCRIPTIONS).label("id")).subquery("subjects")


def _missing(product_id: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    return ~sa.exists().where(theirs.c.tenant_id == TAKER, theirs.c.id == product_id)


def _someone_elses(account_id: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        above_there.c.tenant_id == TAKER,
        above_there.c.id == account_id,
        above_there.c.managed_by.is_distinct_from(GIVER),
        # What was deleted below is archived here, and what still comes of it changes nothing (UP-21).
        ~sa.exists().where(
            tombstone.c.tenant_id == GIVER, tombstone.c.id == account_id, tombstone.c.status == "deleted"
        ),
    )


_page = sa.select(sold.c.account_id.label("id")).where(
    sold.c.tenant_id == GIVER, sold.c.id == sa.any_(SUBSCRIPTIONS), travels(sold)
)
_bought = sa.select(bought.c.account_id.label("id")).where(
    bought.c.tenant_id == GIVER, bought.c.id == sa.any_(ASSETS), asset_travels(bought)
)
_buyers = _page.union(_bought).cte("buyers")


def _without_price(copy: Any, known: sa.Table) -> sa.Select[Any]:
    """Find what would be made, or moved, without a price."""
    made, there = copy.select(_buyers).subquery(), known.alias("there")
    same = sa.and_(there.c.tenant_id == TAKER, there.c.id == made.c.id)
    owner = made.c.account_id if "account_id" in made.c else _owner(made.c.subscription_id)
    changed = there.c.product_id.is_distinct_from(made.c.product_id)
    return (
        sa.select(owner.label("id"))
        .select_from(made.outerjoin(there, same))
        .where(made.c.unit_price.is_(None), changed)
    )


def _owner(subscription_id: sa.ColumnElement[Any]) -> Any:
    return (
        sa.select(seen.c.account_id)
        .where(seen.c.tenant_id == GIVER, seen.c.id == subscription_id)
        .correlate_except(seen)
        .scalar_subquery()
    )


# A change of what is here already may be of a day on which there is no price any more.
_item_price = priced(
    Sold(
        "coming_item",
        *(coming_item.c[name] for name in ("account_id", "product_id", "cycle", "total", "start_on", "sold_at")),
    )
)
_priced_items: sa.FromClause = coming_item
for _joined, _on in _item_price.joins.items():
    _priced_items = _priced_items.outerjoin(_joined, _on)
_items_without_price = (
    sa.select(coming_item.c.account_id).select_from(_priced_items).where(_item_price.unit_price.is_(None))
)

OBSTACLES = (
    Obstacle(
        "row-gone",
        "UP-24",
        "The account is not there below, and nothing says that it was deleted.",
        "Find out what became of it; nothing is deleted here without a tombstone.",
        sa.select(_pages.c.id).where(~sa.exists().where(below.c.tenant_id == GIVER, below.c.id == _pages.c.id)),
    ),
    Obstacle(
        "not-managed",
        "UP-14",
        "There is an account of the same customer here that this reseller does not manage.",
        "Move the customer to the reseller, or tell him to sell to another account.",
        sa.select(_buyers.c.id).where(_someone_elses(_buyers.c.id)),
    ),
    Obstacle(
        "product-missing",
        "UP-30",
        "A product that was sold is not there any more at the distributor.",
        "Bring the product back, then try again.",
        sa.union(
            _page.where(_missing(sold.c.product_id)),
            _bought.where(_missing(bought.c.product_id)),
            sa.select(added.c.account_id).where(_missing(added.c.product_id)),
        ),  # type: ignore[arg-type]
    ),
    Obstacle(
        "price-missing",
        "UP-31",
        "A product that was sold has no price here in the reseller's currency for this billing cycle.",
        "Give the product a price, on the reseller's price list or of its own, then try again.",
        sa.union(
            _without_price(SUBSCRIPTION, subscription),
            _without_price(ASSET, asset),
            _without_price(ADD_ON, ADD_ON.into),
            _items_without_price,
        ),  # type: ignore[arg-type]
    ),
)
WORDS = {one.code: one for one in OBSTACLES}

# Account and the place of the first obstacle that holds it back.
_found = sa.union_all(
    *(
        sa.select(sa.literal_column(str(place)).label("place"), part.c.id)
        for place, one in enumerate(OBSTACLES)
        for part in [one.offenders.subquery(f"obstacle_{place}")]
    )
).subquery("found")
# Of the accounts of a batch: how many there are below, and whether one above is not this reseller's.
plainly_there = sa.select(
    sa.select(sa.func.count())
    .select_from(below)
    .where(below.c.tenant_id == GIVER, below.c.id == sa.any_(PAGE))
    .scalar_subquery()
    .label("below"),
    sa.exists()
    .where(
        above_there.c.tenant_id == TAKER,
        above_there.c.id == sa.any_(PAGE),
        above_there.c.managed_by.is_distinct_from(GIVER),
    )
    .label("someone_elses"),
)
found = sa.select(_found.c.id, sa.func.min(_found.c.place).label("place")).group_by(_found.c.id)
