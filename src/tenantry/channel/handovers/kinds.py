"""The registry of kinds: adding a handover adds an entry."""

from tenantry.kernel.problems import Fault, Invalid
from tenantry.rules.activate_back_ordering import ACTIVATE_BACK_ORDERING
from tenantry.rules.handover import Kind
from tenantry.rules.transfer_accounts import TRANSFER_ACCOUNTS
from tenantry.rules.transfer_subscriptions import TRANSFER_SUBSCRIPTIONS

KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (TRANSFER_ACCOUNTS, TRANSFER_SUBSCRIPTIONS, ACTIVATE_BACK_ORDERING)
}


def kind_named(name: str) -> Kind:
    """Give the kind of that name; Invalid names the ones there are."""
    if name not in KINDS:
        raise Invalid(Fault("kind", f"There is no handover {name!r}.", "HND-01", f"Take one of: {', '.join(KINDS)}."))
    return KINDS[name]
