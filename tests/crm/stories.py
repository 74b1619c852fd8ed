"""What stories about accounts need: to act and to look as a user of a tenant does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm import actions, queries
from tenantry.crm.new import NewAccount
from tenantry.crm.queries import AccountView
from tenantry.jobs.messages import claim
from tenantry.kernel.actor import Actor
from tenantry.kernel.ids import new_id
from tenantry.schema import tenant as t
from tests.world import Row, Tenant, World

Made = TypeVar("Made")


def act(
    world: World, at: Tenant, verb: Callable[..., Made], *words: Any, by: Actor | None = None, **named: Any
) -> Made:
    """Do something as the tenant's admin, or as somebody else."""
    with world.web.work(at.id, by or world.admin(at)) as work:
        return verb(work, *words, **named)


def create(world: World, at: Tenant | None = None, **given: Any) -> UUID:
    """Make an account as a person does."""
    return act(world, at or world.distributor(), actions.create, NewAccount(**{"name": "Acme", **given}))


def view(world: World, at: Tenant, id_: UUID, by: Actor | None = None) -> AccountView:
    """Look at an account."""
    return act(world, at, queries.account, id_, by=by)


def sentences(world: World, at: Tenant, subject: UUID) -> list[str]:
    """Give what the history says, oldest first."""
    return [line.sentence for line in world.rows(at, "history_line", subject_id=subject)]


def told(world: World, at: Tenant) -> list[UUID]:
    """Take what was told of this tenant's accounts."""
    with world.worker.installation() as connection:
        return [message.subject_id for message in claim(connection, at.id, 100) if message.kind == "account"]


def rule(world: World, at: Tenant, name: str = "Key accounts") -> UUID:
    """Make a permission rule that names nobody."""
    made: Row = world.insert(at, t.permission_rule, name=name)
    return made.id


def person(world: World, at: Tenant, *permissions: str, **rules: Any) -> Actor:
    """Make a user who may do these things with the records of these rules: readable, editable, owned."""
    name = f"user{new_id().hex[-6:]}"
    user: Row = world.insert(at, t.tenant_user, email=f"{name}@{at.code}.example", name=name)
    reach = {reach: frozenset(rules.get(reach, ())) for reach in ("readable", "editable", "owned")}
    return Actor(user.id, name, frozenset(permissions or ("*",)), **reach)


def managed(world: World, **given: Any) -> tuple[Row, Tenant]:
    """Make an account at the distributor that a tenant reseller manages, and its reseller's tenant."""
    reseller = world.tenant_reseller(name="Helios Cloud")
    standing = {"standing": "handed_down", "managed_by": reseller.id}
    return world.account(bill_to=reseller, **{**standing, **given}), reseller


def received(world: World, **given: Any) -> tuple[Row, Tenant]:
    """Make an account in a tenant reseller's tenant that was copied down; the reseller is not live."""
    reseller = world.tenant_reseller()
    return world.account(at=reseller, standing="received", **given), reseller


@contextmanager
def counted(world: World) -> Iterator[list[str]]:
    """Collect the statements that are said meanwhile."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    sa.event.listen(world.web.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        sa.event.remove(world.web.engine, "before_cursor_execute", note)
