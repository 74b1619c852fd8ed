"""Charges of subscriptions: cycle by cycle, of changes within, of add-ons, and whose options count (BIL-01, SUB-03)."""

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from tests.charging.stories import charge_cycle, priced, promotion, sold, working
from tests.world import Row, World

from tenantry.charging import charges
from tenantry.charging.cycles import next_cycles
from tenantry.charging.terms import terms_of, terms_of_each
from tenantry.kernel.ids import new_id
from tenantry.schema import catalog, sales
from tenantry.schema.charging import charge


def changed(world: World, one: Row, on: date, **values: object) -> list[charges.Charge]:
    """Change a subscription and charge the change, as an act on it does."""
    with working(world) as work:
        before = terms_of(work, one.id)
        work.connection.execute(sa.update(sales.subscription).values(values).where(sales.subscription.c.id == one.id))
        made = charges.of_change(before, terms_of(work, one.id), on)
        charges.write(work, made)
    return made


def test_bil_01_a_cycle_is_charged_once_and_the_next_one_follows(world: World) -> None:
    one = sold(world, world.account(), priced(world), quantity=3)

    first, second = charge_cycle(world, one), charge_cycle(world, one)

    rows = world.rows(world.distributor(), charge, subscription_id=one.id)
    assert [(row.kind, row.period_from, row.period_until, row.amount) for row in rows] == [
        ("cycle", date(2026, 4, 1), date(2026, 4, 30), 30),
        ("cycle", date(2026, 5, 1), date(2026, 5, 31), 30),
    ]
    assert [row.due_on for row in rows] == [row.period_from for row in rows]
    assert [row.explains for row in rows] == [one.explains for one in (*first, *second)]
    assert world.row(world.distributor(), sales.subscription, one.id).charged_until == date(2026, 5, 31)


def test_bil_01_nothing_is_charged_while_it_is_tried_or_after_its_end(world: World) -> None:
    account, product = world.account(), priced(world)
    tried = sold(world, account, product, paid_from=None)
    ended = sold(world, account, product, end_on=date(2026, 4, 10))

    brief = sold(world, account, product, end_on=date(2026, 4, 1))

    [only] = charge_cycle(world, brief)
    [last] = charge_cycle(world, ended)

    assert (only.period_until, only.days, only.amount) == (date(2026, 4, 1), 1, Decimal("0.33"))
    assert (last.period_until, last.days, last.of_days) == (date(2026, 4, 10), 10, 30)
    assert last.amount == Decimal("3.33")
    assert charge_cycle(world, ended) == []
    with working(world) as work:
        assert next_cycles(work, [tried.id]) == {}


def test_bil_01_add_ons_are_charged_with_their_subscription_without_its_discount(world: World) -> None:
    product, add_on = priced(world), priced(world, kind="add_on")
    one = sold(world, world.account(), product, discount_percent=10)
    world.insert(
        world.distributor(),
        sales.subscription_add_on,
        subscription_id=one.id,
        product_id=add_on.id,
        quantity=4,
        unit_price="2.50",
    )

    made = charge_cycle(world, one)
    change = changed(world, one, date(2026, 4, 16), quantity=2)

    assert [(row.product_id, row.amount) for row in made] == [
        (product.id, Decimal("9.00")),
        (add_on.id, Decimal("10.00")),
    ]
    assert [(row.product_id, row.amount) for row in change] == [
        (product.id, Decimal("-4.50")),
        (product.id, Decimal("9.00")),
    ], "the add-on stays as it is"


def test_sub_03_another_product_is_charged_for_the_rest_and_the_one_before_given_back(world: World) -> None:
    small, large = priced(world), priced(world, "20")
    one = sold(world, world.account(), small)
    charge_cycle(world, one)

    made = changed(world, one, date(2026, 4, 21), product_id=large.id, unit_price=20)

    assert [(row.product_id, row.quantity, row.amount) for row in made] == [
        (small.id, -1, Decimal("-3.33")),
        (large.id, 1, Decimal("6.67")),
    ]
    assert [row.explains.split(":")[0] == "Given back" for row in made] == [True, False]


def test_sub_03_a_change_before_the_first_charge_charges_nothing(world: World) -> None:
    one = sold(world, world.account(), priced(world))

    assert changed(world, one, date(2026, 4, 1), quantity=5) == []
    [first] = charge_cycle(world, one)
    assert first.amount == 50


def test_cat_03_a_change_within_a_cycle_keeps_its_promotion_and_another_product_loses_it(world: World) -> None:
    product, other = priced(world), priced(world)
    spring = promotion(world, product)
    one = sold(world, world.account(), product, promotion_id=spring.id, promotion_cycles_left=1)

    [first] = charge_cycle(world, one)
    more = changed(world, one, date(2026, 4, 16), quantity=3)
    moved = changed(world, one, date(2026, 4, 16), product_id=other.id)

    assert (first.amount, first.promotion_id, first.promotion_off) == (Decimal(5), spring.id, Decimal(5))
    assert [(row.amount, row.promotion_id) for row in more] == [
        (Decimal("-2.50"), spring.id),
        (Decimal("7.50"), spring.id),
    ]
    assert [(row.amount, row.promotion_id) for row in moved] == [(Decimal("-7.50"), spring.id), (Decimal(15), None)]
    [second] = charge_cycle(world, one)
    assert (second.amount, second.promotion_id) == (Decimal(30), None)


