"""What is here of the accounts and products that a file names: read once for a batch of rows."""

import hashlib
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm.records import may
from tenantry.database import Row, Work
from tenantry.intake.subscriptions.differing import Here
from tenantry.sales.defaults import today
from tenantry.sales.subscriptions.records import AddOn
from tenantry.schema.catalog import price_list, price_list_item, product, product_add_on, product_price
from tenantry.schema.crm import account
from tenantry.schema.sales import subscription, subscription_add_on
from tenantry.schema.subscription import trial_use
from tenantry.schema.tenant import tenant

PAYER = account.alias("payer")
DEPENDS_ON = (account, product, product_add_on, product_price, price_list, price_list_item)

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


def running(work: Work, ids: Collection[str]) -> dict[str, Here]:
    """Give the subscriptions that have these external ids here, with their add-ons."""
    s = subscription.c
    query = (
        sa.select(
            subscription,
            account.c.name.label("account_name"),
            account.c.standing.label("account_standing"),
            account.c.status.label("account_status"),
            product.c.name.label("product_name"),
        )
        .join(account, sa.and_(account.c.tenant_id == s.tenant_id, account.c.id == s.account_id))
        .join(product, sa.and_(product.c.tenant_id == s.tenant_id, product.c.id == s.product_id))
        .where(s.tenant_id == work.tenant_id, s.external_id == _any(ids))
    )
    rows = work.connection.execute(query).mappings().all() if ids else []
    a, added = subscription_add_on.c, dict[UUID, list[AddOn]]()
    of_these = (
        sa.select(a.subscription_id, a.id, a.product_id, product.c.name, a.quantity, a.unit_price)
        .join(product, sa.and_(product.c.tenant_id == a.tenant_id, product.c.id == a.product_id))
        .where(a.tenant_id == work.tenant_id, a.subscription_id.in_([row["id"] for row in rows]))
    )
    for subscription_id, *one in work.connection.execute(of_these) if rows else ():
        added.setdefault(subscription_id, []).append(AddOn(*one))
    return {row["external_id"]: _here(work, row, added.get(row["id"], [])) for row in rows}


def _here(work: Work, row: Row, add_ons: list[AddOn]) -> Here:
    return Here(dict(row), tuple(add_ons), seen=may(work.actor.readable, row["permission_rule_id"]))


def goes_with(work: Work, products_: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Give which add-on may be bought with which of these products."""
    a = product_add_on.c
    query = sa.select(a.product_id, a.add_on_id).where(a.tenant_id == work.tenant_id, a.product_id.in_(products_))
    return {(product_id, add_on_id) for product_id, add_on_id in work.connection.execute(query)}


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
        # What has no version is never changed, only added and taken away.
        version = sa.cast(table.c.version, sa.Text) if "version" in table.c else ""
        row = sa.cast(table.c.id, sa.Text) + ":" + version
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
