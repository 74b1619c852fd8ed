"""A program to ask, and people who ask it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from httpx2 import Response
from pydantic import SecretStr
from starlette.testclient import TestClient
from tests.conftest import SECRET
from tests.world import Tenant, World

from tenantry.database import Database
from tenantry.kernel.ids import new_id
from tenantry.schema import tenant as t
from tenantry.settings import Settings
from tenantry.tenancy import sessions, tokens
from tenantry.tenancy.actor import actor_of
from tenantry.web.app import create_app
from tenantry.web.http.identity import COOKIE


@pytest.fixture(scope="session")
def app(web_database: Database, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """Give the program."""
    return create_app(web_database, Settings(data=tmp_path_factory.mktemp("data"), secret_key=SecretStr(SECRET)))


@pytest.fixture(scope="session")
def http(app: FastAPI) -> Iterator[TestClient]:
    """Give a client that nobody is signed in with."""
    with TestClient(app, base_url="http://tenantry.test", raise_server_exceptions=False) as client:
        yield client


@dataclass
class Asker:
    """Somebody who asks the API with a token."""

    http: TestClient
    token: str
    user_id: UUID

    def ask(self, method: str, path: str, **given: Any) -> Response:
        """Ask, under the API's own prefix."""
        headers = {"authorization": f"Bearer {self.token}", **given.pop("headers", {})}
        answer: Response = self.http.request(method, f"/api/v1{path}", headers=headers, **given)
        return answer

    def get(self, path: str, **given: Any) -> Any:
        """Read what is there, which must succeed."""
        answer = self.ask("GET", path, **given)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def make(self, path: str, **fields: Any) -> Any:
        """Make a record, which must succeed."""
        answer = self.ask("POST", path, json=fields)
        assert answer.status_code == 201, answer.text
        return answer.json()


@dataclass
class Visitor:
    """Somebody who comes with a browser's cookie."""

    http: TestClient
    cookie: str
    session_id: UUID

    def ask(self, method: str, path: str, **given: Any) -> Response:
        """Ask as a browser does."""
        headers = {"cookie": f"{COOKIE}={self.cookie}", **given.pop("headers", {})}
        answer: Response = self.http.request(method, f"/api/v1{path}", headers=headers, **given)
        return answer


Enter = Callable[..., Asker]


@pytest.fixture
def asks(http: TestClient, world: World) -> Enter:
    """Let the admin of a tenant ask, or a colleague of his who may only do some things."""

    def enter(at: Tenant | None = None, *permissions: str, scopes: tuple[str, ...] = ("*",)) -> Asker:
        at = at or world.distributor()
        user = colleague(world, at, permissions) if permissions else at.admin_id
        with world.web.work(at.id) as work:
            actor = actor_of(work.connection, at.id, user)
        with world.web.work(at.id, actor) as work:
            if "tokens:edit" in actor.permissions or "*" in actor.permissions:
                return Asker(http, tokens.create(work, tokens.NewToken("test", scopes)).secret, user)
        with world.web.work(at.id, world.admin(at)) as work:
            return Asker(http, tokens.create(work, tokens.NewToken("test", scopes, user_id=user)).secret, user)

    return enter


@pytest.fixture
def visits(http: TestClient, world: World) -> Callable[..., Visitor]:
    """Let somebody come with a browser."""

    def enter(at: Tenant | None = None) -> Visitor:
        at = at or world.distributor()
        with world.web.work(at.id) as work:
            session_id, cookie = sessions.start(work, at.admin_id)
        return Visitor(http, cookie, session_id)

    return enter


def colleague(world: World, at: Tenant, permissions: tuple[str, ...]) -> UUID:
    """Give the tenant a user with just these permissions, who sees every record."""
    user = world.insert(at, t.tenant_user, email=f"{new_id().hex}@{at.code}.example", name="Colleague").id
    role = world.insert(at, t.role, name=new_id().hex, permissions=list(permissions)).id
    world.insert(at, t.user_role, user_id=user, role_id=role)
    return user


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """Collect the statements that the database is sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    sa.event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(database.engine, "before_cursor_execute", note)
