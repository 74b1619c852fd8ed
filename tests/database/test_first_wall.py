"""The first wall alone: with row-level security off, the statements themselves show nothing of a twin (TEN-02, SEC-01).

The program runs as the owner of the tables, whom no policy stops; beside the tenant that asks lives a twin whose every
value is marked. No answer may hold the mark.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from tests.world import Row, Tenant, World

from tenantry.catalog import lists as catalog_lists
from tenantry.channel.handovers import actions as handovers, queries as handover_queries, reversal, running
from tenantry.channel.tenant_resellers import queries as reseller_queries
from tenantry.crm import actions as crm_actions, lists as crm_lists, queries as crm_queries
from tenantry.database import Database, Work, work as units
from tenantry.kernel.problems import NotFound
from tenantry.sales import actions as sales_actions, lists as sales_lists, queries as sales_queries
from tenantry.schema import crm, tables
from tenantry.tenancy.listing import Listing, ListRequest

MARK = "TWIN-4711"


@dataclass
class Twins:
    """Two distributors with a customer, a reseller and a handover each; one of them is marked all over."""

    world: World
    mine: Tenant
    reseller: Tenant
    acme: Row
    order: Row
    theirs: Tenant
    their_reseller: Tenant
    twin: Row
    their_order: Row
    their_handover: Row


@pytest.fixture
def unguarded(owner_url: sa.URL, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A database without its second wall: whoever asks stays its owner."""
    database = Database(owner_url)
    put_on = units._put_on

    def stay_owner(connection: sa.Connection, role: str, tenant_id: UUID, tenants: Any = ()) -> None:
        put_on(connection, role, tenant_id, tenants)
        if connection.engine is database.engine:
            units._say(connection, "RESET ROLE")

    monkeypatch.setattr(units, "_put_on", stay_owner)
    yield database
    database.close()


@pytest.fixture
def twins(world: World) -> Twins:
    mine, reseller = world.distributor(), world.tenant_reseller()
    acme = world.account(bill_to=reseller, name="Acme")
    order = world.order(acme)
    theirs = world.tenant("distributor", name=f"Distributor {MARK}")
    their_reseller = world.tenant_reseller(above=theirs, name=f"Reseller {MARK}")
    twin = world.account(theirs, bill_to=their_reseller, name=f"Acme {MARK}", email=f"{MARK}@acme.example")
    their_order = world.order(twin, theirs, name=f"Order {MARK}")
    for account, at, name in ((acme, mine, "Mine"), (twin, theirs, MARK)):
        world.address(account, at, city=name)
        world.contact(account, at, last_name=name)
        product = world.product(at, name=f"Product {name}")
        world.subscription(account, product, at)
        access = {"responsible_user_id": at.admin_id, "permission_rule_id": at.rule_id}
        about = {"account_id": account.id, "about": "account", "about_id": account.id}
        world.insert(at, crm.activity, kind="task", subject=f"Call {name}", **about, **access)
    their_handover = world.plan(twin, to=their_reseller, at=theirs)
    return Twins(world, mine, reseller, acme, order, theirs, their_reseller, twin, their_order, their_handover)


def listings() -> list[tuple[str, Listing]]:
    modules = (crm_lists, sales_lists, catalog_lists)
    return [
        (f"{module.__name__.split('.')[1]}.{name}", one)
        for module in modules
        for name, one in vars(module).items()
        if isinstance(one, Listing)
    ]


@pytest.mark.parametrize(("name", "listing"), listings())
def test_ten_02_no_list_shows_a_row_of_the_twin(twins: Twins, unguarded: Database, name: str, listing: Listing) -> None:
    """Not when it is listed, searched, or counted."""
    with unguarded.work(twins.mine.id, twins.world.admin(twins.mine)) as work:
        assert work.connection.scalar(sa.select(sa.func.count(sa.distinct(crm.account.c.tenant_id)))) != 1, "no wall"
        searches = (MARK, "Acme") if listing.search is not None else ()
        for request in (ListRequest(limit=100, with_total=True), *(ListRequest(search=words) for words in searches)):
            page = listing.page(work, request)
            assert MARK not in repr(page), name


def test_ten_02_the_twins_ids_are_unknown_to_every_reader_and_every_act(twins: Twins, unguarded: Database) -> None:
    twin, their_order, handover = twins.twin.id, twins.their_order.id, twins.their_handover
    asks: list[Callable[[Work], Any]] = [
        lambda work: crm_queries.account(work, twin),
        lambda work: crm_actions.edit(work, twin, {"phone": "1"}),
        lambda work: crm_actions.suspend(work, twin),
        lambda work: crm_actions.close(work, twin),
        lambda work: crm_actions.delete(work, twin),
        lambda work: sales_queries.order(work, their_order),
        lambda work: sales_actions.edit_order(work, their_order, {"name": "Mine"}),
        lambda work: sales_actions.submit_order(work, their_order),
        lambda work: sales_actions.delete_order(work, their_order),
        lambda work: handover_queries.handover_(work, handover.id),
        lambda work: handover_queries.preview(work, handover.id),
        lambda work: handover_queries.results(work, handover.id),
        lambda work: handovers.confirm(work, handover.id, handover.digest),
        lambda work: handovers.cancel(work, handover.id),
        lambda work: handovers.reverse(work, handover.id),
        lambda work: reseller_queries.tenant_reseller_(work, Row(id=twins.their_reseller.account_id).id),
        lambda work: reseller_queries.candidates(work, Row(id=twins.their_reseller.account_id).id),
    ]
    before = snapshot(twins.world, twins.theirs)
    for ask in asks:
        with pytest.raises(NotFound), unguarded.work(twins.mine.id, twins.world.admin(twins.mine)) as work:
            ask(work)
    assert snapshot(twins.world, twins.theirs) == before


def test_ten_02_a_handover_run_without_the_wall_touches_nothing_of_the_twin(twins: Twins, unguarded: Database) -> None:
    """Planned, previewed, confirmed, run and undone as the owner: each statement names its tenants itself."""
    world, mine = twins.world, twins.mine
    before = [snapshot(world, one) for one in (twins.theirs, twins.their_reseller)]
    with unguarded.work(mine.id, world.admin(mine)) as work:
        id_ = handovers.plan(work, "transfer_accounts", Row(id=twins.reseller.account_id).id, "all")
        plan = handover_queries.handover_(work, id_)
        shown = repr(handover_queries.preview(work, id_))
        listed = repr(reseller_queries.all_(work)) + repr(handover_queries.recent(work))
        handovers.confirm(work, id_, str(plan.digest))
    running.run(unguarded, mine.id, id_)

    copy = world.row(twins.reseller, crm.account, twins.acme.id)
    assert copy
    assert copy.name == "Acme"
    assert len(world.rows(twins.reseller, crm.contact)) == 1
    assert MARK not in shown + listed
    with unguarded.work(mine.id, world.admin(mine)) as work:
        assert handover_queries.obstacles(work, id_) == ()
        handovers.reverse(work, id_)
    reversal.run(unguarded, mine.id, id_)
    assert world.row(twins.reseller, crm.account, twins.acme.id) is None
    assert [snapshot(world, one) for one in (twins.theirs, twins.their_reseller)] == before


def snapshot(world: World, at: Tenant) -> dict[str, Any]:
    """Read everything that a tenant has."""
    with world.web.work(at.id) as work:
        return {
            table.name: work.connection.execute(sa.select(table).order_by(*table.primary_key.columns)).all()
            for table in tables("tenant")
        }
