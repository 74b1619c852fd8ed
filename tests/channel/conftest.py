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


@pytest.fixture
def acme(world: World, reseller: Tenant) -> Row:
    """Give a customer whose account was copied."""
    account = world.account(bill_to=reseller)
    world.transfer_accounts(account, to=reseller)
    return account


@pytest.fixture
def one_is_left(world: World, reseller: Tenant) -> Row:
    """Give a customer whose account is not copied, so that nothing goes live by itself (DN-45)."""
    return world.account(bill_to=reseller)
