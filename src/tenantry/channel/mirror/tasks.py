"""Charging the mirrors of a tenant as a job: soon after something arrived, and every hour for the cycles that begin."""

from uuid import UUID

from tenantry import jobs
from tenantry.channel.charging_soon import NAME, ask, ask_soon
from tenantry.channel.mirror.charging import charge_mirrors, due
from tenantry.channel.mirror.charging_assets import charge_assets, due as due_assets
from tenantry.channel.upstream_credit.checking import tell_waiting, waiting
from tenantry.database import Database, Work
from tenantry.tenancy.due import NOBODY, PAGE, ask_where_due

__all__ = ["NAME", "ask_for_all", "ask_soon", "charge_mirrors_of"]


@jobs.task(NAME, lane="bulk")
def charge_mirrors_of(context: jobs.JobContext, tenant: str) -> None:
    """Charge the mirrors of a tenant for which something is due; done twice, the second finds nothing.

    What was given back may be credit that somebody waits for.
    """
    charge_mirrors(context.database, UUID(tenant), between=context.give_back_if_stopping)
    charge_assets(context.database, UUID(tenant), between=context.give_back_if_stopping)
    with context.database.work(UUID(tenant)) as work:
        tell_waiting(work)


def ask_for_all(database: Database) -> int:
    """Ask for it in every tenant where something is due; gives in how many."""
    return ask_where_due(database, _due, ask)


def _due(work: Work, after: UUID = NOBODY, limit: int = PAGE) -> list[UUID]:
    """Name what is to be charged, else who waits for credit that may be there by now."""
    return due(work, after, limit) or due_assets(work, after, limit) or waiting(work)
