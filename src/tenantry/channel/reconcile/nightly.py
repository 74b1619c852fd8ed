"""The comparison of every night, so that agreement is proven without anybody asking (UP-44)."""

from zoneinfo import ZoneInfo

from tenantry.channel.reconcile import actions
from tenantry.database import Database, Work
from tenantry.tenancy import directory, queries

# The hours of a night, where the tenant is.
NIGHT = range(1, 6)


def ask_for_all(database: Database) -> int:
    """Ask for the comparison of every tenant reseller whose distributor sleeps just now; gives of how many."""
    with database.installation() as connection:
        tenants = directory.tenants(connection)
    asked = 0
    for tenant_id in tenants:
        with database.work(tenant_id) as work:
            if _is_night(work):
                asked += len(actions.start_nightly(work))
    return asked


def _is_night(work: Work) -> bool:
    return work.at.astimezone(ZoneInfo(queries.tenant(work).time_zone)).hour in NIGHT
