"""Read the fields of an order that a person fills in, and see that what they refer to is there (ORD-01)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.catalog import fields
from tenantry.catalog.records import require_known
from tenantry.database import Work
from tenantry.kernel.problems import Fault, Invalid
from tenantry.schema.catalog import payment_method
from tenantry.schema.crm import contact
from tenantry.schema.sales import order_status, order_type
from tenantry.schema.tenant import permission_rule, tenant_user


def own_fields(value: object) -> dict[str, Any]:
    """Read values by name; what they may be, the set-up says (TEN-23)."""
    if not isinstance(value, Mapping):
        raise fields.Unfit("This is not a set of values by name.", "Give them by name.")
    return dict(value)


READERS: dict[str, fields.Reader] = {
    "name": fields.text(needed=True),
    "ordered_on": fields.needed(fields.day),
    "price_list_id": fields.reference,
    "payment_method_id": fields.reference,
    "order_type_id": fields.reference,
    "order_status_id": fields.reference,
    "sales_rep_id": fields.reference,
    "contact_id": fields.reference,
    "campaign": fields.text(),
    "responsible_user_id": fields.needed(fields.reference),
    "permission_rule_id": fields.needed(fields.reference),
    "custom_fields": own_fields,
}
REFERS_TO: dict[str, tuple[sa.Table, str]] = {
    "payment_method_id": (payment_method, "payment method"),
    "order_type_id": (order_type, "order type"),
    "order_status_id": (order_status, "order status"),
    "sales_rep_id": (tenant_user, "user"),
    "responsible_user_id": (tenant_user, "user"),
    "permission_rule_id": (permission_rule, "permission rule"),
}


def fit(work: Work, account_id: UUID, given: Mapping[str, Any]) -> dict[str, Any]:
    """Give the values as the columns hold them; Invalid names what does not fit."""
    values = fields.read(given, READERS, "ORD-01")
    for name, (table, what) in REFERS_TO.items():
        require_known(work, table, name, values.get(name), what)
    if values.get("contact_id"):
        _require_its_contact(work, account_id, values["contact_id"])
    return values


def _require_its_contact(work: Work, account_id: UUID, id: UUID) -> None:
    its = (contact.c.tenant_id == work.tenant_id, contact.c.account_id == account_id, contact.c.id == id)
    if not work.connection.scalar(sa.select(sa.exists().where(*its))):
        message = "The account has no such contact."
        raise Invalid(Fault("contact_id", message, "ORD-01", "Choose a contact of the account, or none."))
