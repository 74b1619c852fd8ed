"""Transfer Subscriptions on made-up records: the preview says what the run does, and both are what plain Python makes
of the spec (HND-07, DN-40).
"""

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from tenantry.charging.pricing import Wanted, price_of
from tenantry.schema import catalog, metadata, sales
from tests.channel.stories import preview, resold_product
from tests.rules.made_up import anything, words
from tests.world import Row, Tenant, World

ON_ONE_DATABASE = settings(
    max_examples=8,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
KEPT = """id account_id product_id name status cycle quantity start_on trial_until paid_from anchor_on charged_until
    term_until end_on suspended_on renew external_id provisioning_status""".split()
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
maybe = st.none() | days
money = st.decimals("0.01", "999", places=2).map(Decimal)
subscription = st.fixed_dictionaries(
    {
        "name": st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12),
        "status": st.sampled_from(["starting_later", "trial", "active", "suspended", "pending_cancellation"]),
        "currency": st.sampled_from(["EUR", "EUR", "USD"]),
        "quantity": st.integers(1, 30),
        "unit_price": money,
        "discount_percent": st.integers(0, 50),
        "price_frozen": st.booleans(),
        "start_on": days,
        **dict.fromkeys("trial_until paid_from anchor_on charged_until term_until end_on suspended_on".split(), maybe),
        "renew": st.booleans(),
        "external_id": words,
        "provisioning_status": st.sampled_from(["not_provisioned", "requested", "provisioned", "failed"]),
        "custom_fields": anything,
        "add_ons": st.lists(st.tuples(st.integers(1, 9), money), max_size=2),
    }
)
tiers = st.lists(st.tuples(st.sampled_from([1, 5, 20]), money | st.none(), st.integers(0, 80)), max_size=3)


class Town:
    """A reseller with a copied customer, who sells a service with two add-ons; another customer is left."""

    def __init__(self, world: World) -> None:
        self.world, self.home, self.reseller = world, world.distributor(), world.tenant_reseller()
        self.mail = resold_product(world, self.reseller)
        self.add_ons = [self._add_on() for _ in range(2)]
        self.acme, _ = world.account(bill_to=self.reseller), world.account(bill_to=self.reseller)
        world.transfer_accounts(self.acme, to=self.reseller)
        for price in world.rows(self.reseller, "product_price"):
            world.update(self.reseller, "product_price", price.id, cost=Decimal("3.335"))

    def _add_on(self) -> Row:
        found = resold_product(self.world, self.reseller, kind="add_on")
        for at in (self.home, self.reseller):
            self.world.insert(at, "product_add_on", product_id=self.mail.id, add_on_id=found.id)
        return found

    def prices(self, found: list[tuple[int, Decimal | None, int]]) -> None:
        """Give the account a price list below; of several tiers from the same number on the first counts."""
        own = self.world.insert(self.reseller, catalog.price_list, name="Own", currency="EUR")
        for least, (price, margin) in {least: (price, margin) for least, price, margin in reversed(found)}.items():
            item = {"price": price, "margin_percent": None if price is not None else margin}
            for product in (self.mail, self.add_ons[0]):
                self.world.insert(
                    self.reseller,
                    catalog.price_list_item,
                    price_list_id=own.id,
                    product_id=product.id,
                    cycle="monthly",
                    min_quantity=least,
                    **item,
                )
        self.world.update(self.reseller, "account", self.acme.id, price_list_id=own.id)

    def sell(self, one: dict[str, Any]) -> Row:
        plain = {name: value for name, value in one.items() if name != "add_ons"}
        sold = self.world.subscription(self.acme, self.mail, **plain)
        for product, (quantity, price) in zip(self.add_ons, one["add_ons"], strict=False):
            self.world.insert(
                self.home,
                sales.subscription_add_on,
                subscription_id=sold.id,
                product_id=product.id,
                quantity=quantity,
                unit_price=price,
            )
        return sold

    def read(self, at: Tenant, sold: Row) -> dict[str, dict[Any, dict[str, Any]]]:
        """Read everything of a subscription that its transfer may touch."""
        return {
            "subscription": {row.id: vars(row) for row in self.world.rows(at, "subscription", id=sold.id)},
            "subscription_add_on": {
                row.id: vars(row) for row in self.world.rows(at, "subscription_add_on", subscription_id=sold.id)
            },
        }

    def price(self, product: Row, quantity: int) -> Decimal:
        """Ask what one unit costs the account below, as a sale there would."""
        account = self.world.row(self.reseller, "account", self.acme.id)
        assert account
        wanted = Wanted(product.id, "monthly", quantity=quantity)
        with self.world.web.work(self.reseller.id) as work:
            return price_of(work, wanted, account.price_list_id, "EUR", on=work.at.date()).unit_price


@pytest.fixture
def town(world: World) -> Town:
    return Town(world)


@ON_ONE_DATABASE
@given(sold=st.lists(subscription, min_size=1, max_size=3), rate=st.decimals("0.01", "99", places=4).map(Decimal))
def test_hnd_07_the_preview_says_field_by_field_what_the_run_does(
    town: Town, sold: list[dict[str, Any]], rate: Decimal
) -> None:
    """Every row of the preview becomes exactly that, no other row appears, and none but those shown changes."""
    world = town.world
    made = [town.sell(one) for one in sold]
    sides = (town.home, town.reseller)
    before = {(at.id, one.id): town.read(at, one) for at in sides for one in made}
    handover = world.plan(*made, to=town.reseller, kind="transfer_subscriptions", rates={"USD": rate})
    shown = preview(world, handover)
    assert world.confirm(handover).status == "completed"

    for one in made:
        said: dict[Any, dict[str, Any]] = {}
        for part in shown[one.id].parts:
            at = town.home if part.is_above else town.reseller
            fields = {field.field: field.after for field in part.fields if field.verb != "assign"}
            names = {field.field for field in part.fields}
            said.setdefault((at.id, part.entity, part.id), {}).update(dict.fromkeys(names) | fields)
            row = world.row(at, metadata.tables[part.entity], part.id)
            assert row, part
            assert {name: getattr(row, name) for name in fields} == fields, part.part
        for at in sides:
            _nothing_else(at.id, said, before[at.id, one.id], town.read(at, one))


