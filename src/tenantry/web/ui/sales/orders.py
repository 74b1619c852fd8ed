"""The list of orders, and an order's page with its tabs."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.kernel.money import Money
from tenantry.sales.credit import CreditView
from tenantry.sales.lists import ORDERS
from tenantry.sales.queries import OrderView, UpstreamCreditView, order
from tenantry.tenancy import queries
from tenantry.web.http.access import may
from tenantry.web.papers.answers import shown
from tenantry.web.papers.orders import print_out
from tenantry.web.ui import histories
from tenantry.web.ui.acts import allowed
from tenantry.web.ui.crm import activities
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import details, labels, records
from tenantry.web.ui.own_fields import OwnFields
from tenantry.web.ui.pages import list_page, record_page
from tenantry.web.ui.rendering import part, words
from tenantry.web.ui.sales import charges
from tenantry.web.ui.sales.order_head import dialogs, head
from tenantry.web.ui.sales.sections import CYCLE_NAMES, ORDER
from tenantry.web.ui.sheets import Sheet
from tenantry.web.ui.views import Action, Empty, Field, Head, Link, Lock, Option, Panel, Stat
from tenantry.web.words import Words

NEW = Action("new", "New order", "plus", "/orders/new", primary=True)
SHEET = Sheet(
    ORDERS,
    name="orders",
    url="/orders",
    placeholder="Search orders",
    title="name",
    links={"name": ("/orders/{}", "id"), "account": ("/accounts/{}", "account_id")},
    filters={
        "status": "Any status",
        "approval": "Any approval",
        "standing": "Anyone's",
        "responsible_user_id": "Anyone responsible",
    },
    phone=("status",),
    empty=Empty(
        "No orders yet",
        "What accounts buy is ordered here; an order that is executed starts subscriptions.",
        "shopping-cart",
        NEW,
    ),
)
LINKED = (
    "price_list",
    "payment_method",
    "order_type",
    "order_status",
    "sales_rep",
    "contact",
    "responsible_user",
    "permission_rule",
)

router = APIRouter()


@router.get("/orders")
@may("orders:view")
def orders(work: Work, request: Request) -> Response:
    """List the orders."""
    head_ = Head("Orders", actions=(allowed(NEW, work.actor, "orders:edit"),))
    choices = {"responsible_user_id": records(queries.people(work))}
    return list_page(request, head_, SHEET.view(work, request, words(request), choices=choices))


@router.get("/orders.csv")
@may("orders:view")
def export(work: Work, request: Request) -> Response:
    """Give the list as a file."""
    return SHEET.export(work, request)


@router.get("/orders/{id}")
@may("orders:view")
def page(work: Work, request: Request, id: Id) -> Response:
    """Show an order."""
    view, said, own = order(work, id), words(request), OwnFields(work, "order")
    sections = [*ORDER[:-1], *own.sections(), ORDER[-1]]
    values = {**values_of(view), **own.values(view.custom_fields)}
    groups = details(sections, values, said, {**names_of(view), **own.choices()}, view.locked_fields)
    first = Panel(groups[0].title, fields=(*_whose(view), *groups[0].fields))
    main = [
        *_credit(view, said),
        *credit_above(view.upstream_credit, said),
        _totals(view, said),
        first,
        *_charged(work, view, said),
        *(Panel(group.title, fields=group.fields) for group in groups[1:]),
    ]
    return record_page(request, head(view, work.actor, said, "Details"), main, _side(view, said), dialogs(view))


@router.get("/orders/{id}/print-out")
@may("orders:view")
def its_print_out(work: Work, id: Id) -> Response:
    """Give an order's document, to be read in the browser."""
    return shown(*print_out(work, id))


@router.get("/orders/{id}/activities")
@may("activities:view")
def its_activities(work: Work, request: Request, id: Id) -> Response:
    """Show the activities about an order."""
    view, said = order(work, id), words(request)
    table = activities.SHEET.view(work, request, said, url=f"/orders/{id}/activities", fixed={"about_id": id})
    return record_page(request, head(view, work.actor, said, "Activities"), [Panel(table=table)], (), dialogs(view))


@router.get("/orders/{id}/history")
@may("orders:view")
def its_history(work: Work, request: Request, id: Id, before: str = "") -> Response:
    """Show the history of an order; lines before those shown come alone."""
    view, said = order(work, id), words(request)
    panel = histories.panel(work, id, said, f"/orders/{id}/history", labels(ORDER), before)
    if before and request.headers.get("hx-request"):
        return part("page/history.html", view=panel)
    return record_page(request, head(view, work.actor, said, "History"), [panel], (), dialogs(view))


def values_of(view: OrderView) -> dict[str, Any]:
    """Give the fields of an order with the ids of what it refers to."""
    ids = {f"{name}_id": getattr(getattr(view, name), "id", None) for name in LINKED}
    return {**vars(view), **ids}


