"""Accounts: made, read, changed; suspended, closed, reactivated, deleted (TEN-26)."""

from typing import Annotated

from starlette.requests import Request

from tenantry.crm import actions, queries
from tenantry.crm.lists import ACCOUNTS
from tenantry.crm.new import NewAccount
from tenantry.crm.queries import AccountView
from tenantry.database import Work
from tenantry.web.api.account_shapes import ACCOUNT, ACCOUNT_CHANGES, NEW_ACCOUNT
from tenantry.web.api.common import Changes, Id, Reason, Version, body, changes, resource
from tenantry.web.api.lists import Listed, Wanted, filters_of, item_of, page, page_of
from tenantry.web.http.access import may
from tenantry.web.http.answers import Made

EXAMPLE = {
    "name": "Aegean Foods",
    "email": "office@aegean.example",
    "addresses": [{"city": "Chania", "country": "GR"}],
    "contacts": [{"first_name": "Eleni", "last_name": "Papadaki", "is_primary": True}],
}
WHY = {"because": "Three invoices are open"}

Why = Annotated[Reason | None, body(Reason, WHY, needed=False)]

accounts = resource("Accounts")


@accounts.get(
    "/accounts", response_model=page_of("Account", item_of("Account", ACCOUNTS)), openapi_extra=filters_of(ACCOUNTS)
)
@may("accounts:view")
def list_accounts(work: Work, request: Request, wanted: Wanted) -> Listed:
    """List accounts by name; a deleted one is gone from lists."""
    return page(work, ACCOUNTS, request, wanted)


@accounts.post("/accounts", status_code=201, response_model=ACCOUNT)
@may("accounts:edit")
def make_account(work: Work, new: Annotated[NewAccount, body(NEW_ACCOUNT, EXAMPLE)]) -> Made:
    """Make an account with its addresses and contacts; what is not given gets the tenant's default."""
    id = actions.create(work, new)
    return Made(queries.account(work, id), f"/api/v1/accounts/{id}")


@accounts.get("/accounts/{id}", response_model=ACCOUNT)
@may("accounts:view")
def read_account(work: Work, id: Id) -> AccountView:
    """Read an account with its addresses and contacts, its ribbon, what may be done with it, and what is locked."""
    return queries.account(work, id)


@accounts.patch("/accounts/{id}", response_model=ACCOUNT)
@may("accounts:edit")
def change_account(
    work: Work, id: Id, fields: Annotated[Changes, changes(ACCOUNT_CHANGES, {"industry": "Food"})], version: Version
) -> AccountView:
    """Change fields of an account; a locked one is refused with its rule."""
    actions.edit(work, id, fields, version=version)
    return queries.account(work, id)


@accounts.delete("/accounts/{id}", status_code=204)
@may("accounts:edit")
def remove_account(work: Work, id: Id, version: Version) -> None:
    """Delete an account whose subscriptions have all ended; one with documents is kept for them, out of all lists."""
    actions.delete(work, id, version=version)


@accounts.put("/accounts/{id}/suspension", response_model=ACCOUNT)
@may("accounts:edit")
def suspend_account(work: Work, id: Id, why: Why, version: Version) -> AccountView:
    """Suspend an active account."""
    actions.suspend(work, id, because=why.because if why else "", version=version)
    return queries.account(work, id)


@accounts.delete("/accounts/{id}/suspension", response_model=ACCOUNT)
@may("accounts:edit")
def end_suspension(work: Work, id: Id, version: Version) -> AccountView:
    """Make a suspended account active again."""
    actions.reactivate(work, id, version=version)
    return queries.account(work, id)


@accounts.put("/accounts/{id}/closure", response_model=ACCOUNT)
@may("accounts:edit")
def close_account(work: Work, id: Id, why: Why, version: Version) -> AccountView:
    """Close an account: it is only read from then on."""
    actions.close(work, id, because=why.because if why else "", version=version)
    return queries.account(work, id)


@accounts.delete("/accounts/{id}/closure", response_model=ACCOUNT)
@may("accounts:edit")
def end_closure(work: Work, id: Id, version: Version) -> AccountView:
    """Make a closed account active again."""
    actions.reactivate(work, id, version=version)
    return queries.account(work, id)
