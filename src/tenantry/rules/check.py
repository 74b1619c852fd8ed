"""Checks: each is a query for what breaks it; an empty answer is a pass."""

from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

Severity = Literal["blocker", "warning", "note"]
BLOCKER: Severity = "blocker"
WARNING: Severity = "warning"
NOTE: Severity = "note"


@dataclass(frozen=True)
class Check:
    """What must hold before a handover, or what somebody should know about it.

    `offenders` selects the ids of the accounts that break it, from `giver` alone: what breaks it stands in its WHERE,
    so that the list of candidates can ask it row by row. With `whole` it speaks of the plan, not of accounts,
    and selects anything when it breaks. `detail` adds names to the sentence.
    """

    code: str
    rule: str
    says: str
    offenders: sa.Select[Any]
    severity: Severity
    remedy: str
    whole: bool = False

    @property
    def breaks(self) -> sa.ColumnElement[bool]:
        """Give the condition under which a row of `giver` breaks it."""
        clause = self.offenders.whereclause
        if clause is None:
            message = f"Check {self.code}: offenders without a WHERE would hold back everybody."
            raise TypeError(message)
        return clause
