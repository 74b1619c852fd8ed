"""Plan an import of products or prices: every row gets its verdict, and what it changes is shown first (CAT-04)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.intake.catalogue import here
from tenantry.intake.catalogue.judging import Judging, Known, plain
from tenantry.intake.catalogue.reading import Offer, OfferReader
from tenantry.intake.options import options
from tenantry.intake.planning import Findings, digest_of, note
from tenantry.intake.stored import batches, change, counts, judge

NEEDED = {"products": ("name", "sku"), "prices": ("price",)}
NO_COLUMN = {
    "code": "no-name-column",
    "severity": "blocker",
    "rule": "CAT-04",
    "message": "No column was recognised as the product's name or SKU.",
    "remedy": "Choose by hand which column holds it, or give the file a heading.",
    "field": "name",
    "rows": 0,
    "lines": [],
    "values": [],
}
SHOWN = 10


def plan_offers(work: Work, run: sa.RowMapping) -> None:
    """Judge every row of an import anew and write the verdicts, the differences, the findings and the digest."""
    reader = reader_of(run)
    if not reader.headings.keys() & set(NEEDED["products"]):
        change(work, run["id"], status="planned", digest=None, findings=[NO_COLUMN], counts=counts(work, run["id"]))
        return
    known = _known(work, run, reader)
    findings, totals = Findings(), {"new": 0, "changed": 0, "same": 0}
    for rows in batches(work, run["id"]):
        read = [reader.read(row.line, row.cells) for row in rows]
        records = Judging(work, run, reader, known, read).records()
        judge(work, run["id"], read, {}, records)
        note(findings, read)
        for one in read:
            _count(totals, one, records.get(one.line))
    # Of rows that are here just so the figure tells already.
    others = [one for one in findings.values() if one["code"] != "same-as-here"]
    ordered = sorted(others, key=lambda one: (one["severity"] != "refusal", -one["rows"], one["code"]))
    told = [*_totals(totals, known), *_missing(work, run, known), *ordered]
    counted = counts(work, run["id"])
    change(work, run["id"], status="planned", findings=told, counts=counted, digest=digest(work, run))


def digest(work: Work, run: sa.RowMapping) -> str:
    """Give the SHA-256 over all that decides what an import does: file, mapping, options, choices, what is here."""
    return digest_of(work, run, here.fingerprint(work))


def reader_of(run: sa.RowMapping) -> OfferReader:
    """Give the reader of an import's rows."""
    return OfferReader(run["kind"], run["columns"], run["mapping"], options(run["options"]).defaults)


def values_of(run: sa.RowMapping, line: int, cells: Sequence[Any]) -> dict[str, str]:
    """Say what a row becomes, field by field."""
    one = reader_of(run).read(line, cells)
    shown = {"sku": one.sku, "name": one.name, "kind": one.kind.replace("_", "-"), "unit": one.unit, "year": one.year}
    paid = ", ".join(f"{cycle.replace('_', ' ')} {plain(price)} {one.currency}" for cycle, price in one.prices.items())
    return {name: value for name, value in {**shown, "price": paid}.items() if value}


def _known(work: Work, run: sa.RowMapping, reader: OfferReader) -> Known:
    known = Known(here.currencies(work), here.price_lists(work), options(run["options"]).year)
    every = [one for rows in batches(work, run["id"]) for one in (reader.read(row.line, row.cells) for row in rows)]
    known.year = known.year or max((one.year for one in every), default="")
    for one in every:
        if one.year == known.year and not one.refused:
            known.skus.add(one.sku)
            known.families.add(one.cells.get("product", ""))
            if one.kind == "service":
                known.services.add(one.sku)
    known.families.discard("")
    for item in here.listed(work, {id for id, _ in known.price_lists.values()}) if run["kind"] == "prices" else ():
        key = (item["price_list_id"], item["product_id"], item["cycle"], item["min_quantity"])
        known.days.setdefault(key, []).append((item["valid_from"], item["valid_until"], ""))
    return known


def _count(totals: dict[str, int], one: Offer, record: Any) -> None:
    if record and not one.refused:
        totals["new" if record["new"] else "same" if one.same else "changed"] += 1


def _totals(totals: Mapping[str, int], known: Known) -> Iterator[dict[str, Any]]:
    """Say how many products are new, changed and as they are."""
    said = {"new": "new products", "changed": "changes of products that are here", "same": "here already, just so"}
    of = f" Of {known.year}." if known.year else ""
    for name, count in totals.items():
        if count:
            yield _told(f"rows-{name}", f"{said[name].capitalize()}.{of}", rows=count)


def _missing(work: Work, run: sa.RowMapping, known: Known) -> Iterator[dict[str, Any]]:
    """Say which products of the same families are on sale here and are not in the file."""
    if run["kind"] == "products" and known.families:
        gone = here.missing(work, known.families, known.skus)
        if gone:
            message = f"{len(gone):,} products of the same families are here and not in the file; they stay on sale."
            remedy = "Take them off sale on their pages if they are no longer offered."
            yield _told("not-in-file", message, remedy, values=gone[:SHOWN])


def _told(code: str, message: str, remedy: str = "", *, rows: int = 0, values: Sequence[str] = ()) -> dict[str, Any]:
    words = {"code": code, "severity": "note", "rule": "CAT-04", "message": message, "remedy": remedy}
    return {**words, "field": "", "column": "", "rows": rows, "lines": [], "values": list(values)}
