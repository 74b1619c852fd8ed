"""Terms documents: what a buyer has to accept, edition by edition (SF-02)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.catalog import fields
from tenantry.catalog.records import held
from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Conflict, Fault, Invalid
from tenantry.schema.catalog import product, terms_document
from tenantry.schema.shop import terms_acceptance
from tenantry.tenancy import audit, permissions
from tenantry.tenancy.records import write

RULE = "SF-02"
FIELDS: dict[str, fields.Reader] = {
    "name": fields.text(needed=True),
    "edition": fields.text(needed=True),
    "body": fields.text(20_000, needed=True),
    "active": fields.flag,
}


@dataclass(frozen=True)
class NewTermsDocument:
    """A document to be accepted, in one edition."""

    name: str
    edition: str
    body: str
    active: bool = True


def create_terms_document(work: Work, new: NewTermsDocument) -> UUID:
    """Make a document, or a new edition of one."""
    permissions.require(work, "products:edit")
    values = fields.read(asdict(new), FIELDS, RULE)
    _require_free(work, values, None)
    id = new_id()
    work.connection.execute(
        sa.insert(terms_document).values(tenant_id=work.tenant_id, id=id, created_at=work.at, **values)
    )
    audit.note(work, "terms.create", f"Made {values['name']}, {values['edition']}.", id)
    return id


def edit_terms_document(work: Work, id: UUID, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Change a document; what somebody accepted stays as he read it, and only its use can be ended."""
    permissions.require(work, "products:edit")
    row = held(work, terms_document, id, "terms document", version)
    values = fields.read(changes, FIELDS, RULE)
    changed = {name: value for name, value in values.items() if row[name] != value}
    if changed.keys() - {"active"} and _accepted(work, id):
        raise Conflict(
            "Somebody accepted this edition, so its words stay as they are.",
            code="terms-accepted",
            rule=RULE,
            remedy="Make a new edition, and ask for that one.",
        )
    _require_free(work, {**row, **values}, id)
    if changed:
        write(work, terms_document, id, changed)
        audit.note(work, "terms.edit", f"Changed {row['name']}, {row['edition']}.", id, fields=sorted(changed))


def delete_terms_document(work: Work, id: UUID, *, version: int | None = None) -> None:
    """Delete an edition that no product asks for and nobody accepted."""
    permissions.require(work, "products:edit")
    row = held(work, terms_document, id, "terms document", version)
    asked = sa.exists().where(product.c.tenant_id == work.tenant_id, product.c.terms_document_id == id)
    if _accepted(work, id) or work.connection.scalar(sa.select(asked)):
        raise Conflict(
            "A product asks for this edition, or somebody accepted it.",
            code="terms-in-use",
            rule=RULE,
            remedy="End its use instead: set active to no.",
        )
    mine = (terms_document.c.tenant_id == work.tenant_id, terms_document.c.id == id)
    work.connection.execute(sa.delete(terms_document).where(*mine))
    audit.note(work, "terms.delete", f"Deleted {row['name']}, {row['edition']}.", id)


def _accepted(work: Work, id: UUID) -> bool:
    mine = (terms_acceptance.c.tenant_id == work.tenant_id, terms_acceptance.c.document_id == id)
    return bool(work.connection.scalar(sa.select(sa.exists().where(*mine))))


def _require_free(work: Work, values: Mapping[str, Any], id: UUID | None) -> None:
    c = terms_document.c
    same = sa.exists().where(
        c.tenant_id == work.tenant_id,
        c.name == values["name"],
        c.edition == values["edition"],
        c.id.is_distinct_from(id),
    )
    if work.connection.scalar(sa.select(same)):
        message = f"There is an edition {values['edition'][:60]} of it already."
        raise Invalid(Fault("edition", message, RULE, "Name the edition otherwise."))
