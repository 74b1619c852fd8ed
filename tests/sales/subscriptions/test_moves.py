"""Upgrades and downgrades, whole and in part; renewal and prices (SUB-02, SUB-04)."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from tenantry.kernel.problems import Invalid, Refused
from tenantry.schema import catalog
from tests.sales.stories import priced
from tests.sales.subscriptions.stories import add_on, charged, day, do, kinds, on, sold, there, work_of_the_day
from tests.world import Row, World


def path(world: World, kind: str, of: Row, to: Row) -> None:
    world.insert(world.distributor(), catalog.product_path, product_id=of.id, kind=kind, to_product_id=to.id)


def test_sub_02_a_whole_upgrade_moves_the_subscription_along_a_path(world: World) -> None:
    home = world.distributor()
    basic, premium, other = (priced(world, home, price) for price in ("30", "60", "90"))
    path(world, "upgrade", basic, premium)
    path(world, "downgrade", premium, basic)
    with on("2026-11-01"):
        one = sold(world, basic, 10)
    with on("2026-11-16"):
        with pytest.raises(Invalid, match="no upgrade path"):
            do(world, "upgrade", one, other.id)
        with pytest.raises(Invalid, match="no downgrade path"):
            do(world, "downgrade", one, premium.id)
        do(world, "upgrade", one, premium.id)

    now = there(world, one.id)
    assert (now.product_id, now.quantity, now.unit_price) == (premium.id, 10, Decimal(60))
    assert now.name.endswith(premium.name)
    assert charged(world, one)[1:] == [("-150.00", "11-16", "11-30"), ("300.00", "11-16", "11-30")]

    with on("2026-11-26"):
        do(world, "downgrade", one, basic.id, at_next_cycle=True)
    with on("2026-12-01"):
        do(world, "freeze_prices", one, True)
    assert there(world, one.id).product_id == basic.id
    assert charged(world, one)[-1] == ("300.00", "12-01", "12-31")


@pytest.mark.parametrize("called", ["Branch", "Branch - {was}", "{was} of the branch"])
def test_sub_02_an_upgrade_leaves_a_name_that_somebody_gave_but_for_the_old_product_at_its_end(
    world: World, called: str
) -> None:
    home = world.distributor()
    basic, premium = priced(world, home, "30"), priced(world, home, "60")
    path(world, "upgrade", basic, premium)
    one = sold(world, basic, 10)
    do(world, "edit_subscription", one, {"name": called.format(was=basic.name)})
    do(world, "upgrade", one, premium.id)

    then = f"Branch - {premium.name}" if called == "Branch - {was}" else called.format(was=basic.name)
    assert there(world, one.id).name == then


def test_sub_02_a_partial_upgrade_parts_the_subscription(world: World) -> None:
    home = world.distributor()
    basic, premium = priced(world, home, "30"), priced(world, home, "60")
    path(world, "upgrade", basic, premium)
    with on("2026-11-01"):
        one = sold(world, basic, 10)
    with on("2026-11-16"):
        with pytest.raises(Invalid, match="cannot be moved"):
            do(world, "upgrade", one, premium.id, 11)
        outcome = do(world, "upgrade", one, premium.id, 4)

    part = there(world, outcome.part_id)
    assert (there(world, one.id).quantity, part.quantity, part.split_from_id) == (6, 4, one.id)
    assert (part.start_on, part.charged_until, part.term_until) == (
        day("2026-11-16"),
        day("2026-11-30"),
        there(world, one.id).term_until,
    )
    assert charged(world, one)[1:] == [("-150.00", "11-16", "11-30"), ("90.00", "11-16", "11-30")]
    assert charged(world, part) == [("120.00", "11-16", "11-30")]
    assert (outcome.net.amount, outcome.cycle_before.amount, outcome.cycle_after.amount) == (60, 300, 420)
    with on("2026-12-01"):
        do(world, "change_quantity", part, 5)
    assert charged(world, part)[1] == ("240.00", "12-01", "12-31")


def test_sub_02_an_upgrade_keeps_its_add_ons_or_is_refused(world: World) -> None:
    home = world.distributor()
    basic, premium = priced(world, home, "30"), priced(world, home, "60")
    path(world, "upgrade", basic, premium)
    archive = add_on(world, basic)
    with on("2026-11-01"):
        one = sold(world, basic, 10)
        do(world, "add_add_on", one, archive.id, 2)
        with pytest.raises(Invalid, match="does not go with") as refused:
            do(world, "upgrade", one, premium.id)
        assert "Cancel these add-ons first, move fewer than all units" in refused.value.faults[0].remedy
        world.insert(home, catalog.product_add_on, product_id=premium.id, add_on_id=archive.id)
        do(world, "upgrade", one, premium.id)

    assert there(world, one.id).product_id == premium.id


def test_sub_02_what_does_not_renew_ends_with_its_term(world: World) -> None:
    home = world.distributor()
    product = world.product()
    given = {"cycle": "monthly", "currency": "EUR", "unit_price": 10, "term_months": 3}
    world.insert(home, catalog.product_price, product_id=product.id, **given)
    with on("2026-11-01"):
        renews, ends = sold(world, product, 1), sold(world, product, 1)
        do(world, "set_renewal", ends, False)
    assert there(world, ends.id).end_on == day("2027-01-31")
    with on("2027-02-05"):
        work_of_the_day(world)

    assert (there(world, ends.id).status, there(world, ends.id).charged_until) == ("expired", day("2027-01-31"))
    assert kinds(world, ends)[-1] == ("expiry", "done")
    assert there(world, renews.id).term_until == day("2027-04-30")
    assert [kind for kind, _ in kinds(world, renews)] == ["activation", "renewal"]


def test_sub_04_prices_stay_until_they_are_updated_from_the_next_billing_date(world: World) -> None:
    home = world.distributor()
    product = priced(world, home, "30")
    with on("2026-11-01"):
        one, frozen = sold(world, product, 10), sold(world, product, 10)
        do(world, "freeze_prices", frozen, True)
    with world.web.work(home.id) as work:
        work.connection.execute(
            sa.update(catalog.product_price).where(catalog.product_price.c.tenant_id == home.id).values(unit_price=33)
        )
    with on("2026-11-10"):
        do(world, "change_quantity", one, 11)
        with world.web.work(home.id, world.admin(home)) as work:
            from tenantry.sales.subscriptions.actions import price_differences, update_prices  # noqa: PLC0415

            [difference, other] = price_differences(work, [one.id, frozen.id])
            assert difference.prices[0].after.amount == 33
            assert difference.from_on == day("2026-12-01")
            assert "frozen" in other.why
            [outcome] = update_prices(work, [one.id])
            assert outcome.planned
        with pytest.raises(Refused, match="frozen"), world.web.work(home.id, world.admin(home)) as work:
            update_prices(work, [frozen.id])
    assert there(world, one.id).unit_price == 30
    with on("2026-12-01"):
        do(world, "freeze_prices", one, True)

    assert there(world, one.id).unit_price == 33
    assert charged(world, one)[-1] == ("363.00", "12-01", "12-31")
