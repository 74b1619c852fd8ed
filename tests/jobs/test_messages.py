"""Telling, claiming, setting aside."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from uuid import UUID, uuid4

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from tenantry import jobs
from tenantry.database.embedded import Server
from tenantry.jobs.library import conninfo

Web = Callable[[], AbstractContextManager[sa.Connection]]
Drain = Callable[[], AbstractContextManager[sa.Connection]]

TENANT = uuid4()


class Stumbled(Exception):
    pass


@pytest.fixture
def drain(worker_url: str, owner: sa.Engine) -> Iterator[Drain]:
    """Transactions as a drainer has them."""
    engine = sa.create_engine(worker_url, isolation_level="REPEATABLE READ")

    @contextmanager
    def transaction() -> Iterator[sa.Connection]:
        with engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL ROLE tenantry_channel")
            yield connection

    yield transaction
    engine.dispose()


def told(connection: sa.Connection, limit: int = 1000) -> list[tuple[str, UUID, UUID | None]]:
    return [(each.kind, each.subject_id, each.fact_id) for each in jobs.claim(connection, TENANT, limit)]


def test_up_40_a_message_is_there_exactly_if_its_transaction_committed(web: Web, drain: Drain) -> None:
    acme, lost = uuid4(), uuid4()
    with web() as connection:
        jobs.tell(connection, TENANT, "account", acme)
    with suppress(Stumbled), web() as connection:
        jobs.tell(connection, TENANT, "account", lost)
        raise Stumbled

    with suppress(Stumbled), drain() as connection:
        assert told(connection) == [("account", acme, None)]
        raise Stumbled
    with drain() as connection:
        assert told(connection) == [("account", acme, None)]
    with drain() as connection:
        assert told(connection) == []


def test_up_40_states_of_one_subject_become_one_and_facts_never_do(web: Web, drain: Drain) -> None:
    acme, seats = uuid4(), uuid4()
    more, fewer = uuid4(), uuid4()
    with web() as connection:
        for _ in range(10):
            jobs.tell(connection, TENANT, "account", acme)
        jobs.tell(connection, TENANT, "subscription", seats, account_id=acme)
        jobs.tell(connection, TENANT, "sale", seats, account_id=acme, fact=more)
        jobs.tell(connection, TENANT, "sale", seats, account_id=acme, fact=fewer)
        jobs.tell(connection, TENANT, "subscription", seats, account_id=acme)
        jobs.tell(connection, uuid4(), "account", acme)

    with drain() as connection:
        assert told(connection) == [
            ("account", acme, None),
            ("subscription", seats, None),
            ("sale", seats, more),
            ("sale", seats, fewer),
        ]


def test_up_41_facts_of_an_account_come_in_the_order_in_which_they_were_told(web: Web, drain: Drain) -> None:
    acme, facts = uuid4(), [uuid4() for _ in range(50)]
    with web() as connection:
        for fact in facts:
            jobs.tell(connection, TENANT, "sale", acme, fact=fact)

    claimed: list[UUID | None] = []
    for _ in range(3):
        with drain() as connection:
            claimed += [fact for _, _, fact in told(connection, limit=20)]
    assert claimed == facts


def test_up_42_a_message_committed_late_is_not_lost_behind_a_later_id(web: Web, drain: Drain) -> None:
    early, late = uuid4(), uuid4()
    with web() as slow:
        jobs.tell(slow, TENANT, "account", early)
        with web() as quick:
            jobs.tell(quick, TENANT, "account", late)
        with drain() as connection:
            assert told(connection) == [("account", late, None)]
    with drain() as connection:
        assert told(connection) == [("account", early, None)]


def test_up_42_of_two_that_claim_the_same_messages_one_fails(web: Web, drain: Drain) -> None:
    with web() as connection:
        jobs.tell(connection, TENANT, "account", uuid4())

    with drain() as slow:
        slow.execute(sa.text("SELECT 1"))
        with drain() as quick:
            assert len(told(quick)) == 1
        with pytest.raises(OperationalError, match="could not serialize"):
            told(slow)


def test_up_43_what_cannot_be_applied_waits_with_its_account_and_comes_back_in_order(web: Web, drain: Drain) -> None:
    acme, other = uuid4(), uuid4()
    facts = [uuid4() for _ in range(3)]
    with web() as connection:
        for fact in facts:
            jobs.tell(connection, TENANT, "sale", acme, fact=fact)
        jobs.tell(connection, TENANT, "account", other)
    with drain() as connection:
        claimed = jobs.claim(connection, TENANT, 1000)
        jobs.set_aside(connection, [each for each in claimed if each.account_id == acme][:2], "no-product")
        jobs.set_aside(connection, [], "nothing")
    with web() as connection:
        assert jobs.figures(connection).set_aside == 2
        jobs.tell(connection, TENANT, "sale", acme, fact=facts[2])

    with drain() as connection:
        jobs.put_back(connection, TENANT, other)
    with web() as connection:
        assert jobs.figures(connection).set_aside == 2
    with drain() as connection:
        jobs.put_back(connection, TENANT, acme)
    with drain() as connection:
        back = jobs.claim(connection, TENANT, 1000)

    assert [(each.fact_id, each.attempts) for each in back] == [(facts[0], 1), (facts[1], 1), (facts[2], 0)]
    assert back[0].told_at == claimed[0].told_at


def test_a_set_of_messages_is_told_by_one_statement(web: Web, drain: Drain, owner: sa.Engine) -> None:
    accounts = {uuid4() for _ in range(100)}
    chosen = sa.select(
        sa.func.unnest(sa.bindparam("accounts", list(accounts), sa.ARRAY(sa.Uuid))).label("account_id"),
    ).subquery()
    with web() as connection:
        everyone = sa.select(chosen.c.account_id, chosen.c.account_id.label("subject_id"), sa.null().label("fact_id"))
        jobs.tell_all(connection, TENANT, "account", everyone)

    with drain() as connection:
        assert {subject for _, subject, _ in told(connection)} == accounts


def test_a_transaction_notifies_once_however_much_it_tells(web: Web, postgres: Server) -> None:
    with psycopg.connect(conninfo(postgres.url("postgres"), "test"), autocommit=True) as listener:
        listener.execute("LISTEN tenantry_message")
        with web() as connection:
            for _ in range(100):
                jobs.tell(connection, TENANT, "account", uuid4())

        assert [each.payload for each in listener.notifies(timeout=0.5)] == [str(TENANT)]
