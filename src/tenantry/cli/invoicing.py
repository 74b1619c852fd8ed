"""`tenantry invoices`: see what is yet to be invoiced, and generate invoices of what is due."""

from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tenantry.billing import runs
from tenantry.billing.pending import PendingInvoice, Preview, pending, preview
from tenantry.billing.runs import run_
from tenantry.cli.context import Data, Json, console, opened, person, show_json, tenant_named
from tenantry.database import Database, Work
from tenantry.kernel.money import Money
from tenantry.kernel.problems import Fault, Invalid
from tenantry.schema.crm import account

app = typer.Typer(no_args_is_help=True, help="Invoices of what is charged.")

SHOWN = 50
DECIDE = 4

At = Annotated[str, typer.Option("--tenant", help="Short name of the tenant that invoices.")]
By = Annotated[
    str | None, typer.Option("--user", help="E-mail of the user who does it; the tenant's admin unless set.")
]
Accounts = Annotated[
    list[int] | None,
    typer.Option("--account", help="Number of an account; repeat for several. All that is due unless set."),
]


@app.callback()
def group() -> None:
    """Invoices of what is charged."""


@app.command("pending")
def show_pending(
    tenant: At,
    account: Annotated[int | None, typer.Option("--account", help="Number of an account; all unless set.")] = None,
    user: By = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show what was charged and is not invoiced yet, as the invoices that it will be, the next first (BIL-02)."""
    with opened(data) as (_, ready):
        found, web = tenant_named(ready, tenant), ready.web()
        actor = person(ready, web, found.id, user, found.admin_user_id)
        with web.work(found.id, actor) as work:
            chosen = _ids(work, [account]) if account is not None else None
            page = pending(work, chosen[0] if chosen else None, limit=SHOWN)
    if as_json:
        show_json(page)
        return
    for one in page.sums:
        console.print(f"[bold]{_said(one.due)}[/bold] due by now, {_said(one.later)} later.")
    for each in page.items:
        when = "due now" if each.is_due else f"on {each.planned_on}"
        console.print(f"  {_document(each)} [dim]{when}, {_charges(each.charges)}[/dim]")
    if page.total > len(page.items):
        console.print(f"  [dim]... and {page.total - len(page.items):,} more.[/dim]")
    if not page.items:
        console.print("Nothing is yet to be invoiced.")


@app.command()
def generate(
    tenant: At,
    up_to: Annotated[
        str, typer.Option("--up-to", help="What is due up to this day, as 2026-05-31; today unless set.")
    ] = "",
    accounts: Accounts = None,
    only_plan: Annotated[bool, typer.Option("--plan", help="Show the invoices, and make none.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Make them without asking.")] = False,
    user: By = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Generate invoices of what is due, each shown first (BIL-02).

    Exit code 0: made, or nothing is due; 1: refused; 4: shown, and waiting for somebody to agree.
    """
    with opened(data) as (_, ready):
        found, web = tenant_named(ready, tenant), ready.web()
        actor = person(ready, web, found.id, user, found.admin_user_id)
        with web.work(found.id, actor) as work:
            chosen = _ids(work, accounts) if accounts else None
            seen = preview(work, up_to or None, chosen, shown=SHOWN)
        if not as_json:
            _show(seen)
        if only_plan or not seen.invoices or not (yes or (not as_json and typer.confirm("Generate them?"))):
            if as_json:
                show_json(seen)
            raise typer.Exit(0 if only_plan or not seen.invoices else DECIDE)
        with web.work(found.id, actor) as work:
            id_ = runs.start(work, up_to or None, chosen, digest=seen.digest)
            going = run_(work, id_).status == "running"
        if going:
            _run(ready.worker(), found.id, id_, quiet=as_json)
        with web.work(found.id, actor) as work:
            done = run_(work, id_)
        if as_json:
            show_json(done)
        else:
            sums = ", ".join(_said(one) for one in done.sums)
            console.print(f"[green]✓[/green] {done.invoices:,} invoices of {done.charges:,} charges: {sums}.")


def _ids(work: Work, numbers: list[int]) -> list[UUID]:
    """Give the accounts with these numbers."""
    a = account.c
    query = sa.select(a.number, a.id).where(a.tenant_id == work.tenant_id, a.number.in_(numbers))
    found = dict(work.connection.execute(query).all())
    missing = [one for one in numbers if one not in found]
    if missing:
        fault = f"There is no account with the number {missing[0]}."
        raise Invalid(Fault("account", fault, "BIL-02", "Give the numbers that the accounts have in this tenant."))
    return list(found.values())


def _show(seen: Preview) -> None:
    for one in seen.documents:
        code = one.code or "waits, since it is below nothing"
        console.print(f"  {code:>12}  {_document(one)} [dim]{_charges(one.charges)}[/dim]")
    if seen.invoices + seen.held_back > len(seen.documents):
        console.print(f"  [dim]... and {seen.invoices + seen.held_back - len(seen.documents):,} more.[/dim]")
    sums = ", ".join(_said(one) for one in seen.sums) or "nothing is due"
    console.print(f"[bold]{seen.invoices:,} invoices[/bold] of {seen.charges:,} charges up to {seen.up_to}: {sums}.")


def _document(one: PendingInvoice) -> str:
    about = f" for {one.account.name}" if one.separate else ""
    return f"{escape(one.bill_to.name)}{escape(about)}: {_said(one.net)}"


def _said(amount: Money) -> str:
    return amount.shown()


def _run(worker: Database, tenant_id: UUID, id_: UUID, *, quiet: bool) -> None:
    columns = (TextColumn("Invoicing"), BarColumn(), MofNCompleteColumn(), TextColumn("payers"), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=quiet) as progress:
        bar = progress.add_task("payers", total=None)
        runs.run(
            worker, tenant_id, id_, lambda: None, lambda done, total: progress.update(bar, completed=done, total=total)
        )


def _charges(number: int) -> str:
    return f"{number:,} {'charge' if number == 1 else 'charges'}"
