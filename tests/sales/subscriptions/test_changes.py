"""What changes a subscription, and what each change charges and gives back (SUB-02, SUB-03)."""

import pytest

from tenantry.kernel.problems import Invalid, Refused, Stale
from tenantry.schema.sales import subscription_add_on
from tests.sales.stories import priced, sentences
from tests.sales.subscriptions.stories import add_on, charged, day, do, kinds, on, sold, there, total, work_of_the_day
from tests.world import World


def test_sub_02_more_units_are_charged_for_the_rest_of_the_cycle_by_the_day(world: World) -> None:
    with on("2026-11-01"):
        one = sold(world, priced(world, world.distributor(), "30"), 10)
    with on("2026-11-16"):
        outcome = do(world, "change_quantity", one, 12)

    # 15 of 30 days: ten units back, twelve charged.
    assert charged(world, one)[1:] == [("-150.00", "11-16", "11-30"), ("180.00", "11-16", "11-30")]
    assert (outcome.net.amount, outcome.cycle_before.amount, outcome.cycle_after.amount) == (30, 300, 360)
    assert there(world, one.id).quantity == 12
    assert kinds(world, one) == [("activation", "done"), ("quantity", "done")]
    assert "Quantity was changed from 10 to 12" in sentences(world, world.distributor(), one.id)


def test_sub_03_any_number_of_changes_a_day_comes_to_what_one_would(world: World) -> None:
    home = world.distributor()
    with on("2026-11-01"):
        product = priced(world, home, "9.99")
        often, once = sold(world, product, 7), sold(world, product, 7)
    with on("2026-11-11"):
        for quantity in (3, 19, 1, 8):
            do(world, "change_quantity", often, quantity)
        do(world, "suspend", often)
        do(world, "resume", often)
        do(world, "change_quantity", once, 8)

    assert total(world, often) == total(world, once)
    assert there(world, often.id).charged_until == day("2026-11-30")


def test_sub_02_a_change_that_lies_ahead_is_planned_and_made_on_its_day(world: World) -> None:
    with on("2026-11-01"):
        one = sold(world, priced(world, world.distributor(), "30"), 10)
        outcome = do(world, "change_quantity", one, 4, at_next_cycle=True)
        assert (outcome.planned, outcome.effective_on) == (True, day("2026-12-01"))
        assert there(world, one.id).quantity == 10
    with on("2026-12-05"):
        do(world, "freeze_prices", one, True)

    assert there(world, one.id).quantity == 4
    assert charged(world, one) == [("300.00", "11-01", "11-30"), ("120.00", "12-01", "12-31")]
    assert ("quantity", "done") in kinds(world, one)


def test_sub_03_a_planned_change_can_be_withdrawn(world: World) -> None:
    with on("2026-11-01"):
        one = sold(world, priced(world, world.distributor(), "30"), 10)
        planned = do(world, "change_quantity", one, 4, on=day("2026-11-20")).change_id
        do(world, "withdraw_change", one, planned)
        with pytest.raises(Refused, match="not planned"):
            do(world, "withdraw_change", one, planned)
    with on("2026-11-25"):
        do(world, "freeze_prices", one, True)

    assert there(world, one.id).quantity == 10


@pytest.mark.parametrize("wanted", [0, -1, 1_000_001, 1, 101, 10])
def test_sub_02_a_quantity_that_cannot_be_is_refused_with_a_way_out(world: World, wanted: int) -> None:
    with on("2026-11-01"):
        one = sold(world, priced(world, world.distributor(), "30", min_quantity=5, max_quantity=100), 10)
        with pytest.raises(Invalid) as refused:
            do(world, "change_quantity", one, wanted)
        do(world, "change_quantity", one, 100)

    assert refused.value.faults[0].field == "quantity"
    assert refused.value.faults[0].remedy
    assert there(world, one.id).quantity == 100


def test_sub_03_nothing_changes_before_the_start_or_after_the_end(world: World) -> None:
    home = world.distributor()
    with on("2026-11-01"):
        product = priced(world, home, "30")
        later, ends = sold(world, product, start_on=day("2026-12-01")), sold(world, product)
        do(world, "cancel", ends, mode="end_of_period")
        with pytest.raises(Refused, match="between its first day and its last") as early:
            do(world, "change_quantity", later, 12)
        with pytest.raises(Invalid, match="It ends on 2026-11-30") as late:
            do(world, "change_quantity", ends, 12, on=day("2026-12-01"))
        with pytest.raises(Invalid, match="It starts on 2026-11-01"):
            do(world, "change_quantity", ends, 12, on=day("2026-10-31"))
        do(world, "change_quantity", ends, 12, on=day("2026-11-30"))
    with on("2026-12-02"), pytest.raises(Refused, match="between its first day and its last"):
        do(world, "change_quantity", ends, 13)

    assert early.value.rule == late.value.rule == "SUB-03"
    assert late.value.faults[0].remedy