def names_of(view: OrderView) -> Mapping[str, Sequence[Option]]:
    """Name what the order refers to."""
    found = {name: getattr(view, name) for name in LINKED}
    return {f"{name}_id": [Option(str(one.id), one.name)] for name, one in found.items() if one}


def _whose(view: OrderView) -> list[Field]:
    locks = {name: Lock(lock.why, lock.rule) for name, lock in view.locked_fields.items()}
    return [
        Field(
            "account_id",
            "Account",
            view.account.name,
            url=f"/accounts/{view.account.id}",
            locked=locks.get("account_id"),
        ),
        Field(
            "bill_to_id",
            "Bill To",
            view.bill_to.name,
            url=f"/accounts/{view.bill_to.id}",
            locked=locks.get("bill_to_id"),
        ),
    ]


WAITS_BELOW = (
    "It waits for credit, since it goes over the reseller's credit limit: nothing of it is provisioned below until the "
    "limit is raised, something is paid, or the limit is exceeded this once."
)
APPROVAL = {
    "waiting": "It waits for approval, since it goes over the credit limit.",
    "approved": "It was approved by {by}.",
    "refused": "It was refused approval by {by}.",
}


def _credit(view: OrderView, words: Words) -> list[Panel]:
    """Show the figures of an order that somebody has to allow, or has decided about (ORD-05)."""
    if view.credit is None or view.approval == "none":
        return []
    found = view.credit
    waits = view.standing == "back_order" and view.approval == "waiting"
    said = WAITS_BELOW if waits else APPROVAL[view.approval].format(by=found.decided_by)
    unknown = f" There is no rate for {', '.join(found.without_rate)}." if found.without_rate else ""
    note = f"{said}{f' “{found.because}”' if found.because else ''}{unknown}"
    return [Panel("Credit", note=note, fields=_figures(found, words))]


def credit_above(found: UpstreamCreditView | None, words: Words) -> list[Panel]:
    """Show that something waits for credit at the seller above, and why as far as it is one's own to see (UP-47)."""
    if found is None or found.status not in ABOVE:
        return []
    seller = found.seller or "the seller above"
    waits = found.status == "refused" and found.figures is None
    said = FURTHER_UP if waits else ABOVE[found.status]
    fields = _figures(found.figures, words) if found.figures else ()
    title = f"Waiting for credit at {seller}" if found.status == "refused" else "Credit above"
    return [Panel(title, note=said.format(seller=seller), fields=fields)]


def _figures(found: CreditView, words: Words) -> list[Field]:
    figures = (
        ("limit", "Credit limit", found.limit, ""),
        ("open", "Open", found.open, "Charged, not paid yet."),
        ("ordered", "Other orders", found.ordered, "Ordered, not charged yet."),
        ("adds", "This order", found.adds, "At first."),
        ("owed", "Would be owed", found.owed, ""),
        ("over", "Over the limit", found.over, ""),
    )
    return [Field(name, label, _money(amount, words), help=help_) for name, label, amount, help_ in figures]


ABOVE = {
    "asked": "It is provisioned as soon as {seller} has answered that there is credit for it.",
    "refused": "It goes over your credit limit at {seller}, so nothing of it is provisioned yet. It runs by itself "
    "once your limit is raised, something is paid, or {seller} lets it exceed the limit.",
}
FURTHER_UP = "{seller} waits for credit at a seller of his own, so nothing of it is provisioned yet. It runs by itself."


def _charged(work: Work, view: OrderView, words: Words) -> list[Panel]:
    """Show what executing it charged, to who may see charges."""
    shown = view.executed_at and work.actor.may("subscriptions:view")
    return [charges.panel(work, words, "order_id", view.id)] if shown else []


def _money(amount: Money, words: Words) -> str:
    return words.money(amount.amount, amount.currency)


def _totals(view: OrderView, words: Words) -> Panel:
    stats = [
        Stat(CYCLE_NAMES[cycle], words.money(total.amount, total.currency)) for cycle, total in view.totals.items()
    ]
    if view.first != view.total:
        stats.append(Stat("At first", words.money(view.first.amount, view.first.currency)))
    return Panel(stats=stats or [Stat("Total", words.money(view.total.amount, view.total.currency))])


def _side(view: OrderView, words: Words) -> list[Panel]:
    moments = (
        ("Made", view.created_at),
        ("Submitted", view.submitted_at),
        ("Executed", view.executed_at),
        ("Cancelled", view.cancelled_at),
    )
    panels = [Panel("Dates", fields=[Field(label.lower(), label, words.moment(at)) for label, at in moments if at])]
    if view.part_of:
        panels.append(Panel("Delivers a part of", links=[Link(view.part_of.name, f"/orders/{view.part_of.id}")]))
    if view.deliveries:
        links = [Link(f"No. {one.number}: {one.name}", f"/orders/{one.id}") for one in view.deliveries]
        panels.append(Panel("Delivered by", links=links))
    if view.subscriptions:
        links = [Link(one.name, f"/subscriptions/{one.id}") for one in view.subscriptions]
        panels.append(Panel("Subscriptions", links=links))
    return panels
