"""Bring the rows of a confirmed import in, batch by batch; each batch is whole or not there (CAT-04)."""

import json
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm import history, messages, numbers
from tenantry.crm.fields import forms
from tenantry.database import Database, Work
from tenantry.intake.accounts import Ready, accounts
from tenantry.intake.likeness import Likeness
from tenantry.intake.planning import skipped
from tenantry.intake.stored import CHOSEN, change, counts, held, judge, reader_of
from tenantry.intake.surroundings import surroundings
from tenantry.kernel.actor import SYSTEM, Actor
from tenantry.kernel.problems import NotSignedIn
from tenantry.schema import metadata
from tenantry.tenancy.actor import actor_of
from tenantry.tenancy.records import Row

Told = Callable[[int, int], None]

COLUMNS = {
    "account": ("id", "number", *forms.ACCOUNT, "created_at"),
    "address": ("id", "account_id", "position", "is_billing", *forms.ADDRESS, "created_at"),
    "contact": ("id", "account_id", *forms.CONTACT, "created_at"),
}


def _insert(table: str) -> sa.TextClause:
    """Build the one statement that writes all of a batch's rows of a table."""
    names = ", ".join(f'"{name}"' for name in COLUMNS[table])
    return sa.text(
        f'INSERT INTO "{table}" (tenant_id, {names}) '  # noqa: S608 - names of our own tables and columns
        f"SELECT :tenant, {', '.join(f'made.{name}' for name in COLUMNS[table])} "
        f'FROM jsonb_populate_recordset(CAST(NULL AS "{table}"), CAST(:rows AS jsonb)) AS made '
        "ON CONFLICT (tenant_id, id) DO NOTHING"
    )


INSERTS = {table: _insert(table) for table in COLUMNS}


def run(database: Database, tenant_id: UUID, id: UUID, pause: Callable[[], None], told: Told | None = None) -> None:
    """Run an import to its end; `pause` is called between two committed batches, `told` with rows done and in all."""
    while True:
        with database.work(tenant_id) as work:
            actor = _actor(work, id)
        with database.work(tenant_id, actor) as work:
            done, total, more = bring_in(work, id)
        if told:
            told(done, total)
        if not more:
            return
        pause()


def bring_in(work: Work, id: UUID) -> tuple[int, int, bool]:
    """Bring in the next batch; gives the rows done, the rows in all, and whether there is more to do."""
    run = held(work, id)
    if run["status"] != "running":
        return run["done"], run["total"], False
    asked = {"tenant": work.tenant_id, "import": id, "after": run["position"]}
    rows = work.connection.execute(CHOSEN, asked).all()
    if rows:
        _batch(work, run, rows)
        done = run["done"] + len(rows)
        change(work, id, done=done, position=rows[-1].line)
        return done, run["total"], True
    change(work, id, status="completed", completed_at=work.at, counts=counts(work, id))
    return run["done"], run["total"], False


def _actor(work: Work, id: UUID) -> Actor:
    """Give the one who confirmed, with the rights that he has now; who is blocked by now brings nothing in."""
    row = held(work, id)
    if row["confirmed_by"] is None or row["status"] != "running":
        return SYSTEM
    try:
        return actor_of(work.connection, work.tenant_id, row["confirmed_by"])
    except NotSignedIn:
        problem = f"{row['confirmed_by_name']} confirmed it and may no longer sign in."
        change(work, id, status="failed", problem=problem, counts=counts(work, id))
        return SYSTEM


def _batch(work: Work, run: sa.RowMapping, rows: Sequence[Row]) -> None:
    reader = reader_of(run, surroundings(work))
    read = [reader.read(row.line, row.cells) for row in rows]
    ready = accounts(work, reader, run["id"], read)
    Likeness(work, reader).mark(read)
    verdicts = dict(skipped(read, reader))
    made = [one for one in ready if not one.row.refused and one.row.line not in verdicts]
    _write(work, run, made)
    verdicts |= {one.row.line: "imported" for one in made}
    records = {f"line_{one.row.line}": one.account.account["id"] for one in made}
    judge(work, run["id"], read, verdicts, **records)


def _write(work: Work, run: sa.RowMapping, made: Sequence[Ready]) -> None:
    if not made:
        return
    first = numbers.reserve(work, "account", len(made))
    addresses = [address for one in made for address in one.account.addresses]
    contacts = [contact for one in made for contact in one.account.contacts]
    _insert_all(work, "account", [{**one.account.account, "number": first + n} for n, one in enumerate(made)])
    _insert_all(work, "address", addresses)
    _insert_all(work, "contact", contacts)
    ids = [one.account.account["id"] for one in made]
    file = f"was imported from {run['file_name']}"
    history.write_all(work, "account", [(id, f"Account {file}") for id in ids])
    history.write_all(work, "contact", [(contact["id"], f"Contact {file}") for contact in contacts])
    messages.account_changed(work, *ids)


def _insert_all(work: Work, table: str, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    empty = {name: _empty(table, name) for name in COLUMNS[table]}
    made = [{**empty, **row, "created_at": work.at.isoformat()} for row in rows]
    work.connection.execute(INSERTS[table], {"tenant": work.tenant_id, "rows": json.dumps(made, default=str)})


def _empty(table: str, name: str) -> Any:
    column = metadata.tables[table].c[name]
    if column.nullable or name.endswith("_id"):
        return None
    return {"custom_fields": {}}.get(name, False if str(column.type) == "BOOLEAN" else "")
