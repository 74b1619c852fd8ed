"""What the planner is told: of the statements of a batch, and of tables that it has no statistics of yet (decision 18).

A planner that knows nothing of a table takes the rows of one tenant for one in two hundred. Of few rows that is one,
and then it is all the same to him whether he finds a row by its key or reads all that the tenant has; three tables that
are joined so cost the third power of what is in them.
"""

import sqlalchemy as sa

# Every row is found by its key, whatever the values are.
BY_KEY = "; ".join(
    f"SET LOCAL {name} = {value}"
    for name, value in {
        "plan_cache_mode": "force_generic_plan",
        "enable_seqscan": "off",
        "enable_hashjoin": "off",
        "enable_mergejoin": "off",
    }.items()
)
TOLD_SINCE = 180_000
# How many different values there are; with a minus, how many for each row.
DISTINCT = {"tenant_id": 1.0, "id": -1.0, "account_id": -0.3, "subscription_id": -0.3, "order_id": -0.3}


def introduce(connection: sa.Connection) -> None:
    """Tell the planner, as the owner of the tables, to take every tenant for one that has all rows of a table: a plan
    that fits the largest costs the others next to nothing.

    And of tables that nobody has counted yet, that an id names one row, and that a customer, a subscription or an order
    has a few. Before PostgreSQL 18 it cannot be told that; there its own statistics come within minutes.
    """
    for table in connection.scalars(_UNTOLD).all():
        connection.exec_driver_sql(f'ALTER TABLE "{table}" ALTER COLUMN tenant_id SET (n_distinct = 1)')
    if connection.scalar(_VERSION) >= TOLD_SINCE:
        connection.execute(_EXPECTED, [{"column": name, "distinct": many} for name, many in DISTINCT.items()])


_UNTOLD = sa.text("""
    SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
     WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attname = 'tenant_id' AND attoptions IS NULL
""")
_VERSION = sa.text("SELECT current_setting('server_version_num')::int")
_EXPECTED = sa.text("""
    SELECT pg_restore_attribute_stats(
               'schemaname', 'public', 'relname', relname::text, 'attname', attname::text, 'inherited', false,
               'null_frac', 0::real, 'avg_width', 16, 'n_distinct', CAST(:distinct AS real))
      FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
     WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND reltuples < 0 AND attname = :column
       AND atttypid = 'uuid'::regtype AND attnum > 0
""")
