"""Upstream credit through three tiers: what is sold below runs once every seller above has given credit (UP-47)."""

from decimal import Decimal
from typing import Any

from tenantry.channel.upstream_credit import actions
from tenantry.sales import queries
from tenantry.sales.actions import withdraw_order
from tenantry.sales.queries import OrderView
from tests.channel.crediting import check, requests
from tests.channel.mirroring import drain
from tests.channel.stories import everything
from tests.channel.test_mirror_tiers import Chain, chain
from tests.world import Row, World


def checking(world: World, top: int | None, middle: int | None) -> Chain:
    """Begin a story in which the two upper tiers give so much credit, or do not check it."""
    story = chain(world)
    for at, limit in ((0, top), (1, middle)):
        above, below = story.tenants[at : at + 2]
        if limit is not None:
            world.update(above, "account", below.account_id, credit_limit=limit)
            check(above, below, checked=True)
    settle(story)
    return story


def provisioned(story: Chain) -> Row:
    """Give all of them a product that an outside system delivers below; a unit costs the middle 3, the lowest 6."""
    lowest = story.tenants[-1]
    system = story.world.insert(lowest, "provisioning_system", name="Mail platform", kind="manual")
    made = story.product(3, 6)
    story.world.update(lowest, "product", made.id, provisioning_system_id=system.id)
    return made


def settle(story: Chain) -> None:
    """Apply what was told in every tenant until nothing is left."""
    while sum(drain(story.world, at) for at in reversed(story.tenants)):
        pass


def order(story: Chain, at: int) -> Row:
    """Give the one back order of a tenant."""
    [found] = story.world.rows(story.tenants[at], "order", standing="back_order")
    return found


def seen(story: Chain, at: int, id: Any) -> OrderView:
    """Show an order as a tenant's admin sees it."""
    tenant = story.tenants[at]
    with story.world.web.work(tenant.id, story.world.admin(tenant)) as work:
        return queries.order(work, id)


def act(story: Chain, at: int, verb: Any, *given: Any) -> None:
    """Do something about an order as a tenant's admin."""
    tenant = story.tenants[at]
    with story.world.web.work(tenant.id, story.world.admin(tenant)) as work:
        verb(work, *given)


def test_up_47_it_runs_after_the_topmost_release_and_not_before(world: World) -> None:
    story = checking(world, 100, 100)
    made = story.lowest.sold(provisioned(story), 5)
    drain(world, story.tenants[2])
    drain(world, story.tenants[1])
    assert (order(story, 1).reserved, order(story, 0).reserved) == (30, 15)
    assert requests(story.lowest, made) == [("create", "held")], "the top has not answered yet"

    settle(story)

    assert requests(story.lowest, made) == [("create", "pending")]
    assert seen(story, 2, made.order_id).upstream_credit.status == "released"


def test_up_47_over_the_middles_limit_the_lowest_sees_his_figures_there_and_the_top_gives_credit(world: World) -> None:
    story = checking(world, 100, 20)
    made = story.lowest.sold(provisioned(story), 5)
    settle(story)

    found = seen(story, 2, made.order_id).upstream_credit
    assert (found.status, found.seller, found.figures.adds.amount) == ("refused", story.tenants[1].name, Decimal(30))
    assert [order(story, at).approval for at in (0, 1)] == ["none", "waiting"]
    assert seen(story, 1, order(story, 1).id).actions["exceed_limit"]
    assert not seen(story, 0, order(story, 0).id).actions["exceed_limit"]

    act(story, 1, actions.exceed_limit, order(story, 1).id)
    settle(story)
    assert requests(story.lowest, made) == [("create", "pending")]


def test_up_47_over_the_tops_limit_the_lowest_sees_that_it_waits_further_up_and_no_figures(world: World) -> None:
    story = checking(world, 10, 100)
    made = story.lowest.sold(provisioned(story), 5)
    settle(story)

    lowest, middle = seen(story, 2, made.order_id), seen(story, 1, order(story, 1).id)
    assert requests(story.lowest, made) == [("create", "held")]
    below, between = lowest.upstream_credit, middle.upstream_credit
    assert (below.status, below.seller, below.figures) == ("refused", story.tenants[1].name, None)
    assert (between.seller, between.figures.limit.amount) == (story.tenants[0].name, Decimal(10))
    assert (middle.approval, order(story, 0).approval) == ("none", "waiting")

    act(story, 0, actions.exceed_limit, order(story, 0).id)
    settle(story)
    assert requests(story.lowest, made) == [("create", "pending")]


def test_up_47_only_the_top_checks_and_the_lowest_hears_of_that_too(world: World) -> None:
    story = checking(world, 10, None)
    mail = provisioned(story)
    made = story.lowest.sold(mail, 5)
    assert requests(story.lowest, made) == [("create", "held")]
    settle(story)
    assert (order(story, 1).approval, order(story, 1).reserved, order(story, 0).approval) == ("none", None, "waiting")

    check(*story.tenants[:2], checked=False)
    settle(story)
    assert requests(story.lowest, made) == [("create", "pending")]
    assert requests(story.lowest, story.lowest.sold(mail, 5)) == [("create", "pending")]


def test_up_47_where_only_the_middle_checks_the_top_is_not_asked(world: World) -> None:
    story = checking(world, None, 100)
    made = story.lowest.sold(provisioned(story), 5)
    settle(story)
    assert requests(story.lowest, made) == [("create", "pending")]
    assert world.rows(story.tenants[1], "upstream_credit") == []
    assert order(story, 0).reserved is None


def test_up_47_asked_again_from_the_bottom_it_is_looked_at_up_to_the_top(world: World) -> None:
    story = checking(world, 10, 100)
    made = story.lowest.sold(provisioned(story), 5)
    settle(story)
    world.update(story.tenants[0], "account", story.tenants[1].account_id, credit_limit=100)

    act(story, 2, actions.check_credit, made.order_id)
    settle(story)

    assert requests(story.lowest, made) == [("create", "pending")]
    assert [order(story, at).reserved for at in (0, 1)] == [15, 30]


def test_up_47_withdrawn_at_the_bottom_it_waits_nowhere(world: World) -> None:
    story = checking(world, 10, 100)
    made = story.lowest.sold(provisioned(story), 5)
    settle(story)

    act(story, 2, withdraw_order, made.order_id)
    settle(story)

    assert [order(story, at).approval for at in (0, 1)] == ["none", "none"]
    assert [one.status for one in world.rows(story.tenants[1], "upstream_credit")] == ["withdrawn"]
    assert requests(story.lowest, made) == [("create", "withdrawn")]


def test_up_47_an_asset_alone_waits_in_every_tier(world: World) -> None:
    story = checking(world, 10, 100)
    router = story.product(30, 60, trial_days=1)
    story.lowest.buy(router)
    settle(story)
    assert [order(story, at).approval for at in (0, 1)] == ["waiting", "none"]
    [held] = world.rows(story.tenants[2], "upstream_credit")
    assert held.status == "refused"

    act(story, 0, actions.exceed_limit, order(story, 0).id)
    settle(story)
    [held] = world.rows(story.tenants[2], "upstream_credit")
    assert held.status == "released"


def test_up_47_told_again_in_every_tier_it_changes_nothing(world: World) -> None:
    story = checking(world, 10, 100)
    story.lowest.sold(provisioned(story), 5)
    told = story.lowest.told()
    settle(story)
    before = everything(world, *story.tenants)
    story.lowest.repeat(*told)
    settle(story)
    assert everything(world, *story.tenants) == before
