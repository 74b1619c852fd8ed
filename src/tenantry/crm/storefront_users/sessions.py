"""Who is signed in to a shop: a storefront user, by a cookie of the shop's own, kept as a hash (SF-01, SEC-03)."""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm.storefront_users.shops import RESTS, Shop
from tenantry.database import Work
from tenantry.kernel.problems import NotSignedIn
from tenantry.schema.crm import account, contact
from tenantry.schema.shop import shop_login, shop_session
from tenantry.schema.tenant import tenant
from tenantry.tenancy import keys
from tenantry.tenancy.housekeeping import SHOP_IDLE, SHOP_LONGEST

NOTICED = timedelta(minutes=1)
LOOKS = ("active", "suspended")


@dataclass(frozen=True)
class Shopper:
    """A storefront user: a contact, the account that he belongs to, and whether that account sells on."""

    contact_id: UUID
    name: str
    email: str
    account_id: UUID
    account_name: str
    reseller: bool


@dataclass(frozen=True)
class Visit:
    """A shopper who is signed in, in which shop, and the account that he buys for at the moment."""

    shop: Shop
    shopper: Shopper
    for_id: UUID
    for_name: str
    key: str


def start(work: Work, contact_id: UUID, account_id: UUID) -> str:
    """Let a storefront user in who has proved who he is; gives the cookie, which is shown once."""
    cookie, secret_hash = keys.new_secret(work.tenant_id)
    work.connection.execute(
        sa.insert(shop_session).values(
            hash=bytes.fromhex(secret_hash),
            tenant_id=work.tenant_id,
            contact_id=contact_id,
            account_id=account_id,
            created_at=work.at,
            seen_at=work.at,
        )
    )
    mine = (shop_login.c.tenant_id == work.tenant_id, shop_login.c.contact_id == contact_id)
    work.connection.execute(sa.update(shop_login).values(last_signed_in_at=work.at).where(*mine))
    return cookie


def visit(work: Work, cookie: str) -> Visit:
    """Say who comes with this cookie; raises NotSignedIn, also when he is no storefront user any more."""
    secret = keys.read_secret(cookie)
    if secret is None or secret.tenant_id != work.tenant_id:
        raise not_signed_in()
    since = {"idle": work.at - SHOP_IDLE, "longest": work.at - SHOP_LONGEST}
    asked = {"tenant": work.tenant_id, "hash": bytes.fromhex(secret.hash), **since}
    row = work.connection.execute(_VISIT, asked).first()
    if row is None:
        raise not_signed_in()
    if work.at - row.seen_at >= NOTICED:
        work.connection.execute(_NOTICE, {"tenant": work.tenant_id, "held": row.hash, "now": work.at})
    return _visit(row, work.tenant_id, secret.hash)


def buy_for(work: Work, visit: Visit, account_id: UUID) -> None:
    """Remember for whom the shopper buys from now on; who asks has seen that he may (`sales.baskets.reach`)."""
    work.connection.execute(
        sa.update(shop_session)
        .values(account_id=account_id)
        .where(shop_session.c.tenant_id == work.tenant_id, shop_session.c.hash == bytes.fromhex(visit.key))
    )


def end(work: Work, visit: Visit) -> None:
    """Sign out."""
    work.connection.execute(
        sa.delete(shop_session).where(
            shop_session.c.tenant_id == work.tenant_id, shop_session.c.hash == bytes.fromhex(visit.key)
        )
    )


def csrf_token(visit: Visit) -> str:
    """Derive what every form of a visit carries, and no other site can know (SEC-04)."""
    return keys.keyed("shop csrf", visit.key)


def csrf_matches(visit: Visit, given: str) -> bool:
    """Say whether a form came from the shop's own page."""
    return hmac.compare_digest(csrf_token(visit).encode(), given.encode(errors="replace"))


def not_signed_in() -> NotSignedIn:
    """Say it the same way for unknown, ended and taken back, so that nobody learns which it was."""
    return NotSignedIn("You are not signed in to this shop.", rule="SEC-03", remedy="Sign in.")


def _visit(row: sa.Row[*tuple[Any, ...]], tenant_id: UUID, key: str) -> Visit:
    shop = Shop(tenant_id, row.code, row.shop_name, row.language, row.time_zone, row.date_format, row.rests)
    shopper = Shopper(row.contact_id, row.name, row.email, row.account_id, row.account_name, row.reselling_enabled)
    return Visit(shop, shopper, row.for_id, row.for_name, key)


_his = account.alias("his")
_for = account.alias("bought_for")
_VISIT = (
    sa.select(
        shop_session.c.hash,
        shop_session.c.seen_at,
        tenant.c.code,
        tenant.c.name.label("shop_name"),
        tenant.c.language,
        tenant.c.time_zone,
        tenant.c.date_format,
        RESTS.label("rests"),
        shop_session.c.contact_id,
        sa.func.concat_ws(" ", sa.func.nullif(contact.c.first_name, ""), contact.c.last_name).label("name"),
        contact.c.email,
        _his.c.id.label("account_id"),
        _his.c.name.label("account_name"),
        _his.c.reselling_enabled,
        _for.c.id.label("for_id"),
        _for.c.name.label("for_name"),
    )
    .select_from(
        shop_session.join(tenant, tenant.c.id == shop_session.c.tenant_id)
        .join(
            contact,
            sa.and_(contact.c.tenant_id == shop_session.c.tenant_id, contact.c.id == shop_session.c.contact_id),
        )
        .join(_his, sa.and_(_his.c.tenant_id == contact.c.tenant_id, _his.c.id == contact.c.account_id))
        # A customer whom he lost meanwhile is none any more: then he buys for his own account.
        .join(
            _for,
            sa.and_(
                _for.c.tenant_id == contact.c.tenant_id,
                _for.c.id
                == sa.func.coalesce(
                    sa.select(account.c.id)
                    .where(
                        account.c.tenant_id == shop_session.c.tenant_id,
                        account.c.id == shop_session.c.account_id,
                        account.c.parent_id == contact.c.account_id,
                        account.c.status.in_(LOOKS),
                    )
                    .correlate(shop_session, contact)
                    .scalar_subquery(),
                    contact.c.account_id,
                ),
            ),
        )
    )
    .where(
        shop_session.c.tenant_id == sa.bindparam("tenant"),
        shop_session.c.hash == sa.bindparam("hash"),
        shop_session.c.seen_at > sa.bindparam("idle"),
        shop_session.c.created_at > sa.bindparam("longest"),
        tenant.c.edition == "premium",
        tenant.c.closed_at.is_(None),
        contact.c.storefront_user,
        contact.c.standing == "own",
        _his.c.status.in_(LOOKS),
    )
)
# A parameter must not be called as a column of the table that an update sets.
_free = (
    sa.select(shop_session.c.hash)
    .where(shop_session.c.tenant_id == sa.bindparam("tenant"), shop_session.c.hash == sa.bindparam("held"))
    .with_for_update(skip_locked=True)
    .scalar_subquery()
)
_NOTICE = sa.update(shop_session).values(seen_at=sa.bindparam("now")).where(shop_session.c.hash == _free)
