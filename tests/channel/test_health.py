"""Lag, throughput and alerts of each mirror, and what is set aside: read, tried again, resolved (UP-43, UP-45)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tenantry import jobs
from tenantry.channel.health import queries, sampling, set_aside, thresholds
from tenantry.kernel import clock
from tenantry.kernel.problems import Forbidden, Invalid, NotFound
from tests.channel.mirroring import Channel, channel
from tests.world import World


def stuck(world: World) -> Channel:
    """Give a reseller whose sale of something without a price is set aside."""
    story = channel(world)
    unpriced = world.product(story.above, name="Unpriced")
    world.product(story.below, id=unpriced.id, sku=unpriced.sku, name="Unpriced", standing="inherited")
    story.priced(story.below, unpriced, 10)
    story.sold(unpriced, 1)
    story.drain()
    return story


def health(story: Channel) -> queries.HealthView:
    """Read the mirror's health as the distributor's admin."""
    with story.world.web.work(story.above.id, story.world.admin(story.above)) as work:
        return queries.mirror_(work, story.below.account_id)


def test_up_45_lag_is_the_age_of_what_waits_and_what_the_last_batch_had(world: World) -> None:
    story = channel(world)
    story.sold(story.product(), 5)

    with clock.stopped(clock.now() + timedelta(seconds=90)):
        waiting = health(story)
        assert waiting.waiting > 0
        assert 89 < waiting.lag_seconds < 100
        assert [one for one in waiting.alerts if "seconds behind" in one]
        story.drain()
        drained = health(story)
    assert (drained.waiting, drained.lag_seconds, drained.alerts) == (0, 0, ())
    assert drained.last_lag_ms is not None
    assert 89_000 < drained.last_lag_ms < 100_000
    assert drained.applied_at is not None


def test_up_45_what_was_set_aside_and_is_tried_again_is_no_lag(world: World) -> None:
    story = stuck(world)
    boss = world.admin(story.above)
    with clock.stopped(clock.now() + timedelta(days=3)):
        with world.web.work(story.above.id, boss) as work:
            set_aside.retry(work, story.below.account_id)
        story.drain()
        assert health(story).set_aside > 0
        assert health(story).last_lag_ms == 0

        story.priced(story.above, world.rows(story.above, "product", name="Unpriced")[0], 7)
        with world.web.work(story.above.id, boss) as work:
            set_aside.retry(work, story.below.account_id)
        story.drain()
        assert (health(story).set_aside, health(story).last_lag_ms) == (0, 0)


def test_up_45_a_sample_a_minute_shows_lag_and_throughput_over_time(world: World) -> None:
    story = channel(world)
    product = story.product()
    start = clock.now().replace(second=0, microsecond=0)
    story.sold(product, 1)
    story.drain()
    with clock.stopped(start + timedelta(minutes=1)):
        sampling.sample(world.worker)
        sampling.sample(world.worker)
    story.sold(product, 1)
    story.drain()
    with clock.stopped(start + timedelta(minutes=2)):
        sampling.sample(world.worker)
        with world.web.work(story.above.id, world.admin(story.above)) as work:
            first, second = queries.samples(work, story.below.account_id)
    assert (second.at - first.at, second.waiting) == (timedelta(minutes=1), 0)
    assert second.applied > 0

    with clock.stopped(start + timedelta(days=8)):
        sampling.sample(world.worker)
        with world.web.work(story.above.id, world.admin(story.above)) as work:
            assert len(queries.samples(work, story.below.account_id, timedelta(days=30))) == 1


def test_up_45_the_last_hour_counts_all_of_it_whether_or_not_it_was_looked_at_before(world: World) -> None:
    story = channel(world)
    product = story.product()
    start = clock.now().replace(second=0, microsecond=0)
    story.sold(product, 1)
    story.drain()
    with clock.stopped(start + timedelta(minutes=1)):
        sampling.sample(world.worker)
        young = health(story)
    assert (young.applied > 0, young.applied_last_hour) == (True, young.applied)

    story.sold(product, 1)
    story.drain()
    with clock.stopped(start + timedelta(minutes=61)):
        later = health(story)
    assert later.applied > young.applied
    assert later.applied_last_hour == later.applied - young.applied


def test_up_43_what_is_set_aside_says_who_why_and_what_to_do_and_goes_on_when_tried_again(world: World) -> None:
    story = stuck(world)
    seen = health(story)
    assert (seen.set_aside > 0, seen.set_aside_accounts) == (True, 1)
    assert [one for one in seen.alerts if "Set aside" in one]
    boss = world.admin(story.above)
    with world.web.work(story.above.id, boss) as work:
        [found] = set_aside.listed(work)
    assert (found.id, found.account_name, found.is_here) == (story.customer.id, "Acme", False)
    assert (found.reason, found.rule, found.reseller_name) == ("price-missing", "UP-31", story.below.name)
    assert found.remedy.startswith("Give the product a price")
    assert found.messages == seen.set_aside

    product = world.rows(story.above, "product", name="Unpriced")[0]
    story.priced(story.above, product, 7)
    with world.web.work(story.above.id, boss) as work:
        assert set_aside.retry(work, story.below.account_id) == 1
    story.drain()

    with world.web.work(story.above.id, boss) as work:
        assert set_aside.listed(work) == []
    assert story.over("account", story.customer.id).name == "Acme"
    assert len(story.orders()) == 1


def test_up_43_resolving_needs_a_reason_and_leaves_it_in_history_and_audit(world: World) -> None:
    story = channel(world)
    story.sold(story.product(), 1)
    story.drain()
    with world.worker.channel(story.below.id, [story.below.id]) as work:
        jobs.tell(work.connection, story.below.id, "account", story.customer.id)
        jobs.set_aside(work.connection, jobs.claim(work.connection, story.below.id, 10), "unexpected")
    looker = replace(world.admin(story.above), permissions=frozenset({"reconcile:view"}))
    his = (story.below.account_id, story.customer.id)
    with world.web.work(story.above.id, looker) as work, pytest.raises(Forbidden, match="reconcile:repair"):
        set_aside.resolve(work, *his, "not needed")
    with world.web.work(story.above.id, world.admin(story.above)) as work:
        with pytest.raises(Invalid, match="reason"):
            set_aside.resolve(work, *his, "")
        assert set_aside.resolve(work, *his, "The name is right") == 1
        with pytest.raises(NotFound):
            set_aside.resolve(work, *his, "again")

    assert "What the tenant reseller told was given up (1 message): The name is right" in story.history(
        story.customer.id
    )
    [noted] = world.rows(story.above, "audit_line", act="messages.resolve")
    assert noted.subject_id == story.customer.id


def test_up_43_ten_02_another_distributor_sees_and_touches_nothing_of_it(world: World) -> None:
    story = stuck(world)
    other = world.tenant("distributor")
    with world.web.work(other.id, world.admin(other)) as work:
        assert set_aside.listed(work) == []
        assert queries.mirrors(work) == []
        with pytest.raises(NotFound):
            set_aside.retry(work, story.below.account_id)
    assert health(story).set_aside > 0


def test_up_43_alerts_are_raised_from_where_the_set_up_says(world: World) -> None:
    story = stuck(world)
    with world.web.work(story.above.id, world.admin(story.above)) as work:
        assert thresholds.thresholds(work).set_aside == 1
        with pytest.raises(Invalid, match="set_aside: This number does not fit"):
            thresholds.set_up(work, {"set_aside": 0})
        thresholds.set_up(work, {"set_aside": 500})
        assert thresholds.thresholds(work) == thresholds.Thresholds(set_aside=500)
    assert health(story).alerts == ()
