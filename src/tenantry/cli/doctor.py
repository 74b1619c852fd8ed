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

OLDEST = 15


@dataclass(frozen=True)
class Diagnosis:
    """What one look found: whether it is well, what was seen, and the way out."""

    name: str
    well: bool
    seen: str
    remedy: str = ""


def doctor(data: Data = None, as_json: Json = False) -> None:
    """Look at database, logins, walls, jobs and handovers; exit code 1 when something is not well."""
    with opened(data) as (_, ready):
        found = tuple(_look(ready))
    if as_json:
        show_json(found)
    else:
        for one in found:
            console.print(
                f"[green]✓[/green] {one.name}: {one.seen}"
                if one.well
                else f"[red]✗[/red] {one.name}: {one.seen}\n  {one.remedy}"
            )
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
        figures = jobs.figures(connection)
    seen = (
        f"{figures.waiting} waiting, {figures.running} running, {figures.failed} failed, {figures.messages} messages, "
        f"{figures.set_aside} set aside"
    )
    waits = (figures.oldest_waiting_seconds or 0) > 60  # noqa: PLR2004 - a worker takes a job within seconds
    remedy = (
        "Is a worker running? Start one with `tenantry worker`." if waits else "Read the worker's log for the reasons."
    )
    return Diagnosis("Jobs", well=not (figures.failed or figures.set_aside or waits), seen=seen, remedy=remedy)
