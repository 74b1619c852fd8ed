"""Edit what of a subscription costs nothing: its name, who looks after it, its own fields (UP-33)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from tenantry.catalog import fields
from tenantry.catalog.records import require_known
from tenantry.crm import history
from tenantry.database import Work
from tenantry.sales.actions.fit import own_fields
from tenantry.sales.subscriptions.opening import opened
from tenantry.sales.subscriptions.records import change
from tenantry.schema.tenant import permission_rule, tenant_user
from tenantry.tenancy import custom_fields

READERS: dict[str, fields.Reader] = {
    "name": fields.text(needed=True),
    "responsible_user_id": fields.needed(fields.reference),
    "permission_rule_id": fields.needed(fields.reference),
    "custom_fields": own_fields,
}


def edit_subscription(work: Work, id: UUID, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Change fields of a subscription and say so in its history, field by field."""
    held = opened(work, id, "edit", version)
    given = fields.read(changes, READERS, "UP-33")
    require_known(work, tenant_user, "responsible_user_id", given.get("responsible_user_id"), "user")
    require_known(work, permission_rule, "permission_rule_id", given.get("permission_rule_id"), "permission rule")
    if "custom_fields" in given:
        before = held.row["custom_fields"]
        given["custom_fields"] = custom_fields.validate(work, "subscription", given["custom_fields"], before=before)
    values = {name: value for name, value in given.items() if held.row[name] != value}
    if values:
        change(work, held, **values)
        sentence = "Subscription was edited"
        history.write(work, "subscription", id, sentence, changes=history.edits(dict(held.row), values))
