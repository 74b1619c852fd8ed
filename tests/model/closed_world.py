"""No row of a tenant points at another's: tenants share ids of what was handed over, and nothing else (TEN-02)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

# What says by its meaning which tenant, or which row of another one, it is about.
MARKS = {
    ("account", "managed_by"),
    ("order", "managed_by"),
    ("handover", "taker_id"),
    ("handover_before", "row_tenant_id"),
    ("handover_before", "id"),
    ("history_line", "handover_id"),
    # History stays where the account went back to the other side (DN-34).
    ("history_line", "subject_id"),
    ("tenant_reseller", "reseller_tenant_id"),
    ("tenant", "parent_id"),
    ("tenant", "reseller_account_id"),
}


def require(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Raise AssertionError with every column that holds the id of a row which only another tenant has."""
    own: dict[UUID, set[UUID]] = {}
    for table, found in rows.items():
        for row in found:
            tenant = row["id"] if table == "tenant" else row["tenant_id"]
            own.setdefault(tenant, set()).update({tenant, *([row["id"]] if "id" in row else [])})
    everybodys = set().union(*own.values())
    strays = {
        (table, name, row["id"])
        for table, found in rows.items()
        for row in found
        for name, value in row.items()
        if isinstance(value, UUID) and value in everybodys and (table, name) not in MARKS
        if value not in own[row["id"] if table == "tenant" else row["tenant_id"]]
    }
    assert not strays, sorted({(table, name) for table, name, _ in strays})