@pytest.mark.parametrize(
    ("partial", "due_on"), [("at_once", date(2026, 4, 10)), ("next_billing_day", date(2026, 5, 1))]
)
def test_bil_01_a_part_is_invoiced_at_once_or_on_the_next_billing_day(world: World, partial: str, due_on: date) -> None:
    account = world.account(prorate_billing=True, partial_charges_invoicing=partial)
    one = sold(world, account, priced(world), paid_from=date(2026, 4, 10))

    [part], [whole] = charge_cycle(world, one), charge_cycle(world, one)
    change = changed(world, one, date(2026, 5, 31), quantity=2)

    assert (part.due_on, whole.due_on) == (due_on, date(2026, 5, 1))
    assert {row.due_on for row in change} == {date(2026, 5, 31) if partial == "at_once" else date(2026, 6, 1)}


def test_bil_01_an_account_without_options_of_its_own_is_aligned_as_its_bill_to(world: World) -> None:
    payer = world.account(prorate_billing=True, billing_day=15)
    product = priced(world)
    own = sold(world, world.account(bill_to=payer), product, unit_price=31)
    its = sold(world, world.account(bill_to=payer, own_ordering_options=False), product, unit_price=31)

    [whole], [part] = charge_cycle(world, own), charge_cycle(world, its)

    assert (whole.period_until, whole.amount) == (date(2026, 4, 30), Decimal(31))
    assert (part.period_until, part.amount, part.days) == (date(2026, 4, 14), Decimal(14), 14)
    assert {row.bill_to_id for row in (whole, part)} == {payer.id}


def test_bil_01_another_billing_day_counts_from_the_next_cycle_and_what_was_charged_goes_back_as_it_was(
    world: World,
) -> None:
    account = world.account(prorate_billing=True, billing_day=1)
    one = sold(world, account, priced(world), unit_price=28)
    charge_cycle(world, one)
    world.update(world.distributor(), "account", account.id, billing_day=15)

    back, _ = changed(world, one, date(2026, 4, 2), quantity=2)
    changed(world, one, date(2026, 4, 2), quantity=1)
    [next_] = charge_cycle(world, one)

    assert (back.amount, back.days, back.of_days) == (Decimal("-27.07"), 29, 30)
    assert (next_.period_from, next_.period_until) == (date(2026, 5, 1), date(2026, 5, 14))
    assert (next_.days, next_.of_days) == (14, 30)
    rows = world.rows(world.distributor(), charge, subscription_id=one.id, kind="change")
    assert sum(row.amount for row in rows) == 0


def test_bil_01_many_subscriptions_are_charged_in_as_many_statements_as_one(world: World) -> None:
    account, product = world.account(), priced(world)
    many = [sold(world, account, product).id for _ in range(20)]
    counts = []

    for ids in (many[:1], many):
        with working(world) as work:
            said: list[str] = []
            sa.event.listen(work.connection, "before_cursor_execute", lambda *args, kept=said: kept.append(args[2]))
            made = [one for cycle in next_cycles(work, ids).values() for one in cycle.charges]
            charges.write(work, made)
            counts.append(len(said))
        assert len(made) == len(ids)

    assert counts[0] == counts[1] <= 3


def test_bil_01_a_charge_names_the_change_and_the_order_that_made_it(world: World) -> None:
    here, account, product = world.distributor(), world.account(), priced(world, cycle="one_off")
    change_id, order_id = new_id(), new_id()
    terms = charges.Terms(
        account.id, account.id, "one_off", "EUR", date(2026, 4, 1), (charges.Line(product.id, 2, Decimal(10)),)
    )

    with working(world) as work:
        once = charges.of_once(terms, date(2026, 4, 1))
        [id] = charges.write(work, charges.made_by(once, change_id=change_id, order_id=order_id))
        assert charges.write(work, []) == []

    row = world.row(here, charge, id)
    assert (row.change_id, row.order_id, row.subscription_id) == (change_id, order_id, None)
    assert (row.kind, row.amount, row.period_from, row.due_on) == ("one_off", 20, None, date(2026, 4, 1))
    assert charges.total(once, "EUR").amount == 20


def test_ten_02_terms_of_another_tenants_subscription_are_not_there(world: World) -> None:
    one = sold(world, world.account(), priced(world))
    stranger = world.tenant()

    with working(world) as work:
        assert list(terms_of_each(work, [one.id])) == [one.id]
    with world.web.work(stranger.id, world.admin(stranger)) as work:
        assert terms_of_each(work, [one.id]) == {}


def test_cat_03_a_promotion_that_is_changed_later_is_not_asked_again_whether_it_is_given(world: World) -> None:
    product = priced(world)
    spring = promotion(world, product, duration="lifetime", valid_until=date(2026, 4, 30))
    one = sold(world, world.account(), product, promotion_id=spring.id)

    first = charge_cycle(world, one)
    world.update(world.distributor(), catalog.promotion, spring.id, active=False)
    second = charge_cycle(world, one)

    assert [row.amount for row in (*first, *second)] == [5, 5]
