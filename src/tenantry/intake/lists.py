"""The list of imports (API-04, UI-03)."""

import sqlalchemy as sa

from tenantry.schema.intake import import_run
from tenantry.tenancy.listing import Column, Listing

STATUSES = {word: word.capitalize() for word in import_run.c.status.info["values"]}

KINDS = {word: word.capitalize() for word in import_run.c.kind.info["values"]}

IMPORTS = Listing(
    name="imports",
    permission="imports:view",
    table=import_run,
    columns=(
        Column("id", import_run.c.id, "Id", "ref", filterable=False),
        Column("file_name", import_run.c.file_name, "File", sortable=True, shown=True),
        Column("kind", import_run.c.kind, "Kind", "choice", choices=KINDS, shown=True),
        Column("status", import_run.c.status, "Status", "choice", shown=True, choices=STATUSES),
        Column("total", import_run.c.total, "Rows to bring in", "number", shown=True),
        Column("done", import_run.c.done, "Brought in", "number", shown=True),
        Column("created_by_name", import_run.c.created_by_name, "Brought by", shown=True),
        Column("created_at", import_run.c.created_at, "Brought at", "moment", sortable=True, shown=True),
        Column("completed_at", import_run.c.completed_at, "Completed at", "moment"),
        Column("version", import_run.c.version, "Version", "number", filterable=False),
    ),
    sort="-created_at",
    rule=None,
    looks_in=sa.func.lower(import_run.c.file_name + " " + import_run.c.created_by_name),
)
