"""Addresses of an account: add, edit, delete, choose the billing one, put in order (UP-03, UP-14, DN-23)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm import history, messages
from tenantry.crm.fields import reading
from tenantry.crm.new import NewAddress
from tenantry.crm.records import Row, governed, held_account, held_address
from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Fault, Invalid
from tenantry.rules.policy import Account, Address
from tenantry.schema.base import ID
from tenantry.schema.crm import address
from tenantry.tenancy import permissions, queries, records

MOST = 1000


def add_address(work: Work, account_id: UUID, new: NewAddress) -> UUID:
    """Give an account another address; the first one of an account that nobody else manages is its billing address."""
    permissions.require(work, "accounts:edit")
    owner, live = held_account(work, account_id), queries.is_live(work)
    Account.require("add_address", governed(owner), live=live)
    values, faults = reading.address({name: value for name, value in new.given().items() if name != "is_billing"})
    others = _addresses(work, account_id)
    if len(others) >= MOST:
        faults.append(
            Fault("addresses", f"It has {MOST:,} addresses.", remedy="Delete some first.", code="too-many-addresses")
        )
    if faults:
        raise Invalid(*faults)
    managed_elsewhere = bool(Account.locks(governed(owner), live=live))
    billing = new.is_billing or (not others and not managed_elsewhere)
    if billing:
        _unseat(work, others)
    id_ = new_id()
    row = {"tenant_id": work.tenant_id, "id": id_, "account_id": account_id, "created_at": work.at, **values}
    place = max((one["position"] for one in others), default=-1) + 1
    work.connection.execute(sa.insert(address), [row | {"position": place, "is_billing": billing}])
    history.write(work, "account", account_id, f"Address {_called(values)} was added")
    if billing:
        messages.account_changed(work, account_id)
    return id_


def edit_address(work: Work, address_id: UUID, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Change fields of an address; those of one that the reseller manages are refused."""
    permissions.require(work, "accounts:edit")
    owner, row = held_address(work, address_id, version)
    Account.require("edit", governed(owner), live=queries.is_live(work))
    Address.require("edit", governed(row))
    values, faults = reading.address(changes, before=row)
    if faults:
        raise Invalid(*faults)
    changed = history.edits(row, values)
    if not changed:
        return
    records.write(work, address, address_id, {name: values[name] for name in changed})
    history.write(work, "account", row["account_id"], f"Address {_called(row)} was edited", changes=changed)
    if row["is_billing"]:
        messages.account_changed(work, row["account_id"])


def delete_address(work: Work, address_id: UUID, *, version: int | None = None) -> None:
    """Delete an address; when it was the billing one, the first of the others becomes it."""
    permissions.require(work, "accounts:edit")
    owner, row = held_address(work, address_id, version)
    Account.require("edit", governed(owner), live=queries.is_live(work))
    Address.require("delete", governed(row))
    records.remove(work, address, address.c.id == address_id)
    history.write(work, "account", row["account_id"], f"Address {_called(row)} was deleted")
    if row["is_billing"]:
        others = _addresses(work, row["account_id"])
        if others:
            _seat(work, others[0])
        messages.account_changed(work, row["account_id"])


def make_billing(work: Work, address_id: UUID, *, version: int | None = None) -> None:
    """Make an address the billing one; refused while the reseller says which one that is."""
    permissions.require(work, "accounts:edit")
    owner, row = held_address(work, address_id, version)
    Account.require("edit", governed(owner), live=queries.is_live(work))
    Address.require("make_billing", governed(row))
    if row["is_billing"]:
        return
    _unseat(work, _addresses(work, row["account_id"]))
    _seat(work, row)
    messages.account_changed(work, row["account_id"])


def reorder(work: Work, account_id: UUID, order: Sequence[UUID]) -> None:
    """Put the addresses of an account in this order; the first one is where its country is read from (DN-23)."""
    permissions.require(work, "accounts:edit")
    owner = held_account(work, account_id)
    Account.require("edit", governed(owner), live=queries.is_live(work))
    rows = _addresses(work, account_id)
    if len(order) != len(rows) or set(order) != {row["id"] for row in rows}:
        wrong = "These are not the addresses of the account, each once."
        raise Invalid(Fault("order", wrong, remedy="Read them again and name each one.", code="not-all-of-them"))
    moved = {row["id"]: order.index(row["id"]) for row in rows if row["position"] != order.index(row["id"])}
    if not moved:
        return
    places = sa.select(
        sa.func.unnest(sa.literal(list(moved), sa.ARRAY(ID))).label("id"),
        sa.func.unnest(sa.literal(list(moved.values()), sa.ARRAY(sa.Integer))).label("place"),
    ).subquery("places")
    work.connection.execute(
        sa.update(address)
        .values(position=places.c.place, version=address.c.version + 1)
        .where(address.c.tenant_id == work.tenant_id, address.c.id == places.c.id)
    )
    history.write(work, "account", account_id, "Addresses were put in another order")


def _addresses(work: Work, account_id: UUID) -> list[Row]:
    """Load and lock an account's addresses, the first one first."""
    query = (
        sa.select(address)
        .where(address.c.tenant_id == work.tenant_id, address.c.account_id == account_id)
        .order_by(address.c.position, address.c.created_at, address.c.id)
    )
    return [dict(row) for row in work.connection.execute(query.with_for_update(key_share=True)).mappings()]


def _unseat(work: Work, rows: Sequence[Row]) -> None:
    """Take the mark off the billing address, unless it is the reseller's (UP-03)."""
    for row in rows:
        if row["is_billing"]:
            Address.require_unlocked(governed(row), ["is_billing"])
            records.write(work, address, row["id"], {"is_billing": False})


def _seat(work: Work, row: Row) -> None:
    records.write(work, address, row["id"], {"is_billing": True})
    history.write(work, "account", row["account_id"], f"Address {_called(row)} became the billing address")


def _called(row: Mapping[str, Any]) -> str:
    parts = (row.get("name"), row.get("street"), row.get("city"))
    return next((f"{part}" for part in parts if part), "without a name")
