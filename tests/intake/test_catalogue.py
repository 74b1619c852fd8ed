"""Products and prices from files, as messy as price lists are: each row in, or refused with its reason (CAT-04)."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from tenantry.catalog import actions as catalogue, queries as products
from tenantry.catalog.price_list_queries import price_list_
from tenantry.intake import actions
from tenantry.intake.catalogue import words
from tenantry.kernel.actor import Actor
from tenantry.kernel.problems import Conflict, Forbidden, Invalid
from tenantry.schema import catalog, crm
from tests.intake.stories import COMPANIES, act, codes, confirm, rows, table, view
from tests.world import Row, Tenant, World

PRICES = COMPANIES.with_name("saas-prices.csv")
needs_prices = pytest.mark.skipif(not PRICES.exists(), reason="saas-prices.csv is not beside the checkout")
HEAD = "product|year|kind|name|price|currency|unit|available_for|description|billing_factors"


def bring(world: World, content: bytes, kind: str = "products", at: Tenant | None = None, **options: Any) -> UUID:
    """Bring a file of products or prices, which plans it."""
    at = at or world.distributor()
    with world.web.work(at.id, world.admin(at)) as work:
        return actions.read(work, kind, "saas.csv", content, options)


def sold(world: World, at: Tenant | None = None) -> dict[str, Row]:
    """Give the products by SKU."""
    return {row.sku: row for row in world.rows(at or world.distributor(), catalog.product)}


def prices(world: World, product: Row) -> dict[tuple[str, str], Decimal]:
    """Give the prices of a product."""
    found = world.rows(Tenant(world, product.tenant_id, "", "", product.id, product.id), catalog.product_price)
    return {(one.cycle, one.currency): one.unit_price for one in found if one.product_id == product.id}


@needs_prices
def test_cat_04_real_price_lists_go_in_year_by_year_and_each_later_one_is_a_difference(world: World) -> None:
    content = PRICES.read_bytes()
    rows_of = {"2021": 206, "2022": 235, "2023": 255}

    for year, many in rows_of.items():
        id = bring(world, content, year=year)
        planned = view(world, id)
        assert (planned.counts["rows"], planned.counts["refused"]) == (696, 0)
        assert planned.counts["ready"] + planned.counts["warning"] + planned.counts["skipped"] == 696
        told = {one["code"]: one["rows"] for one in planned.findings}
        assert told["other-year"] == 696 - many
        assert told["price-in-words"] < many
        assert sum(told.get(f"rows-{one}", 0) for one in ("new", "changed", "same")) == many
        if year == "2022":
            [plan] = [row for row in rows(world, id) if row.cells[:4] == ["Buffer", "2022", "plan", "ESSENTIALS"]]
            assert {each["field"] for each in plan.changes} == {"unit", "description"}
            assert told["rows-changed"] > 0
            assert "not-in-file" in told
        confirm(world, id)
        assert view(world, id).status == "completed"

    products_ = sold(world)
    box = products_["BOX-BUSINESS"]
    assert (box.name, box.category, box.unit, box.kind) == ("Box BUSINESS", "Box", "user", "service")
    assert prices(world, box) == {("monthly", "USD"): 15, ("monthly", "EUR"): 18}
    assert prices(world, products_["BOX-ENTERPRISE-PLUS"]) == {}
    assert not products_["BOX-ENTERPRISE-PLUS"].in_shop
    related = world.rows(world.distributor(), catalog.product_add_on, add_on_id=products_["BUFFER-EXTRACHANNELS"].id)
    assert [one.product_id for one in related] == [products_["BUFFER-ESSENTIALS"].id]
    lines = [one.sentence for one in world.rows(world.distributor(), crm.history_line, subject_id=box.id)]
    assert lines == ["Product was imported from saas.csv", "Product was changed by the import of saas.csv"]
    again = bring(world, content, year="2023")
    assert view(world, again).counts["skipped"] == 696
    same = [one["rows"] for one in view(world, again).findings if "just so" in one["message"]]
    assert same == [rows_of["2023"]], "told once"


def test_cat_04_a_later_year_is_shown_as_a_difference_before_it_is_brought_in(world: World) -> None:
    first = table(
        HEAD, "Box|2021|plan|TEAM|15|USD|user/month|||monthly=1.0;annual=0.8", "Box|2021|plan|SOLO|5|USD|user/month|||"
    )
    confirm(world, bring(world, first))
    second = table(
        HEAD,
        "Box|2022|plan|TEAM|20|USD|seat/month||For all|monthly=1.0;annual=0.8",
        "Box|2022|plan|NEW|1|USD|/month|||",
    )
    id = bring(world, second)

    team, new = rows(world, id)
    assert {each["field"]: (each["before"], each["after"]) for each in team.changes} == {
        "unit": ("user", "seat"),
        "description": ("", "For all"),
        "monthly price in USD": ("15", "20"),
        "yearly price in USD": ("144", "192"),
    }
    assert not new.changes
    told = {one["code"]: one for one in view(world, id).findings}
    assert (told["rows-new"]["rows"], told["rows-changed"]["rows"]) == (1, 1)
    assert told["not-in-file"]["values"] == ["BOX-SOLO"]
    assert prices(world, sold(world)["BOX-TEAM"])["monthly", "USD"] == 15

    digest = view(world, id).digest
    act(world, "choose", id, [3], False)
    with pytest.raises(Conflict, match="not that of the plan"):
        act(world, "confirm", id, digest)
    confirm(world, id)

    assert prices(world, sold(world)["BOX-TEAM"]) == {("monthly", "USD"): 20, ("yearly", "USD"): 192}
    assert "BOX-NEW" not in sold(world)


def test_cat_04_a_plan_is_stale_once_the_catalogue_has_changed(world: World) -> None:
    home = world.distributor()
    confirm(world, bring(world, table(HEAD, "Box|2021|plan|TEAM|15|USD|user/month|||")))
    id = bring(world, table(HEAD, "Box|2022|plan|TEAM|20|USD|user/month|||"))
    digest = view(world, id).digest
    with world.web.work(home.id, world.admin(home)) as work:
        catalogue.set_price(work, sold(world)["BOX-TEAM"].id, "monthly", "USD", Decimal(17))

    with pytest.raises(Conflict) as refused:
        act(world, "confirm", id, digest)

    assert refused.value.code == "stale-plan"
    act(world, "plan", id)
    assert rows(world, id)[0].changes[0]["before"] == "17"
    confirm(world, id)


def test_cat_04_rows_are_refused_with_their_reason(world: World) -> None:
    content = table(
        HEAD,
        "Box|2022|plan||15|USD|user/month|||",
        "Box|2022|plan|A|-15|USD|user/month|||",
        "Box|2022|plan|B|15|JPY|user/month|||",
        "Box|2022|plan|C|15|Doubloons|user/month|||",
        "Box|2022|thing|D|15|USD|user/month|||",
        "Box|2022|plan|E|15|USD|user/month|||monthly=many",
        "Box|2022|add-on|F|15|USD|user/month|NOBODY||",
        "Box|2022|plan|G|15||user/month|||",
        "Box|2022|plan|H|15|USD|user/month|||",
        "Box|2022|plan|H|16|USD|user/month|||",
        "Box|2022|plan|I|Contact Sales|USD|user/month|||",
        "Box|2022|plan|J||USD|user/month|||",
        "Box|2022|plan|K|0|USD|message|||",
        "Box|2022|add-on|L|15|USD|user/month|H NOBODY||",
        "Box|2022|add-on|M|15|USD|user/month|||",
    )
    id = bring(world, content)

    assert codes(rows(world, id, "refused")) == {
        2: ["name-missing"],
        3: ["price-unfit"],
        4: ["currency-inactive"],
        5: ["currency-unknown"],
        6: ["kind-unknown"],
        7: ["factors-unclear"],
        8: ["plan-unknown"],
        9: ["currency-missing"],
        11: ["like-row"],
    }
    assert codes(rows(world, id, "warning")) == {
        12: ["price-in-words"],
        13: ["price-missing"],
        14: ["cycle-missing"],
        15: ["plan-unknown"],
        16: ["available-for-missing"],
    }
    assert all(problem["remedy"] for row in rows(world, id, "refused") for problem in row.problems)
    confirm(world, id)
    assert {"BOX-H", "BOX-I", "BOX-J", "BOX-K", "BOX-L", "BOX-M"} <= set(sold(world))
    assert prices(world, sold(world)["BOX-K"]) == {("one_off", "USD"): 0}


def test_cat_20_a_file_changes_nothing_that_is_the_distributors(world: World) -> None:
    reseller = world.tenant_reseller()
    world.product(reseller, sku="MAIL", name="Mail", unit="user", standing="inherited")
    head = "sku|name|unit|price|currency|cycle"

    refused = bring(world, table(head, "MAIL|Mail|seat|9|EUR|monthly"), at=reseller)
    taken = bring(world, table(head, "MAIL|Our mail|user|9|EUR|monthly"), at=reseller)

    [row] = rows(world, refused, at=reseller)
    assert (row.verdict, codes([row])) == ("refused", {2: ["not-ours"]})
    confirm(world, taken, at=reseller)
    [mail] = world.rows(reseller, catalog.product)
    assert (mail.name, mail.unit) == ("Our mail", "user")
    assert prices(world, mail) == {("monthly", "EUR"): 9}


def test_cat_04_prices_are_set_of_products_that_are_here(world: World) -> None:
    home = world.distributor()
    mail = world.product(sku="MAIL", name="Mail")
    content = table(
        "SKU|Preis|Währung|Zyklus|EK",
        "MAIL|1.234,50|EUR|wöchentlich|900",
        "MAIL|1.234,50|EUR|jährlich|900",
        "MAIL|99|EUR|monthly|",
        "NONE|99|EUR|monthly|",
        "MAIL|Contact us|EUR|quarterly|",
    )
    id = bring(world, content, "prices")

    assert codes(rows(world, id, "refused")) == {2: ["cycle-unknown"], 5: ["product-unknown"], 6: ["price-in-words"]}
    confirm(world, id)
    assert prices(world, mail) == {("monthly", "EUR"): 99, ("yearly", "EUR"): Decimal("1234.5")}
    with world.web.work(home.id, world.admin(home)) as work:
        assert products.product_(work, mail.id).version == 1


def test_cat_02_prices_come_onto_a_price_list_with_tiers_and_days(world: World) -> None:
    home = world.distributor()
    world.product(sku="MAIL", name="Mail")
    list_ = world.insert(home, catalog.price_list, name="Friends", currency="EUR")
    head = "sku|price|cycle|price list|from quantity|valid from|valid until"
    content = table(
        head,
        "MAIL|8|monthly|friends|1|2027-01-01|2027-06-30",
        "MAIL|7|monthly|friends|10||",
        "MAIL|9|monthly|friends|1|2027-06-30|",
        "MAIL|9|monthly|friends|1|2027-07-01|",
        "MAIL|9|monthly|enemies|1||",
        "MAIL|9|monthly|friends|0||",
    )
    id = bring(world, content, "prices")

    refused = rows(world, id, "refused")
    assert codes(refused) == {
        4: ["price-overlaps"],
        6: ["price-list-unknown"],
        7: ["min-quantity-unfit", "price-overlaps"],
    }
    assert "line 2" in refused[0].problems[0]["message"]
    confirm(world, id)
    with world.web.work(home.id, world.admin(home)) as work:
        items = price_list_(work, list_.id).items
    assert [(one.min_quantity, one.price.amount) for one in items if one.price] == [
        (1, Decimal(8)),
        (1, Decimal(9)),
        (10, Decimal(7)),
    ]


def test_ten_20_importing_products_needs_their_permission(world: World) -> None:
    home = world.distributor()
    id = bring(world, table(HEAD, "Box|2021|plan|TEAM|15|USD|user/month|||"))
    digest = view(world, id).digest
    somebody = Actor(None, "Somebody", frozenset({"imports:view", "imports:edit", "accounts:edit"}))

    with world.web.work(home.id, somebody) as work, pytest.raises(Forbidden, match="products:edit"):
        actions.confirm(work, id, digest or "")
    with pytest.raises(Invalid, match="cannot be imported"):
        bring(world, b"a,b", "planets")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("user/month", ("user", "monthly")),
        ("/month", ("", "monthly")),
        ("channel/year", ("channel", "yearly")),
        ("per kiosk user/month", ("kiosk user", "monthly")),
        ("one-time payment", ("", "one_off")),
        ("one time purchase", ("", "one_off")),
        ("USD/user", ("user", None)),
        ("message", ("message", None)),
        ("", ("", None)),
    ],
)
def test_cat_04_units_say_what_is_counted_and_how_often_it_is_paid(said: str, meant: tuple[str, str | None]) -> None:
    unit = words.unit_of(said)
    assert (unit.name, unit.cycle) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("15", "15"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("$ 9.99", "9.99"),
        ("9.99 USD", "9.99"),
        ("€0", "0"),
        ("Contact Sales", None),
        ("See Rates", None),
        ("from 9.99", None),
        ("2 for 1", None),
    ],
)
def test_cat_04_prices_are_numbers_or_words(said: str, meant: str | None) -> None:
    assert words.amount(said) == (None if meant is None else Decimal(meant))


def test_cat_04_factors_lead_to_other_cycles() -> None:
    by = words.factors("monthly=1.0;annual=0.83")
    assert words.prices(Decimal(10), "monthly", by, "EUR") == {"monthly": 10, "yearly": Decimal("99.60")}
    assert words.prices(Decimal("99.60"), "yearly", by, "EUR")["monthly"] == 10
    assert words.prices(Decimal(10), "monthly", words.factors("monthly=1;annual=1"), "JPY")["yearly"] == 120
