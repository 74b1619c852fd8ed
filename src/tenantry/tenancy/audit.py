"""The audit log: every administrative act, written in the transaction of the act itself (SEC-06)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.schema.tenant import audit_line
from tenantry.tenancy.permissions import require

SECRETS = frozenset({"password", "password_hash", "secret", "secret_hash", "second_factor", "sign_on_subject"})
MOST = 200


@dataclass(frozen=True)
class AuditLine:
    """One act, as the audit log shows it."""

    id: UUID
    at: datetime
    actor_id: UUID | None
    actor: str
    act: str
    sentence: str
    subject_id: UUID | None
    details: Mapping[str, Any]


def note(work: Work, act: str, sentence: str, subject_id: UUID | None = None, **details: object) -> None:
    """Write down an act `area.verb`; for edits `changes` holds before and after, and a secret is never among them."""
    changes = details.get("changes")
    leaked = SECRETS & {*details, *(changes if isinstance(changes, Mapping) else ())}
    if leaked:
        message = f"The audit log holds no secrets: {', '.join(sorted(leaked))}."
        raise ValueError(message)
    work.connection.execute(
        sa.insert(audit_line).values(
            tenant_id=work.tenant_id,
            id=new_id(),
            at=work.at,
            actor_id=work.actor.id,
            actor=work.actor.name[:320],
            act=act,
            sentence=sentence,
            subject_id=subject_id,
            details=_plain(details),
        )
    )


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Say field by field what an edit changes, before and after; fields that stay are left out."""
    return {
        name: {"before": before[name], "after": value} for name, value in after.items() if before.get(name) != value
    }


def lines(
    work: Work,
    *,
    before: UUID | None = None,
    limit: int = 50,
    act: str = "",
    actor_id: UUID | None = None,
    subject_id: UUID | None = None,
) -> tuple[AuditLine, ...]:
    """Read the log, newest first, from `before` (last line of the page above); `act` is `area.verb` or `area`."""
    require(work, "audit:view")
    a = audit_line.c
    query = sa.select(a.id, a.at, a.actor_id, a.actor, a.act, a.sentence, a.subject_id, a.details).where(
        a.tenant_id == work.tenant_id
    )
    if before is not None:
        of_that = sa.select(a.at, a.id).where(a.tenant_id == work.tenant_id, a.id == before)
        last = work.connection.execute(of_that).first()
        if last is None:
            return ()
        query = query.where(sa.tuple_(a.at, a.id) < sa.tuple_(sa.literal(last.at), sa.literal(last.id)))
    if act and not act.isprintable():
        return ()
    if act:
        query = query.where(a.act == act if "." in act else a.act.startswith(f"{act}.", autoescape=True))
    if actor_id is not None:
        query = query.where(a.actor_id == actor_id)
    if subject_id is not None:
        query = query.where(a.subject_id == subject_id)
    query = query.order_by(a.at.desc(), a.id.desc()).limit(min(max(limit, 1), MOST))
    return tuple(AuditLine(*row) for row in work.connection.execute(query))


def _plain(value: object) -> object:
    """Write a value as JSON can hold it."""
    match value:
        case Mapping():
            return {str(key): _plain(one) for key, one in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(one) for one in value]
        case UUID() | Decimal():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case _:
            return value