def _nothing_else(at: object, said: dict[Any, Any], before: dict[str, Any], after: dict[str, Any]) -> None:
    silent = {"tenant_id", "id", "version", "created_at", "sort_name", "search"}
    for table, rows in after.items():
        for id_, row in rows.items():
            old, shown = before[table].get(id_), said.get((at, table, id_))
            assert old is not None or shown is not None, f"{table} {id_} came from nowhere"
            for name in row.keys() - silent:
                unchanged = old is not None and old[name] == row[name]
                assert unchanged or (shown is not None and name in shown), f"{table}.{name} changed without a word"


@ON_ONE_DATABASE
@given(
    sold=st.lists(subscription, min_size=1, max_size=3),
    rate=st.decimals("0.01", "99", places=4).map(Decimal),
    listed=tiers,
)
def test_dn_40_the_copy_is_what_plain_python_makes_of_the_spec(
    town: Town, sold: list[dict[str, Any]], rate: Decimal, listed: list[tuple[int, Decimal | None, int]]
) -> None:
    """The oracle: the field rules once more, the prices as a sale below would ask them (CAT-02)."""
    world, home, below = town.world, town.home, town.reseller
    town.prices(listed)
    made = [town.sell(one) for one in sold]
    add_ons = {one.id: town.read(home, one)["subscription_add_on"] for one in made}
    world.transfer_subscriptions(*made, to=below, rates={"USD": rate})

    for one in made:
        copies = town.read(below, one)
        [copy] = copies["subscription"].values()
        assert {name: copy[name] for name in KEPT} == {name: getattr(one, name) for name in KEPT}
        assert (copy["currency"], copy["bill_to_id"], copy["standing"]) == ("EUR", town.acme.id, "own")
        assert (copy["discount_percent"], copy["price_frozen"], copy["custom_fields"]) == (0, False, {})
        assert (copy["order_id"], copy["promotion_id"], copy["managed_by"]) == (None, None, None)
        assert copy["unit_price"] == town.price(town.mail, one.quantity)
        assert copies["subscription_add_on"].keys() == add_ons[one.id].keys()
        for id_, part in copies["subscription_add_on"].items():
            product = next(each for each in town.add_ons if each.id == part["product_id"])
            assert part["quantity"] == add_ons[one.id][id_]["quantity"]
            assert part["unit_price"] == town.price(product, part["quantity"])
        [above] = town.read(home, one)["subscription"].values()
        price = one.unit_price if one.currency == "EUR" else _cents(one.unit_price * rate)
        assert (above["currency"], above["unit_price"], above["managed_by"]) == ("EUR", price, below.id)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_EVEN)


@ON_ONE_DATABASE
@given(sold=st.lists(subscription, min_size=1, max_size=3), rate=st.decimals("0.01", "99", places=4).map(Decimal))
def test_hnd_05_undone_it_is_as_if_nothing_had_been(town: Town, sold: list[dict[str, Any]], rate: Decimal) -> None:
    world, sides = town.world, (town.home, town.reseller)
    made = [town.sell(one) for one in sold]

    def seen() -> list[Any]:
        rows = [town.read(at, one) for at in sides for one in made]
        return [
            {id_: {name: value for name, value in row.items() if name != "version"} for id_, row in table.items()}
            for tables in rows
            for table in tables.values()
        ]

    before = seen()
    handover = world.transfer_subscriptions(*made, to=town.reseller, rates={"USD": rate})
    assert seen() != before
    assert world.undo(handover).status == "undone"

    assert seen() == before


def test_ten_30_a_conversion_is_rounded_half_even(town: Town) -> None:
    for price, rate, comes_to in (("0.25", "0.5", "0.12"), ("0.35", "0.5", "0.18"), ("0.15", "0.5", "0.08")):
        one = {"name": "Mail", "currency": "USD", "unit_price": Decimal(price), "add_ons": []}
        sold = town.sell(one)
        town.world.transfer_subscriptions(sold, to=town.reseller, rates={"USD": Decimal(rate)})
        [above] = town.read(town.home, sold)["subscription"].values()
        assert above["unit_price"] == Decimal(comes_to), price


def test_dn_40_a_list_that_does_not_hold_today_is_not_looked_at(town: Town) -> None:
    world, yesterday = town.world, date.today() - timedelta(days=2)  # noqa: DTZ011 - a day that has passed everywhere
    town.prices([(1, Decimal(5), 0)])
    [own] = world.rows(town.reseller, "price_list", name="Own")
    first = town.sell({"name": "Mail", "add_ons": []})
    world.transfer_subscriptions(first, to=town.reseller)
    world.update(town.reseller, "price_list", own.id, valid_until=yesterday)
    second = town.sell({"name": "Mail", "add_ons": []})
    world.transfer_subscriptions(second, to=town.reseller)

    found = [town.read(town.reseller, one)["subscription"][one.id]["unit_price"] for one in (first, second)]
    assert found == [5, 10]
