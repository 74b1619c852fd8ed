"""The set-up: organisation, currencies, API options, custom fields, payment methods, order types, outside systems."""

from collections.abc import Sequence
from typing import Annotated, Protocol, TypeVar
from uuid import UUID

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from tenantry.charging import payment_methods
from tenantry.charging.payment_methods import NewPaymentMethod, PaymentMethodView
from tenantry.database import Work
from tenantry.kernel.problems import NotFound
from tenantry.provisioning import queries as provisioning, systems
from tenantry.provisioning.queries import SystemView
from tenantry.provisioning.systems import NewSystem
from tenantry.sales import order_types
from tenantry.sales.order_types import OrderTypeView
from tenantry.schema import catalog, sales, tenant as t
from tenantry.tenancy import api_options, currencies, custom_fields, organisation, queries
from tenantry.tenancy.api_options import ApiOptionView
from tenantry.tenancy.currencies import CurrencyView
from tenantry.tenancy.custom_fields import FieldView, NewField
from tenantry.tenancy.queries import TenantView
from tenantry.web.api.common import Changes, Id, Version, body, changes, resource
from tenantry.web.api.lists import Wanted, page_of
from tenantry.web.api.shapes import changed, shown, taken
from tenantry.web.api.short_lists import whole
from tenantry.web.api.values import Words
from tenantry.web.http.access import ANYBODY_SIGNED_IN, may
from tenantry.web.http.answers import Linked, Made

TENANT = shown(TenantView, t.tenant, currencies="Currencies that are activated.")
TENANT_CHANGES = changed("TenantChanges", t.tenant, "name language time_zone date_format billing_day")
CURRENCY = shown(
    CurrencyView,
    code="ISO 4217 code.",
    is_default="Whether records that name none are in it.",
    rate="What one unit is worth in the default currency; null where nobody quotes it.",
    into="The other currency.",
    on="The day of the rate.",
    source="Who says so.",
)
API_OPTION = shown(
    ApiOptionView,
    t.api_option,
    applied_user_id="The responsible user that such records get now.",
    applied_rule_id="The permission rule that such records get now.",
    version="1 when first chosen, one more with every change; 0 before.",
)
API_OPTION_CHANGES = changed("ApiOptionChanges", t.api_option, "responsible_user_id permission_rule_id")
CUSTOM_FIELD = shown(FieldView, t.custom_field)
NEW_CUSTOM_FIELD = taken(NewField, t.custom_field, name="NewCustomField")
PAYMENT_METHOD = shown(PaymentMethodView, catalog.payment_method)
NEW_PAYMENT_METHOD = taken(NewPaymentMethod, catalog.payment_method)
PAYMENT_METHOD_CHANGES = changed(
    "PaymentMethodChanges",
    catalog.payment_method,
    "name kind gateway merchant_account token_reference payment_days",
)
ORDER_TYPE = shown(OrderTypeView, sales.order_type)
SYSTEM = shown(SystemView, catalog.provisioning_system, name="ProvisioningSystem")
NEW_SYSTEM = taken(NewSystem, catalog.provisioning_system, name="NewProvisioningSystem")
SYSTEM_CHANGES = changed("ProvisioningSystemChanges", catalog.provisioning_system, "name kind")

Code = Annotated[Words, Path(description="ISO 4217 code of the currency.")]
Entity = Annotated[Words, Path(description="Kind of record: account, contact, order, subscription or asset.")]

setup = resource("Set-up")


class Identified(Protocol):
    """A view that has an id."""

    @property
    def id(self) -> UUID:
        """The record's id."""


View = TypeVar("View", bound=Identified)


class Name(BaseModel):
    """A name."""

    model_config = ConfigDict(extra="forbid")
    name: Words = Field(description="The name.")


class CustomFieldChanges(BaseModel):
    """The fields to change of a custom field; its kind of record, name and type are for ever."""

    model_config = ConfigDict(extra="forbid")
    label: Words = Field(default="", description="Its name on the screen.")
    compulsory: bool = Field(default=False, strict=True, description="Whether it must be filled.")
    default_value: Words | bool | None = Field(default=None, description="Value of new records.")
    choices: list[Words] = Field(default=[], description="What can be chosen.")
    group: Words = Field(default="", description="Heading it stands under.")
    position: int = Field(default=0, strict=True, ge=-(10**6), le=10**6, description="Order under its heading.")


@setup.get("/tenants/current", response_model=TENANT)
@may(ANYBODY_SIGNED_IN)
def read_tenant(work: Work) -> TenantView:
    """Read the organisation that the token belongs to."""
    return queries.tenant(work)


@setup.patch("/tenants/current", response_model=TENANT)
@may("setup:edit")
def change_tenant(
    work: Work, fields: Annotated[Changes, changes(TENANT_CHANGES, {"time_zone": "Europe/Athens"})], version: Version
) -> TenantView:
    """Change name, language, time zone, date format or billing day."""
    organisation.edit(work, fields, version=version)
    return queries.tenant(work)


