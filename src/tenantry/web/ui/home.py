"""The page after sign-in: what needs attention, and where to go on."""

from collections.abc import Sequence

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tenantry.channel.handovers import queries as handovers
from tenantry.channel.health import queries as mirrors
from tenantry.channel.tenant_resellers.summaries import summaries
from tenantry.crm.lists import ACCOUNTS, ACTIVITIES
from tenantry.database import Work
from tenantry.sales.lists import ORDERS, SUBSCRIPTIONS
from tenantry.tenancy.listing import Listing, ListRequest, Total
from tenantry.web.http.access import ANYBODY_SIGNED_IN, may
from tenantry.web.ui.channel.handover_views import title
from tenantry.web.ui.pages import record_page
from tenantry.web.ui.rendering import signed_in, words
from tenantry.web.ui.tables import column, row, whole
from tenantry.web.ui.views import Action, Cell, Empty, Head, Link, ListView, Panel, Stat
from tenantry.web.words import Words

FIGURES: Sequence[tuple[str, Listing, dict[str, str], str]] = (
    ("Accounts", ACCOUNTS, {"status": "active"}, "/accounts?status=active"),
    ("Open orders", ORDERS, {"status": "submitted"}, "/orders?status=submitted"),
    ("Drafts", ORDERS, {"status": "draft"}, "/orders?status=draft"),
    ("Active subscriptions", SUBSCRIPTIONS, {"status": "active"}, "/subscriptions?status=active"),
)
SHOWN = 8

router = APIRouter()


@router.get("/")
@may(ANYBODY_SIGNED_IN)
def home(work: Work, request: Request) -> Response:
    """Show what there is and what is to be done."""
    signed, said = signed_in(request), words(request)
    main = [*_figures(work, said), *_alerts(work), *_resellers(work, said), *_tasks(work, said)]
    side = _handovers(work, said)
    if not main:
        text = "You may sign in, but no role lets you see anything yet. Ask an administrator for one."
        main = [Panel(empty=Empty("Nothing to show", text, "lock"))]
    actions = [
        Action("new", "New account", "plus", "/accounts/new"),
    ]
    head = Head(
        f"Hello, {signed.actor.name.split()[0]}",
        subtitle=signed.tenant_name,
        actions=actions if work.actor.may("accounts:edit") else (),
    )
    return record_page(request, head, main, side)


def _figures(work: Work, words_: Words) -> list[Panel]:
    stats = []
    for label, listing, filters, url in FIGURES:
        if not work.actor.may(listing.permission):
            continue
        total = listing.total(work, ListRequest(filters={name: ("eq", value) for name, value in filters.items()}))
        stats.append(Stat(label, _number(total, words_), url=url))
    return [Panel(stats=stats)] if stats else []


def _number(total: Total, words_: Words) -> str:
    number = words_.number(total.count)
    return number if total.exact else f"more than {number}"


def _resellers(work: Work, words_: Words) -> list[Panel]:
    if not work.actor.may("tenant_resellers:view"):
        return []
    found = summaries(work, SHOWN + 1)
    columns = (
        column("Tenant reseller"),
        column("State"),
        column("Transferred", number=True),
        column("Left to transfer", number=True, phone=False),
        column("Set aside", number=True, phone=False),
    )
    rows = [
        row(
            one.id,
            (
                Cell(one.name, url=f"/tenant-resellers/{one.id}"),
                Cell("", state=one.state),
                _number(one.accounts_copied, words_),
                _number(one.accounts_not_copied, words_),
                words_.number(one.failures) if one.failures else "",
            ),
        )
        for one in found[:SHOWN]
    ]
    if not rows:
        return []
    table = whole("tenant-resellers", columns, rows, Empty("No tenant resellers yet"))
    more = [Action("all", "All", "list-details", "/tenant-resellers")] if len(found) > SHOWN else []
    return [Panel("Tenant resellers", actions=more, table=table)]


def _alerts(work: Work) -> list[Panel]:
    """Say which mirrors are not in step (UP-43, UP-45)."""
    if not work.actor.may("reconcile:view"):
        return []
    links = [Link(one.name, f"/mirrors/{one.id}", text) for one, text in mirrors.alerts(work)[:SHOWN]]
    return [Panel("Mirrors that need attention", links=links)] if links else []


def _tasks(work: Work, words_: Words) -> list[Panel]:
    if not work.actor.may("activities:view"):
        return []
    asked = ListRequest(
        filters={"status": ("eq", "open"), "responsible_user_id": ("eq", work.actor.id)},
        sort="due_at",
        fields=["id", "subject", "due_at", "account_name", "account_id", "kind"],
        limit=SHOWN,
    )
    items = ACTIVITIES.page(work, asked).items
    if not items:
        return []
    rows = [
        row(
            one["id"],
            (
                Cell(one["subject"], url=f"/activities/{one['id']}"),
                Cell(one["account_name"] or "", url=f"/accounts/{one['account_id']}" if one["account_id"] else ""),
                words_.moment(one["due_at"]),
            ),
        )
        for one in items
    ]
    columns = (column("Activity"), column("Account", phone=False), column("Due"))
    table: ListView = whole("activities", columns, rows, Empty("Nothing to do"))
    return [Panel("Yours to do", table=table)]


def _handovers(work: Work, words_: Words) -> list[Panel]:
    if not work.actor.may("handover:view"):
        return []
    found = handovers.recent(work, limit=SHOWN)
    links = [
        Link(title(one), f"/handovers/{one.id}", f"{one.status.replace('_', ' ')}, {words_.since(one.created_at)}")
        for one in found
    ]
    return [Panel("Recent handovers", links=links)] if links else []
