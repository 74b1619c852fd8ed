"""Products and price lists over HTTP with a full catalogue: browsed and searched, pages and API, beside the driver alone."""

from collections.abc import Callable, Iterator
from statistics import median, quantiles
from typing import Any

from tenantry.bench.ground import Field, ground, peak_mb
from tenantry.bench.pages import client_of, floor_of, measured, served

PRODUCTS = 50_000
FILL = """
CREATE TEMPORARY TABLE made AS SELECT gen_random_uuid() AS id, n FROM generate_series(1, %(rows)s) AS n;
INSERT INTO product (tenant_id, id, sku, name, category, unit, kind)
SELECT %(giver)s, id, 'SKU-' || n, (ARRAY['Mail', 'Backup', 'Office', 'Server', 'Archive'])[1 + n %% 5] || ' ' || n,
       'Category ' || n %% 40, 'user', CASE WHEN n %% 10 = 0 THEN 'add_on' ELSE 'service' END FROM made;
ANALYZE product;
INSERT INTO product_price (tenant_id, id, product_id, cycle, currency, unit_price, cost)
SELECT %(giver)s, gen_random_uuid(), id, cycle, 'EUR', n %% 100 + 1, n %% 100 * 0.6 FROM made, (VALUES ('monthly'), ('yearly')) AS c(cycle);
INSERT INTO price_list_item (tenant_id, id, price_list_id, product_id, cycle, price)
SELECT %(giver)s, gen_random_uuid(), %(list)s, id, 'monthly', n %% 100 FROM made;
"""
FLOOR = "SELECT id, sku, name, category, active FROM product WHERE tenant_id = %s ORDER BY sort_name, id LIMIT 50"


def bench(rows: int | None, pairs: int, say: Callable[[str], object]) -> Iterator[dict[str, Any]]:
    """Measure each page `pairs` times sixty requests; seconds are the median. Floor: a page of products by the driver."""
    size = rows or PRODUCTS
    say(f"Filling a distributor with {size:,} products ...")
    with ground(100) as filled, filled.copy("catalogue") as field:
        product, price_list = _fill(field, size)
        field.analyse()
        floor = floor_of(field, FLOOR)
        with served(field) as url, client_of(field, url) as client:
            for name, path in _pages(product, price_list).items():
                seconds = measured(client, path, pairs)
                say(f"  {name}: {median(seconds) * 1000:.1f} ms")
                yield {
                    "bench": "catalogue",
                    "page": name,
                    "rows": size,
                    "seconds": round(median(seconds), 5),
                    "p95": round(quantiles(seconds, n=20)[18], 5),
                    "floor_seconds": round(floor, 5),
                    "ratio": round(median(seconds) / floor, 2),
                    "per_row_ms": round(median(seconds) * 1000, 3),
                    "peak_mb": peak_mb(),
                }


def _pages(product: object, price_list: object) -> dict[str, str]:
    return {
        "list": "/products",
        "list-by-sku": "/products?sort=-sku",
        "filtered": "/products?kind=add_on",
        "search": "/products?q=backup+777",
        "search-of-one-word": "/products?q=mail",
        "record": f"/products/{product}",
        "price-list": f"/price-lists/{price_list}",
        "price-list-search": f"/price-lists/{price_list}?q=backup+777",
        "api-list": "/api/v1/products?limit=50",
        "api-search": "/api/v1/products?search=backup%20777",
        "api-record": f"/api/v1/products/{product}",
        "api-prices": f"/api/v1/price-lists/{price_list}/prices?limit=50",
    }


def _fill(field: Field, size: int) -> tuple[object, object]:
    giver = field.ground.giver
    with field.as_owner() as connection:
        found = connection.execute("SELECT id FROM price_list WHERE tenant_id = %s", [giver]).fetchone()
        price_list = found[0] if found else None
        for statement in FILL.split(";\n"):
            if statement.strip():
                words = {"giver": giver, "rows": size, "list": price_list}
                named = {key: value for key, value in words.items() if f"%({key})s" in statement}
                connection.execute(statement.encode(), named)
        made = connection.execute("SELECT id FROM made ORDER BY n LIMIT 1").fetchone()
    return (made[0] if made else None), price_list
