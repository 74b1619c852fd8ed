"""Make a plan: findings, records with their hashes, and the digest over it all (HND-01).
A plan changes nothing but itself.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry.channel.handovers.kinds import KINDS
from tenantry.channel.handovers.words import chosen_of, words_of
from tenantry.database import Row
from tenantry.kernel.problems import Verdict
from tenantry.rules import plan
from tenantry.rules.check import BLOCKER
from tenantry.rules.handover import Kind
from tenantry.rules.policy import no
from tenantry.schema.channel import handover, handover_record

STREAMED = {"yield_per": 10_000}


@dataclass(frozen=True)
class Finding:
    """What a check says about a plan: a stable code, the rule,
    the offenders (at most a thousand are named, all are counted).
    """

    code: str
    rule: str
    severity: str
    message: str
    remedy: str
    count: int
    records: tuple[str, ...]

    @property
    def stops_all(self) -> bool:
        """A blocker without offenders stops the plan; one with offenders holds back those records only."""
        return self.severity == BLOCKER and not self.count


@dataclass(frozen=True)
class Plan:
    """A plan as it was made: what confirming has to find again."""

    findings: tuple[Finding, ...]
    counts: Mapping[str, int]
    digest: str


def forget(connection: sa.Connection, row: Row) -> None:
    """Take away the records of an earlier plan of this handover."""
    mine = (handover_record.c.tenant_id == row["tenant_id"], handover_record.c.handover_id == row["id"])
    connection.execute(sa.delete(handover_record).where(*mine))


def write(connection: sa.Connection, row: Row, at: datetime) -> Plan:
    """Make the plan of a handover and keep its records; an earlier plan was forgotten before."""
    mine = (handover_record.c.tenant_id == row["tenant_id"], handover_record.c.handover_id == row["id"])
    kind, words = KINDS[row["kind"]], words_of(row, at=at)
    found = _statements(row, kind)
    records = insert(handover_record).from_select(
        ["tenant_id", "handover_id", "id", "verdict", "finding", "hash", "keeps"], found.records
    )
    connection.execute(records.on_conflict_do_nothing(index_elements=["tenant_id", "handover_id", "id"]), words)
    kept = (
        sa.select(handover_record.c.id, handover_record.c.verdict, handover_record.c.hash)
        .where(*mine)
        .order_by(handover_record.c.id)
    )
    return _fold(
        kind, row, _findings(connection, kind, found, words), connection.execute(kept, execution_options=STREAMED)
    )


def look_again(connection: sa.Connection, row: Row, at: datetime) -> Plan:
    """Make the plan once more without writing it: its digest says whether the world is still the one that was seen."""
    kind, words = KINDS[row["kind"]], words_of(row, at=at)
    found = _statements(row, kind)
    findings = _findings(connection, kind, found, words)
    inner = found.records.order_by(None).subquery()
    records = sa.select(inner.c.id, inner.c.verdict, inner.c.hash).order_by(inner.c.id)
    return _fold(kind, row, findings, connection.execute(records, words, execution_options=STREAMED))


def keep(connection: sa.Connection, row: Row, made: Plan, at: datetime) -> None:
    """Write on the handover what its plan says."""
    connection.execute(
        sa.update(handover)
        .where(handover.c.tenant_id == row["tenant_id"], handover.c.id == row["id"])
        .values(
            status="planned",
            digest=made.digest,
            findings=[asdict(finding) for finding in made.findings],
            counts=dict(made.counts),
            rules=KINDS[row["kind"]].fingerprint,
            total=total(made.counts),
            planned_at=at,
            version=handover.c.version + 1,
        )
    )


def total(counts: Mapping[str, int]) -> int:
    """Count the records that go."""
    return sum(counts.get(one, 0) for one in plan.GOING)


def why_not(kind: Kind, findings: Iterable[Finding], counts: Mapping[str, int]) -> tuple[Verdict, str] | None:
    """Say why a plan cannot be confirmed, with the way out: a blocker stops it, or what has to go as a whole would not;
    None where it can.
    """
    for finding in findings:
        if finding.stops_all:
            return no(finding.rule, finding.message), finding.remedy
    held = counts.get("held", 0) + counts.get("clash", 0)
    if kind.at_once and held:
        message = f"It happens as a whole, and {held:,} of its {kind.subject.many} cannot go."
        return no(kind.rule, message), "Look at what holds them back, mend it, and plan again."
    return None


def _statements(row: Row, kind: Kind) -> plan.Statements:
    return plan.over_all(kind) if chosen_of(row) == "all" else plan.over_chosen(kind)


def _findings(
    connection: sa.Connection, kind: Kind, found: plan.Statements, words: Mapping[str, Any]
) -> tuple[Finding, ...]:
    checks = plan.all_checks(kind)
    return tuple(
        Finding(
            code=checks[place].code,
            rule=checks[place].rule,
            severity=checks[place].severity,
            message=checks[place].says,
            remedy=checks[place].remedy,
            count=count,
            records=tuple(str(id_) for id_ in ids or () if id_ is not None),
        )
        for place, count, ids in connection.execute(found.findings, words)
    )


def _fold(kind: Kind, row: Row, findings: tuple[Finding, ...], records: Iterable[Any]) -> Plan:
    """Fold kind, choices, rules, findings and the records in the order of their ids into one SHA-256;
    memory does not grow.
    """
    digest = hashlib.sha256()
    said = {
        "kind": kind.name,
        "choices": row["choices"],
        "rules": kind.fingerprint,
        "findings": [asdict(one) for one in findings],
    }
    digest.update(json.dumps(said, sort_keys=True, default=str).encode())
    counts: dict[str, int] = {}
    for id_, verdict, hash_ in records:
        counts[verdict] = counts.get(verdict, 0) + 1
        digest.update(_bytes(id_, verdict, hash_))
    return Plan(findings, counts, digest.hexdigest())


def _bytes(id_: UUID, verdict: str, hash_: int) -> bytes:
    return id_.bytes + verdict.encode() + hash_.to_bytes(8, signed=True)
