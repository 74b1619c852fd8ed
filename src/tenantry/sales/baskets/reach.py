"""For whom somebody may buy: his own account, or a customer of it when it sells on (SF-01, DN-30)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm.records import seen_account
from tenantry.crm.storefront_users.sessions import LOOKS, Shopper
from tenantry.database import Row, Work
from tenantry.kernel.actor import Actor
from tenantry.kernel.problems import NotFound, Refused, Verdict
from tenantry.rules.policy import yes
from tenantry.rules.policy.account import sold_below
from tenantry.rules.policy.tenant import reseller_rests, shop_rests
from tenantry.sales.baskets.views import Known
from tenantry.sales.selling import may_buy, may_sell
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account
from tenantry.schema.tenant import tenant
from tenantry.tenancy import permissions, queries

SHOWN = 50

_SHOP_DOES = frozenset({"orders:edit", "orders:view", "subscriptions:edit", "subscriptions:view"})


@dataclass(frozen=True)
class Customer:
    """An account that a shopper may look at, and whether he may buy for it."""

    id: UUID
    name: str
    number: int
    buys: Verdict


def acting(work: Work, shopper: Shopper) -> Work:
    """Go on as the shop does for a shopper whose reach was looked at: it writes what he himself could not touch."""
    held = work.actor.looks_only
    return replace(work, actor=Actor(shopper.contact_id, shopper.name, _SHOP_DOES, None, None, None, held))


def held_buyer(work: Work, account_id: UUID, shopper: Shopper | None) -> Row:
    """Load and lock the account that is bought for; NotFound for one out of reach, Refused where nothing is sold to it.

    Without a shopper a person of the tenant buys, who needs the permission for orders.
    """
    if shopper is None:
        permissions.require(work, "orders:edit")
        buyer = seen_account(work, account_id)
    else:
        require_reach(work, account_id, shopper)
        buyer = seen_account(acting(work, shopper), account_id)
    verdict = buys(work, buyer, shopper)
    if not verdict:
        raise Refused(verdict)
    return buyer


def require_reach(work: Work, account_id: UUID, shopper: Shopper) -> None:
    """Raise NotFound unless the account is the shopper's own, or a customer of it."""
    if reached(work, account_id, shopper) is None:
        raise NotFound("account")


def reached(work: Work, account_id: UUID, shopper: Shopper) -> Known | None:
    """Give the account by name, if it is the shopper's own or a customer of it."""
    if account_id == shopper.account_id:
        return Known(account_id, shopper.account_name)
    query = sa.select(account.c.id, account.c.name).where(account.c.tenant_id == work.tenant_id)
    found = work.connection.execute(query.where(account.c.id == account_id, *_below(shopper))).first()
    return Known(*found) if found else None


def buys(work: Work, buyer: Row, shopper: Shopper | None) -> Verdict:
    """Say whether somebody may buy for an account (DN-30, DN-31, TEN-07)."""
    return _verdict(_here(work, [buyer], shopper), buyer, shopper)


def buys_for(work: Work, account_id: UUID, shopper: Shopper) -> Verdict:
    """Say whether a shopper may buy for an account that he has reached."""
    query = sa.select(account).where(account.c.tenant_id == work.tenant_id, account.c.id == account_id)
    return buys(work, work.connection.execute(query).mappings().one(), shopper)


def require_buys(work: Work, account_id: UUID, shopper: Shopper) -> None:
    """Raise Refused unless a shopper may buy for an account that he has reached."""
    verdict = buys_for(work, account_id, shopper)
    if not verdict:
        raise Refused(verdict)


def customers(work: Work, shopper: Shopper, search: str = "") -> Sequence[Customer]:
    """List the accounts that a shopper may buy for, his own first, with what stands in the way; fifty at most."""
    mine = account.c.id == shopper.account_id
    like = sa.true() if not search.strip() else account.c.name.icontains(search.strip()[:100], autoescape=True)
    below = sa.and_(*_below(shopper)) if shopper.reseller else sa.false()
    rows = work.connection.execute(
        sa.select(account)
        .where(account.c.tenant_id == work.tenant_id, account.c.status.in_(LOOKS), sa.or_(mine, below), like)
        .order_by(mine.desc(), account.c.sort_name, account.c.id)
        .limit(SHOWN)
    ).mappings()
    found = rows.all()
    here = _here(work, found, shopper)
    return [Customer(row["id"], row["name"], row["number"], _verdict(here, row, shopper)) for row in found]


def _below(shopper: Shopper) -> tuple[sa.ColumnElement[bool], ...]:
    sells_on = sa.true() if shopper.reseller else sa.false()
    return (account.c.parent_id == shopper.account_id, account.c.status.in_(LOOKS), sells_on)


@dataclass(frozen=True)
class _Here:
    """How the tenant stands, the reseller who asks, and the tenants below that manage the accounts asked about."""

    live: bool
    suspended: bool
    asks: Verdict
    resellers: Mapping[UUID, Verdict]


def _here(work: Work, buyers: Sequence[Row], shopper: Shopper | None) -> _Here:
    view, managers = queries.tenant(work), {row["managed_by"] for row in buyers} - {None}
    below = sa.select(tenant.c.id, tenant.c.live_at, tenant.c.suspended_at).where(tenant.c.id.in_(managers))
    found = work.connection.execute(below).all() if managers else []
    verdicts = {row.id: sold_below if row.live_at else reseller_rests if row.suspended_at else yes for row in found}
    return _Here(view.live, view.suspended_at is not None, _asks(work, shopper), verdicts)


def _asks(work: Work, shopper: Shopper | None) -> Verdict:
    """Say whether he who asks may buy at all: a tenant reseller who is suspended or closed may not (TEN-07)."""
    if shopper is None or not shopper.reseller:
        return yes
    state = sa.select(tenant_reseller.c.state).where(
        tenant_reseller.c.tenant_id == work.tenant_id, tenant_reseller.c.id == shopper.account_id
    )
    return reseller_rests if work.connection.scalar(state) in {"suspended", "closed"} else yes


def _verdict(here: _Here, buyer: Row, shopper: Shopper | None) -> Verdict:
    if here.suspended:
        return shop_rests
    if not here.asks:
        return here.asks
    # Whom a reseller sells to, the distributor does not: neither in the back office nor to the customer himself.
    if shopper is None or buyer["id"] == shopper.account_id:
        return may_sell(buyer, live=here.live)
    # Its reseller buys for it here until he is live.
    return may_buy(buyer, live=here.live) and here.resellers.get(buyer["managed_by"], yes)
