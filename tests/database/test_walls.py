"""The second wall alone: row-level security and grants, table by table and role by role (TEN-02, SEC-01)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError
from tests.world import Tenant, World

from tenantry.database import Database, migrate, walls
from tenantry.database.installation import Installation, Unfit
from tenantry.kernel.ids import new_id
from tenantry.schema import tables
from tenantry.schema.tenant import tenant

TABLES = tables("tenant")
LOGINS = (walls.WEB_LOGIN, walls.WORKER_LOGIN)
GROUPS = (walls.APP, walls.CHANNEL, walls.CHANNEL_READ, walls.MIRROR, walls.SEARCHER, walls.PARENT)


@pytest.fixture(scope="module")
def owner(owner_url: sa.URL) -> Iterator[sa.Engine]:
    """The tables' owner, whom no policy stops: he plants rows that the others must not see."""
    engine = sa.create_engine(owner_url)
    yield engine
    engine.dispose()


@dataclass(frozen=True)
class Somebody:
    """A tenant of which there is nothing but a row in every table."""

    id: UUID


@pytest.fixture
def two(owner: sa.Engine) -> tuple[Somebody, Somebody]:
    """Two tenants, with a row of each in every table."""
    return plant(owner), plant(owner)


def plant(owner: sa.Engine) -> Somebody:
    somebody = Somebody(new_id())
    with owner.begin() as connection:
        # Rows alone, without what they refer to.
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        code = f"planted-{somebody.id.hex[-12:]}"
        made = {"id": somebody.id, "name": code, "code": code, "kind": "distributor", "default_currency": "EUR"}
        connection.execute(sa.insert(tenant).values(made))
        for table in TABLES:
            connection.execute(sa.insert(table).values(row_of(table, somebody.id)))
    return somebody


def row_of(table: sa.Table, tenant_id: UUID) -> dict[str, Any]:
    """Make up a row that the table's checks let through."""
    row: dict[str, Any] = {"tenant_id": tenant_id, "id": new_id()}
    for column in table.columns:
        if column.name in row or column.computed is not None or column.nullable:
            continue
        if "values" in column.info:
            row[column.name] = column.info["values"][0]
        elif column.name in {"currency", "default_currency"}:
            row[column.name] = "XTS"
        elif column.server_default is None or isinstance(column.type, sa.Text):
            row[column.name] = _made_up(column)
    return row


def _made_up(column: sa.Column[Any]) -> Any:
    kinds: dict[type[sa.types.TypeEngine[Any]], Any] = {
        sa.Uuid: new_id(),
        sa.Text: "" if column.name in {"country", "state"} else f"x{new_id().hex[-12:]}",
        sa.Boolean: False,
        sa.Date: "2026-01-01",
        sa.types.JSON: {},
    }
    known = [value for kind, value in kinds.items() if isinstance(column.type, kind)]
    return known[0] if known else new_id().int % 2_000_000_000


