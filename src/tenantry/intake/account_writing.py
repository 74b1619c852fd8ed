"""Write the accounts of a batch with their addresses and contacts, as the plan said (CAT-04)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm import history, messages
from tenantry.crm.fields import forms
from tenantry.crm.new import NewAccount, NewAddress, NewContact
from tenantry.database import Work
from tenantry.intake.likeness import Likeness
from tenantry.intake.planning import digest, judge_rows
from tenantry.intake.stored import CHOSEN, Record, keep_imported, reader_of
from tenantry.intake.surroundings import surroundings
from tenantry.tenancy import numbers
from tenantry.tenancy.records import Row

COLUMNS = {
    "account": ("id", "number", *forms.ACCOUNT, "created_at"),
    "address": ("id", "account_id", "position", "is_billing", *forms.ADDRESS, "created_at"),
    "contact": ("id", "account_id", *forms.CONTACT, "created_at"),
}

# What a new record has that nobody said anything about.
EMPTY: dict[str, dict[str, Any]] = {
    table: {
        one.name: {} if one.name == "custom_fields" else one.default
        for one in fields(new)
        if one.name in COLUMNS[table] and one.default is not MISSING
    }
    for table, new in (("account", NewAccount), ("address", NewAddress), ("contact", NewContact))
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


def write_accounts(work: Work, run: sa.RowMapping, rows: Sequence[Row]) -> None:
    """Write what the plan said of these rows."""
    _write(work, run, _as_planned(work, run, rows))


def _as_planned(work: Work, run: sa.RowMapping, rows: Sequence[Row]) -> dict[int, Record]:
    """Give what the plan said of these rows; judge anew where the set-up was changed, or likenesses are skipped."""
    around = surroundings(work)
    reader = reader_of(run, around)
    if not reader.options.skip_duplicates and digest(work, run) == run["digest"]:
        return {row.line: row.record for row in rows}
    judge_rows(work, run, reader, Likeness(work, reader), [reader.read(row.line, row.cells) for row in rows])
    asked = {"tenant": work.tenant_id, "import": run["id"], "after": run["position"]}
    last = rows[-1].line
    return {row.line: row.record for row in work.connection.execute(CHOSEN, asked) if row.line <= last}


def _write(work: Work, run: sa.RowMapping, records: Mapping[int, Record]) -> None:
    if not records:
        return
    first = numbers.reserve(work, "account", len(records))
    accounts = [one["account"] for one in records.values()]
    contacts = [contact for one in records.values() for contact in one["contacts"]]
    _insert_all(work, "account", [{**account, "number": first + place} for place, account in enumerate(accounts)])
    _insert_all(work, "address", [address for one in records.values() for address in one["addresses"]])
    _insert_all(work, "contact", contacts)
    file = f"was imported from {run['file_name']}"
    history.write_all(work, "account", [(UUID(account["id"]), f"Account {file}") for account in accounts])
    history.write_all(work, "contact", [(UUID(contact["id"]), f"Contact {file}") for contact in contacts])
    messages.account_changed(work, *(UUID(account["id"]) for account in accounts))
    keep_imported(work, run["id"], {line: one["account"]["id"] for line, one in records.items()})


def _insert_all(work: Work, table: str, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    made = [{**EMPTY[table], **row, "created_at": work.at.isoformat()} for row in rows]
    work.connection.execute(INSERTS[table], {"tenant": work.tenant_id, "rows": json.dumps(made)})
