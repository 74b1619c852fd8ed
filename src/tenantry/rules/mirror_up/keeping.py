"""Keep what is managed below in step above:
the statements that a batch of changed accounts is applied with (UP-02, UP-03, UP-09, UP-14, UP-21).

The reseller is the giver, the distributor the taker.
Each statement writes only where the two differ, so that applying a message twice changes nothing.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert

from tenantry.rules.binds import GIVER, MOMENT, RESELLER, TAKER
from tenantry.rules.mirror_up.accounts import ACCOUNT, BILLING_ADDRESS, SYNC_OPTION, below, billing, reseller, tie
from tenantry.rules.mirror_up.batch import managed
from tenantry.rules.plan import PAGE
from tenantry.schema.catalog import provisioning_system, sync_option
from tenantry.schema.crm import account, address, history_line

above = account.alias("above")

# Whoever changes an account holds it first, by id.
hold = (
    sa.select(above.c.id)
    .where(above.c.tenant_id == TAKER, above.c.id == sa.any_(PAGE), above.c.managed_by == GIVER)
    .order_by(above.c.id)
    .with_for_update(key_share=True)
)


def _line(sentence: Any, changes: Any, differ: sa.ColumnElement[bool]) -> Any:
    """Write a history line above for every account of the batch for which something differs."""
    rows = (
        sa.select(
            TAKER,
            sa.func.gen_random_uuid(),
            sa.literal("account"),
            above.c.id,
            MOMENT,
            reseller.c.name,
            sentence,
            changes,
        )
        .select_from(
            managed.join(above, sa.and_(above.c.tenant_id == TAKER, above.c.id == managed.c.id))
            .join(below, sa.and_(below.c.tenant_id == GIVER, below.c.id == managed.c.id))
            .join(reseller, sa.and_(reseller.c.tenant_id == TAKER, reseller.c.id == RESELLER))
        )
        .where(differ)
    )
    columns = ["tenant_id", "id", "entity", "subject_id", "at", "actor", "sentence", "changes"]
    return insert(history_line).from_select(columns, rows).on_conflict_do_nothing()


def _change(name: str) -> tuple[sa.ColumnElement[Any], sa.ColumnElement[Any]]:
    """Give a column's name and, where above and below differ, its two values; null where they do not."""
    before, after = above.c[name], below.c[name]
    both = sa.func.jsonb_build_object(sa.literal_column("'before'"), before, sa.literal_column("'after'"), after)
    return sa.literal_column(f"'{name}'"), sa.case((before.is_distinct_from(after), both))


_followed = [name for name in ACCOUNT.locked if name != "status"]
_changes = sa.func.jsonb_strip_nulls(
    sa.func.jsonb_build_object(*(part for name in _followed for part in _change(name))),
)

status_line = _line(
    # The sentence is the seed's, word for word.
    sa.literal("Account's Status Changed to ")
    .concat(sa.func.initcap(sa.func.replace(below.c.status, "_", " ")))
    .concat(" due to changes on ")
    .concat(reseller.c.name),
    sa.cast(sa.null(), JSONB),
    above.c.status != below.c.status,
)
account_line = _line(
    sa.literal("Account was updated due to changes on ").concat(reseller.c.name),
    _changes,
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
