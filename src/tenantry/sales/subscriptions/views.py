"""What a subscription shows of itself, its add-ons, and what happened to it (API-07)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tenantry.charging.charges import Charge
from tenantry.kernel.money import Money
from tenantry.kernel.problems import Verdict
from tenantry.sales.queries import Named, NumberedOrder, UpstreamCreditView
from tenantry.sales.subscriptions.changing import Outcome


@dataclass(frozen=True)
class AddOnView:
    """An add-on of a subscription."""

    id: UUID
    product: Named
    quantity: int
    unit_price: Money
    discount_percent: Decimal
    promotion: Named | None
    promotion_cycles_left: int | None
    total: Money
    order: NumberedOrder | None


@dataclass(frozen=True)
class ChangeView:
    """Something that happened to a subscription, or is planned."""

    id: UUID
    kind: str
    status: str
    effective_on: date
    product: Named | None
    order: NumberedOrder | None
    before: Mapping[str, Any] | None
    after: Mapping[str, Any]
    problem: str
    actor: str
    created_at: datetime
    done_at: datetime | None


@dataclass(frozen=True)
class SubscriptionView:
    """A subscription, as its page shows it."""

    id: UUID
    name: str
    status: str
    cycle: str
    currency: str
    quantity: int
    unit_price: Money
    discount_percent: Decimal
    promotion: Named | None
    promotion_cycles_left: int | None
    price_frozen: bool
    total: Money
    start_on: date
    trial_until: date | None
    paid_from: date | None
    charged_until: date | None
    next_charge_on: date | None
    term_until: date | None
    end_on: date | None
    suspended_on: date | None
    renew: bool
    external_id: str
    provisioning_status: str
    upstream_credit: UpstreamCreditView | None
    account: Named
    bill_to: Named
    product: Named
    order: NumberedOrder | None
    split_from: Named | None
    responsible_user: Named | None
    permission_rule: Named | None
    custom_fields: Mapping[str, Any]
    add_ons: Sequence[AddOnView]
    changes: Sequence[ChangeView]
    created_at: datetime
    standing: str
    version: int
    managed_by: Named | None
    ribbon: str | None
    actions: Mapping[str, Verdict]
    locked_fields: Mapping[str, Verdict]


@dataclass(frozen=True)
class ChargeShown:
    """A charge that an act makes, or gives back."""

    product_id: UUID
    kind: str
    quantity: int
    unit_price: Money
    period_from: date | None
    period_until: date | None
    amount: Money
    explains: str
    due_on: date


@dataclass(frozen=True)
class OutcomeView:
    """What an act comes to: its charges, and what a cycle costs before and after it; planned, its charges come then."""

    kind: str
    sentence: str
    effective_on: date
    planned: bool
    charges: Sequence[ChargeShown]
    net: Money
    cycle_before: Money
    cycle_after: Money


def outcome_view(outcome: Outcome) -> OutcomeView:
    """Show what an act comes to."""
    return OutcomeView(
        outcome.kind,
        outcome.sentence,
        outcome.effective_on,
        outcome.planned,
        [_charge(one) for one in outcome.charges],
        outcome.net,
        outcome.cycle_before,
        outcome.cycle_after,
    )


def _charge(one: Charge) -> ChargeShown:
    return ChargeShown(
        one.product_id,
        one.kind,
        one.quantity,
        Money(one.unit_price, one.currency),
        one.period_from,
        one.period_until,
        Money(one.amount, one.currency),
        one.explains,
        one.due_on,
    )
