"""Read updates of catalogues: the log of a tenant reseller, and one with its differences (CAT-20)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.channel.catalogue_updates.applying import ROW, summary
from tenantry.database import Work
from tenantry.kernel.problems import NotFound
from tenantry.schema.shop import catalogue_update
from tenantry.tenancy import permissions

KEPT = 50


@dataclass(frozen=True)
class Difference:
    """A field of a row that differs, with the rule that decides it; a whole row has no field."""

    part: str
    what: str
    verdict: str
    field: str
    before: str
    after: str
    rule: str
    why: str


@dataclass(frozen=True)
class CatalogueUpdateView:
    """An update of a catalogue; `state` is planned, confirmed, applied or outdated."""

    id: UUID
    tenant_reseller_id: UUID
    mode: str
    with_selling_prices: bool
    state: str
    digest: str
    summary: str
    actor: str
    created_at: datetime
    applied_at: datetime | None
    version: int
    differences: Sequence[Difference]


def update_(work: Work, id: UUID) -> CatalogueUpdateView:
    """Give an update with its differences."""
    permissions.require(work, "tenant_resellers:view")
    row = work.connection.execute(ROW, {"tenant": work.tenant_id, "id": id}).mappings().first()
    if row is None:
        raise NotFound("catalogue update")
    return _view(dict(row))


def updates(work: Work, tenant_reseller_id: UUID) -> list[CatalogueUpdateView]:
    """Give the latest updates of a tenant reseller, the latest first."""
    permissions.require(work, "tenant_resellers:view")
    c = catalogue_update.c
    query = (
        sa.select(catalogue_update)
        .where(c.tenant_id == work.tenant_id, c.tenant_reseller_id == tenant_reseller_id)
        .order_by(c.created_at.desc(), c.id.desc())
        .limit(KEPT)
    )
    return [_view(dict(row)) for row in work.connection.execute(query).mappings()]


def _view(row: Mapping[str, Any]) -> CatalogueUpdateView:
    names = "id tenant_reseller_id mode with_selling_prices digest actor created_at applied_at version"
    confirmed = row["status"] == "planned" and row["actor_id"] is not None
    shown = Difference.__dataclass_fields__
    return CatalogueUpdateView(
        **{name: row[name] for name in names.split()},
        state="confirmed" if confirmed else row["status"],
        summary=summary(row["differences"]),
        differences=[Difference(**{name: one[name] for name in shown}) for one in row["differences"]],
    )
