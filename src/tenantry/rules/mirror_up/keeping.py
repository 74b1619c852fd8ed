"""Keep what is managed below in step above:
the statements that a batch of changed accounts is applied with (UP-02, UP-03, UP-09, UP-14, UP-21).

The reseller is the giver, the distributor the taker.
Each statement writes only where the two differ, so that applying a message twice changes nothing.
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from tenantry.rules.binds import GIVER, TAKER
from tenantry.rules.mirror_up.accounts import ACCOUNT, BILLING_ADDRESS, SYNC_OPTION, below, billing, tie
from tenantry.rules.mirror_up.batch import MANAGED, managed
from tenantry.rules.mirror_up.lines import changes_of, due_to, line
from tenantry.rules.plan import PAGE
from tenantry.schema.catalog import provisioning_system, sync_option
from tenantry.schema.crm import account, address

above = account.alias("above")

# Whoever changes an account holds it first, by id.
hold = (
    sa.select(above.c.id)
    .where(above.c.tenant_id == TAKER, above.c.id == sa.any_(PAGE), above.c.managed_by == GIVER)
    .order_by(above.c.id)
    .with_for_update(key_share=True)
)


_followed = [name for name in ACCOUNT.locked if name != "status"]
_theirs = above.c.id == sa.any_(MANAGED)

status_line = line(
    "account",
    above,
    below,
    _theirs,
    # The sentence is the seed's, word for word.
    due_to("Account's Status Changed to ", sa.func.initcap(sa.func.replace(below.c.status, "_", " "))),
    sa.cast(sa.null(), JSONB),
    above.c.status != below.c.status,
)
account_line = line(
    "account",
    above,
    below,
    _theirs,
    due_to("Account was updated"),
    changes_of(above, below, _followed),
    sa.or_(*(above.c[name].is_distinct_from(below.c[name]) for name in _followed)),
)
account_refresh = ACCOUNT.refresh(managed)

_new_billing = sa.select(billing.c.id).where(
    billing.c.tenant_id == GIVER, billing.c.account_id == address.c.account_id, billing.c.is_billing
)
# Above, exactly one address is the billing one; when it changes, the previous becomes an ordinary own address (UP-14).
old_billing = (
    sa.update(address)
    .values(is_billing=False, standing="own", version=address.c.version + 1)
    .where(
        address.c.tenant_id == TAKER,
        address.c.account_id == managed.c.id,
        sa.or_(address.c.is_billing, address.c.standing == "mirrored"),
        sa.exists(_new_billing),
        ~sa.exists(_new_billing.where(billing.c.id == address.c.id)),
    )
)
_made = BILLING_ADDRESS.insert_from(managed)
billing_made = _made
# One that was there already, as an ordinary address or as the mirror, becomes the mirror or is brought up to date.
billing_refresh = (
    sa.update(address)
    .values(
        {name: billing.c[name] for name in BILLING_ADDRESS.locked}
        | {"is_billing": True, "standing": "mirrored", "version": address.c.version + 1}
    )
    .where(
        address.c.tenant_id == TAKER,
        billing.c.tenant_id == GIVER,
        billing.c.id == address.c.id,
        billing.c.account_id == managed.c.id,
        billing.c.is_billing,
        sa.or_(
            address.c.standing != "mirrored",
            ~address.c.is_billing,
            *(address.c[name].is_distinct_from(billing.c[name]) for name in BILLING_ADDRESS.locked),
        ),
    )
)

_tie_gone = ~sa.exists().where(tie.c.tenant_id == GIVER, tie.c.id == sync_option.c.id)
_system_below = sa.exists().where(
    provisioning_system.c.tenant_id == GIVER, provisioning_system.c.id == sync_option.c.system_id
)
# A tie to a system that the reseller has is his; one to a system that he does not have stays as it is.
sync_gone = sa.delete(sync_option).where(
    sync_option.c.tenant_id == TAKER, sync_option.c.account_id == managed.c.id, _system_below, _tie_gone
)
sync_refresh = SYNC_OPTION.refresh(managed)
sync_made = SYNC_OPTION.insert_from(managed)

STATEMENTS = (
    status_line,
    account_line,
    account_refresh,
    old_billing,
    billing_made,
    billing_refresh,
    sync_gone,
    sync_refresh,
    sync_made,
)
