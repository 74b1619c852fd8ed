"""What is here of the accounts and products that a file names: read once for a batch of rows."""

import hashlib
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm.records import may
from tenantry.database import Row, Work
from tenantry.sales.defaults import today
from tenantry.schema.catalog import price_list, price_list_item, product, product_price
from tenantry.schema.crm import account
from tenantry.schema.sales import subscription
from tenantry.schema.subscription import trial_use
from tenantry.schema.tenant import tenant

PAYER = account.alias("payer")
DEPENDS_ON = (account, product, product_price, price_list, price_list_item)

Found = dict[str, dict[UUID, Row]]


def accounts(work: Work, words: Collection[str], on: date) -> Found:
    """Give the accounts that may be seen by number, accounting number and name, with the terms they buy under today."""
    a, options = account.c, {}
    for name in ("price_list_id", "prorate_billing", "billing_day"):
        options[name] = sa.case((a.own_ordering_options, a[name]), else_=PAYER.c[name])
    of = price_list.c
    valid = sa.and_(
        of.tenant_id == a.tenant_id,
        of.id == options["price_list_id"],
        of.active,
        sa.func.coalesce(of.valid_from, on) <= on,
        sa.func.coalesce(of.valid_until, on) >= on,
    )
    columns = ("id", "number", "accounting_no", "name", "bill_to_id", "standing", "status", "ordering_enabled")
    query = (
        sa.select(
            *(a[name] for name in columns),
            a.permission_rule_id,
            options["prorate_billing"].label("prorate_billing"),
            options["billing_day"].label("billing_day"),
            of.id.label("list_id"),
            sa.func.coalesce(of.currency, a.currency).label("currency"),
        )
        .join(PAYER, sa.and_(PAYER.c.tenant_id == a.tenant_id, PAYER.c.id == a.bill_to_id))
        .outerjoin(price_list, valid)
        .where(
            a.tenant_id == work.tenant_id,
            sa.or_(
                sa.cast(a.number, sa.Text) == _any(words),
                sa.func.lower(a.accounting_no) == _any(words),
                sa.func.lower(a.name) == _any(words),
            ),
        )
    )
    rows = work.connection.execute(query).mappings()
    seen = [row for row in rows if may(work.actor.readable, row["permission_rule_id"])]
    return _by_word(seen, ("number", "accounting_no", "name"))


def products(work: Work, words: Collection[str]) -> Found:
    """Give the products by SKU and by name."""
    p = product.c
    query = sa.select(product).where(
        p.tenant_id == work.tenant_id,
        sa.or_(sa.func.lower(p.sku) == _any(words), sa.func.lower(p.name) == _any(words)),
    )
    return _by_word(work.connection.execute(query).mappings(), ("sku", "name"))


def external_ids(work: Work, ids: Collection[str]) -> dict[str, str]:
    """Give the external ids of these that subscriptions have here, with those subscriptions' names."""
    s = subscription.c
    query = sa.select(s.external_id, s.name).where(s.tenant_id == work.tenant_id, s.external_id == _any(ids))
    return {row.external_id: row.name for row in work.connection.execute(query)}


def tried(work: Work, accounts_: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Give which of these accounts have tried which product."""
    t = trial_use.c
    query = sa.select(t.account_id, t.product_id).where(t.tenant_id == work.tenant_id, t.account_id.in_(accounts_))
    return {(account_id, product_id) for account_id, product_id in work.connection.execute(query)}


def hold(work: Work, accounts_: Collection[UUID]) -> None:
    """Hold these accounts until the transaction ends, in one order, so that two never wait for each other."""
    a = account.c
    query = sa.select(a.id).where(a.tenant_id == work.tenant_id, a.id.in_(accounts_)).order_by(a.id)
    work.connection.execute(query.with_for_update())


def fingerprint(work: Work) -> str:
    """Give a hash of all that a plan may depend on, the day and whether one is live among it."""
    live = work.connection.scalar(sa.select(tenant.c.live_at.is_not(None)).where(tenant.c.id == work.tenant_id))
    parts = [str(today(work)), str(live)]
    for table in DEPENDS_ON:
        row = sa.cast(table.c.id, sa.Text) + ":" + sa.cast(table.c.version, sa.Text)
        query = sa.select(sa.func.count(), sa.func.sum(sa.func.hashtextextended(row, 0)))
        found = work.connection.execute(query.where(table.c.tenant_id == work.tenant_id)).one()
        parts += [str(one) for one in found]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _any(words: Collection[str]) -> sa.ColumnElement[Any]:
    return sa.any_(sa.literal(sorted(set(words)), sa.ARRAY(sa.Text)))


def _by_word(rows: Iterable[Row], names: Collection[str]) -> Found:
    found: Found = {}
    for row in rows:
        for name in names:
            if row[name] not in {None, ""}:
                found.setdefault(str(row[name]).lower(), {})[row["id"]] = row
    return found
