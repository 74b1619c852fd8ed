"""What selling is set up with: payment methods, order types, outside systems."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from tenantry.charging import payment_methods
from tenantry.charging.payment_methods import NewPaymentMethod, PaymentMethodView
from tenantry.database import Work
from tenantry.provisioning import queries as provisioning, systems
from tenantry.provisioning.queries import SystemView
from tenantry.provisioning.systems import NewSystem
from tenantry.sales import order_statuses, order_types
from tenantry.sales.order_statuses import NewOrderStatus, OrderStatusView
from tenantry.sales.order_types import OrderTypeView
from tenantry.schema import catalog, sales
from tenantry.web.api.common import Changes, Id, Version, body, changes, resource
from tenantry.web.api.lists import Wanted, page_of
from tenantry.web.api.shapes import changed, shown, taken
from tenantry.web.api.short_lists import one_of, whole
from tenantry.web.api.values import Words
from tenantry.web.http.access import ANYBODY_SIGNED_IN, may
from tenantry.web.http.answers import Linked, Made

PAYMENT_METHOD = shown(PaymentMethodView, catalog.payment_method)
NEW_PAYMENT_METHOD = taken(NewPaymentMethod, catalog.payment_method)
PAYMENT_METHOD_CHANGES = changed(
    "PaymentMethodChanges",
    catalog.payment_method,
    "name kind gateway merchant_account token_reference payment_days",
)
ORDER_TYPE = shown(OrderTypeView, sales.order_type)
ORDER_STATUS = shown(OrderStatusView, sales.order_status)
NEW_ORDER_STATUS = taken(NewOrderStatus, sales.order_status)
SYSTEM = shown(SystemView, catalog.provisioning_system, name="ProvisioningSystem")
NEW_SYSTEM = taken(NewSystem, catalog.provisioning_system, name="NewProvisioningSystem")
SYSTEM_CHANGES = changed("ProvisioningSystemChanges", catalog.provisioning_system, "name kind")

selling = resource("Set-up of selling")


class Name(BaseModel):
    """A name."""

    model_config = ConfigDict(extra="forbid")
    name: Words = Field(description="The name.")


@selling.get("/payment-methods", response_model=page_of("PaymentMethod", PAYMENT_METHOD))
@may(ANYBODY_SIGNED_IN)
def list_payment_methods(work: Work, request: Request, wanted: Wanted) -> Linked:
    """List the payment methods, the default one first."""
    return whole(request, wanted, payment_methods.payment_methods(work), PAYMENT_METHOD)


@selling.post("/payment-methods", status_code=201, response_model=PAYMENT_METHOD)
@may("setup:edit")
def make_payment_method(
    work: Work, new: Annotated[NewPaymentMethod, body(NEW_PAYMENT_METHOD, {"name": "Invoice", "payment_days": 30})]
) -> Made:
    """Make a payment method; the first one is the default."""
    id = payment_methods.create(work, new)
    return Made(_payment_method(work, id), f"/api/v1/payment-methods/{id}")


@selling.get("/payment-methods/{id}", response_model=PAYMENT_METHOD)
@may(ANYBODY_SIGNED_IN)
def read_payment_method(work: Work, id: Id) -> PaymentMethodView:
    """Read a payment method."""
    return _payment_method(work, id)


@selling.patch("/payment-methods/{id}", response_model=PAYMENT_METHOD)
@may("setup:edit")
def change_payment_method(
    work: Work,
    id: Id,
    fields: Annotated[Changes, changes(PAYMENT_METHOD_CHANGES, {"payment_days": 14})],
    version: Version,
) -> PaymentMethodView:
    """Change a payment method."""
    payment_methods.edit(work, id, fields, version=version)
    return _payment_method(work, id)


@selling.put("/payment-methods/{id}/default", response_model=PAYMENT_METHOD)
@may("setup:edit")
def make_default_payment_method(work: Work, id: Id) -> PaymentMethodView:
    """Take it where none is chosen."""
    payment_methods.make_default(work, id)
    return _payment_method(work, id)


@selling.delete("/payment-methods/{id}", status_code=204)
@may("setup:edit")
def remove_payment_method(work: Work, id: Id) -> None:
    """Delete a payment method that nothing uses."""
    payment_methods.delete(work, id)


@selling.get("/order-types", response_model=page_of("OrderType", ORDER_TYPE))
@may(ANYBODY_SIGNED_IN)
def list_order_types(work: Work, request: Request, wanted: Wanted) -> Linked:
    """List the order types."""
    return whole(request, wanted, order_types.order_types(work), ORDER_TYPE)


@selling.post("/order-types", status_code=201, response_model=ORDER_TYPE)
@may("setup:edit")
def make_order_type(work: Work, new: Annotated[Name, body(Name, {"name": "Renewal"})]) -> Made:
    """Make an order type."""
    id = order_types.create(work, new.name)
    return Made(one_of(order_types.order_types(work), id, "order type"), f"/api/v1/order-types/{id}")


@selling.get("/order-types/{id}", response_model=ORDER_TYPE)
@may(ANYBODY_SIGNED_IN)
def read_order_type(work: Work, id: Id) -> OrderTypeView:
    """Read an order type."""
    return one_of(order_types.order_types(work), id, "order type")


@selling.patch("/order-types/{id}", response_model=ORDER_TYPE)
@may("setup:edit")
def change_order_type(
    work: Work, id: Id, fields: Annotated[Changes, changes(Name, {"name": "New sale"})], version: Version
) -> OrderTypeView:
    """Rename an order type."""
    order_types.edit(work, id, fields, version=version)
    return one_of(order_types.order_types(work), id, "order type")


@selling.put("/order-types/{id}/default", response_model=ORDER_TYPE)
@may("setup:edit")
def make_default_order_type(work: Work, id: Id) -> OrderTypeView:
    """Take it where none is chosen."""
    order_types.make_default(work, id)
    return one_of(order_types.order_types(work), id, "order type")


@selling.delete("/order-types/{id}", status_code=204)
@may("setup:edit")
def remove_order_type(work: Work, id: Id) -> None:
    """Delete an order type that no order has."""
    order_types.delete(work, id)


@selling.get("/order-statuses", response_model=page_of("OrderStatus", ORDER_STATUS))
@may(ANYBODY_SIGNED_IN)
def list_order_statuses(work: Work, request: Request, wanted: Wanted) -> Linked:
    """List what the statuses of orders are called, in the order of an order's life."""
    return whole(request, wanted, order_statuses.order_statuses(work), ORDER_STATUS)


