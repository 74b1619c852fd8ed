"""Transfer Subscriptions as one entry in the registry of handovers (DN-40)."""

from typing import Any

import sqlalchemy as sa

from tenantry.rules.binds import TAKER
from tenantry.rules.handover import Kind, seller
from tenantry.rules.mark import Mark
from tenantry.rules.transfer_subscriptions.checks import CANDIDATES, CHECKS, listed
from tenantry.rules.transfer_subscriptions.converting import CONVERTING
from tenantry.rules.transfer_subscriptions.copies import COPIES
from tenantry.rules.transfer_subscriptions.sources import THINGS, giver
from tenantry.rules.transfer_subscriptions.undo import OBSTACLES
from tenantry.schema.sales import subscription
from tenantry.schema.subscription import asset


def _copied(name: str, table: sa.Table) -> Mark:
    own: dict[str, Any] = {"standing": "own", "managed_by": None}
    return Mark(
        name=name,
        rule="DN-40",
        why="It counts until go-live, and the tenant that has a copy of it is told what changes.",
        table=table,
        account=table.c.id,
        sets={"managed_by": TAKER},
        was=own,
    )


TRANSFER_SUBSCRIPTIONS = Kind(
    name="transfer_subscriptions",
    title="Transfer Subscriptions",
    rule="DN-40",
    subject=THINGS,
    listed=listed,
    candidates=CANDIDATES,
    checks=CHECKS,
    copies=COPIES,
    lapses=(),
    marks=(*CONVERTING, _copied("subscription_mark", subscription), _copied("asset_mark", asset)),
    obstacles=OBSTACLES,
    undone_says=sa.case(
        (giver.c.entity == "asset", "Transfer of the asset to "), else_="Transfer of the subscription to "
    )
    .concat(seller.c.name)
    .concat(" Tenant Reseller was undone"),
)
