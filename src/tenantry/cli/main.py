"""Put the commands together, and say what went wrong in words."""

import json
import sys

import typer
from rich.console import Console
from rich.markup import escape

from tenantry.cli import (
    bench,
    database,
    demo,
    doctor,
    handover,
    importing,
    invoicing,
    messages,
    reconciling,
    serve,
    standing,
    token,
    updating,
)
from tenantry.kernel.problems import Problem

app = typer.Typer(
    name="tenantry",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Tenantry, the open channel BSS.",
)
app.command("serve")(serve.serve)
app.command("worker")(serve.worker)
app.command("migrate")(database.migrate)
app.command("demo")(demo.demo)
app.command("doctor")(doctor.doctor)
app.command("bench")(bench.bench)
app.command("update-tenant")(updating.update_tenant)
app.command("reconcile")(reconciling.reconcile)
app.add_typer(importing.app, name="import")
app.add_typer(invoicing.app, name="invoices")
app.add_typer(handover.app, name="handover")
app.add_typer(messages.app, name="messages")
app.add_typer(standing.app, name="reseller")
app.add_typer(token.app, name="token")

# Exit codes that mean something: 0 done, 1 refused or not found, 2 wrong words, 3 done with failures,
# 4 needs a decision, 70 a fault of the program.
REFUSED = 1


def main() -> None:
    """Run a command; a problem is printed as its sentence, rule and way out, never as a traceback."""
    try:
        app()
    except Problem as problem:
        _say(problem)
        sys.exit(REFUSED)


def _say(problem: Problem) -> None:
    if "--json" in sys.argv:
        faults = [vars(fault) for fault in problem.faults]
        answer = {
            "code": problem.code,
            "message": problem.message,
            "rule": problem.rule,
            "remedy": problem.remedy,
            "faults": faults,
        }
        print(json.dumps(answer))  # noqa: T201 - this is its output
        return
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    lines = [str(fault) + (f" {fault.remedy}" if fault.remedy else "") for fault in problem.faults] or [problem.message]
    rule = f" [dim]({problem.rule})[/dim]" if problem.rule and not problem.faults else ""
    for line in lines:
        console.print(f"[red]✗[/red] {escape(line)}{rule}")
    if problem.remedy and not any(fault.remedy == problem.remedy for fault in problem.faults):
        console.print(f"  {escape(problem.remedy)}")
