"""The set-up: organisation, currencies, API options, custom fields, payment methods, order types, outside systems."""

from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from tenantry.database import Work
from tenantry.kernel.problems import NotFound
from tenantry.schema import tenant as t
from tenantry.tenancy import api_options, currencies, custom_fields, organisation, queries
from tenantry.tenancy.api_options import ApiOptionView
from tenantry.tenancy.currencies import CurrencyView
from tenantry.tenancy.custom_fields import FieldView, NewField
from tenantry.tenancy.queries import TenantView
from tenantry.web.api.common import Changes, Id, Version, body, changes, resource
from tenantry.web.api.lists import Wanted, page_of
from tenantry.web.api.shapes import changed, shown, taken
from tenantry.web.api.short_lists import one_of, whole
from tenantry.web.api.values import Words
from tenantry.web.http.access import ANYBODY_SIGNED_IN, may
from tenantry.web.http.answers import Linked, Made

TENANT = shown(TenantView, t.tenant, currencies="Currencies that are activated.")
TENANT_FIELDS = """name street postcode city country vat_number email phone website
    language time_zone date_format billing_day"""
TENANT_CHANGES = changed("TenantChanges", t.tenant, TENANT_FIELDS)
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

Code = Annotated[Words, Path(description="ISO 4217 code of the currency.")]
Entity = Annotated[Words, Path(description="Kind of record: account, contact, order, subscription or asset.")]

setup = resource("Set-up")


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
    return Made(one_of(custom_fields.custom_fields(work), id, "custom field"), f"/api/v1/custom-fields/{id}")


@setup.get("/custom-fields/{id}", response_model=CUSTOM_FIELD)
@may(ANYBODY_SIGNED_IN)
def read_custom_field(work: Work, id: Id) -> FieldView:
    """Read a custom field."""
    return one_of(custom_fields.custom_fields(work), id, "custom field")


@setup.patch("/custom-fields/{id}", response_model=CUSTOM_FIELD)
@may("setup:edit")
def change_custom_field(
    work: Work, id: Id, fields: Annotated[Changes, changes(CustomFieldChanges, {"label": "Segment"})], version: Version
) -> FieldView:
    """Change how a field is shown and what it demands; values that records have already stay as they are."""
    custom_fields.edit(work, id, fields, version=version)
    return one_of(custom_fields.custom_fields(work), id, "custom field")


@setup.delete("/custom-fields/{id}", status_code=204)
@may("setup:edit")
def remove_custom_field(work: Work, id: Id) -> None:
    """Delete a field; records keep what they hold under its name, though nobody sees it any more."""
    custom_fields.delete(work, id)


def _option(work: Work, entity: str) -> ApiOptionView:
    for option in api_options.api_options(work):
        if option.entity == entity:
            return option
    raise NotFound("kind of record")
