"""The fields of orders and their items, said once for pages and forms."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from tenantry.charging.payment_methods import payment_methods
from tenantry.crm.lists import CONTACTS
from tenantry.database import Work
from tenantry.sales.order_statuses import order_statuses
from tenantry.sales.order_types import order_types
from tenantry.sales.sold_with import offered
from tenantry.schema.catalog import CYCLES
from tenantry.tenancy import queries
from tenantry.tenancy.listing import ListRequest
from tenantry.web.ui.crm.sections import ACCESS, access_choices, price_lists
from tenantry.web.ui.inputs import Input, Section, named, records
from tenantry.web.ui.views import Option

MOST = 200
PRODUCT = Input(
    "product_id", "Product", "lookup", required=True, among="products", help="Type a part of its name, or its SKU."
)
ANY_PRODUCT = replace(PRODUCT, among="all-products")

ORDER: Sequence[Section] = (
    Section(
        "Order",
        (
            Input("name", "Name"),
            Input("ordered_on", "Order date", "date"),
            Input("order_type_id", "Order type", "select"),
            Input("order_status_id", "Status name", "select", none="The default one"),
            Input("price_list_id", "Price list", "select", link="/price-lists/{}", none="The account's"),
            Input("payment_method_id", "Payment method", "select"),
            Input("sales_rep_id", "Sales rep", "select"),
            Input("contact_id", "Contact", "select", link="/contacts/{}"),
            Input("campaign", "Campaign"),
        ),
    ),
    ACCESS,
)
ITEM: Sequence[Section] = (
    Section(
        "Item",
        (
            PRODUCT,
            Input("cycle", "Billing cycle", "select", required=True),
            Input("quantity", "Quantity", "number", required=True),
            Input("unit_price", "Unit price", "price", help="Empty: what the price list, else the product says."),
            Input("discount_percent", "Discount in percent", "number"),
            Input(
                "promotion_id",
                "Promotion",
                "select",
                none="What applies by itself",
                help="It takes the place of the discount while it is given.",
            ),
            Input("start_on", "Starts on", "date", help="Empty: the day of execution."),
            Input("trial", "Tried first", "checkbox", help="At no charge, until it is converted."),
        ),
    ),
)
CHANGED_ITEM = (
    Section(
        "Item",
        tuple(replace(one, none="None") if one.name == "promotion_id" else one for one in ITEM[0].inputs[1:]),
    ),
)
NEW_ORDER: Sequence[Section] = (
    replace(ORDER[0], inputs=tuple(one for one in ORDER[0].inputs if one.name != "order_status_id")),
    *ORDER[1:],
)
CYCLE_NAMES = {cycle: cycle.replace("_", " ").capitalize() for cycle in CYCLES.split()}


def order_choices(work: Work, account_id: UUID, status: str = "draft") -> dict[str, Sequence[Option]]:
    """Give what can be chosen for an order of this account."""
    return {
        "order_type_id": records(order_types(work)),
        "order_status_id": records(one for one in order_statuses(work) if one.status == status),
        "price_list_id": price_lists(work),
        "payment_method_id": records(payment_methods(work)),
        "sales_rep_id": records(queries.people(work)),
        "contact_id": _contacts(work, account_id),
        **access_choices(work),
    }


def item_choices(work: Work) -> dict[str, Sequence[Option]]:
    """Give what can be chosen for an item."""
    return {
        "cycle": named(CYCLE_NAMES),
        "promotion_id": [Option(str(id_), name) for id_, name in offered(work).items()],
    }


def _contacts(work: Work, account_id: UUID) -> list[Option]:
    if not work.actor.may("contacts:view"):
        return []
    asked = ListRequest(filters={"account_id": ("eq", account_id)}, fields=["id", "name"], limit=MOST)
    return [Option(str(row["id"]), row["name"]) for row in CONTACTS.page(work, asked).items]
