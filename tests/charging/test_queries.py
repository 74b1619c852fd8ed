"""What is owed for a record, as pages show it: sums, the latest charges, and who sees them (BIL-07, TEN-21)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.charging.stories import charge_cycle, priced, sold, working
from tests.world import Row, World

from tenantry.charging import charges
from tenantry.charging.lists import CHARGES
from tenantry.charging.queries import charges_of
from tenantry.charging.terms import Line, Terms, terms_of
from tenantry.kernel.ids import new_id
from tenantry.kernel.money import Money
from tenantry.kernel.problems import Forbidden
from tenantry.schema import tenant as t
from tenantry.schema.charging import charge


def grown(world: World) -> Row:
    """Sell one unit, and half a month later two more."""
    one = sold(world, world.account(), priced(world))
    charge_cycle(world, one)
    with working(world) as work:
        before = terms_of(work, one.id)
        after = replace(before, lines=tuple(replace(line, quantity=3) for line in before.lines))
        charges.write(work, charges.of_change(before, after, date(2026, 4, 16)))
    return one


def test_bil_07_the_sums_are_what_was_charged_less_what_was_given_back(world: World) -> None:
    one = grown(world)
    [first, *_] = world.rows(world.distributor(), charge, subscription_id=one.id)
    world.update(world.distributor(), charge, first.id, invoice_id=new_id())

    with working(world) as work:
        view = charges_of(work, "subscription_id", one.id)

    [sums] = view.sums
    assert [sums.charged, sums.given_back, sums.owed, sums.to_be_invoiced] == [
        Money(Decimal(amount), "EUR") for amount in (25, -5, 20, 10)
    ]
    assert [line.amount.amount for line in view.latest] == [15, -5, 10], "the latest first"
    assert view.latest[1].explains.startswith("Given back: 1 × EUR 10.00 a month, 15 of 30 days")


def test_bil_07_each_currency_is_added_up_by_itself(world: World) -> None:
    account, product = world.account(), priced(world, cycle="one_off")
    with working(world) as work:
        for currency, price in (("USD", 7), ("EUR", 5), ("EUR", 6)):
            line = Line(product.id, 1, Decimal(price))
            terms = Terms(account.id, account.id, "one_off", currency, date(2026, 4, 1), (line,))
            charges.write(work, charges.of_once(terms, date(2026, 4, 1)))
        view = charges_of(work, "account_id", account.id, latest=2)

    assert [one.owed for one in view.sums] == [Money(Decimal(11), "EUR"), Money(Decimal(7), "USD")]
    assert (len(view.latest), view.count) == (2, 3)


def test_ten_21_who_may_not_see_a_subscription_does_not_see_what_it_costs(world: World) -> None:
    here, one = world.distributor(), grown(world)
    other = world.insert(here, t.permission_rule, name="Board only").id
    admin = world.admin(here)

    for rule, seen in ((other, 0), (here.rule_id, 3)):
        with world.web.work(here.id, replace(admin, readable=frozenset({rule}))) as work:
            assert charges_of(work, "subscription_id", one.id).count == seen
            assert len(CHARGES.page(work).items) == seen
    with (
        world.web.work(here.id, replace(admin, permissions=frozenset({"orders:view"}))) as work,
        pytest.raises(Forbidden, match="subscriptions:view"),
    ):
        charges_of(work, "subscription_id", one.id)


def test_ten_02_another_tenant_sees_no_charge(world: World) -> None:
    one, stranger = grown(world), world.tenant()

    with working(world) as work:
        assert charges_of(work, "subscription_id", one.id).count == 3
    with world.web.work(stranger.id, world.admin(stranger)) as work:
        assert charges_of(work, "subscription_id", one.id).count == 0
        assert CHARGES.page(work).items == []
