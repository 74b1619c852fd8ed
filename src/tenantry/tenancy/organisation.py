"""The organisation itself: its name, and how it writes dates and words (TEN-01)."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import available_timezones

import sqlalchemy as sa
from babel.dates import format_date

from tenantry.database import Work
from tenantry.kernel import iso
from tenantry.kernel.problems import Fault, Invalid
from tenantry.schema.tenant import tenant
from tenantry.tenancy import audit, queries, records
from tenantry.tenancy.permissions import require
from tenantry.tenancy.users import language_faults

LETTERHEAD = ("street", "postcode", "city", "vat_number", "email", "phone", "website")
EDITABLE = frozenset({"name", *LETTERHEAD, "country", "language", "time_zone", "date_format", "billing_day"})
LAST_BILLING_DAY = 28


def edit(work: Work, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Change its name, what its documents say, how it writes, its billing day; what it is and whose stays for ever."""
    require(work, "setup:edit")
    changes = records.trimmed(changes)
    _check(changes)
    lock = sa.select(tenant.c.id).where(tenant.c.id == work.tenant_id).with_for_update(key_share=True)
    work.connection.execute(lock)
    before = queries.tenant(work)
    records.compare(before.version, version)
    work.connection.execute(
        sa.update(tenant).values(version=tenant.c.version + 1, **changes).where(tenant.c.id == work.tenant_id)
    )
    differences = audit.changed({field: getattr(before, field) for field in changes}, changes)
    audit.note(work, "organisation.edit", "Changed the organisation.", work.tenant_id, changes=differences)


def _check(values: Mapping[str, Any]) -> None:
    faults = records.unknown_fields(values, EDITABLE, "TEN-01")
    if "name" in values:
        faults += records.text_fault("name", values["name"], "TEN-01", longest=320)
    for name in LETTERHEAD:
        faults += records.text_fault(name, values.get(name, ""), "TEN-01", longest=320, needed=False)
    if values.get("country", "") not in {"", *iso.countries()}:
        faults.append(Fault("country", "There is no such country.", "TEN-30", "Give an ISO 3166-1 code such as GR."))
    if "language" in values:
        faults += language_faults(values["language"])
    if "time_zone" in values and values["time_zone"] not in available_timezones():
        faults.append(Fault("time_zone", "There is no such time zone.", "TEN-01", "Give one like Europe/Athens."))
    if values.get("date_format") and not _writes_a_date(values["date_format"]):
        faults.append(
            Fault("date_format", "This writes no date.", "TEN-01", "Give d, M and y, such as dd/MM/yyyy, or nothing.")
        )
    if "billing_day" in values:
        day = values["billing_day"]
        if not isinstance(day, int) or isinstance(day, bool) or not 1 <= day <= LAST_BILLING_DAY:
            faults.append(Fault("billing_day", "Not a day that every month has.", "TEN-01", "Give 1 to 28."))
    if faults:
        raise Invalid(*faults)


def _writes_a_date(pattern: object) -> bool:
    """Say whether a CLDR pattern tells the days of a year apart, and holds nothing but a date."""
    if not isinstance(pattern, str) or len(pattern) > 40 or set(pattern) - set("dMyEL .,/-'’"):  # noqa: PLR2004
        return False
    days = (date(2026, 1, 2), date(2026, 2, 1), date(2027, 1, 2), date(2026, 1, 12))
    try:
        written = {format_date(day, pattern, locale="en") for day in days}
    except (ValueError, AttributeError, KeyError):
        return False
    return len(written) == len(days)
