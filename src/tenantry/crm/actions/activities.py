"""Activities: e-mails, tasks, events, documents and cases about a record, open until they are done (TEN-25, UP-22)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm import defaults, history
from tenantry.crm.fields import known, reading
from tenantry.crm.new import NewActivity
from tenantry.crm.records import Row, held_activity, require_owned
from tenantry.crm.subjects import TABLES, may_note, subject
from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Fault, Invalid, Refused
from tenantry.schema.crm import activity
from tenantry.tenancy import permissions, records

KINDS = {"email": "E-mail", "task": "Task", "event": "Event", "document": "Document", "case": "Case"}


def add_activity(work: Work, new: NewActivity) -> UUID:
    """Relate an activity to a record; gives its id."""
    permissions.require(work, "activities:edit")
    if new.about not in TABLES:
        remedy = f"Choose one of: {', '.join(TABLES)}."
        raise Invalid(Fault("about", "An activity cannot be about that.", "TEN-25", remedy))
    about = subject(work, new.about, new.about_id)
    given = {name: value for name, value in new.given().items() if name not in {"about", "about_id"}}
    values, faults = reading.activity(defaults.access(work, "activity") | given, known(work))
    if faults:
        raise Invalid(*faults)
    _require(work, new.about, new.about_id, values["kind"])
    id_ = new_id()
    row = {
        "about": new.about,
        "about_id": new.about_id,
        "account_id": about.account_id,
        "created_at": work.at,
        **values,
    }
    work.connection.execute(sa.insert(activity), [{"tenant_id": work.tenant_id, "id": id_, **row}])
    history.write(work, "activity", id_, f"{KINDS[values['kind']]} was created")
    history.write(work, new.about, new.about_id, f"{KINDS[values['kind']]} was added")
    return id_


def edit_activity(work: Work, activity_id: UUID, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Change fields of an activity."""
    row = _held(work, activity_id, version)
    values, faults = reading.activity(changes, known(work), before=row)
    if faults:
        raise Invalid(*faults)
    changed = history.edits(row, values)
    if not changed:
        return
    if "permission_rule_id" in changed:
        require_owned(work, row)
    records.write(work, activity, activity_id, {name: values[name] for name in changed})
    history.write(work, "activity", activity_id, f"{KINDS[row['kind']]} was edited", changes=changed)


def finish(work: Work, activity_id: UUID, *, version: int | None = None) -> None:
    """Mark an activity as done; once more changes nothing."""
    _become(work, activity_id, "done", version)


def reopen(work: Work, activity_id: UUID, *, version: int | None = None) -> None:
    """Mark an activity as open again."""
    _become(work, activity_id, "open", version)


def delete_activity(work: Work, activity_id: UUID, *, version: int | None = None) -> None:
    """Delete an activity; its record's history keeps a line."""
    row = _held(work, activity_id, version)
    require_owned(work, row)
    records.remove(work, activity, activity.c.id == activity_id)
    history.write(work, row["about"], row["about_id"], f"{KINDS[row['kind']]} was deleted")


def _held(work: Work, activity_id: UUID, version: int | None) -> Row:
    permissions.require(work, "activities:edit")
    row = held_activity(work, activity_id, version)
    _require(work, row["about"], row["about_id"], row["kind"])
    return row


def _require(work: Work, about: str, about_id: UUID, kind: str) -> None:
    """Raise Refused when the record is only read, so what belongs to it is too."""
    verdict = may_note(work, about, about_id, kind)
    if not verdict:
        raise Refused(verdict)


def _become(work: Work, activity_id: UUID, status: str, version: int | None) -> None:
    row = _held(work, activity_id, version)
    if row["status"] == status:
        return
    records.write(work, activity, activity_id, {"status": status})
    history.write(work, "activity", activity_id, f"{KINDS[row['kind']]} is {status}")
