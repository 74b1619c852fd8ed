"""Change a subscription in the shop: its charges are shown, terms are accepted, then it is done (SUB-02, SF-02)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm import history
from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.money import Money
from tenantry.kernel.problems import Fault, Invalid, NotFound
from tenantry.sales.baskets.actions.checkout import Accepted, require_accepted
from tenantry.sales.baskets.queries import terms_of_product
from tenantry.sales.baskets.views import AskedTerms
from tenantry.sales.storefront.mine import Mine
from tenantry.sales.storefront.shelf import Way, ways
from tenantry.sales.subscriptions import actions
from tenantry.sales.subscriptions.changing import Outcome
from tenantry.sales.subscriptions.opening import as_if
from tenantry.schema.catalog import product
from tenantry.schema.shop import terms_acceptance
from tenantry.schema.subscription import subscription_change


@dataclass(frozen=True)
class Wish:
    """What a shopper wants of a subscription of his; `quantity` None where a move is of all units."""

    verb: str
    product_id: UUID | None = None
    quantity: int | None = None
    mode: str = "end_of_period"
    at_next_cycle: bool = False


@dataclass(frozen=True)
class Planned:
    """A change that is still to come."""

    id: UUID
    kind: str
    on: date
    product: str
    quantity: int | None


@dataclass(frozen=True)
class Figure:
    """A line of what is charged or given back; its quantity is below nothing for the latter."""

    product: str
    quantity: int
    unit_price: Money
    amount: Money
    period_from: date | None
    period_until: date | None
    days: int | None
    of_days: int | None


@dataclass(frozen=True)
class Coming:
    """What a change would come to, from which day on, and the documents that have to be accepted for it."""

    effective_on: date
    planned: bool
    lines: Sequence[Figure]
    net: Money
    cycle_before: Money
    cycle_after: Money
    terms: Sequence[AskedTerms]


def moves(work: Work, held: Mine, account_id: UUID) -> list[Way]:
    """Give the products that a subscription can go up or down to in the shop, each at its price."""
    found = ways(work, account_id, held.product_id, held.cycle, held.quantity)
    return [one for one in found if held.acts[one.kind] and one.price.currency == held.unit_price.currency]


def planned(work: Work, id: UUID) -> list[Planned]:
    """Give the changes still to come that are its owner's to withdraw: its end and its prices are not; next first."""
    c = subscription_change.c
    mine = (c.tenant_id == work.tenant_id, c.subscription_id == id, c.status == "scheduled", c.kind.in_(OWN))
    its = sa.and_(product.c.tenant_id == c.tenant_id, product.c.id == c.product_id)
    query = sa.select(c.id, c.kind, c.effective_on, c.after, product.c.name).outerjoin(product, its).where(*mine)
    rows = work.connection.execute(query.order_by(c.effective_on, c.number)).all()
    return [Planned(row.id, row.kind, row.effective_on, row.name or "", row.after.get("quantity")) for row in rows]


def look(work: Work, held: Mine, account_id: UUID, wish: Wish) -> Coming:
    """Say what it would come to; what it would be refused for is raised, and nothing of it is kept."""
    _require_offered(work, held, account_id, wish)
    outcome = as_if(work, partial(_do, work, held.id, wish, None))
    return Coming(
        outcome.effective_on,
        outcome.planned,
        _figures(work, outcome),
        outcome.net,
        outcome.cycle_before,
        outcome.cycle_after,
        _terms(work, wish),
    )


def agree(
    work: Work, held: Mine, account_id: UUID, wish: Wish, version: int | None, accepted: Sequence[Accepted]
) -> Outcome:
    """Do it, as of the version that was shown; Invalid names each document that was not accepted."""
    _require_offered(work, held, account_id, wish)
    asked = _terms(work, wish)
    require_accepted(asked, accepted)
    outcome = _do(work, held.id, wish, version)
    _keep_acceptance(work, held.id, account_id, asked)
    return outcome


def withdraw(work: Work, id: UUID, change_id: UUID) -> None:
    """Withdraw a change that is still to come and the owner's to withdraw."""
    if change_id not in {one.id for one in planned(work, id)}:
        raise NotFound("change")
    actions.withdraw_change(work, id, change_id)


def _do(work: Work, id: UUID, wish: Wish, version: int | None) -> Outcome:
    act, names = ACTS[wish.verb]
    return act(work, id, version=version, **{name: getattr(wish, name) for name in names})


ACTS: Mapping[str, tuple[Callable[..., Outcome], tuple[str, ...]]] = {
    "quantity": (actions.change_quantity, ("quantity",)),
    "conversion": (actions.convert, ()),
    "cancellation": (actions.cancel, ("mode",)),
    "add-on": (actions.add_add_on, ("product_id", "quantity")),
    "add-on-quantity": (actions.change_add_on_quantity, ("product_id", "quantity")),
    "add-on-removal": (actions.remove_add_on, ("product_id",)),
    "upgrade": (actions.upgrade, ("product_id", "quantity", "at_next_cycle")),
    "downgrade": (actions.downgrade, ("product_id", "quantity", "at_next_cycle")),
}
OWN = ("quantity", "add_on", "upgrade", "downgrade")
# What brings another product, whose terms have to be accepted.
BRINGS = ("add-on", "upgrade", "downgrade")


def _require_offered(work: Work, held: Mine, account_id: UUID, wish: Wish) -> None:
    if wish.verb not in {"upgrade", "downgrade"} or not held.acts[wish.verb]:
        return
    if wish.product_id not in {one.id for one in moves(work, held, account_id) if one.kind == wish.verb}:
        message = "The shop does not offer this change."
        raise Invalid(Fault("product_id", message, "SUB-02", "Choose one of those on the page.", "not-in-shop"))


def _terms(work: Work, wish: Wish) -> list[AskedTerms]:
    return terms_of_product(work, wish.product_id) if wish.verb in BRINGS and wish.product_id else []


def _figures(work: Work, outcome: Outcome) -> list[Figure]:
    ids = {one.product_id for one in outcome.charges}
    query = sa.select(product.c.id, product.c.name).where(product.c.tenant_id == work.tenant_id, product.c.id.in_(ids))
    names: dict[UUID, str] = {id: name for id, name in work.connection.execute(query)} if ids else {}  # noqa: C416 - rows
    return [
        Figure(
            names[one.product_id],
            one.quantity,
            Money(one.unit_price, one.currency),
            Money(one.amount, one.currency),
            one.period_from,
            one.period_until,
            one.days,
            one.of_days,
        )
        for one in outcome.charges
    ]


def _keep_acceptance(work: Work, id: UUID, account_id: UUID, terms: Sequence[AskedTerms]) -> None:
    rows = [
        {
            "tenant_id": work.tenant_id,
            "id": new_id(),
            "account_id": account_id,
            "subscription_id": id,
            "document_id": one.id,
            "edition": one.edition,
            "document_hash": one.hash,
            "actor_id": work.actor.id,
            "actor": work.actor.name,
            "at": work.at,
        }
        for one in terms
    ]
    if rows:
        work.connection.execute(sa.insert(terms_acceptance), rows)
        names = ", ".join(f"{one.name} {one.edition}" for one in terms)
        history.write(work, "subscription", id, f"Terms were accepted: {names}"[:1_000])
