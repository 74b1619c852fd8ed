"""Who sells while programs are killed: each knows of every customer of his what was acknowledged.

Whoever gets no answer asks again until he has one: a POST under the same Idempotency-Key, anything else with the
version that he had read. So nothing that he did is unknown to him in the end, however often the line went dead.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from tenantry.kernel.ids import new_id
from tests.world import Tenant

PATIENCE = 300.0
# What may be sent again as it is.
NOT_NOW = {"idempotency-key-in-use", "busy"}

Item = tuple[str, int]


@dataclass
class Subscription:
    """What its seller knows of a subscription."""

    id: str
    product: str
    quantity: int
    happened: list[str]
    status: str = "active"
    renew: bool = True
    archive: int = 0


@dataclass
class Customer:
    """What his seller knows of a customer: how he is called, and what he bought, event by event."""

    id: str
    name: str
    email: str
    address_id: str
    city: str
    sold: list[list[Item]] = field(default_factory=list)
    subscriptions: list[Subscription] = field(default_factory=list)
    assets: int = 0
    tried: bool = False


class Refused(Exception):
    """The API said no to what it should have done."""


@dataclass
class Seller:
    """Sells in a tenant, to customers of his own, one thing after the other."""

    tenant: Tenant
    products: dict[str, str]
    url: str
    token: str
    dice: random.Random
    customers: list[Customer] = field(default_factory=list)
    acted: Counter[str] = field(default_factory=Counter)
    asked_again: Counter[str] = field(default_factory=Counter)
    fault: Exception | None = None

    def run(self, stop: threading.Event) -> None:
        """Do one thing after the other until told to stop; what was begun is brought to its end."""
        with httpx.Client(base_url=f"{self.url}/api/v1", timeout=20) as self.http:
            try:
                while not stop.is_set():
                    self.act()
            except Exception as fault:  # noqa: BLE001 - whoever started the thread raises it again
                self.fault = fault

    def act(self) -> None:
        """Do something by lot with somebody."""
        if len(self.customers) < 2 or self.dice.random() < 0.07:
            self.acted["customer"] += 1
            self.new_customer()
            return
        customer = self.dice.choice(self.customers)
        of = self.dice.choice(customer.subscriptions) if customer.subscriptions else None
        can = [act for act, needs in ACTS if needs is None or (of is not None and needs(of))]
        act = self.dice.choice(can)
        act(self, customer, of)
        self.acted[act.__name__] += 1

    # What is done to customers

    def new_customer(self) -> None:
        word = new_id().hex[-6:]
        made = self.post(
            "/accounts",
            name=f"Acme {word}",
            email=f"{word}@acme.example",
            accounting_no=word,
            credit_limit="10000000",
            addresses=[{"city": "Athens", "country": "GR"}],
        )
        [address] = made["addresses"]
        self.customers.append(Customer(made["id"], made["name"], made["email"], address["id"], "Athens"))

    def edit_account(self, who: Customer, _: object) -> None:
        word = new_id().hex[-6:]
        self.write("PATCH", f"/accounts/{who.id}", {"name": f"Acme {word}", "email": f"{word}@acme.example"})
        who.name, who.email = f"Acme {word}", f"{word}@acme.example"

    def edit_address(self, who: Customer, _: object) -> None:
        city = f"City {new_id().hex[-6:]}"
        self.write("PATCH", f"/addresses/{who.address_id}", {"city": city})
        who.city = city

    # What is sold

    def subscribe(self, who: Customer, _: object) -> None:
        quantity = self.units()
        made = self.post("/subscriptions", **self.item("mail", quantity), account_id=who.id)
        who.subscriptions.append(Subscription(made["id"], "mail", quantity, ["activation"]))
        who.sold.append([("mail", quantity)])

    def order(self, who: Customer, _: object) -> None:
        """Of what is ordered something is his own, of which nobody above hears."""
        quantity = self.units()
        router = {"product_id": self.products["router"], "cycle": "one_off", "quantity": 1}
        items = [self.item("mail", quantity), router, self.item("help", 1)]
        id = self.post("/orders", account_id=who.id, items=items)["id"]
        self.write("PUT", f"/orders/{id}/submission", of=f"/orders/{id}")
        self.write("PUT", f"/orders/{id}/execution", {}, of=f"/orders/{id}")
        who.sold.append([("mail", quantity), ("router", 1)])
        self.take_up(who, id, mail=quantity, help=1)
        who.assets += 1

    def check_out(self, who: Customer, _: object) -> None:
        basket = self.post("/baskets", account_id=who.id)["id"]
        quantities = {"mail": self.units(), "suite": self.units()}
        for product, quantity in quantities.items():
            shown = self.post(f"/baskets/{basket}/items", **self.item(product, quantity))
        id = self.post(f"/baskets/{basket}/checkout", digest=shown["digest"])["id"]
        who.sold.append(list(quantities.items()))
        self.take_up(who, id, **quantities)

    def take_up(self, who: Customer, order_id: str, **quantities: int) -> None:
        """Learn which subscriptions an order has started."""
        found = self.get("/subscriptions", **{"filter[order_id]": order_id, "fields": "id,product_id"})["items"]
        products = {id: name for name, id in self.products.items()}
        assert sorted(products[one["product_id"]] for one in found) == sorted(quantities), found
        for one in found:
            product = products[one["product_id"]]
            who.subscriptions.append(Subscription(one["id"], product, quantities[product], ["activation"]))

    def try_out(self, who: Customer, _: object) -> None:
        if who.tried:
            return
        made = self.post("/subscriptions", **self.item("trial", 3), account_id=who.id, trial=True)
        who.subscriptions.append(Subscription(made["id"], "trial", 3, ["trial"], status="trial"))
        who.tried = True

    def convert(self, who: Customer, of: Subscription) -> None:
        self.change("PUT", of, "conversion")
        self.happened(of, "conversion", status="active")
        who.sold.append([("trial", of.quantity)])

    def change_quantity(self, who: Customer, of: Subscription) -> None:
        quantity = self.dice.choice([one for one in range(1, 30) if one != of.quantity])
        self.change("POST", of, "quantity-changes", {"quantity": quantity})
        if of.status == "active" and of.product != "help":
            who.sold.append([(of.product, quantity - of.quantity)])
        self.happened(of, "quantity", quantity=quantity)

    def add_add_on(self, who: Customer, of: Subscription) -> None:
        quantity = self.units()
        self.change("POST", of, "add-ons", {"product_id": self.products["archive"], "quantity": quantity})
        self.happened(of, "add_on", archive=quantity)
        who.sold.append([("archive", quantity)])

    def change_add_on(self, who: Customer, of: Subscription) -> None:
        quantity = of.archive + self.units()
        self.change("PATCH", of, f"add-ons/{self.products['archive']}", {"quantity": quantity})
        who.sold.append([("archive", quantity - of.archive)])
        self.happened(of, "add_on", archive=quantity)

    def remove_add_on(self, _: Customer, of: Subscription) -> None:
        self.change("DELETE", of, f"add-ons/{self.products['archive']}")
        self.happened(of, "add_on", archive=0)

    def move(self, who: Customer, of: Subscription) -> None:
        """Upgrade it or downgrade it, as a whole."""
        kind, to = ("upgrade", "suite") if of.product == "mail" else ("downgrade", "mail")
        self.change("POST", of, f"{kind}s", {"product_id": self.products[to]})
        who.sold.append([(of.product, -of.quantity), (to, of.quantity)])
        self.happened(of, kind, product=to)

    def part(self, who: Customer, of: Subscription) -> None:
        """Upgrade or downgrade one unit, which becomes a subscription of its own."""
        kind, to = ("upgrade", "suite") if of.product == "mail" else ("downgrade", "mail")
        self.change("POST", of, f"{kind}s", {"product_id": self.products[to], "quantity": 1})
        who.sold.append([(of.product, -1), (to, 1)])
        self.happened(of, kind, quantity=of.quantity - 1)
        known = {one.id for one in who.subscriptions}
        listed = self.get("/subscriptions", **{"filter[account_id]": who.id, "fields": "id", "limit": "200"})["items"]
        [new] = [one["id"] for one in listed if one["id"] not in known]
        who.subscriptions.append(Subscription(new, to, 1, [], renew=of.renew))

    # What sells nothing

    def suspend(self, _: Customer, of: Subscription) -> None:
        self.change("PUT", of, "suspension", {"because": "Unpaid"})
        self.happened(of, "suspension", status="suspended")

    def resume(self, _: Customer, of: Subscription) -> None:
        self.change("DELETE", of, "suspension")
        self.happened(of, "resumption", status="active")

    def set_renewal(self, _: Customer, of: Subscription) -> None:
        self.change("PUT", of, "renewal", {"renew": not of.renew})
        self.happened(of, "renew_flag", renew=not of.renew)

    def cancel(self, _: Customer, of: Subscription) -> None:
        self.change("PUT", of, "cancellation", {"mode": "now"})
        self.happened(of, "cancellation", status="cancelled")

    def happened(self, of: Subscription, kind: str, **what: Any) -> None:
        of.happened.append(kind)
        for name, value in what.items():
            setattr(of, name, value)

    # How it is asked for

    def units(self) -> int:
        return self.dice.randint(2, 9)

    def item(self, product: str, quantity: int) -> dict[str, Any]:
        return {"product_id": self.products[product], "cycle": "monthly", "quantity": quantity}

    def change(self, method: str, of: Subscription, what: str, fields: dict[str, Any] | None = None) -> None:
        path = f"/subscriptions/{of.id}"
        if method == "POST":
            self.post(f"{path}/{what}", **(fields or {}))
        else:
            self.write(method, f"{path}/{what}", fields, of=path)

    def get(self, path: str, **params: str) -> Any:
        return self.ask("GET", path, params=params).json()

    def post(self, path: str, **fields: Any) -> Any:
        """Make something, once: whoever asks again says the same key."""
        return self.ask("POST", path, json=fields, headers={"idempotency-key": new_id().hex}).json()

    def write(self, method: str, path: str, fields: dict[str, Any] | None = None, *, of: str = "") -> None:
        """Change what stands at `of`, once: it is at another version then."""
        read = self.ask("GET", of or path).headers["etag"]
        given: dict[str, Any] = {"headers": {"if-match": read}} | ({} if fields is None else {"json": fields})
        try:
            self.ask(method, path, **given)
        except Refused:
            # It may be done already, by the one that was not answered.
            if not self.in_doubt or self.ask("GET", of or path).headers["etag"] == read:
                raise

    def ask(self, method: str, path: str, *, headers: dict[str, str] | None = None, **given: Any) -> httpx.Response:
        """Ask until there is an answer; raises Refused when it is a no."""
        ends, self.in_doubt = time.monotonic() + PATIENCE, False
        headers = {"authorization": f"Bearer {self.token}", **(headers or {})}
        while time.monotonic() < ends:
            try:
                answer = self.http.request(method, path, headers=headers, **given)
            except httpx.TransportError as fault:
                self.asked_again[type(fault).__name__] += 1
                self.in_doubt = True
                time.sleep(0.2)
                continue
            if answer.is_success:
                return answer
            if not answer.is_server_error and answer.json()["code"] not in NOT_NOW:
                raise Refused(f"{method} {path} {given}: {answer.status_code} {answer.text}")
            self.asked_again[str(answer.status_code)] += 1
            self.in_doubt = True
            time.sleep(0.05)
        raise TimeoutError(f"{method} {path} was not answered within {PATIENCE:.0f} s")


Act = Callable[[Seller, Customer, Any], None]


def _active(of: Subscription) -> bool:
    return of.status == "active"


def _movable(of: Subscription) -> bool:
    return of.status == "active" and of.product in {"mail", "suite"} and not of.archive


ACTS: list[tuple[Act, Callable[[Subscription], bool] | None]] = [
    (Seller.edit_account, None),
    (Seller.edit_address, None),
    (Seller.subscribe, None),
    (Seller.order, None),
    (Seller.check_out, None),
    (Seller.try_out, None),
    (Seller.convert, lambda of: of.status == "trial"),
    (Seller.change_quantity, lambda of: of.status in {"active", "trial"}),
    (Seller.add_add_on, _movable),
    (Seller.change_add_on, lambda of: _active(of) and of.archive > 0),
    (Seller.remove_add_on, lambda of: _active(of) and of.archive > 0),
    (Seller.move, _movable),
    (Seller.part, lambda of: _movable(of) and of.quantity > 1),
    (Seller.suspend, _active),
    (Seller.resume, lambda of: of.status == "suspended"),
    (Seller.set_renewal, _active),
    (Seller.cancel, lambda of: _movable(of) and len(of.happened) > 2),
]
