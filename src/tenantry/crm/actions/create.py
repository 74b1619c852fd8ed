"""Make accounts, one or ten thousand, each with its addresses and contacts (TEN-08)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm import defaults, history, messages, payers
from tenantry.crm.custom import OwnFields
from tenantry.crm.fields import Known, forms, known, reading
from tenantry.crm.new import NewAccount
from tenantry.database import Ready, Work, rows
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Fault, Invalid
from tenantry.schema.base import AT, ID
from tenantry.schema.crm import account, address, contact
from tenantry.tenancy import numbers, permissions, queries


@dataclass
class ReadAccount:
    """A new account as it would be written, and what is wrong with it."""

    account: dict[str, Any]
    addresses: list[dict[str, Any]] = field(default_factory=list)
    contacts: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def create(work: Work, new: NewAccount) -> UUID:
    """Make an account with its addresses and contacts and give its id; Invalid names every field that does not fit."""
    return create_many(work, [new])[0]


def create_many(work: Work, news: Sequence[NewAccount]) -> list[UUID]:
    """Make accounts in a number of statements that does not grow with them; gives their ids in the same order."""
    permissions.require(work, "accounts:edit")
    if any(new.contacts for new in news):
        permissions.require(work, "contacts:edit")
    read = read_many(work, news)
    faults = [
        fault if len(news) == 1 else _placed(fault, f"accounts[{place}]")
        for place, one in enumerate(read)
        for fault in one.faults
    ]
    if faults:
        raise Invalid(*faults)
    return _write(work, read)


def read_many(work: Work, news: Sequence[NewAccount]) -> list[ReadAccount]:
    """Read new accounts without writing anything: what each would be, and every fault that it has."""
    reader = _Reader(work, known(work), queries.is_live(work))
    found = payers.resellers(work, [new.parent_id or new.bill_to_id for new in news])
    return [reader.read(new, found) for new in news]


class _Reader:
    """Reads new accounts against what the tenant has, which it looks up once."""

    def __init__(self, work: Work, whole: Known, live: bool) -> None:  # noqa: FBT001 - as `is_live` says it
        self.known = whole
        self.live = live
        self.access = defaults.access_of_many(work, ("account", "contact"))
        self.own_fields = {entity: OwnFields(work, entity) for entity in self.access}

    def read(self, new: NewAccount, found: Mapping[UUID, Any]) -> ReadAccount:
        id_ = new_id()
        seller = new.parent_id or new.bill_to_id
        terms = {
            "parent_id": seller,
            "bill_to_id": new.bill_to_id or seller or id_,
            # Every row names all columns.
            "price_list_id": None,
            "currency": self.known.default_currency,
            "payment_method_id": self.known.default_payment_method,
            "billing_day": self.known.billing_day,
        }
        given = _without(new.given(), "parent_id", "bill_to_id")
        values, faults = reading.account(self.access["account"] | terms | given, self.known)
        one = ReadAccount({"id": id_, **values}, faults=faults)
        one.faults += payers.faults(terms, id_, found, live=self.live)
        one.faults += self._custom("account", one.account)
        for place, part in enumerate(new.addresses):
            values, faults = reading.address(_without(part.given(), "is_billing"))
            one.addresses.append({"id": new_id(), "account_id": id_, "position": place, "is_billing": False, **values})
            one.faults += [_placed(fault, f"addresses[{place}]") for fault in faults]
        if new.addresses:
            chosen = [place for place, part in enumerate(new.addresses) if part.is_billing]
            one.addresses[chosen[0] if chosen else 0]["is_billing"] = True
            if len(chosen) > 1:
                one.faults.append(Fault("addresses", "Two are the billing address.", "UP-14", "Mark one of them."))
        for place, person in enumerate(new.contacts):
            values, faults = reading.contact(self.access["contact"] | person.given(), self.known)
            values = {"id": new_id(), "account_id": id_, **values}
            one.contacts.append(values)
            one.faults += [
                _placed(fault, f"contacts[{place}]") for fault in (*faults, *self._custom("contact", values))
            ]
        return one

    def _custom(self, entity: str, values: dict[str, Any]) -> list[Fault]:
        values["custom_fields"], faults = self.own_fields[entity].read(values.get("custom_fields") or {})
        return faults


def _write(work: Work, read: Sequence[ReadAccount]) -> list[UUID]:
    accounts = [{**one.account, "number": place} for place, one in enumerate(read)]
    contacts = [row for one in read for row in one.contacts]
    ids = [row["id"] for row in accounts]
    lines = [("account", id_, "Account was created") for id_ in ids]
    lines += [("contact", row["id"], "Contact was created") for row in contacts]
    parts = {"account": accounts, "address": [row for one in read for row in one.addresses], "contact": contacts}
    _WRITE.run(
        work.connection,
        {
            "tenant": work.tenant_id,
            "which": "account",
            "count": len(accounts),
            **{table: rows.told(told) for table, told in parts.items()},
            **history.words(work, lines),
        },
    )
    messages.account_changed(work, *ids)
    return ids


_taken = numbers.TAKE.cte("taken")


def _made(table: sa.Table, *names: str) -> sa.CTE:
    """Write the rows of a table; a number is told as the place among those that are taken."""
    new = rows.of(table, names)
    values = [_taken.c.first + new.c.number if name == "number" else new.c[name] for name in names]
    made = sa.select(sa.bindparam("tenant", type_=ID), sa.bindparam("at", type_=AT), *values).select_from(
        # Without a counter there is no number, which the table refuses; without this join there would be no account.
        new.outerjoin(_taken, sa.true()) if "number" in names else new
    )
    return table.insert().from_select(["tenant_id", "created_at", *names], made).cte(f"made_{table.name}")


# All in one, however many there are: what is sent costs by the statement, and by the value.
_WRITE = Ready(
    history.WRITE.add_cte(
        _made(account, "id", "number", *forms.ACCOUNT),
        _made(address, "id", "account_id", "position", "is_billing", *forms.ADDRESS),
        _made(contact, "id", "account_id", *forms.CONTACT),
    )
)


def _without(given: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name not in names}


def _placed(fault: Fault, where: str) -> Fault:
    return replace(fault, field=f"{where}.{fault.field}")
