"""Suspend, reactivate and close an account (TEN-26); at the distributor they follow from the reseller's tenant (UP-20,
UP-21).
"""

from uuid import UUID

from tenantry.crm import history, messages
from tenantry.crm.fields.readers import Unfit, text
from tenantry.crm.records import governed, held_account
from tenantry.database import Work
from tenantry.kernel.problems import Invalid
from tenantry.rules.policy import Account
from tenantry.schema.crm import account
from tenantry.tenancy import permissions, queries, records

_reason = text(1000)


def suspend(work: Work, account_id: UUID, *, because: str = "", version: int | None = None) -> None:
    """Suspend an active account."""
    _become(work, account_id, "suspend", "suspended", "Account was suspended", because, version)


def reactivate(work: Work, account_id: UUID, *, because: str = "", version: int | None = None) -> None:
    """Make a suspended or closed account active again."""
    _become(work, account_id, "reactivate", "active", "Account was reactivated", because, version)


def close(work: Work, account_id: UUID, *, because: str = "", version: int | None = None) -> None:
    """Close an account: it is only read from then on."""
    _become(work, account_id, "close", "closed", "Account was closed", because, version)


def reason(because: str) -> str:
    """Give the end of a history line that says why, or raise Invalid."""
    try:
        said = _reason(because)
    except Unfit as unfit:
        raise Invalid(unfit.of("because")) from None
    return f": {said}" if said else ""


def _become(
    work: Work, account_id: UUID, act: str, status: str, sentence: str, because: str, version: int | None
) -> None:
    permissions.require(work, "accounts:edit")
    row = held_account(work, account_id, version)
    Account.require(act, governed(row), live=queries.is_live(work))
    line = sentence + reason(because)
    records.write(work, account, account_id, {"status": status})
    changes = {"status": {"before": row["status"], "after": status}}
    history.write(work, "account", account_id, line, changes=changes)
    messages.account_changed(work, account_id)
