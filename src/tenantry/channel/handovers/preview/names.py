"""The names of what previewed fields refer to."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.channel.handovers.preview.shapes import Shape, typed
from tenantry.database import Row
from tenantry.schema import metadata
from tenantry.schema.base import ID


def names_of(
    connection: sa.Connection,
    row: Row,
    read: Iterable[tuple[Shape, Sequence[sa.Row[Any]]]],
    known: dict[tuple[str, UUID], str],
) -> dict[tuple[str, UUID], str]:
    """Look up the names of what the previewed fields refer to, a statement per table referred to;
    most refer to the records themselves.
    """
    wanted: dict[str, set[UUID | None]] = {}
    for shape, rows in read:
        for one in shape.fields:
            if one.refers_to is not None and one.after is not None:
                columns = {one.after, one.source, one.today if shape.before is None else None}
                seen = wanted.setdefault(one.refers_to, set())
                for column in columns:
                    if column is not None:
                        seen.update([found[column] for found in rows])
                if shape.before is not None:
                    kept = [found[shape.before] for found in rows]
                    seen.update([typed(values[one.today], one.type) for values in kept if values is not None])
    names = known
    for name, ids in wanted.items():
        missing = [id_ for id_ in ids if id_ is not None and (name, id_) not in known]
        if not missing:
            continue
        table = metadata.tables[name]
        key = [table.c.tenant_id.in_([row["tenant_id"], row["taker_id"]])] if "tenant_id" in table.c else []
        query = sa.select(table.c.id, table.c.name).where(
            *key, table.c.id == sa.any_(sa.literal(missing, sa.ARRAY(ID)))
        )
        names.update({(name, id_): text for id_, text in connection.execute(query)})
    return names
