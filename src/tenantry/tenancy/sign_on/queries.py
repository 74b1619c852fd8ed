"""What is known of single sign-on: as it was set up, and where somebody may go to sign in."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Database, Work
from tenantry.kernel.problems import NotFound
from tenantry.schema.tenant import sign_on, sign_on_directory, tenant
from tenantry.tenancy import directory, guard, keys
from tenantry.tenancy.permissions import require

MOST_OFFERS = 10

Key = Literal["code", "domain"]


@dataclass(frozen=True)
class SignOnView:
    """An organisation's single sign-on, without its secret."""

    id: UUID
    name: str
    issuer: str
    client_id: str
    domains: tuple[str, ...]
    passwords_allowed: bool
    version: int


@dataclass(frozen=True)
class Offer:
    """A provider that somebody may be sent to, and for which organisation."""

    tenant_code: str
    tenant_name: str
    name: str


@dataclass(frozen=True)
class Setting:
    """Single sign-on of an organisation as a sign-in needs it."""

    tenant_id: UUID
    view: SignOnView
    secret: str


def view(work: Work) -> SignOnView:
    """Give single sign-on as it is set up here; raises NotFound when it is not."""
    require(work, "setup:view")
    found = setting_of(work)
    if found is None:
        raise NotFound("single sign-on")
    return found.view


def offers(database: Database, name_or_email: str) -> tuple[Offer, ...]:
    """Say where who has this e-mail, or works in the organisation of this short name, may sign in.

    An e-mail is looked up by its domain alone, so nobody learns whether there is such a user.
    """
    given = directory.normal(name_or_email)
    found = []
    kind: Key = "domain" if "@" in given else "code"
    for tenant_id in _find(database, kind, given.rpartition("@")[2]):
        with database.work(tenant_id) as work:
            setting = setting_of(work)
            named = work.connection.execute(_NAMES, {"tenant": tenant_id}).first()
        if setting is not None and named is not None:
            found.append(Offer(named.code, named.name, setting.view.name))
    return tuple(found)


def setting_for(database: Database, tenant_code: str) -> Setting | None:
    """Give single sign-on of the organisation with this short name; None when there is none."""
    for tenant_id in _find(database, "code", directory.normal(tenant_code)):
        with database.work(tenant_id) as work:
            return setting_of(work)
    return None


def setting_of(work: Work) -> Setting | None:
    """Give single sign-on of the tenant of this unit of work; None when there is none."""
    row = work.connection.execute(_SETTING, {"tenant": work.tenant_id}).first()
    if row is None:
        return None
    shown = SignOnView(
        row.id, row.name, row.issuer, row.client_id, tuple(row.domains), row.passwords_allowed, row.version
    )
    return Setting(work.tenant_id, shown, keys.unseal(purpose(work.tenant_id), row.sealed_secret) or "")


def passwords_let_in(work: Work, user_id: UUID) -> bool:
    """Say whether this user may sign in with a password; administrators always, or a broken provider locks all out."""
    forbids = work.connection.scalar(_FORBIDS_PASSWORDS, {"tenant": work.tenant_id})
    return not forbids or user_id in guard.administrators(work)


def purpose(tenant_id: UUID) -> str:
    """Say what the client secret is sealed for: this tenant's single sign-on and nothing else."""
    return f"sign on {tenant_id}"


def hash_of(kind: Key, text: str) -> str:
    """Hash a short name or an e-mail domain as the installation's directory keeps it."""
    return keys.keyed("sign on directory", f"{kind} {text}")


def _find(database: Database, kind: Key, text: str) -> list[UUID]:
    d = sign_on_directory.c
    query = sa.select(d.tenant_id).where(d.key_hash == hash_of(kind, text)).order_by(d.tenant_id).limit(MOST_OFFERS)
    with database.installation() as connection:
        return list(connection.scalars(query))


_here: sa.BindParameter[UUID] = sa.bindparam("tenant")
_SETTING = sa.select(sign_on).where(sign_on.c.tenant_id == _here)
_FORBIDS_PASSWORDS = sa.select(sa.not_(sign_on.c.passwords_allowed)).where(sign_on.c.tenant_id == _here)
_NAMES = sa.select(tenant.c.code, tenant.c.name).where(tenant.c.id == _here)
