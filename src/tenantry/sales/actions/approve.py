"""Allow an order over the credit limit, or refuse to (ORD-05)."""

from dataclasses import replace
from uuid import UUID

from tenantry.crm import history
from tenantry.database import Work
from tenantry.rules.policy import Order
from tenantry.sales.credit import kept, measured
from tenantry.sales.items import items_of
from tenantry.sales.records import Held, change_order, held_order, of_account
from tenantry.tenancy import permissions, queries


def approve_order(work: Work, id: UUID, *, because: str = "", version: int | None = None) -> None:
    """Allow a submitted order to go over the credit limit, as it is measured now."""
    held = _allowed(work, id, "approve", version)
    _decide(work, held, "approved", "Order was approved", because)


def refuse_order(work: Work, id: UUID, *, because: str = "", version: int | None = None) -> None:
    """Refuse to let a submitted order go over the credit limit: it is not executed unless somebody approves it."""
    held = _allowed(work, id, "refuse", version)
    _decide(work, held, "refused", "Order was refused approval", because)


def _allowed(work: Work, id: UUID, act: str, version: int | None) -> Held:
    permissions.require(work, "orders:approve")
    held = held_order(work, id, version)
    Order.require(act, of_account(held.order, held.account), live=queries.is_live(work))
    return held


def _decide(work: Work, held: Held, approval: str, sentence: str, because: str) -> None:
    reason = because.strip()[:1_000]
    view = replace(measured(work, held, items_of(work, held.order)), decided_by=work.actor.name[:320], because=reason)
    change_order(work, held.order["id"], approval=approval, credit_figures=kept(view))
    history.write(work, "order", held.order["id"], f"{sentence}, {view.sentence}{f': {reason}' if reason else ''}")
