"""Judge rows of products and prices against what the file says elsewhere and what is here already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.catalog.records import Governed
from tenantry.database import Work
from tenantry.intake.catalogue import here
from tenantry.intake.catalogue.here import Existing
from tenantry.intake.catalogue.reading import Offer, OfferReader, yes
from tenantry.kernel.ids import derived_id
from tenantry.rules.policy import Product

Change = dict[str, str]


@dataclass
class Known:
    """What the whole file says, before its rows are judged one by one."""

    currencies: frozenset[str]
    price_lists: Mapping[str, tuple[UUID, str]]
    year: str = ""
    services: set[str] = field(default_factory=set)
    skus: set[str] = field(default_factory=set)
    families: set[str] = field(default_factory=set)
    # What stood in an earlier row: the product with cycle and currency, or with its place on a price list.
    seen: dict[tuple[Any, ...], int] = field(default_factory=dict)
    days: dict[tuple[Any, ...], list[tuple[Any, Any, str]]] = field(default_factory=dict)


class Judging:
    """A batch of rows while it is judged against what is here."""

    def __init__(
        self, work: Work, run: sa.RowMapping, reader: OfferReader, known: Known, offers: Sequence[Offer]
    ) -> None:
        self.run, self.reader, self.known, self.offers = run, reader, known, offers
        skus = {one.sku for one in offers} | {sku for one in offers for sku in one.available_for}
        self.existing = here.products(work, skus)

    def records(self) -> dict[int, Any]:
        """Give what each row is to become, by line; rows gain their problems."""
        judged: dict[int, Any] = {}
        for one in self.offers:
            if one.year != self.known.year:
                # What is wrong with it is not asked until its year is.
                one.same, one.problems = True, []
                message = f"It is of another year; {self.known.year} is brought in."
                self.reader.say(one, "note", "other-year", "year", message, "Choose the year to bring in that one.")
                judged[one.line] = None
            else:
                record = self._priced(one) if self.run["kind"] == "prices" else self._product(one)
                judged[one.line] = record if not one.refused else None
        return judged

    def _product(self, one: Offer) -> dict[str, Any]:
        self._currency(one)
        self._once(one)
        now = self.existing.get(one.sku)
        values, changes = self._values(one, now), []
        if not values["name"]:
            self.reader.say(one, "refusal", "name-missing", "name", "The product has no name.", "Fill it in.")
        if now:
            changes += [
                _change(name, now.values[name], value) for name, value in values.items() if now.values[name] != value
            ]
            self._locks(one, now, [each["field"] for each in changes])
        paid = self._paid(one, now, changes)
        services = self._services(one, now, changes)
        one.same = now is not None and not changes
        if one.same:
            self.reader.say(one, "note", "same-as-here", "", "It is here already, just so.")
        return {
            "sku": one.sku,
            "product_id": str(now.id if now else self._id(one.sku)),
            "new": now is None,
            "values": values,
            "trial_allowed": yes(one.cells.get("trial_allowed", "")),
            "priced": bool(one.prices),
            "prices": paid,
            "sold_with": services,
            "changes": changes if now else [],
        }

    def _priced(self, one: Offer) -> dict[str, Any]:
        now = self.existing.get(one.sku)
        if now is None:
            message = "There is no product of that name or SKU here."
            self.reader.say(one, "refusal", "product-unknown", "sku", message, "Import the products first.")
            return {}
        if one.cells.get("price_list"):
            return self._on_list(one, now)
        self._currency(one)
        self._once(one)
        changes: list[Change] = []
        self._locks(one, now, ["cost"] if one.cost is not None else [])
        paid = self._paid(one, now, changes)
        one.same = not changes
        return {"product_id": str(now.id), "new": False, "prices": paid, "changes": changes}

    def _on_list(self, one: Offer, now: Existing) -> dict[str, Any]:
        found = self.known.price_lists.get(one.cells["price_list"].lower())
        if found is None:
            message, remedy = "There is no such price list here.", "Write its name as in the list of price lists."
            self.reader.say(one, "refusal", "price-list-unknown", "price_list", message, remedy)
            return {}
        list_id, currency = found
        if one.currency and one.currency != currency:
            message = f"The price list is in {currency}."
            self.reader.say(one, "refusal", "other-currency", "currency", message, "Write the price in its currency.")
            return {}
        price = one.prices or self._in(one, currency)
        items = []
        for cycle, amount in price.items():
            item = {"cycle": cycle, "price": plain(amount), "min_quantity": one.min_quantity}
            items.append({**item, "valid_from": _day(one.valid_from), "valid_until": _day(one.valid_until)})
            self._alone(one, (list_id, now.id, cycle, one.min_quantity))
        changes = [
            _change(f"{one.cells['price_list']}, {each['cycle']}", "", f"{each['price']} {currency}") for each in items
        ]
        return {"product_id": str(now.id), "new": False, "list_id": str(list_id), "items": items, "changes": changes}

    def _in(self, one: Offer, currency: str) -> dict[str, Decimal]:
        """Read the price again in the list's currency, where the row names none."""
        cells = {**one.cells, "currency": currency}
        headings = list(cells)
        again = OfferReader("prices", headings, {name: name for name in headings}, {})
        return again.read(one.line, list(cells.values())).prices

    def _alone(self, one: Offer, key: tuple[Any, ...]) -> None:
        """Refuse days that overlap with another price of the product on the list, and name it (CAT-02)."""
        for first, last, where in self.known.days.get(key, ()):
            if first == one.valid_from and not where:
                continue
            if (first is None or one.valid_until is None or first <= one.valid_until) and (
                last is None or one.valid_from is None or one.valid_from <= last
            ):
                named = where or f"the price from {first or 'the beginning'} until {last or 'further notice'}"
                message = f"Its days overlap with {named}."
                self.reader.say(one, "refusal", "price-overlaps", "valid_from", message, "Choose other days.")
                return
        self.known.days.setdefault(key, []).append((one.valid_from, one.valid_until, f"line {one.line}"))

    def _values(self, one: Offer, now: Existing | None) -> dict[str, Any]:
        cells = one.cells
        values = {"name": one.name, "category": cells.get("category") or cells.get("product", ""), "kind": one.kind}
        values |= {"unit": one.unit, "description": cells.get("description", "")}
        # What the file leaves empty stays as it is here.
        return {name: value or (now.values[name] if now else "") for name, value in values.items()}

    def _paid(self, one: Offer, now: Existing | None, changes: list[Change]) -> list[dict[str, Any]]:
        found = []
        for cycle, price in one.prices.items():
            before, cost = now.prices.get((cycle, one.currency), (None, None)) if now else (None, None)
            wanted = cost if one.cost is None else one.cost
            if before != price or cost != wanted:
                shown = f"{cycle.replace('_', ' ')} price in {one.currency}"
                changes.append(_change(shown, "" if before is None else plain(before), plain(price)))
                kept = None if wanted is None else plain(wanted)
                found.append({"cycle": cycle, "currency": one.currency, "unit_price": plain(price), "cost": kept})
        return found

    def _services(self, one: Offer, now: Existing | None, changes: list[Change]) -> list[str]:
        """Find the products that an add-on can be bought with: in the file, or here."""
        found, unknown = [], []
        for sku in one.available_for:
            there = self.existing.get(sku)
            if sku in self.known.services:
                found.append(there.id if there else self._id(sku))
            elif there and there.values["kind"] == "service":
                found.append(there.id)
            else:
                unknown.append(sku)
        if unknown and one.available_for:
            message = f"Neither the file nor the catalogue has: {', '.join(unknown[:5])}."
            severity: Any = "warning" if found else "refusal"
            remedy = "Bring these plans too, or correct the names."
            self.reader.say(one, severity, "plan-unknown", "available_for", message, remedy)
        if one.kind == "add_on" and not one.available_for:
            message = "It does not say what it is available for."
            self.reader.say(one, "warning", "available-for-missing", "available_for", message, "Relate it by hand.")
        new = [id for id in found if now is None or id not in now.sold_with]
        if now and new:
            changes.append(_change("available for", str(len(now.sold_with)), str(len(now.sold_with) + len(new))))
        return [str(id) for id in new]

    def _currency(self, one: Offer) -> None:
        if one.currency and one.currency not in self.known.currencies:
            remedy = "Activate it in the set-up before the import."
            self.reader.say(one, "refusal", "currency-inactive", "currency", "This currency is not activated.", remedy)

    def _once(self, one: Offer) -> None:
        for key in [(one.sku, cycle, one.currency) for cycle in one.prices or ("",)]:
            line = self.known.seen.setdefault(key, one.line)
            if line != one.line:
                message = f"Line {line} says the same of this product."
                self.reader.say(one, "refusal", "like-row", "name", message, "Keep one of the rows.")
                return

    def _locks(self, one: Offer, now: Existing, names: Sequence[str]) -> None:
        governed = Governed(now.standing)
        verdict = Product.verdict("set_price" if self.run["kind"] == "prices" else "edit", governed)
        locks = Product.locks(governed)
        why = verdict if not verdict else next((locks[name] for name in names if name in locks), None)
        if why is not None:
            self.reader.say(one, "refusal", "not-ours", "", why.why, "Leave the row out.")

    def _id(self, sku: str) -> UUID:
        return derived_id(self.run["id"], self.run["id"], f"product {sku}")


def _change(name: str, before: object, after: object) -> Change:
    return {"field": name, "before": str(before), "after": str(after)}


def plain(amount: Decimal) -> str:
    """Write an amount without what says nothing."""
    return format(amount.normalize(), "f")


def _day(day: object) -> str | None:
    return None if day is None else str(day)
