"""Sign in to a shop: same answer and same time for whoever is not let in (SF-01, SEC-03)."""

import sqlalchemy as sa

from tenantry.crm.storefront_users import sessions
from tenantry.crm.storefront_users.shops import Shop
from tenantry.database import Database
from tenantry.kernel.problems import NotSignedIn
from tenantry.schema.crm import account, contact
from tenantry.schema.shop import shop_login
from tenantry.tenancy import directory, passwords, throttle

# An e-mail may be a contact's of several accounts; each costs a slow hash.
TRIED = 4


def sign_in(database: Database, shop: Shop, email: str, password: str, *, address: str = "") -> str:
    """Let a storefront user in; gives the cookie. Raises NotSignedIn, or TooMany; `address` is the client's."""
    email = directory.normal(email)
    # A brake of the shop's own: who guesses here must not lock a colleague out of the back office.
    brake = throttle.for_email(f"shop {shop.tenant_id} {email}")
    tries = throttle.take(database, [brake, *throttle.for_address(address)])
    with database.work(shop.tenant_id) as work:
        found = work.connection.execute(_KNOWN, {"tenant": shop.tenant_id, "email": email}).all()
    # Whoever is unknown costs one hash like whoever is known.
    hashes = [one.password_hash for one in found] or [""]
    right = [passwords.matches(password, kept) for kept in hashes]
    proved = [one for one, is_right in zip(found, right, strict=False) if is_right]
    if not proved:
        raise NotSignedIn(
            "E-mail and password do not belong together.",
            code="wrong-password",
            rule="SEC-03",
            remedy="Try again, or ask the shop for a new invitation.",
        )
    if shop.rests == "closed":
        raise NotSignedIn(
            "This shop is closed.",
            code="shop-closed",
            rule="TEN-07",
            remedy="Ask who delivers to you by now.",
        )
    with database.installation() as connection:
        throttle.forgive(connection, tries, brake)
    with database.work(shop.tenant_id) as work:
        return sessions.start(work, proved[0].contact_id, proved[0].account_id)


_KNOWN = (
    sa.select(contact.c.id.label("contact_id"), contact.c.account_id, shop_login.c.password_hash)
    .select_from(
        shop_login.join(
            contact, sa.and_(contact.c.tenant_id == shop_login.c.tenant_id, contact.c.id == shop_login.c.contact_id)
        ).join(account, sa.and_(account.c.tenant_id == contact.c.tenant_id, account.c.id == contact.c.account_id))
    )
    .where(
        shop_login.c.tenant_id == sa.bindparam("tenant"),
        shop_login.c.password_hash != "",
        sa.func.lower(contact.c.email) == sa.bindparam("email"),
        contact.c.storefront_user,
        contact.c.standing == "own",
        account.c.status.in_(sessions.LOOKS),
    )
    .order_by(contact.c.created_at, contact.c.id)
    .limit(TRIED)
)
