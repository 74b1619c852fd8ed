"""What a connection does beside the driver's own: ids as they are, and lists that are written once."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from tests.world import World

from tenantry.database import once
from tenantry.kernel.ids import new_id
from tenantry.schema.base import AT, ID, Listed

LISTS: dict[str, tuple[Any, list[Any]]] = {
    "ids": (ID, [new_id(), new_id()]),
    "ids and none": (ID, [None, new_id()]),
    "one id many times": (ID, [new_id()] * 1_000),
    "texts": (sa.Text, ["a", 'b"{},', ""]),
    "whole numbers": (sa.BigInteger, [1, 40_000, -3_000_000_000]),
    "days": (sa.Date, [date(2026, 11, 22)]),
    "moments": (AT, [datetime(2026, 11, 22, 8, 0, tzinfo=UTC)]),
    "nothing": (ID, []),
    "only none": (sa.BigInteger, [None, None]),
}


@pytest.mark.parametrize("kind", LISTS)
def test_what_is_written_once_arrives_as_it_is_each_time(world: World, kind: str) -> None:
    type_, values = LISTS[kind]
    asked = sa.select(sa.func.unnest(sa.bindparam("given", type_=Listed(type_))))
    given = once(values)

    with world.worker.installation() as connection:
        plainly = list(connection.scalars(asked, {"given": list(values)}))
        first, again = (list(connection.scalars(asked, {"given": given})) for _ in range(2))

    assert values == plainly == first == again


def test_a_batch_by_key_is_planned_once_and_leaves_the_connection_as_it_was(world: World) -> None:
    home = world.distributor()
    asked = "SELECT current_setting('plan_cache_mode'), current_setting('enable_hashjoin')"

    with world.worker.channel(home.id, [home.id], by_key=True) as work:
        by_key = work.connection.exec_driver_sql(asked).one()
        threshold = work.connection.connection.driver_connection.prepare_threshold
    with world.worker.channel(home.id, [home.id]) as work:
        otherwise = work.connection.exec_driver_sql(asked).one()
        kept = work.connection.connection.driver_connection.prepare_threshold

    assert (*by_key, threshold) == ("force_generic_plan", "off", 0)
    assert (*otherwise, kept) == ("auto", "on", 5)
