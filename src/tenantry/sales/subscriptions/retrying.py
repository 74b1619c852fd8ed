"""Ask an outside system again for what has failed (PRV-20)."""

from uuid import UUID

from tenantry.database import Work
from tenantry.provisioning import requests
from tenantry.sales.subscriptions.opening import opened


def retry_provisioning(work: Work, id: UUID, *, version: int | None = None) -> None:
    """Ask again; whoever looks after the system sees it in the list of requests."""
    opened(work, id, "retry", version)
    requests.retry(work, id)
