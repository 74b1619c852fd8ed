"""What stands behind the tabs of an account: its orders, subscriptions, contacts, activities, customers, history."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tenantry.charging.queries import Owner
from tenantry.crm import queries
from tenantry.crm.queries import AccountView
from tenantry.database import Work
from tenantry.rules.policy import Account
from tenantry.web.http.access import may
from tenantry.web.ui import histories
from tenantry.web.ui.acts import Button, allowed, drawn
from tenantry.web.ui.billing import invoices
from tenantry.web.ui.crm import accounts, activities, contacts
from tenantry.web.ui.crm.account_head import dialogs, head
from tenantry.web.ui.crm.sections import ACCOUNT
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import labels
from tenantry.web.ui.pages import record_page
from tenantry.web.ui.rendering import part, words
from tenantry.web.ui.sales import charges, offers, opportunities, orders, subscriptions
from tenantry.web.ui.sheets import Sheet
from tenantry.web.ui.views import Action, Empty, Panel

router = APIRouter()


@router.get("/accounts/{id}/contacts")
@may("contacts:view")
def its_contacts(work: Work, request: Request, id: Id) -> Response:
    """Show the contacts of an account."""
    view = queries.account(work, id)
    add = Button("add_contact", "plus", "/accounts/{id}/contacts/new", permission="contacts:edit", primary=True)
    return _list(work, request, view, contacts.SHEET, "Contacts", {"account_id": id}, _one(work, view, add))


@router.get("/accounts/{id}/opportunities")
@may("orders:view")
def its_opportunities(work: Work, request: Request, id: Id) -> Response:
    """Show the opportunities of an account."""
    view = queries.account(work, id)
    add = Button(
        "create_opportunity", "plus", "/opportunities/new?account={id}", permission="orders:edit", primary=True
    )
    actions = _one(work, view, add)
    return _list(work, request, view, opportunities.SHEET, "Opportunities", {"account_id": id}, actions)


@router.get("/accounts/{id}/offers")
@may("orders:view")
def its_offers(work: Work, request: Request, id: Id) -> Response:
    """Show the offers of an account."""
    view = queries.account(work, id)
    add = Button("create_offer", "plus", "/offers/new?account={id}", permission="orders:edit", primary=True)
    return _list(work, request, view, offers.SHEET, "Offers", {"account_id": id}, _one(work, view, add))


@router.get("/accounts/{id}/orders")
@may("orders:view")
def its_orders(work: Work, request: Request, id: Id) -> Response:
    """Show the orders of an account."""
    view = queries.account(work, id)
    add = Button("create_order", "plus", "/orders/new?account={id}", permission="orders:edit", primary=True)
    return _list(work, request, view, orders.SHEET, "Orders", {"account_id": id}, _one(work, view, add))


@router.get("/accounts/{id}/subscriptions")
@may("subscriptions:view")
def its_subscriptions(work: Work, request: Request, id: Id) -> Response:
    """Show the subscriptions of an account."""
    view = queries.account(work, id)
    add = Button(
        "create_subscription", "plus", "/subscriptions/new?account={id}", permission="subscriptions:edit", primary=True
    )
    return _list(work, request, view, subscriptions.SHEET, "Subscriptions", {"account_id": id}, _one(work, view, add))


@router.get("/accounts/{id}/charges")
@may("subscriptions:view")
def its_charges(work: Work, request: Request, id: Id) -> Response:
    """Show what is charged for an account; of one that pays for itself, what it pays for its customers, too."""
    view, said = queries.account(work, id), words(request)
    owner: Owner = "bill_to_id" if view.bill_to_id == id else "account_id"
    table = charges.SHEET.view(work, request, said, url=f"/accounts/{id}/charges", fixed={owner: id})
    sums = charges.sums(work, said, owner, id)
    return record_page(request, head(view, work.actor, said, "Charges"), [*sums, Panel(table=table)], (), dialogs(view))


@router.get("/accounts/{id}/invoices")
@may("invoices:view")
def its_invoices(work: Work, request: Request, id: Id) -> Response:
    """Show the invoices of an account: those that it pays, or, where another pays, those that are about it."""
    view = queries.account(work, id)
    pays = "bill_to_id" if view.bill_to_id == id else "account_id"
    acts = (
        Button("create_invoice", "plus", "/invoices/new?account={id}", permission="invoices:edit", primary=True),
        Button("view_pending_invoices", "clock", "/accounts/{id}/pending-invoices", permission="invoices:view"),
    )
    actions = [one for act in acts for one in _one(work, view, act)]
    table = replace(invoices.SHEET, exports=False).view(
        work, request, words(request), url=f"/accounts/{id}/invoices", fixed={pays: id}
    )
    return _page(work, request, view, "Invoices", Panel(table=table, actions=actions))


@router.get("/accounts/{id}/activities")
@may("activities:view")
def its_activities(work: Work, request: Request, id: Id) -> Response:
    """Show the activities of an account and of what belongs to it."""
    view = queries.account(work, id)
    add = Button(
        "add_activity",
        "plus",
        "/activities/new?about=account&id={id}",
        permission="activities:edit",
        primary=True,
    )
    return _list(work, request, view, activities.SHEET, "Activities", {"account_id": id}, _one(work, view, add))


@router.get("/accounts/{id}/customers")
@may("accounts:view")
def its_customers(work: Work, request: Request, id: Id) -> Response:
    """Show the customers of a reseller."""
    view = queries.account(work, id)
    add = Action("new", "New customer", "plus", f"/accounts/new?parent={id}", primary=True)
    actions = [allowed(add, work.actor, "accounts:edit")]
    sheet = replace(
        accounts.SHEET, empty=Empty("No customers yet", "Accounts whose reseller this is appear here.", "building")
    )
    return _list(work, request, view, sheet, "Customers", {"parent_id": id}, actions)


@router.get("/accounts/{id}/history")
@may("accounts:view")
def its_history(work: Work, request: Request, id: Id, before: str = "") -> Response:
    """Show the history of an account; lines before those shown come alone."""
    view = queries.account(work, id)
    panel = histories.panel(work, id, words(request), f"/accounts/{id}/history", labels(ACCOUNT), before)
    if before and request.headers.get("hx-request"):
        return part("page/history.html", view=panel)
    return _page(work, request, view, "History", panel)


def _list(
    work: Work,
    request: Request,
    view: AccountView,
    sheet: Sheet,
    title: str,
    fixed: Mapping[str, Any],
    actions: Sequence[Action],
) -> Response:
    url = f"/accounts/{view.id}/{title.lower()}"
    nothing = replace(sheet.empty, action=actions[0])
    shown = replace(sheet, hidden=(*sheet.hidden, "account", "account_name"), exports=False, empty=nothing)
    table = shown.view(work, request, words(request), url=url, fixed=fixed)
    return _page(work, request, view, title, Panel(table=table, actions=actions))


def _page(work: Work, request: Request, view: AccountView, title: str, panel: Panel) -> Response:
    return record_page(request, head(view, work.actor, words(request), title), [panel], (), dialogs(view))


def _one(work: Work, view: AccountView, button: Button) -> list[Action]:
    id_: UUID = view.id
    drawn_ = drawn((button,), Account, view.actions, work.actor, id=id_)
    return [replace(one, name=f"tab-{one.name}") for one in drawn_]
