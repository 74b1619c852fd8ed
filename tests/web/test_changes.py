"""What open pages are told, and that it is nobody else's."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient
from tests.web.conftest import Visitor
from tests.world import World

from tenantry.kernel import clock
from tenantry.schema.tenant import session
from tenantry.web.http.changes import Hub

LATER = 2**53
PATIENCE = 20


@pytest.fixture
def hub(world: World) -> Hub:
    """Give what tells the pages of one program."""
    return Hub(world.web.engine.url)


async def opened(hub: Hub, tenant_id: UUID) -> AsyncIterator[str]:
    """Open a stream, and wait until it is listened for."""
    stream = hub.stream(tenant_id, LATER)
    assert "retry" in await anext(stream)
    while "event: hello" not in await asyncio.wait_for(anext(stream), PATIENCE):
        pass
    return stream


def test_a_page_is_told_of_its_own_tenant_and_of_no_other(world: World, hub: Hub) -> None:
    mine, twin = world.distributor(), world.tenant()

    async def story() -> None:
        of_mine, of_twin = await opened(hub, mine.id), await opened(hub, twin.id)
        told_mine = asyncio.ensure_future(anext(of_mine))
        world.web.changes.tell(twin.id)
        assert "event: changed" in await asyncio.wait_for(anext(of_twin), PATIENCE)
        assert not told_mine.done()
        world.worker.changes.tell(mine.id)
        assert "event: changed" in await asyncio.wait_for(told_mine, PATIENCE)
        hub.close()

    asyncio.run(story())


def test_a_page_that_was_made_before_a_change_is_told_of_it_when_it_comes(world: World, hub: Hub) -> None:
    mine = world.distributor()

    async def story() -> None:
        first = await opened(hub, mine.id)
        world.web.changes.tell(mine.id)
        assert "event: changed" in await asyncio.wait_for(anext(first), PATIENCE)
        late = hub.stream(mine.id, clock_now())
        await anext(late)
        assert "event: changed" in await asyncio.wait_for(anext(late), PATIENCE)
        hub.close()

    asyncio.run(story())


def test_streams_end_when_the_program_stops(world: World, hub: Hub) -> None:
    async def story() -> None:
        stream = await opened(hub, world.distributor().id)
        hub.close()
        with pytest.raises(StopAsyncIteration):
            await asyncio.wait_for(anext(stream), PATIENCE)

    asyncio.run(story())


def test_sec_03_only_who_is_signed_in_is_told(http: TestClient, world: World) -> None:
    world.distributor()
    assert http.get("/changes", follow_redirects=False).headers["location"].startswith("/sign-in")


def test_sec_03_a_page_that_looks_by_itself_keeps_no_session_alive(
    world: World, visits: Callable[..., Visitor]
) -> None:
    me = visits()
    home = world.distributor()

    def seen() -> object:
        with world.web.work(home.id) as work:
            return work.connection.scalar(sa.select(session.c.seen_at).where(session.c.id == me.session_id))

    with world.web.work(home.id) as work:
        work.connection.execute(
            sa.update(session).where(session.c.id == me.session_id).values(seen_at=clock.now() - timedelta(hours=1))
        )
    before = seen()
    cookie = f"tenantry_session={me.cookie}"
    assert me.http.get("/accounts", headers={"cookie": cookie, "x-look-again": "1"}).status_code == 200
    assert seen() == before
    assert me.http.get("/accounts", headers={"cookie": cookie}).status_code == 200
    assert seen() != before


def clock_now() -> int:
    """Give the moment as pages carry it."""
    return int(clock.now().timestamp() * 1000)
