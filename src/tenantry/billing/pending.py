"""What is yet to be invoiced: the documents to come with their days, and the subscriptions behind them (BIL-02)."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from tenantry.billing import due
from tenantry.billing.choosing import scope_of
from tenantry.billing.due import Scope
from tenantry.billing.series import series_of
from tenantry.database import Row, Work
from tenantry.kernel.ids import derived_id
from tenantry.kernel.money import Money
from tenantry.sales.defaults import today
from tenantry.sales.queries import Named
from tenantry.schema.sales import subscription
from tenantry.tenancy import permissions

RULE = "BIL-02"
AT_MOST = 200
SHOWN = 500


@dataclass(frozen=True)
class PendingInvoice:
    """A document to come; `code` is the number that it would get now, where a preview says so."""

    id: UUID
    planned_on: date
    is_due: bool
    bill_to: Named
    account: Named
    charges: int
    subscription_count: int
    subscriptions: Sequence[Named]
    period_from: date | None
    period_until: date | None
    net: Money
    held_back: bool
    code: str = ""

    @property
    def separate(self) -> bool:
        """Say whether it is about one customer, though another pays."""
        return self.account.id != self.bill_to.id


@dataclass(frozen=True)
class PendingSum:
    """What is to be invoiced in one currency: by now, and later."""

    due: Money
    later: Money


@dataclass(frozen=True)
class PendingPage:
    """Some of the documents to come, the next first; how many there are; and the sums of all charges behind them."""

    items: Sequence[PendingInvoice]
    total: int
    sums: Sequence[PendingSum]
    today: date


@dataclass(frozen=True)
class Preview:
    """What a run would make now; its digest names it, so that what is agreed to is what was seen."""

    up_to: date
    issued_on: date
    documents: Sequence[PendingInvoice]
    invoices: int
    charges: int
    held_back: int
    sums: Sequence[Money]
    digest: str


def pending(work: Work, account_id: UUID | None = None, *, skip: int = 0, limit: int = 50) -> PendingPage:
    """Give what was charged and is not invoiced, of one account or of the whole tenant, by document and day."""
    permissions.require(work, "invoices:view")
    now = today(work)
    scope = Scope()
    if account_id is not None:
        scope = Scope(None, scope_of(work, None, [account_id], "view_pending_invoices", now).accounts)
    rows, total = due.by_day(work, scope, now, skip=skip, limit=min(max(limit, 1), AT_MOST))
    names = _subscriptions(work, rows)
    sums = [
        PendingSum(Money(row["due"], row["currency"]), Money(row["later"], row["currency"]))
        for row in due.sums(work, scope, now)
    ]
    return PendingPage([_document(row, row["planned_on"], names, now) for row in rows], total, sums, now)


def preview(
    work: Work, up_to: date | str | None = None, accounts: Sequence[UUID] | None = None, *, shown: int = SHOWN
) -> Preview:
    """Give exactly the documents that a run would make now, in the order of their numbers; the first of them whole."""
    permissions.require(work, "invoices:edit")
    now = today(work)
    scope = scope_of(work, up_to, accounts, "generate_invoices", now)
    rows = due.documents(work, scope)
    made = [row for row in rows if row["net"] >= 0]
    sums: dict[str, Decimal] = {}
    for row in made:
        sums[row["currency"]] = sums.get(row["currency"], Decimal(0)) + row["net"]
    some = rows[:shown]
    names, codes = _subscriptions(work, some), _codes(work, some)
    return Preview(
        up_to=scope.up_to or now,
        issued_on=now,
        documents=[_document(row, now, names, now, code) for row, code in zip(some, codes, strict=True)],
        invoices=len(made),
        charges=sum(row["charges"] for row in made),
        held_back=len(rows) - len(made),
        sums=[Money(amount, currency) for currency, amount in sorted(sums.items())],
        digest=digest_of(rows, now),
    )


def digest_of(rows: Iterable[Row], on: date) -> str:
    """Give the digest of documents: who pays, whom they are about, how many charges, and what they come to."""
    names = (*due.KEY, "charges")
    said = [f"{[str(row[name]) for name in names]}{row['net'].normalize():f}" for row in rows]
    return hashlib.sha256("\n".join([str(on), *said]).encode()).hexdigest()


def _codes(work: Work, rows: Sequence[Row]) -> list[str]:
    series = series_of(work)
    codes, number = [], series["next"]
    for row in rows:
        codes.append(f"{series['prefix']}{number}" if row["net"] >= 0 else "")
        number += row["net"] >= 0
    return codes


def _document(row: Row, on: date, names: Mapping[UUID, str], now: date, code: str = "") -> PendingInvoice:
    what = f"pending invoice {row['currency']} {on}"
    known = [id for id in row["subscription_ids"] or () if id in names]
    return PendingInvoice(
        id=derived_id(row["bill_to_id"], row["account_id"], what),
        planned_on=on,
        is_due=on <= now,
        bill_to=Named(row["bill_to_id"], row["bill_to"]),
        account=Named(row["account_id"], row["account"]),
        charges=row["charges"],
        subscription_count=row["subscriptions"],
        subscriptions=sorted((Named(id, names[id]) for id in known), key=lambda one: one.name),
        period_from=row["period_from"],
        period_until=row["period_until"],
        net=Money(row["net"], row["currency"]),
        held_back=row["net"] < 0,
        code=code,
    )


def _subscriptions(work: Work, rows: Iterable[Row]) -> dict[UUID, str]:
    """Give the names of the subscriptions behind the documents, as far as one may see them."""
    ids = {id for row in rows for id in row["subscription_ids"] or () if id}
    s = subscription.c
    query = sa.select(s.id, s.name).where(s.tenant_id == work.tenant_id, s.id.in_(ids))
    if work.actor.readable is not None:
        query = query.where(s.permission_rule_id.in_(sorted(work.actor.readable)))
    return dict(work.connection.execute(query).all()) if ids else {}
