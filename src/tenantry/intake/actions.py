"""What changes an import: bring a file, map its columns, choose rows, confirm, cancel (CAT-04)."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry import jobs
from tenantry.database import Work
from tenantry.intake import tasks
from tenantry.intake.fields import IGNORED
from tenantry.intake.kinds import kind_of
from tenantry.intake.options import options as options_of
from tenantry.intake.reading import read_file
from tenantry.intake.running import bring_in
from tenantry.intake.stored import change, counts, held, write_rows
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Conflict, Fault, Invalid
from tenantry.schema.intake import import_row, import_run
from tenantry.tenancy import audit, permissions

PLANNED_AT_ONCE = 5_000
RUN_AT_ONCE = 1_000
MOST_CHOSEN = 10_000


def read(work: Work, kind: str, file_name: str, content: bytes, options: Mapping[str, Any] | None = None) -> UUID:
    """Read a file, match its columns by name, and plan it; nothing is brought in yet.

    Gives the import's id. Invalid, with a code, for a file that cannot be read. A file of more than 5,000 rows is
    planned by a worker: its status is `reading` until then.
    """
    permissions.require(work, "imports:edit")
    known = kind_of(kind)
    chosen = options_of(options or {})
    sheet = read_file(content, chosen.reading)
    id = new_id()
    work.connection.execute(
        sa.insert(import_run).values(
            tenant_id=work.tenant_id,
            id=id,
            kind=kind,
            status="reading",
            file_name=_name(file_name),
            format=sheet.format,
            columns=list(sheet.headings),
            mapping=known.match(work, sheet.headings),
            options=chosen.as_data(),
            file_hash=hashlib.sha256(content).hexdigest(),
            counts={"rows": len(sheet.rows)},
            created_by=work.actor.id,
            created_by_name=work.actor.name[:320],
            created_at=work.at,
        )
    )
    write_rows(work, id, sheet.rows)
    if len(sheet.rows) <= PLANNED_AT_ONCE:
        plan(work, id)
    else:
        jobs.later(work.connection, tasks.PLAN, tenant_id=work.tenant_id, import_id=id)
    return id


def map(  # noqa: A001 - the verb of the interface
    work: Work, id: UUID, mapping: Mapping[str, str], defaults: Mapping[str, str] | None = None, **options: object
) -> None:
    """Say by hand which column fills which field (empty: none), and what stands in for empty cells; plans anew."""
    permissions.require(work, "imports:edit")
    run = held(work, id, "reading", "planned")
    wanted = {**run["mapping"], **_mapping(work, run, mapping)}
    given = {**run["options"], **options, **({} if defaults is None else {"defaults": dict(defaults)})}
    chosen = {"mapping": wanted, "options": options_of(given).as_data()}
    change(work, id, **chosen)
    changed: Any = {**run, **chosen}
    kind_of(run["kind"]).plan(work, changed)


def plan(work: Work, id: UUID) -> None:
    """Judge every row anew, since the world may have changed."""
    permissions.require(work, "imports:edit")
    run = held(work, id, "reading", "planned")
    kind_of(run["kind"]).plan(work, run)


def choose(work: Work, id: UUID, lines: Sequence[int], chosen: bool) -> None:  # noqa: FBT001 - the state that the lines get
    """Leave lines out, or take them in again."""
    permissions.require(work, "imports:edit")
    run = held(work, id, "planned")
    if len(lines) > MOST_CHOSEN:
        raise Invalid(Fault("lines", f"At most {MOST_CHOSEN:,} at once.", "CAT-04", "Choose in several steps."))
    mine = (import_row.c.tenant_id == work.tenant_id, import_row.c.import_id == id, import_row.c.line.in_(set(lines)))
    done = work.connection.execute(sa.update(import_row).where(*mine).values(chosen=chosen))
    if done.rowcount != len(set(lines)):
        raise Invalid(Fault("lines", "Some of these lines are not in the file.", "CAT-04", "Name lines of its rows."))
    fresh = None if run["digest"] is None else kind_of(run["kind"]).digest(work, run)
    change(work, id, counts=counts(work, id), digest=fresh)


def confirm(work: Work, id: UUID, digest: str) -> None:
    """Bring in what is ready; the digest names the plan that was seen. More than 1,000 rows are left to a worker."""
    permissions.require(work, "imports:edit")
    run = held(work, id, "planned")
    kind = kind_of(run["kind"])
    permissions.require(work, kind.permission)
    _require_seen(work, run, digest)
    if any(field.startswith("contact") for field in run["mapping"].values()):
        permissions.require(work, "contacts:edit")
    counted = counts(work, id)
    total = counted["ready"] + counted["warning"] - counted["left_out"]
    if not total:
        raise Conflict(
            "No row can be brought in.",
            code="nothing-to-import",
            rule="CAT-04",
            remedy="Look at the reasons, mend the file, and bring it again.",
        )
    by = {"confirmed_by": work.actor.id, "confirmed_by_name": work.actor.name[:320], "confirmed_at": work.at}
    change(work, id, status="running", total=total, done=0, position=0, **by)
    audit.note(work, "imports.confirm", f"Confirmed the import of {run['file_name']}: {total:,} {kind.noun}.", id)
    if total > RUN_AT_ONCE:
        jobs.later(work.connection, tasks.RUN, tenant_id=work.tenant_id, import_id=id)
        return
    more = True
    while more:
        _, _, more = bring_in(work, id)


def cancel(work: Work, id: UUID) -> None:
    """Stop an import; batches that were brought in stay."""
    permissions.require(work, "imports:edit")
    run = held(work, id, "reading", "planned", "running")
    change(work, id, status="cancelled", counts=counts(work, id))
    audit.note(work, "imports.cancel", f"Cancelled the import of {run['file_name']} after {run['done']:,} rows.", id)


def _require_seen(work: Work, run: sa.RowMapping, digest: str) -> None:
    if run["digest"] is None:
        raise Conflict(
            "The import has no plan that could be confirmed.",
            code="no-plan",
            rule="CAT-04",
            remedy="Choose which column holds the name.",
        )
    if digest != run["digest"]:
        raise Conflict(
            "The digest is not that of the plan as it stands.",
            code="stale-digest",
            rule="HND-02",
            remedy="Look at the plan again and confirm its digest.",
            digest=run["digest"],
        )
    if digest != kind_of(run["kind"]).digest(work, run):
        raise Conflict(
            "The set-up was changed since the import was planned.",
            code="stale-plan",
            rule="HND-02",
            remedy="Plan it again and confirm the new digest.",
        )


def _mapping(work: Work, run: sa.RowMapping, mapping: Mapping[str, str]) -> dict[str, str]:
    known = kind_of(run["kind"]).fields(work)
    faults = [
        Fault(f"mapping.{heading[:60]}", "The file has no such column.", "CAT-04", "Name a heading of the file.")
        for heading in mapping
        if heading not in run["columns"]
    ]
    faults += [
        Fault(f"mapping.{heading[:60]}", "There is no such field.", "CAT-04", "Choose a field from the list, or none.")
        for heading, field in mapping.items()
        if field != IGNORED and field not in known
    ]
    filled = [field for field in {**run["mapping"], **mapping}.values() if field != IGNORED]
    faults += [
        Fault("mapping", f"Two columns fill {field}.", "CAT-04", "Choose none for one of them.")
        for field in sorted({field for field in filled if filled.count(field) > 1})
    ]
    if faults:
        raise Invalid(*faults)
    return dict(mapping)


def _name(file_name: str) -> str:
    """Keep the last part of a name, without what no name has."""
    name = PurePath(file_name.replace("\\", "/")).name
    return "".join(one for one in name if one.isprintable())[:200] or "file"
