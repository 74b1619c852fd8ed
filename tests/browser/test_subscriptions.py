"""Subscriptions in the browser: a trial is sold, converted, grown, upgraded in part, cancelled, each figure first."""

import pytest
from tests.browser.conftest import Visits
from tests.browser.office import fills
from tests.sales.stories import priced
from tests.sales.subscriptions.stories import sold, there
from tests.world import Row, World

from tenantry.schema import catalog


@pytest.fixture
def mail(world: World) -> Row:
    """Give a product that can be tried, with an add-on and a product above it."""
    home = world.distributor()
    basic = priced(world, home, "30", name="Mail Basic", trial_allowed=True)
    premium = priced(world, home, "60", name="Mail Premium")
    archive = priced(world, home, "3", name="Archive", kind="add_on")
    world.insert(home, catalog.product_path, product_id=basic.id, kind="upgrade", to_product_id=premium.id)
    world.insert(home, catalog.product_add_on, product_id=basic.id, add_on_id=archive.id)
    return basic


def test_sub_02_a_person_reads_every_figure_before_he_confirms_it(world: World, visits: Visits, mail: Row) -> None:
    one = sold(world, mail, 10, to=world.account(name="Accor"), trial=True)
    mara = visits()
    mara.goes_to(f"/subscriptions/{one.id}")
    mara.finds_nothing_with_axe()

    mara.presses("Convert to Paid", ".action-bar")
    mara.sees("Charged, before tax", "300.00")
    mara.finds_nothing_with_axe()
    mara.presses("Convert", "#convert")
    mara.sees("Trial was converted to paid")
    assert there(world, one.id).status == "active"

    mara.presses("Change Quantity", ".action-bar")
    fills(mara, **{"change_quantity-quantity": "0"})
    mara.sees("There has to be at least one unit")
    fills(mara, **{"change_quantity-quantity": "12"})
    mara.sees("60.00", "360.00")
    mara.finds_nothing_with_axe()
    mara.presses("Change", "#change_quantity")
    mara.sees("Quantity was changed from 10 to 12")

    mara.presses("Buy Add-On", ".action-bar")
    fills(mara, **{"buy_add_on-quantity": "5"})
    mara.sees("15.00")
    mara.presses("Buy", "#buy_add_on")
    mara.sees("Add-on Archive was bought: 5")
    mara.finds_nothing_with_axe()
    mara.presses("Cancel", "table")
    mara.sees("Given back, before tax")
    mara.presses("Cancel it", "dialog[open]")
    mara.sees("Add-on Archive was cancelled")

    mara.presses("Upgrade", ".action-bar")
    mara.sees("Write how many")
    fills(mara, **{"upgrade-quantity": "4"})
    mara.sees("240.00", "120.00")
    mara.presses("Upgrade", "#upgrade")
    mara.sees("Upgrade of 4 of 12 from Mail Basic to Mail Premium")
    assert there(world, one.id).quantity == 8

    mara.presses("Cancel Subscription", ".action-bar")
    mara.sees("is its last day")
    mara.finds_nothing_with_axe()
    mara.presses("Cancel it", "#cancel")
    mara.sees("Cancellation was asked for", "Planned changes")
    mara.finds_nothing_with_axe()
    assert there(world, one.id).status == "pending_cancellation"


def test_sub_04_prices_are_updated_from_the_list_after_the_difference(world: World, visits: Visits, mail: Row) -> None:
    one = sold(world, mail, 10)
    [price] = world.rows(world.distributor(), catalog.product_price, product_id=mail.id)
    world.update(world.distributor(), catalog.product_price, price.id, unit_price=33)
    mara = visits()
    mara.goes_to("/subscriptions")
    mara.page.get_by_role("checkbox", name="Choose all on this page").check()
    mara.presses("Update Prices", ".bulk")
    mara.sees("Difference", "33.00")
    mara.finds_nothing_with_axe()
    mara.presses("Update Prices", "#content")
    mara.presses("Update", "#update")
    mara.sees("updated from the next billing date on")
    assert there(world, one.id).unit_price == 30
