"""What the checks of a plan say, with the accounts they are about and where each is mended."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, TypeAlias, cast
from uuid import UUID

from tenantry.channel.handovers.queries import HandoverView
from tenantry.channel.handovers.views import FindingView as Found
from tenantry.crm.lists import ACCOUNTS
from tenantry.database import Work
from tenantry.sales.lists import ORDERS
from tenantry.tenancy.listing import ListRequest
from tenantry.web.ui.views import Finding, Link

Severity: TypeAlias = Literal["blocker", "warning", "note"]

NAMED = 10
LOOKED_UP = 200


def findings(work: Work, found: Sequence[Found], more_url: Callable[[str], str]) -> tuple[Finding, ...]:
    """Give findings with the names of the accounts they are about; a fixed number of statements for any number."""
    names = _names(work, [id_ for one in found for id_ in one.records[:NAMED]])
    orders = _open_orders(work, [id_ for one in found if one.code == "open-orders" for id_ in one.records[:NAMED]])
    return tuple(_finding(one, names, orders, more_url(one.code)) for one in found)


def held_back(view: HandoverView, code: str | None) -> tuple[Finding, ...]:
    """Give what holds one account back."""
    return tuple(
        Finding("blocker", one.code, one.rule, one.message, one.remedy) for one in view.findings if one.code == code
    )


def links(work: Work, found: Found, place: int, many: int) -> tuple[Link, ...]:
    """Give some of the accounts that a finding is about, from a place in its list."""
    ids = list(found.records[place : place + many])
    names = _names(work, ids)
    orders = _open_orders(work, ids) if found.code == "open-orders" else {}
    return _links(ids, names, orders)


def _finding(
    found: Found, names: Mapping[str, Mapping[str, object]], orders: Mapping[str, Sequence[Link]], more_url: str
) -> Finding:
    ids = list(found.records[:NAMED])
    records = _links(ids, names, orders)
    more = found.count - found.not_shown - len(ids)
    hidden = f"{found.not_shown:,} not shown to you" if found.not_shown else ""
    return Finding(
        severity=cast("Severity", found.severity),
        code=found.code,
        rule=found.rule,
        message=_said(found),
        remedy=found.remedy,
        records=records,
        more=", ".join(one for one in (f"and {more:,} more" if more > 0 else "", hidden) if one),
        more_url=more_url if more > 0 else "",
    )


def _said(found: Found) -> str:
    """Say how many it is about, since a check's sentence speaks of one."""
    if not found.count:
        return found.message
    sentence = found.message[:1].lower() + found.message[1:]
    return f"{found.count:,} {'account' if found.count == 1 else 'accounts'}: {sentence}"


def _links(
    ids: Sequence[str], names: Mapping[str, Mapping[str, object]], orders: Mapping[str, Sequence[Link]]
) -> tuple[Link, ...]:
    found: list[Link] = []
    for id_ in ids:
        account = names.get(id_)
        title = str(account["name"]) if account else "An account you cannot see"
        note = f"No. {account['number']}" if account else ""
        found.append(Link(title, f"/accounts/{id_}" if account else "", note))
        found += orders.get(id_, ())
    return tuple(found)


def _names(work: Work, ids: Sequence[str]) -> dict[str, Mapping[str, object]]:
    wanted = list(dict.fromkeys(ids))[:LOOKED_UP]
    if not wanted or not work.actor.may("accounts:view"):
        return {}
    asked = ListRequest(filters={"id": ("in", wanted)}, fields=("id", "name", "number"), limit=LOOKED_UP)
    return {str(row["id"]): row for row in ACCOUNTS.page(work, asked).items}


def _open_orders(work: Work, ids: Sequence[str]) -> dict[str, list[Link]]:
    """Give the orders to be executed or cancelled first, by account (DN-32)."""
    wanted = list(dict.fromkeys(ids))[:LOOKED_UP]
    if not wanted or not work.actor.may("orders:view"):
        return {}
    asked = ListRequest(
        filters={"account_id": ("in", wanted), "status": ("eq", "submitted"), "standing": ("eq", "own")},
        fields=("id", "number", "name", "account_id"),
        limit=LOOKED_UP,
    )
    found: dict[str, list[Link]] = {}
    for row in ORDERS.page(work, asked).items:
        link = Link(f"Order {row['number']}: {row['name']}", f"/orders/{row['id']}", "execute or cancel it")
        found.setdefault(str(UUID(str(row["account_id"]))), []).append(link)
    return found
