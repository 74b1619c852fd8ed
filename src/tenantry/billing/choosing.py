"""Who asks for invoices of what: the accounts that were chosen, as far as they may be seen and invoiced (UP-22)."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from tenantry.billing.due import Scope
from tenantry.catalog import fields
from tenantry.crm.records import governed, may
from tenantry.database import Work
from tenantry.kernel.problems import Fault, Invalid, NotFound, Refused
from tenantry.rules.policy import Account
from tenantry.schema.crm import account
from tenantry.tenancy import queries

RULE = "BIL-02"
MOST = 1_000


def scope_of(work: Work, up_to: date | str | None, accounts: Sequence[UUID] | None, act: str, today: date) -> Scope:
    """Give what is asked for, up to today unless another day is named; NotFound and Refused as for one account."""
    until = fields.read({"up_to": up_to}, {"up_to": fields.day}, RULE)["up_to"] or today
    if accounts is None:
        return Scope(until)
    wanted = tuple(sorted(set(accounts)))
    if not 0 < len(wanted) <= MOST:
        fault = "This many accounts cannot be chosen at once."
        raise Invalid(Fault("account_ids", fault, RULE, f"Choose 1 to {MOST:,}, or leave it out for all that is due."))
    _require(work, wanted, act)
    return Scope(until, wanted)


def _require(work: Work, ids: Sequence[UUID], act: str) -> None:
    a = account.c
    columns = (a.id, a.name, a.standing, a.status, a.ordering_enabled, a.permission_rule_id)
    query = sa.select(*columns).where(a.tenant_id == work.tenant_id, a.id.in_(ids)).order_by(a.id)
    rows = [
        row for row in work.connection.execute(query).mappings() if may(work.actor.readable, row["permission_rule_id"])
    ]
    if len(rows) < len(ids):
        raise NotFound("account")
    live = queries.is_live(work)
    for row in rows:
        verdict = Account.verdict(act, governed(row), live=live)
        if not verdict:
            raise Refused(verdict, "" if len(rows) == 1 else f"Leave {row['name']} out.")
