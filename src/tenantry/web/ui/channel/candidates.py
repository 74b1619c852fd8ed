"""The candidates of Transfer Accounts as a list to choose from; who cannot go is greyed, with the reason (DN-02)."""

from collections.abc import Sequence
from uuid import UUID

from tenantry.channel.tenant_resellers.queries import Candidate, CandidatePage, TenantResellerView
from tenantry.web.ui.channel import trail
from tenantry.web.ui.views import Action, Cell, Column, Empty, Filter, ListView, Option, Row
from tenantry.web.words import Words

ONLY = (Option("can_go", "Those that can go"), Option("cannot_go", "Those that cannot"))


def view(
    one: TenantResellerView,
    page: CandidatePage,
    words: Words,
    *,
    query: str,
    only: str,
    cursor: str,
    back: Sequence[str],
    chosen: frozenset[UUID],
    plan: str,
) -> ListView:
    """Give a page of candidates; those in `chosen` are ticked, and `plan` is the earlier plan that they come from."""
    url = f"/tenant-resellers/{one.id}/transfer-accounts"
    asked = (("q", query), ("only", only), ("plan", plan))
    return ListView(
        name="candidates",
        url=url,
        columns=(
            Column("name", "Account"),
            Column("status", "Status"),
            Column("country", "Country", phone=False),
            Column("currency", "Currency", phone=False),
        ),
        rows=tuple(_row(each, words, chosen) for each in page.items),
        empty=_empty(one, filtered=bool(query or only)),
        query=query,
        placeholder=f"Search accounts billed to {one.name}",
        filters=(Filter("only", "All candidates", ONLY, only),),
        filtered=bool(query or only),
        count=f"{words.number(page.can_go)} can go, {words.number(page.cannot_go)} cannot",
        previous_url=trail.previous_url(url, asked, cursor, back),
        next_url=trail.next_url(url, asked, cursor, back, page.next),
        choose="accounts",
        columns_choosable=False,
    )


def _row(one: Candidate, words: Words, chosen: frozenset[UUID]) -> Row:
    return Row(
        str(one.id),
        (
            Cell(one.name, f"/accounts/{one.id}", f"No. {one.number}"),
            Cell(one.status.replace("_", " ").capitalize(), state=one.status),
            Cell(words.country(one.country) if one.country else ""),
            Cell(one.currency),
        ),
        why=f"{one.why} {one.remedy}" if one.why else "",
        rule=one.rule or "",
        chosen=one.can_go and one.id in chosen,
    )


def _empty(one: TenantResellerView, *, filtered: bool) -> Empty:
    if filtered:
        return Empty("No candidate matches", "Search by name, number, accounting number or e-mail.", "search")
    return Empty(
        f"{one.name} has no customers to transfer",
        f"Candidates are the accounts whose Bill To is {one.name}. Open an account and set its Bill To, or import "
        "accounts with it, and come back.",
        "building",
        Action("accounts", "Accounts", "building", "/accounts"),
    )