@contextmanager
def as_(
    database: Database, role: str, one: Somebody | Tenant | None = None, *several: Somebody
) -> Iterator[sa.Connection]:
    """Be one group role for a transaction that is rolled back."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql(f"SET LOCAL ROLE {role}")
        if one:
            connection.exec_driver_sql(f"SET LOCAL app.tenant = '{one.id}'")
        if several:
            listed = ",".join(str(each.id) for each in several)
            connection.exec_driver_sql(f"SET LOCAL app.tenants = '{{{listed}}}'")
        yield connection


def refused(connection: sa.Connection, statement: Any) -> str:
    """Say how the database refuses a statement; empty when it does not."""
    try:
        with connection.begin_nested():
            found = connection.execute(statement)
            return "" if not found.supports_sane_rowcount() or found.rowcount else "nothing there"
    except sa.exc.DBAPIError as error:
        return str(error.orig).partition("\n")[0]


def owners_of(connection: sa.Connection, table: sa.Table) -> set[UUID]:
    return set(connection.scalars(sa.select(table.c.tenant_id)))


def test_ten_02_in_every_table_a_tenant_sees_changes_and_makes_its_own_rows_only(
    two: tuple[Somebody, Somebody], web_database: Database
) -> None:
    """Not one statement names a tenant: this wall stands alone."""
    mine, theirs = two
    for table in TABLES:
        with as_(web_database, walls.APP, mine) as connection:
            assert owners_of(connection, table) == {mine.id}, table.name
            column = next(c for c in table.columns if c.name not in {"tenant_id", "id"} and c.computed is None)
            if table.name not in walls.WRITTEN_ONCE:
                changed = connection.execute(sa.update(table).values({column.name: table.c[column.name]}))
                assert changed.rowcount == 1 or changed.rowcount == len(
                    connection.execute(sa.select(table.c.tenant_id)).all()
                ), table.name
                given_away = sa.update(table).values(tenant_id=theirs.id)
                assert "row-level security" in refused(connection, given_away), table.name
                connection.exec_driver_sql("SAVEPOINT before")
                gone = refused(connection, sa.delete(table).where(table.c.tenant_id == theirs.id))
                assert gone == "nothing there", table.name
            planted = sa.insert(table).values(row_of(table, theirs.id))
            assert "row-level security" in refused(connection, planted), table.name


def test_ten_02_a_transaction_without_a_tenant_sees_and_makes_nothing(
    two: tuple[Somebody, Somebody], web_database: Database, worker_database: Database
) -> None:
    mine, _ = two
    for role, database in (
        (walls.APP, web_database),
        (walls.CHANNEL, worker_database),
        (walls.MIRROR, worker_database),
        (walls.CHANNEL_READ, web_database),
    ):
        with as_(database, role) as connection:
            for table in TABLES:
                assert owners_of(connection, table) == set(), f"{role}: {table.name}"
            assert connection.scalar(sa.text("SELECT count(*) FROM tenant")) == 0, role
    with as_(web_database, walls.APP) as connection:
        for table in TABLES:
            assert "row-level security" in refused(connection, sa.insert(table).values(row_of(table, mine.id))), (
                table.name
            )


def test_ten_02_every_tenant_table_has_its_wall_up_and_each_policy_one_role(owner: sa.Engine) -> None:
    """Two policies that reach one role are OR-ed, so each names its own."""
    with owner.connect() as connection:
        guarded = set(connection.scalars(sa.text("SELECT relname FROM pg_class WHERE relrowsecurity")))
        policies = connection.execute(
            sa.text("SELECT tablename, roles::text[], cmd, qual, with_check FROM pg_policies")
        ).all()
    assert guarded == {table.name for table in TABLES} | {"tenant"}
    by_role: dict[tuple[str, str], list[str]] = {}
    for table, roles, act, *_ in policies:
        assert len(roles) == 1, table
        assert roles[0] in GROUPS, table
        by_role.setdefault((table, roles[0]), []).append(act)
    for (table, role), acts in by_role.items():
        assert len(acts) == len(set(acts)), f"{table}: {role}"
        assert "ALL" not in acts or len(acts) == 1, f"{table}: {role}"
    for table in TABLES:
        assert by_role[(table.name, walls.APP)] == ["ALL"]
        assert by_role[(table.name, walls.CHANNEL)] == ["ALL"]
        assert by_role[(table.name, walls.MIRROR)] == ["ALL"]


@pytest.mark.parametrize("role", [walls.CHANNEL, walls.MIRROR])
def test_ten_02_the_channel_reaches_the_tenants_on_its_list_and_no_other(
    two: tuple[Somebody, Somebody], worker_database: Database, owner: sa.Engine, role: str
) -> None:
    mine, theirs = two
    third = plant(owner)
    with as_(worker_database, role, mine, mine, theirs) as connection:
        for table in TABLES:
            assert owners_of(connection, table) == {mine.id, theirs.id}, table.name
            planted = sa.insert(table).values(row_of(table, third.id))
            assert "row-level security" in refused(connection, planted), table.name
        seen = set(connection.scalars(sa.text("SELECT id FROM tenant")))
        assert seen == {mine.id, theirs.id}


def test_ten_02_a_preview_reads_both_sides_and_writes_only_the_givers_plan(
    two: tuple[Somebody, Somebody], web_database: Database
) -> None:
    """channel_read may nothing but read, and add records to a plan of the giver's own."""
    mine, theirs = two
    with as_(web_database, walls.CHANNEL_READ, mine, mine, theirs) as connection:
        for table in TABLES:
            assert owners_of(connection, table) == {mine.id, theirs.id}, table.name
            assert "permission denied" in refused(connection, sa.delete(table)), table.name
            column = next(iter(table.c))
            assert "permission denied" in refused(connection, sa.update(table).values({column.name: mine.id})), (
                table.name
            )
            added = refused(connection, sa.insert(table).values(row_of(table, mine.id)))
            if table.name in walls.PLANNED_INTO:
                assert "foreign key" in added or added == "", table.name
                others = refused(connection, sa.insert(table).values(row_of(table, theirs.id)))
                assert "row-level security" in others, table.name
            else:
                assert "permission denied" in added, table.name
    assert {"handover_record"} == walls.PLANNED_INTO


