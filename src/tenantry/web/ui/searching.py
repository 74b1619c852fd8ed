"""The search box at the top: accounts, contacts and orders while one types, by number too."""

from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tenantry.crm.lists import ACCOUNTS, CONTACTS
from tenantry.database import Work
from tenantry.sales.lists import ORDERS
from tenantry.tenancy.listing import Listing, ListRequest
from tenantry.web.http.access import ANYBODY_SIGNED_IN, may
from tenantry.web.ui.rendering import part, render
from tenantry.web.ui.views import Link

SHOWN = 6
# The lists that can be searched by themselves.
LISTED = {"Accounts": "/accounts", "Contacts": "/contacts"}

router = APIRouter()


@router.get("/search")
@may(ANYBODY_SIGNED_IN)
def search(work: Work, request: Request, q: str = "") -> Response:
    """Find accounts, contacts and orders; as a part for the box, as a page without JavaScript."""
    query = q.strip()
    groups = [(title, _found(work, listing, query, url, note)) for title, listing, url, note in _places()]
    more = [_all(title, query) for title, links in groups if title in LISTED and len(links) == SHOWN]
    if request.headers.get("hx-request"):
        return part("search/results.html", groups=groups, query=query, more=more)
    hits = [link for _, links in groups for link in links]
    if len(hits) == 1:
        return RedirectResponse(hits[0].url, 303)
    return render(request, "search/page.html", groups=groups, query=query, more=more)


def _all(title: str, query: str) -> Link:
    return Link(f"All {title.lower()} with “{query}”", f"{LISTED[title]}?{urlencode({'q': query})}")


def _places() -> tuple[tuple[str, Listing, str, str], ...]:
    return (
        ("Accounts", ACCOUNTS, "/accounts/{}", "email"),
        ("Contacts", CONTACTS, "/contacts/{}", "account_name"),
        ("Orders", ORDERS, "/orders/{}", "account"),
    )


def _found(work: Work, listing: Listing, query: str, url: str, note: str) -> list[Link]:
    if not query or not work.actor.may(listing.permission):
        return []
    page = listing.page(work, ListRequest(search=query, fields=["id", "name", note], limit=SHOWN))
    return [Link(row["name"], url.format(row["id"]), row[note] or "") for row in page.items]
