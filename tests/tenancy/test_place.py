"""What a unit of work knows of its tenant from signing in."""

from typing import Any

import sqlalchemy as sa
from tests.world import Tenant, World

from tenantry.database import Database
from tenantry.schema.tenant import tenant
from tenantry.tenancy import place, sessions


def cookie_of(database: Database, at: Tenant) -> str:
    """Sign the admin in."""
    with database.work(at.id) as work:
        return sessions.start(work, at.admin_id)[1]


def test_a_live_tenant_is_known_from_signing_in_and_not_asked_for_again(world: World) -> None:
    home = world.distributor()
    cookie = cookie_of(world.web, home)

    with world.web.work(home.id) as work:
        sessions.session_within(work, cookie)
        asked: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            asked.append(statement)

        sa.event.listen(work.connection, "before_cursor_execute", note)

        assert (place.is_live(work), place.has_seller_above(work)) == (True, False)
        assert str(place.time_zone(work)) == "UTC"

    assert asked == []


def test_a_tenant_that_becomes_live_after_signing_in_is_live(world: World) -> None:
    reseller = world.tenant_reseller()
    cookie = cookie_of(world.web, reseller)

    with world.web.work(reseller.id) as work:
        sessions.session_within(work, cookie)
        world.update(reseller, tenant, reseller.id, live_at=sa.func.now())

        assert (place.is_live(work), place.has_seller_above(work)) == (True, True)
