"""`tenantry doctor`: look at an installation and say what is wrong and how to mend it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa
import typer

from tenantry import jobs
from tenantry.channel.handovers.kinds import KINDS
from tenantry.cli.context import Data, Json, console, opened, show_json
from tenantry.database import Database, walls
from tenantry.database.installation import Installation
from tenantry.kernel.problems import Problem
from tenantry.schema import tables
from tenantry.schema.tenant import tenant
from tenantry.settings import Settings

OLDEST = 15


@dataclass(frozen=True)
class Diagnosis:
    """What one look found: whether it is well, what was seen, and the way out; well with a hint is told the way too."""

    name: str
    well: bool
    seen: str
    remedy: str = ""
    hint: bool = False


def doctor(data: Data = None, as_json: Json = False) -> None:
    """Look at database, logins, walls, jobs and handovers; exit code 1 when something is not well."""
    with opened(data) as (settings, ready):
        found = (*_look(ready), _metrics(settings))
    if as_json:
        show_json(found)
    else:
        for one in found:
            mark = "[yellow]![/yellow]" if one.well and one.hint else "[green]✓[/green]" if one.well else "[red]✗[/red]"
            console.print(f"{mark} {one.name}: {one.seen}" + (f"\n  {one.remedy}" if one.hint or not one.well else ""))
    raise typer.Exit(0 if all(one.well for one in found) else 1)


def _look(ready: Installation) -> Iterator[Diagnosis]:
    try:
        database = ready.worker()
    except Problem as problem:
        yield Diagnosis("Logins", well=False, seen=problem.message, remedy=problem.remedy)
        return
    owner = sa.create_engine(ready.owner_url, poolclass=sa.NullPool)
    looks: tuple[Callable[[sa.Connection], Diagnosis], ...] = (_server, _logins, _walls, _tenants, _handovers)
    with owner.connect() as connection:
        for look in looks:
            yield look(connection)
    owner.dispose()
    yield _jobs(database)
    database.close()


def _server(connection: sa.Connection) -> Diagnosis:
    version = int(connection.scalar(sa.text("SHOW server_version_num")) or 0)
    seen = f"PostgreSQL {version // 10_000}.{version % 10_000}, database {connection.engine.url.database}"
    return Diagnosis(
        "Server", well=version // 10_000 >= OLDEST, seen=seen, remedy="Tenantry needs PostgreSQL 15 or newer."
    )


def _logins(connection: sa.Connection) -> Diagnosis:
    unfit = connection.scalars(
        sa.text(
            "SELECT rolname FROM pg_roles WHERE rolname IN (:web, :worker) AND (rolsuper OR rolbypassrls OR rolinherit)"
        ),
        {"web": walls.WEB_LOGIN, "worker": walls.WORKER_LOGIN},
    ).all()
    seen = f"{', '.join(unfit)} could pass the wall" if unfit else "inherit nothing and own nothing"
    return Diagnosis("Logins", well=not unfit, seen=seen, remedy="ALTER ROLE ... NOSUPERUSER NOBYPASSRLS NOINHERIT.")


def _walls(connection: sa.Connection) -> Diagnosis:
    guarded = set(connection.scalars(sa.text("SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r'")))
    open_ = sorted(table.name for table in tables("tenant") if table.name not in guarded)
    seen = (
        f"no row-level security on {', '.join(open_)}"
        if open_
        else f"row-level security on all {len(tables('tenant'))} tenant tables"
    )
    return Diagnosis("Walls", well=not open_, seen=seen, remedy="Run `tenantry migrate`.")


def _tenants(connection: sa.Connection) -> Diagnosis:
    count = connection.scalar(sa.select(sa.func.count()).select_from(tenant)) or 0
    return Diagnosis(
        "Tenants", well=True, seen=f"{count:,}" if count else "none yet; load the demo with `tenantry demo`"
    )


def _handovers(connection: sa.Connection) -> Diagnosis:
    prints = {kind.fingerprint for kind in KINDS.values()}
    stuck = connection.scalar(
        sa.text(
            "SELECT count(*) FROM handover "
            "WHERE status IN ('running', 'scheduled', 'undoing') AND NOT rules = ANY (:prints)"
        ),
        {"prints": list(prints)},
    )
    seen = f"{stuck} confirmed under rules that have changed since" if stuck else "none was confirmed under other rules"
    return Diagnosis("Handovers", well=not stuck, seen=seen, remedy="They stop by themselves; plan them again.")


def _jobs(database: Database) -> Diagnosis:
    with database.installation() as connection:
        return of_jobs(jobs.figures(connection))


def of_jobs(figures: jobs.JobFigures) -> Diagnosis:
    """Say how the jobs are: one that failed or was set aside is a fault, one that waits a hint."""
    seen = (
        f"{figures.waiting} waiting, {figures.running} running, {figures.failed} failed, {figures.messages} messages, "
        f"{figures.set_aside} set aside"
    )
    failed = bool(figures.failed or figures.set_aside)
    # Jobs that wait are what is there while no worker runs, such as during an upgrade.
    waits = (figures.oldest_waiting_seconds or 0) > 60  # noqa: PLR2004 - a worker takes a job within seconds
    remedies = (
        "Read the worker's log for the reasons." if failed else "",
        "Is a worker running? Start one with `tenantry worker`." if waits else "",
    )
    return Diagnosis("Jobs", well=not failed, seen=seen, remedy=" ".join(filter(None, remedies)), hint=waits)


def _metrics(settings: Settings) -> Diagnosis:
    """Say where the figures are; what opens them is shown by a command of its own, and never here."""
    seen = f"{settings.public_url}/metrics; open on this machine, elsewhere with what `tenantry token metrics` prints"
    return Diagnosis("Metrics", well=True, seen=seen)
