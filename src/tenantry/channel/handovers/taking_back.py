"""The statements that take copies back: rows that were made go, rows that were written over or gave way come back."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry.rules.binds import GIVER, HANDOVER, TAKER
from tenantry.rules.chosen import undone
from tenantry.rules.copy import Copy
from tenantry.schema.channel import handover_before


def delete(copy: Copy) -> sa.Delete:
    """Take away the rows that the handover made; those it woke are not among them."""
    table = copy.into
    whose = table.c[str(copy.account.key)]
    kept = sa.exists().where(*_of_taker(table), handover_before.c.id == table.c.id)
    # What was there already when it went live was made by another handover.
    return sa.delete(table).where(table.c.tenant_id == TAKER, whose == undone.c.id, undone.c.verdict != "live", ~kept)


def restore(copy: Copy) -> sa.Update:
    """Put back the rows that the handover woke or let lapse, where nobody has written since."""
    table, found = copy.into, _old_rows(copy)
    values = {name: found.c[name] for name in _names(table)}
    return (
        sa.update(table)
        .values({**values, "version": table.c.version + 1})
        .where(
            table.c.tenant_id == TAKER,
            table.c.id == found.c.row_id,
            table.c.version == found.c.version_written,
            found.c.whose == undone.c.id,
        )
    )


def put_back(copy: Copy) -> Any:
    """Make the rows again that had given way."""
    table, found = copy.into, _old_rows(copy)
    names = _names(table)
    rows = sa.select(
        TAKER.label("tenant_id"), found.c.row_id, (found.c.version_written + 1), *(found.c[name] for name in names)
    ).select_from(found.join(undone, undone.c.id == found.c.whose))
    made = insert(table).from_select(["tenant_id", "id", "version", *names], rows, include_defaults=False)
    return made.on_conflict_do_nothing(index_elements=["tenant_id", "id"])


def _old_rows(copy: Copy) -> sa.Subquery:
    table = copy.into
    row = sa.func.jsonb_populate_record(sa.literal_column(f'NULL::"{table.name}"'), handover_before.c.old_row)
    was = row.table_valued(*(sa.column(name, table.c[name].type) for name in _names(table)), name="was")
    return (
        sa.select(
            handover_before.c.id.label("row_id"),
            handover_before.c.account_id.label("whose"),
            handover_before.c.version_written,
            *(was.c[name] for name in _names(table)),
        )
        .select_from(handover_before.join(was, sa.true()))
        .where(*_of_taker(table))
        .subquery("found")
    )


def _names(table: sa.Table) -> list[str]:
    kept = {"tenant_id", "id", "version"}
    return [column.name for column in table.columns if column.computed is None and column.name not in kept]


def _of_taker(table: sa.Table) -> list[sa.ColumnElement[bool]]:
    return [
        handover_before.c.tenant_id == GIVER,
        handover_before.c.handover_id == HANDOVER,
        handover_before.c.row_tenant_id == TAKER,
        handover_before.c.table_name == table.name,
    ]
