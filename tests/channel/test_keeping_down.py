"""Until go-live the copies below follow the distributor's subscriptions and assets (DN-40)."""

from datetime import date

import pytest

from tenantry.channel.mirror import apply
from tenantry.kernel.problems import Refused
from tenantry.sales.assets.actions import edit_asset
from tenantry.sales.subscriptions import actions
from tenantry.schema import catalog, message
from tests.channel.stories import again, finding, resold_product
from tests.world import Row, Tenant, World

CARRIED = "name status product_id cycle quantity renew start_on paid_from charged_until end_on suspended_on".split()


@pytest.fixture
def reseller(world: World) -> Tenant:
    return world.tenant_reseller()


@pytest.fixture
def mail(world: World, reseller: Tenant) -> Row:
    """A product that both sell."""
    product = resold_product(world, reseller)
    world.insert(
        world.distributor(), catalog.product_price, product_id=product.id, cycle="monthly", currency="EUR", unit_price=8
    )
    return product


@pytest.fixture
def sold(world: World, reseller: Tenant, mail: Row) -> Row:
    """A subscription that was copied; an account is left, so the reseller is not live."""
    acme, _ = world.account(bill_to=reseller), world.account(bill_to=reseller)
    world.transfer_accounts(acme, to=reseller)
    one = world.subscription(acme, mail, quantity=5, paid_from=date(2026, 1, 1), charged_until=date(2099, 12, 31))
    world.transfer_subscriptions(one, to=reseller)
    return one


def change(world: World, verb: str, *given: object, **options: object) -> None:
    """Do something in the distributor's tenant, in a transaction of its own."""
    home = world.distributor()
    with world.web.work(home.id, world.admin(home)) as work:
        getattr(actions, verb)(work, *given, **options)


def waiting(world: World) -> list[str]:
    home = world.distributor()
    with world.web.work(home.id) as work:
        mine = message.message.c.tenant_id == home.id
        return list(
            work.connection.scalars(message.message.select().with_only_columns(message.message.c.kind).where(mine))
        )


def drain(world: World) -> None:
    while apply(world.worker, world.distributor().id):
        pass


def agree(world: World, reseller: Tenant, sold: Row) -> bool:
    above, copy = (world.row(at, "subscription", sold.id) for at in (world.distributor(), reseller))
    assert above
    assert copy
    return all(getattr(above, name) == getattr(copy, name) for name in CARRIED)


def test_dn_40_what_the_distributor_changes_follows_below(world: World, reseller: Tenant, sold: Row) -> None:
    for verb, given in (
        ("change_quantity", (9,)),
        ("edit_subscription", ({"name": "Mail for all"},)),
        ("set_renewal", (False,)),
        ("suspend", ()),
        ("resume", ()),
        ("cancel", ()),
    ):
        change(world, verb, sold.id, *given)
        assert waiting(world)
        assert not agree(world, reseller, sold), verb
        drain(world)
        assert agree(world, reseller, sold), verb
    assert waiting(world) == []


def test_dn_40_the_resellers_price_stays_his(world: World, reseller: Tenant, sold: Row) -> None:
    change(world, "change_quantity", sold.id, 9)
    drain(world)

    copy = world.row(reseller, "subscription", sold.id)
    assert copy
    assert (copy.unit_price, copy.version) == (10, 2)


def test_dn_40_applied_twice_nothing_changes(world: World, reseller: Tenant, sold: Row) -> None:
    for _ in range(2):
        change(world, "edit_subscription", sold.id, {"name": "Mail for all"})
        world.update(world.distributor(), "subscription", sold.id, name="Mail for all")
    drain(world)
    first = world.row(reseller, "subscription", sold.id)
    change(world, "freeze_prices", sold.id, True)
    drain(world)

    assert world.row(reseller, "subscription", sold.id) == first


def test_dn_40_add_ons_come_change_and_go_below(world: World, reseller: Tenant, mail: Row, sold: Row) -> None:
    archive = resold_product(world, reseller, kind="add_on")
    home = world.distributor()
    world.insert(home, catalog.product_price, product_id=archive.id, cycle="monthly", currency="EUR", unit_price=2)
    for at in (home, reseller):
        world.insert(at, "product_add_on", product_id=mail.id, add_on_id=archive.id)

    def below() -> list[tuple[int, int]]:
        drain(world)
        return [(one.quantity, one.unit_price) for one in world.rows(reseller, "subscription_add_on")]

    change(world, "add_add_on", sold.id, archive.id, 3)
    assert below() == [(3, 10)]
    change(world, "change_add_on_quantity", sold.id, archive.id, 4)
    assert below() == [(4, 10)]
    change(world, "remove_add_on", sold.id, archive.id)
    assert below() == []


