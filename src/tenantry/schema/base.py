"""The three kinds of table, and the words that their columns share.

A *tenant table* belongs to one organisation a row: its key starts with `tenant_id` and row-level security guards it. A
*shared* table is the same for all. A *local* table belongs to this installation (sessions, jobs) and holds ids, never
business data.
"""

from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, UUID

Kind = Literal["tenant", "shared", "local"]

metadata = sa.MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    }
)

ID = UUID(as_uuid=True)
AT = sa.DateTime(timezone=True)
AMOUNT = sa.Numeric(20, 6)
EMPTY = sa.text("''")
NO = sa.text("false")
YES = sa.text("true")
NOTHING = sa.text("'{}'::jsonb")


class Listed(sa.types.TypeDecorator[list[Any]]):
    """An array that goes to the driver as it is: whoever hands over `Once` has it written once for all statements."""

    impl = sa.ARRAY
    cache_ok = True

    def __init__(self, of: Any) -> None:
        self.of = of
        super().__init__(of)

    def bind_processor(self, dialect: sa.Dialect) -> None:
        """Leave the list alone."""


def tenant_table(
    name: str, *parts: Any, key: tuple[str, ...] = ("tenant_id", "id"), fill: int | None = None
) -> sa.Table:
    """Declare a table that belongs to the tenants, row by row; `fill` is its fill factor in percent."""
    lead = [
        sa.Column("tenant_id", ID, nullable=False, comment="Whose row this is: the organisation."),
        sa.Column("id", ID, nullable=False, comment="The record's id, the same in every tenant that holds it."),
    ]
    return _table("tenant", name, *lead, *parts, sa.PrimaryKeyConstraint(*key), fill=fill)


def shared_table(name: str, *parts: Any) -> sa.Table:
    """Declare a table that is the same for all tenants."""
    return _table("shared", name, *parts)


def local_table(name: str, *parts: Any) -> sa.Table:
    """Declare a table of this installation; it holds ids, never business data."""
    return _table("local", name, *parts)


def _table(kind: Kind, name: str, *parts: Any, fill: int | None = None) -> sa.Table:
    table = sa.Table(name, metadata, *parts, info={"kind": kind, "fill": fill})
    silent = [column.name for column in table.columns if not column.comment]
    if silent:
        message = f"Table {name}: every column says in a comment what it holds; silent: {', '.join(silent)}."
        raise TypeError(message)
    return table


def tables(kind: Kind) -> list[sa.Table]:
    """Give all tables of a kind, in the order in which they can be made."""
    return [table for table in metadata.sorted_tables if table.info["kind"] == kind]


def text(name: str, comment: str, *, long: bool = False) -> sa.Column[str]:
    """Declare a text that may be empty, never null; `long` is for prose."""
    limit = 20_000 if long else 320
    check = sa.CheckConstraint(f'char_length("{name}") <= {limit}', name=f"{name}_length")
    return sa.Column(name, sa.Text, check, nullable=False, server_default=EMPTY, comment=comment)


def choice(name: str, values: str, comment: str, *, default: str | None = None) -> sa.Column[str]:
    """Declare a text from a closed list;
    a text with a check stays indexable under row-level security, an enum does not.
    """
    listed = ", ".join(f"'{value}'" for value in values.split())
    check = sa.CheckConstraint(f'"{name}" IN ({listed})', name=f"{name}_known")
    given = sa.text(f"'{default}'") if default is not None else None
    return sa.Column(
        name, sa.Text, check, nullable=False, server_default=given, comment=comment, info={"values": values.split()}
    )


def flag(name: str, comment: str, *, default: bool = False) -> sa.Column[bool]:
    """Declare a yes or no."""
    return sa.Column(name, sa.Boolean, nullable=False, server_default=YES if default else NO, comment=comment)


def ref(name: str, to: str, comment: str, *, needed: bool = False, index: bool = False) -> tuple[Any, ...]:
    """Declare a reference to a record of the same tenant:
    the column, its foreign key, and an index where it is searched or deleted by.
    """
    parts: list[Any] = [
        sa.Column(name, ID, nullable=not needed, comment=comment),
        sa.ForeignKeyConstraint(["tenant_id", name], [f"{to}.tenant_id", f"{to}.id"]),
    ]
    if index:
        parts.append(sa.Index(None, "tenant_id", name))
    return tuple(parts)


def moment(name: str, comment: str, *, needed: bool = False) -> sa.Column[Any]:
    """Declare a moment in UTC; a needed one is now unless said otherwise."""
    given = sa.text("now()") if needed else None
    return sa.Column(name, AT, nullable=not needed, server_default=given, comment=comment)


def currency(name: str, comment: str, *, needed: bool = True) -> sa.Column[str]:
    """Declare an ISO 4217 currency code."""
    check = sa.CheckConstraint(f"\"{name}\" ~ '^[A-Z]{{3}}$'", name=f"{name}_iso")
    return sa.Column(name, sa.Text, check, nullable=not needed, comment=comment)


def country(name: str, comment: str) -> sa.Column[str]:
    """Declare an ISO 3166-1 alpha-2 country code; empty means not known."""
    check = sa.CheckConstraint(f"\"{name}\" ~ '^([A-Z]{{2}})?$'", name=f"{name}_iso")
    return sa.Column(name, sa.Text, check, nullable=False, server_default=EMPTY, comment=comment)


def custom_fields() -> sa.Column[Any]:
    """Declare the values of the tenant's own fields, by the field's name (TEN-23)."""
    return sa.Column(
        "custom_fields",
        JSONB,
        nullable=False,
        server_default=NOTHING,
        comment="Values of the tenant's own fields, by name.",
    )


def sort_name(of: str) -> sa.Column[str]:
    """Declare what lists sort by: small letters, each accent after its letter, short enough for an index page."""
    folded = sa.Computed(f"left(normalize(lower({of}), NFKD), 200)", persisted=True)
    return sa.Column("sort_name", sa.Text, folded, nullable=False, comment="What lists sort by: the name, folded.")


def search(table: str, of: str, comment: str = "What search as you type looks in.") -> tuple[Any, ...]:
    """Declare what search as you type looks in, and its index; who searches it is listed in database/walls.py."""
    found = sa.Computed(of, persisted=True)
    return (
        sa.Column("search", sa.Text, found, nullable=False, comment=comment),
        sa.Index(f"{table}_search_idx", "tenant_id", sa.text("search gin_trgm_ops"), postgresql_using="gin"),
    )


def version() -> sa.Column[int]:
    """Declare the counter behind ETag and undo: 1 when made, one more with every change."""
    return sa.Column(
        "version",
        sa.Integer,
        nullable=False,
        server_default=sa.text("1"),
        comment="1 when made, one more with every change.",
    )
