"""The commands about tenant resellers: compared, what is set aside of them, how they stand (CLI-01, UP-43, UP-44)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tenantry import jobs
from tenantry.cli.context import opened
from tenantry.database import Database
from tenantry.demo.people import MERIDIAN, SKERRY
from tenantry.jobs import Message
from tenantry.schema.sales import subscription
from tests.cli.conftest import Say
from tests.conftest import SECRET


@pytest.fixture
def worker(data: Path, say: Say, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """Reach into the installation as its worker does, whatever database the other tests have."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with opened(data, secret_key=SECRET) as (_, ready):
        found = ready.worker()
        yield found
        found.close()


def a_mirror(worker: Database) -> sa.Row[*tuple[Any, ...]]:
    """Find a subscription that Skerry sold, as the distributor has it."""
    s = subscription.c
    with worker.channel(MERIDIAN.id, [MERIDIAN.id]) as work:
        query = sa.select(s.id, s.account_id).where(s.tenant_id == MERIDIAN.id, s.managed_by == SKERRY.id)
        return work.connection.execute(query.order_by(s.id).limit(1)).one()


def test_cli_01_up_44_reconcile_says_what_differs_repairs_it_and_finds_nothing_then(say: Say, worker: Database) -> None:
    assert "In agreement" in say("reconcile", "--reseller", "skerry").out
    mirror = a_mirror(worker)
    with worker.channel(MERIDIAN.id, [MERIDIAN.id]) as work:
        of = (subscription.c.tenant_id == MERIDIAN.id, subscription.c.id == mirror.id)
        work.connection.execute(sa.update(subscription).where(*of).values(quantity=999))

    assert "Skerry Networks: 1 difference." in say("reconcile", "--reseller", "skerry").out
    found = say("reconcile", "--reseller", "skerry", "--json")
    assert (found.code, [one["differences"] for one in found.json]) == (1, [1])
    repaired = say("reconcile", "--reseller", "skerry", "--repair", "--reason", "A test changed it", "--json")

    assert (repaired.code, [one["differences"] for one in repaired.json]) == (0, [0])
    neither = say("reconcile")
    assert (neither.code, "--all" in neither.err) == (1, True)


def test_cli_01_up_43_messages_set_aside_are_listed_tried_again_and_given_up(say: Say, worker: Database) -> None:
    mirror = a_mirror(worker)
    with worker.channel(SKERRY.id, [SKERRY.id]) as work:
        told = Message(1, SKERRY.id, mirror.account_id, "subscription", mirror.id, None, 0, work.at)
        jobs.set_aside(work.connection, [told], "unexpected")

    listed = say("messages", "list", "--reseller", "skerry", "--json")
    assert [(one["id"], one["messages"]) for one in listed.json] == [(str(mirror.account_id), 1)]
    assert ", 1 message since 20" in say("messages", "list", "--reseller", "skerry").out
    resolve = ("messages", "resolve", "--reseller", "skerry", "--customer")
    assert say(*resolve, "nonsense", "--reason", "A test").code == 1
    assert "1 message was given up" in say(*resolve, str(mirror.account_id), "--reason", "A test").out

    assert "Nothing is set aside." in say("messages", "list", "--reseller", "skerry").out
    assert "of 0 customers" in say("messages", "retry", "--reseller", "skerry").out


def test_cli_01_ten_07_a_reseller_is_suspended_resumed_and_not_closed_with_customers(say: Say) -> None:
    shown = say("reseller", "suspend", "--reseller", "skerry", "--plan")
    assert (shown.code, "may look, but neither sell nor change" in shown.out) == (0, True)
    suspended = say("reseller", "suspend", "--reseller", "skerry", "--because", "Unpaid", "--yes", "--json")
    assert (suspended.code, suspended.json["state"]) == (0, "suspended")
    refused = say("token", "create", "--tenant", "skerry", "--user", "astrid@skerry.example", "--json")
    assert (refused.code, refused.json["rule"]) == (1, "TEN-07")

    assert "is live" in say("reseller", "resume", "--reseller", "skerry", "--yes").out
    closed = say("reseller", "close", "--reseller", "skerry", "--yes", "--json")
    assert (closed.code, closed.json["code"], closed.json["rule"]) == (1, "still-in-use", "TEN-07")
