"""What commands share: the installation they work on, the tenant and the person they act for, and how they print."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
import typer
from rich.console import Console

from tenantry import jobs
from tenantry.database import Database
from tenantry.database.installation import Installation, installation
from tenantry.kernel.actor import Actor
from tenantry.kernel.problems import Fault, Invalid
from tenantry.logs import use_logs
from tenantry.schema.tenant import tenant, tenant_user
from tenantry.settings import Settings
from tenantry.tenancy import keys
from tenantry.tenancy.actor import actor_of

# A terminal wraps by itself; a file or a pipe shall get whole lines.
console = Console(highlight=False, soft_wrap=True)

Data = Annotated[
    Path | None, typer.Option("--data", help="Folder of everything this installation keeps; ./var unless set.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of words.")]


def settings_of(data: Path | None, **more: Any) -> Settings:
    """Read the settings, with what was said on the command line on top."""
    said = {key: value for key, value in {"data": data, **more}.items() if value is not None}
    return Settings(**said)


@contextmanager
def opened(data: Path | None, **more: Any) -> Iterator[tuple[Settings, Installation]]:
    """Have the installation ready for a command: started, migrated, its key known."""
    settings = settings_of(data, **more)
    use_logs(settings, level="warning")
    keys.use(settings.key())
    with installation(settings, [jobs.grants_sql()]) as ready:
        yield settings, ready


def tenant_named(ready: Installation, code: str) -> sa.Row[*tuple[Any, ...]]:
    """Find a tenant by its short name: id, parent_id, reseller_account_id, name, admin_user_id."""
    wanted = sa.select(
        tenant.c.id,
        tenant.c.parent_id,
        tenant.c.reseller_account_id,
        tenant.c.name,
        tenant.c.admin_user_id,
        tenant.c.code,
    )
    with _as_owner(ready) as connection:
        found = connection.execute(wanted.where(tenant.c.code == code)).first()
        known = list(connection.scalars(sa.select(tenant.c.code).order_by(tenant.c.code).limit(20)))
    if found is None:
        there_are = (
            f"There are: {', '.join(known)}." if known else "There is none yet; load the demo with `tenantry demo`."
        )
        raise Invalid(Fault("tenant", f"There is no tenant {code!r}.", "TEN-01", there_are))
    return found


def every_tenant_above(ready: Installation) -> list[tuple[UUID, UUID | None]]:
    """Give every tenant that has tenants below, with its admin."""
    below = tenant.alias("below")
    wanted = sa.select(tenant.c.id, tenant.c.admin_user_id).where(sa.exists().where(below.c.parent_id == tenant.c.id))
    with _as_owner(ready) as connection:
        return [(row.id, row.admin_user_id) for row in connection.execute(wanted.order_by(tenant.c.id))]


def person(ready: Installation, database: Database, tenant_id: UUID, email: str | None, admin_id: UUID | None) -> Actor:
    """Give the user on whose behalf a command acts: the one with that e-mail, else the tenant's admin."""
    user_id = admin_id
    if email is not None:
        wanted = sa.select(tenant_user.c.id).where(
            tenant_user.c.tenant_id == tenant_id, tenant_user.c.email == email.strip().lower()
        )
        with _as_owner(ready) as connection:
            user_id = connection.scalar(wanted)
    if user_id is None:
        raise Invalid(
            Fault("user", f"There is no user {email!r} in this tenant.", "TEN-20", "Name one of its users by e-mail.")
        )
    with database.work(tenant_id) as work:
        return actor_of(work.connection, tenant_id, user_id)


def show_json(value: Any) -> None:
    """Print a value as JSON: dataclasses as objects, ids and moments as text."""
    print(json.dumps(_plain(value), default=str, ensure_ascii=False))  # noqa: T201 - this is its output


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value


@contextmanager
def _as_owner(ready: Installation) -> Iterator[sa.Connection]:
    engine = sa.create_engine(ready.owner_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()
