"""What falls due by itself: the work of the day, each step once, whenever the worker comes (SUB-01 to SUB-03)."""

import sqlalchemy as sa

from tenantry.jobs import JobContext
from tenantry.sales.subscriptions import tasks
from tenantry.sales.subscriptions.due import bring_up, bring_up_to_date, due
from tests.sales.stories import priced, sentences
from tests.sales.subscriptions.stories import charged, day, do, kinds, on, sold, there, work_of_the_day
from tests.world import Row, Tenant, World


def test_sub_03_the_next_cycle_is_charged_once_however_often_it_is_asked_for(world: World) -> None:
    with on("2026-11-22"):
        one = sold(world, priced(world, world.distributor(), "10"), 3)
    with on("2026-12-21"):
        work_of_the_day(world)
        assert len(charged(world, one)) == 1
    with on("2026-12-22"):
        work_of_the_day(world)
        work_of_the_day(world)

    assert charged(world, one) == [("30.00", "11-22", "12-21"), ("30.00", "12-22", "01-21")]
    assert kinds(world, one) == [("activation", "done"), ("renewal", "done")]


def test_sub_03_a_worker_that_was_late_does_every_step_on_its_own_day(world: World) -> None:
    """One came every day, the other only at the end; what they charged is the same."""
    home = world.distributor()
    with on("2026-11-01"):
        product = priced(world, home, "30")
        often, late = sold(world, product, 10), sold(world, product, 10)
        for one in (often, late):
            do(world, "change_quantity", one, 4, on=day("2026-11-16"))
            do(world, "cancel", one, mode="at", on=day("2026-12-10"))
    for date in ("2026-11-16", "2026-12-01", "2026-12-11"):
        with on(date):
            do_one(world, often)
    with on("2027-03-01"):
        work_of_the_day(world)

    assert charged(world, often) == charged(world, late)
    assert charged(world, late)[1:] == [
        ("-150.00", "11-16", "11-30"),
        ("60.00", "11-16", "11-30"),
        ("38.71", "12-01", "12-10"),
    ]
    assert kinds(world, often) == kinds(world, late)
    assert there(world, late.id).status == "cancelled"


def test_sub_01_a_trial_expires_by_itself_and_is_never_charged(world: World) -> None:
    with on("2026-11-01"):
        one = sold(world, priced(world, world.distributor(), "30", trial_allowed=True, trial_days=10), trial=True)
    with on("2026-11-10"):
        work_of_the_day(world)
        assert there(world, one.id).status == "trial"
    with on("2026-11-11"):
        work_of_the_day(world)

    assert (there(world, one.id).status, there(world, one.id).end_on) == ("expired", day("2026-11-10"))
    assert charged(world, one) == []
    assert "Trial has expired" in sentences(world, world.distributor(), one.id)


def test_ord_03_what_starts_later_starts_on_its_day(world: World) -> None:
    with on("2026-11-22"):
        one = sold(world, priced(world, world.distributor(), "10"), 1, start_on=day("2026-12-01"))
    with on("2026-12-03"):
        work_of_the_day(world)

    assert there(world, one.id).status == "active"
    assert charged(world, one) == [("10.00", "12-01", "12-31")]
    assert kinds(world, one) == [("activation", "done")]


def test_sub_03_a_planned_change_that_cannot_be_made_says_why_and_holds_up_nothing(world: World) -> None:
    home = world.distributor()
    with on("2026-11-01"):
        product = priced(world, home, "30")
        one = sold(world, product, 10)
        do(world, "change_quantity", one, 12, at_next_cycle=True)
    world.update(home, "product", product.id, max_quantity=11)
    with on("2026-12-01"):
        work_of_the_day(world)

    [failed] = [
        row for row in world.rows(home, "subscription_change", subscription_id=one.id) if row.kind == "quantity"
    ]
    assert (failed.status, "up to 11" in failed.problem) == ("failed", True)
    assert charged(world, one)[-1] == ("300.00", "12-01", "12-31")


def test_sub_03_only_where_something_is_due_is_a_job_asked_for(world: World, owner_url: sa.URL) -> None:
    home = world.distributor()
    with on("2026-11-01"):
        one = sold(world, priced(world, home, "30"), 10)
        with world.web.work(home.id) as work:
            assert due(work) == []
        tasks.ask_for_all(world.worker)
        assert asked_for(owner_url, home) == 0
    with on("2026-12-01"):
        with world.web.work(home.id) as work:
            assert due(work) == [one.id]
        assert tasks.ask_for_all(world.worker) >= 1
        assert asked_for(owner_url, home) == 1
        tasks.work_of_the_day(JobContext(world.worker, 0, 1, lambda: False), tenant=str(home.id))
        assert there(world, one.id).charged_until == day("2026-12-31")
        assert bring_up_to_date(world.worker, home.id) == 0


def asked_for(owner_url: sa.URL, at: Tenant) -> int:
    """Count the jobs that were asked for in a tenant."""
    engine = sa.create_engine(owner_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        query = sa.text(
            "SELECT count(*) FROM jobs.procrastinate_jobs "
            "WHERE task_name = 'subscriptions.due' AND args->>'tenant' = :at"
        )
        return int(connection.scalar(query, {"at": str(at.id)}) or 0)


def do_one(world: World, of: Row) -> None:
    """Bring one subscription up to date, as the worker does."""
    with world.worker.work(world.distributor().id) as work:
        bring_up(work, of.id)
