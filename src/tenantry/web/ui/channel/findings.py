"""What the checks of a plan say, with the records they are about and where each is mended."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, TypeAlias, cast
from uuid import UUID

from tenantry.channel.handovers.queries import HandoverView, named
from tenantry.channel.handovers.views import FindingView as Found
from tenantry.database import Work
from tenantry.sales.lists import ORDERS
from tenantry.tenancy.listing import ListRequest
from tenantry.web.ui.channel import places
from tenantry.web.ui.views import Finding, Link

Severity: TypeAlias = Literal["blocker", "warning", "note"]

NAMED = 10
LOOKED_UP = 200


def findings(
    work: Work, found: Sequence[Found], more_url: Callable[[str], str], subject: str = "accounts"
) -> tuple[Finding, ...]:
    """Give findings with the names of the records they are about; a fixed number of statements for any number."""
    names = _names(work, [id_ for one in found for id_ in one.records[:NAMED]])
    orders = _open_orders(work, [id_ for one in found if one.code == "open-orders" for id_ in one.records[:NAMED]])
    return tuple(_finding(one, names, orders, more_url(one.code), subject) for one in found)


def held_back(view: HandoverView, code: str | None) -> tuple[Finding, ...]:
    """Give what holds one record back."""
    return tuple(
        Finding("blocker", one.code, one.rule, one.message, one.remedy) for one in view.findings if one.code == code
    )


def links(work: Work, found: Found, place: int, many: int) -> tuple[Link, ...]:
    """Give some of the records that a finding is about, from a place in its list."""
    ids = list(found.records[place : place + many])
    names = _names(work, ids)
    orders = _open_orders(work, ids) if found.code == "open-orders" else {}
    return _links(ids, names, orders)


def _finding(
    found: Found,
    names: Mapping[str, Link],
    orders: Mapping[str, Sequence[Link]],
    more_url: str,
    subject: str,
) -> Finding:
    ids = list(found.records[:NAMED])
    records = _links(ids, names, orders)
    more = found.count - found.not_shown - len(ids)
    hidden = f"{found.not_shown:,} not shown to you" if found.not_shown else ""
    return Finding(
        severity=cast("Severity", found.severity),
        code=found.code,
        rule=found.rule,
        message=_said(found, subject),
        remedy=found.remedy,
        records=records,
        more=", ".join(one for one in (f"and {more:,} more" if more > 0 else "", hidden) if one),
        more_url=more_url if more > 0 else "",
    )


def _said(found: Found, subject: str) -> str:
    """Say how many it is about, since a check's sentence speaks of one."""
    if not found.count:
        return found.message
    sentence = found.message[:1].lower() + found.message[1:]
    return f"{found.count:,} {subject.removesuffix('s') if found.count == 1 else subject}: {sentence}"


def _links(ids: Sequence[str], names: Mapping[str, Link], orders: Mapping[str, Sequence[Link]]) -> tuple[Link, ...]:
    found: list[Link] = []
    for id_ in ids:
        found.append(names.get(id_, Link("One that you cannot see", "")))
        found += orders.get(id_, ())
    return tuple(found)


def _names(work: Work, ids: Sequence[str]) -> dict[str, Link]:
    """Give each record with its page: an account with its number, what an account has with whose it is."""
    wanted = {UUID(id_) for id_ in list(dict.fromkeys(ids))[:LOOKED_UP]}
    return {
        str(one.id): Link(one.name, places.url(one.entity, one.id), f"No. {one.number}" if one.number else one.customer)
        for one in named(work, wanted).values()
    }


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