@setup.get("/currencies", response_model=page_of("Currency", CURRENCY))
@may(ANYBODY_SIGNED_IN)
def list_currencies(work: Work, request: Request, wanted: Wanted) -> Linked:
    """List the activated currencies by code."""
    return whole(request, wanted, currencies.currencies(work), CURRENCY, key="code")


@setup.put("/currencies/{code}", status_code=204)
@may("setup:edit")
def activate_currency(work: Work, code: Code) -> None:
    """Let records be in this currency; again changes nothing."""
    currencies.activate(work, code)


@setup.delete("/currencies/{code}", status_code=204)
@may("setup:edit")
def deactivate_currency(work: Work, code: Code) -> None:
    """Let no new record be in this currency; those that are stay as they are."""
    currencies.deactivate(work, code)


@setup.get("/api-options", response_model=page_of("ApiOption", API_OPTION))
@may("setup:view")
def list_api_options(work: Work, request: Request, wanted: Wanted) -> Linked:
    """List what records that the system creates get, by kind of record (TEN-22)."""
    return whole(request, wanted, api_options.api_options(work), API_OPTION, key="entity")


@setup.get("/api-options/{entity}", response_model=API_OPTION)
@may("setup:view")
def read_api_option(work: Work, entity: Entity) -> ApiOptionView:
    """Read what one kind of record gets."""
    return _option(work, entity)


@setup.patch("/api-options/{entity}", response_model=API_OPTION)
@may("setup:edit")
def change_api_option(
    work: Work,
    entity: Entity,
    fields: Annotated[Changes, changes(API_OPTION_CHANGES, {"permission_rule_id": None})],
    version: Version,
) -> ApiOptionView:
    """Choose the responsible user or the permission rule; null falls back to the usual one."""
    api_options.edit(work, entity, fields, version=version)
    return _option(work, entity)


@setup.get("/custom-fields", response_model=page_of("CustomField", CUSTOM_FIELD))
@may(ANYBODY_SIGNED_IN)
def list_custom_fields(work: Work, request: Request, wanted: Wanted) -> Linked:
    """List the tenant's own fields, in the order in which screens show them."""
    return whole(request, wanted, custom_fields.custom_fields(work), CUSTOM_FIELD)


@setup.post("/custom-fields", status_code=201, response_model=CUSTOM_FIELD)
@may("setup:edit")
def make_custom_field(
    work: Work,
    new: Annotated[
        NewField, body(NEW_CUSTOM_FIELD, {"entity": "account", "name": "segment", "label": "Segment", "type": "text"})
    ],
) -> Made:
    """Define a field of one's own; its kind of record, name and type are for ever."""
    id = custom_fields.define(work, new)
    return Made(_one(custom_fields.custom_fields(work), id, "custom field"), f"/api/v1/custom-fields/{id}")


@setup.get("/custom-fields/{id}", response_model=CUSTOM_FIELD)
@may(ANYBODY_SIGNED_IN)
def read_custom_field(work: Work, id: Id) -> FieldView:
    """Read a custom field."""
    return _one(custom_fields.custom_fields(work), id, "custom field")


@setup.patch("/custom-fields/{id}", response_model=CUSTOM_FIELD)
@may("setup:edit")
def change_custom_field(
    work: Work, id: Id, fields: Annotated[Changes, changes(CustomFieldChanges, {"label": "Segment"})], version: Version
) -> FieldView:
    """Change how a field is shown and what it demands; values that records have already stay as they are."""
    custom_fields.edit(work, id, fields, version=version)
    return _one(custom_fields.custom_fields(work), id, "custom field")


@setup.delete("/custom-fields/{id}", status_code=204)
@may("setup:edit")
def remove_custom_field(work: Work, id: Id) -> None:
    """Delete a field; records keep what they hold under its name, though nobody sees it any more."""
    custom_fields.delete(work, id)


@setup.get("/payment-methods", response_model=page_of("PaymentMethod", PAYMENT_METHOD))
@may(ANYBODY_SIGNED_IN)
def list_payment_methods(work: Work, request: Request, wanted: Wanted) -> Linked:
    """List the payment methods, the default one first."""
    return whole(request, wanted, payment_methods.payment_methods(work), PAYMENT_METHOD)


@setup.post("/payment-methods", status_code=201, response_model=PAYMENT_METHOD)
@may("setup:edit")
def make_payment_method(
    work: Work, new: Annotated[NewPaymentMethod, body(NEW_PAYMENT_METHOD, {"name": "Invoice", "payment_days": 30})]
) -> Made:
    """Make a payment method; the first one is the default."""
    id = payment_methods.create(work, new)
    return Made(_payment_method(work, id), f"/api/v1/payment-methods/{id}")


