"""An add-on has a promotion and a discount of its own, for as many cycles as a service has (CAT-03, SUB-02)."""

from decimal import Decimal

from tenantry.sales import actions as orders
from tenantry.sales.actions import NewItem
from tenantry.sales.subscriptions.queries import subscription
from tests.sales.stories import priced, submitted
from tests.sales.subscriptions.stories import charged, day, do, on, there, work_of_the_day
from tests.world import Row, World


def mail_and_backup(world: World, **half: object) -> tuple[Row, Row]:
    """Make a service that costs nothing and an add-on of 30 with half off for two cycles."""
    home = world.distributor()
    mail, backup = priced(world, home, "0"), priced(world, home, "30", kind="add_on")
    world.insert(home, "product_add_on", product_id=mail.id, add_on_id=backup.id)
    given = {"kind": "percent", "off": 50, "duration": "cycles", "cycles": 2, **half}
    world.insert(home, "promotion", name="Half", product_id=backup.id, **given)
    return mail, backup


def sell(world: World, *items: NewItem) -> Row:
    home = world.distributor()
    id = submitted(world, home, world.account(), *items)
    with world.web.work(home.id, world.admin(home)) as work:
        [made] = orders.execute_order(work, id)
    return there(world, made)


def come(world: World, *days: str) -> None:
    for one in days:
        with on(one):
            work_of_the_day(world)


def costs(world: World, of: Row) -> list[tuple[str, str]]:
    """Give what was charged that is not nothing: amount and first day."""
    return [(amount, first) for amount, first, _ in charged(world, of) if Decimal(amount)]


def test_cat_03_the_promotion_of_an_add_on_takes_the_place_of_its_discount(world: World) -> None:
    mail, backup = mail_and_backup(world)
    [half] = world.rows(world.distributor(), "promotion", product_id=backup.id)
    added = {"discount_percent": Decimal(10), "promotion_id": half.id}
    with on("2026-04-01"):
        one = sell(world, NewItem(mail.id, "monthly"), NewItem(backup.id, "monthly", **added))
    come(world, "2026-05-01", "2026-06-01")

    assert costs(world, one) == [("15.00", "04-01"), ("15.00", "05-01"), ("27.00", "06-01")]


def test_cat_03_what_a_subscription_costs_a_cycle_follows_the_promotion_of_its_add_on(world: World) -> None:
    mail, backup = mail_and_backup(world)
    home = world.distributor()
    with on("2026-04-01"):
        one = sell(world, NewItem(mail.id, "monthly"), NewItem(backup.id, "monthly", 2))

    def shown() -> tuple[object, ...]:
        with world.web.work(home.id, world.admin(home)) as work:
            view = subscription(work, one.id)
        [added] = view.add_ons
        return view.total.amount, added.promotion_cycles_left, added.promotion.name

    assert shown() == (30, 2, "Half")
    come(world, "2026-05-01", "2026-06-01")
    assert shown() == (60, 0, "Half")


def test_cat_03_more_of_an_add_on_keeps_its_promotion_and_one_bought_anew_has_another(world: World) -> None:
    mail, backup = mail_and_backup(world)
    with on("2026-04-01"):
        one = sell(world, NewItem(mail.id, "monthly"), NewItem(backup.id, "monthly", 2))
    with on("2026-04-16"):
        do(world, "change_add_on_quantity", one, backup.id, 4)
    come(world, "2026-05-01", "2026-06-01")
    with on("2026-06-01"):
        do(world, "remove_add_on", one, backup.id)
        do(world, "add_add_on", one, backup.id, 1)

    assert costs(world, one) == [
        ("30.00", "04-01"),
        ("-15.00", "04-16"),
        ("30.00", "04-16"),
        ("60.00", "05-01"),
        ("120.00", "06-01"),
        ("-120.00", "06-01"),
        ("15.00", "06-01"),
    ]


def test_cat_03_an_add_on_planned_for_the_next_cycle_has_its_promotion_for_all_its_cycles(world: World) -> None:
    mail, backup = mail_and_backup(world)
    with on("2026-04-01"):
        one = sell(world, NewItem(mail.id, "monthly"))
    with on("2026-04-10"):
        do(world, "add_add_on", one, backup.id, 1, on=day("2026-05-01"))
    come(world, "2026-05-01", "2026-06-01", "2026-07-01")

    assert costs(world, one) == [("15.00", "05-01"), ("15.00", "06-01"), ("30.00", "07-01")]


def test_cat_03_a_suspension_within_a_cycle_uses_no_promotion_cycle_of_an_add_on(world: World) -> None:
    mail, backup = mail_and_backup(world)
    with on("2026-04-01"):
        one = sell(world, NewItem(mail.id, "monthly"), NewItem(backup.id, "monthly", 2))
    with on("2026-04-11"):
        do(world, "suspend", one)
    with on("2026-04-21"):
        do(world, "resume", one)
    come(world, "2026-05-01", "2026-06-01")

    assert costs(world, one) == [
        ("30.00", "04-01"),
        ("-20.00", "04-11"),
        ("10.00", "04-21"),
        ("30.00", "05-01"),
        ("60.00", "06-01"),
    ]


def test_cat_03_a_withdrawn_cancellation_uses_no_promotion_cycle_of_an_add_on(world: World) -> None:
    mail, backup = mail_and_backup(world)
    with on("2026-11-01"):
        one = sell(world, NewItem(mail.id, "monthly"), NewItem(backup.id, "monthly", 2))
    with on("2026-11-20"):
        do(world, "cancel", one, mode="at", on=day("2026-12-15"))
    with on("2026-12-05"):
        work_of_the_day(world)
        do(world, "keep", one)
    come(world, "2026-12-16", "2027-01-02")

    assert [amount for amount, _ in costs(world, one)] == ["30.00", "14.52", "15.48", "60.00"]


def test_cat_03_the_promotion_of_an_add_on_for_new_customers_is_not_given_to_who_has_a_subscription(
    world: World,
) -> None:
    mail, backup = mail_and_backup(world, new_customers_only=True)
    with on("2026-04-01"):
        new = sell(world, NewItem(mail.id, "monthly"), NewItem(backup.id, "monthly"))
        old = sell(world, NewItem(mail.id, "monthly"))
    with on("2026-04-01"):
        do(world, "add_add_on", old, backup.id, 1)

    assert [costs(world, one) for one in (new, old)] == [[("15.00", "04-01")], [("30.00", "04-01")]]
