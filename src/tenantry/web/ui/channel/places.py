"""Where the records of a handover have their pages."""

from collections.abc import Mapping
from uuid import UUID

PLACES: Mapping[str, str] = {
    "account": "/accounts/{}",
    "subscription": "/subscriptions/{}",
    "asset": "/assets/{}",
}


def url(entity: str, id: UUID | str) -> str:
    """Give the page of a record; none for one that is gone."""
    return PLACES[entity].format(id) if entity in PLACES else ""
