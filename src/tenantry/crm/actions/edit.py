"""Edit an account, and say whose customer it is and who pays (TEN-24, UP-22, DN-30)."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm import history, messages, payers
from tenantry.crm.custom import OwnFields
from tenantry.crm.fields import known, reading
from tenantry.crm.records import Row, governed, held_account, require_owned
from tenantry.database import Work
from tenantry.kernel.problems import Fault, Invalid
from tenantry.rules.policy import Account
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account
from tenantry.tenancy import permissions, queries, records

# What may give an account more credit.
CREDIT = {"credit_limit", "currency", "payment_method_id"}


def edit(work: Work, account_id: UUID, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Change fields of an account; a locked one is refused with its rule, unless given as it stands."""
    permissions.require(work, "accounts:edit")
    row, live = held_account(work, account_id, version), queries.is_live(work)
    Account.require("edit", governed(row), live=live)
    values, faults = reading.account(changes, known(work), before=row)
    Account.require_unlocked(governed(row), _differing(row, changes, values), live=live)
    if {"parent_id", "bill_to_id"} & values.keys():
        faults += _about_payer(work, row, values, live=live)
    if values.get("reselling_enabled") is False and row["reselling_enabled"]:
        faults += _about_customers(work, account_id)
    if "custom_fields" in values:
        own_fields = OwnFields(work, "account")
        values["custom_fields"], wrong = own_fields.read(values["custom_fields"], row["custom_fields"])
        faults += wrong
    if faults:
        raise Invalid(*faults)
    _write(work, row, values, "Account was edited")


def set_bill_to(work: Work, account_id: UUID, reseller_id: UUID | None, *, version: int | None = None) -> None:
    """Make an account a customer of a reseller, who pays for it; None makes it a direct one that pays itself."""
    terms = {"parent_id": reseller_id, "bill_to_id": reseller_id or account_id}
    edit(work, account_id, terms, version=version)


def _differing(row: Row, changes: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """Name the fields that would become another value; what could not be read would."""
    return [name for name in changes if name not in values or values[name] != row[name]]


def _about_payer(work: Work, row: Row, values: dict[str, Any], *, live: bool) -> list[Fault]:
    terms = {name: values.get(name, row[name]) for name in ("parent_id", "bill_to_id")}
    if all(terms[name] == row[name] for name in terms):
        return []
    payers.alone(work)
    found = payers.resellers(work, [terms["parent_id"]])
    faults = list(payers.faults(terms, row["id"], found, live=live))
    return faults or list(payers.cycle(work, row["id"], terms["parent_id"]))


def _about_customers(work: Work, account_id: UUID) -> Iterable[Fault]:
    count = payers.customers(work, account_id)
    if count:
        message = f"It has {count:,} customers of its own."
        yield Fault(
            "reselling_enabled",
            message,
            remedy="Give them another reseller first, or make them direct.",
            code="has-customers",
        )


def _write(work: Work, row: Row, values: Mapping[str, Any], sentence: str) -> None:
    changed = history.edits(row, values)
    if not changed:
        return
    if "permission_rule_id" in changed:
        require_owned(work, row)
    records.write(work, account, row["id"], {name: values[name] for name in changed})
    history.write(work, "account", row["id"], sentence, changes=changed)
    messages.account_changed(work, row["id"])
    if CREDIT & changed.keys():
        messages.credit_changed(work, row["id"])
    if "credit_limit" in changed and work.connection.scalar(_COUNTS, {"tenant": work.tenant_id, "whose": row["id"]}):
        messages.credit_counts(work)
        because = "The check of his credit before provisioning was turned on, as he was given a credit limit"
        history.write(work, "tenant_reseller", row["id"], because)


# Who is given a limit is held to it from now on, unless somebody decided otherwise (UP-47).
_COUNTS = (
    sa.update(tenant_reseller)
    .where(
        tenant_reseller.c.tenant_id == sa.bindparam("tenant"),
        tenant_reseller.c.id == sa.bindparam("whose"),
        tenant_reseller.c.credit_checked.is_(None),
    )
    .values(credit_checked=True, version=tenant_reseller.c.version + 1)
    .returning(tenant_reseller.c.id)
)
