"""Plan a handover on the line, show it, ask, run it here, and say what came of it."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tenantry.channel.handovers import actions, queries, running, tasks as _tasks
from tenantry.channel.tenant_resellers.queries import tenant_reseller_
from tenantry.cli.context import console, person, show_json, tenant_named
from tenantry.database import Database
from tenantry.database.installation import Installation
from tenantry.kernel.actor import Actor
from tenantry.kernel.problems import Fault, Invalid
from tenantry.tenancy import queries as tenancy

FAILURES, DECIDE = 3, 4
OUTCOMES = ("copied", "changed", "undone", "kept")
COLOURS = {"blocker": "red", "warning": "yellow", "note": "blue"}


@dataclass(frozen=True)
class Here:
    """Where a handover is planned: the distributor, the reseller, and who does it."""

    web: Database
    worker: Callable[[], Database]
    tenant_id: UUID
    reseller_id: UUID
    actor: Actor


def here_of(ready: Installation, reseller: str, user: str | None) -> Here:
    below = tenant_named(ready, reseller)
    if below.parent_id is None or below.reseller_account_id is None:
        remedy = "Name the tenant of a reseller."
        raise Invalid(Fault("reseller", f"{reseller} is not a tenant reseller.", "DN-01", remedy))
    web = ready.web()
    actor = person(ready, web, below.parent_id, user, _admin_of(web, below.parent_id))
    return Here(web, ready.worker, below.parent_id, below.reseller_account_id, actor)


def plan_and_run(
    here: Here,
    kind: str,
    chosen: Any,
    rates: Mapping[str, Decimal] | None = None,
    *,
    only_plan: bool,
    yes: bool,
    as_json: bool,
) -> None:
    with here.web.work(here.tenant_id, here.actor) as work:
        id_ = actions.plan(work, kind, here.reseller_id, chosen, rates=rates)
    worker = here.worker()
    view = _planned(here.web, worker, here.tenant_id, here.actor, id_)
    if not as_json:
        _show_plan(view)
    if only_plan or not _confirmed(view, yes=yes, as_json=as_json):
        if as_json:
            show_json(view)
        raise typer.Exit(0 if only_plan else DECIDE)
    with here.web.work(here.tenant_id, here.actor) as work:
        actions.confirm(work, id_, view.digest or "")
    view = _watch(here.web, worker, here.tenant_id, here.actor, id_, quiet=as_json)
    if as_json:
        show_json(view)
    else:
        show_result(view)
        _show_state(here)
    raise typer.Exit(0 if view.status == "completed" else FAILURES)


def _show_state(here: Here) -> None:
    """Say once he is live, which a handover may bring about by itself (DN-45)."""
    with here.web.work(here.tenant_id, here.actor) as work:
        one = tenant_reseller_(work, here.reseller_id)
    if one.state == "live":
        console.print(f"[bold]{escape(one.name)}[/bold] is live.")


def _admin_of(web: Database, tenant_id: UUID) -> UUID | None:
    with web.work(tenant_id) as work:
        return tenancy.tenant(work).admin_user_id


def _planned(web: Database, worker: Database, tenant_id: UUID, actor: Actor, id_: UUID) -> queries.HandoverView:
    """Give the plan; a large one is made here, so that no worker has to run."""
    with web.work(tenant_id, actor) as work:
        view = queries.handover_(work, id_)
    if view.status == "planning":
        with console.status("Planning ..."):
            _tasks.make_plan(worker, tenant_id, id_)
        with web.work(tenant_id, actor) as work:
            view = queries.handover_(work, id_)
    return view


def _confirmed(view: queries.HandoverView, *, yes: bool, as_json: bool) -> bool:
    verdict = view.actions["confirm"]
    if not verdict:
        if not as_json:
            console.print(f"[red]✗[/red] {verdict.why} [dim]({verdict.rule})[/dim]")
        return False
    asks = f"Transfer {view.total:,} {view.subject} to {view.reseller_name}?"
    if view.kind == "activate_back_ordering":
        asks = f"Make {view.reseller_name} live, with {view.total:,} accounts?"
    return yes or (not as_json and typer.confirm(asks))


def _watch(
    web: Database, worker: Database, tenant_id: UUID, actor: Actor, id_: UUID, *, quiet: bool
) -> queries.HandoverView:
    """Run it here with a progress bar; should this program be killed,
    a worker goes on from the last committed chunk.
    """
    thread = threading.Thread(target=running.run, args=(worker, tenant_id, id_), daemon=True)
    thread.start()
    columns = (
        TextColumn("Transferring"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("records"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=quiet) as progress:
        bar = progress.add_task("records", total=None)
        while thread.is_alive():
            with web.work(tenant_id, actor) as work:
                view = queries.handover_(work, id_)
            progress.update(bar, total=view.total, completed=view.done)
            thread.join(0.2)
        progress.update(bar, completed=view.total)
    while True:
        with web.work(tenant_id, actor) as work:
            view = queries.handover_(work, id_)
        if view.status not in {"running", "scheduled"}:
            return view
        time.sleep(0.2)  # a worker has the last chunk in hand


def _show_plan(view: queries.HandoverView) -> None:
    counts = ", ".join(f"{count:,} {name}" for name, count in sorted(view.counts.items())) or f"no {view.subject}"
    console.print(f"[bold]{view.title}[/bold] {view.number} to [bold]{escape(view.reseller_name)}[/bold]: {counts}.")
    show_findings(view.findings, view.subject)
    if view.digest:
        console.print(f"[dim]Digest {view.digest}[/dim]")


def show_findings(findings: tuple[Any, ...], subject: str) -> None:
    """Show what the checks found, each with its way out."""
    for one in findings:
        colour = COLOURS[one.severity]
        many = (
            f" [bold]{one.count:,}[/bold] {subject.removesuffix('s') if one.count == 1 else subject}."
            if one.count
            else ""
        )
        console.print(
            f"  [{colour}]{one.severity:8}[/{colour}] {one.message}{many} [dim]({one.rule}, {one.code})[/dim]"
        )
        console.print(f"           [dim]{one.remedy}[/dim]")


def show_result(view: queries.HandoverView) -> None:
    """Show what came of it."""
    words = view.status.replace("_", " ")
    outcomes = ", ".join(f"{view.counts[name]:,} {name}" for name in OUTCOMES if view.counts.get(name))
    console.print(
        f"Handover {view.number} is [bold]{words}[/bold]: {outcomes or 'nothing was handed over'}. {view.problem}"
    )
