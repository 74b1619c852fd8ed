"""Mirror up what was sold, field by field (UP-30 to UP-34): subscriptions, add-ons, assets and what happened to them.

Whatever a `mirror` stanza names is locked above and kept fresh; the rest is set once.
"""

from typing import Any

import sqlalchemy as sa

from tenantry.rules.binds import GIVER, MOMENT, RESELLER, TAKER
from tenantry.rules.comparing import Kept
from tenantry.rules.copy import Copy
from tenantry.rules.mirror_up.batch import SUBSCRIPTIONS, comes_from_above, lines_of
from tenantry.rules.mirror_up.prices import Sold, priced
from tenantry.rules.mirror_up.travelling import keeps_step, travels
from tenantry.rules.stanzas import assign, blank, fill, mirror
from tenantry.schema.catalog import product
from tenantry.schema.crm import account
from tenantry.schema.sales import subscription, subscription_add_on
from tenantry.schema.subscription import subscription_change
from tenantry.schema.tenant import api_option, tenant

sold = subscription.alias("sold")
origin = subscription.alias("origin")
customer = account.alias("customer")
reseller = account.alias("reseller")
named = product.alias("named")

Column = sa.ColumnElement[Any]

PRICING = ("activation", "conversion", "upgrade", "downgrade")


def _last_priced(name: str, subscription_id: Column, split_from_id: Column, product_id: Column) -> Any:
    """Find the sale by which something got its price: the last that began it under its present product.

    Read from what the reseller has, not from the batch, so that how messages fall into batches changes no price.
    """
    change = subscription_change.alias(f"{name}_change")
    item = lines_of(change, f"{name}_item")
    # An add-on keeps the price that it was bought at, whatever its number becomes.
    begun = sa.or_(change.c.kind.in_(PRICING), change.c.before["quantity"].astext == "0")
    return (
        sa.select(item.c.total, change.c.effective_on, change.c.done_at)
        .select_from(change.join(item, sa.true()))
        .where(
            change.c.tenant_id == GIVER,
            change.c.subscription_id.in_([subscription_id, split_from_id]),
            change.c.status == "done",
            begun,
            item.c.subscription_id == subscription_id,
            item.c.product_id == product_id,
            item.c.quantity > 0,
        )
        .order_by(change.c.done_at.desc(), change.c.number.desc())
        .limit(1)
        .correlate_except(change, item)
        .lateral(f"{name}_last")
    )


def api_access(name: str, entity: str) -> tuple[dict[str, Column], dict[sa.FromClause, sa.ColumnElement[bool]]]:
    """Join the API options of an entity, and those of accounts where it has none (UP-32)."""
    own, accounts = api_option.alias(f"{name}_options"), api_option.alias(f"{name}_account_options")
    distributor = tenant.alias(f"{name}_distributor")
    joins: dict[sa.FromClause, sa.ColumnElement[bool]] = {
        own: sa.and_(own.c.tenant_id == TAKER, own.c.entity == entity),
        accounts: sa.and_(accounts.c.tenant_id == TAKER, accounts.c.entity == "account"),
        distributor: distributor.c.id == TAKER,
    }
    access: dict[str, Column] = {
        "responsible_user_id": sa.func.coalesce(
            own.c.responsible_user_id, accounts.c.responsible_user_id, distributor.c.admin_user_id
        ),
        "permission_rule_id": sa.func.coalesce(
            own.c.permission_rule_id, accounts.c.permission_rule_id, distributor.c.common_rule_id
        ),
    }
    return access, joins


here: dict[sa.FromClause, sa.ColumnElement[bool]] = {
    reseller: sa.and_(reseller.c.tenant_id == TAKER, reseller.c.id == RESELLER)
}


def customer_of(row: Any) -> sa.ColumnElement[bool]:
    return sa.and_(customer.c.tenant_id == TAKER, customer.c.id == row.c.account_id)


def product_of(row: Any) -> sa.ColumnElement[bool]:
    return sa.and_(named.c.tenant_id == TAKER, named.c.id == row.c.product_id)


named_after = sa.func.left(customer.c.name.concat(" - ").concat(named.c.name), 320)


def _follows(row: Any, name: str) -> sa.ColumnElement[bool]:
    """Say that a mirror follows what is below: what went on to a product of the reseller's own has ended for good."""
    below = subscription.alias(f"{name}_below")
    gone_on = sa.exists().where(
        below.c.tenant_id == GIVER, below.c.id == row.c.id, ~comes_from_above(below.c.product_id, name)
    )
    return sa.and_(row.c.managed_by == GIVER, ~sa.and_(row.c.status == "cancelled", gone_on))


