"""Transfer Subscriptions: what copied accounts have is copied down after them (DN-40 to DN-44)."""

from datetime import date
from decimal import Decimal

import pytest

from tenantry.kernel.problems import Conflict
from tenantry.schema import catalog
from tests.channel.going import below, extra
from tests.channel.stories import finding, history, obstacles, outcomes, preview, resold_product, verdicts
from tests.world import Row, Tenant, World

pytestmark = pytest.mark.usefixtures("one_is_left")

CARRIED = """account_id product_id name status cycle quantity start_on trial_until paid_from anchor_on charged_until
    term_until end_on suspended_on renew external_id provisioning_status""".split()


def test_dn_40_a_subscription_is_carried_with_its_id_status_and_dates(
    world: World, reseller: Tenant, acme: Row, mail: Row
) -> None:
    sold = world.subscription(
        acme,
        mail,
        status="pending_cancellation",
        quantity=7,
        unit_price=3,
        discount_percent=5,
        price_frozen=True,
        start_on=date(2026, 1, 5),
        trial_until=date(2026, 1, 10),
        paid_from=date(2026, 1, 11),
        anchor_on=date(2026, 1, 11),
        charged_until=date(2027, 1, 10),
        term_until=date(2027, 1, 10),
        end_on=date(2027, 1, 10),
        renew=False,
        external_id="x-1",
        provisioning_status="provisioned",
        custom_fields={"rank": "gold"},
    )
    handover = world.transfer_subscriptions(sold, to=reseller)

    assert handover.status == "completed"
    copy = below(world, reseller, sold)
    assert {name: getattr(copy, name) for name in CARRIED} == {name: getattr(sold, name) for name in CARRIED}
    assert (copy.standing, copy.managed_by, copy.bill_to_id) == ("own", None, acme.id)
    assert (copy.discount_percent, copy.price_frozen, copy.order_id, copy.custom_fields) == (0, False, None, {})
    assert (copy.responsible_user_id, copy.permission_rule_id) == (reseller.admin_id, reseller.rule_id)
    above = world.row(world.distributor(), "subscription", sold.id)
    assert above
    assert (above.standing, above.managed_by, above.unit_price) == ("own", reseller.id, 3)


@pytest.mark.parametrize("status", ["starting_later", "trial", "active", "suspended", "pending_cancellation"])
def test_dn_40_every_status_that_has_not_ended_goes(
    world: World, reseller: Tenant, acme: Row, mail: Row, status: str
) -> None:
    sold = world.subscription(acme, mail, status=status)

    world.transfer_subscriptions(to=reseller)

    assert below(world, reseller, sold).status == status


@pytest.mark.parametrize("status", ["cancelled", "expired"])
def test_dn_40_what_has_ended_stays(world: World, reseller: Tenant, acme: Row, mail: Row, status: str) -> None:
    going, ended = world.subscription(acme, mail), world.subscription(acme, mail, status=status)

    plan = world.plan(going, ended, to=reseller, kind="transfer_subscriptions")

    assert verdicts(world, plan) == {going.id: "new", ended.id: "held"}
    assert finding(plan, "ended").records == [str(ended.id)]


def test_dn_40_assets_go_with_their_status_and_no_cycle(world: World, reseller: Tenant, acme: Row) -> None:
    box = resold_product(world, reseller)
    world.insert(
        reseller, catalog.product_price, product_id=box.id, cycle="one_off", currency="EUR", unit_price=Decimal(80)
    )
    bought = world.asset(acme, box, quantity=2, serial_number="S-1")
    returned = world.asset(acme, box, status="returned")

    handover = world.transfer_subscriptions(to=reseller)

    copy = below(world, reseller, bought, "asset")
    assert (copy.name, copy.quantity, copy.serial_number, copy.status) == (bought.name, 2, "S-1", "active")
    assert (copy.unit_price, copy.bought_on, copy.standing) == (80, bought.bought_on, "own")
    assert world.row(reseller, "asset", returned.id) is None
    assert set(outcomes(world, handover)) == {bought.id}


def test_dn_40_add_ons_go_with_their_subscription(world: World, reseller: Tenant, acme: Row, mail: Row) -> None:
    archive = extra(world, reseller, mail)
    sold = world.subscription(acme, mail)
    part = world.insert(
        world.distributor(),
        "subscription_add_on",
        subscription_id=sold.id,
        product_id=archive.id,
        quantity=4,
        unit_price=99,
    )

    world.transfer_subscriptions(to=reseller)

    copy = below(world, reseller, part, "subscription_add_on")
    assert (copy.subscription_id, copy.product_id, copy.quantity, copy.unit_price) == (sold.id, archive.id, 4, 10)


