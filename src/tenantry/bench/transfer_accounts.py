"""The run of Transfer Accounts beside the same work by hand:
the same rows in the same tables under the same role, one statement per table.
"""

import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any
from uuid import UUID

from tenantry.bench.ground import Field, ground, peak_mb
from tenantry.channel.handovers import running

SIZES = (1_000, 10_000, 100_000)


def bench(rows: int | None, pairs: int, say: Callable[[str], object]) -> Iterator[dict[str, Any]]:
    """Measure at each size: our run, the floor, their ratio, and the memory the program needed."""
    for size in (rows,) if rows else SIZES:
        yield _at(size, pairs, say)


def _at(rows: int, pairs: int, say: Callable[[str], object]) -> dict[str, Any]:
    say(f"Filling a distributor with {rows:,} accounts ...")
    ours: list[float] = []
    floors: list[float] = []
    with ground(rows) as filled, filled.copy("confirmed") as prepared:
        id_ = prepared.confirmed(rows)
        prepared.analyse()
        prepared.close()
        for number in range(pairs):
            written = []
            for name, run, seconds in (("ours", _ours, ours), ("floor", _floor, floors)):
                with filled.copy(name, of="confirmed") as field:
                    seconds.append(run(field, id_))
                    written.append(_written(field))
            if written[0] != written[1]:
                message = f"we and the floor did not write the same: {_differences(*written)}"
                raise RuntimeError(message)
            say(f"  pair {number + 1}: {ours[-1]:.3f} s, floor {floors[-1]:.3f} s")
    return {
        "bench": "transfer-accounts",
        "rows": rows,
        "seconds": round(median(ours), 4),
        "floor_seconds": round(median(floors), 4),
        "ratio": round(median(one / floor for one, floor in zip(ours, floors, strict=True)), 3),
        "per_row_ms": round(median(ours) / rows * 1000, 4),
        "peak_mb": peak_mb(),
    }


def _ours(field: Field, id_: UUID) -> float:
    started = time.perf_counter()
    running.run(field.worker, field.ground.giver, id_)
    return time.perf_counter() - started


def _floor(field: Field, id_: UUID) -> float:
    giver, taker, reseller = field.ground.giver, field.ground.taker, field.ground.reseller
    with field.by_hand() as connection:
        started = time.perf_counter()
        connection.execute(
            f"SET LOCAL ROLE tenantry_channel; SET LOCAL app.tenant = '{giver}'; "
            f"SET LOCAL app.tenants = '{{{giver},{taker}}}'".encode()
        )
        words = {"giver": giver, "taker": taker, "reseller": reseller, "handover": id_}
        for statement in FLOOR.split(";\n"):
            if statement.strip():
                connection.execute(
                    statement.encode(), {key: value for key, value in words.items() if f"%({key})s" in statement}
                )
        connection.commit()
        return time.perf_counter() - started


def _written(field: Field) -> dict[str, tuple[Any, ...]]:
    """Count and add up what stands in every table that a transfer writes,
    without the moments at which it was written.
    """
    found = {}
    with field.as_owner() as connection:
        for table, left_out in WRITTEN.items():
            keys = " - ".join(["to_jsonb(t)", *(f"'{name}'" for name in left_out)])
            row = connection.execute(
                f'SELECT count(*), bit_xor(hashtextextended(({keys})::text, 0)) FROM "{table}" AS t'.encode()
            ).fetchone()
            found[table] = tuple(row or ())
    return found


def _differences(one: dict[str, tuple[Any, ...]], other: dict[str, tuple[Any, ...]]) -> str:
    return ", ".join(f"{table} {one[table]} / {other[table]}" for table in one if one[table] != other[table])


WRITTEN = {
    "account": ("created_at", "search"),
    "address": ("search",),
    "contact": ("created_at", "search"),
    "sync_option": ("created_at",),
    "history_line": ("at",),
    "order": (),
    "handover_record": (),
    "handover_before": (),
    "handover_claim": (),
    "counter": (),
}

