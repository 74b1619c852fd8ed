"""Drain a backlog of changes of all kinds beside the same work by hand: one statement per table over all of it.

First of one reseller; then of two at once, as a worker does that has two cores.
"""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import Any

import sqlalchemy as sa

from tenantry.bench.channel_ground import ALL_KINDS, APART, Mix, live_ground, live_grounds, told
from tenantry.bench.ground import SECRET, Field, Ground, peak_mb
from tenantry.channel import mirror
from tenantry.database import walls
from tenantry.database.migrate import login_url
from tenantry.jobs.drainer import Drainer
from tenantry.kernel.memory import keep_what_is_there

MIRRORED = 10_000
CHANGES = 10_000
# Of each of two resellers: a worker has planned its statements long before a backlog of theirs.
CHANGES_OF_EACH = 40_000

Resellers = tuple[Ground, ...]


def bench(rows: int | None, pairs: int, say: Callable[[str], object]) -> Iterator[dict[str, Any]]:
    """Measure a drain of 10,000 changes with so many mirrored subscriptions: ours, the floor, and changes a second.

    Then of 40,000 changes of each of two resellers, as the worker drains them.
    """
    yield drained("mirror", ALL_KINDS, rows or MIRRORED, pairs, say)
    yield drained_at_once(rows or MIRRORED, pairs, say)


def drained(name: str, mix: Mix, mirrored: int, pairs: int, say: Callable[[str], object]) -> dict[str, Any]:
    """Measure a drain of 10,000 changes of these kinds."""
    say(f"Filling a distributor with {mirrored:,} mirrored subscriptions ...")
    with live_ground(mirrored) as filled:
        return _in_pairs(name, (filled,), _ours, CHANGES, mirrored, mix, pairs, say)


def drained_at_once(mirrored: int, pairs: int, say: Callable[[str], object]) -> dict[str, Any]:
    """Measure a drain of 40,000 changes of each of two resellers at once."""
    say(f"Filling a distributor with {mirrored:,} mirrored subscriptions of each of two resellers ...")
    with live_grounds(mirrored) as resellers:
        return _in_pairs(
            "mirror-two-resellers", resellers, _ours_at_once, CHANGES_OF_EACH, mirrored, ALL_KINDS, pairs, say
        )


def _in_pairs(
    name: str,
    resellers: Resellers,
    ours_is: Callable[[Field, Resellers], float],
    changes_of_each: int,
    mirrored: int,
    mix: Mix,
    pairs: int,
    say: Callable[[str], object],
) -> dict[str, Any]:
    """Measure ours and the floor alternately, each in a copy of its own, and compare what they wrote."""
    ours: list[float] = []
    floors: list[float] = []
    # As a worker does when it starts.
    keep_what_is_there()
    for number in range(pairs):
        written = []
        for which, run, seconds in (("ours", ours_is, ours), ("floor", _floors, floors)):
            with resellers[0].copy(which) as field:
                for one in resellers:
                    told(_plain(field), one, changes_of_each, mirrored, mix)
                seconds.append(run(field, resellers))
                written.append(_written(field))
        if written[0] != written[1]:
            message = f"we and the floor did not write as much: {written[0]} / {written[1]}"
            raise RuntimeError(message)
        say(f"  pair {number + 1}: {ours[-1]:.3f} s, floor {floors[-1]:.3f} s")
    return _measured(name, mirrored, changes_of_each * len(resellers), ours, floors)


def _measured(name: str, mirrored: int, changes: int, ours: list[float], floors: list[float]) -> dict[str, Any]:
    return {
        "bench": name,
        "rows": mirrored,
        "changes": changes,
        "seconds": round(median(ours), 4),
        "floor_seconds": round(median(floors), 4),
        "ratio": round(median(one / floor for one, floor in zip(ours, floors, strict=True)), 3),
        "per_second": round(changes / median(ours)),
        "floor_per_second": round(changes / median(floors)),
        "peak_mb": peak_mb(),
    }


def _plain(field: Field) -> str:
    return sa.make_url(field.url).render_as_string(hide_password=False)


def _ours(field: Field, resellers: Resellers) -> float:
    started = time.perf_counter()
    while mirror.apply(field.worker, resellers[0].taker):
        pass
    return time.perf_counter() - started


def _ours_at_once(field: Field, _resellers: Resellers) -> float:
    """Let the drainer of a worker find what waits."""
    url = login_url(field.url, walls.WORKER_LOGIN, SECRET).render_as_string(hide_password=False)
    stop = threading.Event()
    with field.as_owner() as connection:
        connection.autocommit = True
        started = time.perf_counter()
        drainer = threading.Thread(target=Drainer(url, field.worker, mirror.apply, stop).run, daemon=True)
        drainer.start()
        while (row := connection.execute("SELECT EXISTS (SELECT FROM message)").fetchone()) and row[0]:
            time.sleep(0.01)
        took = time.perf_counter() - started
    stop.set()
    drainer.join()
    return took


