"""Bring products and prices in, a batch at a time, as the plan said (CAT-04)."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry.catalog import actions, history
from tenantry.database import Work
from tenantry.kernel.ids import derived_id, new_id
from tenantry.schema.catalog import product, product_add_on, product_price
from tenantry.schema.intake import import_row
from tenantry.tenancy.records import Row

KEEP = sa.text(
    """
    UPDATE import_row
    SET verdict = 'imported', record_id = made.id
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS made(line integer, id uuid)
    WHERE import_row.tenant_id = :tenant AND import_row.import_id = :import AND import_row.line = made.line
    """
)


def write_offers(work: Work, run: sa.RowMapping, rows: Sequence[Row]) -> None:
    """Write the products and prices of these rows, with a line of history each."""
    records = {row.line: row.record for row in rows}
    ordered = sorted(records.values(), key=lambda one: one["product_id"])
    _products(work, [one for one in ordered if "values" in one])
    _prices(work, ordered)
    for one in ordered:
        for item in one.get("items", ()):
            _listed(work, one, item)
    _history(work, run, ordered)
    made = json.dumps([{"line": line, "id": one["product_id"]} for line, one in records.items()])
    work.connection.execute(KEEP, {"tenant": work.tenant_id, "import": run["id"], "rows": made})


def finish_offers(work: Work, run: sa.RowMapping) -> None:
    """Relate the add-ons that came in with the products that are there, once all rows are in."""
    r = import_row.c
    services = sa.func.jsonb_array_elements_text(r.record["sold_with"]).table_valued("value").render_derived("services")
    query = (
        sa.select(r.record["product_id"].astext.label("add_on_id"), services.c.value.label("product_id"))
        .select_from(import_row.join(services, sa.true()))
        .where(r.tenant_id == work.tenant_id, r.import_id == run["id"], r.verdict == "imported")
    )
    pairs = {(UUID(one.add_on_id), UUID(one.product_id)) for one in work.connection.execute(query)}
    if not pairs:
        return
    wanted = {service for _, service in pairs}
    there = sa.select(product.c.id).where(product.c.tenant_id == work.tenant_id, product.c.id.in_(wanted))
    present = set(work.connection.scalars(there))
    rows = [
        {"tenant_id": work.tenant_id, "id": new_id(), "product_id": service, "add_on_id": add_on}
        for add_on, service in sorted(pairs)
        if service in present
    ]
    if rows:
        related = insert(product_add_on).on_conflict_do_nothing(index_elements=["tenant_id", "product_id", "add_on_id"])
        work.connection.execute(related, rows)


def _products(work: Work, records: Sequence[Mapping[str, Any]]) -> None:
    new = {
        one["product_id"]: {
            "tenant_id": work.tenant_id,
            "id": UUID(one["product_id"]),
            "sku": one["sku"],
            "created_at": work.at,
            "trial_allowed": one["trial_allowed"],
            "in_shop": one["priced"],
            **one["values"],
        }
        for one in records
        if one["new"]
    }
    if new:
        work.connection.execute(insert(product).on_conflict_do_nothing(), list(new.values()))
    changed = [
        {
            "of": work.tenant_id,
            "one": UUID(one["product_id"]),
            **{f"new_{name}": value for name, value in one["values"].items()},
        }
        for one in records
        if not one["new"]
    ]
    if changed:
        names = [name.removeprefix("new_") for name in changed[0] if name.startswith("new_")]
        values: dict[str, sa.BindParameter[Any]] = {name: sa.bindparam(f"new_{name}") for name in names}
        differs = sa.or_(*(product.c[name] != value for name, value in values.items()))
        update = (
            sa.update(product)
            .where(product.c.tenant_id == sa.bindparam("of"), product.c.id == sa.bindparam("one"), differs)
            .values(**values, version=product.c.version + 1)
        )
        work.connection.execute(update, changed)


def _prices(work: Work, records: Sequence[Mapping[str, Any]]) -> None:
    rows = [
        {
            "tenant_id": work.tenant_id,
            "id": derived_id(work.tenant_id, UUID(one["product_id"]), f"price {paid['cycle']} {paid['currency']}"),
            "product_id": UUID(one["product_id"]),
            "cycle": paid["cycle"],
            "currency": paid["currency"],
            "unit_price": Decimal(paid["unit_price"]),
            "cost": None if paid["cost"] is None else Decimal(paid["cost"]),
        }
        for one in records
        for paid in one.get("prices", ())
    ]
    if rows:
        price = insert(product_price)
        written = {name: price.excluded[name] for name in ("unit_price", "cost")}
        price = price.on_conflict_do_update(
            index_elements=["tenant_id", "product_id", "cycle", "currency"],
            set_={**written, "version": product_price.c.version + 1},
        )
        work.connection.execute(price, rows)


def _listed(work: Work, one: Mapping[str, Any], item: Mapping[str, Any]) -> None:
    first, last = (date.fromisoformat(item[name]) if item[name] else None for name in ("valid_from", "valid_until"))
    new = actions.NewListPrice(
        UUID(one["product_id"]),
        item["cycle"],
        Decimal(item["price"]),
        min_quantity=item["min_quantity"],
        valid_from=first,
        valid_until=last,
    )
    actions.set_list_price(work, UUID(one["list_id"]), new)


def _history(work: Work, run: sa.RowMapping, records: Sequence[Mapping[str, Any]]) -> None:
    file = run["file_name"]
    new = {UUID(one["product_id"]): f"Product was imported from {file}" for one in records if one["new"]}
    history.write_all(work, "product", new.items())
    for one in records:
        if not one["new"] and "list_id" not in one and one["changes"]:
            changes = {each["field"]: {"before": each["before"], "after": each["after"]} for each in one["changes"]}
            history.write(
                work, "product", UUID(one["product_id"]), f"Product was changed by the import of {file}", changes
            )