def test_sub_02_of_two_changes_at_once_one_wins_and_the_other_is_told(world: World) -> None:
    with on("2026-11-01"):
        one = sold(world, priced(world, world.distributor(), "30"), 10)
        seen = there(world, one.id).version
        do(world, "change_quantity", one, 12, version=seen)
        with pytest.raises(Stale) as told:
            do(world, "change_quantity", one, 15, version=seen)

    assert "changed since you read it" in told.value.message
    assert there(world, one.id).quantity == 12


def test_sub_02_an_add_on_is_bought_changed_and_cancelled(world: World) -> None:
    home = world.distributor()
    mail = priced(world, home, "30")
    archive, stranger = add_on(world, mail, "3"), priced(world, home, "3", kind="add_on")
    with on("2026-11-01"):
        one = sold(world, mail, 10)
    with on("2026-11-16"):
        do(world, "add_add_on", one, archive.id, 4)
        with pytest.raises(Invalid, match="is no add-on of"):
            do(world, "add_add_on", one, stranger.id, 4)
        with pytest.raises(Invalid, match="already"):
            do(world, "add_add_on", one, archive.id, 5)
    with on("2026-11-21"):
        with pytest.raises(Invalid, match="at least one unit"):
            do(world, "change_add_on_quantity", one, archive.id, 0)
        do(world, "change_add_on_quantity", one, archive.id, 10)
    with on("2026-11-26"):
        do(world, "remove_add_on", one, archive.id)
        with pytest.raises(Invalid, match="no such add-on"):
            do(world, "remove_add_on", one, archive.id)

    # 15 of 30 days of 4 × 3, then 10 of 30 of 4 back and of 10 on, then 5 of 30 of 10 back.
    assert [amount for amount, _, _ in charged(world, one)[1:]] == ["6.00", "-4.00", "10.00", "-5.00"]
    assert world.rows(home, subscription_add_on, subscription_id=one.id) == []
    assert [kind for kind, _ in kinds(world, one)] == ["activation", "add_on", "add_on", "add_on"]


def test_sub_01_a_trial_becomes_paid_by_action_only(world: World) -> None:
    home = world.distributor()
    with on("2026-11-01"):
        product = priced(world, home, "30", trial_allowed=True, trial_days=10)
        bought, left = sold(world, product, trial=True), sold(world, product, trial=True)
    with on("2026-11-05"):
        do(world, "change_quantity", bought, 2)
        outcome = do(world, "convert", bought)
    with on("2026-11-20"), pytest.raises(Refused, match="Only a trial that runs"):
        do(world, "convert", left)

    converted = there(world, bought.id)
    assert (converted.status, converted.paid_from) == ("active", day("2026-11-05"))
    assert charged(world, bought) == [("60.00", "11-05", "12-04")]
    assert outcome.net.amount == 60
    assert kinds(world, bought) == [("trial", "done"), ("quantity", "done"), ("conversion", "done")]
    assert charged(world, left) == []


@pytest.mark.parametrize(
    ("mode", "ends", "status", "back"),
    [
        ("now", "2026-11-16", "cancelled", "-140.00"),
        ("at", "2026-11-20", "pending_cancellation", "-100.00"),
        ("end_of_period", "2026-11-30", "pending_cancellation", None),
    ],
)
def test_sub_02_it_is_cancelled_in_three_ways(
    world: World, mode: str, ends: str, status: str, back: str | None
) -> None:
    with on("2026-11-01"):
        one = sold(world, priced(world, world.distributor(), "30"), 10)
    with on("2026-11-16"):
        do(world, "cancel", one, mode=mode, on=day("2026-11-20") if mode == "at" else None, because="Moves")
        now = there(world, one.id)
    assert (now.status, now.end_on) == (status, day(ends))
    with on("2026-12-05"):
        work_of_the_day(world)
        with pytest.raises(Refused, match="ended already"):
            do(world, "cancel", one)

    assert [amount for amount, _, _ in charged(world, one)[1:]] == ([back] if back else [])
    assert kinds(world, one)[-1] == ("cancellation", "done")


