"""Plan an update of a tenant reseller's catalogue, look at it, and confirm it by its digest (CAT-20)."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry import jobs
from tenantry.channel.catalogue_updates import tasks
from tenantry.channel.catalogue_updates.applying import ROW, words_of
from tenantry.channel.catalogue_updates.comparing import Asked, compare, digest as digest_of
from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Conflict, Fault, Invalid, NotFound
from tenantry.rules.policy import TenantReseller
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.shop import catalogue_update
from tenantry.tenancy import audit, permissions

RULE = "CAT-20"
MODES = tuple(catalogue_update.c.mode.info["values"])


def plan(work: Work, tenant_reseller_id: UUID, mode: str = "full", *, with_selling_prices: bool = False) -> UUID:
    """Compare the catalogues and keep the differences, to be looked at; nothing is changed yet. Gives its id."""
    permissions.require(work, "tenant_resellers:edit")
    row = _arrangement(work, tenant_reseller_id)
    if mode not in MODES:
        message = f"{mode[:40]!r} is no way to update."
        raise Invalid(Fault("mode", message, RULE, f"Choose one of: {', '.join(MODES)}."))
    asked = Asked(mode, with_selling_prices)
    lines = _lines(work, row, asked)
    id = new_id()
    work.connection.execute(
        sa.insert(catalogue_update).values(
            tenant_id=work.tenant_id,
            id=id,
            tenant_reseller_id=tenant_reseller_id,
            mode=mode,
            with_selling_prices=with_selling_prices,
            digest=digest_of(lines, asked),
            differences=lines,
            created_at=work.at,
        )
    )
    return id


def confirm(work: Work, id: UUID, digest: str) -> None:
    """Let a worker apply what was seen; Conflict when the catalogues have changed since, or nothing differs."""
    permissions.require(work, "tenant_resellers:edit")
    found = work.connection.execute(ROW, {"tenant": work.tenant_id, "id": id}).mappings().first()
    if found is None:
        raise NotFound("catalogue update")
    row = _arrangement(work, found["tenant_reseller_id"])
    found = work.connection.execute(ROW.with_for_update(), {"tenant": work.tenant_id, "id": id}).mappings().one()
    if found["status"] != "planned" or found["actor_id"] is not None:
        said = "outdated" if found["status"] == "outdated" else "confirmed already"
        raise Conflict(f"This update is {said}.", code="update-not-planned", rule=RULE, remedy="Plan another one.")
    if digest != found["digest"]:
        raise Conflict(
            "The digest is not that of the update.",
            code="stale-digest",
            rule=RULE,
            remedy="Look at the differences again and confirm their digest.",
            digest=found["digest"],
        )
    if not any(one["verdict"] != "clash" for one in found["differences"]):
        raise Conflict("Nothing differs.", code="nothing-differs", rule=RULE, remedy="There is nothing to confirm.")
    asked = Asked(found["mode"], found["with_selling_prices"])
    if digest_of(_lines(work, row, asked), asked) != digest:
        raise Conflict(
            "The catalogues were changed since the update was planned.",
            code="stale-plan",
            rule=RULE,
            remedy="Plan it again and look at the new differences.",
        )
    mine = (catalogue_update.c.tenant_id == work.tenant_id, catalogue_update.c.id == id)
    # That somebody confirmed it is told by his id; a program has none of its own.
    by = {"actor_id": work.actor.id or new_id(), "actor": work.actor.name[:320]}
    work.connection.execute(
        sa.update(catalogue_update).where(*mine).values(**by, version=catalogue_update.c.version + 1)
    )
    audit.note(work, "tenant_resellers.update", "Confirmed an update of a tenant's catalogue.", row["id"])
    lock = f"tenant_reseller:{row['id']}"
    jobs.later(work.connection, tasks.UPDATE, lock=lock, tenant=work.tenant_id, update=id)


def _arrangement(work: Work, id: UUID) -> dict[str, Any]:
    query = sa.select(tenant_reseller).where(tenant_reseller.c.tenant_id == work.tenant_id, tenant_reseller.c.id == id)
    row = work.connection.execute(query.with_for_update()).mappings().first()
    if row is None:
        raise NotFound("tenant reseller")
    TenantReseller.require("update_tenant", SimpleNamespace(standing=row["state"], status=""))
    return dict(row)


def _lines(work: Work, row: dict[str, Any], asked: Asked) -> list[dict[str, Any]]:
    with work.across([work.tenant_id, row["reseller_tenant_id"]]) as connection:
        items = compare(connection, words_of(work, row), asked)
    return [line for item in items for line in item.as_data()]