DERIVED = (
    "(left(replace(%(handover)s::uuid::text, '-', ''), 12) || '7' || "
    "substr(md5(%(handover)s::uuid::text || {id}::text || '{what}'), 14, 3) || '8' || "
    "substr(md5(%(handover)s::uuid::text || {id}::text || '{what}'), 18, 15))::uuid"
)

# What somebody who knows the task would write by hand, once, for exactly this case.
FLOOR = f"""
UPDATE handover_record SET outcome = 'copied' WHERE tenant_id = %(giver)s AND handover_id = %(handover)s AND verdict = 'new';
INSERT INTO account (tenant_id, id, number, name, accounting_no, email, phone, fax, website, industry, language, vat_number, source, country, state,
        status, standing, ordering_enabled, own_ordering_options, reselling_enabled, bill_to_id, payment_method_id, currency, credit_limit,
        prorate_billing, partial_charges_invoicing, auto_invoice_notification, taxation, separate_invoices, billing_day, responsible_user_id,
        permission_rule_id, created_at)
SELECT %(taker)s, a.id, c.next + row_number() OVER (ORDER BY a.id) - 1, a.name, a.accounting_no, a.email, a.phone, a.fax, a.website, a.industry,
       a.language, a.vat_number, a.source, coalesce(f.country, r.country), coalesce(f.state, r.state), a.status, 'received', true, true, false, a.id,
       m.id, CASE WHEN EXISTS (SELECT FROM tenant_currency AS tc WHERE tc.tenant_id = %(taker)s AND tc.currency = a.currency) THEN a.currency
       ELSE t.default_currency END, 0, r.prorate_billing, r.partial_charges_invoicing, r.auto_invoice_notification, r.taxation, false, t.billing_day,
       t.admin_user_id, t.common_rule_id, now()
  FROM handover_record AS h
  JOIN account AS a ON a.tenant_id = %(giver)s AND a.id = h.id
  JOIN account AS r ON r.tenant_id = %(giver)s AND r.id = %(reseller)s
  JOIN tenant AS t ON t.id = %(taker)s
  JOIN counter AS c ON c.tenant_id = %(taker)s AND c.name = 'account'
  JOIN payment_method AS m ON m.tenant_id = %(taker)s AND m.is_default
  LEFT JOIN LATERAL (SELECT d.country, d.state FROM address AS d WHERE d.tenant_id = %(giver)s AND d.account_id = a.id
                      ORDER BY d.position, d.created_at, d.id LIMIT 1) AS f ON true
 WHERE h.tenant_id = %(giver)s AND h.handover_id = %(handover)s AND h.outcome = 'copied';
UPDATE counter SET next = next + (SELECT count(*) FROM handover_record AS h WHERE h.tenant_id = %(giver)s AND h.handover_id = %(handover)s
       AND h.outcome = 'copied') WHERE tenant_id = %(taker)s AND name = 'account';
INSERT INTO address (tenant_id, id, account_id, position, name, street, street_2, city, postcode, state, country, phone, is_billing, created_at)
SELECT %(taker)s, d.id, d.account_id, d.position, d.name, d.street, d.street_2, d.city, d.postcode, d.state, d.country, d.phone,
       row_number() OVER (PARTITION BY d.account_id ORDER BY d.position, d.created_at, d.id) = 1, d.created_at
  FROM handover_record AS h JOIN address AS d ON d.tenant_id = %(giver)s AND d.account_id = h.id
 WHERE h.tenant_id = %(giver)s AND h.handover_id = %(handover)s AND h.outcome = 'copied';
INSERT INTO contact (tenant_id, id, account_id, first_name, last_name, company_role, email, phone, mobile, fax, language, lead_source, is_primary,
        bill_to_contact, opt_in, responsible_user_id, permission_rule_id, created_at)
SELECT %(taker)s, k.id, k.account_id, k.first_name, k.last_name, k.company_role, k.email, k.phone, k.mobile, k.fax, k.language, k.lead_source,
       k.is_primary, k.bill_to_contact, k.opt_in, t.admin_user_id, t.common_rule_id, now()
  FROM handover_record AS h JOIN contact AS k ON k.tenant_id = %(giver)s AND k.account_id = h.id JOIN tenant AS t ON t.id = %(taker)s
 WHERE h.tenant_id = %(giver)s AND h.handover_id = %(handover)s AND h.outcome = 'copied' AND k.standing = 'own';
INSERT INTO sync_option (tenant_id, id, account_id, system_id, external_id, status, system_data, created_at)
SELECT %(taker)s, s.id, s.account_id, s.system_id, s.external_id, s.status, s.system_data, now()
  FROM handover_record AS h JOIN sync_option AS s ON s.tenant_id = %(giver)s AND s.account_id = h.id
 WHERE h.tenant_id = %(giver)s AND h.handover_id = %(handover)s AND h.outcome = 'copied'
   AND s.system_id IN (SELECT p.provisioning_system_id FROM product AS p WHERE p.tenant_id = %(taker)s AND p.standing = 'inherited');
INSERT INTO history_line (tenant_id, id, entity, subject_id, at, actor, sentence, handover_id)
SELECT %(taker)s, {DERIVED.format(id="h.id", what="received")}, 'account', h.id, now(), 'Tenantry', 'Account was transferred from ' || t.name, %(handover)s
  FROM handover_record AS h JOIN tenant AS t ON t.id = %(giver)s
 WHERE h.tenant_id = %(giver)s AND h.handover_id = %(handover)s AND h.outcome = 'copied';
INSERT INTO history_line (tenant_id, id, entity, subject_id, at, actor, sentence, handover_id)
SELECT %(taker)s, {DERIVED.format(id="k.id", what="received")}, 'contact', k.id, now(), 'Tenantry', 'Contact was transferred from ' || t.name, %(handover)s
  FROM handover_record AS h JOIN contact AS k ON k.tenant_id = %(giver)s AND k.account_id = h.id JOIN tenant AS t ON t.id = %(giver)s
 WHERE h.tenant_id = %(giver)s AND h.handover_id = %(handover)s AND h.outcome = 'copied' AND k.standing = 'own';
INSERT INTO history_line (tenant_id, id, entity, subject_id, at, actor, actor_id, sentence, handover_id)
SELECT %(giver)s, {DERIVED.format(id="h.id", what="given")}, 'account', h.id, now(), o.confirmed_by_name, o.confirmed_by,
       'Account was transferred to ' || r.name || ' Tenant Reseller', %(handover)s
  FROM handover_record AS h JOIN account AS r ON r.tenant_id = %(giver)s AND r.id = %(reseller)s
  JOIN handover AS o ON o.tenant_id = %(giver)s AND o.id = %(handover)s
 WHERE h.tenant_id = %(giver)s AND h.handover_id = %(handover)s AND h.outcome = 'copied';
UPDATE address AS d SET standing = 'mirrored', is_billing = true, version = d.version + 1 FROM handover_record AS h
 WHERE h.tenant_id = %(giver)s AND h.handover_id = %(handover)s AND h.outcome = 'copied' AND d.tenant_id = %(giver)s AND d.account_id = h.id
   AND d.standing = 'own' AND NOT EXISTS (SELECT FROM address AS e WHERE e.tenant_id = %(giver)s AND e.account_id = d.account_id
   AND (e.position, e.created_at, e.id) < (d.position, d.created_at, d.id));
UPDATE account AS a SET standing = 'handed_down', managed_by = %(taker)s, version = a.version + 1 FROM handover_record AS h
 WHERE h.tenant_id = %(giver)s AND h.handover_id = %(handover)s AND h.outcome = 'copied' AND a.tenant_id = %(giver)s AND a.id = h.id;
UPDATE "order" AS o SET standing = 'marked', managed_by = %(taker)s, version = o.version + 1 FROM handover_record AS h
 WHERE h.tenant_id = %(giver)s AND h.handover_id = %(handover)s AND h.outcome = 'copied' AND o.tenant_id = %(giver)s AND o.account_id = h.id
   AND o.standing = 'own';
DELETE FROM handover_claim WHERE handover_id = %(handover)s;
UPDATE handover SET status = 'completed', completed_at = now() WHERE tenant_id = %(giver)s AND id = %(handover)s;
UPDATE tenant_reseller SET state = 'accounts_transferred' WHERE tenant_id = %(giver)s AND id = %(reseller)s;
"""
