"""`tenantry reconcile`: compare tenant resellers with what their distributors have of them, and put it right."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from tenantry.channel.reconcile import actions, queries, running
from tenantry.channel.reconcile.lists import DIFFERENCES, RECORDS, VERDICTS
from tenantry.channel.reconcile.queries import ReconciliationView
from tenantry.cli.context import Data, Json, console, every_tenant_above, opened, person, show_json, tenant_named
from tenantry.database import Database, Work
from tenantry.database.installation import Installation
from tenantry.kernel.actor import Actor
from tenantry.kernel.counting import counted
from tenantry.kernel.problems import Fault, Invalid
from tenantry.rules.reconcile.causes import CAUSES
from tenantry.tenancy.listing import ListRequest

SHOWN = 50
DIFFER = 1


def reconcile(
    reseller: Annotated[str | None, typer.Option(help="Short name of the reseller's tenant.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every tenant reseller of every distributor.")] = False,
    repair: Annotated[bool, typer.Option("--repair", help="Repair what differs, and compare again.")] = False,
    reason: Annotated[
        str, typer.Option(help="Why it is repaired, for the audit log.")
    ] = "Asked for on the command line",
    user: Annotated[
        str | None, typer.Option(help="E-mail of the user who does it; the distributor's admin unless set.")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Compare both tiers record by record and field by field, and say what differs and why (UP-44).

    Exit code 0: in agreement; 1: something differs, after the repair where one was asked for.
    """
    if every == (reseller is not None):
        raise Invalid(Fault("reseller", "Say whom to compare.", "UP-44", "Give --reseller NAME, or --all."))
    with opened(data) as (_, ready):
        web, worker = ready.web(), ready.worker()
        last = [
            Hand(web, worker, above, person(ready, web, above, user, admin), as_json).proven(
                id, reason if repair else None
            )
            for above, admin, id in _chosen(ready, web, reseller)
        ]
        if as_json:
            show_json(last)
    raise typer.Exit(DIFFER if any(one.differences for one in last) else 0)


def _chosen(ready: Installation, web: Database, reseller: str | None) -> list[tuple[UUID, UUID | None, UUID]]:
    """Give distributor, his admin, and tenant reseller of each that is compared."""
    if reseller is not None:
        below = tenant_named(ready, reseller)
        if below.parent_id is None:
            fault = Fault(
                "reseller", f"{reseller} is not a tenant reseller.", "UP-44", "Name the tenant of a reseller."
            )
            raise Invalid(fault)
        admin = dict(every_tenant_above(ready)).get(below.parent_id)
        return [(below.parent_id, admin, below.reseller_account_id)]
    found = []
    for above, admin in every_tenant_above(ready):
        with web.work(above) as work:
            found += [(above, admin, id) for id in actions.to_compare(work)]
    return found


@dataclass(frozen=True)
class Hand:
    """Who compares whom, and where it is told."""

    web: Database
    worker: Database
    above: UUID
    actor: Actor
    quiet: bool

    def proven(self, id: UUID, reason: str | None) -> ReconciliationView:
        """Compare a tenant reseller, and with a reason repair what differs and compare him again."""
        view = self._ran(lambda work: actions.start(work, id))
        if reason is not None and view.repairable:
            found = view.id
            self._ran(lambda work: actions.repair(work, found, reason))
            view = self._ran(lambda work: actions.start(work, id))
        return view

    def _ran(self, ask: Callable[[Work], UUID]) -> ReconciliationView:
        with self.web.work(self.above, self.actor) as work:
            id = ask(work)
        # A worker may be at it as well: they take turns, chunk by chunk.
        with _bar(quiet=self.quiet) as bar:
            task = bar.add_task("")
            is_done = False
            while not is_done:
                is_done = running.run(self.worker, self.above, id, should_stop=lambda: True)
                view = self._read(id)
                name = f"{'Repairing' if view.kind == 'repair' else 'Comparing'} {view.reseller_name}"
                bar.update(task, description=escape(name), completed=view.done, total=view.total)
        if not self.quiet:
            self._show(view)
        return view

    def _read(self, id: UUID) -> ReconciliationView:
        with self.web.work(self.above, self.actor) as work:
            return queries.reconciliation(work, id)

    def _show(self, view: ReconciliationView) -> None:
        if not view.differences:
            said = view.certificate or "All that it was to repair is in agreement now"
            console.print(f"[green]✓[/green] {escape(view.reseller_name)}: {said}.")
            return
        console.print(f"[red]✗[/red] {escape(view.reseller_name)}: {counted(view.differences, 'difference')}.")
        asked = ListRequest(filters={"run_id": ("eq", view.id)}, limit=SHOWN)
        with self.web.work(self.above, self.actor) as work:
            rows = DIFFERENCES.page(work, asked).items
        for one in rows:
            field = (
                f" {one['field']}: {one['below'] or 'nothing'} → {one['above'] or 'nothing'}" if one["field"] else ""
            )
            verdict = "" if field else f" {VERDICTS[one['verdict']].lower()}"
            says = f"{RECORDS[one['record']].lower()}{verdict}{field}"
            console.print(
                f"  {escape(one['account_name'])}: {escape(says)}. [dim]{escape(CAUSES[one['cause']].says)}[/dim]"
            )
        if view.differences > SHOWN:
            console.print(f"  [dim]... and {view.differences - SHOWN:,} more; the page and the API show all.[/dim]")


def _bar(*, quiet: bool) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=console, disable=quiet or not console.is_terminal)
