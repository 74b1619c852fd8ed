"""What the fields of an offer may say."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.catalog import fields
from tenantry.catalog.records import require_known
from tenantry.database import Row, Work
from tenantry.kernel.problems import Fault, Invalid
from tenantry.schema.crm import contact
from tenantry.schema.tenant import permission_rule, tenant_user

RULE = "ORD-04"
READERS: dict[str, fields.Reader] = {
    "name": fields.text(needed=True),
    "offered_on": fields.needed(fields.day),
    "valid_until": fields.day,
    "note": fields.text(20_000),
    "contact_id": fields.reference,
    "responsible_user_id": fields.needed(fields.reference),
    "permission_rule_id": fields.needed(fields.reference),
}


def read(work: Work, account_id: UUID, given: Mapping[str, Any], before: Row | None = None) -> dict[str, Any]:
    """Read the fields that are given; raises Invalid where they cannot stand with those that were there before."""
    values = fields.read(given, READERS, RULE)
    for name, table, what in (
        ("responsible_user_id", tenant_user, "user"),
        ("permission_rule_id", permission_rule, "permission rule"),
    ):
        require_known(work, table, name, values.get(name), what)
    its = (contact.c.tenant_id == work.tenant_id, contact.c.account_id == account_id)
    if values.get("contact_id") and not work.connection.scalar(
        sa.select(sa.exists().where(*its, contact.c.id == values["contact_id"]))
    ):
        message = "The account has no such contact."
        raise Invalid(Fault("contact_id", message, RULE, "Choose a contact of the account, or none."))
    whole = {**(before or {}), **values}
    if whole.get("valid_until") and whole["valid_until"] < whole["offered_on"]:
        raise Invalid(Fault("valid_until", "It ends before its own day.", RULE, "Give a later day, or none."))
    return values
