"""Which accounts can become tenant resellers, as a list to choose from (TEN-04)."""

from collections.abc import Mapping
from typing import Any

from tenantry.channel.tenant_resellers import queries
from tenantry.crm.lists import ACCOUNTS
from tenantry.database import Work
from tenantry.kernel import iso
from tenantry.rules.policy import Account
from tenantry.tenancy.listing import ListRequest
from tenantry.tenancy.queries import is_live
from tenantry.web.ui.channel import reseller_views as views
from tenantry.web.ui.views import Action, Cell, Column, Empty, ListView, Row

Row_ = Mapping[str, Any]


class Governed:
    """An account of a list, as the policy sees it."""

    def __init__(self, row: Row_) -> None:
        self.standing: str = row["standing"]
        self.status: str = row["status"]


def candidates(work: Work, query: str) -> ListView:
    """Give the accounts that could get a tenant, and those that have one, greyed."""
    fields = ("id", "name", "number", "country", "status", "standing")
    asked = ListRequest(search=query, filters={"reselling_enabled": ("eq", "true")}, fields=fields, limit=100)
    found = ACCOUNTS.page(work, asked).items
    have = {one.id for one in queries.all_(work)}
    live = is_live(work)
    rows = tuple(_row(one, has_one=one["id"] in have, live=live) for one in found)
    return ListView(
        name="resellers",
        url="/tenant-resellers/new",
        columns=(Column("name", "Account"), Column("status", "Status"), Column("country", "Country")),
        rows=rows,
        empty=Empty(
            "No account matches" if query else "No account has reselling enabled",
            "Search by name, number or e-mail."
            if query
            else "Edit the account of your reseller, enable reselling on it, and come back.",
            "building-community",
            None if query else Action("accounts", "Accounts", "building", "/accounts"),
        ),
        query=query,
        placeholder="Search accounts with reselling enabled",
        count=f"{len(rows)} {'account' if len(rows) == 1 else 'accounts'} with reselling enabled",
        columns_choosable=False,
    )


def _row(one: Row_, *, has_one: bool, live: bool) -> Row:
    verdict = Account.verdict("create_tenant_reseller", Governed(one), live=live)
    why = "It has a tenant already." if has_one else verdict.why
    url = views.url(one["id"]) if has_one else f"/tenant-resellers/new?account={one['id']}" if verdict else ""
    return Row(
        str(one["id"]),
        (
            Cell(one["name"], url, f"No. {one['number']}"),
            Cell(one["status"].capitalize(), state=one["status"]),
            Cell(iso.countries().get(one["country"], "")),
        ),
        why=why,
        rule="TEN-04" if has_one else verdict.rule,
    )
