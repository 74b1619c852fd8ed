"""What a new tenant is founded with, field by field;
each field above has a value of its own (TEN-04, CAT-20, CAT-21).
"""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from tenantry.kernel import clock
from tenantry.kernel.ids import new_id
from tenantry.rules import create_tenant
from tenantry.rules.copy import Copy
from tenantry.schema import catalog
from tests.world import Row, Tenant, World


class Shop:
    """A distributor's catalogue with everything filled, one price list of it, and an empty tenant below."""

    def __init__(self, world: World) -> None:
        insert, home = world.insert, world.distributor()
        self.world, self.home, self.below = world, home, world.tenant("reseller", parent_id=home.id)
        self.system = insert(home, catalog.provisioning_system, name="Cloud", kind="manual", version=4)
        other_system = insert(home, catalog.provisioning_system, name="Other")
        self.mail = self._product("Mail", provisioning_system_id=self.system.id)
        self.archive = self._product("Archive", kind="add_on")
        self.unlisted = self._product("Unlisted", provisioning_system_id=other_system.id)
        self.retired = self._product("Retired", active=False)
        self.add_on, _ = (
            insert(home, catalog.product_add_on, product_id=self.mail.id, add_on_id=one.id)
            for one in (self.archive, self.unlisted)
        )
        said = {"product_id": self.mail.id, "name": "Storage", "value": "50 GB", "position": 3}
        self.characteristic = insert(home, catalog.product_characteristic, **said)
        self.bigger = self._product("Mail Plus")
        self.path, _ = (
            insert(home, catalog.product_path, product_id=self.mail.id, kind="upgrade", to_product_id=one.id)
            for one in (self.bigger, self.unlisted)
        )
        plan = {"product_id": self.mail.id, "version": 3}
        self.plan = insert(home, catalog.plan, name="Business", **plan)
        insert(home, catalog.plan, name="Old", standing="withdrawn", **plan)
        self.price_list = insert(home, catalog.price_list, name="Partners", currency="USD")
        retail = insert(home, catalog.price_list, name="Retail", currency="EUR")
        for cycle, currency, price in (("monthly", "USD", 10), ("monthly", "EUR", 9), ("yearly", "USD", 99)):
            priced = {"product_id": self.mail.id, "cycle": cycle, "currency": currency}
            insert(home, catalog.product_price, **priced, unit_price=Decimal(price), cost=Decimal(1), term_months=12)
        self.items = {
            (product.id, cycle): insert(
                home,
                catalog.price_list_item,
                price_list_id=self.price_list.id,
                product_id=product.id,
                cycle=cycle,
                price=Decimal(price),
            )
            for product, cycle, price in (
                (self.mail, "monthly", 8),
                (self.archive, "yearly", 2),
                (self.retired, "monthly", 1),
            )
        }
        self._listed_otherwise()
        insert(home, catalog.price_list_item, price_list_id=retail.id, product_id=self.mail.id, cycle="yearly", price=7)
        gateway = {"kind": "gateway", "gateway": "adyen", "merchant_account": "D-1", "token_reference": "tok"}
        self.method = world.payment_method(home, name="SEPA", payment_days=14, version=5, **gateway)
        self.reseller = world.account(reselling_enabled=True, payment_method_id=self.method.id)

    def _listed_otherwise(self) -> None:
        """List the bigger product by a margin on its cost, and the mail in a tier, in the past and in the future."""
        insert, on = self.world.insert, {"price_list_id": self.price_list.id, "cycle": "monthly"}
        priced = {"product_id": self.bigger.id, "cycle": "monthly", "currency": "USD"}
        insert(self.home, catalog.product_price, **priced, unit_price=Decimal(30), cost=Decimal(20))
        insert(self.home, catalog.price_list_item, **on, product_id=self.bigger.id, margin_percent=Decimal("12.5"))
        tier = {"product_id": self.mail.id, "min_quantity": 10, "price": Decimal(6)}
        insert(self.home, catalog.price_list_item, **on, **tier)
        for days in ({"valid_until": date(2020, 1, 1)}, {"valid_from": date(2090, 1, 1)}):
            priced = {"product_id": self.archive.id, "price": Decimal(3)}
            insert(self.home, catalog.price_list_item, **on, **priced, **days)

    def _product(self, name: str, **given: Any) -> Row:
        filled = {"name": name, "description": f"{name}!", "category": "Office", "unit": "user", "trial_allowed": True}
        filled |= {"trial_days": 14, "active_from": date(2020, 1, 1), "active_until": date(2090, 1, 1)}
        filled |= {"min_quantity": 2, "max_quantity": 500, "in_shop": False, "terms_document_id": self._terms().id}
        return self.world.product(**{**filled, "version": 6, **given})

    def _terms(self) -> Row:
        return self.world.insert(self.home, catalog.terms_document, name="Terms", edition=new_id().hex)

    def copy(self, copy: Copy, chosen: Any) -> list[Row]:
        """Copy; first see that the preview says what comes of it (HND-07)."""
        words: dict[str, Any] = {"giver": self.home.id, "taker": self.below.id, "reseller": self.reseller.id}
        words |= {"price_list": self.price_list.id, "at": clock.now()}
        with self.world.worker.channel(self.home.id, [self.home.id, self.below.id]) as work:
            shown = work.connection.execute(copy.preview(chosen), words).mappings().all()
            for _ in range(2):
                work.connection.execute(copy.insert_from(chosen), words)
        rows = {row.id: row for row in self.world.rows(self.below, copy.into)}
        assert {row["id"] for row in shown} == rows.keys()
        for row in shown:
            made: Any = rows[row["id"]]
            assert {name: getattr(made, name) for name in copy.shown} == {
                name: row[f"after_{name}"] for name in copy.shown
            }
        return list(rows.values())


