"""Bring subscriptions in, a batch at a time: each with its line, its history and no charge (CAT-04)."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry.crm import history
from tenantry.crm.defaults import access
from tenantry.database import Work
from tenantry.intake.stored import CHOSEN, judge, keep_imported
from tenantry.intake.subscriptions import here
from tenantry.intake.subscriptions.changing import change_what_is_here
from tenantry.intake.subscriptions.judging import Judging, Seen
from tenantry.intake.subscriptions.planning import reader_of
from tenantry.kernel.ids import derived_id
from tenantry.sales import messages
from tenantry.sales.subscriptions.changing import Effect, line
from tenantry.sales.subscriptions.sold import sold_at_start
from tenantry.schema.sales import subscription, subscription_add_on
from tenantry.schema.subscription import subscription_change, trial_use
from tenantry.tenancy.records import Row

IDS = ("id", "account_id", "bill_to_id", "product_id")
DAYS = ("start_on", "trial_until", "paid_from", "anchor_on", "charged_until", "term_until", "end_on")


def write_subscriptions(work: Work, run: sa.RowMapping, rows: Sequence[Row]) -> None:
    """Write the subscriptions of these rows, as they are judged now; what may no longer come in is refused."""
    planned = [UUID(row.record["subscription"]["account_id"]) for row in rows]
    # Numbers of changes are counted by account; who counts holds it.
    here.hold(work, planned)
    judged = _as_judged(work, run, rows)
    changed = change_what_is_here(work, run, {line_: one for line_, one in judged.items() if "update" in one})
    made = {line_: one for line_, one in judged.items() if "update" not in one}
    keep_imported(work, run["id"], changed)
    if made:
        _write_new(work, run, made)


def _write_new(work: Work, run: sa.RowMapping, made: Mapping[int, Mapping[str, Any]]) -> None:
    given = {"tenant_id": work.tenant_id, "created_at": work.at, **access(work, "subscription")}
    subscriptions = [_row(one["subscription"]) | given for one in made.values()]
    work.connection.execute(insert(subscription).on_conflict_do_nothing(), subscriptions)
    add_ons = {UUID(one["subscription"]["id"]): _add_ons(one) for one in made.values()}
    if added := [one | {"tenant_id": work.tenant_id} for of_one in add_ons.values() for one in of_one]:
        work.connection.execute(insert(subscription_add_on).on_conflict_do_nothing(), added)
    _use_trials(work, subscriptions)
    _note(work, subscriptions, add_ons)
    said = f"Subscription was imported from {run['file_name']}"
    history.write_all(work, "subscription", [(one["id"], said) for one in subscriptions])
    keep_imported(work, run["id"], {line_: one["subscription"]["id"] for line_, one in made.items()})


def _as_judged(work: Work, run: sa.RowMapping, rows: Sequence[Row]) -> dict[int, Mapping[str, Any]]:
    """Judge the rows anew: another import, or the batch before, may have brought the same in meanwhile."""
    reader = reader_of(run)
    read = [reader.read(row.line, row.cells) for row in rows]
    judge(work, run["id"], read, {}, Judging(work, run, reader, Seen(), read).records())
    asked = {"tenant": work.tenant_id, "import": run["id"], "after": run["position"]}
    last = rows[-1].line
    return {row.line: row.record for row in work.connection.execute(CHOSEN, asked) if row.line <= last}


def _row(kept: Mapping[str, Any]) -> dict[str, Any]:
    ids = {name: UUID(kept[name]) for name in IDS}
    days = {name: date.fromisoformat(kept[name]) if kept[name] else None for name in DAYS}
    return {**kept, **ids, **days, "unit_price": Decimal(kept["unit_price"])}


def _add_ons(kept: Mapping[str, Any]) -> list[dict[str, Any]]:
    of = UUID(kept["subscription"]["id"])
    return [
        {
            "id": derived_id(of, of, f"add-on {one['product_id']}"),
            "subscription_id": of,
            "product_id": UUID(one["product_id"]),
            "quantity": one["quantity"],
            "unit_price": Decimal(one["unit_price"]),
        }
        for one in kept["add_ons"]
    ]


def _use_trials(work: Work, rows: Sequence[Mapping[str, Any]]) -> None:
    used = [
        {
            "tenant_id": work.tenant_id,
            "id": row["id"],
            "account_id": row["account_id"],
            "product_id": row["product_id"],
            "subscription_id": row["id"],
            "at": work.at,
        }
        for row in rows
        if row["trial_until"]
    ]
    if used:
        work.connection.execute(insert(trial_use).on_conflict_do_nothing(), used)


def _note(work: Work, rows: Sequence[Mapping[str, Any]], add_ons: Mapping[UUID, Sequence[Mapping[str, Any]]]) -> None:
    """Write the line with which each begins here, and tell whoever is above."""
    numbers = _last_numbers(work, {row["account_id"] for row in rows})
    changes = []
    for row in rows:
        account_id = row["account_id"]
        numbers[account_id] = numbers.get(account_id, 0) + 1
        tried = row["status"] != "active" and row["trial_until"] is not None
        begun = {"quantity": row["quantity"], "unit_price": row["unit_price"], "cycle": row["cycle"]}
        effect = Effect("", after=begun, product_id=row["product_id"])
        kind = "trial" if tried else "activation"
        sold = None if tried else sold_at_start(row, add_ons[row["id"]])
        written = line(work, row["id"], account_id, kind, effect, row["start_on"], done=True, sold=sold)
        id = derived_id(row["id"], row["id"], "activation")
        changes.append(written | {"id": id, "event_id": id, "number": numbers[account_id]})
    work.connection.execute(sa.insert(subscription_change), changes)
    messages.subscription_changes_done(work, [one["id"] for one in changes])


def _last_numbers(work: Work, accounts: set[UUID]) -> dict[UUID, int]:
    c = subscription_change.c
    mine = (c.tenant_id == work.tenant_id, c.account_id.in_(accounts))
    query = sa.select(c.account_id, sa.func.max(c.number).label("last")).where(*mine).group_by(c.account_id)
    return {row.account_id: row.last for row in work.connection.execute(query)}
