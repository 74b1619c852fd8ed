"""What stories about upstream credit need: who is checked, what waits, and what either side does about it (UP-47)."""

from decimal import Decimal
from typing import Any

from tenantry.channel.mirror.charging import charge_mirrors
from tenantry.channel.mirror.charging_assets import charge_assets
from tenantry.channel.tenant_resellers import actions as tenant_resellers
from tenantry.channel.upstream_credit import actions
from tenantry.channel.upstream_credit.checking import tell_waiting
from tenantry.crm import actions as accounts
from tenantry.sales import actions as orders
from tests.channel.mirroring import Channel, channel, drain
from tests.world import Row, Tenant, World


def checked(world: World, limit: int) -> Channel:
    """Begin a story in which the reseller's credit is checked."""
    story = channel(world, credit_limit=limit)
    check(story.above, story.below, checked=True)
    return story


def check(above: Tenant, below: Tenant, *, checked: bool) -> None:
    """Say above whether the reseller's credit is checked, and let him hear of it."""
    world = above.world
    with world.web.work(above.id, world.admin(above)) as work:
        tenant_resellers.edit_settings(work, below.account_id, credit_checked=checked)
    drain(world, above)


def provisioned(story: Channel, **given: Any) -> Row:
    """Give both a product that an outside system delivers; a unit costs the reseller 10."""
    system = story.world.insert(story.below, "provisioning_system", name="Mail platform", kind="manual")
    story.world.insert(story.above, "provisioning_system", id=system.id, name="Mail platform", kind="manual")
    return story.product(cost=10, provisioning_system_id=system.id, **given)


def requests(story: Channel, of: Row) -> list[tuple[str, str]]:
    """Give what is asked for of a subscription, oldest first."""
    found = story.world.rows(story.below, "service_request", subscription_id=of.id)
    return [(one.verb, one.status) for one in sorted(found, key=lambda one: (one.created_at, one.id))]


def settle(story: Channel) -> None:
    """Apply what was told below, and what was answered above, until nothing is left."""
    while story.drain() + drain(story.world, story.above):
        pass


def held(story: Channel, order: Row) -> Row:
    """Give what waits below for the credit of an order above."""
    found = story.world.row(story.below, "upstream_credit", order.id)
    assert found
    return found


def above(story: Channel, verb: str, *given: Any, **named: Any) -> Any:
    """Do something about credit as the distributor's admin."""
    with story.world.web.work(story.above.id, story.world.admin(story.above)) as work:
        return getattr(actions, verb)(work, *given, **named)


def below(story: Channel, verb: str, *given: Any, **named: Any) -> Any:
    """Do something about an order as the reseller's admin."""
    room = orders if hasattr(orders, verb) else actions
    with story.world.web.work(story.below.id, story.world.admin(story.below)) as work:
        return getattr(room, verb)(work, *given, **named)


def limit(story: Channel, amount: int) -> None:
    """Give the reseller another credit limit, as a person does."""
    with story.world.web.work(story.above.id, story.world.admin(story.above)) as work:
        accounts.edit(work, story.below.account_id, {"credit_limit": str(amount)})


def charge(story: Channel) -> None:
    """Charge the reseller for what he sold, as the job does."""
    charge_mirrors(story.world.worker, story.above.id)
    charge_assets(story.world.worker, story.above.id)
    with story.world.web.work(story.above.id) as work:
        tell_waiting(work)


def owed(story: Channel) -> Decimal:
    """Give what the reseller was charged."""
    found = story.world.rows(story.above, "charge", bill_to_id=story.below.account_id)
    return sum((one.amount for one in found), Decimal(0))
