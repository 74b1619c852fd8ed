"""Who could be transferred to a tenant reseller, and who cannot, with the reason."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.kernel.problems import Fault, Invalid, NotFound
from tenantry.rules.transfer_accounts import TRANSFER_ACCOUNTS
from tenantry.schema.channel import tenant_reseller
from tenantry.tenancy import permissions

MOST_ON_A_PAGE = 1000


@dataclass(frozen=True)
class Candidate:
    """An account that could be transferred, or that cannot, with the reason."""

    id: UUID
    number: int
    name: str
    email: str
    country: str
    status: str
    currency: str
    can_go: bool
    rule: str | None
    why: str | None
    remedy: str | None


@dataclass(frozen=True)
class CandidatePage:
    """Some candidates in the order of their names, where the next begin, and how many can go and cannot."""

    items: tuple[Candidate, ...]
    next: str | None
    can_go: int
    cannot_go: int


def candidates(
    work: Work,
    tenant_reseller_id: UUID,
    *,
    search: str = "",
    cursor: str | None = None,
    limit: int = 100,
    only: str | None = None,
) -> CandidatePage:
    """Give the accounts that could be transferred, by name, with those that cannot go and the reason (DN-02).

    `only` is `can_go` or `cannot_go`. `search` looks in name, number, accounting number and e-mail.
    """
    permissions.require(work, "handover:plan")
    taker_id = work.connection.scalar(
        sa.select(tenant_reseller.c.reseller_tenant_id).where(
            tenant_reseller.c.tenant_id == work.tenant_id, tenant_reseller.c.id == tenant_reseller_id
        )
    )
    if taker_id is None:
        what = "tenant reseller"
        raise NotFound(what)
    if not 1 <= limit <= MOST_ON_A_PAGE:
        raise Invalid(Fault("limit", "A page has 1 to 1,000 candidates.", "API-04"))
    words = {
        "giver": work.tenant_id,
        "taker": taker_id,
        "reseller": tenant_reseller_id,
        "size": limit + 1,
    }
    query = _readable(work, _CANDIDATES)
    if only is not None:
        query = query.where(_REASON.is_(None) if only == "can_go" else _REASON.is_not(None))
    if search.strip():
        query = query.where(_giver.c.search.contains(search.strip().lower(), autoescape=True))
    if cursor:
        name, _, last = cursor.rpartition("~")
        try:
            words.update(last_name=name, last_id=UUID(last))
        except ValueError:
            raise Invalid(
                Fault("cursor", "This is not a cursor that a page gave.", "API-04", "Begin without one.")
            ) from None
        query = query.where(
            sa.tuple_(_giver.c.name, _giver.c.id)
            > sa.tuple_(sa.bindparam("last_name"), sa.bindparam("last_id", type_=_giver.c.id.type))
        )
    found = work.connection.execute(query.limit(sa.bindparam("size")), words).mappings().all()
    counts: dict[bool, int] = dict(work.connection.execute(_readable(work, _COUNTS), words).all())
    items = tuple(_candidate(one) for one in found[:limit])
    more = f"{items[-1].name}~{items[-1].id}" if len(found) > limit else None
    return CandidatePage(items, more, counts.get(True, 0), counts.get(False, 0))


def _candidate(row: Any) -> Candidate:
    check = _CHECKS.get(row["code"])
    return Candidate(
        row["id"],
        row["number"],
        row["name"],
        row["email"],
        row["country"],
        row["status"],
        row["currency"],
        check is None,
        check.rule if check else None,
        check.says if check else None,
        check.remedy if check else None,
    )


def _readable(work: Work, query: sa.Select[*tuple[Any, ...]]) -> sa.Select[*tuple[Any, ...]]:
    return query if work.actor.readable is None else query.where(_giver.c.permission_rule_id.in_(work.actor.readable))


_giver = TRANSFER_ACCOUNTS.account.source
_CHECKS = {check.code: check for check in TRANSFER_ACCOUNTS.candidates}
_REASON = sa.case(*((check.breaks, check.code) for check in TRANSFER_ACCOUNTS.candidates), else_=sa.null())
_CANDIDATES = (
    sa.select(
        _giver.c.id,
        _giver.c.number,
        _giver.c.name,
        _giver.c.email,
        _giver.c.country,
        _giver.c.status,
        _giver.c.currency,
        _REASON.label("code"),
    )
    .where(TRANSFER_ACCOUNTS.listed)
    .order_by(_giver.c.name, _giver.c.id)
)
_COUNTS = (
    sa.select(_REASON.is_(None), sa.func.count())
    .select_from(_giver)
    .where(TRANSFER_ACCOUNTS.listed)
    .group_by(_REASON.is_(None))
)
