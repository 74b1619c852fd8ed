"""What the reseller asks for it: the price list of the account in his tenant, else the product's unit price there
(CAT-02). The distributor's price is never looked at.
"""

from typing import Any

import sqlalchemy as sa

from tenantry.kernel.iso import currencies
from tenantry.kernel.money import minor_unit
from tenantry.rules.binds import MOMENT, TAKER
from tenantry.rules.transfer_accounts.sources import list_currency
from tenantry.schema.catalog import price_list, price_list_item, product_price
from tenantry.schema.crm import account

FINEST, USUAL = 6, 2
TODAY = sa.cast(sa.func.timezone("UTC", MOMENT), sa.Date)
# The few currencies whose smallest amount is not a hundredth, by the places that it has.
UNUSUAL: dict[int, list[str]] = {}
for _code in currencies():
    if (_digits := -int(minor_unit(_code).as_tuple().exponent)) != USUAL:
        UNUSUAL.setdefault(_digits, []).append(_code)

buyer, payer = account.alias("buyer"), account.alias("payer")
tier, unit, based_on = price_list_item.alias("tier"), product_price.alias("unit"), product_price.alias("based_on")


def rounded(amount: sa.ColumnElement[Any], places: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Round half-even, as money is rounded (TEN-30); `amount` is not below nothing."""
    ten = sa.cast(sa.literal_column("10"), sa.Numeric)
    scaled = amount * sa.func.power(ten, places)
    is_half = scaled - sa.func.floor(scaled) == sa.literal_column("0.5")
    whole = sa.case((is_half, 2 * sa.func.floor((scaled + sa.literal_column("0.5")) / 2)), else_=sa.func.round(scaled))
    return sa.func.round(whole / sa.func.power(ten, places), sa.cast(places, sa.Integer))


def price_below(*of: sa.FromClause, **what: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Give what one unit costs in the reseller's tenant, in the currency of his price list; null where he does not
    sell it. `of` are the rows that it is asked for, and `what` names its account, product, cycle and quantity.
    """
    return sa.func.coalesce(_of_list(*of, **what), _of_product(*of, **what))


def _of_list(*of: sa.FromClause, **what: sa.ColumnElement[Any]) -> sa.ScalarSelect[Any]:
    """Give the tier that the quantity reaches on the account's own list, else its Bill To's."""
    options = sa.case((buyer.c.own_ordering_options, buyer.c.price_list_id), else_=payer.c.price_list_id)
    places = sa.func.least(sa.func.greatest(_places(), sa.func.scale(sa.func.trim_scale(based_on.c.cost))), FINEST)
    margin = 1 + tier.c.margin_percent / 100
    found = sa.case(
        (tier.c.price.is_not(None), tier.c.price),
        (tier.c.margin_percent.is_not(None), rounded(based_on.c.cost * margin, places)),
    )
    source = (
        sa.join(buyer, payer, sa.and_(payer.c.tenant_id == TAKER, payer.c.id == buyer.c.bill_to_id))
        .join(price_list, sa.and_(price_list.c.tenant_id == TAKER, price_list.c.id == options))
        .join(tier, sa.and_(tier.c.tenant_id == TAKER, tier.c.price_list_id == price_list.c.id))
        .outerjoin(based_on, sa.and_(*_is_priced(based_on, tier.c.product_id, tier.c.cycle)))
    )
    return (
        sa.select(found)
        .select_from(source)
        .where(
            buyer.c.tenant_id == TAKER,
            buyer.c.id == what["account"],
            price_list.c.active,
            price_list.c.currency == list_currency,
            *_holds(price_list),
            tier.c.product_id == what["product"],
            tier.c.cycle == what["cycle"],
            tier.c.min_quantity <= what["quantity"],
            *_holds(tier),
        )
        .order_by(tier.c.min_quantity.desc())
        .limit(1)
        .correlate(*of)
        .scalar_subquery()
    )


def _of_product(*of: sa.FromClause, **what: sa.ColumnElement[Any]) -> sa.ScalarSelect[Any]:
    priced = _is_priced(unit, what["product"], what["cycle"])
    return sa.select(unit.c.unit_price).where(*priced).correlate(*of).scalar_subquery()


def _is_priced(price: Any, product_id: Any, cycle: Any) -> list[sa.ColumnElement[bool]]:
    return [
        price.c.tenant_id == TAKER,
        price.c.product_id == product_id,
        price.c.cycle == cycle,
        price.c.currency == list_currency,
    ]


def _holds(row: Any) -> list[sa.ColumnElement[bool]]:
    return [
        sa.func.coalesce(row.c.valid_from, TODAY) <= TODAY,
        sa.func.coalesce(row.c.valid_until, TODAY) >= TODAY,
    ]


def _places() -> sa.ColumnElement[int]:
    of = price_list.c.currency
    whens = [
        (of == sa.any_(sa.literal(codes, sa.ARRAY(sa.Text))), sa.literal(places)) for places, codes in UNUSUAL.items()
    ]
    return sa.case(*whens, else_=USUAL)
