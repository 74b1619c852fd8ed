"""A live reseller with customers and subscriptions that are mirrored already, and a backlog of changes of all kinds."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID

import psycopg

from tenantry.bench.ground import FILLED, Ground, ground
from tenantry.kernel.ids import new_id
from tenantry.tenancy.founding import Founding, found


@dataclass(frozen=True)
class Mix:
    """Of a hundred changes so many are of each kind; what is left over are edits of accounts."""

    quantity: int
    suspended: int
    sold_more: int
    first_sales: int
    addresses: int

    @property
    def sold(self) -> int:
        """Where the kinds that sell or suspend end."""
        return self.quantity + self.suspended + self.sold_more + self.first_sales


ALL_KINDS = Mix(quantity=45, suspended=10, sold_more=15, first_sales=5, addresses=5)
SALES = Mix(quantity=60, suspended=0, sold_more=30, first_sales=10, addresses=0)

# Ids and numbers of one reseller's customers and of the next one's lie so far apart.
APART = 10_000_000


@contextmanager
def live_ground(mirrored: int) -> Iterator[Ground]:
    """Make a distributor and his live reseller, with so many customers of one subscription each above and below."""
    with ground(1) as filled:
        run(filled, FILLED, MIRRORED, rows=mirrored)
        yield filled


@contextmanager
def live_grounds(mirrored: int) -> Iterator[tuple[Ground, Ground]]:
    """Make a distributor and two live resellers of his, each with so many customers as above."""
    with ground(1) as first:
        second = _another(first)
        run(first, FILLED, MIRRORED, rows=mirrored)
        run(second, FILLED, MIRRORED, rows=mirrored)
        yield first, second


@contextmanager
def two_grounds(mirrored: int, accounts: int) -> Iterator[tuple[Ground, Ground]]:
    """Make the same, and another reseller of the distributor's to whom so many accounts can be transferred.

    Gives the ground of the live one and that of the other, in one database that keeps when things were committed.
    """
    with ground(accounts, commit_times=True) as other:
        live = _another(other)
        run(live, FILLED, MIRRORED, rows=mirrored)
        yield live, other


def _another(first: Ground) -> Ground:
    """Make a second reseller of the same distributor, with what the first has from him."""
    live = replace(first, taker=new_id(), reseller=new_id(), number=first.number + 1)
    with live.worker.channel(live.giver, [live.giver, live.taker]) as work:
        founding = Founding("Live", "live", "reseller", "Admin", "admin@live.example", id=live.taker)
        found(work, replace(founding, parent_id=live.giver, reseller_account_id=live.reseller))
    live.worker.close()
    _run(live.server.url(FILLED), live, ANOTHER, {"other": first.taker})
    return live


def told(field_url: str, filled: Ground, changes: int, mirrored: int, mix: Mix = ALL_KINDS) -> None:
    """Make so many changes below, each told as the program tells it, spread over the customers."""
    words = {"changes": changes, "mirrored": mirrored}
    _run(field_url, filled, _backlog(mix), words)


def run(filled: Ground, name: str, script: str, **words: int) -> None:
    """Run a script in a database of the server."""
    _run(filled.server.url(name), filled, script, words)


def _run(url: str, filled: Ground, script: str, given: Mapping[str, int | UUID]) -> None:
    words: dict[str, int | UUID] = {"giver": filled.giver, "taker": filled.taker, "reseller": filled.reseller, **given}
    words["shift"] = filled.number * APART
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as connection:
        for statement in script.split(";\n"):
            if statement.strip():
                used = {name: value for name, value in words.items() if f"%({name})s" in statement}
                connection.execute(statement.encode(), used)
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


# A second reseller with what the first has from the distributor.
ANOTHER = """
INSERT INTO payment_method (tenant_id, id, name, is_default) SELECT %(taker)s, id, name, is_default FROM payment_method
 WHERE tenant_id = %(other)s;
INSERT INTO provisioning_system (tenant_id, id, name) SELECT %(taker)s, id, name FROM provisioning_system WHERE tenant_id = %(other)s;
INSERT INTO product (tenant_id, id, sku, name, provisioning_system_id, standing)
SELECT %(taker)s, id, sku, name, provisioning_system_id, standing FROM product WHERE tenant_id = %(other)s;
INSERT INTO account (tenant_id, id, number, name, bill_to_id, currency, country, reselling_enabled, responsible_user_id, permission_rule_id)
SELECT tenant_id, %(reseller)s, 2, 'Live', %(reseller)s, currency, country, true, responsible_user_id, permission_rule_id
  FROM account WHERE tenant_id = %(giver)s AND number = 1;
