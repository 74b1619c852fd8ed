"""Who looks after a new record and who may see it, when nobody said (TEN-21, TEN-22)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tenantry.database import Work
from tenantry.tenancy import api_options

NAMES = ("responsible_user_id", "permission_rule_id")


def access(work: Work, entity: str) -> dict[str, Any]:
    """Give responsible user and permission rule: the API options' for the system, for a person himself and the
    default.
    """
    chosen: tuple[UUID, UUID] = (
        api_options.defaults_for(work, entity)
        if work.actor.id is None
        else api_options.defaults_for_person(work, entity)
    )
    return dict(zip(NAMES, chosen, strict=True))


def access_of_many(work: Work, entities: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Give them for several kinds of record, in one statement."""
    chosen = api_options.defaults_of_many(work, entities)
    return {entity: dict(zip(NAMES, chosen[entity], strict=True)) for entity in entities}
