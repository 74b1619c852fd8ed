"""Credit: what an account would owe with an order, and whether that is within its limit (ORD-05).

The limit is the account's own where it has its own ordering options; else its payer's, who answers for all that he
pays for. 0 means that nothing may ever be owed: every order waits that costs something, unless a gateway collects it
when it is charged, so that it is never owed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm import history
from tenantry.database import Ready, Row, Work
from tenantry.kernel.money import Money, rounded
from tenantry.kernel.problems import Refused
from tenantry.rules.policy import no
from tenantry.sales.items import first_amount, items_of
from tenantry.sales.records import Held, change_order, held_order
from tenantry.schema.base import ID
from tenantry.schema.billing import invoice, invoice_line
from tenantry.schema.catalog import payment_method
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.charging import charge
from tenantry.schema.crm import account
from tenantry.schema.sales import order
from tenantry.tenancy import currencies

NOTHING = Decimal(0)
PARTS = ("limit", "open", "ordered", "adds")


class OverLimit(Refused):
    """The order goes over the credit limit: it waits for approval from now on."""

    commits: ClassVar[bool] = True


@dataclass(frozen=True)
class CreditView:
    """What an order was measured by: limit, what is open, what other orders will add, and what it adds itself."""

    limit: Money
    open: Money
    ordered: Money
    adds: Money
    owed: Money
    over: Money
    without_rate: tuple[str, ...] = ()
    decided_by: str = ""
    because: str = ""
    prepaid: bool = False

    @property
    def is_over(self) -> bool:
        """Say whether it has to be allowed: it adds to what is owed, and that goes over the limit or has no rate."""
        return self.adds.amount > 0 and (self.over.amount > 0 or bool(self.without_rate))

    @property
    def sentence(self) -> str:
        """Say it as a history line does."""
        return (
            f"with it {_said(self.owed)} would be owed ({_said(self.open)} open, {_said(self.ordered)} on order, "
            f"{_said(self.adds)} new); the credit limit is {_said(self.limit)}"
        )


def measured(work: Work, held: Held, items: Sequence[Row]) -> CreditView:
    """Measure an order with these items by the credit of who answers for it, which is held meanwhile."""
    row, buyer = held.order, held.account
    whose = buyer if buyer["own_ordering_options"] else _account(work, buyer["bill_to_id"])
    _one_at_a_time(work, whose["id"])
    mine = "account_id" if buyer["own_ordering_options"] else "bill_to_id"
    asked = {
        "ordered_for": row[mine],
        "not_these": [row["id"], row["part_of_id"] or row["id"]],
        "method": row["payment_method_id"] or buyer["payment_method_id"],
    }
    return _with(whose, _owed(work, mine, whose["id"], asked), (row["currency"], _left(items, row["currency"])))


@dataclass(frozen=True)
class Payer:
    """What somebody who pays for others owes and has been given, whose credit is held until the transaction ends."""

    whose: Row
    owed: Mapping[str, Sequence[tuple[str, Decimal]]]

    def with_(self, code: str, adds: Decimal) -> CreditView:
        """Measure what something adds that costs so much at first."""
        return _with(self.whose, self.owed, (code, adds))

    def given(self, code: str, adds: Decimal) -> "Payer":
        """Give the same payer, with so much more on order."""
        return replace(self, owed={**self.owed, "ordered": [*self.owed["ordered"], (code, adds)]})


def measured_payer(work: Work, id: UUID) -> Payer:
    """Measure what an account owes that pays for others, as their orders are measured (UP-47)."""
    _one_at_a_time(work, id)
    whose = _account(work, id)
    asked = {"ordered_for": id, "not_these": [], "method": whose["payment_method_id"]}
    return Payer(whose, _owed(work, "bill_to_id", id, asked))


def _with(whose: Row, owed: Mapping[str, Sequence[tuple[str, Decimal]]], adds: tuple[str, Decimal]) -> CreditView:
    currency, prepaid = whose["currency"], bool(owed["prepaid"])
    sums = {"open": owed["open"], "ordered": owed["ordered"], "adds": [] if prepaid else [adds]}
    without_rate = {code for amounts in sums.values() for code, sum_ in amounts if sum_ and not _rate(code, currency)}
    figures = {name: _sum(amounts, currency) for name, amounts in sums.items()}
    found = {"limit": whose["credit_limit"], **figures, "currency": currency, "prepaid": prepaid}
    return _view({**found, "without_rate": sorted(without_rate)})


def kept(view: CreditView) -> dict[str, Any]:
    """Give the figures as the order keeps them."""
    figures = {name: str(getattr(view, name).amount) for name in PARTS}
    decided = {"decided_by": view.decided_by, "because": view.because, "prepaid": view.prepaid}
    return {**figures, "currency": view.limit.currency, "without_rate": list(view.without_rate), **decided}


def read(figures: Mapping[str, Any] | None) -> CreditView | None:
    """Read the figures that an order keeps; None for one that was never measured."""
    return _view(figures) if figures else None


def require(work: Work, held: Held, items: Sequence[Row]) -> None:
    """Raise OverLimit, and let the order wait for approval, if it goes over the limit now; an approved one may."""
    row = held.order
    if row["approval"] == "approved":
        return
    view = measured(work, held, items)
    if not view.is_over:
        return
    wait(work, row["id"], view)
    remedy = "It waits for approval: whoever has the permission orders:approve allows it, or refuses."
    raise OverLimit(no("ORD-05", f"This order goes over the credit limit: {view.sentence}."), remedy)


def measure_again(work: Work, id: UUID) -> None:
    """Let an order that waits go on if it does not go over the limit any more, paid in another way as it is."""
    held = held_order(work, id)
    if held.order["status"] != "submitted" or held.order["approval"] != "waiting":
        return
    view = measured(work, held, items_of(work, held.order))
    if not view.is_over:
        change_order(work, id, approval="none", credit_figures=kept(view))
        history.write(work, "order", id, "Order no longer waits for approval")


def wait(work: Work, id: UUID, view: CreditView) -> None:
    """Let an order wait for approval."""
    change_order(work, id, approval="waiting", credit_figures=kept(view))
    history.write(work, "order", id, f"Order waits for approval: {view.sentence}")


def _view(figures: Mapping[str, Any]) -> CreditView:
    currency = figures["currency"]
    limit, open_, ordered, adds = (Decimal(figures[name]) for name in PARTS)
    owed = open_ + ordered + adds
    return CreditView(
        limit=Money(limit, currency),
        open=Money(open_, currency),
        ordered=Money(ordered, currency),
        adds=Money(adds, currency),
        owed=Money(owed, currency),
        over=Money(max(owed - limit, NOTHING), currency),
        without_rate=tuple(figures["without_rate"]),
        decided_by=figures.get("decided_by", ""),
        because=figures.get("because", ""),
        prepaid=figures.get("prepaid", False),
    )


def _owed(work: Work, mine: str, whose: UUID, asked: Mapping[str, Any]) -> dict[str, list[tuple[str, Decimal]]]:
    """Sum by currency what is open, and what other orders add that may be executed; and whether a gateway collects."""
    found: dict[str, list[tuple[str, Decimal]]] = {"open": [], "ordered": [], "prepaid": []}
    words = {"tenant": work.tenant_id, "whose": whose, **asked}
    for name, currency, amount in work.connection.execute(_OWED[mine], words):
        found[name].append((currency, amount))
    return found


def _left(items: Sequence[Row], currency: str) -> Decimal:
    """Sum what the items cost at first that were not delivered."""
    return sum((first_amount(one, currency) for one in items if one["delivered_by_id"] is None), NOTHING)


def _sum(amounts: Iterable[tuple[str, Decimal]], into: str) -> Decimal:
    return rounded(sum(((_rate(code, into) or NOTHING) * amount for code, amount in amounts), NOTHING), into)


def _rate(code: str, into: str) -> Decimal | None:
    if code == into:
        return Decimal(1)
    found = currencies.rate(code, into)
    return found.rate if found else None


def _account(work: Work, id: UUID) -> Row:
    return work.connection.execute(_ACCOUNT, {"tenant": work.tenant_id, "id": id}).mappings().one()


def _one_at_a_time(work: Work, id: UUID) -> None:
    """Hold the account's credit until the end, without its row, so that orders of its customers do not block it.

    A tenant reseller's turn counts on: whoever decides about his credit on an older snapshot fails, and tries again.
    """
    _HOLD.run(work.connection, {"here": work.tenant_id, "whose": id, "credit": f"credit {work.tenant_id} {id}"})


def _said(money: Money) -> str:
    return f"{rounded(money.amount, money.currency)} {money.currency}"


def _owed_by(mine: str) -> sa.CompoundSelect[Any]:
    """Select what the account owes or pays for; a sub-order is a part of what its order adds, and what a back order
    was given counts until it is charged (UP-47).

    What was charged and what was invoiced is open alike: until payments are kept, nothing is paid.
    """
    tenant: sa.BindParameter[UUID] = sa.bindparam("tenant")
    code, adds = order.c.credit_figures["currency"].astext, order.c.credit_figures["adds"].astext
    open_ = (
        sa.select(sa.literal("open"), charge.c.currency, sa.func.sum(charge.c.amount))
        .where(charge.c.tenant_id == tenant, charge.c[mine] == sa.bindparam("whose"), charge.c.invoice_id.is_(None))
        .group_by(charge.c.currency)
    )
    lines = sa.and_(invoice_line.c.tenant_id == invoice.c.tenant_id, invoice_line.c.invoice_id == invoice.c.id)
    invoiced_to = invoice_line.c.account_id if mine == "account_id" else invoice.c.bill_to_id
    invoiced = (
        sa.select(sa.literal("open"), invoice.c.currency, sa.func.sum(invoice_line.c.net + invoice_line.c.tax))
        .join(invoice_line, lines)
        .where(invoice.c.tenant_id == tenant, invoice.c.status == "issued", invoiced_to == sa.bindparam("whose"))
        .group_by(invoice.c.currency)
    )
    ordered = (
        sa.select(sa.literal("ordered"), code, sa.func.sum(sa.cast(adds, sa.Numeric)))
        .where(
            order.c.tenant_id == tenant,
            order.c[mine] == sa.bindparam("ordered_for"),
            order.c.id != sa.all_(sa.bindparam("not_these", type_=sa.ARRAY(ID))),
            order.c.status == "submitted",
            order.c.approval.in_(["none", "approved"]),
            adds.is_not(None),
        )
        .group_by(code)
    )
    reserved = (
        sa.select(sa.literal("ordered"), order.c.currency, sa.func.sum(order.c.reserved))
        .where(
            order.c.tenant_id == tenant,
            order.c[mine] == sa.bindparam("whose"),
            order.c.reserved.is_not(None),
            order.c.id != sa.all_(sa.bindparam("not_these", type_=sa.ARRAY(ID))),
        )
        .group_by(order.c.currency)
    )
    by_gateway = sa.select(sa.literal("prepaid"), sa.literal(""), sa.literal(NOTHING, sa.Numeric)).where(
        payment_method.c.tenant_id == tenant,
        payment_method.c.id == sa.bindparam("method", type_=ID),
        payment_method.c.kind == "gateway",
    )
    return sa.union_all(open_, invoiced, ordered, reserved, by_gateway)


_OWED = {mine: _owed_by(mine) for mine in ("account_id", "bill_to_id")}
_ACCOUNT = sa.select(account).where(account.c.tenant_id == sa.bindparam("tenant"), account.c.id == sa.bindparam("id"))
_turn = (
    sa.update(tenant_reseller)
    .where(tenant_reseller.c.tenant_id == sa.bindparam("here"), tenant_reseller.c.id == sa.bindparam("whose"))
    .values(credit_turn=tenant_reseller.c.credit_turn + 1)
    .cte("turn")
)
_HOLD = Ready(
    sa.select(
        sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(sa.bindparam("credit", type_=sa.Text), sa.literal(0)))
    ).add_cte(_turn)
)
