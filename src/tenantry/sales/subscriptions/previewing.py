"""Say what an act would come to, by doing it and taking it back: the very figures that it will have."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from tenantry.catalog import fields
from tenantry.database import Work
from tenantry.kernel.problems import Fault, Invalid
from tenantry.sales.subscriptions.adding import add_add_on, change_add_on_quantity, remove_add_on
from tenantry.sales.subscriptions.cancelling import cancel
from tenantry.sales.subscriptions.changing import Outcome
from tenantry.sales.subscriptions.converting import convert
from tenantry.sales.subscriptions.moving import downgrade, upgrade
from tenantry.sales.subscriptions.opening import as_if
from tenantry.sales.subscriptions.quantity import change_quantity
from tenantry.sales.subscriptions.renewing import set_renewal
from tenantry.sales.subscriptions.suspending import resume, suspend

# Each act that costs something, and what it is told.
ACTS: Mapping[str, tuple[Callable[..., Outcome], tuple[str, ...]]] = {
    "change_quantity": (change_quantity, ("quantity", "on", "at_next_cycle")),
    "buy_add_on": (add_add_on, ("product_id", "quantity", "on")),
    "change_add_on": (change_add_on_quantity, ("product_id", "quantity", "on")),
    "remove_add_on": (remove_add_on, ("product_id", "on")),
    "upgrade": (upgrade, ("product_id", "quantity", "on", "at_next_cycle")),
    "downgrade": (downgrade, ("product_id", "quantity", "on", "at_next_cycle")),
    "convert": (convert, ()),
    "suspend": (suspend, ()),
    "resume": (resume, ()),
    "cancel": (cancel, ("mode", "on")),
    "set_renewal": (set_renewal, ("renew",)),
}
NEEDED = {"quantity", "product_id", "renew"}


@dataclass(frozen=True)
class Preview:
    """An act whose figures are asked for, with what it would be told."""

    act: str
    quantity: int | None = None
    product_id: UUID | None = None
    mode: str = "now"
    on: date | None = None
    at_next_cycle: bool = False
    renew: bool | None = None


def preview_of(work: Work, id: UUID, wanted: Preview) -> Outcome:
    """Give what an act would come to, by its name; what it would be refused for is raised, and nothing is kept."""
    fields.read({"act": wanted.act}, {"act": fields.choice(*ACTS)}, "SUB-03")
    act, names = ACTS[wanted.act]
    given = {name: getattr(wanted, name) for name in names}
    missing = [name for name in names if name in NEEDED and given[name] is None and not _may_lack(wanted.act, name)]
    if missing:
        raise Invalid(*(Fault(name, "It is needed.", "SUB-02", "Fill it in.") for name in missing))
    return preview(work, act, id, **given)


def preview(work: Work, act: Callable[..., Outcome], *given: Any, **named: Any) -> Outcome:
    """Give what the act would come to; nothing of it is kept."""
    return as_if(work, lambda: act(work, *given, **named))


def _may_lack(act: str, name: str) -> bool:
    """Say whether an act has a meaning without this: a move without a quantity is of all units."""
    return name == "quantity" and act in {"upgrade", "downgrade"}