INSERT INTO tenant_reseller (tenant_id, id, reseller_tenant_id, state, price_list_id)
SELECT tenant_id, %(reseller)s, %(taker)s, 'set_up', price_list_id FROM tenant_reseller WHERE tenant_id = %(giver)s AND reseller_tenant_id = %(other)s
"""

# `giver` is the distributor and `taker` the reseller, as the ground calls them.
_PEOPLE = """
CREATE TEMPORARY TABLE who AS SELECT t.id AS tenant_id, t.admin_user_id AS user_id, t.common_rule_id AS rule_id,
       (SELECT id FROM product AS p WHERE p.tenant_id = t.id LIMIT 1) AS product_id
  FROM tenant AS t WHERE t.id IN (%(giver)s, %(taker)s);
"""
MIRRORED = (
    _PEOPLE
    + """
UPDATE tenant SET live_at = now() WHERE id = %(taker)s;
UPDATE counter SET next = 30000000 WHERE tenant_id = %(giver)s AND name IN ('account', 'order');
UPDATE tenant_reseller SET state = 'live' WHERE tenant_id = %(giver)s AND id = %(reseller)s;
INSERT INTO product_price (tenant_id, id, product_id, cycle, currency, unit_price)
SELECT w.tenant_id, gen_random_uuid(), w.product_id, 'monthly', 'EUR', CASE WHEN w.tenant_id = %(giver)s THEN 7 ELSE 10 END FROM who AS w ON CONFLICT DO NOTHING;
INSERT INTO price_list_item (tenant_id, id, price_list_id, product_id, cycle, min_quantity, price)
SELECT %(giver)s, gen_random_uuid(), l.id, w.product_id, 'monthly', n, 7 - n / 50.0
  FROM price_list AS l, who AS w, generate_series(1, 91, 30) AS n WHERE l.tenant_id = %(giver)s AND w.tenant_id = %(giver)s ON CONFLICT DO NOTHING;
INSERT INTO account (tenant_id, id, number, name, accounting_no, email, country, bill_to_id, parent_id, currency, standing, managed_by,
        responsible_user_id, permission_rule_id)
SELECT w.tenant_id, customer_id(n), 1000000 + n + %(shift)s, 'Customer ' || n, 'C' || n, 'c' || n || '@customer.example', 'DE',
       CASE WHEN above THEN %(reseller)s ELSE customer_id(n) END, CASE WHEN above THEN %(reseller)s END, 'EUR',
       CASE WHEN above THEN 'mirrored' ELSE 'own' END, CASE WHEN above THEN %(taker)s END, w.user_id, w.rule_id
  FROM generate_series(1, %(rows)s) AS n, who AS w, LATERAL (SELECT w.tenant_id = %(giver)s AS above) AS a;
INSERT INTO address (tenant_id, id, account_id, city, country, is_billing, standing)
SELECT w.tenant_id, customer_id(n), customer_id(n), 'Berlin', 'DE', true, CASE WHEN w.tenant_id = %(giver)s THEN 'mirrored' ELSE 'own' END
  FROM generate_series(1, %(rows)s) AS n, who AS w;
INSERT INTO subscription (tenant_id, id, account_id, bill_to_id, product_id, name, status, cycle, currency, quantity, unit_price, start_on, paid_from,
        standing, managed_by, responsible_user_id, permission_rule_id)
SELECT w.tenant_id, customer_id(n), customer_id(n), CASE WHEN above THEN %(reseller)s ELSE customer_id(n) END, w.product_id, 'Customer ' || n || ' - Mail',
       'active', 'monthly', 'EUR', 10, CASE WHEN above THEN 7 ELSE 10 END, date '2026-01-01', date '2026-01-01',
       CASE WHEN above THEN 'mirrored' ELSE 'own' END, CASE WHEN above THEN %(taker)s END, w.user_id, w.rule_id
  FROM generate_series(1, %(rows)s) AS n, who AS w, LATERAL (SELECT w.tenant_id = %(giver)s AS above) AS a
"""
).replace(
    "customer_id(n)",
    "(lpad(to_hex(1770000000000 + %(shift)s + n), 12, '0') || '7000' || '8000' || lpad(to_hex(n), 12, '0'))::uuid",
)

_ID = "(lpad(to_hex({base} + %(shift)s + {n}), 12, '0') || '7000' || '8000' || lpad(to_hex({n}), 12, '0'))::uuid"


def _backlog(mix: Mix) -> str:
    return f"""{_PEOPLE}
