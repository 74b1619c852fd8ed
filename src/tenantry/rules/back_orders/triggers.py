"""What raises a back order, and where the distributor's subscription shows it (BO-02, BO-15 to BO-17)."""

from dataclasses import dataclass
from typing import Literal

Shown = Literal["field", "history", "add_on"]


@dataclass(frozen=True)
class Trigger:
    """A change that sells something: the rule that says where its order is shown, and that place."""

    rule: str
    shown: Shown


# The kinds of changes that take a subscription, or units of it, to another product.
MOVES = ("upgrade", "downgrade")
# By the kind of the change below; whatever is not named here follows on the mirror and raises no order (BO-04).
# What a partial upgrade takes units from shows it in its history only; what it starts, as its Order field.
TRIGGERS = {
    "activation": Trigger("BO-15", "field"),
    "conversion": Trigger("BO-15", "field"),
    "upgrade": Trigger("BO-15", "field"),
    "downgrade": Trigger("BO-15", "field"),
    "quantity": Trigger("BO-16", "history"),
    "add_on": Trigger("BO-17", "add_on"),
}


def kinds(shown: Shown) -> tuple[str, ...]:
    """Name the kinds of changes whose order is shown in a place."""
    return tuple(kind for kind, trigger in TRIGGERS.items() if trigger.shown == shown)
