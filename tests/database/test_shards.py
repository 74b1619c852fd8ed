"""Ready to be sharded by tenant from day one:
what design.md asks of tables and statements, on the declared and on the migrated schema.
"""

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.dialects import postgresql

import tenantry
from tenantry import jobs
from tenantry.database import ddl, migrate, walls
from tenantry.rules import create_tenant, mirror_up, plan
from tenantry.rules.transfer_accounts import TRANSFER_ACCOUNTS
from tenantry.schema import metadata, tables
from tenantry.schema.base import tenant_table

SOURCE = Path(tenantry.__file__).parent
VERSIONS = migrate.MIGRATIONS / "versions"
LONGEST_NAME = 50


@pytest.fixture(scope="module")
def catalogue(owner_url: sa.URL) -> Iterator[sa.Connection]:
    """The migrated database as its owner sees it."""
    engine = sa.create_engine(owner_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def tenant_tables() -> list[str]:
    return [table.name for table in tables("tenant")]


def test_ten_02_every_table_is_a_tenant_table_a_shared_one_or_local(catalogue: sa.Connection) -> None:
    """Declared in one list; nothing else is in the database."""
    known = {table.name for kind in ("tenant", "shared", "local") for table in tables(kind)}
    assert known == set(metadata.tables)
    there = set(catalogue.scalars(sa.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")))
    assert there - {"alembic_version"} == known
    assert [table.name for table in tables("shared")] == ["tenant"]


def test_ten_03_tenant_id_leads_every_key_of_every_tenant_table() -> None:
    """Uuid, never null, no default; first in primary key, unique constraints and unique indexes."""
    for table in tables("tenant"):
        column = table.c.tenant_id
        assert isinstance(column.type, sa.Uuid), table.name
        assert not column.nullable, table.name
        assert column.default is None, table.name
        assert column.server_default is None, table.name
        assert next(iter(table.primary_key.columns)).name == "tenant_id", table.name
        for one in table.constraints:
            if isinstance(one, sa.UniqueConstraint):
                assert next(iter(one.columns)).name == "tenant_id", f"{table.name}: {one.name}"
        for index in table.indexes:
            assert not index.unique or next(iter(index.columns)).name == "tenant_id", f"{table.name}: {index.name}"


def test_ten_03_no_reference_leaves_a_tenant() -> None:
    """Between tenant tables tenant_id is on both sides; none to or from others, none SET NULL, none deferrable."""
    for table in metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            target = key.elements[0].column.table
            assert not key.deferrable, table.name
            assert key.ondelete in {None, "NO ACTION", "RESTRICT"}, table.name
            assert key.onupdate in {None, "NO ACTION", "RESTRICT"}, table.name
            if table.info["kind"] == "tenant":
                assert target.info["kind"] == "tenant", f"{table.name} refers to {target.name}"
                assert key.column_keys[0] == "tenant_id", f"{table.name}: {key.column_keys}"
                assert key.elements[0].column.name == "tenant_id", f"{table.name}: {key.column_keys}"
            else:
                assert target.info["kind"] != "tenant", f"{table.name} refers to {target.name}"


def test_ten_03_the_catalogue_keeps_what_was_declared(catalogue: sa.Connection) -> None:
    """The same of the migrated database, as PostgreSQL itself tells it."""
    constraints = catalogue.execute(
        sa.text("""
            SELECT c.conrelid::regclass::text AS whose, c.conname, c.contype,
                   c.condeferrable, c.confdeltype, c.confupdtype,
                   array(SELECT attname::text FROM unnest(c.conkey) WITH ORDINALITY k(n, place)
                           JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n ORDER BY place) AS columns
              FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
             WHERE n.nspname = 'public' AND c.contype IN ('p', 'u', 'f')""")
    ).all()
    mine = set(tenant_tables())
    assert len(constraints) > len(mine)
    for one in constraints:
        if one.whose.strip('"') in mine:
            assert one.columns[0] == "tenant_id", f"{one.whose}: {one.conname}"
        assert not one.condeferrable, one.conname
        if one.contype == "f":
            assert (one.confdeltype, one.confupdtype) == ("a", "a"), one.conname
    unique = catalogue.execute(
        sa.text("""
            SELECT i.indrelid::regclass::text AS whose, i.indexrelid::regclass::text AS name, a.attname AS first
              FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
              LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
             WHERE n.nspname = 'public' AND i.indisunique""")
    ).all()
    assert [one.name for one in unique if one.whose.strip('"') in mine and one.first != "tenant_id"] == []


def test_ten_02_no_triggers_rules_or_views(catalogue: sa.Connection) -> None:
    questions = {
        "triggers": """SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
                        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT tgisinternal AND nspname = 'public'""",
        "rules": "SELECT rulename FROM pg_rules WHERE schemaname = 'public'",
        "views": "SELECT viewname FROM pg_views WHERE schemaname = 'public' UNION SELECT matviewname FROM pg_matviews",
        "partitions, inheritance": "SELECT inhrelid::regclass::text FROM pg_inherits",
    }
    for what, question in questions.items():
        assert catalogue.scalars(sa.text(question)).all() == [], what


def test_ten_02_no_policy_asks_another_table(catalogue: sa.Connection) -> None:
    """A sub-select in a policy would be answered on the wrong shard."""
    asked = catalogue.execute(
        sa.text("SELECT tablename, policyname, coalesce(qual, '') || coalesce(with_check, '') AS text FROM pg_policies")
    ).all()
    assert asked
    assert [(one.tablename, one.policyname) for one in asked if re.search(r"\bfrom\b", one.text.lower())] == []
    for one in asked:
        allowed = {"tenant_id", "id", "parent_id", "edition", "true"}
        assert any(word in one.text for word in allowed), one


def test_ten_02_names_are_at_most_fifty_letters(catalogue: sa.Connection) -> None:
    names = catalogue.scalars(
        sa.text("""
            SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname = 'public'
            UNION SELECT conname FROM pg_constraint c
                    JOIN pg_namespace n ON n.oid = c.connamespace WHERE nspname = 'public'
            UNION SELECT attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname = 'public' AND attnum > 0
            UNION SELECT policyname FROM pg_policies""")
    ).all()
    assert [name for name in names if len(name) > LONGEST_NAME] == []


def test_ten_02_every_column_says_in_a_comment_what_it_holds(catalogue: sa.Connection) -> None:
    silent = catalogue.execute(
        sa.text("""
            SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
              JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE nspname = 'public' AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
               AND relname <> 'alembic_version' AND col_description(c.oid, attnum) IS NULL""")
    ).all()
    assert silent == []
    with pytest.raises(TypeError, match="silent: colour"):
        tenant_table("paint", sa.Column("colour", sa.Text))
    metadata.remove(metadata.tables["paint"])


def test_ops_02_the_migrated_schema_is_the_declared_one(catalogue: sa.Connection) -> None:
    """Alembic finds nothing to change: columns, types, nullability, keys, indexes, comments, defaults."""
    options = {"compare_type": True, "compare_server_default": True, "include_schemas": False}
    context = MigrationContext.configure(catalogue, opts=options)
    known = {str(index.name) for table in metadata.sorted_tables for index in table.indexes}

    def about_ours(change: object) -> bool:
        text = repr(change)
        return "alembic_version" not in text and not any(f"'{name}'" in text and "_index" in text for name in known)

    assert [change for change in compare_metadata(context, metadata) if about_ours(change)] == []
    made = set(catalogue.scalars(sa.text("SELECT indexname FROM pg_indexes WHERE schemaname = 'public'")))
    assert known <= made


def test_ops_02_what_was_declared_with_a_fill_factor_has_it(catalogue: sa.Connection) -> None:
    rows = catalogue.execute(sa.text("SELECT relname, reloptions FROM pg_class WHERE reloptions IS NOT NULL")).all()
    filled = {row.relname: row.reloptions for row in rows}
    declared = {
        table.name: [f"fillfactor={table.info['fill']}"] for table in metadata.sorted_tables if table.info.get("fill")
    }
    assert declared
    assert {name: filled.get(name) for name in declared} == declared


def test_ops_02_the_frozen_statements_are_current() -> None:
    """What a migration froze is what the declarations would write today
    (before the first release it is regenerated).
    """
    frozen = (VERSIONS / "0001_spine.sql").read_text(encoding="utf-8")
    written = io.StringIO()
    print(";\n\n".join(ddl.statements()) + ";", file=written)
    assert frozen == written.getvalue(), "run `python -m tenantry.database.ddl > .../0001_spine.sql`"
    assert (VERSIONS / "0002_jobs.sql").read_text(encoding="utf-8").rstrip("\n") == jobs.schema_sql().rstrip("\n")


def test_ops_02_migrating_again_changes_nothing(owner_url: sa.URL, catalogue: sa.Connection) -> None:
    from tests.conftest import SECRET  # noqa: PLC0415 - the logins' passwords stay what they are

    before = catalogue.execute(
        sa.text("SELECT tablename, policyname, roles::text, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2")
    ).all()
    catalogue.rollback()
    migrate.migrate(owner_url, SECRET, [jobs.grants_sql()])
    after = catalogue.execute(
        sa.text("SELECT tablename, policyname, roles::text, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2")
    ).all()
    assert before == after
    assert len(after) == len([one for one in walls.statements() if one.startswith("CREATE POLICY")])


def statements() -> Iterator[tuple[str, str]]:
    """Give every statement that crosses tenants, as text."""
    copies = [*TRANSFER_ACCOUNTS.copies, mirror_up.ACCOUNT, mirror_up.BILLING_ADDRESS, mirror_up.SYNC_OPTION]
    copies += [create_tenant.PAYMENT_METHOD[0], *(copy for copy, _ in create_tenant.CATALOGUE)]
    for copy in copies:
        yield f"{copy.name} into {copy.into.name}", written(copy.insert)
    for mark in TRANSFER_ACCOUNTS.marks:
        yield mark.name, written(mark.mark)
        yield f"{mark.name} lifted", written(mark.lift)
    for lapse in TRANSFER_ACCOUNTS.lapses:
        yield lapse.name, written(lapse.lapse)
    yield "outcome", written(plan.outcome(TRANSFER_ACCOUNTS))


def written(statement: sa.Executable) -> str:
    return " ".join(str(statement.compile(dialect=postgresql.dialect())).split())


STATEMENTS = list(statements())


@pytest.mark.parametrize(("name", "text"), STATEMENTS, ids=[name for name, _ in STATEMENTS])
def test_hnd_08_statements_across_tenants_can_be_sharded(name: str, text: str) -> None:
    """An INSERT ... SELECT has its arbiter; an upsert reads `excluded`, never the clock;
    nothing volatile is computed in an UPDATE.
    """
    lower = text.lower()
    if lower.startswith("insert"):
        assert "on conflict (tenant_id, id)" in lower, name
        assert "returning" in lower or "on conflict" in lower
        written_over = lower.partition("do update set")[2]
        assert not re.search(r"\b(now|clock_timestamp|random|gen_random_uuid)\(", written_over), name
    assert not re.search(r"\b(now|clock_timestamp|random|nextval|current_timestamp)\b", lower), name
    assert "skip locked" not in lower, name


def test_hnd_08_every_insert_from_select_in_the_source_has_its_conflict_clause_or_returning() -> None:
    """A bare ON CONFLICT in a copy drops an account whose number collides; none at all cannot be replayed."""
    # Messages are local: each gets its key as it is written,
    # and is told once by the transaction that changed something.
    # An account that is made is no copy: it has a new id, and whoever asks again asks with a key (API-06).
    others = {"jobs/messages.py", "crm/actions/create.py"}
    missing = []
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "from_select(" not in text or str(path.relative_to(SOURCE)) in {"rules/copy.py", *others}:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.Module):
                body = ast.get_source_segment(text, node) if isinstance(node, ast.FunctionDef) else None
                if body and "from_select(" in body and not re.search(r"on_conflict_do|\.returning\(", body):
                    missing.append(f"{path.relative_to(SOURCE)}:{node.lineno} {node.name}")
    assert missing == []


def test_ten_02_indexes_stand_on_what_row_level_security_lets_through() -> None:
    """No numeric and no enum in an index that a filter would need: their comparisons are not leakproof."""
    for table in tables("tenant"):
        for column in table.columns:
            assert not isinstance(column.type, sa.Enum), f"{table.name}.{column.name}: text with a CHECK instead"
        for index in table.indexes:
            for column in index.columns:
                assert not isinstance(column.type, sa.Numeric) or isinstance(column.type, sa.Integer | sa.Float), (
                    index.name
                )
