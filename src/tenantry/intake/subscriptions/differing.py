"""A row whose external id is here already: what differs, and whether it can be brought in (CAT-04, SUB-02).

Quantity and add-ons are changed, from today on and as by hand; whatever else differs is refused by its field.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tenantry.database import Row
from tenantry.intake.subscriptions.fields import FIELDS
from tenantry.intake.subscriptions.reading import RULE, Told
from tenantry.rules.policy import Subscription
from tenantry.sales.subscriptions.records import AddOn, governed

Wrong = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class Here:
    """A subscription that is here, with its add-ons; `seen`: who brings the file in may see it."""

    row: Mapping[str, Any]
    add_ons: tuple[AddOn, ...]
    seen: bool = True

    @property
    def name(self) -> str:
        """Name it to whoever may see it."""
        return str(self.row["name"]) if self.seen else "A subscription that you may not see"


@dataclass
class Difference:
    """What a row would change of a subscription: the new quantity, add-ons to buy and add-ons to change in number."""

    quantity: int | None = None
    buy: dict[UUID, int] = field(default_factory=dict)
    change: dict[UUID, int] = field(default_factory=dict)
    shown: list[dict[str, str]] = field(default_factory=list)

    def acts(self) -> Iterator[str]:
        """Name the acts that it takes."""
        if self.quantity is not None:
            yield "change_quantity"
        if self.buy:
            yield "buy_add_on"
        if self.change:
            yield "change_add_on"

    def record(self, known: Here) -> dict[str, Any]:
        """Give what is kept with the row until it is brought in."""
        return {
            "subscription": {"id": str(known.row["id"]), "account_id": str(known.row["account_id"])},
            "update": {
                "quantity": self.quantity,
                "buy": {str(id): units for id, units in self.buy.items()},
                "change": {str(id): units for id, units in self.change.items()},
            },
            "changes": self.shown,
        }


def difference(one: Told, add_ons: list[Row], known: Here) -> Difference:
    """Say what a row changes; what it does not speak of stays."""
    found, had = Difference(), {each.product_id: each for each in known.add_ons}
    if "quantity" in one.cells and one.quantity != known.row["quantity"]:
        found.quantity = one.quantity
        found.shown.append(_shown("quantity", known.row["quantity"], one.quantity))
    for told, product in zip(one.add_ons, add_ons, strict=True):
        before = had.get(product["id"])
        if before is None:
            found.buy[product["id"]] = told.quantity
        elif before.quantity != told.quantity:
            found.change[product["id"]] = told.quantity
        else:
            continue
        found.shown.append(_shown(product["name"], before.quantity if before else "", told.quantity))
    return found


def wrong(one: Told, buyer: Row, product: Row, add_ons: list[Row], known: Here) -> Iterator[Wrong]:
    """Say what of a row cannot be brought in because it is here otherwise, each with the way out."""
    name = known.name
    if not known.seen:
        message = f"{name} has this external id here."
        yield "external-id-taken", "external_id", message, "Leave the row out, or ask an administrator.", "TEN-21"
        return
    if (buyer["id"], product["id"], one.cycle) != tuple(
        known.row[each] for each in ("account_id", "product_id", "cycle")
    ):
        is_here = f"{known.row['product_name']} of {known.row['account_name']}, {known.row['cycle'].replace('_', ' ')}"
        message = f"{name} has this external id here; it is {is_here}."
        yield "external-id-taken", "external_id", message, "Correct the row, or leave it out.", RULE
        return
    for field_, before in _otherwise(one, known):
        message = f"{FIELDS[field_].label} is {before or 'empty'} here; an import changes quantity and add-ons only."
        yield (
            "here-otherwise",
            field_,
            message,
            "Write what is here, or change it on the page of the subscription.",
            RULE,
        )
    had = {each.product_id: each for each in known.add_ons}
    for told, added in zip(one.add_ons, add_ons, strict=True):
        if told.unit_price is None or (added["id"] in had and had[added["id"]].unit_price == told.unit_price):
            continue
        message = f"{added['name']} costs what it costs here, or today: {name} is here already."
        yield "here-otherwise", "add_ons", message, "Leave the price of the add-on away.", "SUB-04"


def refused(found: Difference, known: Here, *, live: bool) -> Iterator[Wrong]:
    """Say which of its acts may not be done with it now, by the policy."""
    row = known.row
    record = governed(row, row["account_standing"], row["account_status"])
    for act in found.acts():
        verdict = Subscription.verdict(act, record, live=live)
        if not verdict:
            remedy = verdict.remedy or "Leave the row out."
            yield (
                "not-changed-so",
                "quantity" if act == "change_quantity" else "add_ons",
                verdict.why,
                remedy,
                verdict.rule,
            )


def _otherwise(one: Told, known: Here) -> Iterator[tuple[str, object]]:
    row = known.row
    if one.unit_price is not None and one.unit_price != row["unit_price"]:
        yield "unit_price", f"{row['unit_price'].normalize():f}"
    if one.renew is not None and one.renew != row["renew"]:
        yield "renew", "yes" if row["renew"] else "no"
    if one.cells.get("name", row["name"]) != row["name"]:
        yield "name", row["name"]
    for name, day in one.days.items():
        if day != row[name]:
            yield name, row[name]


def _shown(field_: str, before: object, after: object) -> dict[str, str]:
    return {"field": field_, "before": str(before), "after": str(after)}
