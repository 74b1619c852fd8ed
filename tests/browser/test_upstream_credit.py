"""Upstream credit in the browser: the reseller sees why his sale waits, the distributor lets it run (UP-47)."""

import time

import pytest
import sqlalchemy as sa
from tests.browser.conftest import Visits
from tests.channel.crediting import checked, provisioned, requests
from tests.channel.mirroring import Channel
from tests.world import World

from tenantry.schema.message import message
from tenantry.tenancy.place import credit_is_checked_above

LONGEST = 30


def settles(story: Channel) -> None:
    """Wait until the worker, which runs beside the browser, has applied what both have told."""
    until = time.monotonic() + LONGEST
    told = sa.select(message.c.id).where(message.c.tenant_id.in_([story.below.id, story.above.id]))
    while time.monotonic() < until:
        with story.world.worker.installation() as connection:
            if not connection.scalar(sa.select(told.exists())):
                return
        time.sleep(0.05)
    pytest.fail(f"messages wait for more than {LONGEST} s")


def test_up_47_both_sides_see_why_it_waits_and_it_runs_once_the_limit_may_be_exceeded(
    world: World, visits: Visits, working: None
) -> None:
    story = checked(world, 100)
    made = story.sold(provisioned(story, name="Business Mail"), 25)
    settles(story)
    [order] = story.orders()
    eleni, mara = visits(story.below), visits(story.above)

    eleni.goes_to(f"/orders/{made.order_id}")
    eleni.sees(f"Waiting for credit at {story.above.name}", "Over the limit", "150.00")
    eleni.sees(f"Waits for credit at {story.above.name}")
    eleni.finds_nothing_with_axe()
    eleni.goes_to(f"/subscriptions/{made.id}")
    eleni.sees(f"Waiting for credit at {story.above.name}")
    eleni.finds_nothing_with_axe()
    eleni.goes_to("/provisioning-requests")
    eleni.sees("Waits for credit")

    mara.goes_to(f"/orders/{order.id}")
    mara.sees("It waits for credit", "250.00", "· Waits for credit")
    mara.finds_nothing_with_axe()
    mara.presses("Exceed Limit Once", ".action-bar")
    mara.page.locator("dialog[open] textarea, dialog[open] input[type=text]").first.fill("Always pays")
    mara.presses("Exceed the limit", "dialog[open]")
    mara.sees("The order may exceed the credit limit", "Always pays")

    settles(story)
    assert requests(story, made) == [("create", "pending")]
    eleni.goes_to(f"/orders/{made.order_id}")
    eleni.sees("Executed")
    assert eleni.page.get_by_text("Waiting for credit").count() == 0
    assert eleni.page.get_by_text("Waits for credit").count() == 0


def test_up_47_the_setting_is_on_the_page_of_the_tenant_reseller(world: World, visits: Visits, working: None) -> None:
    story = checked(world, 100)
    mara = visits(story.above)
    mara.goes_to(f"/tenant-resellers/{story.below.account_id}")
    mara.sees("Credit is checked")
    mara.presses("Edit Settings")
    mara.page.get_by_label("Check credit").uncheck()
    mara.finds_nothing_with_axe()
    mara.presses("Save", "dialog[open]")
    mara.sees("The check of his credit before provisioning was turned off")
    settles(story)
    with world.web.work(story.below.id) as work:
        assert not credit_is_checked_above(work)
