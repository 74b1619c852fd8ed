"""A record's values of the tenant's own fields (TEN-23)."""

from collections.abc import Mapping
from typing import Any

from tenantry.crm.fields.known import OWN_FIELDS
from tenantry.database import Work
from tenantry.kernel.problems import Fault, Invalid
from tenantry.tenancy import custom_fields


class OwnFields:
    """Reads the values of one kind of record, for any number of records."""

    def __init__(self, work: Work, entity: str) -> None:
        self.work = work
        self.entity = entity
        if OWN_FIELDS not in work.known:
            work.known[OWN_FIELDS] = {one.entity for one in custom_fields.custom_fields(work)}
        self.defined = entity in work.known[OWN_FIELDS]

    def read(
        self, values: Mapping[str, Any], before: Mapping[str, Any] | None = None
    ) -> tuple[dict[str, Any], list[Fault]]:
        """Give the values to keep and what is wrong with them."""
        if not self.defined and not values:
            return dict(before or {}), []
        try:
            return dict(custom_fields.validate(self.work, self.entity, values, before=before)), []
        except Invalid as invalid:
            return dict(before or {}), list(invalid.faults)