@selling.post("/order-statuses", status_code=201, response_model=ORDER_STATUS)
@may("setup:edit")
def make_order_status(
    work: Work,
    new: Annotated[NewOrderStatus, body(NEW_ORDER_STATUS, {"status": "submitted", "name": "Waiting for the buyer"})],
) -> Made:
    """Give a status another name; the first one of a status is its default."""
    id = order_statuses.create(work, new)
    return Made(_order_status(work, id), f"/api/v1/order-statuses/{id}")


@selling.get("/order-statuses/{id}", response_model=ORDER_STATUS)
@may(ANYBODY_SIGNED_IN)
def read_order_status(work: Work, id: Id) -> OrderStatusView:
    """Read the name of a status."""
    return _order_status(work, id)


@selling.patch("/order-statuses/{id}", response_model=ORDER_STATUS)
@may("setup:edit")
def change_order_status(
    work: Work, id: Id, fields: Annotated[Changes, changes(Name, {"name": "Waiting"})], version: Version
) -> OrderStatusView:
    """Rename a status."""
    order_statuses.edit(work, id, fields, version=version)
    return _order_status(work, id)


@selling.put("/order-statuses/{id}/default", response_model=ORDER_STATUS)
@may("setup:edit")
def make_default_order_status(work: Work, id: Id) -> OrderStatusView:
    """Take it when an order reaches its status."""
    order_statuses.make_default(work, id)
    return _order_status(work, id)


@selling.delete("/order-statuses/{id}", status_code=204)
@may("setup:edit")
def remove_order_status(work: Work, id: Id) -> None:
    """Delete a name that no order has."""
    order_statuses.delete(work, id)


@selling.get("/provisioning-systems", response_model=page_of("ProvisioningSystem", SYSTEM))
@may("products:view")
def list_systems(work: Work, request: Request, wanted: Wanted) -> Linked:
    """List the outside systems that deliver products, by name."""
    return whole(request, wanted, provisioning.systems(work), SYSTEM)


@selling.post("/provisioning-systems", status_code=201, response_model=SYSTEM)
@may("products:edit")
def make_system(work: Work, new: Annotated[NewSystem, body(NEW_SYSTEM, {"name": "Mail platform"})]) -> Made:
    """Name an outside system."""
    id = systems.create_system(work, new)
    return Made(one_of(provisioning.systems(work), id, "provisioning system"), f"/api/v1/provisioning-systems/{id}")


@selling.get("/provisioning-systems/{id}", response_model=SYSTEM)
@may("products:view")
def read_system(work: Work, id: Id) -> SystemView:
    """Read an outside system."""
    return one_of(provisioning.systems(work), id, "provisioning system")


@selling.patch("/provisioning-systems/{id}", response_model=SYSTEM)
@may("products:edit")
def change_system(
    work: Work, id: Id, fields: Annotated[Changes, changes(SYSTEM_CHANGES, {"name": "Mail"})], version: Version
) -> SystemView:
    """Change name or connector of an outside system."""
    systems.edit_system(work, id, fields, version=version)
    return one_of(provisioning.systems(work), id, "provisioning system")


@selling.delete("/provisioning-systems/{id}", status_code=204)
@may("products:edit")
def remove_system(work: Work, id: Id, version: Version) -> None:
    """Forget an outside system that no product and no account is tied to."""
    systems.delete_system(work, id, version=version)


def _order_status(work: Work, id: UUID) -> OrderStatusView:
    return one_of(order_statuses.order_statuses(work), id, "order status")


def _payment_method(work: Work, id: UUID) -> PaymentMethodView:
    return one_of(payment_methods.payment_methods(work), id, "payment method")
