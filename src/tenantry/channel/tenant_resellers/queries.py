"""What screens and API show of tenant resellers: the list, one with its counts, and who could be transferred."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.channel.tenant_resellers.creating import STEPS
from tenantry.database import Work
from tenantry.kernel.problems import Fault, Invalid, NotFound, Verdict
from tenantry.rules.policy import TenantReseller
from tenantry.rules.transfer_accounts import TRANSFER_ACCOUNTS
from tenantry.schema.catalog import price_list
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account
from tenantry.schema.message import message, message_set_aside
from tenantry.schema.sales import subscription
from tenantry.schema.tenant import tenant
from tenantry.tenancy import permissions

MOST_ON_A_PAGE = 1000
RUNNING = ("starting_later", "trial", "active", "suspended", "pending_cancellation")


@dataclass(frozen=True)
class Step:
    """A step of a creation: its name, how many records it made, when; None while it is not done."""

    name: str
    made: int | None
    at: str | None


@dataclass(frozen=True)
class TenantResellerView:
    """A tenant reseller as its page shows it;
    `lag_seconds` is the age of the oldest message that waits, None when none does.
    """

    id: UUID
    name: str
    number: int
    reseller_tenant_id: UUID
    code: str
    edition: str
    language: str
    time_zone: str
    default_currency: str
    state: str
    price_list_id: UUID
    price_list_name: str
    separate_invoices: bool
    admin_name: str
    admin_email: str
    steps: tuple[Step, ...]
    problem: str
    created_at: datetime
    set_up_at: datetime | None
    version: int
    accounts_copied: int
    accounts_not_copied: int
    subscriptions_copied: int
    subscriptions_not_copied: int
    lag_seconds: float | None
    failures: int
    actions: Mapping[str, Verdict]


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


def tenant_reseller_(work: Work, id_: UUID) -> TenantResellerView:
    """Give one tenant reseller with its counts; NotFound for an unknown one or another tenant's."""
    permissions.require(work, "tenant_resellers:view")
    row = (
        work.connection.execute(_VIEW.where(tenant_reseller.c.id == id_), {"tenant": work.tenant_id}).mappings().first()
    )
    if row is None:
        what = "tenant reseller"
        raise NotFound(what)
    return _view(work, row)


def all_(work: Work) -> tuple[TenantResellerView, ...]:
    """Give every tenant reseller, by name; the counts of all come from one statement."""
    permissions.require(work, "tenant_resellers:view")
    rows = work.connection.execute(_VIEW.order_by(account.c.name, account.c.id), {"tenant": work.tenant_id}).mappings()
    return tuple(_view(work, row) for row in rows)


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
    row = (
        work.connection.execute(_VIEW.where(tenant_reseller.c.id == tenant_reseller_id), {"tenant": work.tenant_id})
        .mappings()
        .first()
    )
    if row is None:
        what = "tenant reseller"
        raise NotFound(what)
    if not 1 <= limit <= MOST_ON_A_PAGE:
        raise Invalid(Fault("limit", "A page has 1 to 1,000 candidates.", "API-04"))
    words = {
        "giver": work.tenant_id,
        "taker": row["reseller_tenant_id"],
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


def _view(work: Work, row: Any) -> TenantResellerView:
    settings = row["settings"]
    done = {one["name"]: one for one in row["steps"]}
    steps = tuple(
        Step(name, done[name]["made"], done[name]["at"]) if name in done else Step(name, None, None) for name in STEPS
    )
    values = {name: row[name] for name in TenantResellerView.__dataclass_fields__ if name in row}
    values.update(
        code=row["code"] or "",
        edition=row["edition"] or settings.get("edition", "basic"),
        language=row["language"] or settings.get("language", ""),
        time_zone=row["time_zone"] or settings.get("time_zone", ""),
        default_currency=row["default_currency"] or "",
        admin_name=settings.get("admin_name", ""),
        admin_email=settings.get("admin_email", ""),
        steps=steps,
        lag_seconds=(work.at - row["oldest"]).total_seconds() if row["oldest"] else None,
        actions=TenantReseller.offers(SimpleNamespace(standing=row["state"], status="")),
    )
    return TenantResellerView(**values)


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

_customer = account.alias("customer")
_its_customers = sa.and_(
    _customer.c.tenant_id == tenant_reseller.c.tenant_id, _customer.c.bill_to_id == tenant_reseller.c.id
)


def _count(*where: Any) -> Any:
    query = (
        sa.select(sa.func.count())
        .select_from(_customer)
        .where(_its_customers, _customer.c.id != tenant_reseller.c.id, *where)
    )
    return query.correlate(tenant_reseller).scalar_subquery()


def _subscriptions(standings: tuple[str, ...]) -> Any:
    query = (
        sa.select(sa.func.count())
        .select_from(
            _customer.join(
                subscription,
                sa.and_(subscription.c.tenant_id == _customer.c.tenant_id, subscription.c.account_id == _customer.c.id),
            )
        )
        .where(_its_customers, subscription.c.status.in_(RUNNING), subscription.c.standing.in_(standings))
    )
    return query.correlate(tenant_reseller).scalar_subquery()


_VIEW = (
    sa.select(
        tenant_reseller,
        account.c.name,
        account.c.number,
        tenant.c.code,
        tenant.c.edition,
        tenant.c.language,
        tenant.c.time_zone,
        tenant.c.default_currency,
        price_list.c.name.label("price_list_name"),
        _count(_customer.c.standing.in_(["handed_down", "mirrored"])).label("accounts_copied"),
        _count(_customer.c.standing == "own", _customer.c.status != "deleted").label("accounts_not_copied"),
        _subscriptions(("mirrored",)).label("subscriptions_copied"),
        _subscriptions(("own",)).label("subscriptions_not_copied"),
        sa.select(sa.func.min(message.c.told_at))
        .where(message.c.tenant_id == tenant_reseller.c.reseller_tenant_id)
        .correlate(tenant_reseller)
        .scalar_subquery()
        .label("oldest"),
        sa.select(sa.func.count())
        .select_from(message_set_aside)
        .where(message_set_aside.c.tenant_id == tenant_reseller.c.reseller_tenant_id)
        .correlate(tenant_reseller)
        .scalar_subquery()
        .label("failures"),
    )
    .join(account, sa.and_(account.c.tenant_id == tenant_reseller.c.tenant_id, account.c.id == tenant_reseller.c.id))
    .join(
        price_list,
        sa.and_(
            price_list.c.tenant_id == tenant_reseller.c.tenant_id, price_list.c.id == tenant_reseller.c.price_list_id
        ),
    )
    .outerjoin(tenant, tenant.c.id == tenant_reseller.c.reseller_tenant_id)
    .where(tenant_reseller.c.tenant_id == sa.bindparam("tenant"))
)
