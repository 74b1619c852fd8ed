"""Many customers of one reseller, written as a database writes them."""

import os

import psycopg

from tests.crash.conftest import Ground

DEEP = "TENANTRY_DEEP" in os.environ
ACCOUNTS, ASLEEP = (20_000, 500) if DEEP else (6_000, 150)

FILL = """
CREATE TEMP TABLE ids AS SELECT n, gen_random_uuid() AS id FROM generate_series(1, %(accounts)s) AS n;
INSERT INTO account
       (tenant_id, id, number, name, bill_to_id, parent_id, currency, responsible_user_id, permission_rule_id)
SELECT %(giver)s, id, 100000 + n, 'Company ' || n, %(reseller)s, %(reseller)s, 'EUR', %(user)s, %(rule)s FROM ids;
INSERT INTO address (tenant_id, id, account_id, position, city, country, is_billing)
SELECT %(giver)s, gen_random_uuid(), id, p, 'Berlin', 'DE', p = 1
  FROM ids, generate_series(0, 1) AS p WHERE p = 0 OR n %% 2 = 0;
INSERT INTO contact (tenant_id, id, account_id, last_name, responsible_user_id, permission_rule_id)
SELECT %(giver)s, gen_random_uuid(), id, 'Weber ' || n, %(user)s, %(rule)s FROM ids, generate_series(0, 1) AS p;
INSERT INTO "order" (tenant_id, id, number, name, account_id, bill_to_id, status, ordered_on, currency,
                     responsible_user_id, permission_rule_id)
SELECT %(giver)s, gen_random_uuid(), 100000 + n, 'Order', id, %(reseller)s, 'executed', '2026-01-01', 'EUR',
       %(user)s, %(rule)s FROM ids;
INSERT INTO account (tenant_id, id, number, name, bill_to_id, currency, responsible_user_id, permission_rule_id,
                     standing, status)
SELECT %(taker)s, id, 900000 + n, 'As it was', id, 'EUR', %(taker_user)s, %(taker_rule)s, 'moved_out', 'moved_out'
  FROM ids WHERE n <= %(asleep)s;
ANALYZE;
"""


def fill(ground: Ground) -> None:
    """Give the reseller his customers."""
    home, reseller = ground.home, ground.reseller
    words = {"giver": home.id, "user": home.admin_id, "rule": home.rule_id, "reseller": reseller.account_id}
    words |= {"taker": reseller.id, "taker_user": reseller.admin_id, "taker_rule": reseller.rule_id}
    with psycopg.connect(ground.plain_url) as connection, psycopg.ClientCursor(connection) as cursor:
        cursor.execute(FILL.encode(), {**words, "accounts": ACCOUNTS, "asleep": ASLEEP})
