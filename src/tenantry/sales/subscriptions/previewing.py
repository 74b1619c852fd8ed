"""Say what an act would come to, by doing it and taking it back: the very figures that it will have."""

from collections.abc import Callable
from typing import Any

from tenantry.database import Work
from tenantry.sales.subscriptions.changing import Outcome


def preview(work: Work, act: Callable[..., Outcome], *given: Any, **named: Any) -> Outcome:
    """Give what the act would come to; nothing of it is kept. What it would be refused for is raised."""
    undone = work.connection.begin_nested()
    try:
        return act(work, *given, **named)
    finally:
        undone.rollback()
