"""What every edit of a set-up record does alike: load, lock, compare the version, name what is wrong, write."""

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from psycopg.errors import UniqueViolation

from tenantry.database import Work
from tenantry.kernel.problems import Fault, Invalid, NotFound, Refused, Stale
from tenantry.rules.policy.base import no
from tenantry.schema import metadata

Row = sa.Row[*tuple[Any, ...]]


def locked(work: Work, table: sa.Table, id: UUID, *, version: int | None = None, what: str = "") -> Row:
    """Load a record and lock it; raises NotFound, and Stale when it is not at this version any more."""
    row = work.connection.execute(_lock(table), {"tenant": work.tenant_id, "id": id}).first()
    if row is None:
        raise NotFound(what or table.name.replace("_", " "))
    compare(row.version, version)
    return row


def compare(present: int, version: int | None) -> None:
    """Raise Stale when a version is given and the record is at another."""
    if version is not None and present != version:
        raise Stale(
            f"It was changed since you read it: you have version {version}, it is at {present}.",
            rule="API-06",
            remedy="Load it again, look at the change, and repeat yours.",
        )


def write(work: Work, table: sa.Table, id: UUID, values: Mapping[str, Any]) -> None:
    """Write changed fields; the version counts on."""
    work.connection.execute(_write(table), {"of_tenant": work.tenant_id, "of_record": id, **values})


def remove(work: Work, table: sa.Table, *where: sa.ColumnElement[bool]) -> None:
    """Delete rows of this tenant."""
    work.connection.execute(sa.delete(table).where(table.c.tenant_id == work.tenant_id, *where))


@contextmanager
def unique(work: Work, fault: Fault) -> Iterator[None]:
    """Undo the block and raise Invalid with this fault when the record exists already."""
    try:
        with work.connection.begin_nested():
            yield
    except sa.exc.IntegrityError as error:
        if not isinstance(error.orig, UniqueViolation):
            raise
        raise Invalid(fault) from error


def unknown_fields(changes: Mapping[str, Any], editable: Collection[str], rule: str) -> list[Fault]:
    """Name the fields that cannot be changed."""
    return [
        Fault(field, "This cannot be changed.", rule, f"Leave it out; these can: {', '.join(sorted(editable))}.")
        for field in changes
        if field not in editable
    ]


def missing(work: Work, table: sa.Table, ids: Collection[UUID]) -> set[UUID]:
    """Find the ids that are no records of this tenant."""
    if not ids:
        return set()
    query = sa.select(table.c.id).where(table.c.tenant_id == work.tenant_id, table.c.id.in_(ids))
    return set(ids) - set(work.connection.scalars(query))


def text_fault(field: str, value: object, rule: str, *, longest: int = 100, needed: bool = True) -> list[Fault]:
    """Say what is wrong with a short text, if anything."""
    if not isinstance(value, str) or not is_text(value):
        return [Fault(field, "This is not a text.", rule, "Write a text.")]
    if needed and not value.strip():
        return [Fault(field, "This must be filled.", rule, f"Write 1 to {longest} characters.")]
    if len(value) > longest:
        return [Fault(field, f"This is longer than {longest} characters.", rule, "Write less.")]
    return []


def is_text(value: str) -> bool:
    """Say whether a text can be kept: JSON may carry a zero or half a character, which PostgreSQL has no place for."""
    return not re.search("[\x00\ud800-\udfff]", value)


def taken(field: str, name: str, rule: str) -> Fault:
    """Say that a name is taken."""
    return Fault(field, f"There is {name[:60]!r} already.", rule, "Take another, or change that one.")


def trimmed(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Take the blanks off the ends of texts."""
    return {field: value.strip() if isinstance(value, str) else value for field, value in changes.items()}


def refuse_while_used(work: Work, table: sa.Table, id: UUID, rule: str, *, but: Collection[sa.Table] = ()) -> None:
    """Raise Refused while any record of the tenant, of whatever table, refers to this one."""
    users = [
        (other, constraint.column_keys[-1])
        for other in metadata.sorted_tables
        if other not in but
        for constraint in other.foreign_key_constraints
        if constraint.referred_table is table
    ]
    used = [
        sa.exists(sa.select(other.c.id).where(other.c.tenant_id == work.tenant_id, other.c[column] == id)).label(
            f"{other.name}.{column}"[:50]
        )
        for other, column in users
    ]
    found = work.connection.execute(sa.select(*used)).one()
    by = sorted({other.name.replace("_", " ") for (other, _), is_used in zip(users, found, strict=True) if is_used})
    if by:
        raise Refused(no(rule, f"It is in use by a record of these kinds: {', '.join(by)}."), "Change those first.")


@cache
def _lock(table: sa.Table) -> sa.Select[Any]:
    here = (table.c.tenant_id == sa.bindparam("tenant"), table.c.id == sa.bindparam("id"))
    return sa.select(table).where(*here).with_for_update(key_share=True)


@cache
def _write(table: sa.Table) -> sa.Update:
    # Which columns are set follows from the names that it is executed with.
    here = (table.c.tenant_id == sa.bindparam("of_tenant"), table.c.id == sa.bindparam("of_record"))
    return sa.update(table).values(version=table.c.version + 1).where(*here)