def _floors(field: Field, resellers: Resellers) -> float:
    started = time.perf_counter()
    with ThreadPoolExecutor(len(resellers)) as pool:
        list(pool.map(lambda one: _floor(field, one), resellers))
    return time.perf_counter() - started


def _floor(field: Field, of: Ground) -> float:
    above, below = of.giver, of.taker
    words = {"above": above, "below": below, "reseller": of.reseller, "first": 90_000_000 + of.number * APART}
    with field.by_hand() as connection:
        started = time.perf_counter()
        connection.execute(
            f"SET LOCAL ROLE tenantry_channel; SET LOCAL app.tenant = '{below}'; "
            f"SET LOCAL app.tenants = '{{{above},{below}}}'".encode()
        )
        for statement in FLOOR.split(";\n"):
            if statement.strip():
                used = {name: value for name, value in words.items() if f"%({name})s" in statement}
                connection.execute(statement.encode(), used)
        connection.commit()
        return time.perf_counter() - started


def _written(field: Field) -> dict[str, int]:
    """Count what stands above in every table that a drain writes, and what still waits."""
    found = {}
    with field.as_owner() as connection:
        for table in ("account", "subscription", "order", "order_item", "subscription_change", "history_line"):
            row = connection.execute(
                f'SELECT count(*) FROM "{table}" WHERE tenant_id = %s'.encode(), [field.ground.giver]
            ).fetchone()
            found[table] = row[0] if row else 0
        row = connection.execute("SELECT count(*) FROM message").fetchone()
        found["message"] = row[0] if row else 0
    return found


