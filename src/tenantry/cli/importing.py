"""`tenantry import`: bring in files, each planned and shown first."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tenantry.cli.context import Data, Json, console, opened, person, show_json, tenant_named
from tenantry.database import Database
from tenantry.intake import actions, queries, running
from tenantry.intake.kinds import kind_of
from tenantry.kernel.actor import Actor
from tenantry.kernel.problems import Fault, Invalid

app = typer.Typer(no_args_is_help=True, help="Imports from CSV and Excel files.")

SHOWN = 20
REFUSED, FAILURES, DECIDE = 1, 3, 4
COLOURS = {"refused": "red", "warning": "yellow"}


@app.callback()
def group() -> None:
    """Imports from CSV and Excel files."""


File = Annotated[
    Path,
    typer.Argument(help="A CSV or Excel file; columns are matched by their headings.", exists=True, dir_okay=False),
]
At = Annotated[str, typer.Option("--tenant", help="Short name of the tenant they are brought into.")]
By = Annotated[
    str | None, typer.Option("--user", help="E-mail of the user who does it; the tenant's admin unless set.")
]
Columns = Annotated[
    list[str] | None,
    typer.Option("--column", help="Match by hand: HEADING=FIELD; an empty FIELD leaves it out. Repeat for several."),
]
Defaults = Annotated[
    list[str] | None, typer.Option("--default", help="For what the file lacks: FIELD=VALUE. Repeat for several.")
]
OnlyPlan = Annotated[bool, typer.Option("--plan", help="Plan and show every problem, and bring in nothing.")]
Yes = Annotated[bool, typer.Option("--yes", help="Bring in all rows that can be, without asking.")]
Refused = Annotated[
    Path | None, typer.Option("--refused", help="Write the refused rows, with their reasons, to this CSV file.")
]
Year = Annotated[
    str, typer.Option("--year", help="The year to bring in, of a file that has several; the latest unless set.")
]


@dataclass(frozen=True)
class Asked:
    """What was asked for on the line."""

    file: Path
    tenant: str
    user: str | None
    columns: dict[str, str]
    options: dict[str, Any]
    only_plan: bool
    yes: bool
    refused: Path | None
    data: Path | None
    as_json: bool


@app.command()
def accounts(
    file: File,
    tenant: At,
    user: By = None,
    column: Columns = None,
    default: Defaults = None,
    skip_duplicates: Annotated[
        bool, typer.Option("--skip-duplicates", help="Leave out rows that look like accounts that are there.")
    ] = False,
    only_plan: OnlyPlan = False,
    yes: Yes = False,
    refused: Refused = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Bring in accounts with addresses and contacts (CAT-04).

    Exit code 0: all rows are in; 1: refused; 3: some rows were refused;
    4: planned, and waiting for somebody to confirm.
    """
    options = {"skip_duplicates": skip_duplicates, "defaults": _pairs("default", default)}
    columns = _pairs("column", column)
    _bring("accounts", Asked(file, tenant, user, columns, options, only_plan, yes, refused, data, as_json))


