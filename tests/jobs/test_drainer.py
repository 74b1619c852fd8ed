"""The drainer: woken, alone per tenant, fair, and never stopped by one tenant's fault."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from tenantry import jobs
from tenantry.database.work import Database
from tenantry.jobs import drainer
from tenantry.schema.message import message

Web = Callable[[], AbstractContextManager[sa.Connection]]
Apply = Callable[[Database, UUID], int]
Wait = Callable[..., float]
Drains = Callable[[Apply], None]


@pytest.fixture
def drains(worker_url: str, owner: sa.Engine) -> Iterator[Drains]:
    """Start a drainer with a toy apply function; it ends with the test."""
    stop, threads, database = threading.Event(), list[threading.Thread](), Database(worker_url)

    def start(apply: Apply) -> None:
        running = jobs.Drainer(worker_url, database, apply, stop)
        threads.append(threading.Thread(target=running.run, daemon=True))
        threads[-1].start()
        listening = sa.text("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tenantry drainer'")
        for _ in range(500):
            with owner.connect() as connection:
                if connection.scalar(listening) == len(threads):
                    break
            time.sleep(0.01)

    yield start
    stop.set()
    for thread in threads:
        thread.join(5)
        assert not thread.is_alive()
    database.close()


def claim(database: Database, tenant_id: UUID, limit: int = 1000) -> list[jobs.Message]:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL ROLE tenantry_channel")
        return jobs.claim(connection, tenant_id, limit)


def test_up_45_a_drainer_is_woken_by_the_commit_not_by_its_sweep(web: Web, drains: Drains, wait: Wait) -> None:
    seen: dict[UUID, float] = {}

    def apply(database: Database, tenant_id: UUID) -> int:
        told = claim(database, tenant_id)
        seen.update({each.subject_id: time.monotonic() for each in told})
        return len(told)

    drains(apply)
    lags: list[float] = []
    tenant = uuid4()
    for _ in range(50):
        subject = uuid4()
        with web() as connection:
            jobs.tell(connection, tenant, "account", subject)
        committed = time.monotonic()
        wait(lambda subject=subject: subject in seen)
        lags.append(seen[subject] - committed)

    assert sorted(lags)[len(lags) // 2] < 0.05


def test_up_42_what_nobody_was_notified_of_is_found_by_the_sweep(
    owner: sa.Engine, drains: Drains, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drainer, "SWEEP", 0.2)
    tenants = {uuid4() for _ in range(5)}
    drained: set[UUID] = set()

    def apply(database: Database, tenant_id: UUID) -> int:
        drained.add(tenant_id)
        return len(claim(database, tenant_id))

    drains(apply)
    with owner.begin() as connection:
        for tenant in tenants:
            row = {"tenant_id": tenant, "account_id": uuid4(), "kind": "account", "subject_id": uuid4()}
            connection.execute(sa.insert(message), row)

    wait(lambda: drained == tenants, 2)


def test_up_41_two_drainers_never_drain_one_tenant_at_once_and_share_several(
    web: Web, drains: Drains, wait: Wait
) -> None:
    tenants = [uuid4() for _ in range(4)]
    inside: list[UUID] = []
    together: list[bool] = []
    doubled: list[UUID] = []
    drained: list[jobs.Message] = []
    guard = threading.Lock()

    def apply(database: Database, tenant_id: UUID) -> int:
        with guard:
            if tenant_id in inside:
                doubled.append(tenant_id)
            together.append(bool(inside))
            inside.append(tenant_id)
        told = claim(database, tenant_id, 3)
        time.sleep(0.02)
        with guard:
            inside.remove(tenant_id)
            drained.extend(told)
        return len(told)

    drains(apply)
    drains(apply)
    for _ in range(60):
        with web() as connection:
            for tenant in tenants:
                jobs.tell(connection, tenant, "account", uuid4())
    wait(lambda: len(drained) == 60 * len(tenants))

    assert doubled == []
    assert any(together)


def test_up_46_a_backlog_of_one_tenant_does_not_delay_another(web: Web, drains: Drains, wait: Wait) -> None:
    busy, quiet = uuid4(), uuid4()
    drained: dict[UUID, int] = {busy: 0, quiet: 0}

    def apply(database: Database, tenant_id: UUID) -> int:
        told = claim(database, tenant_id, 10)
        time.sleep(0.02)
        drained[tenant_id] += len(told)
        return len(told)

    with web() as connection:
        for _ in range(1000):
            jobs.tell(connection, busy, "account", uuid4())
    drains(apply)
    wait(lambda: drained[busy] > 0)
    with web() as connection:
        jobs.tell(connection, quiet, "account", uuid4())
    wait(lambda: drained[quiet] == 1)

    assert drained[busy] < 500
    wait(lambda: drained[busy] == 1000)


def test_up_43_a_tenant_whose_messages_fail_rests_and_the_others_go_on(
    web: Web, drains: Drains, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drainer, "REST", 0.5)
    sick, well = uuid4(), uuid4()
    calls: list[UUID] = []
    healed = threading.Event()

    def apply(database: Database, tenant_id: UUID) -> int:
        calls.append(tenant_id)
        if tenant_id == sick and not healed.is_set():
            raise RuntimeError
        return len(claim(database, tenant_id))

    drains(apply)
    with web() as connection:
        for tenant in (sick, well):
            jobs.tell(connection, tenant, "account", uuid4())
    wait(lambda: calls.count(well) >= 2)
    wait(lambda: calls.count(sick) == 2)
    assert calls.count(sick) == 2
    healed.set()

    with web() as connection:
        wait(lambda: jobs.figures(connection).messages == 0)


def test_up_46_a_long_batch_of_one_tenant_does_not_delay_another(web: Web, drains: Drains, wait: Wait) -> None:
    slow, quick = uuid4(), uuid4()
    held, go_on = threading.Event(), threading.Event()
    drained: set[UUID] = set()

    def apply(database: Database, tenant_id: UUID) -> int:
        told = claim(database, tenant_id)
        if told and tenant_id == slow:
            held.set()
            go_on.wait(10)
        drained.update({tenant_id} if told else ())
        return len(told)

    drains(apply)
    with web() as connection:
        jobs.tell(connection, slow, "account", uuid4())
    assert held.wait(5)
    with web() as connection:
        jobs.tell(connection, quick, "account", uuid4())
    wait(lambda: drained == {quick})

    go_on.set()
    wait(lambda: drained == {quick, slow})


def test_up_41_a_tenant_is_never_drained_twice_at_once_by_one_worker(web: Web, drains: Drains, wait: Wait) -> None:
    tenant = uuid4()
    guard, inside, doubled, drained = threading.Lock(), list[UUID](), list[UUID](), list[int]()

    def apply(database: Database, tenant_id: UUID) -> int:
        with guard:
            doubled.extend(inside)
            inside.append(tenant_id)
        told = claim(database, tenant_id, 3)
        time.sleep(0.01)
        with guard:
            inside.clear()
            drained.extend(each.id for each in told)
        return len(told)

    drains(apply)
    for _ in range(40):
        with web() as connection:
            jobs.tell(connection, tenant, "account", uuid4())
    wait(lambda: len(drained) == 40)

    assert doubled == []
    assert drained == sorted(drained)
