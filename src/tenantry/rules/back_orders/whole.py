"""What else belongs to the events of a batch, though it was told in messages of another (BO-03): an order is whole.

Nothing else can be told apart from it: who executes an order tells all that it sold in one transaction, but a batch may
end in the middle of that, and a message may be lost.
"""

import sqlalchemy as sa

from tenantry.rules.binds import GIVER
from tenantry.rules.mirror_up.batch import ASSETS, FACTS, PURCHASES, SUBSCRIPTIONS
from tenantry.schema.base import ID
from tenantry.schema.subscription import asset, subscription_change

told = subscription_change.alias("told")
told_purchase = asset.alias("told_purchase")
beside = subscription_change.alias("beside")
beside_asset = asset.alias("beside_asset")
named = subscription_change.alias("named")

_orders = sa.union(
    sa.select(told.c.order_id.label("id")).where(
        told.c.tenant_id == GIVER, told.c.id == sa.any_(FACTS), told.c.event_id != told.c.id
    ),
    sa.select(told_purchase.c.order_id).where(
        told_purchase.c.tenant_id == GIVER,
        told_purchase.c.id == sa.any_(PURCHASES),
        told_purchase.c.order_id.is_not(None),
    ),
).cte("orders")
_facts = sa.union(
    sa.select(sa.func.unnest(FACTS).label("id")),
    sa.select(beside.c.id)
    .join(_orders, beside.c.order_id == _orders.c.id)
    .where(beside.c.tenant_id == GIVER, beside.c.status == "done"),
).cte("facts")
_item = (
    sa.func.jsonb_to_recordset(named.c.sold)
    .table_valued(sa.column("subscription_id", ID))
    .render_derived("named_item", with_types=True)
)

_belongs = sa.union_all(
    sa.select(sa.literal_column("'facts'").label("word"), _facts.c.id),
    sa.select(sa.literal_column("'subscriptions'"), named.c.subscription_id)
    .join(_facts, _facts.c.id == named.c.id)
    .where(named.c.tenant_id == GIVER),
    sa.select(sa.literal_column("'subscriptions'"), _item.c.subscription_id)
    .select_from(named.join(_facts, _facts.c.id == named.c.id).join(_item, sa.true()))
    .where(named.c.tenant_id == GIVER),
    *(
        sa.select(sa.literal_column(f"'{word}'"), beside_asset.c.id)
        .join(_orders, beside_asset.c.order_id == _orders.c.id)
        .where(beside_asset.c.tenant_id == GIVER)
        for word in ("assets", "purchases")
    ),
)
_told = sa.union_all(
    *(
        sa.select(sa.literal_column(f"'{word}'"), sa.func.unnest(ids))
        for word, ids in {
            "facts": FACTS,
            "subscriptions": SUBSCRIPTIONS,
            "assets": ASSETS,
            "purchases": PURCHASES,
        }.items()
    )
)
# What is not among the words of the batch yet: the word that it belongs to, and its id.
found = sa.except_(_belongs, _told)
