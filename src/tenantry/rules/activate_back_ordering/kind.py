"""Activate Back Ordering as one entry in the registry of handovers (DN-45): all of it or nothing."""

import sqlalchemy as sa

from tenantry.rules.activate_back_ordering.checks import CHECKS, listed
from tenantry.rules.activate_back_ordering.copies import LIVE_HISTORY
from tenantry.rules.activate_back_ordering.undo import OBSTACLES
from tenantry.rules.binds import TAKER
from tenantry.rules.handover import Kind, seller
from tenantry.rules.mark import Mark
from tenantry.rules.transfer_accounts.sources import ACCOUNTS
from tenantry.schema.crm import account
from tenantry.schema.sales import subscription
from tenantry.schema.subscription import asset


def _live(name: str, table: sa.Table, why: str) -> Mark:
    return Mark(
        name=name,
        rule="DN-40",
        why=why,
        table=table,
        account=table.c.account_id,
        sets={"standing": "mirrored"},
        was={"standing": "own", "managed_by": TAKER},
        hashed=True,
    )


ACTIVATE_BACK_ORDERING = Kind(
    name="activate_back_ordering",
    title="Activate Back Ordering",
    rule="DN-45",
    subject=ACCOUNTS,
    listed=listed,
    candidates=(),
    checks=CHECKS,
    copies=(LIVE_HISTORY,),
    lapses=(),
    marks=(
        Mark(
            name="account_live",
            rule="DN-45",
            why="From then on the reseller sells to it in his own tenant, and what he sells comes up by itself.",
            table=account,
            account=account.c.id,
            sets={"standing": "mirrored"},
            was={"standing": "handed_down", "managed_by": TAKER},
            hashed=True,
        ),
        _live(
            "subscription_live",
            subscription,
            "Your row, with its id and price, becomes the mirror; the reseller's copy is the one that counts (UP-30).",
        ),
        _live("asset_live", asset, "Your row, with its id and price, becomes the mirror (UP-34)."),
    ),
    obstacles=OBSTACLES,
    undone_says=sa.literal("Going live of ").concat(seller.c.name).concat(" Tenant Reseller was undone"),
    here=("received",),
    at_once=True,
)
