"""The checkout: terms are accepted, the basket becomes an order, and that is submitted and executed at once (SF-02)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm import history
from tenantry.crm.storefront_users.sessions import Shopper
from tenantry.database import Row, Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Conflict, Fault, Invalid
from tenantry.sales.actions.create import NewOrder, create_order
from tenantry.sales.actions.execute import execute_order
from tenantry.sales.actions.items import NewItem
from tenantry.sales.actions.life import submit_order
from tenantry.sales.baskets.queries import seen_basket
from tenantry.sales.baskets.reach import acting
from tenantry.sales.baskets.records import change_basket, held_any
from tenantry.sales.baskets.views import AskedTerms, BasketLine, BasketView
from tenantry.schema.sales import order
from tenantry.schema.shop import terms_acceptance
from tenantry.tenancy.api_options import defaults_for


@dataclass(frozen=True)
class Accepted:
    """A document that the buyer has accepted, by the hash of the words that he read."""

    document_id: UUID
    hash: str


def check_out(
    work: Work,
    id: UUID,
    accepted: Iterable[Accepted] = (),
    shopper: Shopper | None = None,
    *,
    digest: str | None = None,
) -> UUID:
    """Make an order of a basket and carry it out; asked again, give the same order (SF-02).

    `digest` is that of the basket that was shown: Conflict when something in it costs or says something else by now.
    Invalid names what cannot be had, and each document that was not accepted.
    """
    held = held_any(work, id, shopper)
    if held.basket["status"] == "ordered":
        return UUID(str(held.basket["order_id"]))
    view = seen_basket(work, id)
    _require_fit(view, digest)
    require_accepted(view.terms, accepted)
    shop = acting(work, shopper) if shopper else work
    order_id = _ordered(shop, view, held.buyer, shopper)
    _keep_acceptance(shop, view, order_id)
    change_basket(work, id, status="ordered", order_id=order_id)
    return order_id


def _ordered(work: Work, view: BasketView, buyer: Row, shopper: Shopper | None) -> UUID:
    # A person of the tenant looks after what he orders; for a storefront user the API options say who does (TEN-22).
    user, rule = defaults_for(work, "order") if shopper else (None, None)
    # Only the account's own people are its contacts; a reseller who buys for it is named by the history.
    contact = shopper.contact_id if shopper and shopper.account_id == buyer["id"] else None
    new = NewOrder(
        account_id=buyer["id"],
        name=f"{view.lines[0].product.name}{f' + {len(view.lines) - 1}' if len(view.lines) > 1 else ''}"[:320],
        contact_id=contact,
        items=tuple(_item(line) for line in view.lines),
        responsible_user_id=user,
        permission_rule_id=rule,
    )
    order_id = create_order(work, new, came_by="shop" if shopper else "person")
    submit_order(work, order_id)
    if not _waits(work, order_id):
        execute_order(work, order_id)
    return order_id


def _item(line: BasketLine) -> NewItem:
    given = line.promotion.id if line.promotion and line.promotion.by_code else None
    return NewItem(line.product.id, line.cycle, line.quantity, trial=line.trial, promotion_id=given)


def _waits(work: Work, order_id: UUID) -> bool:
    """Say whether somebody has to allow the order over the credit limit first (ORD-05)."""
    mine = (order.c.tenant_id == work.tenant_id, order.c.id == order_id)
    return work.connection.scalar(sa.select(order.c.approval).where(*mine)) == "waiting"


def _require_fit(view: BasketView, digest: str | None) -> None:
    if not view.lines:
        raise Invalid(Fault("items", "The basket is empty.", "SF-02", "Put something in first.", "basket-empty"))
    places = {one.id: place for place, one in enumerate(view.lines)}
    faults = [replace(one.fault, field=f"items.{places[one.id]}.{one.fault.field}") for one in view.lines if one.fault]
    if faults or view.code_fault:
        raise Invalid(*faults, *([view.code_fault] if view.code_fault else []))
    if digest is not None and digest != view.digest:
        raise Conflict(
            "Something in the basket changed since it was shown: a price, an offer, a quantity or its terms.",
            code="basket-changed",
            rule="SF-02",
            remedy="Look at it again, then order.",
        )


def require_accepted(terms: Sequence[AskedTerms], accepted: Iterable[Accepted]) -> None:
    """Raise Invalid naming each document that was not accepted as it reads now (SF-02)."""
    known = {one.document_id: one.hash for one in accepted}
    faults = []
    for one in terms:
        name = f"{one.name}, {one.edition}"
        if one.id not in known:
            message = f"{name} has to be accepted."
            faults.append(Fault(f"terms.{one.id}", message, "SF-02", "Read and accept it.", "terms-not-accepted"))
        elif known[one.id] != one.hash:
            message = f"{name} reads differently by now."
            faults.append(Fault(f"terms.{one.id}", message, "SF-02", "Read it again and accept it.", "terms-changed"))
    if faults:
        raise Invalid(*faults)


def _keep_acceptance(work: Work, view: BasketView, order_id: UUID) -> None:
    rows = [
        {
            "tenant_id": work.tenant_id,
            "id": new_id(),
            "account_id": view.account.id,
            "order_id": order_id,
            "document_id": one.id,
            "edition": one.edition,
            "document_hash": one.hash,
            "actor_id": work.actor.id,
            "actor": work.actor.name,
            "at": work.at,
        }
        for one in view.terms
    ]
    if rows:
        work.connection.execute(sa.insert(terms_acceptance), rows)
        names = ", ".join(f"{one.name} {one.edition}" for one in view.terms)
        history.write(work, "order", order_id, f"Terms were accepted: {names}"[:1_000])
