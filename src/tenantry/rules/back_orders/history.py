"""What happened to a subscription below, as its history above has it (BO-04, BO-16, UP-41)."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry.rules.back_orders.events import is_mirrored
from tenantry.rules.binds import GIVER, MOMENT, RESELLER, TAKER
from tenantry.rules.copy import Copy
from tenantry.rules.derived import derived_id
from tenantry.rules.making import Making
from tenantry.rules.mirror_up.batch import FACTS, MADE, PURCHASES, TRACKED
from tenantry.rules.stanzas import assign, blank, carry, fill
from tenantry.schema.base import ID, Listed
from tenantry.schema.catalog import product
from tenantry.schema.crm import account, history_line
from tenantry.schema.sales import order
from tenantry.schema.subscription import asset, subscription_change

reseller = account.alias("reseller")
_reseller_name = (
    sa.select(reseller.c.name).where(reseller.c.tenant_id == TAKER, reseller.c.id == RESELLER).scalar_subquery()
)

# The facts of the batch, each with the order here that tracks it, or none.
_tracked = (
    sa.func.unnest(FACTS, TRACKED)
    .table_valued(sa.column("id", ID), sa.column("order_id", ID))
    .render_derived("tracked")
)
_done = subscription_change.alias("done_below")
done = (
    sa.select(*(column for column in _done.c if column.name != "order_id"), _tracked.c.order_id)
    .select_from(_tracked.join(_done, sa.and_(_done.c.tenant_id == GIVER, _done.c.id == _tracked.c.id)))
    .subquery("done")
)
known = subscription_change.alias("known")
converted = subscription_change.alias("converted")
_without_prices: Any = sa.literal_column("'unit_price'")
_last_number = (
    sa.select(sa.func.max(known.c.number))
    .where(known.c.tenant_id == TAKER, known.c.account_id == done.c.account_id)
    .correlate(done)
    .scalar_subquery()
)

_tried = sa.exists().where(
    converted.c.tenant_id == GIVER,
    converted.c.subscription_id == done.c.subscription_id,
    converted.c.kind == "conversion",
    converted.c.number > done.c.number,
)

CHANGE = Copy(
    name="subscription_change",
    into=subscription_change,
    source=done,
    account=done.c.account_id,
    # What a selling price became is the reseller's own business, and so is what happened while it was tried,
    # whenever that is told.
    rows=sa.and_(
        done.c.kind.not_in(("price", "trial")),
        ~_tried,
        is_mirrored(done.c.subscription_id),
    ),
    rules=(
        carry(
            "BO-04",
            "What happened to the subscription, as the reseller's history has it.",
            "subscription_id account_id kind status effective_on done_at event_id product_id sold",
        ),
        fill(
            "UP-31",
            "Without the reseller's selling prices.",
            before=done.c.before.op("-")(_without_prices),
            after=done.c.after.op("-")(_without_prices),
        ),
        fill("HND-10", "People stay below; it came from the tenant reseller.", actor_id=None, actor=_reseller_name),
        fill("BO-12", "What it costs the reseller is charged here.", to_be_charged=True),
        blank("BO-04", "It happened, so there is no problem with it.", "problem"),
        assign(
            "UP-41",
            "Its place among the changes of the customer here, in the order in which they were made.",
            number=sa.func.coalesce(_last_number, 0)
            + sa.func.row_number().over(partition_by=done.c.account_id, order_by=done.c.number),
        ),
        carry("BO-16", "The order here that tracks it, if it raised one.", "order_id"),
        assign("BO-04", "Made when the message arrived.", created_at=MOMENT, version=1),
    ),
)

_about = product.alias("about")
_arrived = subscription_change.alias("arrived")
# The facts of the batch, each with the number of the order that tracks it, or none.
_numbered = (
    sa.func.unnest(FACTS, sa.bindparam("numbers", type_=Listed(sa.BigInteger)))
    .table_valued(sa.column("id", ID), sa.column("number", sa.BigInteger))
    .render_derived("numbered")
)
_about_name = (
    sa.select(_about.c.name)
    .where(_about.c.tenant_id == TAKER, _about.c.id == _arrived.c.product_id)
    .correlate(_arrived)
    .scalar_subquery()
)


def _said(name: str, of: Any = None) -> sa.ColumnElement[str]:
    return sa.func.coalesce((_arrived.c.after if of is None else of)[name].astext, "")


_plainly = {
    "activation": "Subscription was created",
    "conversion": "Trial was converted to paid",
    "suspension": "Subscription was suspended",
    "resumption": "Subscription was resumed",
    "expiry": "Subscription has expired",
}


def _words(*parts: Any) -> sa.ColumnElement[str]:
    return sa.func.concat(*parts)


_sentence: sa.ColumnElement[str] = sa.case(
    *((_arrived.c.kind == kind, sa.literal(said)) for kind, said in _plainly.items()),
    (
        _arrived.c.kind == "quantity",
        _words("Quantity was changed from ", _said("quantity", _arrived.c.before), " to ", _said("quantity")),
    ),
    (
        sa.and_(_arrived.c.kind == "add_on", _said("quantity", _arrived.c.before) == "0"),
        _words("Add-on ", _about_name, " was bought: ", _said("quantity")),
    ),
    (
        sa.and_(_arrived.c.kind == "add_on", _said("quantity") == "0"),
        _words("Add-on ", _about_name, " was cancelled"),
    ),
    (
        _arrived.c.kind == "add_on",
        _words(
            "Quantity of add-on ",
            _about_name,
            " was changed from ",
            _said("quantity", _arrived.c.before),
            " to ",
            _said("quantity"),
        ),
    ),
    (
        _arrived.c.after.has_key("parted"),
        _words(sa.func.initcap(_arrived.c.kind), " of ", _said("parted"), " units to ", _said("parted_product")),
    ),
    (
        _arrived.c.kind.in_(("upgrade", "downgrade")),
        _words(
            sa.func.initcap(_arrived.c.kind), " from ", _said("product", _arrived.c.before), " to ", _said("product")
        ),
    ),
    (_arrived.c.kind == "cancellation", _words("Subscription was cancelled, last day ", _said("end_on"))),
    (_arrived.c.kind == "renewal", _words("Subscription was renewed until ", _said("term_until"))),
    (
        _arrived.c.kind == "renew_flag",
        sa.case((_said("renew") == "true", "Subscription renews by itself"), else_="Subscription does not renew"),
    ),
    else_=_arrived.c.kind,
)
# A line of the subscription's history for each that has just arrived; made from its change, so made once.
line = Making.of(
    insert(history_line).from_select(
        ["tenant_id", "id", "entity", "subject_id", "at", "actor", "sentence"],
        sa.select(
            TAKER,
            derived_id(_arrived.c.id, _arrived.c.subscription_id, "history line"),
            sa.literal("subscription"),
            _arrived.c.subscription_id,
            MOMENT,
            _reseller_name,
            _words(
                _sentence,
                " due to changes on ",
                _reseller_name,
                sa.func.coalesce(" (order " + sa.cast(_numbered.c.number, sa.Text) + ")", ""),
            ),
        ).select_from(
            _numbered.join(_arrived, sa.and_(_arrived.c.tenant_id == TAKER, _arrived.c.id == _numbered.c.id))
        ),
    )
)
# The numbers of orders that were there already.
numbers = sa.select(order.c.id, order.c.number).where(
    order.c.tenant_id == TAKER, order.c.id == sa.any_(sa.bindparam("there", type_=Listed(ID)))
)

# An asset has no changes, only its sale; the order that tracks it is made once, and with it the line.
_purchase, _number = asset.alias("arrived_purchase"), order.alias("tracking")
purchase_line = Making.of(
    insert(history_line).from_select(
        ["tenant_id", "id", "entity", "subject_id", "at", "actor", "sentence"],
        sa.select(
            TAKER,
            derived_id(_number.c.id, _purchase.c.id, "history line"),
            sa.literal("asset"),
            _purchase.c.id,
            MOMENT,
            _reseller_name,
            _words(
                "Asset was bought due to changes on ",
                _reseller_name,
                " (order ",
                sa.cast(_number.c.number, sa.Text),
                ")",
            ),
        )
        .select_from(
            _purchase.join(_number, sa.and_(_number.c.tenant_id == TAKER, _number.c.id == _purchase.c.order_id))
        )
        .where(_purchase.c.tenant_id == TAKER, _purchase.c.id == sa.any_(PURCHASES), _number.c.id == sa.any_(MADE)),
    )
)
