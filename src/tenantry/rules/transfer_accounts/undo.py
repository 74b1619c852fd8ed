"""What stands in the way of handing accounts back (DN-34)."""

import sqlalchemy as sa

from tenantry.rules.binds import GIVER, HANDOVER, TAKER
from tenantry.rules.check import BLOCKER, Check
from tenantry.rules.derived import derived_id
from tenantry.schema.billing import invoice
from tenantry.schema.catalog import sync_option
from tenantry.schema.channel import handover_before
from tenantry.schema.crm import account, activity, address, contact, history_line
from tenantry.schema.sales import order, subscription
from tenantry.schema.tenant import tenant

copied = account.alias("copied")
REMEDY = "It stays with the reseller; undo what was done first if it has to come back."


def _written(table: sa.Table) -> sa.ColumnElement[int]:
    """Give the version that the handover wrote: 1, or one more than that of the row it woke."""
    before = (
        sa.select(handover_before.c.version_written)
        .where(
            handover_before.c.tenant_id == GIVER,
            handover_before.c.handover_id == HANDOVER,
            handover_before.c.row_tenant_id == TAKER,
            handover_before.c.table_name == table.name,
            handover_before.c.id == table.c.id,
        )
        .correlate(table)
        .scalar_subquery()
    )
    return sa.func.coalesce(before, 1)


def _touched(table: sa.Table) -> sa.ColumnElement[bool]:
    """Say whether the account has a row that was changed since, or that the handover did not bring.

    What was there when it wrote its line of history, it either brought or kept; the giver's own row may be gone by now.
    """
    brought = (
        sa.exists()
        .where(
            history_line.c.tenant_id == TAKER,
            history_line.c.id == derived_id(HANDOVER, copied.c.id, "received"),
            history_line.c.at >= table.c.created_at,
        )
        # Of this account, not of any: one that follows it in the same handover is received later.
        .correlate(copied, table)
    )
    before = sa.exists().where(
        handover_before.c.tenant_id == GIVER,
        handover_before.c.handover_id == HANDOVER,
        handover_before.c.row_tenant_id == TAKER,
        handover_before.c.table_name == table.name,
        handover_before.c.id == table.c.id,
    )
    return sa.exists().where(
        table.c.tenant_id == TAKER,
        table.c.account_id == copied.c.id,
        sa.or_(table.c.version != _written(table), ~sa.or_(brought, before)),
    )


def _wrote(subject: sa.ColumnElement[object]) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        history_line.c.tenant_id == TAKER,
        history_line.c.subject_id == subject,
        history_line.c.handover_id.is_distinct_from(HANDOVER),
        history_line.c.at > sa.bindparam("since", type_=history_line.c.at.type),
    )


def _has(table: sa.Table) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        table.c.tenant_id == TAKER,
        table.c.account_id == copied.c.id,
        table.c.created_at > sa.bindparam("since", type_=history_line.c.at.type),
    )


RESELLER_LIVE = Check(
    "reseller-live",
    "DN-34",
    "The reseller is live.",
    offenders=sa.select(tenant.c.id).where(tenant.c.id == TAKER, tenant.c.live_at.is_not(None)),
    severity=BLOCKER,
    remedy="Undo going live first, or move the customers by Customer Move.",
    whole=True,
)

OBSTACLES = (
    RESELLER_LIVE,
    Check(
        "copy-changed",
        "DN-34",
        "The reseller has changed the account.",
        offenders=sa.select(copied.c.id).where(
            sa.or_(
                copied.c.version
                != sa.func.coalesce(
                    sa.select(handover_before.c.version_written)
                    .where(
                        handover_before.c.tenant_id == GIVER,
                        handover_before.c.handover_id == HANDOVER,
                        handover_before.c.row_tenant_id == TAKER,
                        handover_before.c.table_name == "account",
                        handover_before.c.id == copied.c.id,
                    )
                    .scalar_subquery(),
                    1,
                ),
                _wrote(copied.c.id),
            )
        ),
        severity=BLOCKER,
        remedy=REMEDY,
    ),
    Check(
        "contacts-changed",
        "DN-34",
        "The reseller has changed or added contacts, addresses or sync options.",
        offenders=sa.select(copied.c.id).where(sa.or_(_touched(contact), _touched(address), _touched(sync_option))),
        severity=BLOCKER,
        remedy=REMEDY,
    ),
    Check(
        "business-done",
        "DN-34",
        "The reseller has orders, subscriptions, invoices or activities of the account.",
        offenders=sa.select(copied.c.id).where(sa.or_(*map(_has, (order, subscription, invoice, activity)))),
        severity=BLOCKER,
        remedy=REMEDY,
    ),
    Check(
        "copy-gone",
        "DN-34",
        "The account below is no longer the one that was copied.",
        offenders=sa.select(copied.c.id).where(copied.c.standing != "received"),
        severity=BLOCKER,
        remedy="It was handed on since; ask who has it now.",
    ),
)
