"""`tenantry bench`: measure our code beside its floor, in the same run."""

import json
from typing import Annotated

import typer

from tenantry import bench as benches
from tenantry.cli.context import console
from tenantry.kernel.problems import Fault, Invalid


def bench(
    name: Annotated[str, typer.Argument(help="Which one; see the list with no name.")] = "",
    rows: Annotated[int | None, typer.Option(min=1, help="How many accounts; each bench has its own default.")] = None,
    pairs: Annotated[int, typer.Option(min=1, help="How many alternating pairs; the median counts.")] = 5,
    steady: Annotated[
        bool, typer.Option("--steady", help="With mirror: how soon a change is seen above, under a steady stream.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines only.")] = False,
) -> None:
    """Run a benchmark on a throw-away database and print a JSON object per line,
    with the floor measured in the same run.
    """
    if not name:
        for known, what in benches.BENCHES.items():
            console.print(f"{known:24} {what}")
        return
    if steady:
        name = f"{name}-steady"
    if name not in benches.BENCHES:
        raise Invalid(
            Fault("name", f"There is no bench {name!r}.", "CLI-01", f"Take one of: {', '.join(benches.BENCHES)}.")
        )
    say = (lambda _words: None) if as_json else (lambda words: console.print(f"[dim]{words}[/dim]"))
    for line in benches.run(name, rows, pairs, say):
        print(json.dumps(line), flush=True)  # noqa: T201 - this is its output
