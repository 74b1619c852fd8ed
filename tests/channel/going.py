"""What tests of going down and going live look at in both tenants."""

from typing import Any

from tenantry.schema import channel
from tests.channel.stories import resold_product
from tests.world import Row, Tenant, World


def state(world: World, reseller: Tenant) -> str:
    [found] = world.rows(world.distributor(), channel.tenant_reseller, id=reseller.account_id)
    value: str = found.state
    return value


def standings(world: World, at: Tenant, table: str, *rows: Row) -> list[tuple[str, Any]]:
    found = [world.row(at, table, one.id) for one in rows]
    return [(one.standing, one.managed_by) for one in found if one]


def activation(world: World, reseller: Tenant) -> Row:
    """Give the last handover that made him live."""
    done = world.rows(world.distributor(), channel.handover, tenant_reseller_id=reseller.account_id)
    return [one for one in done if one.kind == "activate_back_ordering"][-1]


def below(world: World, reseller: Tenant, of: Row, table: str = "subscription") -> Row:
    found = world.row(reseller, table, of.id)
    assert found, "it has not been copied"
    return found


def extra(world: World, reseller: Tenant, product: Row, **given: object) -> Row:
    """Make an add-on of a product, sold at both."""
    found = resold_product(world, reseller, kind="add_on", **given)
    for at in (world.distributor(), reseller):
        world.insert(at, "product_add_on", product_id=product.id, add_on_id=found.id)
    return found