@pytest.fixture
def shop(world: World) -> Shop:
    return Shop(world)


def copied(shop: Shop, name: str) -> list[Row]:
    """Copy the catalogue up to a table and give what came of it."""
    for copy, chosen in create_tenant.CATALOGUE:
        rows = shop.copy(copy, chosen)
        if copy.name == name:
            return rows
    raise AssertionError(name)


def same(of: Row, at: Tenant, copy: Row, *names: str) -> None:
    assert {name: getattr(copy, name) for name in names} == {name: getattr(of, name) for name in names}
    assert copy.tenant_id == at.id


def test_ten_04_the_systems_that_the_products_need_come_and_no_others(shop: Shop) -> None:
    (system,) = copied(shop, "provisioning_system")
    same(shop.system, shop.below, system, "id", "name", "kind")
    assert system.version == 1


def test_cat_20_the_products_of_the_price_list_are_inherited_as_they_stand(shop: Shop) -> None:
    """Those that are sold; the unlisted and the retired stay above."""
    products = {product.id: product for product in copied(shop, "product")}
    assert products.keys() == {shop.mail.id, shop.archive.id, shop.bigger.id}
    for above in (shop.mail, shop.archive, shop.bigger):
        names = "id sku name description category kind unit provisioning_system_id trial_allowed active trial_days"
        names += " active_from active_until min_quantity max_quantity"
        same(above, shop.below, products[above.id], *names.split())
        assert (products[above.id].standing, products[above.id].version) == ("inherited", 1)
        assert products[above.id].created_at > above.created_at
        assert products[above.id].in_shop is True


def test_sf_02_which_terms_a_buyer_accepts_is_the_resellers_to_say(shop: Shop) -> None:
    assert {one.terms_document_id for one in copied(shop, "product")} == {None}


def test_cat_20_what_is_said_of_a_product_comes_with_it(shop: Shop) -> None:
    (said,) = copied(shop, "product_characteristic")
    same(shop.characteristic, shop.below, said, "id", "product_id", "name", "value", "position")


