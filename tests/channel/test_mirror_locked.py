"""What the distributor cannot do with what a sale brought, by file or in bulk, and what he can with its order
(UP-20, UP-23, UP-33, BO-20 to BO-22); screens and API are the matrix of the policy's.
"""

from datetime import date, timedelta
from typing import Any

import pytest

from tenantry.crm import actions as accounts
from tenantry.crm.new import NewContact
from tenantry.kernel.problems import Refused
from tenantry.sales import actions as orders
from tenantry.sales.actions import NewItem
from tenantry.sales.defaults import today
from tenantry.sales.subscriptions import actions
from tests.channel.mirroring import channel
from tests.intake.stories import bring as bring_accounts, confirm, rows
from tests.intake.test_subscriptions import bring
from tests.world import World


def test_up_20_up_23_no_file_brings_a_subscription_to_what_the_reseller_manages(world: World) -> None:
    story = channel(world)
    mail = story.product(name="Mail", sku="MAIL")
    story.sold(mail)
    story.drain()
    with world.web.work(story.above.id) as work:
        begun = today(work) - timedelta(days=3)
    own = world.account(name="Beta")
    mirror = story.over("account", story.customer.id)
    lines = [f"{one.number}|MAIL|monthly|5||{begun}|{one.name}||||" for one in (own, mirror)]
    id = bring(world, *lines)
    verdicts = {one.line: one.verdict for one in rows(world, id)}
    assert verdicts == {2: "ready", 3: "refused"}
    confirm(world, id)
    assert len(world.rows(story.above, "subscription", account_id=own.id)) == 1
    assert len(world.rows(story.above, "subscription", account_id=mirror.id)) == 1


def test_up_20_up_23_no_file_changes_what_is_locked(world: World) -> None:
    story = channel(world)
    story.sold(story.product())
    story.drain()
    before = story.over("account", story.customer.id)
    id = bring_accounts(world, f"number,name,email\n{before.number},Taken,taken@acme.example\n".encode())
    confirm(world, id)
    after = story.over("account", story.customer.id)
    assert (after.name, after.email, after.version) == (before.name, before.email, before.version)


def test_up_33_up_31_prices_updated_in_bulk_change_what_the_reseller_pays_and_nothing_else(world: World) -> None:
    story = channel(world)
    mail = story.product(cost=7)
    outside = story.product(cost=3, externally_priced=True)
    made, other = story.sold(mail, 5), story.sold(outside, 1)
    story.drain()
    before = story.over("subscription", made.id)
    pushed = story.over("subscription", other.id).unit_price
    # By the price list that his tenant was made with; that his customer buys by another here counts for nothing.
    story.listed(mail, 6)
    story.listed(outside, 99)
    by_another = world.insert(story.above, "price_list", name="Retail", currency="EUR")
    world.insert(
        story.above, "price_list_item", price_list_id=by_another.id, product_id=mail.id, cycle="monthly", price=50
    )
    world.update(story.above, "account", story.customer.id, own_ordering_options=True, price_list_id=by_another.id)
    with world.web.work(story.above.id, world.admin(story.above)) as work:
        actions.update_prices(work, [made.id, other.id])
    assert story.over("subscription", other.id).unit_price == pushed
    after = story.over("subscription", made.id)
    assert after.unit_price == 6
    assert {**vars(after), "unit_price": 7, "version": 0} == {**vars(before), "version": 0}
    # Nor does it go down, or come back with the reseller's next change (UP-13).
    story.do("change_quantity", made, 6)
    story.drain()
    assert story.over("subscription", made.id).unit_price == 6
    assert story.under("subscription", made.id).unit_price == 10


def test_bo_20_bo_21_bo_22_a_back_order_is_neither_carried_out_nor_changed_but_for_what_is_named(world: World) -> None:
    story = channel(world)
    mail = story.product()
    story.sold(mail)
    story.drain()
    [order] = story.orders()
    [item] = story.items(order)
    acts: dict[str, list[Any]] = {
        "cancel_order": [],
        "submit_order": [],
        "execute_order": [],
        "copy_order": [],
        "deliver_items": [[item.id]],
        "add_item": [NewItem(mail.id, "monthly", 1)],
        "edit_order": [{"ordered_on": date(2026, 1, 1)}],
    }
    for verb, given in acts.items():
        with world.web.work(story.above.id, world.admin(story.above)) as work, pytest.raises(Refused) as refused:
            getattr(orders, verb)(work, order.id, *given)
        assert refused.value.rule in {"BO-20", "BO-21"}, verb
    with world.web.work(story.above.id, world.admin(story.above)) as work:
        orders.edit_order(work, order.id, {"name": "Tracked"})
    # The reseller's next sale leaves what he named alone.
    story.sold(mail)
    story.drain()
    assert [one.name for one in story.orders()] == ["Tracked", "Acme"]
    assert story.orders()[0].ordered_on == order.ordered_on


def test_up_22_up_13_what_is_not_locked_is_the_distributors(world: World) -> None:
    story = channel(world)
    story.sold(story.product())
    story.drain()
    with world.web.work(story.above.id, world.admin(story.above)) as work:
        accounts.edit(work, story.customer.id, {"phone": "+30 1"})
        accounts.add_contact(work, story.customer.id, NewContact(last_name="Ours"))
        with pytest.raises(Refused) as refused:
            accounts.edit(work, story.customer.id, {"name": "Ours"})
    assert refused.value.rule == "UP-02"
    story.account("edit", {"name": "Acme AG", "phone": "+30 99"})
    story.drain()
    made = story.over("account", story.customer.id)
    assert (made.name, made.phone) == ("Acme AG", "+30 1")
    assert world.rows(story.below, "contact", account_id=story.customer.id) == []


def test_bo_02_imported_subscriptions_raise_an_order_each(world: World) -> None:
    story = channel(world)
    story.product(name="Mail", sku="MAIL")
    with world.web.work(story.below.id) as work:
        begun = today(work) - timedelta(days=3)
    number = story.customer.number
    lines = [f"{number}|MAIL|monthly|{many}||{begun}|{name}||||" for many, name in ((5, "One"), (2, "Two"))]
    id = bring(world, *lines, at=story.below)
    confirm(world, id, at=story.below)
    assert len(world.rows(story.below, "subscription")) == 2
    story.drain()
    assert sorted(story.sold_above()) == [[("Mail", 2)], [("Mail", 5)]]
    assert {one.ordered_on for one in story.orders()} == {begun}
    assert len(world.rows(story.above, "subscription", managed_by=story.below.id)) == 2
