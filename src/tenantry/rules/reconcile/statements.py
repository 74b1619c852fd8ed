"""The statements of a comparison: who belongs into both tenants, and what of them differs (UP-44)."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry.rules.back_orders.comparing import CARRIED, compare_items, compare_orders
from tenantry.rules.back_orders.copies import ORDER_ITEM
from tenantry.rules.back_orders.triggers import TRIGGERS
from tenantry.rules.binds import AFTER, GIVER, TAKER, UPTO
from tenantry.rules.mirror_up.assets import asset_travels
from tenantry.rules.mirror_up.copies import ACCOUNT, ADD_ON, ASSET, BILLING_ADDRESS, SUBSCRIPTION, SYNC_OPTION
from tenantry.rules.mirror_up.travelling import travels
from tenantry.rules.plan import PAGE
from tenantry.rules.reconcile.causes import LEFT_OVER, ORPHAN, UNTOLD, WAITS
from tenantry.rules.stanzas import Stanza
from tenantry.schema.base import ID
from tenantry.schema.crm import account
from tenantry.schema.message import message, message_set_aside
from tenantry.schema.reconcile import reconcile_difference
from tenantry.schema.sales import subscription
from tenantry.schema.subscription import asset, subscription_change

RUN = sa.bindparam("run", type_=ID)
SIZE = sa.bindparam("size", type_=sa.Integer)

below, above = account.alias("compared_below"), account.alias("compared_above")
_set_aside, _cause = message_set_aside.alias("aside"), message_set_aside.alias("aside_cause")

COPIES = (ACCOUNT, BILLING_ADDRESS, SYNC_OPTION, SUBSCRIPTION, ADD_ON, ASSET)
# What the mirror itself takes away, because what it belongs to is there and says so.
TAKEN_AWAY = ("sync_option", "subscription_add_on")

# How far a chunk goes: so many accounts of the reseller's.
reach = sa.select(below.c.id).where(below.c.tenant_id == GIVER, below.c.id > AFTER).order_by(below.c.id).limit(SIZE)
how_many = sa.select(sa.func.count()).select_from(below).where(below.c.tenant_id == GIVER)


def _buyers(table: Any, which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    owner = table.c.account_id
    return sa.select(owner.label("id")).where(table.c.tenant_id == GIVER, owner > AFTER, owner <= UPTO, which)


_bought, _sold = asset.alias("compared_asset"), subscription.alias("compared_sold")
_members = sa.union(
    sa.select(above.c.id).where(
        above.c.tenant_id == TAKER, above.c.managed_by == GIVER, above.c.id > AFTER, above.c.id <= UPTO
    ),
    _buyers(_sold, travels(_sold)),
    _buyers(_bought, asset_travels(_bought)),
).cte("members")

_there, _here = account.alias("there"), account.alias("here")
# Accounts of a chunk that belong into both tenants: whether this reseller manages them here, whether they are here
# at all, and whether something about them is still on its way. One that was deleted below has been archived here.
members = (
    sa.select(
        _members.c.id,
        sa.func.coalesce(_here.c.managed_by == GIVER, sa.false()).label("managed"),
        _here.c.id.is_not(None).label("present"),
        _members.c.id.in_(sa.select(message.c.account_id).where(message.c.tenant_id == GIVER)).label("on_its_way"),
    )
    .select_from(
        _members.outerjoin(_here, sa.and_(_here.c.tenant_id == TAKER, _here.c.id == _members.c.id)).outerjoin(
            _there, sa.and_(_there.c.tenant_id == GIVER, _there.c.id == _members.c.id)
        )
    )
    .where(~sa.func.coalesce(sa.and_(_here.c.standing == "archived", _there.c.status == "deleted"), sa.false()))
    .order_by(_members.c.id)
)


def _of_page(table: sa.Table, *which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(table.c.id).where(table.c.tenant_id == GIVER, table.c.account_id == sa.any_(PAGE), *which)


# The words of the mirror's statements: all that was sold to the accounts of a chunk.
subscriptions = _of_page(subscription)
assets = _of_page(asset)
sold_changes = _of_page(
    subscription_change,
    subscription_change.c.status == "done",
    subscription_change.c.kind.in_(TRIGGERS),
    subscription_change.c.sold.is_not(None),
)

_chosen = sa.select(sa.func.unnest(PAGE).label("id")).cte("compared")


def _kept(place: int, record: str, found: sa.Select[Any]) -> Any:
    """Keep the differences of one kind of record: in its place in the run, with the name and the cause."""
    one = found.subquery("found")
    lead: sa.ColumnElement[str] = sa.literal_column(f"'{place:02x}'")
    digest = sa.func.md5(sa.cast(RUN, sa.Text).concat(sa.cast(one.c.id, sa.Text)).concat(one.c.field))
    waiting = (
        sa.select(sa.func.min(sa.case((_cause.c.reason != WAITS, _cause.c.reason))))
        .where(_cause.c.tenant_id == GIVER, _cause.c.account_id == one.c.account_id)
        .correlate(one)
        .scalar_subquery()
    )
    gone = LEFT_OVER if record in TAKEN_AWAY else ORPHAN
    otherwise = sa.case((one.c.verdict == "surplus", sa.literal(gone)), else_=sa.literal(UNTOLD))
    name = sa.func.coalesce(_here.c.name, _there.c.name, "")
    rows = sa.select(
        TAKER,
        sa.cast(lead.concat(sa.func.left(digest, 30)), ID),
        RUN,
        one.c.account_id,
        name,
        sa.literal(record),
        one.c.id,
        one.c.verdict,
        one.c.field,
        one.c.below,
        one.c.above,
        sa.func.coalesce(waiting, otherwise),
    ).select_from(
        one.outerjoin(_here, sa.and_(_here.c.tenant_id == TAKER, _here.c.id == one.c.account_id)).outerjoin(
            _there, sa.and_(_there.c.tenant_id == GIVER, _there.c.id == one.c.account_id)
        )
    )
    columns = "tenant_id id run_id account_id account_name record record_id verdict field below above cause".split()
    statement = insert(reconcile_difference).from_select(columns, rows)
    return statement.on_conflict_do_nothing(index_elements=["tenant_id", "id"])


# One statement for each kind of record; each keeps what it finds in the run.
KEPT = (
    *(_kept(place, copy.name, copy.compare(_chosen)) for place, copy in enumerate(COPIES)),
    _kept(len(COPIES), "order", compare_orders(_chosen)),
    _kept(len(COPIES) + 1, "order_item", compare_items(_chosen)),
)

_difference = reconcile_difference.c
_of_run = (_difference.tenant_id == TAKER, _difference.run_id == RUN, _difference.account_id == sa.any_(PAGE))
tally = sa.select(
    sa.func.count(),
    sa.func.count(sa.distinct(_difference.account_id)),
    sa.func.count(sa.distinct(_difference.account_id)).filter(
        _difference.account_id.in_(sa.select(_set_aside.c.account_id).where(_set_aside.c.tenant_id == GIVER))
    ),
).where(*_of_run)
# What could be put right, were there not something in the way.
blamed = (
    sa.update(reconcile_difference)
    .values(cause=sa.bindparam("code", type_=sa.Text))
    .where(*_of_run, _difference.cause == UNTOLD)
)


def rule_of(record: str, field: str) -> Stanza | None:
    """Give the stanza that says what a field above is; none for a whole row."""
    copy = next((one for one in COPIES if one.name == record), ORDER_ITEM if record == "order_item" else None)
    return copy.stanza_of.get(field) if copy else None


FOLLOWED = {**{copy.name: tuple(copy.locked) for copy in COPIES}, "order": (), "order_item": CARRIED}
