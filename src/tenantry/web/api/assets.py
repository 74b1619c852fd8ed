"""Assets: one-off purchases that are kept track of (ORD-03)."""

from typing import Annotated

from starlette.requests import Request

from tenantry.database import Work
from tenantry.sales.assets import actions
from tenantry.sales.assets.queries import ASSETS, AssetView, asset_
from tenantry.schema import subscription as bought
from tenantry.web.api.common import Changes, Id, Reason, Version, body, changes, resource
from tenantry.web.api.lists import Listed, Wanted, filters_of, item_of, page, page_of
from tenantry.web.api.shapes import changed, shown
from tenantry.web.http.access import may

EDIT = "subscriptions:edit"
ASSET = shown(
    AssetView,
    bought.asset,
    account="Who has it.",
    bill_to="Who pays.",
    product="What it is.",
    order="The order it came from.",
    number="The order's number.",
    managed_by="The reseller who manages it, as his account here; null when nobody below does.",
    responsible_user="Who looks after it.",
    permission_rule="Who may see and edit it.",
    total="What it cost, before discounts.",
    amount="The amount.",
)
EDITABLE = changed("AssetChanges", bought.asset, "name serial_number responsible_user_id permission_rule_id")

assets = resource("Assets")


@assets.get("/assets", response_model=page_of("Asset", item_of("Asset", ASSETS)), openapi_extra=filters_of(ASSETS))
@may("subscriptions:view")
def list_assets(work: Work, request: Request, wanted: Wanted) -> Listed:
    """List assets, the latest first."""
    return page(work, ASSETS, request, wanted)


@assets.get("/assets/{id}", response_model=ASSET)
@may("subscriptions:view")
def read_asset(work: Work, id: Id) -> AssetView:
    """Read an asset with what may be done with it."""
    return asset_(work, id)


@assets.patch("/assets/{id}", response_model=ASSET)
@may(EDIT)
def change_asset(
    work: Work, id: Id, fields: Annotated[Changes, changes(EDITABLE, {"serial_number": "SN-1"})], version: Version
) -> AssetView:
    """Change name, serial number, responsible user or permission rule of an asset."""
    actions.edit_asset(work, id, fields, version=version)
    return asset_(work, id)


@assets.put("/assets/{id}/return", response_model=ASSET)
@may(EDIT)
def take_back(
    work: Work, id: Id, why: Annotated[Reason, body(Reason, {"because": "Broken"})], version: Version
) -> AssetView:
    """Take an asset back; what was charged for it is given back."""
    actions.take_back(work, id, because=why.because, version=version)
    return asset_(work, id)
