"""Each row of the tables in docs/explanation/money.md, tried (BIL-01, CAT-02, CAT-03, SUB-03)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from tests.charging.worked import PRODUCT, day, examples, line, money, off, percent
from tests.sales.stories import submitted
from tests.sales.subscriptions.stories import do, on, work_of_the_day
from tests.world import Row as Record, World

from tenantry.charging.amounts import cycle_amount
from tenantry.charging.charges import Charge, of_change, of_cycle, of_once
from tenantry.charging.cycles import next_cycle
from tenantry.charging.pricing import Wanted, price_of
from tenantry.charging.promotions import Off
from tenantry.charging.proration import Period, part, period_of
from tenantry.charging.terms import Line, Terms
from tenantry.charging.tiers import with_margin
from tenantry.kernel.ids import new_id
from tenantry.kernel.money import Money
from tenantry.sales.actions import NewItem, execute_order
from tenantry.schema import catalog, sales
from tenantry.tenancy.records import write

Example = dict[str, str]
CHANGES = ("Cycle", "Counted from", "Charged for", "Changes", "Charges of the changes", "Owed for the period")


@pytest.mark.parametrize(
    "row", examples("What a quantity costs a cycle", "Quantity", "Unit price", "Discount", "Promotion", "Amount")
)
def test_bil_01_an_amount_is_rounded_once(row: Example) -> None:
    price, quantity = money(row["Unit price"]), int(row["Quantity"])
    promotion = off(row["Promotion"])

    amount = cycle_amount(quantity, price.amount, percent(row["Discount"]), promotion, price.currency)

    assert _shown(amount) == _shown(money(row["Amount"]).amount)


@pytest.mark.parametrize("row", examples("Periods", "Cycle", "Counted from", "Day", "First day", "Last day"))
def test_bil_01_a_period_begins_on_its_day_or_on_the_months_last(row: Example) -> None:
    found = period_of(row["Cycle"], day(row["Counted from"]), day(row["Day"]))

    assert found == Period(day(row["First day"]), day(row["Last day"]))


@pytest.mark.parametrize(
    "row",
    examples("Parts of a period", "Amount", "Period from", "Period until", "Part from", "Part until", "Days", "Part"),
)
def test_bil_01_a_part_is_by_actual_days_the_first_counted(row: Example) -> None:
    whole = Period(day(row["Period from"]), day(row["Period until"]))
    span = Period(day(row["Part from"]), day(row["Part until"]))
    amount = money(row["Amount"])

    found = part(amount.amount, whole, span.first, span.last, amount.currency)

    assert f"{span.days} of {whole.days}" == row["Days"]
    assert _shown(found) == _shown(money(row["Part"]).amount)


@pytest.mark.parametrize(
    "row",
    examples(
        "The first charge",
        *("Starts", "Billing day", "Cycle", "Price", "Charged until", "Days", "First charge", "Second charge"),
    ),
)
def test_bil_01_the_first_charge_is_aligned_to_the_billing_day(world: World, row: Example) -> None:
    one = _sold(world, row, cycle=row["Cycle"])

    first, second = _charge_cycles(world, one, 2)

    assert [_shown(first.amount), _shown(second.amount)] == [
        _shown(money(row[which]).amount) for which in ("First charge", "Second charge")
    ]
    assert (first.period_from, first.period_until) == (day(row["Starts"]), day(row["Charged until"]))
    assert f"{first.days} of {first.of_days}" == row["Days"]
    assert second.period_from == first.period_until + timedelta(days=1)


@pytest.mark.parametrize("row", examples("Changes within a period", *CHANGES))
def test_sub_03_any_number_of_changes_a_day_is_right_to_the_cent(row: Example) -> None:
    present, currency = _terms(row, row["Charged for"]), money(row["Owed for the period"]).currency
    whole = period_of(row["Cycle"], day(row["Counted from"]), day(row["Counted from"]))
    charged = of_cycle(present, whole.first) if present else []
    made: list[Charge] = []

    for change in row["Changes"].split("; "):
        on, _, becomes = change.partition(": ")
        after = _terms(row, becomes)
        made += of_change(present, after, day(on))
        present = after

    assert " ".join(f"{one.amount:+}" for one in made) == row["Charges of the changes"]
    assert _shown(sum((one.amount for one in [*charged, *made]), Decimal(0))) == _shown(
        money(row["Owed for the period"]).amount
    )
    assert {one.currency for one in made} == {currency}


@pytest.mark.parametrize("row", examples("Tiers", "Quantity", "Unit price", "From", "Amount"))
def test_cat_02_the_tier_that_a_quantity_reaches_prices_all_its_units(world: World, row: Example) -> None:
    here, list_id, product = _tiers(world)

    with world.web.work(here.id, world.admin(here)) as work:
        wanted = Wanted(product.id, "monthly", quantity=int(row["Quantity"]))
        found = price_of(work, wanted, list_id, "EUR", on=date(2026, 6, 1))

    assert _shown(found.unit_price) == _shown(money(row["Unit price"]).amount)
    assert f"{found.origin}, {found.min_quantity}" == row["From"]
    amount = cycle_amount(wanted.quantity, found.unit_price, Decimal(0), None, "EUR")
    assert _shown(amount) == _shown(money(row["Amount"]).amount)


@pytest.mark.parametrize("row", examples("Tiers", "Cost", "Margin", "Price"))
def test_cat_02_a_price_by_margin_has_the_places_of_its_cost_or_currency(row: Example) -> None:
    cost = money(row["Cost"])

    assert with_margin(cost.amount, percent(row["Margin"]), cost.currency) == money(row["Price"]).amount


@pytest.mark.parametrize(
    "row",
    examples("Promotions", "Price", "Promotion", "Starts", "Billing day", "Charges of the first four cycles"),
)
def test_cat_03_a_promotion_lasts_for_its_cycles(world: World, row: Example) -> None:
    one = _sold(world, row, promotion=row["Promotion"])

    charges = _charge_cycles(world, one, 4)

    assert " ".join(f"{charge.amount}" for charge in charges) == row["Charges of the first four cycles"]
    for charge in charges:
        assert (charge.promotion_off > 0) == (charge.promotion_id is not None)


def test_bil_01_a_charge_explains_itself() -> None:
    [*rows] = examples("How a charge explains itself", "Charge", "It says")
    april = {"Cycle": "monthly", "Counted from": "1 Apr 2026"}
    ten, fifteen = _terms(april, "10 × EUR 12.00"), _terms(april, "15 × EUR 12.00")
    less = _terms(april, "10 × EUR 12.00 less 12.5 %")
    assert ten
    promoted = replace(
        ten, lines=(Line(PRODUCT, 10, Decimal(12), Decimal(0), Off(new_id(), "Spring", "percent", Decimal(50))),)
    )
    first = date(2026, 4, 1)

    said = [
        *of_cycle(ten, first),
        *of_cycle(ten, date(2026, 4, 10)),
        *of_change(ten, fifteen, date(2026, 4, 16)),
        *of_cycle(less, first),
        *of_cycle(promoted, first),
        *of_once(replace(ten, cycle="one_off"), first),
    ]

    assert [one.explains for one in said] == [row.values[0]["It says"] for row in rows]


def test_bil_01_a_row_that_is_wrong_fails() -> None:
    [first, *_] = examples(
        "Parts of a period", *"Amount|Period from|Period until|Part from|Part until|Days|Part".split("|")
    )
    wrong = {**first.values[0], "Part": "EUR 22.01"}

    with pytest.raises(AssertionError):
        test_bil_01_a_part_is_by_actual_days_the_first_counted(wrong)


def _terms(row: Example, text: str) -> Terms | None:
    read = line(text)
    if read is None:
        return None
    anchor = day(row["Counted from"])
    return Terms(
        account_id=PRODUCT,
        bill_to_id=PRODUCT,
        cycle=row["Cycle"],
        currency=read[1],
        anchor=anchor,
        lines=(read[0],),
        charged_until=period_of(row["Cycle"], anchor, anchor).last,
    )


@pytest.mark.parametrize(
    "row", examples("Promotions", "Add-on", "Promotion", "Bought", "Charges of the add-on up to 1 Jul 2026")
)
def test_cat_03_an_add_on_counts_its_promotions_cycles_from_the_one_it_is_bought_in(world: World, row: Example) -> None:
    one, backup = _buy_add_on(world, row)

    for later in ("2026-05-01", "2026-06-02", "2026-07-01"):
        with on(later):
            work_of_the_day(world)

    charged = world.rows(world.distributor(), "charge", subscription_id=one.id, product_id=backup.id)
    assert [_shown(charge.amount) for charge in charged] == [
        _shown(Decimal(amount)) for amount in row["Charges of the add-on up to 1 Jul 2026"].split()
    ]


def _sold(world: World, row: Example, *, cycle: str = "monthly", promotion: str = "") -> Record:
    billing_day = int(row["Billing day"] or 1)
    buyer = world.account(prorate_billing=bool(row["Billing day"]), billing_day=billing_day)
    product, price = world.product(), money(row["Price"])
    given = {} if not promotion else {"promotion_id": _promotion(world, product, promotion, price)}
    starts = day(row["Starts"])
    return world.subscription(
        buyer,
        product,
        cycle=cycle,
        unit_price=price.amount,
        currency=price.currency,
        start_on=starts,
        paid_from=starts,
        promotion_cycles_left=_cycles(promotion),
        **given,
    )


def _cycles(promotion: str) -> int | None:
    if promotion.endswith(" once"):
        return 1
    return int(promotion.split()[-2]) if promotion.endswith(" cycles") else None


def _promotion(world: World, product: Record, text: str, price: Money) -> object:
    read = off(text.removesuffix(" once").partition(" for ")[0])
    cycles = _cycles(text)
    return world.insert(
        world.distributor(),
        catalog.promotion,
        name="Spring",
        product_id=product.id,
        kind=read.kind,
        off=read.off,
        currency=price.currency if read.kind == "amount" else None,
        duration="cycles" if cycles else "lifetime",
        cycles=cycles,
    ).id


def _charge_cycles(world: World, one: Record, count: int) -> list[Charge]:
    here = world.distributor()
    charges: list[Charge] = []
    for _ in range(count):
        with world.web.work(here.id) as work:
            cycle = next_cycle(work, one.id)
            write(work, sales.subscription, one.id, cycle.values)
        charges += cycle.charges
    for earlier, later in pairwise(charges):
        assert later.period_from == earlier.period_until + timedelta(days=1)
    return charges


def _buy_add_on(world: World, row: Example) -> tuple[Record, Record]:
    """Sell a service with the add-on, or the add-on later; gives the subscription and the add-on."""
    here, price = world.distributor(), money(row["Add-on"])
    mail, backup = world.product(here), world.product(here, kind="add_on")
    for product in (mail, backup):
        given = {"cycle": "monthly", "currency": price.currency, "unit_price": price.amount}
        world.insert(here, catalog.product_price, product_id=product.id, **given)
    world.insert(here, catalog.product_add_on, product_id=mail.id, add_on_id=backup.id)
    _promotion(world, backup, row["Promotion"], price)
    buyer, first, bought = world.account(currency=price.currency), day("1 Apr 2026"), day(row["Bought"])
    with on(f"{first}"):
        items = [NewItem(one.id, "monthly") for one in (mail, backup)]
        id = submitted(world, here, buyer, *items[: 2 if bought == first else 1])
        with world.web.work(here.id, world.admin(here)) as work:
            [made] = execute_order(work, id)
    one = world.row(here, sales.subscription, made)
    assert one
    if bought != first:
        with on(f"{bought}"):
            do(world, "add_add_on", one, backup.id, 1)
    return one, backup


def _tiers(world: World) -> tuple[object, object, Record]:
    here = world.distributor()
    product = world.product(here)
    world.insert(
        here, catalog.product_price, product_id=product.id, cycle="monthly", currency="EUR", unit_price=12, cost="5.55"
    )
    list_ = world.insert(here, catalog.price_list, name="Volume", currency="EUR")
    for tier in ({}, {"min_quantity": 10, "price": 9}, {"min_quantity": 50, "price": "7.50"}):
        given = {"price": 10, **tier}
        world.insert(
            here, catalog.price_list_item, price_list_id=list_.id, product_id=product.id, cycle="monthly", **given
        )
    world.insert(
        here,
        catalog.price_list_item,
        price_list_id=list_.id,
        product_id=product.id,
        cycle="monthly",
        min_quantity=100,
        margin_percent=20,
    )
    return here, list_.id, product


def _shown(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
