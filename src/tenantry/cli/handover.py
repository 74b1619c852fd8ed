"""`tenantry handover`: plan a handover, look at it, confirm it, watch it, undo it."""

import threading
import time
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from tenantry.channel.handovers import actions, queries, reversal, running, tasks as _tasks
from tenantry.cli.context import Data, Json, console, opened, person, show_json, tenant_named
from tenantry.database import Database
from tenantry.kernel.actor import Actor
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import Fault, Invalid
from tenantry.tenancy import queries as tenancy

app = typer.Typer(no_args_is_help=True, help="Handovers: customers move between tenants.")

FAILURES, DECIDE = 3, 4
OUTCOMES = ("copied", "changed", "undone", "kept")
COLOURS = {"blocker": "red", "warning": "yellow", "note": "blue"}
Reseller = Annotated[str, typer.Option(help="Short name of the reseller's tenant.")]
User = Annotated[str | None, typer.Option(help="E-mail of the user who does it; the distributor's admin unless set.")]


@app.callback()
def group() -> None:
    """Handovers: customers move between tenants."""


@app.command("transfer-accounts")
def transfer_accounts(
    reseller: Reseller,
    take_all: Annotated[bool, typer.Option("--all", help="Every account that can go.")] = False,
    accounts: Annotated[
        Path | None, typer.Option(help="A file with an account's id or number a line.", exists=True, dir_okay=False)
    ] = None,
    only_plan: Annotated[bool, typer.Option("--plan", help="Plan and show, and change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Confirm without asking, warnings included.")] = False,
    user: User = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Transfer a distributor's customers into a tenant reseller's tenant (DN-01).

    Exit code 0: done; 1: refused; 3: done, but some accounts were left;
    4: planned, and waiting for somebody to confirm.
    """
    if take_all == (accounts is not None):
        raise Invalid(Fault("accounts", "Say which accounts go.", "DN-03", "Give --all, or --accounts FILE."))
    with opened(data) as (_, ready):
        below = tenant_named(ready, reseller)
        if below.parent_id is None:
            raise Invalid(
                Fault("reseller", f"{reseller} is not a tenant reseller.", "DN-01", "Name the tenant of a reseller.")
            )
        web = ready.web()
        actor = person(ready, web, below.parent_id, user, _admin_of(web, below.parent_id))
        chosen: Any = "all" if take_all else _read(web, below.parent_id, actor, accounts)
        with web.work(below.parent_id, actor) as work:
            id_ = actions.plan(work, "transfer_accounts", below.reseller_account_id, chosen)
        worker = ready.worker()
        view = _planned(web, worker, below.parent_id, actor, id_)
        if not as_json:
            _show_plan(view)
        if only_plan or not _confirmed(view, yes=yes, as_json=as_json):
            if as_json:
                show_json(view)
            raise typer.Exit(0 if only_plan else DECIDE)
        with web.work(below.parent_id, actor) as work:
            actions.confirm(work, id_, view.digest or "")
        view = _watch(web, worker, below.parent_id, actor, id_, quiet=as_json)
        if as_json:
            show_json(view)
        else:
            _show_result(view)
        raise typer.Exit(0 if view.status == "completed" else FAILURES)


@app.command("undo")
def undo(
    tenant: Annotated[str, typer.Option(help="Short name of the distributor's tenant.")],
    number: Annotated[int, typer.Option(help="Number of the handover.")],
    yes: Annotated[bool, typer.Option("--yes", help="Undo without asking.")] = False,
    user: User = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Undo a handover; what stands in the way stays, each account with its reason (DN-34)."""
    with opened(data) as (_, ready):
        above = tenant_named(ready, tenant)
        web = ready.web()
        actor = person(ready, web, above.id, user, above.admin_user_id)
        with web.work(above.id, actor) as work:
            id_ = next((one.id for one in queries.recent(work, limit=1000) if one.number == number), None)
            if id_ is None:
                raise Invalid(
                    Fault(
                        "number", f"There is no handover {number} here.", "HND-04", "Look at `tenantry handover list`."
                    )
                )
            in_the_way = queries.obstacles(work, id_)
        if not as_json:
            _show_findings(in_the_way)
        if not yes and (as_json or not typer.confirm("Undo what can be undone?")):
            raise typer.Exit(DECIDE)
        with web.work(above.id, actor) as work:
            actions.reverse(work, id_)
        worker = ready.worker()
        reversal.run(worker, above.id, id_)
        with web.work(above.id, actor) as work:
            view = queries.handover_(work, id_)
        if as_json:
            show_json(view)
        else:
            _show_result(view)
        raise typer.Exit(0 if view.status == "undone" else FAILURES)


@app.command("list")
def list_(
    tenant: Annotated[str, typer.Option(help="Short name of the distributor's tenant.")],
    user: User = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List the latest handovers of a tenant."""
    with opened(data) as (_, ready):
        above = tenant_named(ready, tenant)
        web = ready.web()
        actor = person(ready, web, above.id, user, above.admin_user_id)
        with web.work(above.id, actor) as work:
            found = queries.recent(work)
        if as_json:
            show_json(found)
            return
        table = Table("Number", "Kind", "Reseller", "Status", "Accounts", "Confirmed by", box=None, pad_edge=False)
        for one in found:
            table.add_row(
                str(one.number),
                one.title,
                one.reseller_name,
                one.status.replace("_", " "),
                f"{one.total:,}",
                one.confirmed_by,
            )
        console.print(table if found else "No handovers yet.", soft_wrap=False)


def _admin_of(web: Database, tenant_id: UUID) -> UUID | None:
    with web.work(tenant_id) as work:
        return tenancy.tenant(work).admin_user_id


def _read(web: Database, tenant_id: UUID, actor: Actor, file: Path | None) -> list[UUID]:
    """Read ids or numbers, one a line; every line that is neither is named."""
    assert file is not None  # noqa: S101 - the caller checked
    words = [line.split("#")[0].strip() for line in file.read_text(encoding="utf-8-sig").splitlines()]
    said = [(place, word) for place, word in enumerate(words, 1) if word]
    numbers = {int(word) for _, word in said if word.isdecimal() and len(word) < 19}  # noqa: PLR2004 - what a bigint holds
    with web.work(tenant_id, actor) as work:
        known = actions.ids_of_numbers(work, numbers)
    ids: list[UUID] = []
    faults: list[Fault] = []
    for place, word in said:
        id_ = known.get(int(word)) if word.isdecimal() and len(word) < 19 else as_id(word)  # noqa: PLR2004
        if id_ is None:
            faults.append(Fault(f"line {place}", f"{word[:60]!r} is no account's id or number here.", "DN-02"))
        else:
            ids.append(id_)
    if faults:
        raise Invalid(*faults)
    return ids


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
    return yes or (not as_json and typer.confirm(f"Transfer {view.total:,} accounts to {view.reseller_name}?"))


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
        TextColumn("accounts"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=quiet) as progress:
        bar = progress.add_task("accounts", total=None)
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
    counts = ", ".join(f"{count:,} {name}" for name, count in sorted(view.counts.items())) or "no accounts"
    console.print(f"[bold]{view.title}[/bold] {view.number} to [bold]{escape(view.reseller_name)}[/bold]: {counts}.")
    _show_findings(view.findings)
    if view.digest:
        console.print(f"[dim]Digest {view.digest}[/dim]")


def _show_findings(findings: tuple[Any, ...]) -> None:
    for one in findings:
        colour = COLOURS[one.severity]
        many = f" [bold]{one.count:,}[/bold] {'account' if one.count == 1 else 'accounts'}." if one.count else ""
        console.print(
            f"  [{colour}]{one.severity:8}[/{colour}] {one.message}{many} [dim]({one.rule}, {one.code})[/dim]"
        )
        console.print(f"           [dim]{one.remedy}[/dim]")


def _show_result(view: queries.HandoverView) -> None:
    words = view.status.replace("_", " ")
    outcomes = ", ".join(f"{view.counts[name]:,} {name}" for name in OUTCOMES if view.counts.get(name))
    console.print(
        f"Handover {view.number} is [bold]{words}[/bold]: {outcomes or 'nothing was handed over'}. {view.problem}"
    )
