"""Bring in one file: read, shown, confirmed and run; or planned only, and withdrawn again."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tenantry.cli.context import console, opened, person, show_json, tenant_named
from tenantry.cli.importing.asked import Asked, Options
from tenantry.cli.importing.shown import SHOWN, show_plan
from tenantry.database import Database, Work
from tenantry.intake import actions, queries, running
from tenantry.intake.kinds import kind_of
from tenantry.kernel.problems import Fault, Invalid

Working = Callable[[], AbstractContextManager[Work]]

REFUSED, FAILURES, DECIDE = 1, 3, 4


def bring(kind: str, asked: Asked, own: Options) -> None:
    """Bring in a file of a kind, as it was asked for; ends the command with the code that says how it went."""
    as_json, options, columns = asked.as_json, {**own, "defaults": asked.defaults}, asked.columns
    with opened(asked.data) as (_, ready):
        found, web = tenant_named(ready, asked.tenant), ready.web()
        working = partial(web.work, found.id, person(ready, web, found.id, asked.user, found.admin_user_id))
        with nullcontext() if as_json else console.status(f"Reading {asked.file.name} ..."):
            id_ = _planned(working, kind, asked.file, options, columns)
        view, problems = _look(working, id_)
        if not as_json:
            show_plan(view, problems)
        if asked.refused is not None:
            with working() as work:
                asked.refused.write_text("".join(queries.refused_csv(work, id_)), encoding="utf-8")
        coming = view.counts.get("ready", 0) + view.counts.get("warning", 0)
        if asked.only_plan or not (
            asked.yes or (not as_json and coming and typer.confirm("Bring in the rows that can be?"))
        ):
            if as_json:
                show_json({**_plain(view), "rows": problems})
            with working() as work:
                actions.cancel(work, id_)
            # Without a digest nobody could confirm it.
            raise typer.Exit(REFUSED if view.digest is None else 0 if asked.only_plan else DECIDE)
        with working() as work:
            actions.confirm(work, id_, view.digest or "")
        _run(ready.worker(), found.id, id_, quiet=as_json)
        view, _ = _look(working, id_)
        if as_json:
            show_json({**_plain(view), "rows": problems})
        else:
            done, noun = view.counts.get("imported", 0), kind_of(kind).noun
            console.print(f"[green]✓[/green] {done:,} {noun} were imported from {escape(view.file_name)}.")
        raise typer.Exit(FAILURES if view.counts.get("refused") else 0)


def _planned(working: Working, kind: str, file: Path, options: Options, columns: Mapping[str, str]) -> UUID:
    with working() as work:
        id_ = actions.read(work, kind, file.name, file.read_bytes(), options)
    with working() as work:
        view = queries.import_(work, id_)
        if columns:
            there = f"It has: {', '.join(view.columns)}."
            unknown = [
                Fault("column", f"The file has no column {heading!r}.", "CAT-04", there)
                for heading in columns
                if heading not in view.columns
            ]
            if unknown:
                raise Invalid(*unknown)
            actions.map(work, id_, {**view.mapping, **columns}, options["defaults"])
    with working() as work:
        if queries.import_(work, id_).status == "reading":
            actions.plan(work, id_)
    return id_


def _look(working: Working, id_: UUID) -> tuple[queries.ImportView, list[dict[str, Any]]]:
    """Give the import and the rows that have something to say, refused ones first."""
    problems = []
    with working() as work:
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


def _run(worker: Database, tenant_id: UUID, id_: UUID, *, quiet: bool) -> None:
    columns = (TextColumn("Importing"), BarColumn(), MofNCompleteColumn(), TextColumn("rows"), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=quiet) as progress:
        bar = progress.add_task("rows", total=None)
        running.run(
            worker, tenant_id, id_, lambda: None, lambda done, total: progress.update(bar, completed=done, total=total)
        )


def _plain(view: queries.ImportView) -> dict[str, Any]:
    return {name: getattr(view, name) for name in queries.ImportView.__dataclass_fields__}