def test_ten_02_the_searcher_reads_the_search_columns_and_nothing_else(
    two: tuple[Somebody, Somebody], web_database: Database
) -> None:
    mine, _ = two
    with as_(web_database, walls.SEARCHER, mine) as connection:
        for table in TABLES:
            columns = walls.SEARCHED.get(table.name, ())
            for column in table.columns:
                said = refused(connection, sa.select(column).limit(1))
                assert ("permission denied" in said) == (column.name not in columns), f"{table.name}.{column.name}"
            assert "permission denied" in refused(connection, sa.insert(table).values(row_of(table, mine.id)))
        for table in ("session", "shop_session", "sign_in_directory", "handover_claim"):
            assert "permission denied" in refused(connection, sa.select(sa.literal(1)).select_from(sa.table(table)))


def test_ten_02_the_searcher_finds_a_shop_by_its_code_and_learns_nothing_else_of_a_tenant(
    two: tuple[Somebody, Somebody], web_database: Database, owner: sa.Engine
) -> None:
    """The address of a shop names its tenant before anybody is signed in there."""
    premium, basic = two
    with owner.begin() as connection:
        connection.execute(sa.update(tenant).values(edition="premium").where(tenant.c.id == premium.id))
    with as_(web_database, walls.SEARCHER) as connection:
        found = set(connection.scalars(sa.select(tenant.c.id).where(tenant.c.code.like("planted-%"))))
        assert premium.id in found
        assert basic.id not in found
        for column in tenant.columns:
            said = refused(connection, sa.select(column).limit(1))
            assert ("permission denied" in said) == (column.name not in {"id", "code"}), column.name
        assert "permission denied" in refused(connection, sa.update(tenant).values(code="x"))


@pytest.mark.parametrize("role", [walls.APP, walls.CHANNEL, walls.MIRROR])
def test_ten_24_history_and_audit_are_written_once(
    two: tuple[Somebody, Somebody], worker_database: Database, role: str
) -> None:
    """Nobody rewrites what happened, whatever he is."""
    mine, _ = two
    assert {"history_line", "audit_line"} == walls.WRITTEN_ONCE
    for table in TABLES:
        if table.name in walls.WRITTEN_ONCE:
            with as_(worker_database, role, mine, mine) as connection:
                connection.execute(sa.insert(table).values(row_of(table, mine.id)))
                assert "permission denied" in refused(connection, sa.delete(table))
                assert "permission denied" in refused(connection, sa.update(table).values(sentence="Nothing happened"))


def test_ten_02_a_tenant_sees_itself_and_its_children_and_changes_itself_only(
    world: World, web_database: Database
) -> None:
    home, reseller, stranger = world.distributor(), world.tenant_reseller(), world.tenant("distributor")
    with as_(web_database, walls.APP, home) as connection:
        assert set(connection.scalars(sa.select(tenant.c.id))) == {home.id, reseller.id}
        assert connection.execute(sa.update(tenant).values(name="Renamed")).rowcount == 1
        assert "permission denied" in refused(connection, sa.delete(tenant))
        assert "permission denied" in refused(connection, sa.insert(tenant).values(id=new_id()))
        adopt = sa.update(tenant).where(tenant.c.id == stranger.id).values(parent_id=home.id)
        assert refused(connection, adopt) == "nothing there"
    with as_(web_database, walls.APP, reseller) as connection:
        assert set(connection.scalars(sa.select(tenant.c.id))) == {reseller.id}


def test_ten_07_who_is_above_suspends_and_changes_nothing_else_and_nobody_resumes_himself(
    world: World, web_database: Database
) -> None:
    home, reseller, stranger = world.distributor(), world.tenant_reseller(), world.tenant("distributor")
    suspended = sa.update(tenant).values(suspended_at=sa.func.now())
    with as_(web_database, walls.PARENT, home) as connection:
        assert connection.execute(suspended.where(tenant.c.id == reseller.id)).rowcount == 1
        for other in (home, stranger):
            assert refused(connection, suspended.where(tenant.c.id == other.id)) == "nothing there"
        assert "permission denied" in refused(connection, sa.update(tenant).values(name="Renamed"))
    with as_(web_database, walls.APP, reseller) as connection:
        assert "permission denied" in refused(connection, sa.update(tenant).values(suspended_at=None))
        assert "permission denied" in refused(connection, sa.update(tenant).values(closed_at=None))


