"""Convert what is in another currency at the rate that was stated, above, before it is copied (DN-44)."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from tenantry.rules.binds import GIVER
from tenantry.rules.mark import Mark
from tenantry.rules.transfer_accounts.sources import list_currency
from tenantry.rules.transfer_subscriptions.prices import rounded
from tenantry.schema.sales import subscription, subscription_add_on
from tenantry.schema.subscription import asset

# From currency: rate, to currency, and its decimal places; as the plan states them.
RATES = sa.bindparam("rates", type_=JSONB)
WHY = "It was stated to be converted at a rate, instead of being cancelled and sold anew."

_its_currency = (
    sa.select(subscription.c.currency)
    .where(subscription.c.tenant_id == GIVER, subscription.c.id == subscription_add_on.c.subscription_id)
    .correlate(subscription_add_on)
    .scalar_subquery()
)


def stated(what: str, currency: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    """Give what was stated of a currency; null where nothing was."""
    return sa.func.jsonb_extract_path_text(RATES, currency, sa.literal_column(f"'{what}'"))


def is_convertible(currency: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Say that a rate into the currency of the reseller's price list was stated."""
    return sa.func.coalesce(stated("to", currency) == list_currency, sa.false())


def _converted(price: sa.ColumnElement[Any], currency: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    rate = sa.cast(stated("rate", currency), sa.Numeric)
    return rounded(price * rate, sa.cast(stated("places", currency), sa.Numeric))


def _converting(name: str, table: sa.Table, of: sa.ColumnElement[Any], currency: sa.ColumnElement[Any]) -> Mark:
    sets = {"unit_price": _converted(table.c.unit_price, currency)}
    if "currency" in table.c:
        sets = {"currency": list_currency, **sets}
    return Mark(
        name=name,
        rule="DN-44",
        why=WHY,
        table=table,
        account=of,
        sets=sets,
        was={},
        rows=sa.and_(currency != list_currency, is_convertible(currency)),
        restores=tuple(sets),
        only_keeping=True,
    )


# Add-ons are in their subscription's currency, so they come before it is another.
CONVERTING = (
    _converting("converted_add_on", subscription_add_on, subscription_add_on.c.subscription_id, _its_currency),
    _converting("converted_subscription", subscription, subscription.c.id, subscription.c.currency),
    _converting("converted_asset", asset, asset.c.id, asset.c.currency),
)
