"""What does not fit a subscription, and is refused: units, add-ons and products (CAT-01)."""

import sqlalchemy as sa

from tenantry.database import Row, Work
from tenantry.kernel.problems import Fault, Invalid, Refused
from tenantry.sales.selling import bought_above
from tenantry.sales.subscriptions.records import Held
from tenantry.schema.catalog import product_add_on, product_path


def within(of: Row, wanted: int) -> None:
    """Refuse more or fewer units than the product is sold in."""
    least, most = of["min_quantity"], of["max_quantity"]
    if wanted < least:
        message, remedy = f"{of['name']} is sold from {least:,} units on.", f"Give {least:,} or more, or cancel it."
    elif most is not None and wanted > most:
        message, remedy = f"{of['name']} is sold up to {most:,} units.", f"Give {most:,} or fewer."
    else:
        return
    raise Invalid(Fault("quantity", message, "CAT-01", remedy))


def sold_here(held: Held, of: Row) -> None:
    """Refuse to sell more of what comes from above before the tenant is live."""
    if not held.live and of["standing"] != "own":
        raise Refused(bought_above)


def goes_with(work: Work, held: Held, found: Row) -> None:
    """Refuse an add-on that is none of the product's."""
    a = product_add_on.c
    pair = (a.tenant_id == work.tenant_id, a.product_id == held.row["product_id"], a.add_on_id == found["id"])
    if found["kind"] != "add_on" or not work.connection.scalar(sa.select(sa.exists().where(*pair))):
        message = f"{found['name']} is no add-on of {held.product['name']}."
        raise Invalid(Fault("product_id", message, "CAT-01", "Choose one of the product's add-ons."))


def keeps_add_ons(work: Work, held: Held, to: Row) -> None:
    """Refuse a product that the subscription's add-ons do not go with."""
    a = product_add_on.c
    query = sa.select(a.add_on_id).where(a.tenant_id == work.tenant_id, a.product_id == to["id"])
    taken = set(work.connection.scalars(query)) if held.add_ons else set()
    left = [one.name for one in held.add_ons if one.product_id not in taken]
    if left:
        message = f"{to['name']} does not go with {', '.join(left)}."
        fewer = ", move fewer than all units" if held.row["quantity"] > 1 else ""
        remedy = f"Cancel these add-ons first{fewer}, or choose another product."
        raise Invalid(Fault("product_id", message, "CAT-01", remedy))


def on_a_path(work: Work, held: Held, kind: str, to: Row) -> None:
    """Refuse a product to which no path leads."""
    p = product_path.c
    path = (p.tenant_id == work.tenant_id, p.product_id == held.row["product_id"], p.to_product_id == to["id"])
    if not work.connection.scalar(sa.select(sa.exists().where(*path, p.kind == kind))):
        message = f"{held.product['name']} has no {kind} path to {to['name']}."
        remedy = "Choose a product of its paths, or add the path to the product."
        raise Invalid(Fault("product_id", message, "CAT-01", remedy))
