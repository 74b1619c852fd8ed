"""The world itself: what the other tests stand on."""

from tests.world import World


def test_ten_04_a_tenant_starts_with_one_admin_one_common_rule_and_its_currencies(world: World) -> None:
    """The first and only user, the common rule, the default and activated currencies."""
    reseller = world.tenant_reseller()

    assert [user.email for user in world.rows(reseller, "tenant_user")] == [f"admin@{reseller.code}.example"]
    assert [rule.name for rule in world.rows(reseller, "permission_rule")] == ["Common"]
    assert [one.currency for one in world.rows(reseller, "tenant_currency")] == ["EUR"]
    assert world.rows(reseller, "custom_field") == []
