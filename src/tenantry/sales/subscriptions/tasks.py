"""The work of the day as a job of a tenant, asked for every hour, since midnight comes to each at its own."""

from uuid import UUID

from tenantry import jobs
from tenantry.database import Database
from tenantry.sales.subscriptions.due import bring_up_to_date, due
from tenantry.tenancy import directory


@jobs.task("subscriptions.due", lane="bulk")
def work_of_the_day(context: jobs.JobContext, tenant: str) -> None:
    """Bring the subscriptions of a tenant up to today; done twice, the second finds nothing due."""
    bring_up_to_date(context.database, UUID(tenant), between=context.give_back_if_stopping)


def ask_for_all(database: Database) -> int:
    """Ask for the work of the day in every tenant that has some; gives in how many."""
    with database.installation() as connection:
        tenants = directory.tenants(connection)
    asked = 0
    for tenant_id in tenants:
        with database.work(tenant_id) as work:
            if due(work, limit=1):
                name = str(tenant_id)
                jobs.later(work.connection, "subscriptions.due", lock=f"subscriptions.due:{name}"[:64], tenant=name)
                asked += 1
    return asked