@app.command()
def products(
    file: File,
    tenant: At,
    user: By = None,
    column: Columns = None,
    default: Defaults = None,
    year: Year = "",
    only_plan: OnlyPlan = False,
    yes: Yes = False,
    refused: Refused = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Bring in products with their prices and add-ons; those that are here are shown as a difference first (CAT-04).

    Exit codes are those of accounts.
    """
    options = {"year": year, "defaults": _pairs("default", default)}
    columns = _pairs("column", column)
    _bring("products", Asked(file, tenant, user, columns, options, only_plan, yes, refused, data, as_json))


@app.command()
def prices(
    file: File,
    tenant: At,
    user: By = None,
    column: Columns = None,
    default: Defaults = None,
    year: Year = "",
    only_plan: OnlyPlan = False,
    yes: Yes = False,
    refused: Refused = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Set prices of products that are here: unit prices, or those of the price list that a column names (CAT-04).

    Exit codes are those of accounts.
    """
    options = {"year": year, "defaults": _pairs("default", default)}
    columns = _pairs("column", column)
    _bring("prices", Asked(file, tenant, user, columns, options, only_plan, yes, refused, data, as_json))


@app.command()
def subscriptions(
    file: File,
    tenant: At,
    user: By = None,
    column: Columns = None,
    default: Defaults = None,
    only_plan: OnlyPlan = False,
    yes: Yes = False,
    refused: Refused = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Bring in running subscriptions of accounts that are here; nothing is charged for the past (CAT-04).

    Exit codes are those of accounts.
    """
    options = {"defaults": _pairs("default", default)}
    columns = _pairs("column", column)
    _bring("subscriptions", Asked(file, tenant, user, columns, options, only_plan, yes, refused, data, as_json))


def _bring(kind: str, asked: Asked) -> None:
    as_json = asked.as_json
    with opened(asked.data) as (_, ready):
        found, web = tenant_named(ready, asked.tenant), ready.web()
        actor = person(ready, web, found.id, asked.user, found.admin_user_id)
        with console.status(f"Reading {asked.file.name} ...") if not as_json else _Quiet():
            id_ = _planned(web, found.id, actor, kind, asked)
        view, problems = _look(web, found.id, actor, id_)
        if not as_json:
            _show(view, problems)
        if asked.refused is not None:
            with web.work(found.id, actor) as work:
                asked.refused.write_text("".join(queries.refused_csv(work, id_)), encoding="utf-8")
        coming = view.counts.get("ready", 0) + view.counts.get("warning", 0)
        if asked.only_plan or not (
            asked.yes or (not as_json and coming and typer.confirm("Bring in the rows that can be?"))
        ):
            if as_json:
                show_json({**_plain(view), "rows": problems})
            with web.work(found.id, actor) as work:
                actions.cancel(work, id_)
            # Without a digest nobody could confirm it.
            raise typer.Exit(REFUSED if view.digest is None else 0 if asked.only_plan else DECIDE)
        with web.work(found.id, actor) as work:
            actions.confirm(work, id_, view.digest or "")
        _run(ready.worker(), found.id, id_, quiet=as_json)
        view, _ = _look(web, found.id, actor, id_)
        if as_json:
            show_json({**_plain(view), "rows": problems})
        else:
            done, noun = view.counts.get("imported", 0), kind_of(kind).noun
            console.print(f"[green]✓[/green] {done:,} {noun} were imported from {escape(view.file_name)}.")
        raise typer.Exit(FAILURES if view.counts.get("refused") else 0)


def _planned(web: Database, tenant_id: UUID, actor: Actor, kind: str, asked: Asked) -> UUID:
    file, columns = asked.file, asked.columns
    with web.work(tenant_id, actor) as work:
        id_ = actions.read(work, kind, file.name, file.read_bytes(), asked.options)
    with web.work(tenant_id, actor) as work:
        view = queries.import_(work, id_)
        if columns:
            unknown = [heading for heading in columns if heading not in view.columns]
            if unknown:
                raise Invalid(
                    *(
                        Fault(
                            "column",
                            f"The file has no column {one!r}.",
                            "CAT-04",
                            f"It has: {', '.join(view.columns)}.",
                        )
                        for one in unknown
                    )
                )
            actions.map(work, id_, {**view.mapping, **columns}, asked.options["defaults"])
    with web.work(tenant_id, actor) as work:
        if queries.import_(work, id_).status == "reading":
            actions.plan(work, id_)
    return id_


def _look(web: Database, tenant_id: UUID, actor: Actor, id_: UUID) -> tuple[queries.ImportView, list[dict[str, Any]]]:
    """Give the import and the rows that have something to say, refused ones first."""
    problems = []
    with web.work(tenant_id, actor) as work:
        view = queries.import_(work, id_)
        for verdict in ("refused", "warning", *(() if view.kind == "accounts" else ("ready",))):
            page = queries.rows(work, id_, verdict, limit=1000 if verdict == "refused" else SHOWN)
            problems += [
                {
                    "line": row.line,
                    "verdict": row.verdict,
                    "problems": [dict(one) for one in row.problems],
                    "changes": [dict(one) for one in row.changes],
                }
                for row in page.items
            ]
    return view, problems


def _show(view: queries.ImportView, problems: list[dict[str, Any]]) -> None:
    counts = ", ".join(f"{count:,} {verdict}" for verdict, count in view.counts.items() if count and verdict != "rows")
    rows = view.counts.get("rows", 0)
    many = f"{rows:,} {'row' if rows == 1 else 'rows'}"
    console.print(f"[bold]{escape(view.file_name)}[/bold] ({view.format}): {many}, {counts or 'nothing in them'}.")
    for one in view.findings:
        console.print(f"  {escape(one.get('message', ''))} [dim]{one.get('remedy', '')}[/dim]")
    for row in problems[:SHOWN]:
        for one in row["problems"]:
            # A refused row may have warnings besides.
            verdict = "warning" if one.get("severity") == "warning" else row["verdict"]
            colour = COLOURS.get(verdict, "blue")
            said = f"{one.get('column') or one.get('field', '')}: {one.get('message', '')}"
            console.print(
                f"  line {row['line']:>6} [{colour}]{verdict:8}[/{colour}] {escape(said)} "
                f"[dim]{one.get('remedy', '')}[/dim]",
            )
    for row in problems:
        for one in row["changes"][:SHOWN]:
            changed = f"{one['field']}: {one['before'] or 'nothing'} → {one['after']}"
            console.print(f"  line {row['line']:>6} {escape(changed)}")
    left = view.counts.get("refused", 0) + view.counts.get("warning", 0) - min(len(problems), SHOWN)
    if left > 0:
        console.print(
            f"  [dim]... and {left:,} rows more; --refused FILE writes the refused ones with their reasons.[/dim]"
        )


def _run(worker: Database, tenant_id: UUID, id_: UUID, *, quiet: bool) -> None:
    columns = (TextColumn("Importing"), BarColumn(), MofNCompleteColumn(), TextColumn("rows"), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=quiet) as progress:
        bar = progress.add_task("rows", total=None)
        running.run(
            worker, tenant_id, id_, lambda: None, lambda done, total: progress.update(bar, completed=done, total=total)
        )


def _pairs(option: str, words: list[str] | None) -> dict[str, str]:
    pairs = {}
    for word in words or ():
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise Invalid(
                Fault(option, f"{word!r} is not NAME=VALUE.", "CAT-04", f'Write --{option} "Company name=name".')
            )
        pairs[name] = value
    return pairs


def _plain(view: queries.ImportView) -> dict[str, Any]:
    return {name: getattr(view, name) for name in queries.ImportView.__dataclass_fields__}


class _Quiet:
    """Stands where a status line would, and says nothing."""

    def __enter__(self) -> None:
        """Say nothing."""

    def __exit__(self, *_: object) -> None:
        """Say nothing."""
