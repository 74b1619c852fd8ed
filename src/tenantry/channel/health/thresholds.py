"""From when on somebody is told that a mirror is not in step: set up by the tenant, with defaults (UP-43, UP-45)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry.database import Work
from tenantry.kernel.problems import Fault, Invalid
from tenantry.schema.reconcile import mirror_alert
from tenantry.tenancy import audit, permissions

MOST = 1_000_000


@dataclass(frozen=True)
class Thresholds:
    """Somebody is told once this much is reached."""

    lag_seconds: int = 60
    waiting: int = 10_000
    set_aside: int = 1
    compared_days: int = 2


def thresholds(work: Work) -> Thresholds:
    """Give what the tenant has set up, else the defaults."""
    row = work.connection.execute(_MINE, {"tenant": work.tenant_id}).mappings().first()
    return Thresholds(**row) if row else Thresholds()


def set_up(work: Work, changes: Mapping[str, Any]) -> None:
    """Change some of them."""
    permissions.require(work, "setup:edit")
    before = vars(thresholds(work))
    faults = [
        Fault(name, "This number does not fit.", "UP-45", f"Give a whole number from 1 to {MOST:,}.")
        for name, value in changes.items()
        if name not in before or isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST
    ]
    if faults:
        raise Invalid(*faults)
    values = {**before, **changes}
    made = insert(mirror_alert).values(tenant_id=work.tenant_id, id=work.tenant_id, **values)
    work.connection.execute(
        made.on_conflict_do_update(
            index_elements=["tenant_id", "id"], set_={**values, "version": mirror_alert.c.version + 1}
        )
    )
    audit.note(
        work, "setup.mirror_alerts", "Changed the alerts of the mirrors.", changes=audit.changed(before, dict(changes))
    )


_MINE = sa.select(*(mirror_alert.c[name] for name in Thresholds.__dataclass_fields__)).where(
    mirror_alert.c.tenant_id == sa.bindparam("tenant")
)