CREATE TEMPORARY TABLE planned AS
SELECT n, 1 + (n * 7919) %% %(mirrored)s AS c, n %% 100 AS lot FROM generate_series(1, %(changes)s) AS n;
CREATE TEMPORARY TABLE change AS
SELECT n, lot, {_ID.format(base=1780000000000, n="n")} AS id,
       CASE WHEN lot >= {mix.sold - mix.first_sales} AND lot < {mix.sold}
            THEN {_ID.format(base=1775000000000, n="n")} ELSE {_ID.format(base=1770000000000, n="c")} END AS account_id,
       {_ID.format(base=1770000000000, n="c")} AS subscription_id,
       CASE WHEN lot < {mix.quantity} THEN 'quantity' WHEN lot < {mix.quantity + mix.suspended} THEN 'suspension'
            WHEN lot < {mix.sold} THEN 'activation'
            WHEN lot < {mix.sold + mix.addresses} THEN 'address' ELSE 'account' END AS kind
  FROM planned;
INSERT INTO account (tenant_id, id, number, name, accounting_no, country, bill_to_id, currency, responsible_user_id, permission_rule_id)
SELECT w.tenant_id, c.account_id, 5000000 + c.n, 'Newcomer ' || c.n, 'N' || c.n, 'DE', c.account_id, 'EUR', w.user_id, w.rule_id
  FROM change AS c, who AS w WHERE w.tenant_id = %(taker)s AND c.kind = 'activation' AND c.lot >= {mix.sold - mix.first_sales};
INSERT INTO subscription (tenant_id, id, account_id, bill_to_id, product_id, name, status, cycle, currency, quantity, unit_price, start_on, paid_from,
        responsible_user_id, permission_rule_id)
SELECT w.tenant_id, c.id, c.account_id, c.account_id, w.product_id, 'New - Mail', 'active', 'monthly', 'EUR', 5, 10, date '2026-11-01',
       date '2026-11-01', w.user_id, w.rule_id
  FROM change AS c, who AS w WHERE w.tenant_id = %(taker)s AND c.kind = 'activation';
UPDATE change SET subscription_id = id WHERE kind = 'activation';
UPDATE account AS a SET name = a.name || ' ' || c.n, version = a.version + 1
  FROM change AS c WHERE a.tenant_id = %(taker)s AND a.id = c.account_id AND c.kind = 'account';
UPDATE address AS a SET city = 'Hamburg ' || c.n, version = a.version + 1
  FROM change AS c WHERE a.tenant_id = %(taker)s AND a.account_id = c.account_id AND c.kind = 'address';
UPDATE subscription AS s SET quantity = 10 + c.n %% 90 + 1, version = s.version + 1
  FROM change AS c WHERE s.tenant_id = %(taker)s AND s.id = c.subscription_id AND c.kind = 'quantity';
UPDATE subscription AS s SET status = 'suspended', suspended_on = date '2026-11-20', version = s.version + 1
  FROM change AS c WHERE s.tenant_id = %(taker)s AND s.id = c.subscription_id AND c.kind = 'suspension';
INSERT INTO subscription_change (tenant_id, id, subscription_id, account_id, number, kind, effective_on, event_id, product_id, before, after, sold, done_at)
SELECT %(taker)s, c.id, c.subscription_id, c.account_id, c.n, c.kind, date '2026-11-20', c.id, w.product_id, '{{"quantity": 10}}',
       jsonb_build_object('quantity', 10 + c.n %% 90 + 1, 'unit_price', '10'),
       CASE c.kind WHEN 'suspension' THEN NULL
            WHEN 'quantity' THEN jsonb_build_array(jsonb_build_object('subscription_id', c.subscription_id, 'product_id', w.product_id,
                 'cycle', 'monthly', 'quantity', c.n %% 90 + 1, 'total', 10 + c.n %% 90 + 1))
            ELSE jsonb_build_array(jsonb_build_object('subscription_id', c.subscription_id, 'product_id', w.product_id,
                 'cycle', 'monthly', 'quantity', 5, 'total', 5)) END, now()
  FROM change AS c, who AS w WHERE w.tenant_id = %(taker)s AND c.kind IN ('quantity', 'suspension', 'activation');
INSERT INTO message (tenant_id, account_id, kind, subject_id, fact_id, told_at)
SELECT %(taker)s, c.account_id, CASE WHEN c.kind IN ('account', 'address') THEN 'account' ELSE 'subscription' END,
       CASE WHEN c.kind IN ('account', 'address') THEN c.account_id ELSE c.subscription_id END,
       CASE WHEN c.kind IN ('account', 'address') THEN NULL ELSE c.id END, clock_timestamp()
  FROM change AS c ORDER BY c.n
"""
