"""Choose a product: from a list, or by its SKU where there are too many to show."""

from uuid import UUID

from tenantry.catalog.lists import PRODUCTS
from tenantry.database import Work
from tenantry.kernel.ids import as_id
from tenantry.tenancy.listing import ListRequest
from tenantry.web.ui.inputs import Input
from tenantry.web.ui.views import Option

MOST = 200


def product_input(work: Work, name: str = "product_id", label: str = "Product") -> Input:
    """Ask for a product."""
    if product_options(work):
        return Input(name, label, "select", required=True)
    return Input(name, label, required=True, help="Its SKU.")


def product_options(work: Work, kind: str = "") -> list[Option]:
    """Give the products by name, or none where there are more than a list can show."""
    filters = {"kind": ("eq", kind)} if kind else {}
    page = PRODUCTS.page(work, ListRequest(filters=filters, sort="name", fields=["id", "name", "sku"], limit=MOST))
    if page.next:
        return []
    return [Option(str(one["id"]), f"{one['name']} ({one['sku']})") for one in page.items]


def chosen(work: Work, typed: str) -> UUID | None:
    """Give the product that was chosen, or whose SKU was typed; None where there is none."""
    if (id := as_id(typed)) is not None:
        return id
    found = PRODUCTS.page(work, ListRequest(filters={"sku": ("eq", typed)}, fields=["id"], limit=1)).items
    return UUID(str(found[0]["id"])) if found else None
