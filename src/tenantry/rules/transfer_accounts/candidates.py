"""Who can go, and why the others cannot (DN-02)."""

import sqlalchemy as sa

from tenantry.rules.binds import GIVER, RESELLER, TAKER
from tenantry.rules.check import BLOCKER, Check
from tenantry.rules.transfer_accounts.sources import giver
from tenantry.schema.crm import account

customer = account.alias("customer")
other = account.alias("other")

# The accounts that the list shows: the reseller's, whoever pays for them; greyed are those that a check names.
listed = sa.and_(
    giver.c.tenant_id == GIVER,
    giver.c.id != RESELLER,
    sa.or_(giver.c.bill_to_id == RESELLER, giver.c.parent_id == RESELLER),
    giver.c.status != "deleted",
    # What was copied drops out of the list (DN-03).
    sa.or_(giver.c.managed_by.is_(None), giver.c.managed_by != TAKER),
)

has_customers = sa.exists().where(
    customer.c.tenant_id == GIVER, customer.c.bill_to_id == giver.c.id, customer.c.id != giver.c.id
) | sa.exists().where(customer.c.tenant_id == GIVER, customer.c.parent_id == giver.c.id)

CANDIDATES = (
    Check(
        "is-the-reseller",
        "DN-02",
        "This is the reseller's own account.",
        offenders=sa.select(giver.c.id).where(giver.c.id == RESELLER),
        severity=BLOCKER,
        remedy="Choose the reseller's customers.",
    ),
    Check(
        "already-copied",
        "DN-02",
        "It has been copied to the reseller's tenant already.",
        offenders=sa.select(giver.c.id).where(giver.c.standing == "handed_down", giver.c.managed_by == TAKER),
        severity=BLOCKER,
        remedy="Nothing has to be done; look at its history for the day.",
    ),
    Check(
        "managed-elsewhere",
        "DN-02",
        "It is managed by somebody else.",
        offenders=sa.select(giver.c.id).where(
            giver.c.standing != "own", ~sa.and_(giver.c.standing == "handed_down", giver.c.managed_by == TAKER)
        ),
        severity=BLOCKER,
        remedy="Only the seller who manages an account can hand it over.",
    ),
    Check(
        "bill-to-another",
        "DN-02",
        "Its Bill To is another account, so it is not this reseller's customer.",
        offenders=sa.select(giver.c.id).where(giver.c.bill_to_id != RESELLER, giver.c.id != RESELLER),
        severity=BLOCKER,
        remedy="Set its Bill To to the reseller first.",
    ),
    Check(
        "reseller-with-customers",
        "DN-02",
        "It has reselling enabled and customers of its own.",
        offenders=sa.select(giver.c.id).where(giver.c.reselling_enabled, has_customers),
        severity=BLOCKER,
        remedy="Give its customers another Bill To first, or let it stay.",
    ),
    Check(
        "closed",
        "DN-02",
        "It is closed, transferred out or deleted.",
        offenders=sa.select(giver.c.id).where(
            giver.c.status.in_(["closed", "moved_out", "transferred_out", "deleted"])
        ),
        severity=BLOCKER,
        remedy="Reopen a closed account first; the others have ended here.",
    ),
)
