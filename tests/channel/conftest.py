"""What tests of going down and going live begin with."""

import pytest

from tests.channel.stories import resold_product
from tests.world import Row, Tenant, World


@pytest.fixture
def reseller(world: World) -> Tenant:
    return world.tenant_reseller()


@pytest.fixture
def mail(world: World, reseller: Tenant) -> Row:
    return resold_product(world, reseller)
