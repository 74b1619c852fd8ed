"""What is asked of an outside system (PRV-20)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Asked:
    """What is asked of an outside system for a subscription, because of a change of it."""

    account_id: UUID
    subscription_id: UUID
    system_id: UUID
    verb: str
    desired: Mapping[str, Any]
    change_id: UUID
    # The order above whose credit has to be released first (UP-47).
    waits_for: UUID | None = None
