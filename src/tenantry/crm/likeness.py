"""Likeness: a warning while a person types an account that seems to be there already, never an error (TEN-08)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm.fields import vat
from tenantry.crm.new import NewAccount
from tenantry.database import Work
from tenantry.schema.base import ID
from tenantry.schema.crm import account
from tenantry.tenancy import permissions
from tenantry.tenancy.listing import search

AT_MOST = 5
LABELS = {
    "name": "name",
    "email": "e-mail",
    "accounting_no": "accounting number",
    "vat_number": "VAT number",
}


@dataclass(frozen=True)
class Likeness:
    """An account that has the same value in a field; without an `account_id` it is a doubt about the value itself."""

    field: str
    message: str
    account_id: UUID | None = None
    account_name: str = ""


def likeness(work: Work, new: NewAccount) -> list[Likeness]:
    """Give the accounts that already have this name, e-mail, accounting or VAT number, as far as one may see them."""
    permissions.require(work, "accounts:view")
    typed = {name: str(getattr(new, name) or "").strip()[:320].replace("\0", "") for name in LABELS}
    same = {name: _same(name, value) for name, value in typed.items() if value}
    found = list(_alike(work, same, typed)) if same else []
    if vat.doubtful(typed["vat_number"], new.country):
        found.append(Likeness("vat_number", "The check digit of this VAT number is wrong; is it spelled right?"))
    return found


def _alike(work: Work, same: dict[str, sa.ColumnElement[bool]], typed: dict[str, str]) -> Iterator[Likeness]:
    indexed = [_by_index(work, name, condition, typed[name]) for name, condition in same.items()]
    query = (
        sa.select(account.c.id, account.c.name, *(condition.label(f"same_{name}") for name, condition in same.items()))
        .where(account.c.tenant_id == work.tenant_id, account.c.status != "deleted", sa.or_(*indexed))
        .order_by(account.c.sort_name, account.c.id)
        .limit(AT_MOST)
    )
    if work.actor.readable is not None:
        query = query.where(account.c.permission_rule_id.in_(sorted(work.actor.readable)))
    for row in work.connection.execute(query).mappings():
        for name in same:
            if row[f"same_{name}"]:
                message = f"{row['name']} has this {LABELS[name]} already."
                yield Likeness(name, message, row["id"], row["name"])


def _same(name: str, value: str) -> sa.ColumnElement[bool]:
    if name == "name":
        # As `sort_name` is made, so that the index of the list finds it.
        return account.c.sort_name == sa.func.left(sa.func.normalize(sa.func.lower(value), sa.text("NFKD")), 200)
    if name == "vat_number":
        spelled = {value, value.upper(), value.upper().replace(" ", "")}
        # The index holds those that have one.
        return sa.and_(account.c.vat_number != "", account.c.vat_number.in_(sorted(spelled)))
    column: sa.Column[Any] = account.c[name]
    return sa.func.lower(column) == sa.func.lower(value)


def _by_index(work: Work, name: str, condition: sa.ColumnElement[bool], value: str) -> sa.ColumnElement[bool]:
    """Look up by the search index what it holds; the condition itself decides afterwards."""
    ids = search.candidates(work, account, value) if name in {"email", "accounting_no"} else None
    return condition if ids is None else sa.and_(account.c.id == sa.any_(sa.literal(ids, sa.ARRAY(ID))), condition)