def mirrored_as(sold: Any, rows: sa.ColumnElement[bool]) -> Copy:
    """Say how a subscription of the reseller's is mirrored, read off his row or off what it was."""
    name = sold.name
    last = _last_priced(name, sold.c.id, sold.c.split_from_id, sold.c.product_id)
    price = priced(
        Sold(
            name,
            sold.c.account_id,
            sold.c.product_id,
            sold.c.cycle,
            sa.func.coalesce(last.c.total, sold.c.quantity),
            sa.func.coalesce(last.c.effective_on, sold.c.start_on),
            sa.func.coalesce(last.c.done_at, sold.c.created_at),
        )
    )
    access, access_joins = api_access(name, "subscription")
    return Copy(
        name="subscription",
        into=subscription,
        source=sold,
        account=sold.c.account_id,
        rows=rows,
        kept=Kept(subscription.c.account_id, _follows(subscription, "its_product")),
        joins={
            **here,
            customer: customer_of(sold),
            named: product_of(sold),
            origin: sa.and_(origin.c.tenant_id == GIVER, origin.c.id == sold.c.split_from_id),
            **access_joins,
            last: sa.true(),
            **price.joins,
        },
        rules=(
            mirror(
                "UP-30",
                "One to one with the reseller's: customer, product, billing cycle, quantity, start and activation "
                "date, renewal and provisioning status are his; they are updated automatically.",
                "account_id product_id cycle quantity start_on paid_from term_until renew external_id "
                "provisioning_status",
            ),
            mirror(
                "UP-30",
                "Its status follows: inactive while the start lies ahead, then active, suspended, cancelled or "
                "expired.",
                "status end_on suspended_on",
            ),
            fill("UP-30", "Named after end customer and product.", name=named_after),
            fill("UP-30", "The tenant reseller pays.", bill_to_id=RESELLER),
            fill(
                "UP-31",
                "What the reseller pays: his price list here, else the product's unit price, in his currency here. "
                "Nothing of his own selling price travels.",
                currency=reseller.c.currency,
                unit_price=price.unit_price,
                discount_percent=0,
            ),
            fill(
                "BO-09",
                "A promotion of the distributor's that is given on the day of the sale.",
                promotion_id=price.promotion_id,
                promotion_cycles_left=price.promotion_cycles,
            ),
            fill("UP-32", "Responsible user and permission rule are those of the API options.", **access),
            fill("UP-30", "It follows the reseller's.", standing="mirrored", managed_by=GIVER),
            fill(
                "BO-16",
                "Parted from the mirror that it was parted from below.",
                split_from_id=sa.case((travels(origin), sold.c.split_from_id)),
            ),
            blank("UP-31", "What is charged here is reckoned here.", "anchor_on charged_until trial_until"),
            blank("UP-33", "The rest is the distributor's to fill.", "custom_fields"),
            fill("UP-33", "The price may be updated.", price_frozen=False),
            assign("BO-15", "The order here that tracks the sale.", order_id=None),
            assign("UP-30", "Made when the sale arrived.", created_at=MOMENT, version=1),
        ),
    )


SUBSCRIPTION = mirrored_as(sold, sa.and_(sold.c.id == sa.any_(SUBSCRIPTIONS), keeps_step(sold)))


_parent, _whole = subscription.alias("parent"), subscription.alias("whole")
_add_on = subscription_add_on.alias("add_on")
# The giver's add-ons of what travels, each with what its price goes by.
added = (
    sa.select(
        *_add_on.c,
        *(_parent.c[name] for name in ("account_id", "cycle", "split_from_id", "start_on", "created_at")),
    )
    .join(_parent, sa.and_(_parent.c.tenant_id == _add_on.c.tenant_id, _parent.c.id == _add_on.c.subscription_id))
    .where(
        _add_on.c.tenant_id == GIVER,
        _parent.c.tenant_id == GIVER,
        _parent.c.id == sa.any_(SUBSCRIPTIONS),
        keeps_step(_parent),
        comes_from_above(_add_on.c.product_id, "add_on_product"),
    )
    .subquery("added")
)
_last_added = _last_priced("added", added.c.subscription_id, added.c.split_from_id, added.c.product_id)
_add_on_price = priced(
    Sold(
        "added",
        added.c.account_id,
        added.c.product_id,
        added.c.cycle,
        sa.func.coalesce(_last_added.c.total, added.c.quantity),
        sa.func.coalesce(_last_added.c.effective_on, added.c.start_on),
        sa.func.coalesce(_last_added.c.done_at, added.c.created_at),
    )
)

ADD_ON = Copy(
    name="subscription_add_on",
    into=subscription_add_on,
    source=added,
    account=added.c.account_id,
    kept=Kept(
        _whole.c.account_id,
        _follows(_whole, "its_whole_product"),
        {_whole: sa.and_(_whole.c.tenant_id == TAKER, _whole.c.id == subscription_add_on.c.subscription_id)},
    ),
    joins={_last_added: sa.true(), **_add_on_price.joins},
    rules=(
        mirror(
            "UP-33",
            "Add-ons are the reseller's to buy, change in number and cancel; they are updated automatically.",
            "subscription_id product_id quantity",
        ),
        fill("UP-31", "What the reseller pays for one.", unit_price=_add_on_price.unit_price, discount_percent=0),
        fill(
            "BO-09",
            "A promotion of the distributor's that is given on the day of the sale.",
            promotion_id=_add_on_price.promotion_id,
            promotion_cycles_left=_add_on_price.promotion_cycles,
        ),
        assign("BO-17", "The order here that tracks its sale.", order_id=None),
        assign("UP-33", "Made when the sale arrived.", version=1),
    ),
)
