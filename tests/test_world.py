"""The world itself: what the other tests stand on."""

from tests.channel.stories import resold_product
from tests.world import World


def test_ten_04_a_tenant_starts_with_one_admin_one_common_rule_and_its_currencies(world: World) -> None:
    """The first and only user, the common rule, the default and activated currencies."""
    reseller = world.tenant_reseller()

    assert [user.email for user in world.rows(reseller, "tenant_user")] == [f"admin@{reseller.code}.example"]
    assert [rule.name for rule in world.rows(reseller, "permission_rule")] == ["Common"]
    assert [one.currency for one in world.rows(reseller, "tenant_currency")] == ["EUR"]
    assert world.rows(reseller, "custom_field") == []


def test_ten_06_going_live_makes_what_was_transferred_the_resellers(world: World) -> None:
    """The customers and what they have are mirrors above from then on."""
    reseller = world.tenant_reseller()
    acme = world.account(bill_to=reseller)
    mail = world.subscription(acme, resold_product(world, reseller))
    world.transfer_accounts(acme, to=reseller)

    world.go_live(reseller)

    home = world.distributor()
    above = [world.row(home, "account", acme.id), world.row(home, "subscription", mail.id)]
    assert [(one.standing, one.managed_by) for one in above if one] == [("mirrored", reseller.id)] * 2
    assert [one.state for one in world.rows(home, "tenant_reseller", id=reseller.account_id)] == ["live"]
