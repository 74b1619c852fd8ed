"""The history lines above of what was changed below: one where the two differ, written before they are made alike."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry.rules.binds import GIVER, MOMENT, RESELLER, TAKER
from tenantry.rules.mirror_up.accounts import reseller
from tenantry.schema.crm import history_line

COLUMNS = ["tenant_id", "id", "entity", "subject_id", "at", "actor", "sentence", "changes"]


def due_to(*words: Any) -> sa.ColumnElement[str]:
    """Say in whose tenant it was done."""
    return sa.func.concat(*words, " due to changes on ", reseller.c.name)


def line(
    entity: str, above: Any, below: Any, ids: sa.ColumnElement[Any], sentence: Any, changes: Any, differ: Any
) -> Any:
    """Write a line above for every record of these ids for which something differs, in the reseller's name."""
    rows = (
        sa.select(
            TAKER,
            sa.func.gen_random_uuid(),
            sa.literal(entity),
            above.c.id,
            MOMENT,
            reseller.c.name,
            sentence,
            changes,
        )
        .select_from(
            above.join(below, sa.and_(below.c.tenant_id == GIVER, below.c.id == above.c.id)).join(
                reseller, sa.and_(reseller.c.tenant_id == TAKER, reseller.c.id == RESELLER)
            )
        )
        .where(above.c.tenant_id == TAKER, above.c.managed_by == GIVER, ids, differ)
    )
    return insert(history_line).from_select(COLUMNS, rows).on_conflict_do_nothing()


def changes_of(above: Any, below: Any, names: list[str]) -> sa.ColumnElement[Any]:
    """Give before and after of every column in which the two differ."""
    parts = [part for name in names for part in _change(above.c[name], below.c[name])]
    return sa.func.jsonb_strip_nulls(sa.func.jsonb_build_object(*parts))


def _change(before: sa.ColumnElement[Any], after: sa.ColumnElement[Any]) -> tuple[sa.ColumnElement[Any], ...]:
    both = sa.func.jsonb_build_object(sa.literal_column("'before'"), before, sa.literal_column("'after'"), after)
    return sa.literal_column(f"'{before.key}'"), sa.case((before.is_distinct_from(after), both))
