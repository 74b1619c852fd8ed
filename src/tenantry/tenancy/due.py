"""What is due in a tenant, worked through page by page; and in every tenant, asked for as jobs."""

from collections.abc import Callable
from typing import Protocol
from uuid import UUID

import structlog
from sqlalchemy.exc import OperationalError

from tenantry.database import Database, Work
from tenantry.tenancy import directory

log = structlog.get_logger()

PAGE = 500
NOBODY = UUID(int=0)


class Due(Protocol):
    """Name what is due today, by id, after an id."""

    def __call__(self, work: Work, after: UUID = NOBODY, limit: int = PAGE) -> list[UUID]:
        """Give at most `limit` ids."""


def work_through(
    database: Database,
    tenant_id: UUID,
    due: Due,
    do: Callable[[Work, UUID], object],
    between: Callable[[], None],
    failure: str,
) -> int:
    """Do one after the other what is due in a tenant; gives how many were done. `between` is called after each page.

    Each in a transaction of its own, so that one that fails holds up no other: it is logged as `failure`, and tried
    again the next time.
    """
    done, after = 0, NOBODY
    while True:
        with database.work(tenant_id) as work:
            ids = due(work, after)
        done += sum(_alone(database, tenant_id, id, do, failure) for id in ids)
        if len(ids) < PAGE:
            return done
        after = ids[-1]
        between()


def _alone(database: Database, tenant_id: UUID, id: UUID, do: Callable[[Work, UUID], object], failure: str) -> bool:
    try:
        with database.work(tenant_id) as work:
            do(work, id)
    except OperationalError:
        # The database is away, or somebody was faster: the job is tried again within seconds, and finds the rest.
        raise
    except Exception:
        log.exception(failure, id=str(id))
        return False
    return True


def ask_where_due(database: Database, due: Due, ask: Callable[[Work, UUID], None]) -> int:
    """Ask in every tenant in which something is due; gives in how many."""
    with database.installation() as connection:
        tenants = directory.tenants(connection)
    asked = 0
    for tenant_id in tenants:
        with database.work(tenant_id) as work:
            if due(work, limit=1):
                ask(work, tenant_id)
                asked += 1
    return asked
