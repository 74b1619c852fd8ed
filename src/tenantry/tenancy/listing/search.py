"""Free-text search: the one place that reads by the search index, which row-level security would otherwise hide.

Operators that might leak what they compare are kept from indexes by row-level security, so the search runs for a
moment as a role that may read nothing but tenant, id and the search column; it always names the tenant, and what it
finds is read again as the program's own role.
"""

from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work

AT_MOST = 50
# Where permission rules or filters will leave only some of what is found, more is looked at first.
TO_NARROW = 1000
LOOKED_AT = 2000
LONGEST = 100
MOST_WORDS = 8
SHORT = 3


def words(text: str) -> list[str]:
    """Take apart what was typed, without what no record holds."""
    return "".join(letter if letter.isprintable() else " " for letter in text[:LONGEST]).split()[:MOST_WORDS]


def hits(work: Work, table: sa.Table, wanted: list[str], *, narrowed: bool) -> list[UUID]:
    """Find the records that have all these words, those that begin with them first; at most 50, or 1,000 when they are
    narrowed afterwards.
    """
    found = (
        sa.select(table.c.id, table.c.search)
        .where(table.c.tenant_id == work.tenant_id, *(has(table.c.search, word) for word in wanted))
        .limit(LOOKED_AT)
        .subquery("found")
    )
    begins = sa.func.starts_with(found.c.search, sa.func.lower(" ".join(wanted)))
    query = sa.select(found.c.id).order_by(begins.desc(), found.c.search, found.c.id)
    with work.searching() as connection:
        return list(connection.scalars(query.limit(TO_NARROW if narrowed else AT_MOST)))


def with_those_of(
    work: Work, ids: list[UUID], wanted: list[str], owner: sa.Table, leads: sa.Column[UUID], *, narrowed: bool
) -> list[UUID]:
    """Add to what was found, after it, the newest records whose owner is found by these words."""
    most = TO_NARROW if narrowed else AT_MOST
    owners = hits(work, owner, wanted, narrowed=True) if len(ids) < most else []
    if not owners:
        return ids
    c = leads.table.c
    mine = (c.tenant_id == work.tenant_id, leads == sa.any_(sa.literal(owners, sa.ARRAY(c.id.type))))
    rest = sa.select(c.id).where(*mine, c.id != sa.all_(sa.literal(ids, sa.ARRAY(c.id.type))))
    return [*ids, *work.connection.scalars(rest.order_by(c.id.desc()).limit(most - len(ids)))]


def candidates(work: Work, table: sa.Table, text: str) -> list[UUID] | None:
    """Find every record whose search column holds this text; None where the index is of no use, or too many."""
    if len(text) < SHORT or not text.isprintable():
        return None
    found = sa.select(table.c.id).where(table.c.tenant_id == work.tenant_id, has(table.c.search, text)).limit(TO_NARROW)
    with work.searching() as connection:
        ids = list(connection.scalars(found))
    return ids if len(ids) < TO_NARROW else None


def has(text: sa.ColumnElement[str], word: str) -> sa.ColumnElement[bool]:
    """Say that a text in small letters has the word: anywhere, or, when too short for an index, where a word begins."""
    said = word.replace("/", "//").replace("%", "/%").replace("_", "/_")
    patterns = [f"%{said}%"] if len(word) >= SHORT else [f"{said}%", f"% {said}%"]
    # The database makes the letters small, as it did for what it looks in.
    return sa.or_(*(text.like(sa.func.lower(pattern), escape="/") for pattern in patterns))