@pytest.mark.parametrize("login", LOGINS)
def test_sec_01_a_login_owns_and_inherits_nothing_and_reads_nothing_before_it_puts_a_role_on(
    login: str, web_database: Database, worker_database: Database
) -> None:
    database = web_database if login == walls.WEB_LOGIN else worker_database
    with database.engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT session_user")) == login
        assert migrate.standing_of(connection) == {}
        connection.rollback()
        # A worker drains messages, which hold ids alone, outside any tenant.
        drained = {"message", "message_set_aside"} if login == walls.WORKER_LOGIN else set()
        for table in (*TABLES, *tables("local"), *tables("shared")):
            if table.name in drained:
                continue
            assert "permission denied" in refused(connection, sa.select(sa.literal(1)).select_from(table)), table.name
        attributes = connection.execute(sa.text("SELECT * FROM pg_roles WHERE rolname = session_user")).mappings().one()
        may = ("rolsuper", "rolinherit", "rolcreaterole", "rolcreatedb", "rolreplication", "rolbypassrls")
        assert not any(attributes[name] for name in may)


def test_sec_01_the_web_cannot_become_the_channel(web_database: Database) -> None:
    with web_database.engine.connect() as connection:
        for role in (walls.CHANNEL, walls.MIRROR, walls.WORKER_LOGIN, "postgres"):
            assert refused(connection, sa.text(f"SET LOCAL ROLE {role}")), role
        for role in (walls.APP, walls.CHANNEL_READ, walls.SEARCHER):
            connection.exec_driver_sql(f"SET LOCAL ROLE {role}")


def test_sec_01_no_group_role_signs_in_owns_or_passes_the_wall(owner: sa.Engine) -> None:
    with owner.connect() as connection:
        rows = connection.execute(
            sa.text("SELECT * FROM pg_roles WHERE rolname = ANY(:names)"), {"names": list(GROUPS)}
        ).mappings()
        for row in rows:
            powers = ("rolcanlogin", "rolsuper", "rolbypassrls", "rolinherit")
            assert not any(row[name] for name in powers), row["rolname"]
        owned = "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = ANY(:names)"
        assert connection.scalar(sa.text(owned), {"names": [*GROUPS, *LOGINS]}) == 0


UNFIT = {
    "superuser": ["CREATE ROLE {role} LOGIN NOINHERIT SUPERUSER"],
    "passes row-level security": ["CREATE ROLE {role} LOGIN NOINHERIT BYPASSRLS"],
    "inherits a group role": ["CREATE ROLE {role} LOGIN INHERIT", f"GRANT {walls.APP} TO {{role}}"],
    "owns tables": [
        "CREATE ROLE {role} LOGIN NOINHERIT",
        "CREATE TABLE of_{role} ()",
        "ALTER TABLE of_{role} OWNER TO {role}",
    ],
    "inherits an owner": [
        "CREATE ROLE {role}_owner NOLOGIN",
        "CREATE TABLE of_{role} ()",
        "ALTER TABLE of_{role} OWNER TO {role}_owner",
        "CREATE ROLE {role} LOGIN INHERIT",
        "GRANT {role}_owner TO {role}",
    ],
}


@pytest.mark.parametrize("fault", UNFIT)
def test_sec_01_the_program_refuses_a_login_that_could_pass_the_wall(
    owner_url: sa.URL, web_url: sa.URL, fault: str
) -> None:
    """And names what is wrong with it; a login that is fit is taken."""
    role = f"unfit_{new_id().hex[-10:]}"
    words = owner_url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(words, autocommit=True) as owner:
        for statement in UNFIT[fault]:
            owner.execute(statement.format(role=role).encode())
        owner.execute(f"ALTER ROLE {role} PASSWORD 'x'".encode())
        try:
            unfit = owner_url.set(username=role, password="x")
            with pytest.raises(Unfit) as refusal:
                Installation(owner_url, unfit, unfit).web()
            expected = "owns tables" if fault == "inherits an owner" else fault
            assert expected in refusal.value.message
            assert (refusal.value.rule, bool(refusal.value.remedy)) == ("SEC-01", True)
        finally:
            owner.execute(f"DROP TABLE IF EXISTS of_{role}".encode())
            owner.execute(f"DROP ROLE {role}".encode())
            owner.execute(f"DROP ROLE IF EXISTS {role}_owner".encode())
    Installation(owner_url, web_url, web_url).web().close()


def test_ten_02_a_tenants_list_is_forgotten_with_the_transaction(two: tuple[Somebody, Somebody], world: World) -> None:
    """What a preview could read, the next transaction of the same connection cannot."""
    mine, theirs = two
    account = next(table for table in TABLES if table.name == "account")
    with world.web.work(mine.id) as work:
        with work.across([mine.id, theirs.id]) as connection:
            assert owners_of(connection, account) == {mine.id, theirs.id}
        assert owners_of(work.connection, account) == {mine.id}
        with pytest.raises(ProgrammingError), work.connection.begin_nested():
            work.connection.exec_driver_sql(f"SET LOCAL ROLE {walls.CHANNEL}")
    with world.web.work(theirs.id) as work:
        assert owners_of(work.connection, account) == {theirs.id}
