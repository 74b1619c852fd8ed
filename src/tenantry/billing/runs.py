"""Invoices for many: agreed to by the digest that was seen, made payer by payer, resumed after a kill (BIL-02)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry import jobs
from tenantry.billing import due
from tenantry.billing.choosing import RULE, scope_of
from tenantry.billing.due import Scope
from tenantry.billing.making import make
from tenantry.billing.pending import digest_of
from tenantry.database import Database, Row, Work
from tenantry.kernel.actor import SYSTEM, Actor
from tenantry.kernel.ids import new_id
from tenantry.kernel.money import Money
from tenantry.kernel.problems import Conflict, NotFound, NotSignedIn
from tenantry.sales.defaults import today
from tenantry.schema.billing import invoice_run
from tenantry.tenancy import audit, permissions, records
from tenantry.tenancy.actor import actor_of

TASK = "billing.invoice_run"
AT_ONCE, CHUNK, PAYERS = 2_000, 5_000, 500
Told = Callable[[int, int], None]


@dataclass(frozen=True)
class RunView:
    """A run, as its page shows it."""

    id: UUID
    status: str
    up_to: date
    accounts: int | None
    total: int
    done: int
    invoices: int
    charges: int
    held_back: int
    sums: Sequence[Money]
    problem: str
    created_by_name: str
    created_at: datetime
    completed_at: datetime | None
    version: int


def start(
    work: Work, up_to: date | str | None = None, accounts: Sequence[UUID] | None = None, *, digest: str = ""
) -> UUID:
    """Invoice what is due up to a day, of some accounts or of all; more than 2,000 charges are left to a worker.

    A digest names the preview that was agreed to: Conflict when other documents would be made by now.
    """
    permissions.require(work, "invoices:edit")
    now = today(work)
    scope = scope_of(work, up_to, accounts, "generate_invoices", now)
    if digest:
        _require_seen(work, scope, digest, now)
    payers, charges = due.counted(work, scope)
    id = new_id()
    row: dict[str, Any] = {
        "tenant_id": work.tenant_id,
        "id": id,
        "up_to": scope.up_to,
        "chosen": sa.null() if scope.accounts is None else [str(one) for one in scope.accounts],
        "total": payers,
        "created_by": work.actor.id,
        "created_by_name": work.actor.name[:320],
        "created_at": work.at,
    }
    work.connection.execute(sa.insert(invoice_run).values(row))
    audit.note(work, "invoices.generate", f"Generated invoices of {charges:,} charges up to {scope.up_to}.", id)
    if charges > AT_ONCE:
        jobs.later(work.connection, TASK, tenant_id=work.tenant_id, run_id=id)
        return id
    more = True
    while more:
        _, _, more = go_on(work, id, at_once=True)
    return id


def cancel(work: Work, id: UUID) -> None:
    """Stop a run; invoices that were made stay."""
    permissions.require(work, "invoices:edit")
    row = records.locked(work, invoice_run, id, what="invoice run")
    if row.status != "running":
        message = f"The run is {row.status}."
        raise Conflict(message, code=f"invoice-run-{row.status}", rule=RULE, remedy="There is nothing to stop.")
    _change(work, id, status="cancelled", completed_at=work.at)
    audit.note(work, "invoices.cancel_run", f"Stopped the invoice run after {row.invoices:,} invoices.", id)


def run(database: Database, tenant_id: UUID, id: UUID, pause: Callable[[], None], told: Told | None = None) -> None:
    """Take a run to its end; `pause` is called between two committed chunks, `told` with payers done and in all."""
    more = True
    while more:
        with database.work(tenant_id) as work:
            actor = _actor(work, id)
        with database.work(tenant_id, actor) as work:
            done, total, more = go_on(work, id)
        if told:
            told(done, total)
        if more:
            pause()


def go_on(work: Work, id: UUID, *, at_once: bool = False) -> tuple[int, int, bool]:
    """Invoice the next payers, all of each; gives the payers done, those in all, and whether there are more.

    What is charged after it was agreed to waits for the next run; what is done at once sees nothing later anyway.
    """
    row = records.locked(work, invoice_run, id, what="invoice run")
    if row.status != "running":
        return row.done, row.total, False
    scope = Scope(row.up_to, _ids(row.chosen), None if at_once else row.created_at)
    payers = _next(due.payers(work, scope, row.position, PAYERS))
    if not payers:
        _change(work, id, status="completed", completed_at=work.at, total=row.done)
        return row.done, row.done, False
    made = make(work, scope, payers, today(work), run_id=id)
    done, total = row.done + len(payers), max(row.total, row.done + len(payers))
    sums = {currency: Decimal(amount) for currency, amount in row.sums.items()}
    for currency, amount in made.sums.items():
        sums[currency] = sums.get(currency, Decimal(0)) + amount
    _change(
        work,
        id,
        done=done,
        total=total,
        position=payers[-1],
        invoices=row.invoices + made.invoices,
        charges=row.charges + made.charges,
        held_back=row.held_back + made.held_back,
        sums={currency: str(amount) for currency, amount in sums.items()},
    )
    return done, total, True


def run_(work: Work, id: UUID) -> RunView:
    """Give a run; NotFound where the tenant has none."""
    permissions.require(work, "invoices:view")
    query = sa.select(invoice_run).where(invoice_run.c.tenant_id == work.tenant_id, invoice_run.c.id == id)
    row = work.connection.execute(query).mappings().first()
    if row is None:
        raise NotFound("invoice run")
    return view_of(row)


def view_of(row: Row) -> RunView:
    """Read a run as pages show it."""
    names = RunView.__dataclass_fields__.keys() - {"accounts", "sums"}
    sums = [Money(Decimal(amount), currency) for currency, amount in sorted(row["sums"].items())]
    accounts = None if row["chosen"] is None else len(row["chosen"])
    return RunView(**{name: row[name] for name in names}, accounts=accounts, sums=sums)


def _require_seen(work: Work, scope: Scope, digest: str, now: date) -> None:
    present = digest_of(due.documents(work, scope), now)
    if digest != present:
        raise Conflict(
            "Other invoices would be made by now than those that were shown.",
            code="stale-preview",
            rule=RULE,
            remedy="Look at the preview again and agree to it.",
            digest=present,
        )


def _next(found: Sequence[tuple[UUID, int]]) -> list[UUID]:
    """Take payers until their charges fill a chunk; one who has more than that is a chunk of his own."""
    taken: list[UUID] = []
    charges = 0
    for payer, count in found:
        if taken and charges + count > CHUNK:
            break
        taken.append(payer)
        charges += count
    return taken


def _actor(work: Work, id: UUID) -> Actor:
    """Give the one who agreed, with the rights that he has now; who is blocked by now makes no more invoices."""
    row = records.locked(work, invoice_run, id, what="invoice run")
    if row.created_by is None or row.status != "running":
        return SYSTEM
    problem = f"{row.created_by_name} agreed to it and may no longer sign in."
    try:
        actor = actor_of(work.connection, work.tenant_id, row.created_by)
        if actor.looks_only is None:
            return actor
        problem = actor.looks_only.why
    except NotSignedIn:
        pass
    _change(work, id, status="failed", problem=problem, completed_at=work.at)
    return SYSTEM


def _change(work: Work, id: UUID, **values: Any) -> None:
    records.write(work, invoice_run, id, values)


def _ids(kept: Sequence[str] | None) -> tuple[UUID, ...] | None:
    return None if kept is None else tuple(UUID(one) for one in kept)