# What somebody who knows exactly this case would write: no add-ons, no promotions, no lists but one, nothing set aside.
FLOOR = """
CREATE TEMPORARY TABLE told ON COMMIT DROP AS
WITH gone AS (DELETE FROM message WHERE tenant_id = %(below)s RETURNING account_id, kind, subject_id, fact_id) SELECT * FROM gone;
ANALYZE told;
WITH made AS (
INSERT INTO account (tenant_id, id, number, name, accounting_no, email, country, bill_to_id, parent_id, currency, standing, managed_by,
        own_ordering_options, responsible_user_id, permission_rule_id)
SELECT %(above)s, b.id, %(first)s + row_number() OVER (), b.name, b.accounting_no, b.email, b.country, %(reseller)s, %(reseller)s, r.currency, 'mirrored',
       %(below)s, false, t.admin_user_id, t.common_rule_id
  FROM (SELECT DISTINCT account_id FROM told WHERE kind = 'subscription') AS n
  JOIN account AS b ON b.tenant_id = %(below)s AND b.id = n.account_id
  JOIN account AS r ON r.tenant_id = %(above)s AND r.id = %(reseller)s
  JOIN tenant AS t ON t.id = %(above)s
 WHERE NOT EXISTS (SELECT FROM account AS a WHERE a.tenant_id = %(above)s AND a.id = n.account_id) RETURNING id)
INSERT INTO history_line (tenant_id, id, entity, subject_id, actor, sentence)
SELECT %(above)s, gen_random_uuid(), 'account', m.id, 'Reseller', 'Account was created due to purchases on Reseller' FROM made AS m;
INSERT INTO history_line (tenant_id, id, entity, subject_id, actor, sentence, changes)
SELECT %(above)s, gen_random_uuid(), 'account', a.id, 'Reseller', 'Account was updated due to changes on Reseller',
       jsonb_build_object('name', jsonb_build_object('before', a.name, 'after', b.name))
  FROM (SELECT DISTINCT account_id FROM told WHERE kind = 'account') AS n
  JOIN account AS b ON b.tenant_id = %(below)s AND b.id = n.account_id
  JOIN account AS a ON a.tenant_id = %(above)s AND a.id = n.account_id
 WHERE (a.name, a.accounting_no, a.email) IS DISTINCT FROM (b.name, b.accounting_no, b.email);
UPDATE account AS a SET name = b.name, accounting_no = b.accounting_no, email = b.email, status = b.status, version = a.version + 1
  FROM told AS n JOIN account AS b ON b.tenant_id = %(below)s AND b.id = n.account_id
 WHERE n.kind = 'account' AND a.tenant_id = %(above)s AND a.id = n.account_id
   AND (a.name, a.accounting_no, a.email, a.status) IS DISTINCT FROM (b.name, b.accounting_no, b.email, b.status);
UPDATE address AS a SET city = b.city, country = b.country, version = a.version + 1
  FROM told AS n JOIN address AS b ON b.tenant_id = %(below)s AND b.account_id = n.account_id AND b.is_billing
 WHERE n.kind = 'account' AND a.tenant_id = %(above)s AND a.id = b.id AND (a.city, a.country) IS DISTINCT FROM (b.city, b.country);
UPDATE subscription AS s SET quantity = b.quantity, status = b.status, suspended_on = b.suspended_on, version = s.version + 1
  FROM told AS n JOIN subscription AS b ON b.tenant_id = %(below)s AND b.id = n.subject_id
 WHERE n.kind = 'subscription' AND s.tenant_id = %(above)s AND s.id = b.id
   AND (s.quantity, s.status, s.suspended_on) IS DISTINCT FROM (b.quantity, b.status, b.suspended_on);
INSERT INTO subscription (tenant_id, id, account_id, bill_to_id, product_id, name, status, cycle, currency, quantity, unit_price, start_on, paid_from,
        standing, managed_by, responsible_user_id, permission_rule_id)
SELECT %(above)s, b.id, b.account_id, %(reseller)s, b.product_id, a.name || ' - ' || p.name, b.status, b.cycle, a.currency, b.quantity, i.price,
       b.start_on, b.paid_from, 'mirrored', %(below)s, t.admin_user_id, t.common_rule_id
  FROM (SELECT DISTINCT subject_id FROM told WHERE kind = 'subscription') AS n
  JOIN subscription AS b ON b.tenant_id = %(below)s AND b.id = n.subject_id
  JOIN account AS a ON a.tenant_id = %(above)s AND a.id = b.account_id
  JOIN product AS p ON p.tenant_id = %(above)s AND p.id = b.product_id
  JOIN tenant AS t ON t.id = %(above)s
  JOIN LATERAL (SELECT price FROM price_list_item AS l WHERE l.tenant_id = %(above)s AND l.product_id = b.product_id AND l.cycle = b.cycle
                   AND l.min_quantity <= b.quantity ORDER BY l.min_quantity DESC LIMIT 1) AS i ON true
 WHERE NOT EXISTS (SELECT FROM subscription AS s WHERE s.tenant_id = %(above)s AND s.id = b.id);
INSERT INTO "order" (tenant_id, id, number, name, account_id, bill_to_id, status, ordered_on, currency, came_by, standing, managed_by,
        executed_at, submitted_at, price_list_id, order_type_id, order_status_id, responsible_user_id, permission_rule_id)
SELECT %(above)s, c.event_id, %(first)s + row_number() OVER (), a.name, c.account_id, %(reseller)s, 'executed', c.effective_on, a.currency, 'system',
       'back_order', %(below)s, c.done_at, c.done_at, r.price_list_id, y.id, z.id, t.admin_user_id, t.common_rule_id
  FROM told AS n JOIN subscription_change AS c ON c.tenant_id = %(below)s AND c.id = n.fact_id AND c.sold IS NOT NULL
  JOIN account AS a ON a.tenant_id = %(above)s AND a.id = c.account_id
  JOIN tenant_reseller AS r ON r.tenant_id = %(above)s AND r.id = %(reseller)s
  JOIN order_type AS y ON y.tenant_id = %(above)s AND y.is_default
  JOIN order_status AS z ON z.tenant_id = %(above)s AND z.is_default AND z.status = 'executed'
  JOIN tenant AS t ON t.id = %(above)s;
INSERT INTO order_item (tenant_id, id, order_id, product_id, cycle, quantity, unit_price, start_on, subscription_id)
SELECT %(above)s, c.id, c.event_id, s.product_id, s.cycle, s.quantity, i.price, c.effective_on, s.subscription_id
  FROM told AS n JOIN subscription_change AS c ON c.tenant_id = %(below)s AND c.id = n.fact_id AND c.sold IS NOT NULL
  CROSS JOIN LATERAL jsonb_to_recordset(c.sold) AS s(subscription_id uuid, product_id uuid, cycle text, quantity int, total int)
  JOIN LATERAL (SELECT price FROM price_list_item AS l WHERE l.tenant_id = %(above)s AND l.product_id = s.product_id AND l.cycle = s.cycle
                   AND l.min_quantity <= s.total ORDER BY l.min_quantity DESC LIMIT 1) AS i ON true;
INSERT INTO subscription_change (tenant_id, id, subscription_id, account_id, number, kind, status, effective_on, event_id, product_id, before, after,
        sold, order_id, done_at, to_be_charged)
SELECT %(above)s, c.id, c.subscription_id, c.account_id, c.number, c.kind, c.status, c.effective_on, c.event_id, c.product_id, c.before - 'unit_price',
       c.after - 'unit_price', c.sold, CASE WHEN c.sold IS NOT NULL THEN c.event_id END, c.done_at, true
  FROM told AS n JOIN subscription_change AS c ON c.tenant_id = %(below)s AND c.id = n.fact_id;
UPDATE subscription AS s SET order_id = c.order_id
  FROM told AS n JOIN subscription_change AS c ON c.tenant_id = %(above)s AND c.id = n.fact_id AND c.kind = 'activation'
 WHERE s.tenant_id = %(above)s AND s.id = c.subscription_id;
INSERT INTO history_line (tenant_id, id, entity, subject_id, actor, sentence)
SELECT %(above)s, gen_random_uuid(), n.kind, n.subject_id, 'Reseller', 'Changed due to changes on Reseller' FROM told AS n
 WHERE n.fact_id IS NOT NULL
"""
