"""Invitations to the shop: a link that lets a contact choose a password, once, within three days (SF-01, SEC-03)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry.crm import history
from tenantry.crm.records import governed, held_contact
from tenantry.crm.storefront_users import shops
from tenantry.crm.storefront_users.shops import Shop
from tenantry.database import Database, Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Conflict, NotFound, Refused, Verdict
from tenantry.rules.policy import Contact, no
from tenantry.rules.policy.base import yes
from tenantry.schema.crm import contact
from tenantry.schema.shop import basket, basket_item, shop_login, shop_session
from tenantry.tenancy import keys, passwords, permissions
from tenantry.tenancy.invitations import LASTS, Invitation

no_shop = no(
    "SF-01", "Only an organisation of edition premium has a shop.", "Change the edition, or sell in the back office."
)
not_a_user = no("SF-01", "This contact is not a storefront user.", "Edit the contact and tick Storefront user.")
no_email = no(
    "SF-01", "A storefront user signs in with an e-mail; this contact has none.", "Edit the contact and give one."
)


@dataclass(frozen=True)
class Invited:
    """Whom a link invites to which shop."""

    name: str
    email: str
    shop: Shop


@dataclass(frozen=True)
class Access:
    """How far a contact has come with the shop, as his page shows it."""

    has_password: bool
    invited_until: datetime | None
    last_signed_in_at: datetime | None


def invite(work: Work, contact_id: UUID) -> Invitation:
    """Make the link by which a storefront user chooses his password; an older link ends, his password stays till then.

    Refused without a shop, and for a contact who is no storefront user or has no e-mail (SF-01).
    """
    permissions.require(work, "contacts:edit")
    _, row = held_contact(work, contact_id)
    Contact.require("invite_to_shop", governed(row))
    verdict = may_be_invited(work, row["email"], storefront_user=row["storefront_user"])
    if not verdict:
        raise Refused(verdict)
    secret, secret_hash = keys.new_secret(work.tenant_id)
    made = Invitation(secret, work.at + LASTS)
    values = {"invitation_hash": secret_hash, "invited_until": made.expires_at}
    mine = {"tenant_id": work.tenant_id, "id": new_id(), "contact_id": contact_id}
    work.connection.execute(
        insert(shop_login)
        .values(**mine, **values)
        .on_conflict_do_update(
            index_elements=["tenant_id", "contact_id"], set_={**values, "version": shop_login.c.version + 1}
        )
    )
    history.write(work, "contact", contact_id, "Contact was invited to the storefront")
    return made


def may_be_invited(work: Work, email: str | None, *, storefront_user: bool) -> Verdict:
    """Say whether a contact has what an invitation takes: a shop to come to, the mark, and an e-mail (SF-01)."""
    if not has_shop(work):
        return no_shop
    if not storefront_user:
        return not_a_user
    return yes if email else no_email


def has_shop(work: Work) -> bool:
    """Say whether the tenant has a shop at all."""
    try:
        shops.of(work)
    except NotFound:
        return False
    return True


def access_of(work: Work, contact_id: UUID) -> Access:
    """Say how far a contact has come with the shop."""
    row = work.connection.execute(
        sa.select(shop_login.c.password_hash != "", shop_login.c.invited_until, shop_login.c.last_signed_in_at).where(
            shop_login.c.tenant_id == work.tenant_id, shop_login.c.contact_id == contact_id
        )
    ).first()
    return Access(*row) if row else Access(has_password=False, invited_until=None, last_signed_in_at=None)


def invited(database: Database, text: str) -> Invited:
    """Say whom a link invites; raises Conflict when it was used or has ended."""
    secret = _read(text)
    with database.work(secret.tenant_id) as work:
        row = _find(work, secret)
        return Invited(row.name, row.email, shops.of(work))


def accept(database: Database, text: str, password: str) -> None:
    """Set the password by a link, which is used up by it; whatever was signed in with an older one is signed out."""
    secret = _read(text)
    with database.work(secret.tenant_id) as work:
        row = _find(work, secret)
        passwords.check(password, row.email)
        work.connection.execute(
            sa.update(shop_login)
            .values(
                password_hash=passwords.hashed(password),
                invitation_hash="",
                invited_until=None,
                version=shop_login.c.version + 1,
            )
            .where(shop_login.c.tenant_id == work.tenant_id, shop_login.c.contact_id == row.contact_id)
        )
        sign_out_everywhere(work, row.contact_id)


def forget(work: Work, contact_id: UUID) -> None:
    """Take a contact's way into the shop away with what he had in his basket; what he ordered stays."""
    sign_out_everywhere(work, contact_id)
    b = basket.c
    work.connection.execute(
        sa.update(basket)
        .values(contact_id=None)
        .where(b.tenant_id == work.tenant_id, b.contact_id == contact_id, b.status == "ordered")
    )
    open_ = sa.select(b.id).where(b.tenant_id == work.tenant_id, b.contact_id == contact_id)
    i = basket_item.c
    work.connection.execute(sa.delete(basket_item).where(i.tenant_id == work.tenant_id, i.basket_id.in_(open_)))
    work.connection.execute(sa.delete(basket).where(b.tenant_id == work.tenant_id, b.contact_id == contact_id))
    work.connection.execute(
        sa.delete(shop_login).where(shop_login.c.tenant_id == work.tenant_id, shop_login.c.contact_id == contact_id)
    )


def sign_out_everywhere(work: Work, contact_id: UUID) -> None:
    """End everything that a storefront user has signed in with."""
    s = shop_session.c
    work.connection.execute(sa.delete(shop_session).where(s.tenant_id == work.tenant_id, s.contact_id == contact_id))


def _read(text: str) -> keys.Secret:
    secret = keys.read_secret(text)
    if secret is None:
        raise _ended()
    return secret


def _find(work: Work, secret: keys.Secret) -> sa.Row[*tuple[Any, ...]]:
    row = work.connection.execute(_INVITED, {"tenant": secret.tenant_id, "hash": secret.hash, "now": work.at}).first()
    if row is None:
        raise _ended()
    return row


def _ended() -> Conflict:
    return Conflict(
        "This link was used already, or its three days are over.",
        code="link-ended",
        rule="SEC-03",
        remedy="Ask the shop for a new one.",
    )


_INVITED = (
    sa.select(
        shop_login.c.contact_id,
        sa.func.concat_ws(" ", sa.func.nullif(contact.c.first_name, ""), contact.c.last_name).label("name"),
        contact.c.email,
    )
    .join(contact, sa.and_(contact.c.tenant_id == shop_login.c.tenant_id, contact.c.id == shop_login.c.contact_id))
    .where(
        shop_login.c.tenant_id == sa.bindparam("tenant"),
        shop_login.c.invitation_hash == sa.bindparam("hash"),
        shop_login.c.invited_until > sa.bindparam("now"),
        contact.c.storefront_user,
        contact.c.standing == "own",
    )
    # Of two who click at once, the second finds it used.
    .with_for_update(of=shop_login)
)
