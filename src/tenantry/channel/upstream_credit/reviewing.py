"""Go through what waits for a reseller's credit, oldest first, and give what there is (UP-47)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry import jobs
from tenantry.channel.charging_soon import ask_soon
from tenantry.crm import history
from tenantry.database import Work
from tenantry.sales import credit
from tenantry.sales.credit import CreditView, Payer
from tenantry.sales.items import first_amount
from tenantry.schema.base import ID
from tenantry.schema.catalog import promotion
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.sales import order, order_item, subscription
from tenantry.tenancy.telling import CREDIT_DECIDED

NOTHING = Decimal(0)
ENDED = ("cancelled", "expired")


@dataclass
class Sale:
    """A back order that asks for credit: what it costs at first, and which subscriptions it is about."""

    id: UUID
    currency: str
    waits: bool
    costs: Decimal = NOTHING
    about: set[UUID] = field(default_factory=set)
    # Something of it was not cancelled meanwhile.
    lasts: bool = False


@dataclass(frozen=True)
class Decision:
    """What was decided, with the figures that led to it, and what is kept of the credit."""

    released: bool
    view: CreditView | None = None
    reserved: Decimal | None = None

    @property
    def said(self) -> str:
        """Say why, as a history line does."""
        return self.view.sentence if self.view else ""

    @property
    def row(self) -> dict[str, Any]:
        """Give what the order keeps of it."""
        return {
            "approval": "none" if self.released else "waiting",
            "credit_figures": credit.kept(self.view) if self.view else None,
            "reserved": self.reserved,
        }


def review(work: Work, reseller_id: UUID, new: Collection[UUID] = ()) -> list[UUID]:
    """Decide about new back orders of a reseller and about those that wait; gives those that wait no longer.

    His credit is held meanwhile. What is about the same subscription is decided together, as it can only be had
    together: fewer units of what waits may set both free.
    """
    payer = credit.measured_payer(work, reseller_id)
    sales = _sales(work, reseller_id, new)
    checked = work.connection.scalar(_CHECKED, {"tenant": work.tenant_id, "reseller": reseller_id})
    decided = _given(payer, sales) if checked else {one.id: Decision(released=True) for one in sales}
    return _write(work, sales, decided)


def costs_of(work: Work, reseller_id: UUID, id: UUID) -> Decimal:
    """Give what a back order costs the reseller at first."""
    return next(one.costs for one in _sales(work, reseller_id, [id]) if one.id == id)


def withdraw(work: Work, ids: Collection[UUID]) -> None:
    """Let back orders wait no longer that were withdrawn below: they get no credit and need none."""
    if not ids:
        return
    done = list(work.connection.scalars(_WITHDRAWN, {"tenant": work.tenant_id, "ids": list(ids)}))
    history.write_all(work, "order", [(id, "Order was withdrawn by the reseller") for id in done])
    if done:
        ask_soon(work, work.tenant_id)


def _given(payer: Payer, sales: Sequence[Sale]) -> dict[UUID, Decision]:
    found: dict[UUID, Decision] = {}
    waiting: dict[UUID, set[UUID]] = defaultdict(set)
    of = {one.id: one for one in sales}
    for one in sales:
        if not one.lasts:
            found[one.id] = Decision(released=True)
            continue
        together = {one.id}.union(*(waiting[subject] for subject in one.about))
        view = payer.with_(one.currency, sum((of[id].costs for id in together), NOTHING))
        found[one.id] = Decision(released=not view.is_over, view=view)
        for subject in one.about:
            waiting[subject].add(one.id)
        if view.is_over:
            continue
        for id in sorted(together):
            view = payer.with_(of[id].currency, of[id].costs)
            found[id] = Decision(released=True, view=view, reserved=None if view.prepaid else of[id].costs)
            payer = payer if view.prepaid else payer.given(of[id].currency, of[id].costs)
            for subject in of[id].about:
                waiting[subject].discard(id)
    return found


def _write(work: Work, sales: Sequence[Sale], decided: Mapping[UUID, Decision]) -> list[UUID]:
    rows = [decided[one.id].row | {"of_tenant": work.tenant_id, "of_order": one.id} for one in sales]
    if rows:
        work.connection.execute(_DECIDED, rows)
    refused = [one.id for one in sales if not one.waits and not decided[one.id].released]
    free = [one.id for one in sales if one.waits and decided[one.id].released]
    history.write_all(work, "order", [(id, f"Order waits for credit: {decided[id].said}") for id in refused])
    history.write_all(work, "order", [(id, "Order no longer waits for credit") for id in free])
    if free:
        tell_decided(work, free)
        ask_soon(work, work.tenant_id)
    return free


def tell_decided(work: Work, ids: Collection[UUID]) -> None:
    """Tell the reseller below what was decided about back orders, to be read as it is when it is applied."""
    chosen = sa.select(order.c.account_id, order.c.id, sa.null()).where(
        order.c.tenant_id == work.tenant_id, order.c.id.in_(ids)
    )
    jobs.tell_all(work.connection, work.tenant_id, CREDIT_DECIDED, chosen)


def _sales(work: Work, reseller_id: UUID, new: Collection[UUID]) -> list[Sale]:
    """Give the back orders in question, oldest first."""
    asked = {"tenant": work.tenant_id, "reseller": reseller_id, "new": list(new)}
    found = {
        row.id: Sale(row.id, row.currency, row.approval == "waiting") for row in work.connection.execute(_SALES, asked)
    }
    items = work.connection.execute(_ITEMS, {"tenant": work.tenant_id, "ids": list(found)}).mappings()
    for item in items:
        one = found[item["order_id"]]
        one.costs += first_amount(item, one.currency)
        one.lasts = one.lasts or item["asset_id"] is not None or item["subscription_status"] not in ENDED
        if item["subscription_id"]:
            one.about.add(item["subscription_id"])
    return list(found.values())


_o, _i = order.c, order_item.c
_tenant: sa.BindParameter[UUID] = sa.bindparam("tenant")
_ids = sa.bindparam("ids", type_=sa.ARRAY(ID))
_SALES = (
    sa.select(_o.id, _o.currency, _o.approval)
    .where(
        _o.tenant_id == _tenant,
        _o.bill_to_id == sa.bindparam("reseller"),
        _o.standing == "back_order",
        sa.or_(_o.approval == "waiting", _o.id == sa.any_(sa.bindparam("new", type_=sa.ARRAY(ID)))),
    )
    .order_by(_o.submitted_at, _o.number)
)
_ITEMS = (
    sa.select(
        order_item,
        promotion.c.name.label("promotion_name"),
        promotion.c.kind.label("promotion_kind"),
        promotion.c.off.label("promotion_off"),
        subscription.c.status.label("subscription_status"),
    )
    .outerjoin(promotion, sa.and_(promotion.c.tenant_id == _i.tenant_id, promotion.c.id == _i.promotion_id))
    .outerjoin(subscription, sa.and_(subscription.c.tenant_id == _i.tenant_id, subscription.c.id == _i.subscription_id))
    .where(_i.tenant_id == _tenant, _i.order_id == sa.any_(_ids))
    .order_by(_i.position, _i.id)
)
_CHECKED = sa.select(tenant_reseller.c.credit_checked).where(
    tenant_reseller.c.tenant_id == _tenant, tenant_reseller.c.id == sa.bindparam("reseller")
)
_DECIDED = (
    sa.update(order)
    .where(_o.tenant_id == sa.bindparam("of_tenant"), _o.id == sa.bindparam("of_order"))
    .values(
        approval=sa.bindparam("approval"),
        credit_figures=sa.bindparam("credit_figures"),
        reserved=sa.bindparam("reserved"),
        version=_o.version + 1,
    )
)
_WITHDRAWN = (
    sa.update(order)
    .where(_o.tenant_id == _tenant, _o.id == sa.any_(_ids), _o.approval.in_(("waiting", "refused")))
    .values(approval="none", reserved=None, version=_o.version + 1)
    .returning(_o.id)
)