def test_sub_02_a_pending_cancellation_is_withdrawn_and_it_goes_on(world: World) -> None:
    with on("2026-11-01"):
        one = sold(world, priced(world, world.distributor(), "30"), 10)
        do(world, "cancel", one, mode="end_of_period")
        do(world, "keep", one)
    with on("2026-12-05"):
        do(world, "change_quantity", one, 11)

    assert there(world, one.id).status == "active"
    assert ("cancellation", "withdrawn") in kinds(world, one)


def test_sub_02_nothing_is_charged_while_it_is_suspended(world: World) -> None:
    with on("2026-11-01"):
        one = sold(world, priced(world, world.distributor(), "30"), 10)
    with on("2026-11-11"):
        do(world, "suspend", one, because="Unpaid")
        with pytest.raises(Refused, match="between its first day and its last"):
            do(world, "change_quantity", one, 11)
    with on("2026-12-16"):
        do(world, "resume", one)

    # 10 of November's 30 days; then 16 of December's 31.
    assert charged(world, one) == [
        ("300.00", "11-01", "11-30"),
        ("-200.00", "11-11", "11-30"),
        ("154.84", "12-16", "12-31"),
    ]
    assert there(world, one.id).status == "active"


def test_sub_03_a_preview_gives_the_figures_and_keeps_nothing(world: World) -> None:
    from tenantry.sales.subscriptions import actions  # noqa: PLC0415

    home = world.distributor()
    with on("2026-11-01"):
        one = sold(world, priced(world, home, "30"), 10)
    with on("2026-11-16"):
        with world.web.work(home.id, world.admin(home)) as work:
            shown = actions.preview(work, actions.change_quantity, one.id, 12)
        assert there(world, one.id).quantity == 10
        assert len(charged(world, one)) == 1
        done = do(world, "change_quantity", one, 12)

    assert [(c.amount, c.explains) for c in shown.charges] == [(c.amount, c.explains) for c in done.charges]
    assert shown.net == done.net


def test_sub_02_what_nobody_pays_for_is_suspended_and_resumed_at_no_charge(world: World) -> None:
    mail = priced(world, world.distributor(), "30")
    one = world.subscription(world.account(), mail, status="active", quantity=2)

    do(world, "suspend", one)
    outcome = do(world, "resume", one)

    assert (outcome.charges, outcome.net.amount) == ([], 0)
    assert there(world, one.id).status == "active"


def test_cat_03_a_withdrawn_cancellation_uses_no_promotion_cycle_more(world: World) -> None:
    """The cycle that was cut short is one cycle, whether its end is withdrawn or not."""
    home = world.distributor()
    mail = priced(world, home, "31")
    half = world.insert(
        home, "promotion", name="Half", product_id=mail.id, kind="percent", off=50, duration="cycles", cycles=2
    )
    with on("2026-11-01"):
        one = sold(world, mail, 2, promotion_id=half.id)
        other = sold(world, mail, 2, promotion_id=half.id)
    with on("2026-11-20"):
        do(world, "cancel", one, mode="at", on=day("2026-12-10"))
    with on("2026-12-05"):
        work_of_the_day(world)
        do(world, "keep", one)
    for later in ("2026-12-11", "2027-01-02"):
        with on(later):
            work_of_the_day(world)

    assert charged(world, one) == [
        ("31.00", "11-01", "11-30"),
        ("10.00", "12-01", "12-10"),
        ("21.00", "12-11", "12-31"),
        ("62.00", "01-01", "01-31"),
    ]
    assert total(world, one) == total(world, other)


def test_sub_03_a_change_is_planned_ten_years_ahead_at_most(world: World) -> None:
    mail = priced(world, world.distributor(), "30")
    with on("2026-11-22"):
        one = sold(world, mail, 2)
        for verb, given, named in (("change_quantity", (3,), {}), ("cancel", (), {"mode": "at"})):
            with pytest.raises(Invalid, match="2099-01-01 is more than ten years ahead") as refused:
                do(world, verb, one, *given, on=day("2099-01-01"), **named)
            assert "2036" in refused.value.faults[0].remedy
        do(world, "change_quantity", one, 3, on=day("2036-11-22"))
        with pytest.raises(Invalid, match="more than ten years ahead"):
            sold(world, mail, 2, start_on=day("2099-01-01"))
        do(world, "cancel", one, mode="at", on=day("2036-01-01"))
        with pytest.raises(Invalid, match="more than ten years ahead"):
            do(world, "cancel", one, mode="at", on=day("2099-01-01"))
    assert there(world, one.id).status == "pending_cancellation"
