"""Who is named on the documents of a sale: the seller's own address, and the buyer's and the payer's (ORD-02)."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.schema.crm import account, address


@dataclass(frozen=True)
class PartyView:
    """An account as a document names it, with its billing address, else its first."""

    name: str
    vat_number: str
    street: str
    street_2: str
    postcode: str
    city: str
    state: str
    country: str


def parties(work: Work, *ids: UUID) -> dict[UUID, PartyView]:
    """Give the accounts that a document names, by id."""
    found = work.connection.execute(_PARTIES, {"tenant": work.tenant_id, "ids": list(set(ids))}).mappings()
    names = PartyView.__dataclass_fields__
    return {row["id"]: PartyView(**{name: row[name] or "" for name in names}) for row in found}


_where = (
    sa.select(*(address.c[name] for name in ("street", "street_2", "postcode", "city", "state", "country")))
    .where(address.c.tenant_id == account.c.tenant_id, address.c.account_id == account.c.id)
    .order_by(address.c.is_billing.desc(), address.c.position, address.c.created_at, address.c.id)
    .limit(1)
    .lateral("its")
)
_PARTIES = (
    sa.select(account.c.id, account.c.name, account.c.vat_number, *_where.c)
    .select_from(account.outerjoin(_where, sa.true()))
    .where(account.c.tenant_id == sa.bindparam("tenant"), account.c.id == sa.any_(sa.bindparam("ids")))
)