def test_cat_20_a_product_keeps_its_ways_to_those_that_may_be_resold_too(shop: Shop) -> None:
    (path,) = copied(shop, "product_path")
    same(shop.path, shop.below, path, "id", "product_id", "kind", "to_product_id")
    assert path.to_product_id == shop.bigger.id


def test_cat_01_for_how_long_a_buyer_commits_himself_is_the_distributors(shop: Shop) -> None:
    terms = {(one.product_id, one.cycle): one.term_months for one in copied(shop, "product_price")}
    assert (terms[shop.mail.id, "monthly"], terms[shop.archive.id, "yearly"]) == (12, None)


def test_cat_20_what_the_reseller_pays_is_his_cost_and_he_sells_at_the_unit_price_until_he_sets_his_own(
    shop: Shop,
) -> None:
    """TEN-04: product and cycle of the price list, in its currency; without a unit price above, at what he pays."""
    prices = {(one.product_id, one.cycle): one for one in copied(shop, "product_price")}
    assert prices.keys() == {(shop.mail.id, "monthly"), (shop.archive.id, "yearly"), (shop.bigger.id, "monthly")}
    bigger = prices[shop.bigger.id, "monthly"]
    assert (bigger.cost, bigger.unit_price) == (Decimal("22.5"), 30)
    mail, archive = prices[shop.mail.id, "monthly"], prices[shop.archive.id, "yearly"]
    assert (mail.currency, mail.cost, mail.unit_price, mail.version) == ("USD", 8, 10, 1)
    assert (archive.currency, archive.cost, archive.unit_price, archive.version) == ("USD", 2, 2, 1)


def test_ten_04_a_price_of_the_list_is_named_by_product_and_cycle(shop: Shop) -> None:
    prices = copied(shop, "product_price")
    assert {(one.product_id, one.cycle, one.currency) for one in prices} == {
        (shop.mail.id, "monthly", "USD"),
        (shop.archive.id, "yearly", "USD"),
        (shop.bigger.id, "monthly", "USD"),
    }
    assert {one.version for one in prices} == {1}


def test_ten_04_a_product_keeps_the_add_ons_that_may_be_resold_too(shop: Shop) -> None:
    (add_on,) = copied(shop, "product_add_on")
    same(shop.add_on, shop.below, add_on, "id", "product_id", "add_on_id")
    assert add_on.add_on_id == shop.archive.id


def test_cat_21_a_delegated_plan_knows_the_plan_it_descends_from(shop: Shop) -> None:
    """TEN-04: a plan of the product, by its name; withdrawn ones stay above."""
    (plan,) = copied(shop, "plan")
    same(shop.plan, shop.below, plan, "product_id", "name")
    assert (plan.descends_from_id, plan.descends_from_name) == (shop.plan.id, "Business")
    assert (plan.standing, plan.version) == ("inherited", 1)
    assert plan.id != shop.plan.id


def test_ten_04_plans_have_the_product_and_the_name_of_those_above(shop: Shop) -> None:
    plans = copied(shop, "plan")
    assert [(plan.product_id, plan.name, plan.version) for plan in plans] == [(shop.mail.id, "Business", 1)]


def test_ten_04_the_resellers_payment_method_becomes_the_default_and_bil_06_its_secrets_stay_above(
    shop: Shop,
) -> None:
    copy, chosen = create_tenant.PAYMENT_METHOD
    shop.world.payment_method(shop.home, name="Another")

    (method,) = shop.copy(copy, chosen)

    same(shop.method, shop.below, method, "id", "name", "kind", "gateway", "payment_days")
    assert (method.merchant_account, method.token_reference) == ("", "")
    assert (method.is_default, method.version) == (True, 1)
    assert method.created_at > shop.method.created_at
    above = shop.world.row(shop.home, catalog.payment_method, UUID(str(shop.method.id)))
    assert above == shop.method
