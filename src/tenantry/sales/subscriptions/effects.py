"""What each kind of change makes of a subscription, computed for a day, now or planned (SUB-02).

Each reads what is wanted, refuses what cannot be, and writes nothing.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.catalog import fields
from tenantry.charging import pricing, promotions
from tenantry.charging.pricing import Wanted
from tenantry.charging.promotions import Given as Promoted, Sale
from tenantry.database import Row, Work
from tenantry.kernel.ids import as_id, new_id
from tenantry.kernel.problems import Fault, Invalid
from tenantry.sales.prices import terms_of, terms_of_reseller
from tenantry.sales.subscriptions.changing import Effect, Units
from tenantry.sales.subscriptions.fitting import goes_with, keeps_add_ons, on_a_path, sold_here, within
from tenantry.sales.subscriptions.records import AddOn, Held
from tenantry.schema.catalog import product

RULE = "SUB-02"
Given = Mapping[str, Any]
NOBODY = UUID(int=0)


def quantity(work: Work, held: Held, given: Given, on: date) -> Effect:  # noqa: ARG001 - every kind is asked alike
    """Another number of units; the price of one stays (SUB-04)."""
    wanted = fields.read({"quantity": given["quantity"]}, {"quantity": fields.quantity}, RULE)["quantity"]
    now = held.row["quantity"]
    if wanted == now:
        raise Invalid(Fault("quantity", f"It has {now:,} units already.", RULE, "Give another number."))
    within(held.product, wanted)
    if wanted > now:
        sold_here(held, held.product)
    return Effect(
        f"Quantity was changed from {now:,} to {wanted:,}",
        {"quantity": wanted},
        {"quantity": now},
        {"quantity": wanted},
        product_id=held.row["product_id"],
    )


def add_on(work: Work, held: Held, given: Given, on: date) -> Effect:
    """So many units of an add-on: bought, changed in number, or none any more."""
    product_id = _id(given["product_id"])
    wanted = given["quantity"]
    known = held.add_on(product_id)
    if wanted == 0 or (known is None and given.get("known")):
        return _removed(known)
    if known and not given.get("known"):
        message = f"It has {known.name} already."
        raise Invalid(Fault("product_id", message, RULE, "Change its quantity instead."))
    wanted = fields.read({"quantity": wanted or 0}, {"quantity": fields.quantity}, RULE)["quantity"]
    found = _product(work, product_id)
    sold_here(held, found)
    if known:
        return _more_or_fewer(known, found, wanted)
    goes_with(work, held, found)
    price = _price(work, held, product_id, wanted, on)
    given_ = _promotion(work, held, product_id, price, on)
    after = {"add_on": found["name"], "quantity": wanted, "unit_price": price}
    return Effect(
        f"Add-on {found['name']} was bought: {wanted:,}",
        before={"add_on": None, "quantity": 0},
        after=after | ({"promotion": given_.off.name} if given_ else {}),
        product_id=product_id,
        add_ons={product_id: _bought(held, wanted, price, given_, on)},
    )


def move(kind: str) -> Callable[[Work, Held, Given, date], Effect]:
    """Make the effect of an upgrade or a downgrade: whole, or of some units, which are parted from it."""

    def moved(work: Work, held: Held, given: Given, on: date) -> Effect:
        to = _product(work, _id(given["product_id"]))
        on_a_path(work, held, kind, to)
        sold_here(held, to)
        now = held.row["quantity"]
        reader = fields.optional(fields.quantity)
        wanted = fields.read({"quantity": given.get("quantity")}, {"quantity": reader}, RULE)["quantity"] or now
        if wanted > now:
            message = f"It has {now:,} units; {wanted:,} of them cannot be moved."
            raise Invalid(Fault("quantity", message, RULE, f"Give 1 to {now:,}; it has no more."))
        price = _price(work, held, to["id"], wanted, on)
        whole = wanted == now
        return (
            _whole_move(work, held, kind, to, price) if whole else _part_move(work, held, kind, to, price, wanted, on)
        )

    return moved


def price(work: Work, held: Held, given: Given, on: date) -> Effect:  # noqa: ARG001 - every kind is asked alike
    """The prices that were looked up when the update was asked for; what has gone meanwhile is left alone (SUB-04)."""
    new = Decimal(str(given["unit_price"]))
    add_ons = {UUID(id): Decimal(str(found)) for id, found in (given.get("add_ons") or {}).items()}
    held_ones = {one.product_id: one for one in held.add_ons}
    changed = {id: Units(held_ones[id].quantity, found) for id, found in add_ons.items() if id in held_ones}
    before = {"unit_price": held.row["unit_price"]}
    after = {"unit_price": new}
    for id, units in changed.items():
        before[held_ones[id].name] = held_ones[id].unit_price
        after[held_ones[id].name] = units.unit_price
    return Effect("Prices were updated", {"unit_price": new}, before, after, add_ons=changed, verb="")


EFFECTS: Mapping[str, Callable[[Work, Held, Given, date], Effect]] = {
    "quantity": quantity,
    "add_on": add_on,
    "upgrade": move("upgrade"),
    "downgrade": move("downgrade"),
    "price": price,
}


def _promotion(work: Work, held: Held, product_id: UUID, unit_price: Decimal, on: date) -> Promoted | None:
    row = held.row
    sale = Sale(held.account["id"], product_id, row["cycle"], row["currency"], on, unit_price)
    return promotions.by_itself(work, sale)


def _bought(held: Held, wanted: int, unit_price: Decimal, given: Promoted | None, on: date) -> Units:
    if given is None:
        return Units(wanted, unit_price)
    until = held.row["charged_until"]
    # Bought with the first day of a cycle that has yet to be charged: the cycle before it is none of its own.
    before = until is not None and until < on
    return Units(wanted, unit_price, given.off.id, given.cycles + before if given.cycles else None)


def _removed(known: AddOn | None) -> Effect:
    if known is None:
        message = "The subscription has no such add-on."
        raise Invalid(Fault("product_id", message, RULE, "Choose one of the add-ons that it has."))
    return Effect(
        f"Add-on {known.name} was cancelled",
        before={"add_on": known.name, "quantity": known.quantity},
        after={"add_on": None, "quantity": 0},
        product_id=known.product_id,
        add_ons={known.product_id: None},
    )


def _more_or_fewer(known: AddOn, found: Row, wanted: int) -> Effect:
    if wanted == known.quantity:
        message = f"It has {wanted:,} of {known.name} already."
        raise Invalid(Fault("quantity", message, RULE, "Give another number, or cancel the add-on."))
    within(found, wanted)
    return Effect(
        f"Quantity of add-on {known.name} was changed from {known.quantity:,} to {wanted:,}",
        before={"quantity": known.quantity},
        after={"quantity": wanted},
        product_id=known.product_id,
        add_ons={known.product_id: Units(wanted, known.unit_price)},
    )


def _whole_move(work: Work, held: Held, kind: str, to: Row, unit_price: Decimal) -> Effect:
    keeps_add_ons(work, held, to)
    was = held.product["name"]
    values = _of_product(held, to, unit_price)
    before = {"product": was, "unit_price": held.row["unit_price"]}
    after = {"product": to["name"], "unit_price": unit_price}
    return Effect(f"{kind.capitalize()} from {was} to {to['name']}", values, before, after, product_id=to["id"])


def _part_move(work: Work, held: Held, kind: str, to: Row, unit_price: Decimal, wanted: int, on: date) -> Effect:
    row = held.row
    left = row["quantity"] - wanted
    within(held.product, left)
    kept = """account_id bill_to_id cycle currency discount_percent renew anchor_on charged_until term_until end_on
        status responsible_user_id permission_rule_id custom_fields price_frozen""".split()
    part = {
        **{name: row[name] for name in kept},
        **_of_product(held, to, unit_price),
        "tenant_id": work.tenant_id,
        "id": new_id(),
        "name": f"{held.account['name']} - {to['name']}"[:320],
        "quantity": wanted,
        "start_on": on,
        "paid_from": on,
        "split_from_id": held.id,
        "created_at": work.at,
    }
    return Effect(
        f"{kind.capitalize()} of {wanted:,} of {row['quantity']:,} from {held.product['name']} to {to['name']}",
        {"quantity": left},
        {"quantity": row["quantity"]},
        {"quantity": left, "parted": wanted, "parted_product": to["name"], "parted_id": part["id"]},
        product_id=to["id"],
        part=part,
    )


def _of_product(held: Held, to: Row, unit_price: Decimal) -> dict[str, Any]:
    gone = {"promotion_id": None, "promotion_cycles_left": None}
    return {"product_id": to["id"], "unit_price": unit_price, "name": _name(held, to), **gone}


def _name(held: Held, to: Row) -> str:
    """Name it after what it is now; a name that somebody gave it stays, but for the old product at its end."""
    name, was = str(held.row["name"]), f" - {held.product['name']}"
    if name == f"{held.account['name']}{was}"[:320]:
        return f"{held.account['name']} - {to['name']}"[:320]
    return f"{name.removesuffix(was)} - {to['name']}"[:320] if name.endswith(was) else name


def _product(work: Work, id: UUID) -> Row:
    query = sa.select(product).where(product.c.tenant_id == work.tenant_id, product.c.id == id)
    row = work.connection.execute(query).mappings().first()
    if row is None:
        raise Invalid(Fault("product_id", "There is no such product here.", RULE, "Choose one from the list."))
    return row


def _price(work: Work, held: Held, product_id: UUID, wanted: int, on: date) -> Decimal:
    return price_now(work, held, [Wanted(product_id, held.row["cycle"], "product_id", wanted)], on)[0]


def price_now(work: Work, held: Held, wanted: list[Wanted], on: date) -> list[Decimal]:
    """Give what one unit of each costs the subscription's account on a day, in the subscription's currency."""
    currency = held.row["currency"]
    # What a mirror costs is the reseller's to pay, whatever its customer could buy by here (UP-31).
    bought = terms_of_reseller(work, held.row["bill_to_id"], on) if held.row["standing"] == "mirrored" else None
    bought = bought or terms_of(work, held.account, on)
    listed = bought.price_list_id if bought.currency == currency else None
    return [one.unit_price for one in pricing.prices_of(work, wanted, listed, currency, on=on)]


def _id(value: object) -> UUID:
    return value if isinstance(value, UUID) else as_id(str(value)) or NOBODY