def test_dn_40_the_price_is_the_resellers_own_and_not_shown_to_the_distributor(
    world: World, reseller: Tenant, acme: Row, mail: Row
) -> None:
    """The account's list, at the tier that the quantity reaches; else the product's price there (HND-10)."""
    plain, listed = world.subscription(acme, mail, unit_price=4), world.subscription(acme, mail, quantity=10)
    plan = world.plan(plain, to=reseller, kind="transfer_subscriptions")
    shown = {one.field: one for one in preview(world, plan)[plain.id].fields}
    world.confirm(plan)
    own = world.insert(reseller, catalog.price_list, name="Friends", currency="EUR")
    for least, price in ((1, 9), (10, 8), (11, 7)):
        world.insert(
            reseller,
            catalog.price_list_item,
            price_list_id=own.id,
            product_id=mail.id,
            cycle="monthly",
            min_quantity=least,
            price=price,
        )
    world.update(reseller, "account", acme.id, price_list_id=own.id)
    world.transfer_subscriptions(listed, to=reseller)

    assert (below(world, reseller, plain).unit_price, below(world, reseller, listed).unit_price) == (10, 8)
    assert (shown["unit_price"].verb, shown["unit_price"].after) == ("assign", None)


def test_dn_40_nothing_is_provisioned_charged_or_ordered_by_it(
    world: World, reseller: Tenant, acme: Row, mail: Row
) -> None:
    world.subscription(acme, mail, paid_from=date(2026, 1, 1), charged_until=date(2026, 11, 30))

    world.transfer_subscriptions(to=reseller)

    for at in (world.distributor(), reseller):
        for table in ("charge", "service_request", "subscription_change", "order"):
            assert world.rows(at, table) == [], table


def test_dn_40_history_says_where_it_came_from_and_where_it_went(
    world: World, reseller: Tenant, acme: Row, mail: Row
) -> None:
    sold = world.subscription(acme, mail)
    home = world.distributor()
    world.transfer_subscriptions(to=reseller)

    assert [one.sentence for one in history(world, reseller, sold.id)] == [
        f"Subscription was transferred from {home.name}"
    ]
    assert [one.sentence for one in history(world, home, sold.id)] == [
        f"Subscription was transferred to {reseller.name} Tenant Reseller"
    ]


def test_dn_40_it_is_repeatable_and_what_was_copied_drops_out(
    world: World, reseller: Tenant, acme: Row, mail: Row
) -> None:
    first = world.subscription(acme, mail)
    world.transfer_subscriptions(to=reseller)
    second = world.subscription(acme, mail)

    assert verdicts(world, world.plan(to=reseller, kind="transfer_subscriptions")) == {second.id: "new"}
    again = world.plan(first, to=reseller, kind="transfer_subscriptions")
    assert finding(again, "already-copied").records == [str(first.id)]
    with pytest.raises(Conflict, match="nothing"):
        world.confirm(again)


def test_hnd_05_undone_the_copies_go_and_the_marks_are_lifted(
    world: World, reseller: Tenant, acme: Row, mail: Row
) -> None:
    archive = extra(world, reseller, mail)
    sold = world.subscription(acme, mail)
    home = world.distributor()
    part = world.insert(
        home, "subscription_add_on", subscription_id=sold.id, product_id=archive.id, quantity=1, unit_price=1
    )
    handover = world.transfer_subscriptions(to=reseller)
    assert world.row(reseller, "subscription_add_on", part.id)

    assert world.undo(handover).status == "undone"

    assert world.row(reseller, "subscription", sold.id) is None
    assert world.row(reseller, "subscription_add_on", part.id) is None
    assert below(world, home, sold).managed_by is None
    assert verdicts(world, world.plan(to=reseller, kind="transfer_subscriptions")) == {sold.id: "new"}
    assert [one.sentence for one in history(world, home, sold.id)][-1] == (
        f"Transfer of the subscription to {reseller.name} Tenant Reseller was undone"
    )


def test_hnd_05_dn_40_an_activity_about_the_copy_keeps_it_below(
    world: World, reseller: Tenant, acme: Row, mail: Row
) -> None:
    kept, freed = world.subscription(acme, mail), world.subscription(acme, mail)
    handover = world.transfer_subscriptions(to=reseller)
    world.insert(
        reseller,
        "activity",
        kind="task",
        subject="Call",
        about="subscription",
        about_id=kept.id,
        account_id=acme.id,
        responsible_user_id=reseller.admin_id,
        permission_rule_id=reseller.rule_id,
    )
    assert set(obstacles(world, handover)) == {"business-done"}
    assert world.undo(handover).status == "completed_with_failures"

    assert outcomes(world, handover) == {kept.id: ("kept", "business-done"), freed.id: ("undone", None)}
