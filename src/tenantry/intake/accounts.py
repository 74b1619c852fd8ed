"""Make new accounts of rows, read by the same readers as a form's; their faults become problems of the row (CAT-04)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tenantry.crm.actions.create import ReadAccount, read_many
from tenantry.crm.new import NewAccount, NewAddress, NewContact
from tenantry.database import Work
from tenantry.intake.problem import Problem
from tenantry.intake.rows import Prepared, RowReader
from tenantry.intake.together import ADDRESSES, CONTACTS
from tenantry.kernel.ids import derived_id
from tenantry.kernel.problems import Fault

# What nothing hangs on is left out with a warning, instead of keeping the whole account out.
SOFT = {"website", "language", "phone", "fax", "mobile", "state"}
NAMES = {"phone": "number", "fax": "number", "mobile": "number", "state": "state of its country"}
RENAMED = {
    "bill_to": "bill_to_id",
    "price_list": "price_list_id",
    "payment_method": "payment_method_id",
    "responsible_user": "responsible_user_id",
    "permission_rule": "permission_rule_id",
}
FIELD_OF = {"parent_id": "bill_to", **{column: field for field, column in RENAMED.items()}}


class RowAddress(NewAddress):
    """An address of which only what the row fills is read; a form's dozens of empty fields cost most of the time."""

    def __init__(self, filled: Mapping[str, Any]) -> None:
        super().__init__()
        self.__dict__["filled"] = filled

    def given(self) -> dict[str, Any]:
        """Give what the row fills."""
        return dict(self.__dict__["filled"])


class RowContact(NewContact):
    """A contact of which only what the row fills is read."""

    def __init__(self, filled: Mapping[str, Any]) -> None:
        super().__init__(last_name="")
        self.__dict__["filled"] = filled

    def given(self) -> dict[str, Any]:
        """Give what the row fills."""
        return dict(self.__dict__["filled"])


class RowAccount(NewAccount):
    """An account of which only what the row fills is read."""

    def __init__(
        self, filled: Mapping[str, Any], addresses: tuple[RowAddress, ...], contacts: tuple[RowContact, ...]
    ) -> None:
        super().__init__(name="", bill_to_id=filled.get("bill_to_id"), addresses=addresses, contacts=contacts)
        self.__dict__["filled"] = filled

    def given(self) -> dict[str, Any]:
        """Give what the row fills."""
        return dict(self.__dict__["filled"])


@dataclass(frozen=True)
class Ready:
    """A row and the account that it would become."""

    row: Prepared
    account: ReadAccount


def accounts(work: Work, reader: RowReader, import_id: UUID, rows: Sequence[Prepared]) -> list[Ready]:
    """Read rows as new accounts; each row gains the problems that its fields have, and its ids follow from its line."""
    read = read_many(work, [_new(row) for row in rows])
    made = [Ready(row, account) for row, account in zip(rows, read, strict=True)]
    for one in made:
        one.row.problems += _problems(one, reader)
        _name(one, import_id)
    return made


def groups(row: Prepared) -> tuple[list[str], list[str]]:
    """Name the addresses and the contacts that a row has."""
    filled = {name.split(".")[0] for name, value in row.values.items() if "." in name and value}
    return [one for one in ADDRESSES if one in filled], [one for one in CONTACTS if one in filled]


def _new(row: Prepared) -> NewAccount:
    parts: dict[str, dict[str, Any]] = {}
    for name, value in row.values.items():
        group, _, column = name.rpartition(".")
        parts.setdefault(group, {})[RENAMED.get(column, column)] = value
    addresses, contacts = groups(row)
    own: dict[str, Any] = parts.get("", {})
    if addresses:
        # Country and state stand in one column for the account and for its first address.
        first = parts[addresses[0]]
        if "country" not in first:
            first |= {name: own[name] for name in ("country", "state") if name in own}
    access: dict[str, Any] = {name: own[name] for name in ("responsible_user_id", "permission_rule_id") if name in own}
    own.setdefault("name", "")
    if "custom" in parts:
        own["custom_fields"] = parts["custom"]
    people = tuple(RowContact({"last_name": ""} | access | parts[group]) for group in contacts)
    return RowAccount(own, tuple(RowAddress(parts[group]) for group in addresses), people)


def _problems(one: Ready, reader: RowReader) -> Iterator[Problem]:
    known = {problem.field for problem in one.row.problems if problem.severity == "refusal"}
    addresses, contacts = groups(one.row)
    for fault in one.account.faults:
        where, part = _place(fault.field, addresses, contacts)
        field = f"{where}.{part}" if where else FIELD_OF.get(part, part)
        if field in known:
            continue
        heading = reader.headings.get(field, "")
        value = str(one.row.values.get(field, ""))[:80]
        if part in SOFT:
            _drop(one.account, where, part, addresses, contacts)
            message = f"This is no {NAMES.get(part, part)}; it is left out."
            yield Problem("warning", f"{part}-unclear", message, *_rest(fault), field, heading, value)
        else:
            yield Problem("refusal", _code(fault, part), fault.message, *_rest(fault), field, heading, value)


def _place(field: str, addresses: list[str], contacts: list[str]) -> tuple[str, str]:
    """Read `addresses[0].city` as the address and its column."""
    for kind, named in (("addresses", addresses), ("contacts", contacts)):
        if field.startswith(f"{kind}["):
            place, _, part = field.removeprefix(f"{kind}[").partition("].")
            return named[int(place)], part
    if field.startswith("custom_fields."):
        return "custom", field.removeprefix("custom_fields.")
    return "", field


def _drop(account: ReadAccount, where: str, part: str, addresses: list[str], contacts: list[str]) -> None:
    if where in addresses:
        account.addresses[addresses.index(where)][part] = ""
    elif where in contacts:
        account.contacts[contacts.index(where)][part] = ""
    else:
        account.account[part] = ""


def _rest(fault: Fault) -> tuple[str, str]:
    return fault.rule or "CAT-04", fault.remedy


def _code(fault: Fault, part: str) -> str:
    return fault.code if "-" in fault.code else f"{part}-invalid"


def _name(one: Ready, import_id: UUID) -> None:
    """Give all its records the ids that follow from the import and the line, so that a replay makes nothing new."""
    account = one.account
    provisional = account.account["id"]
    id = derived_id(import_id, import_id, f"account {one.row.line}")
    account.account["id"] = id
    if account.account.get("bill_to_id") == provisional:
        account.account["bill_to_id"] = id
    for kind, children in (("address", account.addresses), ("contact", account.contacts)):
        for place, child in enumerate(children):
            child["account_id"] = id
            child["id"] = derived_id(import_id, id, f"{kind} {place}")
