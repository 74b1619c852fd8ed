"""Create a draft order for an account (ORD-01)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.catalog import fields
from tenantry.crm import history
from tenantry.crm.records import seen_account
from tenantry.database import Row, Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Refused
from tenantry.sales.actions.fit import fit
from tenantry.sales.actions.items import NewItem, write_items
from tenantry.sales.defaults import default_order_type, default_payment_method, today
from tenantry.sales.prices import terms_of
from tenantry.sales.selling import may_buy, may_sell
from tenantry.schema.sales import order
from tenantry.tenancy import custom_fields, numbers, permissions, queries
from tenantry.tenancy.api_options import defaults_for_person

CHOSEN = (
    "payment_method_id",
    "order_type_id",
    "sales_rep_id",
    "contact_id",
    "responsible_user_id",
    "permission_rule_id",
)


@dataclass(frozen=True)
class NewOrder:
    """An order to be made; what is not given comes from the account, its price list, and the tenant's defaults."""

    account_id: UUID
    name: str = ""
    ordered_on: date | None = None
    price_list_id: UUID | None = None
    payment_method_id: UUID | None = None
    order_type_id: UUID | None = None
    sales_rep_id: UUID | None = None
    contact_id: UUID | None = None
    campaign: str = ""
    responsible_user_id: UUID | None = None
    permission_rule_id: UUID | None = None
    custom_fields: Mapping[str, Any] = field(default_factory=dict)
    items: tuple[NewItem, ...] = ()


def create_order(work: Work, new: NewOrder, *, came_by: str = "person") -> UUID:
    """Make a draft with its items, priced on the order date; refused for an account not sold to here (UP-20, DN-31).

    One that comes by the `shop` may be for an account whose reseller buys for it there (DN-30).
    """
    permissions.require(work, "orders:edit")
    buyer = seen_account(work, new.account_id)
    verdict = (may_buy if came_by == "shop" else may_sell)(buyer, live=queries.is_live(work))
    if not verdict:
        raise Refused(verdict)
    on = fields.read({"ordered_on": new.ordered_on}, {"ordered_on": fields.day}, "ORD-01")["ordered_on"] or today(work)
    terms = terms_of(work, buyer, on, new.price_list_id)
    row = {
        "tenant_id": work.tenant_id,
        "id": new_id(),
        "account_id": buyer["id"],
        "bill_to_id": buyer["bill_to_id"],
        "price_list_id": terms.price_list_id,
        "currency": terms.currency,
        "ordered_on": on,
        "came_by": came_by,
        "created_at": work.at,
        **_filled(work, buyer, new, terms.payment_method_id),
    }
    row["number"] = numbers.reserve(work, "order")
    work.connection.execute(sa.insert(order).values(**row))
    write_items(work, row, new.items)
    history.write(work, "order", row["id"], "Order was created")
    return UUID(str(row["id"]))


def _filled(work: Work, buyer: Row, new: NewOrder, its_payment_method: UUID | None) -> dict[str, Any]:
    given = {name: value for name in CHOSEN if (value := getattr(new, name)) is not None}
    words = {"name": new.name or f"Order of {buyer['name']}"[:320], "campaign": new.campaign}
    values = fit(work, buyer["id"], {**words, **given})
    values["custom_fields"] = custom_fields.validate(work, "order", new.custom_fields)
    values.setdefault("payment_method_id", its_payment_method or default_payment_method(work))
    values.setdefault("order_type_id", default_order_type(work))
    user, rule = defaults_for_person(work, "order")
    return {"responsible_user_id": user, "permission_rule_id": rule, **values}
