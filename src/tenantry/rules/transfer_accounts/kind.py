"""Transfer Accounts as one entry in the registry of handovers (DN-29)."""

import sqlalchemy as sa

from tenantry.rules.binds import TAKER
from tenantry.rules.handover import Kind, seller
from tenantry.rules.lapse import Lapse
from tenantry.rules.mark import Mark
from tenantry.rules.transfer_accounts.candidates import CANDIDATES, listed
from tenantry.rules.transfer_accounts.checks import CHECKS
from tenantry.rules.transfer_accounts.copies import ADDRESS, CONTACT, COPIES, SYNC_OPTION
from tenantry.rules.transfer_accounts.sources import ACCOUNTS, is_second
from tenantry.rules.transfer_accounts.undo import OBSTACLES
from tenantry.schema.crm import account, address
from tenantry.schema.sales import order

TRANSFER_ACCOUNTS = Kind(
    name="transfer_accounts",
    title="Transfer Accounts",
    rule="DN-01",
    subject=ACCOUNTS,
    listed=listed,
    candidates=CANDIDATES,
    checks=CHECKS,
    copies=COPIES,
    lapses=(
        Lapse(
            copy=ADDRESS,
            rule="DN-23",
            why="The giver's first address becomes the billing address, so no old one stays it.",
            sets={"is_billing": False},
            only_gone=False,
        ),
        Lapse(
            copy=CONTACT,
            rule="TEN-09",
            why="A contact that the giver no longer has has moved out.",
            sets={"standing": "moved_out"},
        ),
        Lapse(
            copy=SYNC_OPTION,
            rule="DN-25",
            why="An account has one tie to a system: the giver's takes the place of the taker's.",
            gives_way=("account_id", "system_id"),
        ),
    ),
    marks=(
        Mark(
            name="old_billing_address",
            rule="DN-23",
            why="Above as below, the first address is the billing address, and no other is.",
            table=address,
            account=address.c.account_id,
            sets={"is_billing": False},
            was={"is_billing": True},
            rows=is_second,
            restores=("is_billing",),
            only_keeping=True,
        ),
        Mark(
            name="billing_address",
            rule="DN-29",
            why="The billing address is the reseller's from now on: locked above (UP-03).",
            table=address,
            account=address.c.account_id,
            sets={"standing": "mirrored", "is_billing": True},
            was={"standing": "own"},
            rows=~is_second,
            restores=("is_billing",),
        ),
        Mark(
            name="account_mark",
            rule="DN-29",
            why="From now on the reseller manages the account: ribbon and locks above.",
            table=account,
            account=account.c.id,
            sets={"standing": "handed_down", "managed_by": TAKER},
            was={"standing": "own", "managed_by": None},
        ),
        Mark(
            name="order_mark",
            rule="DN-29",
            why="All its orders become back-ordering records.",
            table=order,
            account=order.c.account_id,
            sets={"standing": "marked", "managed_by": TAKER},
            was={"standing": "own", "managed_by": None},
            hashed=True,
        ),
    ),
    obstacles=OBSTACLES,
    undone_says=sa.literal("Transfer to ").concat(seller.c.name).concat(" Tenant Reseller was undone"),
)
