"""Use of API Options: who looks after the records that the system creates, and who sees them (TEN-22)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry.database import Ready, Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Fault, Invalid, NotFound
from tenantry.schema.tenant import api_option, permission_default, permission_rule, tenant, tenant_user
from tenantry.tenancy import audit, records
from tenantry.tenancy.permissions import require

ENTITIES: tuple[str, ...] = tuple(api_option.c.entity.info["values"])
EDITABLE = {"responsible_user_id": tenant_user, "permission_rule_id": permission_rule}


@dataclass(frozen=True)
class ApiOptionView:
    """The options of one kind of record: what was chosen (None: nothing), and what applies after falling back."""

    entity: str
    responsible_user_id: UUID | None
    permission_rule_id: UUID | None
    applied_user_id: UUID
    applied_rule_id: UUID
    version: int


def api_options(work: Work) -> tuple[ApiOptionView, ...]:
    """Give the options of every kind of record, chosen or not."""
    require(work, "setup:view")
    return tuple(_view(work, entity) for entity in ENTITIES)


def edit(work: Work, entity: str, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Choose the responsible user or the permission rule; None falls back. Options never chosen are at version 0."""
    require(work, "setup:edit")
    _check(work, entity, changes)
    o = api_option.c
    start = insert(api_option).values(tenant_id=work.tenant_id, id=new_id(), entity=entity, version=0)
    work.connection.execute(start.on_conflict_do_nothing(index_elements=[o.tenant_id, o.entity]))
    query = sa.select(api_option).where(o.tenant_id == work.tenant_id, o.entity == entity)
    row = work.connection.execute(query.with_for_update(key_share=True)).one()
    records.compare(row.version, version)
    records.write(work, api_option, row.id, changes)
    differences = audit.changed(dict(row._mapping), changes)  # noqa: SLF001 - SQLAlchemy's public name
    audit.note(work, "api_options.edit", f"Changed the API options of {entity}.", row.id, changes=differences)


def defaults_for(work: Work, entity: str) -> tuple[UUID, UUID]:
    """Give the responsible user and the permission rule of a record that the system creates.

    Each on its own: the entity's option, else the account's, else the tenant's admin, or the default rule.
    """
    row = _applied(work, entity)
    return row.applied_user, row.applied_rule


def defaults_for_person(work: Work, entity: str) -> tuple[UUID, UUID]:
    """Give those of a record that a person creates: himself, and the default rule of such records."""
    row = _applied(work, entity)
    return work.actor.id or row.applied_user, row.default_rule


def defaults_of_many(work: Work, entities: Sequence[str]) -> dict[str, tuple[UUID, UUID]]:
    """Give them for several kinds of record in one statement: those of the system, or those of the person."""
    rows = _APPLIED_TO_MANY.all(work.connection, {"tenant": work.tenant_id, "entities": list(entities)})
    person = work.actor.id
    return {
        row["entity"]: (person, row["default_rule"]) if person else (row["applied_user"], row["applied_rule"])
        for row in rows
    }


def _view(work: Work, entity: str) -> ApiOptionView:
    row = _applied(work, entity)
    chosen = (row.responsible_user_id, row.permission_rule_id)
    return ApiOptionView(entity, *chosen, row.applied_user, row.applied_rule, row.version or 0)


def _applied(work: Work, entity: str) -> Any:
    row = _APPLIED.row(work.connection, {"tenant": work.tenant_id, "entity": entity})
    if row is None:
        raise NotFound("tenant")
    return row


def _check(work: Work, entity: str, changes: Mapping[str, Any]) -> None:
    if entity not in ENTITIES:
        raise NotFound("kind of record")
    faults = records.unknown_fields(changes, EDITABLE.keys(), "TEN-22")
    for field, table in EDITABLE.items():
        chosen = changes.get(field)
        if chosen is not None and records.missing(work, table, [chosen]):
            faults.append(Fault(field, "There is no such record here.", "TEN-22", "Choose from the list."))
    if faults:
        raise Invalid(*faults)


_own = api_option.alias("own")
_account = api_option.alias("of_account")
_default_rule = sa.func.coalesce(permission_default.c.rule_id, tenant.c.common_rule_id)


def _options(which: sa.FromClause, entity: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    return sa.and_(which.c.tenant_id == tenant.c.id, which.c.entity == entity)


_said = sa.select(sa.func.unnest(sa.bindparam("entities", type_=sa.ARRAY(sa.Text))).label("entity")).subquery("said")


def _applied_to(entity: sa.ColumnElement[str], source: sa.FromClause, *more: sa.ColumnElement[str]) -> Any:
    options = (_own.c.responsible_user_id, _account.c.responsible_user_id, tenant.c.admin_user_id)
    rules = (_own.c.permission_rule_id, _account.c.permission_rule_id, _default_rule)
    default = sa.and_(permission_default.c.tenant_id == tenant.c.id, permission_default.c.entity == entity)
    return (
        sa.select(
            *more,
            _own.c.responsible_user_id,
            _own.c.permission_rule_id,
            _own.c.version,
            sa.func.coalesce(*options).label("applied_user"),
            sa.func.coalesce(*rules).label("applied_rule"),
            _default_rule.label("default_rule"),
        )
        .select_from(
            source.outerjoin(_own, _options(_own, entity))
            .outerjoin(_account, _options(_account, sa.literal("account")))
            .outerjoin(permission_default, default)
        )
        .where(tenant.c.id == sa.bindparam("tenant"))
    )


_APPLIED = Ready(_applied_to(sa.bindparam("entity", type_=sa.Text), tenant))
_APPLIED_TO_MANY = Ready(_applied_to(_said.c.entity, tenant.join(_said, sa.true()), _said.c.entity))
