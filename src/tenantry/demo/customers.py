"""The demo's customers: companies with addresses, contacts, orders and subscriptions,
a few of them awkward on purpose.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.demo import words
from tenantry.demo.catalogue import PRODUCTS, Catalogue
from tenantry.kernel.ids import new_id
from tenantry.schema import crm, sales
from tenantry.schema.catalog import sync_option
from tenantry.schema.tenant import counter

TABLES = (
    crm.account,
    crm.address,
    crm.contact,
    sync_option,
    crm.opportunity,
    sales.order,
    sales.order_item,
    sales.offer,
    sales.offer_item,
    sales.subscription,
    crm.activity,
    crm.history_line,
)


@dataclass
class Town:
    """Makes customers in the distributor's tenant and keeps their rows until they are written,
    a statement per table.
    """

    work: Work
    catalogue: Catalogue
    admin: UUID
    rule: UUID
    order_type: UUID
    dice: random.Random = field(default_factory=lambda: random.Random(2026))  # noqa: S311 - the same demo every time
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {table.name: [] for table in TABLES})
    _names: Iterator[str] = field(init=False)
    _numbers: dict[str, int] = field(default_factory=lambda: {"account": 1001, "order": 1001, "offer": 1001})

    def __post_init__(self) -> None:
        """Shuffle the names once."""
        every = [f"{one} {trade}" for one in words.COMPANY for trade in words.TRADE]
        self.dice.shuffle(every)
        self._names = iter(every)

    def customer(self, payer: UUID | None = None, **given: Any) -> UUID:
        """Make a company with one or two addresses, two contacts and some orders; `payer` is its reseller."""
        country = given.pop("lives_in", None) or self.dice.choice(list(words.CITY))
        addresses = given.pop("addresses", self.dice.choice((1, 1, 2)))
        name = given.pop("name", None) or next(self._names)
        domain = name.partition(" (")[0].lower().replace(" ", "-").encode("ascii", "ignore").decode() + ".example"
        id_ = new_id()
        number = self._number("account")
        self._add(
            crm.account,
            id=id_,
            number=number,
            name=name,
            accounting_no=f"D{10_000 + number}",
            email=f"office@{domain}",
            phone=f"+49 30 {self.dice.randint(100_000, 999_999)}",
            website=f"www.{domain}",
            industry=self.dice.choice(words.INDUSTRY),
            language={"DE": "de", "AT": "de", "GR": "el", "FR": "fr", "NL": "nl", "SE": "sv"}.get(country, "en"),
            registration_number=f"HRB {self.dice.randint(1000, 99_999)}",
            description=self.dice.choice(
                ("", "", "Prefers to be called in the morning.", "Renewal talks are due in spring.")
            ),
            country=country,
            state=words.CITY[country][0][0],
            bill_to_id=payer or id_,
            credit_limit=Decimal(self.dice.choice((0, 500, 1000, 5000))),
            **{"currency": "EUR", "payment_method_id": self.catalogue.methods["manual"], "parent_id": payer, **given},
        )
        for place in range(addresses):
            self._address(id_, country, place, is_billing=place == 0)
        for place in range(2):
            self._contact(id_, domain, place)
        self._line("account", id_, "Account was created")
        return id_

    def order(
        self, account: UUID, payer: UUID, status: str = "executed", sku: str | None = None, currency: str = "EUR"
    ) -> UUID:
        """Make an order of one product; an executed one has its subscription."""
        sku = sku or self.dice.choice(list(PRODUCTS))
        id_, number = new_id(), self._number("order")
        on = date(2026, 11, 1) - timedelta(days=self.dice.randint(0, 400))
        price, quantity = Decimal(PRODUCTS[sku][4]), self.dice.randint(1, 40)
        access = self._access()
        moments = {"submitted_at": self.work.at} if status != "draft" else {}
        moments |= {"executed_at": self.work.at} if status == "executed" else {}
        self._add(
            sales.order,
            id=id_,
            number=number,
            name=f"{PRODUCTS[sku][0]}, {quantity} {_many(PRODUCTS[sku][1])}",
            account_id=account,
            bill_to_id=payer,
            order_type_id=self.order_type,
            status=status,
            ordered_on=on,
            currency=currency,
            payment_method_id=self.catalogue.methods["manual"],
            **{"submitted_at": None, "executed_at": None, **moments},
            **access,
        )
        product = self.catalogue.products[sku]
        self._add(
            sales.order_item, order_id=id_, product_id=product, cycle="monthly", quantity=quantity, unit_price=price
        )
        if status == "executed":
            self._add(
                sales.subscription,
                account_id=account,
                bill_to_id=payer,
                product_id=product,
                order_id=id_,
                name=f"{PRODUCTS[sku][0]}",
                status="active",
                cycle="monthly",
                currency=currency,
                quantity=quantity,
                unit_price=price,
                start_on=on,
                paid_from=on,
                provisioning_status="provisioned",
                **access,
            )
        return id_

    def sync(self, account: UUID, system: str = "panel") -> None:
        """Tie a customer to an outside system."""
        self._add(
            sync_option,
            account_id=account,
            system_id=self.catalogue.systems[system],
            external_id=f"T-{self.dice.randint(10_000, 99_999)}",
            status="synchronized",
            system_data={"domain": f"tenant{self.dice.randint(100, 999)}.example"},
        )

    def task(self, account: UUID, subject: str) -> None:
        """Note something to be done about a customer."""
        self._add(
            crm.activity,
            kind="task",
            subject=subject,
            account_id=account,
            about="account",
            about_id=account,
            **self._access(),
        )

    def offer(self, account: UUID, status: str, opportunity: str, quantity: int) -> None:
        """Make an opportunity of an account and an offer that it led to; open ones are in progress."""
        led, id_, sku = new_id(), new_id(), "OFFICE"
        price, name = Decimal(PRODUCTS[sku][4]), f"{PRODUCTS[sku][0]} for {quantity} people"
        self._add(
            crm.opportunity,
            id=led,
            name=name,
            account_id=account,
            status=opportunity,
            amount=12 * quantity * price,
            currency="EUR",
            expected_on=date(2026, 12, 31),
            created_at=self.work.at,
            **self._access(),
        )
        self._add(
            sales.offer,
            id=id_,
            number=self._number("offer"),
            name=name,
            account_id=account,
            opportunity_id=led,
            status=status,
            currency="EUR",
            offered_on=date(2026, 11, 16),
            valid_until=date(2026, 12, 31),
            note="Set-up in your offices is included.",
            created_at=self.work.at,
            **self._access(),
        )
        product = self.catalogue.products[sku]
        self._add(
            sales.offer_item,
            offer_id=id_,
            position=1,
            product_id=product,
            cycle="monthly",
            quantity=quantity,
            unit_price=price,
            discount_percent=5,
        )
        self._line("opportunity", led, "Opportunity was created")
        self._line("offer", id_, "Offer was created")

    def address(self, account: UUID, country: str, place: int, *, is_billing: bool) -> None:
        """Give a customer one more address."""
        self._address(account, country, place, is_billing=is_billing)

    def write(self) -> None:
        """Write everything, a statement per table."""
        for table in TABLES:
            if self.rows[table.name]:
                self.work.connection.execute(sa.insert(table), self.rows[table.name])
        for name, next_ in self._numbers.items():
            mine = (counter.c.tenant_id == self.work.tenant_id, counter.c.name == name)
            self.work.connection.execute(sa.update(counter).values(next=next_).where(*mine))

    def _address(self, account: UUID, country: str, place: int, *, is_billing: bool) -> None:
        # The first address is where the account says that it lives.
        state, city, postcode = words.CITY[country][0] if place == 0 else self.dice.choice(words.CITY[country])
        self._add(
            crm.address,
            account_id=account,
            position=place,
            name="Headquarters" if place == 0 else "Warehouse",
            street=f"{self.dice.choice(words.STREET)} {self.dice.randint(1, 120)}",
            city=city,
            postcode=postcode,
            state=state,
            country=country,
            is_billing=is_billing,
        )

    def _contact(self, account: UUID, domain: str, place: int) -> None:
        first, last = self.dice.choice(words.FIRST), self.dice.choice(words.LAST)
        self._add(
            crm.contact,
            account_id=account,
            first_name=first,
            last_name=last,
            company_role=self.dice.choice(words.ROLES),
            email=f"{first}.{last}@{domain}".lower(),
            phone=f"+49 30 {self.dice.randint(100_000, 999_999)}",
            is_primary=place == 0,
            bill_to_contact=place == 1,
            storefront_user=place == 0,
            **self._access(),
        )

    def _line(self, entity: str, subject: UUID, sentence: str) -> None:
        self._add(
            crm.history_line,
            entity=entity,
            subject_id=subject,
            at=self.work.at,
            actor="Mara Lindqvist",
            sentence=sentence,
        )

    def _access(self) -> dict[str, UUID]:
        return {"responsible_user_id": self.admin, "permission_rule_id": self.rule}

    def _number(self, name: str) -> int:
        self._numbers[name] += 1
        return self._numbers[name] - 1

    def _add(self, table: sa.Table, **values: Any) -> None:
        if table.name == "account":
            # Rows written together must name the same columns.
            values = {
                "reselling_enabled": False,
                "status": "active",
                "price_list_id": None,
                "separate_invoices": False,
                **values,
                **self._access(),
            }
        self.rows[table.name].append({"tenant_id": self.work.tenant_id, "id": new_id(), **values})


def _many(unit: str) -> str:
    return f"{unit}es" if unit.endswith("x") else f"{unit}s"
