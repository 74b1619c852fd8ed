"""Who looks after a new record and who may see it, when nobody said (TEN-21, TEN-22)."""

from typing import Any
from uuid import UUID

from tenantry.database import Work
from tenantry.tenancy import api_options


def access(work: Work, entity: str) -> dict[str, Any]:
    """Give responsible user and permission rule: the API options' for the system, for a person himself and the
    default.
    """
    chosen: tuple[UUID, UUID] = (
        api_options.defaults_for(work, entity)
        if work.actor.id is None
        else api_options.defaults_for_person(work, entity)
    )
    return dict(zip(("responsible_user_id", "permission_rule_id"), chosen, strict=True))
