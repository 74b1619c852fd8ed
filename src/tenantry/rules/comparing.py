"""Compare what two tenants have of the same records, row by row and field by field (UP-44).

What is compared is what a copy's `mirror` stanzas name: the same declaration locks it above and keeps it fresh.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

# No value is shown at greater length; the whole of it is compared.
SHOWN = 2_000


@dataclass(frozen=True)
class Kept:
    """Which rows above follow those below: whose each of them is, what says that it follows, and what that reads."""

    account: sa.ColumnElement[Any]
    rows: sa.ColumnElement[bool]
    joins: Mapping[sa.FromClause, sa.ColumnElement[bool]] = field(default_factory=dict)


def differences(name: str, fields: Sequence[str], below: sa.Select[Any], above: sa.Select[Any]) -> sa.Select[Any]:
    """Give every field that differs, every row that is missing above, and every row above that is not below.

    Both selects give `account_id`, `id` and the fields. Columns: account_id, id, verdict (differs, missing, surplus),
    field (empty for a whole row), below, above.
    """
    there, here = below.subquery(f"{name}_below"), above.subquery(f"{name}_above")
    verdict = sa.case((here.c.id.is_(None), "missing"), (there.c.id.is_(None), "surplus"), else_="differs")
    values = [(sa.literal(one), _written(there.c[one]), _written(here.c[one])) for one in fields]
    # A row that only one of the two has is one line, whatever is in it.
    whole = (sa.literal(""), sa.literal(""), sa.literal(""))
    line = (
        sa.values(sa.column("field", sa.Text), sa.column("below", sa.Text), sa.column("above", sa.Text), name="line")
        .data([whole, *values])
        .lateral()
    )
    both = sa.and_(there.c.id.is_not(None), here.c.id.is_not(None))
    differs = sa.and_(line.c.field != "", line.c.below.is_distinct_from(line.c.above))
    return (
        sa.select(
            sa.func.coalesce(there.c.account_id, here.c.account_id).label("account_id"),
            sa.func.coalesce(there.c.id, here.c.id).label("id"),
            verdict.label("verdict"),
            line.c.field,
            sa.func.left(sa.func.coalesce(line.c.below, ""), SHOWN).label("below"),
            sa.func.left(sa.func.coalesce(line.c.above, ""), SHOWN).label("above"),
        )
        .select_from(there.outerjoin(here, there.c.id == here.c.id, full=True).join(line, sa.true()))
        .where(sa.case((both, differs), else_=line.c.field == ""))
    )


def _written(value: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    return sa.cast(value, sa.Text)
