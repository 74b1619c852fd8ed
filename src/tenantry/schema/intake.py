"""Imports from files."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from tenantry.schema.base import ID, NOTHING, choice, flag, moment, tenant_table, text, version

import_run = tenant_table(
    "import",
    choice("kind", "accounts products prices subscriptions", "What the rows are."),
    choice("status", "reading planned running completed failed cancelled", "Where it stands.", default="planned"),
    text("file_name", "Name of the file, as it was given."),
    text("format", "How it was read: csv or xlsx, encoding, delimiter, sheet."),
    sa.Column(
        "columns",
        JSONB,
        nullable=False,
        server_default=sa.text("'[]'::jsonb"),
        comment="Headings of the file, in order.",
    ),
    sa.Column(
        "mapping",
        JSONB,
        nullable=False,
        server_default=NOTHING,
        comment="Heading -> field, matched by name or by hand.",
    ),
    sa.Column("options", JSONB, nullable=False, server_default=NOTHING, comment="Defaults for what the file lacks."),
    sa.Column("counts", JSONB, nullable=False, server_default=NOTHING, comment="Rows by verdict."),
    sa.Column("file_hash", sa.Text, nullable=False, server_default=sa.text("''"), comment="SHA-256 of the file."),
    sa.Column(
        "findings",
        JSONB,
        nullable=False,
        server_default=sa.text("'[]'::jsonb"),
        comment="What was found, by code: message, rule, way out, rows.",
    ),
    sa.Column("digest", sa.Text, nullable=True, comment="SHA-256 over file, mapping and options: what is confirmed."),
    sa.Column(
        "total",
        sa.Integer,
        nullable=False,
        server_default=sa.text("0"),
        comment="Rows to be brought in, once confirmed.",
    ),
    sa.Column(
        "position",
        sa.Integer,
        nullable=False,
        server_default=sa.text("0"),
        comment="Last line of the last committed batch.",
    ),
    text("problem", "Why it failed."),
    sa.Column("done", sa.Integer, nullable=False, server_default=sa.text("0"), comment="Rows brought in so far."),
    sa.Column("created_by", ID, nullable=True, comment="Who brought the file."),
    text("created_by_name", "His name then."),
    moment("created_at", "When it was brought.", needed=True),
    sa.Column("confirmed_by", ID, nullable=True, comment="Who confirmed it; the records are his doing."),
    text("confirmed_by_name", "His name then."),
    moment("confirmed_at", "When it was confirmed."),
    moment("completed_at", "When it was complete."),
    version(),
)

import_row = tenant_table(
    "import_row",
    sa.Column("import_id", ID, nullable=False, comment="Which import."),
    sa.ForeignKeyConstraint(["tenant_id", "import_id"], ["import.tenant_id", "import.id"]),
    sa.Column("line", sa.Integer, nullable=False, comment="Line in the file; the heading is 1."),
    sa.Column("cells", JSONB, nullable=False, comment="The cells as they stand in the file."),
    choice("verdict", "ready warning refused skipped imported", "What becomes of it.", default="ready"),
    sa.Column(
        "problems",
        JSONB,
        nullable=False,
        server_default=sa.text("'[]'::jsonb"),
        comment="What is wrong, field by field.",
    ),
    sa.Column("record", JSONB, nullable=True, comment="What was planned for it; none once it was brought in."),
    sa.Column("record_id", ID, nullable=True, comment="The record it became."),
    flag("chosen", "Brought in unless a person left it out.", default=True),
    key=("tenant_id", "import_id", "line"),
)
