"""Orders: drafts, their items, and their life as nouns: submission, execution, cancellation (ORD-01 to ORD-03)."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from tenantry.channel.upstream_credit.actions import check_credit, exceed_limit
from tenantry.database import Work
from tenantry.sales import queries
from tenantry.sales.actions import (
    NewItem,
    NewOrder,
    add_item,
    approve_order,
    cancel_order,
    copy_order,
    create_order,
    delete_item,
    delete_order,
    deliver_items,
    edit_order,
    execute_order,
    refuse_order,
    submit_order,
    update_item,
    withdraw_order,
)
from tenantry.sales.lists import ORDERS
from tenantry.sales.queries import OrderView
from tenantry.schema import sales
from tenantry.web.api.common import Changes, Id, Reason, Version, body, changes, resource
from tenantry.web.api.examples import SOMEBODY
from tenantry.web.api.lists import Listed, Wanted, filters_of, item_of, page, page_of
from tenantry.web.api.shapes import changed, shown, taken
from tenantry.web.http.access import may
from tenantry.web.http.answers import Made
from tenantry.web.papers.answers import RESPONSES, shown as shown_paper
from tenantry.web.papers.orders import print_out

ORDER = shown(
    OrderView,
    sales.order,
    sales.order_item,
    account="Who buys.",
    bill_to="Who pays.",
    price_list="The price list of its prices.",
    payment_method="How it is paid.",
    order_type="Its type.",
    managed_by="The reseller who manages it, as his account here; null when nobody below does.",
    status_name="What the tenant calls that.",
    order_status="The name of its status that was chosen for it; null for the default one.",
    part_of="The order that it delivers a part of.",
    deliveries="The sub-orders that delivered parts of it.",
    credit="What it was measured by when it was submitted, executed or decided about; null before (ORD-05).",
    upstream_credit="What was answered from above about its credit; null where nobody was asked (UP-47).",
    seller="Who answered; empty while nobody has.",
    figures="Why it waits there, by one's own account there; null where it waits further up, or for nothing.",
    limit="The credit limit of who answers for it.",
    open="What is charged and not invoiced yet.",
    ordered="What other submitted orders add.",
    adds="What this order adds at first.",
    owed="What would be owed with it.",
    over="How much of that is over the limit.",
    without_rate="Currencies that could not be converted, so somebody has to look.",
    prepaid="Whether a gateway collects what it costs when it is charged, so that it adds nothing to what is owed.",
    decided_by="Who approved or refused it.",
    because="Why.",
    first="What they cost at first: the first cycle with its promotion, nothing for a trial.",
    promotion="The promotion that it is sold with.",
    delivered_by="The sub-order that delivered it.",
    sales_rep="Who sold it.",
    contact="Whom it was agreed with.",
    responsible_user="Who looks after it.",
    permission_rule="Who may see and edit it.",
    items="Its lines.",
    totals="What its lines cost, by how often it is paid.",
    total="What its lines cost together.",
    subscriptions="The subscriptions that it started.",
    product="What is bought.",
    product_kind="Sold by itself, or with another product.",
    amount="The amount.",
)
NEW_ORDER = taken(NewOrder, sales.order, sales.order_item, items="Its lines, priced on the order date.")
NEW_ITEM = taken(NewItem, sales.order_item)
EDITABLE = """name ordered_on price_list_id payment_method_id order_type_id order_status_id sales_rep_id
    contact_id campaign responsible_user_id permission_rule_id custom_fields"""
ORDER_CHANGES = changed("OrderChanges", sales.order, EDITABLE)
ITEM_CHANGES = changed(
    "ItemChanges", sales.order_item, "cycle quantity unit_price discount_percent promotion_id trial start_on"
)

ITEM = {"product_id": SOMEBODY, "cycle": "monthly", "quantity": 25}

orders = resource("Orders")


class Execution(BaseModel):
    """When what is executed starts."""

    model_config = ConfigDict(extra="forbid")
    start_on: date | None = Field(default=None, description="First day of the subscriptions; today when left out.")
    starts: dict[UUID, date] = Field(default={}, description="First day by item, where it is another one.")


class Delivered(Execution):
    """Which items are delivered, and when what they make starts."""

    items: list[UUID] = Field(min_length=1, max_length=1000, description="The items; an add-on with its service.")


@orders.get("/orders", response_model=page_of("Order", item_of("Order", ORDERS)), openapi_extra=filters_of(ORDERS))
@may("orders:view")
def list_orders(work: Work, request: Request, wanted: Wanted) -> Listed:
    """List orders, the latest first."""
    return page(work, ORDERS, request, wanted)


@orders.post("/orders", status_code=201, response_model=ORDER)
@may("orders:edit")
def make_order(
    work: Work, new: Annotated[NewOrder, body(NEW_ORDER, {"account_id": SOMEBODY, "items": [ITEM]})]
) -> Made:
    """Make a draft with its items; what is not given comes from the account, its price list and the set-up."""
    id = create_order(work, new)
    return Made(queries.order(work, id), f"/api/v1/orders/{id}")


@orders.get("/orders/{id}", response_model=ORDER)
@may("orders:view")
def read_order(work: Work, id: Id) -> OrderView:
    """Read an order with its lines, what may be done with it, and what is locked."""
    return queries.order(work, id)


@orders.patch("/orders/{id}", response_model=ORDER)
@may("orders:edit")
def change_order(
    work: Work, id: Id, fields: Annotated[Changes, changes(ORDER_CHANGES, {"campaign": "Spring"})], version: Version
) -> OrderView:
    """Change fields of an order; of a back-ordering record only what BO-21 names."""
    edit_order(work, id, fields, version=version)
    return queries.order(work, id)


@orders.delete("/orders/{id}", status_code=204)
@may("orders:edit")
def remove_order(work: Work, id: Id, version: Version) -> None:
    """Delete a draft or a cancelled order with its items."""
    delete_order(work, id, version=version)


@orders.put("/orders/{id}/submission", response_model=ORDER)
@may("orders:edit")
def submit(work: Work, id: Id, version: Version) -> OrderView:
    """Submit a draft: it waits to be executed; over the credit limit, for approval first (ORD-05)."""
    submit_order(work, id, version=version)
    return queries.order(work, id)


@orders.put("/orders/{id}/execution", response_model=ORDER)
@may("orders:edit")
def execute(
    work: Work, id: Id, how: Annotated[Execution, body(Execution, {"start_on": "2026-12-01"})], version: Version
) -> OrderView:
    """Execute a submitted order: its subscriptions start."""
    execute_order(work, id, start_on=how.start_on, starts=how.starts, version=version)
    return queries.order(work, id)


@orders.put("/orders/{id}/approval", response_model=ORDER)
@may("orders:approve")
def approve(
    work: Work, id: Id, why: Annotated[Reason, body(Reason, {"because": "Always pays"})], version: Version
) -> OrderView:
    """Let an order go over the credit limit (ORD-05)."""
    approve_order(work, id, because=why.because, version=version)
    return queries.order(work, id)


@orders.put("/orders/{id}/refusal", response_model=ORDER)
@may("orders:approve")
def refuse(
    work: Work, id: Id, why: Annotated[Reason, body(Reason, {"because": "Two invoices are due"})], version: Version
) -> OrderView:
    """Refuse to let an order go over the credit limit (ORD-05)."""
    refuse_order(work, id, because=why.because, version=version)
    return queries.order(work, id)


@orders.put("/orders/{id}/credit-release", response_model=ORDER)
@may("orders:approve")
def exceed(
    work: Work, id: Id, why: Annotated[Reason, body(Reason, {"because": "Always pays"})], version: Version
) -> OrderView:
    """Give an order that tracks a reseller's sale credit beyond his limit, this once (UP-47)."""
    exceed_limit(work, id, because=why.because, version=version)
    return queries.order(work, id)


