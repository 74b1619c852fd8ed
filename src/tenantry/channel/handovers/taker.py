"""Whether the tenant reseller of a handover may still take, and give back (TEN-07)."""

from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from tenantry.channel.handovers.words import ARRANGEMENT
from tenantry.database import Work
from tenantry.kernel.problems import Refused
from tenantry.rules.policy import TenantReseller
from tenantry.rules.policy.tenant_reseller import closed

RESUME = "Resume the tenant reseller first."


def require_takes(work: Work, row: dict[str, Any]) -> None:
    """Raise Refused when who takes is suspended or closed by now; whoever does that waits until this is committed."""
    state = _state(work, row, ARRANGEMENT.with_for_update(read=True))
    if state in {"suspended", "closed"}:
        verdict = TenantReseller.verdict(row["kind"], SimpleNamespace(standing=state, status=""))
        raise Refused(verdict, remedy=RESUME if state == "suspended" else "")


def require_gives_back(work: Work, row: dict[str, Any]) -> None:
    """Raise Refused when who has it is closed; a suspended one gives back, which is a way to close him."""
    if _state(work, row) == "closed":
        raise Refused(closed)


def _state(work: Work, row: dict[str, Any], query: sa.Select[Any] = ARRANGEMENT) -> str:
    asked = {"tenant": row["tenant_id"], "id": row["tenant_reseller_id"]}
    return str(work.connection.execute(query, asked).one().state)
