"""What screens and API show of comparisons and repairs: one of them with its certificate, and the last of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from tenantry.database import Work
from tenantry.kernel.problems import NotFound
from tenantry.rules.reconcile.causes import CAUSES, Cause
from tenantry.rules.reconcile.statements import rule_of
from tenantry.schema.catalog import product, provisioning_system
from tenantry.schema.crm import account
from tenantry.schema.reconcile import reconcile_difference, reconcile_run
from tenantry.tenancy import permissions

# Fields that hold an id, and where its name is read.
NAMED: Mapping[str, sa.Table] = {
    "account_id": account,
    "product_id": product,
    "system_id": provisioning_system,
}


@dataclass(frozen=True)
class ReconciliationView:
    """A comparison or a repair; `certificate` is the sentence that it proves, empty where it proves none."""

    id: UUID
    tenant_reseller_id: UUID
    reseller_name: str
    kind: str
    status: str
    repairs_id: UUID | None
    last_message: int | None
    total: int
    done: int
    compared: int
    differences: int
    accounts: int
    on_its_way: int
    set_aside: int
    repairable: int
    reason: str
    asked_by_name: str
    problem: str
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    certificate: str
    version: int


def reconciliation(work: Work, id: UUID) -> ReconciliationView:
    """Give one; NotFound for an unknown one or another tenant's."""
    permissions.require(work, "reconcile:view")
    row = work.connection.execute(_VIEW.where(_run.id == id), {"tenant": work.tenant_id}).mappings().first()
    if row is None:
        raise NotFound("comparison")
    repairable = work.connection.scalar(_REPAIRABLE, {"tenant": work.tenant_id, "id": id}) or 0
    return _view(row, int(repairable))


def latest(work: Work) -> dict[UUID, ReconciliationView]:
    """Give the last comparison or repair of each tenant reseller that ended, by his id."""
    permissions.require(work, "reconcile:view")
    query = (
        _VIEW.where(_run.status == "completed")
        .ext(distinct_on(_run.tenant_reseller_id))
        .order_by(_run.tenant_reseller_id, _run.created_at.desc())
    )
    rows = work.connection.execute(query, {"tenant": work.tenant_id}).mappings()
    return {row["tenant_reseller_id"]: _view(row, 0) for row in rows}


def causes(work: Work, id: UUID) -> list[tuple[Cause, int]]:
    """Give why things differ, the most frequent first, with how many differences each has caused."""
    rows = work.connection.execute(_BY_CAUSE, {"tenant": work.tenant_id, "id": id})
    return [(CAUSES[row.cause], row.many) for row in rows if row.cause in CAUSES]


def why(record: str, field: str, cause: str) -> tuple[str, str]:
    """Give the rule that says what a field above is, and its sentence; the cause's own for a whole row."""
    stanza = rule_of(record, field) if field else None
    if stanza is not None:
        return stanza.rule, stanza.why
    return CAUSES[cause].rule, CAUSES[cause].says


def names(work: Work, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Give the names of what the values of these differences point at, by id; what is gone has none."""
    wanted: dict[str, set[str]] = {}
    for one in rows:
        if one["field"] in NAMED:
            wanted.setdefault(one["field"], set()).update(value for value in (one["below"], one["above"]) if value)
    found: dict[str, str] = {}
    for field, ids in wanted.items():
        table = NAMED[field]
        query = sa.select(table.c.id, table.c.name).where(table.c.tenant_id == work.tenant_id, table.c.id.in_(ids))
        found |= {str(row.id): row.name for row in work.connection.execute(query)}
    return found


def _view(row: sa.RowMapping, repairable: int) -> ReconciliationView:
    shown = {name: row[name] for name in ReconciliationView.__dataclass_fields__ if name in row}
    return ReconciliationView(**shown, repairable=repairable, certificate=_certificate(row))


def _certificate(row: sa.RowMapping) -> str:
    if row["status"] != "completed" or row["differences"] or row["kind"] != "comparison":
        return ""
    left = row["on_its_way"]
    but = f", but for {left:,} {'account' if left == 1 else 'accounts'} whose changes were on their way" if left else ""
    return f"In agreement as of message {row['last_message'] or 0}{but}"


_run = reconcile_run.c
_VIEW = (
    sa.select(reconcile_run, account.c.name.label("reseller_name"))
    .join(account, sa.and_(account.c.tenant_id == _run.tenant_id, account.c.id == _run.tenant_reseller_id))
    .where(_run.tenant_id == sa.bindparam("tenant"))
)
_found = reconcile_difference.c
_of_run = (_found.tenant_id == sa.bindparam("tenant"), _found.run_id == sa.bindparam("id"))
_REPAIRABLE = sa.select(sa.func.count(sa.distinct(_found.account_id))).where(
    *_of_run, _found.cause.in_([code for code, one in CAUSES.items() if one.repairable])
)
_BY_CAUSE = (
    sa.select(_found.cause, sa.func.count().label("many"))
    .where(*_of_run)
    .group_by(_found.cause)
    .order_by(sa.func.count().desc(), _found.cause)
)
