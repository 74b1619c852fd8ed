"""Read assets: the list, and one with what may be done with it (API-07)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm.records import may
from tenantry.database import Row, Work
from tenantry.database.joins import leads_to, manages
from tenantry.kernel.money import Money
from tenantry.kernel.problems import NotFound, Verdict
from tenantry.rules.policy import Asset
from tenantry.sales.assets.records import governed
from tenantry.sales.queries import Named, NumberedOrder, managed_by, order_of
from tenantry.sales.ribbons import ribbon
from tenantry.schema.catalog import product
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account
from tenantry.schema.sales import order
from tenantry.schema.subscription import asset
from tenantry.schema.tenant import permission_rule, tenant_user
from tenantry.tenancy import permissions, queries
from tenantry.tenancy.listing import Column, Listing


@dataclass(frozen=True)
class AssetView:
    """An asset, as its page shows it."""

    id: UUID
    name: str
    status: str
    quantity: int
    unit_price: Money
    total: Money
    bought_on: date
    serial_number: str
    account: Named
    bill_to: Named
    product: Named
    order: NumberedOrder | None
    responsible_user: Named | None
    permission_rule: Named | None
    created_at: datetime
    standing: str
    version: int
    managed_by: Named | None
    ribbon: str | None
    actions: Mapping[str, Verdict]
    locked_fields: Mapping[str, Verdict]


bill_to = account.alias("bill_to")
reseller = account.alias("reseller")
responsible = tenant_user.alias("responsible")
LINKED = ("account", "bill_to", "product", "responsible_user", "permission_rule")
STATUSES = {"active": "Active", "returned": "Returned", "cancelled": "Cancelled"}


ASSETS = Listing(
    name="assets",
    permission="subscriptions:view",
    table=asset,
    columns=(
        Column("id", asset.c.id, "Id", "ref", filterable=False),
        Column("name", asset.c.name, "Name", sortable=True, shown=True, folded=asset.c.sort_name),
        Column("account_id", asset.c.account_id, "Account id", "ref"),
        Column("account", account.c.name, "Account", filterable=False, shown=True),
        Column("product_id", asset.c.product_id, "Product id", "ref"),
        Column("product", product.c.name, "Product", filterable=False, shown=True),
        Column("order_id", asset.c.order_id, "Order id", "ref"),
        Column("status", asset.c.status, "Status", "choice", shown=True, choices=STATUSES),
        Column("quantity", asset.c.quantity, "Quantity", "number", shown=True),
        Column("unit_price", asset.c.unit_price, "Unit price", "money", shown=True),
        Column("currency", asset.c.currency, "Currency"),
        Column("serial_number", asset.c.serial_number, "Serial number"),
        Column("bought_on", asset.c.bought_on, "Bought", "date", sortable=True, shown=True),
        Column("standing", asset.c.standing, "Standing"),
        Column("created_at", asset.c.created_at, "Made", "moment", sortable=True),
        Column("version", asset.c.version, "Version", "number", filterable=False),
    ),
    sort="-created_at",
    rule=asset.c.permission_rule_id,
    joins={account: leads_to(asset, "account_id", account), product: leads_to(asset, "product_id", product)},
    search=asset,
)
ASSET = (
    sa.select(
        asset,
        account.c.name.label("account_name"),
        account.c.standing.label("account_standing"),
        bill_to.c.name.label("bill_to_name"),
        product.c.name.label("product_name"),
        order.c.name.label("order_name"),
        order.c.number.label("order_number"),
        responsible.c.name.label("responsible_user_name"),
        permission_rule.c.name.label("permission_rule_name"),
        reseller.c.id.label("reseller_id"),
        reseller.c.name.label("reseller_name"),
    )
    .join(account, leads_to(asset, "account_id", account))
    .join(bill_to, leads_to(asset, "bill_to_id", bill_to))
    .join(product, leads_to(asset, "product_id", product))
    .outerjoin(order, leads_to(asset, "order_id", order))
    .join(responsible, leads_to(asset, "responsible_user_id", responsible))
    .join(permission_rule, leads_to(asset, "permission_rule_id", permission_rule))
    .outerjoin(tenant_reseller, manages(tenant_reseller, asset))
    .outerjoin(reseller, sa.and_(reseller.c.tenant_id == asset.c.tenant_id, reseller.c.id == tenant_reseller.c.id))
    .where(asset.c.tenant_id == sa.bindparam("tenant"), asset.c.id == sa.bindparam("id"))
)


def asset_(work: Work, id: UUID) -> AssetView:
    """Give an asset; NotFound for one that the actor may not see."""
    permissions.require(work, "subscriptions:view")
    row = work.connection.execute(ASSET, {"tenant": work.tenant_id, "id": id}).mappings().first()
    if row is None or not may(work.actor.readable, row["permission_rule_id"]):
        raise NotFound("asset")
    live = queries.is_live(work)
    record = governed(dict(row), row["account_standing"])
    plain = "id name status quantity bought_on serial_number created_at standing version".split()
    return AssetView(
        **{name: row[name] for name in plain},
        **_links(row),
        order=order_of(row),
        managed_by=managed_by(row),
        unit_price=Money(row["unit_price"], row["currency"]),
        total=Money(row["unit_price"] * row["quantity"], row["currency"]),
        ribbon=ribbon("marked", row["reseller_name"]) if row["standing"] == "mirrored" else None,
        actions=Asset.offers(record, live=live),
        locked_fields=Asset.locks(record, live=live),
    )


def _links(row: Row) -> dict[str, Any]:
    return {name: Named(row[f"{name}_id"], row[f"{name}_name"]) if row[f"{name}_id"] else None for name in LINKED}