@setup.get("/payment-methods/{id}", response_model=PAYMENT_METHOD)
@may(ANYBODY_SIGNED_IN)
def read_payment_method(work: Work, id: Id) -> PaymentMethodView:
    """Read a payment method."""
    return _payment_method(work, id)


@setup.patch("/payment-methods/{id}", response_model=PAYMENT_METHOD)
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


@setup.put("/payment-methods/{id}/default", response_model=PAYMENT_METHOD)
@may("setup:edit")
def make_default_payment_method(work: Work, id: Id) -> PaymentMethodView:
    """Take it where none is chosen."""
    payment_methods.make_default(work, id)
    return _payment_method(work, id)


@setup.delete("/payment-methods/{id}", status_code=204)
@may("setup:edit")
def remove_payment_method(work: Work, id: Id) -> None:
    """Delete a payment method that nothing uses."""
    payment_methods.delete(work, id)


@setup.get("/order-types", response_model=page_of("OrderType", ORDER_TYPE))
@may(ANYBODY_SIGNED_IN)
def list_order_types(work: Work, request: Request, wanted: Wanted) -> Linked:
    """List the order types."""
    return whole(request, wanted, order_types.order_types(work), ORDER_TYPE)


@setup.post("/order-types", status_code=201, response_model=ORDER_TYPE)
@may("setup:edit")
def make_order_type(work: Work, new: Annotated[Name, body(Name, {"name": "Renewal"})]) -> Made:
    """Make an order type."""
    id = order_types.create(work, new.name)
    return Made(_one(order_types.order_types(work), id, "order type"), f"/api/v1/order-types/{id}")


@setup.get("/order-types/{id}", response_model=ORDER_TYPE)
@may(ANYBODY_SIGNED_IN)
def read_order_type(work: Work, id: Id) -> OrderTypeView:
    """Read an order type."""
    return _one(order_types.order_types(work), id, "order type")


@setup.patch("/order-types/{id}", response_model=ORDER_TYPE)
@may("setup:edit")
def change_order_type(
    work: Work, id: Id, fields: Annotated[Changes, changes(Name, {"name": "New sale"})], version: Version
) -> OrderTypeView:
    """Rename an order type."""
    order_types.edit(work, id, fields, version=version)
    return _one(order_types.order_types(work), id, "order type")


@setup.put("/order-types/{id}/default", response_model=ORDER_TYPE)
@may("setup:edit")
def make_default_order_type(work: Work, id: Id) -> OrderTypeView:
    """Take it where none is chosen."""
    order_types.make_default(work, id)
    return _one(order_types.order_types(work), id, "order type")


@setup.delete("/order-types/{id}", status_code=204)
@may("setup:edit")
def remove_order_type(work: Work, id: Id) -> None:
    """Delete an order type that no order has."""
    order_types.delete(work, id)


@setup.get("/provisioning-systems", response_model=page_of("ProvisioningSystem", SYSTEM))
@may("products:view")
def list_systems(work: Work, request: Request, wanted: Wanted) -> Linked:
    """List the outside systems that deliver products, by name."""
    return whole(request, wanted, provisioning.systems(work), SYSTEM)


@setup.post("/provisioning-systems", status_code=201, response_model=SYSTEM)
@may("products:edit")
def make_system(work: Work, new: Annotated[NewSystem, body(NEW_SYSTEM, {"name": "Mail platform"})]) -> Made:
    """Name an outside system."""
    id = systems.create_system(work, new)
    return Made(_one(provisioning.systems(work), id, "provisioning system"), f"/api/v1/provisioning-systems/{id}")


@setup.get("/provisioning-systems/{id}", response_model=SYSTEM)
@may("products:view")
def read_system(work: Work, id: Id) -> SystemView:
    """Read an outside system."""
    return _one(provisioning.systems(work), id, "provisioning system")


@setup.patch("/provisioning-systems/{id}", response_model=SYSTEM)
@may("products:edit")
def change_system(
    work: Work, id: Id, fields: Annotated[Changes, changes(SYSTEM_CHANGES, {"name": "Mail"})], version: Version
) -> SystemView:
    """Change name or connector of an outside system."""
    systems.edit_system(work, id, fields, version=version)
    return _one(provisioning.systems(work), id, "provisioning system")


@setup.delete("/provisioning-systems/{id}", status_code=204)
@may("products:edit")
def remove_system(work: Work, id: Id, version: Version) -> None:
    """Forget an outside system that no product and no account is tied to."""
    systems.delete_system(work, id, version=version)


def _option(work: Work, entity: str) -> ApiOptionView:
    for option in api_options.api_options(work):
        if option.entity == entity:
            return option
    raise NotFound("kind of record")


def _payment_method(work: Work, id: UUID) -> PaymentMethodView:
    return _one(payment_methods.payment_methods(work), id, "payment method")


def _one(views: Sequence[View], id: UUID, what: str) -> View:
    for view in views:
        if view.id == id:
            return view
    raise NotFound(what)
