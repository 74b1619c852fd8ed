"""Put the commands together, and say what went wrong in words."""

import json
import sys
from collections.abc import Iterable
from importlib import import_module

import typer
from rich.console import Console
from rich.markup import escape

from tenantry.kernel.problems import Problem

# Where each command lies, and the name that it has there: a function, or an app of several.
COMMANDS = {
    "serve": ("serve", "serve"),
    "worker": ("serve", "worker"),
    "migrate": ("database", "migrate"),
    "demo": ("demo", "demo"),
    "doctor": ("doctor", "doctor"),
    "bench": ("bench", "bench"),
    "update-tenant": ("updating", "update_tenant"),
    "reconcile": ("reconciling", "reconcile"),
    "import": ("importing", "app"),
    "invoices": ("invoicing", "app"),
    "handover": ("handover", "app"),
    "messages": ("messages", "app"),
    "reseller": ("standing", "app"),
    "token": ("token", "app"),
}


def app_of(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """Put these commands together; each loads what it needs, which for all of them takes seconds."""
    app = typer.Typer(
        name="tenantry",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        help="Tenantry, the open channel BSS.",
    )
    # With it one command alone keeps its name.
    app.callback()(lambda: None)
    for name in names:
        module, place = COMMANDS[name]
        command = getattr(import_module(f"tenantry.cli.{module}"), place)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)
    return app


# Exit codes that mean something: 0 done, 1 refused or not found, 2 wrong words, 3 done with failures,
# 4 needs a decision, 70 a fault of the program.
REFUSED = 1


def main() -> None:
    """Run a command; a problem is printed as its sentence, rule and way out, never as a traceback."""
    named = sys.argv[1] if len(sys.argv) > 1 else ""
    try:
        app_of([named] if named in COMMANDS else COMMANDS)()
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