@orders.put("/orders/{id}/credit-check", response_model=ORDER)
@may("orders:edit")
def check_again(work: Work, id: Id, version: Version) -> OrderView:
    """Look again whether there is credit for an order that waits for it, here or above (UP-47)."""
    check_credit(work, id, version=version)
    return queries.order(work, id)


@orders.put("/orders/{id}/withdrawal", response_model=ORDER)
@may("orders:edit")
def withdraw(
    work: Work, id: Id, why: Annotated[Reason, body(Reason, {"because": "Too dear"})], version: Version
) -> OrderView:
    """Take back what an executed order sold that waits for credit above; all charges for it are given back (UP-47)."""
    withdraw_order(work, id, because=why.because, version=version)
    return queries.order(work, id)


@orders.post("/orders/{id}/delivery", status_code=201, response_model=ORDER)
@may("orders:edit")
def deliver(
    work: Work, id: Id, what: Annotated[Delivered, body(Delivered, {"items": [SOMEBODY]})], version: Version
) -> Made:
    """Deliver items of a submitted order: a sub-order with them is executed; each item once."""
    part = deliver_items(work, id, what.items, start_on=what.start_on, starts=what.starts, version=version)
    return Made(queries.order(work, part), f"/api/v1/orders/{part}")


@orders.post("/orders/{id}/copy", status_code=201, response_model=ORDER)
@may("orders:edit")
def copy(work: Work, id: Id, version: Version) -> Made:
    """Copy an order into a draft of today, at today's prices."""
    made = copy_order(work, id, version=version)
    return Made(queries.order(work, made), f"/api/v1/orders/{made}")


@orders.get("/orders/{id}/print-out", response_class=Response, responses=RESPONSES)
@may("orders:view")
def read_print_out(work: Work, id: Id) -> Response:
    """Give an order as a document: PDF with letterhead, lines and totals."""
    return shown_paper(*print_out(work, id))


@orders.put("/orders/{id}/cancellation", response_model=ORDER)
@may("orders:edit")
def cancel(
    work: Work, id: Id, why: Annotated[Reason, body(Reason, {"because": "Ordered twice"})], version: Version
) -> OrderView:
    """Cancel an order that was not executed."""
    cancel_order(work, id, because=why.because, version=version)
    return queries.order(work, id)


@orders.post("/orders/{id}/items", status_code=201, response_model=ORDER)
@may("orders:edit")
def make_item(work: Work, id: Id, new: Annotated[NewItem, body(NEW_ITEM, ITEM)], version: Version) -> Made:
    """Add a line to a draft; without a price it costs what the price list says."""
    item = add_item(work, id, new, version=version)
    return Made(queries.order(work, id), f"/api/v1/orders/{id}/items/{item}")


@orders.patch("/orders/{id}/items/{item_id}", response_model=ORDER)
@may("orders:edit")
def change_item(
    work: Work,
    id: Id,
    item_id: Id,
    fields: Annotated[Changes, changes(ITEM_CHANGES, {"quantity": 30})],
    version: Version,
) -> OrderView:
    """Change a line of a draft; If-Match is the line's own version."""
    update_item(work, id, item_id, fields, version=version)
    return queries.order(work, id)


@orders.delete("/orders/{id}/items/{item_id}", status_code=204)
@may("orders:edit")
def remove_item(work: Work, id: Id, item_id: Id, version: Version) -> None:
    """Take a line off a draft; If-Match is the line's own version."""
    delete_item(work, id, item_id, version=version)
