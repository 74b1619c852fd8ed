"""The second wall: roles, grants and row-level security, generated from the declared tables (TEN-02, SEC-01).

Group roles own nothing and cannot sign in; the program signs in as one of two logins that inherit nothing and put a
group role on, one transaction at a time.
Every policy names its one role, since two policies that reach one role are OR-ed and the wall is open.
"""

from collections.abc import Iterator

import sqlalchemy as sa

from tenantry.schema import metadata, tables

APP = "tenantry_app"
CHANNEL = "tenantry_channel"
CHANNEL_READ = "tenantry_channel_read"
MIRROR = "tenantry_mirror"
SEARCHER = "tenantry_searcher"
PARENT = "tenantry_parent"
GROUPS = (APP, CHANNEL, CHANNEL_READ, MIRROR, SEARCHER, PARENT)
WEB_LOGIN = "tenantry_web"
WORKER_LOGIN = "tenantry_worker"

HERE = "nullif(current_setting('app.tenant', true), '')::uuid"
THESE = "ANY (nullif(current_setting('app.tenants', true), '')::uuid[])"
# Read once for a statement, not for every row that is looked up. What a plan expects of it is a guess, so it is for
# statements that are planned by key whatever is expected (decision 18).
THESE_ONCE = "ANY ((SELECT nullif(current_setting('app.tenants', true), '')::uuid[])::uuid[])"

# What nobody may rewrite, whatever he is: the record of what happened.
WRITTEN_ONCE = {"history_line", "audit_line"}
SEARCHED = dict.fromkeys(
    (
        "account",
        "activity",
        "address",
        "asset",
        "contact",
        "invoice",
        "offer",
        "opportunity",
        "order",
        "plan",
        "price_list",
        "product",
        "promotion",
        "subscription",
    ),
    ("tenant_id", "id", "search"),
)
# A plan reads the tenants on both sides and writes its records at the giver's, in one statement.
PLANNED_INTO = {"handover_record"}
# What a tenant suffers from the one above it, and cannot lift by itself (TEN-07).
FROM_ABOVE = ("suspended_at", "closed_at")


def statements() -> Iterator[str]:
    """Give the statements that raise the wall; each may run again without harm."""
    for role in GROUPS:
        yield _role(role, "NOLOGIN NOINHERIT")
    for login, groups in (
        (WEB_LOGIN, (APP, CHANNEL_READ, SEARCHER, PARENT)),
        (WORKER_LOGIN, GROUPS),
    ):
        yield _role(login, "LOGIN NOINHERIT")
        yield from (f"GRANT {group} TO {login}" for group in groups)
        # A page's statements are too short for helpers and for compiling to pay.
        yield f"ALTER ROLE {login} SET jit = off"
        yield f"ALTER ROLE {login} SET max_parallel_workers_per_gather = 0"
    yield f"GRANT USAGE ON SCHEMA public TO {', '.join(GROUPS)}"
    for table in tables("tenant"):
        yield from _tenant_table(table)
    for table in tables("local"):
        yield f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{table.name}" TO {APP}, {CHANNEL}, {MIRROR}'
    yield f"GRANT SELECT ON handover_claim, handover_tenant, message, message_set_aside TO {CHANNEL_READ}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP}, {CHANNEL}, {MIRROR}"
    yield from _tenants()


def _tenant_table(table: sa.Table) -> Iterator[str]:
    name = f'"{table.name}"'
    yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
    acts = "SELECT, INSERT" if table.name in WRITTEN_ONCE else "SELECT, INSERT, UPDATE, DELETE"
    yield f"GRANT {acts} ON {name} TO {APP}, {CHANNEL}, {MIRROR}"
    yield f"GRANT SELECT ON {name} TO {CHANNEL_READ}"
    yield from _policy(table.name, APP, "ALL", f"tenant_id = {HERE}")
    yield from _policy(table.name, CHANNEL, "ALL", f"tenant_id = {THESE}")
    yield from _policy(table.name, MIRROR, "ALL", f"tenant_id = {THESE_ONCE}")
    yield from _policy(table.name, CHANNEL_READ, "SELECT", f"tenant_id = {THESE}")
    if table.name in PLANNED_INTO:
        yield f"GRANT INSERT ON {name} TO {CHANNEL_READ}"
        yield from _policy(table.name, CHANNEL_READ, "INSERT", f"tenant_id = {HERE}")
    if table.name in SEARCHED:
        yield f"GRANT SELECT ({', '.join(SEARCHED[table.name])}) ON {name} TO {SEARCHER}"
        yield from _policy(table.name, SEARCHER, "SELECT", "true")


def _tenants() -> Iterator[str]:
    """Guard the tenants themselves: each sees itself and its children, and changes itself; only the one above suspends
    and closes it, and only the channel makes one.
    """
    yield "ALTER TABLE tenant ENABLE ROW LEVEL SECURITY"
    own = ", ".join(f'"{column.name}"' for column in metadata.tables["tenant"].c if column.name not in FROM_ABOVE)
    yield f"REVOKE UPDATE ON tenant FROM {APP}"
    yield f"GRANT SELECT, UPDATE ({own}) ON tenant TO {APP}"
    yield f"GRANT SELECT, INSERT, UPDATE ON tenant TO {CHANNEL}"
    yield f"GRANT SELECT, UPDATE ON tenant TO {MIRROR}"
    yield f"GRANT SELECT ON tenant TO {CHANNEL_READ}"
    yield from _policy("tenant", APP, "SELECT", f"id = {HERE} OR parent_id = {HERE}")
    yield from _policy("tenant", APP, "UPDATE", f"id = {HERE}")
    yield from _policy("tenant", CHANNEL, "ALL", f"id = {THESE}")
    yield from _policy("tenant", MIRROR, "ALL", f"id = {THESE_ONCE}")
    yield from _policy("tenant", CHANNEL_READ, "SELECT", f"id = {THESE}")
    yield f"GRANT SELECT (id, parent_id), UPDATE ({', '.join(FROM_ABOVE)}) ON tenant TO {PARENT}"
    yield from _policy("tenant", PARENT, "SELECT", f"parent_id = {HERE}")
    yield from _policy("tenant", PARENT, "UPDATE", f"parent_id = {HERE}")
    # The address of a shop names its tenant, before anybody is signed in there.
    yield f"GRANT SELECT (id, code) ON tenant TO {SEARCHER}"
    yield from _policy("tenant", SEARCHER, "SELECT", "edition = 'premium'")


def _policy(table: str, role: str, act: str, rows: str) -> Iterator[str]:
    name = f"{role.removeprefix('tenantry_')}_{act.lower()}"
    using = "" if act == "INSERT" else f" USING ({rows})"
    check = "" if act == "SELECT" else f" WITH CHECK ({rows})"
    yield f'DROP POLICY IF EXISTS {name} ON "{table}"'
    yield f'CREATE POLICY {name} ON "{table}" FOR {act} TO {role}{using}{check}'


def _role(name: str, options: str) -> str:
    """Make a role unless the server has it; two migrations at once may both try."""
    return f"""DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') THEN CREATE ROLE {name} {options}; END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END $$"""
