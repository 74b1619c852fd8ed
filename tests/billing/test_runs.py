"""Runs for many: in chunks that are whole or not there, gone on with after a kill, in few statements (BIL-02)."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
import sqlalchemy as sa

from tenantry.billing import runs, tasks
from tenantry.billing.runs import RunView, run_
from tenantry.jobs import JobContext
from tenantry.jobs.context import GivenBack
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Conflict
from tenantry.schema.billing import invoice, invoice_line
from tenantry.schema.charging import charge
from tenantry.schema.crm import account
from tenantry.schema.tenant import tenant_user
from tests.billing.stories import charged, does
from tests.conftest import say
from tests.web.conftest import statements
from tests.world import World


def many(world: World, payers: int, each: int) -> int:
    """Charge so many payers so often, a euro each; gives how many charges that makes."""
    home, product = world.distributor(), world.product()
    access = {"responsible_user_id": home.admin_id, "permission_rule_id": home.rule_id}
    ids = [new_id() for _ in range(payers)]
    accounts = [
        {"tenant_id": home.id, "id": id, "number": number, "name": f"Payer {number}", "bill_to_id": id, **access}
        for number, id in enumerate(ids, 100_000)
    ]
    owed = {"product_id": product.id, "kind": "cycle", "quantity": 1, "unit_price": 1, "amount": 1, "currency": "EUR"}
    charges = [
        {"tenant_id": home.id, "id": new_id(), "account_id": id, "bill_to_id": id, "due_on": date(2026, 5, 1), **owed}
        for id in ids
        for _ in range(each)
    ]
    with world.web.work(home.id) as work:
        work.connection.execute(sa.insert(account), [{**one, "currency": "EUR"} for one in accounts])
        work.connection.execute(sa.insert(charge), charges)
    return len(charges)


def started(world: World) -> UUID:
    """Agree to a run that a worker is to make."""
    id: UUID = does(world, runs.start, "2026-05-31")
    assert view(world, id).status == "running"
    return id


def view(world: World, id: UUID) -> RunView:
    found: RunView = does(world, run_, id)
    return found


def works(world: World, id: UUID, *, should_stop: Callable[[], bool] = lambda: False) -> None:
    """Let a worker take the run up."""
    context = JobContext(world.worker, 1, 1, should_stop)
    tasks.invoice_run(context, tenant_id=str(world.distributor().id), run_id=str(id))


def figures(world: World) -> tuple[int, int, int, int]:
    """Give how many invoices there are, how many lines, what they come to, and how many charges are not invoiced."""
    home = world.distributor()
    with world.web.work(home.id) as work:
        i, line, c = invoice.c, invoice_line.c, charge.c
        invoices = work.connection.execute(
            sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(i.total), 0)).where(i.tenant_id == home.id)
        ).one()
        lines = work.connection.scalar(sa.select(sa.func.count(line.id)).where(line.tenant_id == home.id))
        left = work.connection.scalar(
            sa.select(sa.func.count(c.id)).where(c.tenant_id == home.id, c.invoice_id.is_(None))
        )
    return invoices[0], lines or 0, int(invoices[1]), left or 0


def test_bil_02_a_run_over_10_000_charges_takes_a_few_statements_a_chunk(world: World, owner_url: sa.URL) -> None:
    charges = many(world, 400, 25)
    say(owner_url, "ANALYZE account, charge")
    id = started(world)

    with statements(world.worker) as sent:
        works(world, id)

    done = view(world, id)
    assert (done.status, done.done, done.total, done.invoices, done.charges) == ("completed", 400, 400, 400, charges)
    assert [(int(one.amount), one.currency) for one in done.sums] == [(charges, "EUR")]
    assert figures(world) == (400, charges, charges, 0)
    # Two chunks of 5,000 charges, and the look that finds nothing more.
    assert len(sent) < 70, "as many for one charge as for 10,000"


def test_bil_02_a_run_that_was_killed_goes_on_where_it_was(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "CHUNK", 500)
    charges = many(world, 60, 50)
    id = started(world)
    written = runs.make

    class Killed(BaseException):
        """The worker is gone in the middle of a chunk."""

    def killed(*given: object, **named: object) -> object:
        written(*given, **named)
        raise Killed

    looks = iter([False, False, True])
    with pytest.raises(GivenBack):
        works(world, id, should_stop=lambda: next(looks))
    assert (view(world, id).done, figures(world)[:2]) == (30, (30, 1_500)), "three chunks stand"
    with monkeypatch.context() as dying:
        dying.setattr(runs, "make", killed)
        with pytest.raises(Killed):
            works(world, id)
    assert (view(world, id).done, figures(world)[:2]) == (30, (30, 1_500)), "the fourth is not there at all"

    works(world, id)
    works(world, id)

    assert view(world, id).status == "completed"
    assert figures(world) == (60, charges, charges, 0)
    numbers = sorted(one.number for one in world.rows(world.distributor(), invoice))
    assert numbers == list(range(1001, 1061))


def test_bil_02_what_is_charged_after_it_was_agreed_to_waits_for_the_next_run(world: World) -> None:
    charges = many(world, 21, 100)
    id = started(world)
    charged(world, world.account(), "7")

    works(world, id)

    assert figures(world) == (21, charges, charges, 1)


def test_bil_02_a_run_can_be_stopped_and_what_was_made_stays(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "CHUNK", 500)
    many(world, 50, 50)
    id = started(world)
    looks = iter([True])
    with pytest.raises(GivenBack):
        works(world, id, should_stop=lambda: next(looks))

    does(world, runs.cancel, id)
    works(world, id)

    assert (view(world, id).status, figures(world)[0]) == ("cancelled", 10)
    with pytest.raises(Conflict) as refused:
        does(world, runs.cancel, id)
    assert refused.value.code == "invoice-run-cancelled"


def test_ten_20_who_was_blocked_meanwhile_makes_no_more_invoices(world: World) -> None:
    home = world.distributor()
    many(world, 21, 100)
    id = started(world)
    world.update(home, tenant_user, home.admin_id, status="blocked")

    works(world, id)

    found = view(world, id)
    assert (found.status, figures(world)[0]) == ("failed", 0)
    assert "may no longer sign in" in found.problem
