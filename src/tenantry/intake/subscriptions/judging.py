"""Judge rows of subscriptions against what is here: accounts, products, prices, what was brought in before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.charging.pricing import prices_of
from tenantry.crm.records import governed
from tenantry.database import Row, Work
from tenantry.intake.subscriptions import here
from tenantry.intake.subscriptions.days import wrong
from tenantry.intake.subscriptions.differing import difference, refused, wrong as otherwise
from tenantry.intake.subscriptions.reading import SubscriptionReader, Told
from tenantry.intake.subscriptions.recording import Sale, record, wanted
from tenantry.kernel.problems import Invalid
from tenantry.rules.policy import Account
from tenantry.sales.defaults import today
from tenantry.sales.selling import bought_above
from tenantry.tenancy import queries

NAMED = 5
# What a field names, where it is not its own word.
WHAT = {"add_ons": "add-on"}

Refuse = Callable[..., None]


@dataclass
class Seen:
    """What earlier rows of the file said: external ids and trials, each with its line."""

    external_ids: dict[str, int] = field(default_factory=dict)
    trials: dict[tuple[UUID, UUID], int] = field(default_factory=dict)


class Judging:
    """A batch of rows while it is judged against what is here."""

    def __init__(
        self, work: Work, run: sa.RowMapping, reader: SubscriptionReader, seen: Seen, rows: Sequence[Told]
    ) -> None:
        self.work, self.run, self.reader, self.seen, self.rows = work, run, reader, seen, rows
        self.now, self.live = today(work), queries.is_live(work)
        self.accounts = here.accounts(work, {one.cells.get("account", "").lower() for one in rows}, self.now)
        words = {one.cells.get("product", "").lower() for one in rows}
        self.products = here.products(work, words | {added.word.lower() for one in rows for added in one.add_ons})
        self.goes_with = here.goes_with(work, {id for found in self.products.values() for id in found})
        ids = {id for found in self.accounts.values() for id in found}
        self.tried = here.tried(work, ids)
        self.known = here.running(work, {one.cells.get("external_id", "") for one in rows} - {""})

    def records(self) -> dict[int, Any]:
        """Give what each row is to become, by line; rows gain their problems."""
        sales = [sale for one in self.rows if (sale := self._sale(one))]
        there = [sale for sale in sales if sale.known]
        known = {sale.told.line for sale in there}
        for one in self.rows:
            for code, name, message, remedy, rule in wrong(one, self.now) if one.line not in known else ():
                self.reader.refuse(one, code, name, message, remedy, rule)
            self._external_id(one)
        new = [sale for sale in sales if not sale.known]
        for sale in new:
            self._sold(sale)
            self._tried(sale)
        prices = self._prices([sale for sale in sales if sale.told.cycle])
        made = {sale.told.line: record(sale, self.run["id"], prices, self.now) for sale in new if not sale.told.refused}
        return made | {sale.told.line: found for sale in there if (found := self._differs(sale))}

    def _sale(self, one: Told) -> Sale | None:
        buyer = self._one_of(one, "account", one.cells.get("account", ""), self.accounts, "number")
        product = self._one_of(one, "product", one.cells.get("product", ""), self.products, "sku")
        added = [self._one_of(one, "add_ons", each.word, self.products, "sku") for each in one.add_ons]
        if buyer is None or product is None or None in added:
            return None
        add_ons = [each for each in added if each]
        self._go_with(one, product, add_ons)
        return Sale(one, buyer, product, add_ons, self.known.get(one.cells.get("external_id", "")))

    def _go_with(self, one: Told, product: Row, add_ons: Sequence[Row]) -> None:
        for added in add_ons:
            if added["kind"] != "add_on" or (product["id"], added["id"]) not in self.goes_with:
                message = f"{added['name']} is no add-on of {product['name']}."
                remedy = "Name add-ons of the product, or add it to the product's add-ons."
                self.reader.refuse(one, "add-on-unfit", "add_ons", message, remedy, "CAT-01")

    def _differs(self, sale: Sale) -> dict[str, Any] | None:
        """Give what a row changes of what is here; one that changes nothing is passed over."""
        one, known = sale.told, sale.known
        if known is None or one.refused:
            return None
        found = difference(one, sale.add_ons, known)
        for code, name, message, remedy, rule in (
            *otherwise(one, sale.buyer, sale.product, sale.add_ons, known),
            *refused(found, known, live=self.live),
        ):
            self.reader.refuse(one, code, name, message, remedy, rule)
        if one.problems:
            return None
        one.same = not found.shown
        if one.same:
            self.reader.note(one, "same-as-here", "It is here already, just so.", "Nothing is to be done.")
            return None
        message = f"{known.name} is here already; what differs is changed, and charged, from today on."
        self.reader.note(one, "changed-from-today", message, "Leave the row out if it is not to be changed.")
        return found.record(known)

    def _one_of(self, one: Told, name: str, said: str, known: here.Found, key: str) -> Row | None:
        word, what = said.lower(), WHAT.get(name, name)
        found = list(known.get(word, {}).values()) if word else []
        if len(found) == 1:
            return found[0]
        code = what.replace(" ", "-")
        if found:
            named = ", ".join(f"{row['name']} ({row[key]})" for row in found[:NAMED])
            remedy = "Write the one number that only it has." if name == "account" else "Write the SKU."
            self.reader.refuse(one, f"{code}-ambiguous", name, f"It may be any of: {named}.", remedy)
        elif word:
            remedy = f"Import the {what} first, or correct the word."
            message = f"There is no such {what} here{f': {said[:40]}' if name in WHAT else ''}."
            self.reader.refuse(one, f"{code}-unknown", name, message, remedy)
        return None

    def _sold(self, sale: Sale) -> None:
        one, buyer, product = sale.told, sale.buyer, sale.product
        verdict = Account.verdict("create_subscription", governed(buyer), live=self.live)
        if not verdict:
            remedy = "Leave the row out, or bring it in where the account may be sold to."
            self.reader.refuse(one, "account-not-sold-to", "account", verdict.why, remedy, verdict.rule)
        elif not self.live and any(of["standing"] != "own" for of in (product, *sale.add_ons)):
            remedy = "Leave the row out until you are live."
            self.reader.refuse(one, "bought-above", "product", bought_above.why, remedy, bought_above.rule)
        if product["kind"] == "add_on":
            message = f"{product['name']} is an add-on; it is had with a plan."
            remedy = "Write it in the column of add-ons of its subscription's row, with its quantity."
            self.reader.refuse(one, "product-add-on", "product", message, remedy, "CAT-01")
        currency = one.cells.get("currency", "")
        if currency and currency.upper() != buyer["currency"]:
            message = f"{buyer['name']} buys in {buyer['currency']}, by its price list or its own currency."
            remedy = f"Write {buyer['currency']} with a price in it, or give the account another price list."
            self.reader.refuse(one, "currency-other", "currency", message, remedy, "CAT-02")
        external_id, begins = one.cells.get("external_id"), one.days.get("start_on")
        if external_id and begins and begins > self.now and product["provisioning_system_id"]:
            message = "It has yet to begin, and would be asked for at the outside system once more then."
            remedy = "Leave the external id empty, or bring it in once it has begun."
            self.reader.refuse(one, "provisioned-too-early", "external_id", message, remedy, "PRV-20")

    def _tried(self, sale: Sale) -> None:
        one, key = sale.told, (sale.buyer["id"], sale.product["id"])
        if "trial_until" not in one.days or one.days["trial_until"] < self.now:
            return
        line, remedy = self.seen.trials.setdefault(key, one.line), "Leave the last day of the trial empty."
        if line != one.line:
            message = f"Line {line} is a trial of the same product; there is one trial of a product."
            self.reader.refuse(one, "tried-already", "trial_until", message, remedy, "SUB-01")
        elif key in self.tried:
            message = f"{sale.buyer['name']} has tried {sale.product['name']} already; there is one trial of a product."
            self.reader.refuse(one, "tried-already", "trial_until", message, remedy, "SUB-01")
        elif not sale.product["trial_allowed"]:
            message, way = f"{sale.product['name']} cannot be tried.", "Leave it empty, or allow trials of the product."
            self.reader.refuse(one, "trial-not-allowed", "trial_until", message, way, "SUB-01")

    def _external_id(self, one: Told) -> None:
        if not (external_id := one.cells.get("external_id")):
            return
        line = self.seen.external_ids.setdefault(external_id, one.line)
        if line != one.line:
            message, remedy = f"Line {line} has the same external id.", "Keep one of the rows."
        elif external_id in self.known and one.problems:
            # What it would change is not known, so at least it is said that it is here.
            message, remedy = f"{self.known[external_id].name} has this external id here.", "Leave the row out."
        else:
            return
        self.reader.refuse(one, "external-id-taken", "external_id", message, remedy)

    def _prices(self, sales: Sequence[Sale]) -> dict[str, Decimal]:
        """Give today's prices by line, in a few statements for each price list; rows that have none are refused.

        That of an add-on stands under its line and place.
        """
        found: dict[str, Decimal] = {}
        groups: dict[tuple[UUID | None, str], list[Sale]] = {}
        for sale in sales:
            groups.setdefault((sale.buyer["list_id"], sale.buyer["currency"]), []).append(sale)
        for (list_id, currency), of_list in groups.items():
            found |= self._of_list(of_list, list_id, currency)
        return found

    def _of_list(self, sales: Sequence[Sale], list_id: UUID | None, currency: str) -> dict[str, Decimal]:
        asked = {one.field: one for sale in sales for one in wanted(sale)}
        by_line = {one.field: sale for sale in sales for one in wanted(sale)}
        try:
            priced = prices_of(self.work, asked.values(), list_id, currency, on=self.now)
        except Invalid as problem:
            for fault in problem.faults:
                # A fault blames the line, which stands for the field here.
                del asked[fault.field]
                self.reader.refuse(
                    by_line[fault.field].told,
                    "not-sold-so",
                    "add_ons" if "." in fault.field else "product",
                    fault.message,
                    fault.remedy,
                    fault.rule,
                )
            priced = prices_of(self.work, asked.values(), list_id, currency, on=self.now) if asked else []
        return {line: price.unit_price for line, price in zip(asked, priced, strict=True)}
