"""`tenantry import`: bring in files, each planned and shown first."""

from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tenantry.cli.context import Data, Json, console, opened, person, show_json, tenant_named
from tenantry.database import Database
from tenantry.intake import actions, queries, running
from tenantry.kernel.actor import Actor
from tenantry.kernel.problems import Fault, Invalid

app = typer.Typer(no_args_is_help=True, help="Imports from CSV and Excel files.")

SHOWN = 20
REFUSED, FAILURES, DECIDE = 1, 3, 4
COLOURS = {"refused": "red", "warning": "yellow"}


@app.callback()
def group() -> None:
    """Imports from CSV and Excel files."""


@app.command()
def accounts(
    file: Annotated[
        Path,
        typer.Argument(help="A CSV or Excel file; columns are matched by their headings.", exists=True, dir_okay=False),
    ],
    tenant: Annotated[str, typer.Option(help="Short name of the tenant they are brought into.")],
    user: Annotated[
        str | None, typer.Option(help="E-mail of the user who does it; the tenant's admin unless set.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(help="Match by hand: HEADING=FIELD; an empty FIELD leaves it out. Repeat for several."),
    ] = None,
    default: Annotated[
        list[str] | None, typer.Option(help="For what the file lacks: FIELD=VALUE. Repeat for several.")
    ] = None,
    skip_duplicates: Annotated[
        bool, typer.Option("--skip-duplicates", help="Leave out rows that look like accounts that are there.")
    ] = False,
    only_plan: Annotated[
        bool, typer.Option("--plan", help="Plan and show every problem, and bring in nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Bring in all rows that can be, without asking.")] = False,
    refused: Annotated[
        Path | None, typer.Option(help="Write the refused rows, with their reasons, to this CSV file.")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Bring in accounts with addresses and contacts (CAT-04).

    Exit code 0: all rows are in; 1: refused; 3: some rows were refused;
    4: planned, and waiting for somebody to confirm.
    """
    with opened(data) as (_, ready):
        found, web = tenant_named(ready, tenant), ready.web()
        actor = person(ready, web, found.id, user, found.admin_user_id)
        with console.status(f"Reading {file.name} ...") if not as_json else _Quiet():
            id_ = _planned(
                web,
                found.id,
                actor,
                file,
                _pairs("column", column),
                _pairs("default", default),
                skip_duplicates=skip_duplicates,
            )
        view, problems = _look(web, found.id, actor, id_)
        if not as_json:
            _show(view, problems)
        if refused is not None:
            with web.work(found.id, actor) as work:
                refused.write_text("".join(queries.refused_csv(work, id_)), encoding="utf-8")
        if only_plan or not (
            yes
            or (
                not as_json
                and view.counts.get("ready", 0) + view.counts.get("warning", 0)
                and typer.confirm("Bring in the rows that can be?")
            )
        ):
            if as_json:
                show_json({**_plain(view), "rows": problems})
            with web.work(found.id, actor) as work:
                actions.cancel(work, id_)
            # Without a digest nobody could confirm it.
            raise typer.Exit(REFUSED if view.digest is None else 0 if only_plan else DECIDE)
        with web.work(found.id, actor) as work:
            actions.confirm(work, id_, view.digest or "")
        _run(ready.worker(), found.id, id_, quiet=as_json)
        view, _ = _look(web, found.id, actor, id_)
        if as_json:
            show_json({**_plain(view), "rows": problems})
        else:
            imported = view.counts.get("imported", 0)
            console.print(f"[green]✓[/green] {imported:,} accounts were imported from {escape(view.file_name)}.")
        raise typer.Exit(FAILURES if view.counts.get("refused") else 0)


def _planned(
    web: Database,
    tenant_id: UUID,
    actor: Actor,
    file: Path,
    columns: dict[str, str],
    defaults: dict[str, str],
    *,
    skip_duplicates: bool,
) -> UUID:
    with web.work(tenant_id, actor) as work:
        id_ = actions.read(
            work, "accounts", file.name, file.read_bytes(), {"skip_duplicates": skip_duplicates, "defaults": defaults}
        )
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
            actions.map(work, id_, {**view.mapping, **columns}, defaults)
    with web.work(tenant_id, actor) as work:
        if queries.import_(work, id_).status == "reading":
            actions.plan(work, id_)
    return id_


def _look(web: Database, tenant_id: UUID, actor: Actor, id_: UUID) -> tuple[queries.ImportView, list[dict[str, Any]]]:
    """Give the import and the rows that have something to say, refused ones first."""
    problems = []
    with web.work(tenant_id, actor) as work:
        view = queries.import_(work, id_)
        for verdict in ("refused", "warning"):
            page = queries.rows(work, id_, verdict, limit=1000 if verdict == "refused" else SHOWN)
            problems += [
                {"line": row.line, "verdict": row.verdict, "problems": [dict(one) for one in row.problems]}
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
