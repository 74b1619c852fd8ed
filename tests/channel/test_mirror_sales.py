"""What the reseller sells appears at the distributor, as the seeds tell it (UP-01, UP-30 to UP-34)."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from tenantry.crm import actions as accounts
from tenantry.kernel.problems import Refused
from tenantry.rules.mirror_up import SUBSCRIPTION
from tenantry.sales.actions import NewItem, NewOrder, create_order
from tenantry.sales.assets import actions as assets
from tenantry.sales.subscriptions import actions
from tenantry.sales.subscriptions.queries import subscription
from tenantry.schema import metadata
from tests.channel.mirroring import Channel, channel
from tests.world import Row, World


def test_up_01_up_30_bo_01_a_first_paid_sale_brings_customer_subscription_and_order(world: World) -> None:
    story = channel(world)
    product = story.product(price=10, cost=7, name="Mail")

    made = story.sold(product, 5)
    assert world.row(story.above, "account", story.customer.id) is None
    assert story.drain() > 0

    account = story.over("account", story.customer.id)
    assert (account.name, account.standing, account.managed_by) == ("Acme", "mirrored", story.below.id)
    mirror = story.over("subscription", made.id)
    assert (mirror.name, mirror.quantity, mirror.unit_price, mirror.status) == ("Acme - Mail", 5, Decimal(7), "active")
    assert (mirror.standing, mirror.managed_by) == ("mirrored", story.below.id)
    assert mirror.bill_to_id == story.below.account_id
    [order] = story.orders()
    assert (order.standing, order.status, order.bill_to_id) == ("back_order", "executed", story.below.account_id)
    [item] = story.items(order)
    assert (item.product_id, item.quantity, item.unit_price) == (product.id, 5, Decimal(7))
    assert mirror.order_id == order.id
    assert story.drain() == 0


def test_up_01_only_a_live_resellers_sales_arrive(world: World) -> None:
    story = channel(world)
    world.update(story.below, "tenant", story.below.id, live_at=None)
    own = world.product(story.below)
    story.priced(story.below, own, 5)
    story.sold(own)
    assert story.told() == []


def test_up_02_to_up_12_the_account_that_a_sale_makes(world: World) -> None:
    story = channel(world)
    card = world.payment_method(story.above, name="Card")
    paying = {"payment_method_id": card.id, "credit_limit": 5_000, "billing_day": 7, "taxation": False}
    world.update(story.above, "account", story.below.account_id, **paying)
    world.update(story.above, "tenant_reseller", story.below.account_id, separate_invoices=True)
    mine = {"phone": "+30 1", "website": "acme.example", "currency": "EUR", "custom_fields": {"a": 1}}
    world.update(story.below, "account", story.customer.id, **mine)
    world.contact(story.customer, story.below)
    world.address(story.customer, story.below, city="Thebes", position=1)
    story.sold(story.product())
    story.drain()

    made = story.over("account", story.customer.id)
    assert (made.name, made.accounting_no, made.email) == ("Acme", "R-1", "office@acme.example")
    assert (made.ordering_enabled, made.separate_invoices, made.currency) == (True, True, "EUR")
    assert (made.bill_to_id, made.parent_id) == (story.below.account_id, story.below.account_id)
    assert {name: getattr(made, name) for name in paying} == paying
    assert (made.country, made.phone, made.website, made.custom_fields) == ("GR", "", "", {})
    [address] = world.rows(story.above, "address", account_id=made.id)
    assert (address.city, address.is_billing, address.standing) == ("Athens", True, "mirrored")
    assert world.rows(story.above, "contact", account_id=made.id) == []
    assert story.history(made.id) == [f"Account was created due to purchases on {story.below.name}"]


def test_up_30_the_mirror_is_one_to_one(world: World) -> None:
    story = channel(world)
    mail = story.product(name="Mail")
    with story.on("2026-03-10"):
        made = story.sold(mail, 5)
        world.update(story.below, "subscription", made.id, external_id="X-1", provisioning_status="failed")
        story.do("set_renewal", made, renew=False)
        story.do("edit_subscription", made, {"name": "His name for it"})
        story.drain()
    below, mirror = story.under("subscription", made.id), story.over("subscription", made.id)
    same = """account_id product_id cycle quantity start_on paid_from term_until renew external_id provisioning_status
        status end_on suspended_on""".split()
    assert {name: getattr(mirror, name) for name in same} == {name: getattr(below, name) for name in same}
    # And the distributor changes none of it.
    assert SUBSCRIPTION.locked.keys() == set(same)
    assert (mirror.paid_from, mirror.renew, mirror.end_on) == (date(2026, 3, 10), False, date(2026, 4, 9))
    assert (mirror.name, mirror.standing, mirror.bill_to_id) == ("Acme - Mail", "mirrored", story.below.account_id)

    # Whatever of it changes below, changes above.
    days = {name: date(2026, 5, 1) for name in ("start_on", "paid_from", "term_until", "end_on", "suspended_on")}
    words = {"cycle": "yearly", "status": "suspended", "external_id": "X-2", "provisioning_status": "provisioned"}
    changed = {**days, **words, "quantity": 6, "renew": True}
    world.update(story.below, "subscription", made.id, **changed)
    story.repeat(_state(story, made.id))
    story.drain()
    mirror = story.over("subscription", made.id)
    assert {name: getattr(mirror, name) for name in changed} == changed


def test_up_31_up_30_what_is_charged_here_is_reckoned_here(world: World) -> None:
    story = channel(world)
    made = story.sold(story.product())
    story.drain()
    mirror = story.over("subscription", made.id)
    assert (mirror.anchor_on, mirror.charged_until, mirror.trial_until) == (None, None, None)
    assert (mirror.price_frozen, mirror.custom_fields) == (False, {})


@pytest.mark.parametrize("entity", ["subscription", "asset"])
def test_up_32_responsible_user_and_rule_are_the_api_options_falling_back_to_accounts(
    world: World, entity: str
) -> None:
    story = channel(world)
    product = story.product(cycle="one_off" if entity == "asset" else "monthly")

    def sold() -> tuple[object, object]:
        found = story.sell(NewItem(product.id, "one_off" if entity == "asset" else "monthly", 1))
        ids = [one.id for one in found or world.rows(story.below, "asset", account_id=story.customer.id)]
        story.drain()
        made = story.over(entity, ids[-1])
        return made.responsible_user_id, made.permission_rule_id

    assert sold() == (story.above.admin_id, story.above.rule_id)
    for named in ("account", entity):
        mail = f"{named}@{story.above.code}.example"
        user = world.insert(story.above, "tenant_user", name=named, email=mail).id
        rule = world.insert(story.above, "permission_rule", name=named).id
        options = {"responsible_user_id": user, "permission_rule_id": rule}
        for one in world.rows(story.above, "api_option", entity=named):
            world.update(story.above, "api_option", one.id, **options)
        if not world.rows(story.above, "api_option", entity=named):
            world.insert(story.above, "api_option", entity=named, **options)
        assert sold() == (user, rule), named


def test_up_33_up_30_what_is_the_distributors_is_his_and_what_is_not_is_locked(world: World) -> None:
    story = channel(world)
    mail = story.product()
    archive = story.add_on(mail)
    made = story.sell(NewItem(mail.id, "monthly", 2), NewItem(archive.id, "monthly", 2))[0]
    story.drain()
    with world.web.work(story.above.id, world.admin(story.above)) as work:
        actions.edit_subscription(work, made.id, {"name": "Project North"})
        shown = subscription(work, made.id)
        for act, given in (
            (actions.change_quantity, [5]),
            (actions.cancel, []),
            (actions.suspend, []),
            (actions.upgrade, [mail.id]),
            (actions.downgrade, [mail.id]),
            (actions.add_add_on, [archive.id]),
            (actions.change_add_on_quantity, [archive.id, 1]),
            (actions.remove_add_on, [archive.id]),
            (actions.retry_provisioning, []),
        ):
            with pytest.raises(Refused) as refused:
                act(work, made.id, *given)
            assert refused.value.rule == "UP-33", act
        assert not shown.actions["change_quantity"]
    # The reseller's next change leaves the name alone (UP-13).
    story.do("change_quantity", made, 5)
    story.drain()
    mirror = story.over("subscription", made.id)
    assert (mirror.name, mirror.quantity) == ("Project North", 5)


def test_up_34_an_asset_mirrors_with_its_status_and_nothing_of_a_subscription(world: World) -> None:
    story = channel(world)
    router = story.product(name="Router", cycle="one_off", price=90, cost=60)
    bought = story.buy(router, 2)
    world.update(story.below, "asset", bought.id, name="His name for it")
    story.drain()
    mirror = story.over("asset", bought.id)
    assert (mirror.name, mirror.quantity, mirror.status, mirror.unit_price) == ("Acme - Router", 2, "active", 60)
    assert (mirror.standing, mirror.managed_by, mirror.bought_on) == ("mirrored", story.below.id, bought.bought_on)
    assert (mirror.bill_to_id, mirror.currency) == (story.below.account_id, "EUR")

    with world.web.work(story.below.id, world.admin(story.below)) as work:
        assets.edit_asset(work, bought.id, {"serial_number": "SN-7", "name": "His name"})
    story.drain()
    mirror = story.over("asset", bought.id)
    assert (mirror.serial_number, mirror.name) == ("SN-7", "Acme - Router")

    with world.web.work(story.below.id, world.admin(story.below)) as work:
        assets.take_back(work, bought.id)
    told = story.told()
    story.drain()
    assert story.over("asset", bought.id).status == "returned"
    story.repeat(*told)
    story.drain()
    [order] = story.orders()
    assert sorted(story.history(bought.id)) == [
        f"Asset was bought due to changes on {story.below.name} (order {order.number})",
        f"Asset was edited due to changes on {story.below.name}",
        f"Asset was taken back due to changes on {story.below.name}",
    ]
    with world.web.work(story.above.id, world.admin(story.above)) as work, pytest.raises(Refused) as refused:
        assets.take_back(work, bought.id)
    assert refused.value.rule == "UP-34"


def test_up_20_after_a_sale_the_distributor_sells_nothing_to_the_customer_and_deletes_nothing(world: World) -> None:
    story = channel(world)
    mail = story.product()
    story.sold(mail)
    story.drain()
    with world.web.work(story.above.id, world.admin(story.above)) as work, pytest.raises(Refused) as refused:
        create_order(work, NewOrder(story.customer.id, items=[NewItem(mail.id, "monthly", 1)]))
    assert refused.value.rule == "UP-20"


def test_up_21_up_24_deleted_below_it_is_kept_above_for_its_sales(world: World) -> None:
    story = channel(world)
    made = story.sold(story.product())
    story.do("cancel", made)
    story.drain()
    story.account("delete")
    told = story.told()
    story.drain()
    account = story.over("account", story.customer.id)
    assert (account.status, account.standing, account.managed_by) == ("deleted", "archived", None)
    assert f"Account's Status Changed to Deleted due to changes on {story.below.name}" in story.history(account.id)
    # What still comes of it changes nothing and is no fault.
    world.update(story.below, "subscription", made.id, provisioning_status="provisioned")
    story.repeat(*told, _state(story, made.id))
    story.drain()
    assert story.set_aside() == []
    assert story.over("account", story.customer.id) == account


def test_up_21_a_mirror_with_neither_sales_nor_documents_is_removed(world: World) -> None:
    story = channel(world)
    managed = {"standing": "mirrored", "managed_by": story.below.id, "bill_to": story.below}
    world.account(id=story.customer.id, name="Acme", **managed)
    world.contact(world.row(story.above, "account", story.customer.id))
    story.account("edit", {"name": "Acme AG"})
    story.drain()
    assert story.over("account", story.customer.id).name == "Acme AG"
    story.account("delete")
    story.drain()
    assert world.row(story.above, "account", story.customer.id) is None
    assert world.rows(story.above, "contact", account_id=story.customer.id) == []
    assert story.set_aside() == []


def test_up_21_status_follows_there_and_back_with_a_line_each(world: World) -> None:
    story = channel(world)
    story.sold(story.product())
    story.drain()
    for verb in ("suspend", "reactivate", "close"):
        story.account(verb)
        story.drain()
    lines = [line for line in story.history(story.customer.id) if "Status" in line]
    assert sorted(lines) == [
        f"Account's Status Changed to {status} due to changes on {story.below.name}"
        for status in ("Active", "Closed", "Suspended")
    ]
    assert story.over("account", story.customer.id).status == "closed"


def test_up_03_up_14_the_billing_address_of_a_sale_follows_and_changes(world: World) -> None:
    story = channel(world)
    story.sold(story.product())
    story.drain()
    own = world.address(story.customer, city="Ours")
    second = world.address(story.customer, story.below, city="Patras", position=1)
    with world.web.work(story.below.id, world.admin(story.below)) as work:
        accounts.make_billing(work, second.id)
    story.drain()
    found = sorted((one.city, one.standing, one.is_billing) for one in world.rows(story.above, "address"))
    assert found == [("Athens", "own", False), ("Ours", "own", False), ("Patras", "mirrored", True)]
    assert world.row(story.above, "address", own.id) is not None


def test_up_30_a_product_that_was_withdrawn_below_goes_on_for_what_was_sold_of_it(world: World) -> None:
    story = channel(world)
    mail = story.product(name="Mail")
    made = story.sold(mail, 5)
    story.drain()
    world.update(story.below, "product", mail.id, standing="withdrawn")
    world.update(story.above, "product", mail.id, active=False)
    story.do("change_quantity", made, 3)
    story.drain()
    assert story.over("subscription", made.id).quantity == 3
    assert story.sold_above() == [[("Mail", 5)], [("Mail", -2)]]


def test_up_30_moved_to_a_product_of_the_resellers_own_it_ends_above(world: World) -> None:
    story = channel(world)
    mail, own = story.product(name="Mail"), world.product(story.below, name="Own")
    story.priced(story.below, own, 4)
    story.path(mail, own)
    with story.on("2026-03-10"):
        made = story.sold(mail, 5)
        story.drain()
    with story.on("2026-03-20"):
        story.do("upgrade", made, own.id)
        story.drain()
    mirror = story.over("subscription", made.id)
    assert (mirror.status, mirror.product_id, mirror.end_on) == ("cancelled", mail.id, date(2026, 3, 19))
    assert story.sold_above() == [[("Mail", 5)], [("Mail", -5)]]


def _state(story: Channel, id: UUID) -> Row:
    return Row(kind="subscription", subject_id=id, account_id=story.customer.id, fact_id=None)


def test_up_09_ties_to_outside_systems_come_with_the_customer_and_follow_per_system(world: World) -> None:
    story = channel(world)
    panel, other = (world.insert(story.above, "provisioning_system", name=name) for name in ("Panel", "Other"))
    world.insert(story.below, "provisioning_system", id=panel.id, name="Panel")
    acme = {"account_id": story.customer.id}
    tie = world.insert(story.below, "sync_option", **acme, system_id=panel.id, external_id="P-1")
    story.sold(story.product())
    story.drain()

    def ties() -> set[tuple[UUID, str]]:
        return {(one.system_id, one.external_id) for one in world.rows(story.above, "sync_option", **acme)}

    assert ties() == {(panel.id, "P-1")}
    world.insert(story.above, "sync_option", **acme, system_id=other.id, external_id="O-1")
    world.update(story.below, "sync_option", tie.id, external_id="P-2")
    story.account("edit", {"email": "new@acme.example"})
    story.drain()
    assert ties() == {(panel.id, "P-2"), (other.id, "O-1")}
    with world.web.work(story.below.id) as work:
        gone = metadata.tables["sync_option"]
        work.connection.execute(gone.delete().where(gone.c.tenant_id == story.below.id))
    story.account("edit", {"email": "newer@acme.example"})
    story.drain()
    # What the reseller has no system for stays as it is.
    assert ties() == {(other.id, "O-1")}


def test_up_31_up_33_a_mirror_begins_at_its_first_version_and_knows_of_no_trial(world: World) -> None:
    story = channel(world)
    mail, archive = story.product(name="Mail", trial_allowed=True), story.product(3, 2, kind="add_on", name="Archive")
    for at in (story.above, story.below):
        world.insert(at, "product_add_on", product_id=mail.id, add_on_id=archive.id)
    made = story.sold(mail, 5, trial=True)
    assert story.under("subscription", made.id).trial_until is not None
    story.do("convert", made)
    story.do("add_add_on", made, archive.id, 2)

    story.drain()

    mirror = story.over("subscription", made.id)
    assert (mirror.trial_until, mirror.anchor_on, mirror.charged_until, mirror.version) == (None, None, None, 1)
    [kept] = world.rows(story.above, "subscription_add_on", subscription_id=made.id)
    assert (kept.quantity, kept.version) == (2, 1)