def test_dn_40_what_becomes_another_product_gets_the_resellers_price_of_that(
    world: World, reseller: Tenant, mail: Row, sold: Row
) -> None:
    better, home = resold_product(world, reseller), world.distributor()
    world.update(
        reseller, "product_price", world.rows(reseller, "product_price", product_id=better.id)[0].id, unit_price=25
    )
    world.insert(home, catalog.product_price, product_id=better.id, cycle="monthly", currency="EUR", unit_price=12)
    world.insert(home, "product_path", product_id=mail.id, kind="upgrade", to_product_id=better.id)

    change(world, "upgrade", sold.id, better.id)
    drain(world)

    copy = world.row(reseller, "subscription", sold.id)
    assert copy
    assert (copy.product_id, copy.unit_price) == (better.id, 25)


def test_dn_40_what_the_reseller_does_not_sell_is_set_aside_and_holds_going_live_back(
    world: World, reseller: Tenant, mail: Row, sold: Row
) -> None:
    home = world.distributor()
    better = world.product()
    world.insert(home, catalog.product_price, product_id=better.id, cycle="monthly", currency="EUR", unit_price=12)
    world.insert(home, "product_path", product_id=mail.id, kind="upgrade", to_product_id=better.id)
    change(world, "upgrade", sold.id, better.id)
    drain(world)

    def set_aside() -> list[tuple[str, str]]:
        with world.web.work(home.id) as work:
            rows = work.connection.execute(
                message.message_set_aside.select().where(message.message_set_aside.c.tenant_id == home.id)
            )
            return [(row.kind, row.reason) for row in rows]

    assert set_aside() == [("subscription_below", "not-sold-below")]
    world.transfer_accounts(*[one for one in world.rows(home, "account", standing="own") if one.parent_id], to=reseller)
    plan = world.plan(to=reseller, kind="activate_back_ordering")
    assert finding(plan, "copy-behind").records == [str(sold.account_id)]
    with pytest.raises(Refused):
        world.confirm(plan)

    world.product(reseller, id=better.id, standing="inherited")
    world.insert(reseller, catalog.product_price, product_id=better.id, cycle="monthly", currency="EUR", unit_price=30)
    change(world, "edit_subscription", sold.id, {"name": "Better mail"})
    drain(world)
    assert (set_aside(), agree(world, reseller, sold)) == ([], True)
    world.go_live(reseller)
    assert again(world, plan).status == "planned"


def test_dn_40_assets_follow_too(world: World, reseller: Tenant) -> None:
    box, home = resold_product(world, reseller), world.distributor()
    world.insert(reseller, catalog.product_price, product_id=box.id, cycle="one_off", currency="EUR", unit_price=80)
    acme, _ = world.account(bill_to=reseller), world.account(bill_to=reseller)
    world.transfer_accounts(acme, to=reseller)
    bought = world.asset(acme, box)
    world.transfer_subscriptions(bought, to=reseller)

    with world.web.work(home.id, world.admin(home)) as work:
        edit_asset(work, bought.id, {"serial_number": "S-2"})
    drain(world)

    copy = world.row(reseller, "asset", bought.id)
    assert copy
    assert (copy.serial_number, copy.unit_price) == ("S-2", 80)


def test_dn_40_at_go_live_a_copy_is_what_the_distributors_is_whatever_waits(
    world: World, reseller: Tenant, sold: Row
) -> None:
    """After it, what still waits of before changes nothing."""
    change(world, "change_quantity", sold.id, 9)
    assert not agree(world, reseller, sold)

    world.go_live(reseller)
    assert agree(world, reseller, sold)
    world.update(reseller, "subscription", sold.id, quantity=11)
    drain(world)

    copy = world.row(reseller, "subscription", sold.id)
    assert copy
    assert copy.quantity == 11


def test_dn_40_what_was_not_copied_tells_nobody(world: World, reseller: Tenant, mail: Row, sold: Row) -> None:
    other = world.subscription(world.account(), mail, paid_from=date(2026, 1, 1), charged_until=date(2099, 12, 31))

    change(world, "edit_subscription", other.id, {"name": "Alone"})
    assert waiting(world) == []
    change(world, "edit_subscription", sold.id, {"name": "Together"})
    assert waiting(world) == ["subscription_below"]
