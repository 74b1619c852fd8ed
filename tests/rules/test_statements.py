"""Sets, not loops: one record and a hundred cost the same number of statements (HND-08)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from tenantry.channel.handovers import queries
from tenantry.channel.tenant_resellers import queries as reseller_queries
from tenantry.database import Database
from tests.channel.stories import confirm, moved_out, run
from tests.world import Row, Tenant, World


@contextmanager
def counting(*databases: Database) -> Iterator[list[str]]:
    """Collect the statements that go out."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    for database in databases:
        sa.event.listen(database.engine, "before_cursor_execute", note)
    yield said
    for database in databases:
        sa.event.remove(database.engine, "before_cursor_execute", note)


def customers(world: World, reseller: Tenant, number: int) -> list[Row]:
    """Make customers with everything; the first of them sleeps below."""
    found = []
    for place in range(number):
        acme = world.account(bill_to=reseller)
        world.address(acme, position=1)
        world.address(acme, position=2, is_billing=True)
        world.contact(acme)
        world.order(acme)
        if place == 0:
            moved_out(world, reseller, acme.id)
        found.append(acme)
    return found


def steps(world: World, number: int) -> dict[str, int]:
    """Count the statements of each step of a handover of so many."""
    home, reseller = world.distributor(), world.tenant_reseller()
    accounts = customers(world, reseller, number)
    counts: dict[str, int] = {}

    def count(name: str, act: Callable[[], object]) -> object:
        with counting(world.web, world.worker) as said:
            answer = act()
        counts[name] = len(said)
        return answer

    def ask(about: Callable[..., object]) -> object:
        with world.web.work(home.id, world.admin(home)) as work:
            return about(work)

    mine = Row(id=reseller.account_id).id
    count("candidates", lambda: ask(lambda work: reseller_queries.candidates(work, mine, limit=200)))
    handover = count("plan", lambda: world.plan(*accounts, to=reseller))
    assert isinstance(handover, Row)
    count("preview", lambda: ask(lambda work: queries.preview(work, handover.id, limit=200)))
    count("confirm", lambda: confirm(world, handover))
    count("run", lambda: run(world, handover))
    count("view", lambda: ask(lambda work: queries.handover_(work, handover.id)))
    count("results", lambda: ask(lambda work: queries.results(work, handover.id)))
    count("obstacles", lambda: ask(lambda work: queries.obstacles(work, handover.id)))
    count("undo", lambda: world.undo(handover))
    assert {row.standing for row in world.rows(home, "account", bill_to_id=mine)} == {"own"}
    return counts


@pytest.mark.slow
def test_hnd_08_one_account_and_thirty_cost_the_same_number_of_statements(world: World) -> None:
    one, thirty = steps(world, 1), steps(world, 30)

    assert one == thirty
    assert one["plan"] < 20
    assert one["preview"] < 25
    assert one["run"] < 45
