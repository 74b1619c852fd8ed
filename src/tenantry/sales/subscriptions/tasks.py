"""The work of the day as a job of a tenant, asked for every hour, since midnight comes to each at its own."""

from uuid import UUID

from tenantry import jobs
from tenantry.database import Database, Work
from tenantry.sales.subscriptions.due import bring_up_to_date, due
from tenantry.tenancy.due import ask_where_due

NAME = "subscriptions.due"


@jobs.task(NAME, lane="bulk")
def work_of_the_day(context: jobs.JobContext, tenant: str) -> None:
    """Bring the subscriptions of a tenant up to today; done twice, the second finds nothing due."""
    bring_up_to_date(context.database, UUID(tenant), between=context.give_back_if_stopping)


def ask_for_all(database: Database) -> int:
    """Ask for the work of the day in every tenant that has some; gives in how many."""
    return ask_where_due(database, due, _ask)


def _ask(work: Work, tenant_id: UUID) -> None:
    jobs.later(work.connection, NAME, lock=f"{NAME}:{tenant_id}"[:64], tenant=tenant_id)
