"""Judge rows of subscriptions against what is here: accounts, products, prices, what was brought in before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.charging.pricing import Wanted, prices_of
from tenantry.charging.proration import DAY
from tenantry.crm.records import governed
from tenantry.database import Row, Work
from tenantry.intake.subscriptions import here
from tenantry.intake.subscriptions.days import Standing, standing, wrong
from tenantry.intake.subscriptions.reading import SubscriptionReader, Told
from tenantry.kernel.ids import derived_id
from tenantry.kernel.problems import Invalid
from tenantry.rules.policy import Account
from tenantry.sales.defaults import today
from tenantry.sales.selling import bought_above
from tenantry.tenancy import queries

NAMED = 5

Refuse = Callable[..., None]


@dataclass
class Seen:
    """What earlier rows of the file said: external ids and trials, each with its line."""

    external_ids: dict[str, int] = field(default_factory=dict)
    trials: dict[tuple[UUID, UUID], int] = field(default_factory=dict)


@dataclass(frozen=True)
class Sale:
    """A row with the account and the product that it means."""

    told: Told
    buyer: Row
    product: Row


class Judging:
    """A batch of rows while it is judged against what is here."""

    def __init__(
        self, work: Work, run: sa.RowMapping, reader: SubscriptionReader, seen: Seen, rows: Sequence[Told]
    ) -> None:
        self.work, self.run, self.reader, self.seen, self.rows = work, run, reader, seen, rows
        self.now, self.live = today(work), queries.is_live(work)
        self.accounts = here.accounts(work, {one.cells.get("account", "").lower() for one in rows}, self.now)
        self.products = here.products(work, {one.cells.get("product", "").lower() for one in rows})
        ids = {id for found in self.accounts.values() for id in found}
        self.tried = here.tried(work, ids)
        self.known = here.external_ids(work, {one.cells.get("external_id", "") for one in rows} - {""})

    def records(self) -> dict[int, Any]:
        """Give what each row is to become, by line; rows gain their problems."""
        sales = [sale for one in self.rows if (sale := self._sale(one))]
        for one in self.rows:
            for code, name, message, remedy, rule in wrong(one, self.now):
                self.reader.refuse(one, code, name, message, remedy, rule)
            self._external_id(one)
        for sale in sales:
            self._sold(sale)
            self._tried(sale)
        prices = self._prices([sale for sale in sales if sale.told.cycle])
        return {sale.told.line: self._record(sale, prices[sale.told.line]) for sale in sales if not sale.told.refused}

    def _sale(self, one: Told) -> Sale | None:
        buyer = self._one_of(one, "account", self.accounts, "number")
        product = self._one_of(one, "product", self.products, "sku")
        return Sale(one, buyer, product) if buyer and product else None

    def _one_of(self, one: Told, name: str, known: here.Found, key: str) -> Row | None:
        word = one.cells.get(name, "").lower()
        found = list(known.get(word, {}).values()) if word else []
        if len(found) == 1:
            return found[0]
        if found:
            named = ", ".join(f"{row['name']} ({row[key]})" for row in found[:NAMED])
            remedy = "Write the one number that only it has." if name == "account" else "Write the SKU."
            self.reader.refuse(one, f"{name}-ambiguous", name, f"It may be any of: {named}.", remedy)
        elif word:
            remedy = f"Import the {name} first, or correct the word."
            self.reader.refuse(one, f"{name}-unknown", name, f"There is no such {name} here.", remedy)
        return None

    def _sold(self, sale: Sale) -> None:
        one, buyer, product = sale.told, sale.buyer, sale.product
        verdict = Account.verdict("create_subscription", governed(buyer), live=self.live)
        if not verdict:
            remedy = "Leave the row out, or bring it in where the account may be sold to."
            self.reader.refuse(one, "account-not-sold-to", "account", verdict.why, remedy, verdict.rule)
        elif not self.live and product["standing"] != "own":
            remedy = "Leave the row out until you are live."
            self.reader.refuse(one, "bought-above", "product", bought_above.why, remedy, bought_above.rule)
        if product["kind"] == "add_on":
            message, remedy = f"{product['name']} is an add-on; it is had with a plan.", "Add it to its subscription."
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
        elif external_id in self.known:
            message, remedy = f"{self.known[external_id]} has this external id here.", "Leave the row out."
        else:
            return
        self.reader.refuse(one, "external-id-taken", "external_id", message, remedy)

    def _prices(self, sales: Sequence[Sale]) -> dict[int, Decimal]:
        """Give today's prices by line, in a few statements for each price list; rows that have none are refused."""
        found: dict[int, Decimal] = {}
        groups: dict[tuple[UUID | None, str], list[Sale]] = {}
        for sale in sales:
            groups.setdefault((sale.buyer["list_id"], sale.buyer["currency"]), []).append(sale)
        for (list_id, currency), of_list in groups.items():
            found |= self._of_list(of_list, list_id, currency)
        return found

    def _of_list(self, sales: Sequence[Sale], list_id: UUID | None, currency: str) -> dict[int, Decimal]:
        by_line = {str(sale.told.line): sale for sale in sales}
        wanted = {
            line: Wanted(sale.product["id"], sale.told.cycle, line, sale.told.quantity)
            for line, sale in by_line.items()
        }
        try:
            priced = prices_of(self.work, wanted.values(), list_id, currency, on=self.now)
        except Invalid as problem:
            for fault in problem.faults:
                # A fault blames the line, which stands for the field here.
                del wanted[fault.field]
                self.reader.refuse(
                    by_line[fault.field].told,
                    "not-sold-so",
                    "product",
                    fault.message,
                    fault.remedy,
                    fault.rule,
                )
            priced = prices_of(self.work, wanted.values(), list_id, currency, on=self.now) if wanted else []
        return {int(line): price.unit_price for line, price in zip(wanted, priced, strict=True)}

    def _record(self, sale: Sale, price: Decimal) -> dict[str, Any]:
        one, buyer, product = sale.told, sale.buyer, sale.product
        at = standing(one, buyer, self.now)
        external_id = one.cells.get("external_id", "")
        name = one.cells.get("name") or f"{buyer['name']} - {product['name']}"
        return {
            "subscription": {
                "id": str(derived_id(self.run["id"], self.run["id"], f"subscription {one.line}")),
                "account_id": str(buyer["id"]),
                "bill_to_id": str(buyer["bill_to_id"]),
                "product_id": str(product["id"]),
                "name": name[:320],
                "status": at.status,
                "cycle": one.cycle,
                "currency": buyer["currency"],
                "quantity": one.quantity,
                "unit_price": str(price if one.unit_price is None else one.unit_price),
                "external_id": external_id,
                "provisioning_status": "provisioned" if external_id else "not_provisioned",
                **_days(one, at, self.now),
            },
            "changes": _shown(at),
        }


def _days(one: Told, at: Standing, now: date) -> dict[str, Any]:
    """Give its days as they are stored: the period that runs was charged where it comes from."""
    days: Mapping[str, date] = one.days
    ends, term = days.get("end_on"), days.get("term_until")
    charged = at.charged_from - DAY if at.charged_from else None
    if one.renew is False and not ends:
        ends = max(day for day in (term, charged, now) if day)
    if charged and ends:
        charged = min(charged, ends)
    found = {
        "start_on": days["start_on"],
        "trial_until": days.get("trial_until"),
        "paid_from": at.paid_from,
        "anchor_on": at.anchor_on,
        "charged_until": charged,
        "term_until": term or charged,
        "end_on": ends,
    }
    renew = one.renew if one.renew is not None else not ends
    return {name: None if day is None else str(day) for name, day in found.items()} | {"renew": renew}


def _shown(at: Standing) -> list[dict[str, str]]:
    changes = {"status": at.status.replace("_", " "), "charged from": str(at.charged_from or "")}
    return [{"field": name, "before": "", "after": after} for name, after in changes.items() if after]
