"""People who sign in: what the stories of this room have in common."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from tests.tenancy.provider import Provider, at_provider
from tests.tenancy.signing_on import configured, domain
from tests.world import Row, Tenant, World

from tenantry.kernel.actor import Actor
from tenantry.kernel.ids import new_id
from tenantry.schema import tenant as t
from tenantry.tenancy import directory, passwords
from tenantry.tenancy.actor import actor_of

__all__ = ["at_provider"]

PASSWORD = "long walks by the sea"

Person = Callable[..., Row]


@pytest.fixture
def person(world: World) -> Person:
    """Give a tenant a user with a password, and a role of these permissions."""

    def make(at: Tenant, permissions: str = "", *, password: str = PASSWORD, **given: Any) -> Row:
        email = given.pop("email", f"{new_id().hex[-10:]}@people.example")
        user = world.insert(at, t.tenant_user, email=email, name=given.pop("name", "Maria"), **given)
        if permissions:
            role = world.insert(at, t.role, name=f"Role {new_id()}", permissions=permissions.split())
            world.insert(at, t.user_role, user_id=user.id, role_id=role.id)
            user.role_id = role.id
        with world.web.work(at.id) as work:
            directory.enter(work.connection, at.id, user.id, email)
            if password:
                passwords.set_password(work, user.id, password)
        return user

    return make


@pytest.fixture
def acting(world: World) -> Callable[[Tenant, UUID], Actor]:
    """Give the actor of a user, as a request has it."""

    def make(at: Tenant, user_id: UUID) -> Actor:
        with world.web.work(at.id) as work:
            return actor_of(work.connection, at.id, user_id)

    return make


@pytest.fixture
def here(world: World, at_provider: Provider) -> Tenant:
    """Give a tenant whose people sign in with the provider."""
    at = world.tenant()
    configured(world, at, at_provider.url)
    return at


@pytest.fixture
def ada(here: Tenant, person: Person, at_provider: Provider) -> Row:
    """Give somebody whom both know."""
    email = f"ada@{domain(here)}"
    at_provider.knows("ada-at-acme", email=email, email_verified=True)
    return person(here, "accounts:view", email=email, name="Ada")


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords with a hundredth of the work; one test asks for the real ones."""
    from pwdlib import PasswordHash  # noqa: PLC0415
    from pwdlib.hashers.argon2 import Argon2Hasher  # noqa: PLC0415

    monkeypatch.setattr(passwords, "_argon2", PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),)))
    passwords._nobody.cache_clear()
