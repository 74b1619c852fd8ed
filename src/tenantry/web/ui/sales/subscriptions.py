"""Subscriptions: the list, and a subscription's page; they are only read for now."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tenantry.crm.subjects import may_note
from tenantry.database import Work
from tenantry.sales.lists import SUBSCRIPTIONS
from tenantry.sales.queries import Named, SubscriptionView, subscription
from tenantry.web.http.access import may
from tenantry.web.ui import histories
from tenantry.web.ui.acts import allowed, refused
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import details
from tenantry.web.ui.own_fields import OwnFields
from tenantry.web.ui.pages import list_page, record_page
from tenantry.web.ui.rendering import part, words
from tenantry.web.ui.sales import charges
from tenantry.web.ui.sales.sections import CYCLE_NAMES
from tenantry.web.ui.sheets import Sheet
from tenantry.web.ui.tables import column, row, whole
from tenantry.web.ui.views import Action, Cell, Empty, Field, Head, Link, Panel
from tenantry.web.ui.words import Words

SHEET = Sheet(
    SUBSCRIPTIONS,
    name="subscriptions",
    url="/subscriptions",
    placeholder="Search subscriptions",
    title="name",
    links={
        "name": ("/subscriptions/{}", "id"),
        "account": ("/accounts/{}", "account_id"),
        "product": ("/products/{}", "product_id"),
    },
    filters={"status": "Any status", "cycle": "Any cycle"},
    phone=("status",),
    empty=Empty("No subscriptions yet", "An order that is executed starts them.", "repeat"),
)

router = APIRouter()


@router.get("/subscriptions")
@may("subscriptions:view")
def subscriptions(work: Work, request: Request) -> Response:
    """List the subscriptions."""
    return list_page(request, Head("Subscriptions"), SHEET.view(work, request, words(request)))


@router.get("/subscriptions.csv")
@may("subscriptions:view")
def export(work: Work, request: Request) -> Response:
    """Give the list as a file."""
    return SHEET.export(work, request)


@router.get("/subscriptions/{id}")
@may("subscriptions:view")
def page(work: Work, request: Request, id: Id) -> Response:
    """Show a subscription."""
    view, said, own = subscription(work, id), words(request), OwnFields(work, "subscription")
    add = Action("add_activity", "Add Activity", "calendar-event", f"/activities/new?about=subscription&id={id}")
    may = may_note(work, "subscription", id)
    head = Head(
        title=view.name,
        crumbs=(Link("Subscriptions", "/subscriptions"), Link(view.account.name, f"/accounts/{view.account.id}")),
        state=view.status,
        subtitle=f"{said.money(view.total.amount, view.total.currency)} · {CYCLE_NAMES[view.cycle]}",
        actions=(allowed(add, work.actor, "activities:edit") if may else refused(add, may),),
    )
    own_fields = details(own.sections(), own.values(view.custom_fields), said, own.choices())
    main = [
        Panel("Subscription", fields=_fields(view, said)),
        *([_add_ons(view, said)] if view.add_ons else []),
        charges.panel(work, said, "subscription_id", id),
        *(Panel(group.title, fields=group.fields) for group in own_fields),
    ]
    history = histories.panel(work, id, said, f"/subscriptions/{id}/history")
    side = [Panel("History", history=history.history, more_url=history.more_url)]
    return record_page(request, head, main, side)


@router.get("/subscriptions/{id}/history")
@may("subscriptions:view")
def its_history(work: Work, request: Request, id: Id, before: str = "") -> Response:
    """Give the lines before those that are shown."""
    subscription(work, id)
    url = f"/subscriptions/{id}/history"
    return part("page/history.html", view=histories.panel(work, id, words(request), url, {}, before))


def _fields(view: SubscriptionView, words_: Words) -> list[Field]:
    price = view.unit_price
    return [
        _link("account", "Account", view.account, "/accounts"),
        _link("bill_to", "Bill To", view.bill_to, "/accounts"),
        _link("product", "Product", view.product, "/products"),
        _link("order", "Order", view.order, "/orders"),
        Field("quantity", "Quantity", words_.number(view.quantity)),
        Field("unit_price", "Unit price", words_.price(price.amount, price.currency), currency=price.currency),
        Field("cycle", "Billing cycle", CYCLE_NAMES[view.cycle]),
        Field("start_on", "Start", words_.date(view.start_on)),
        Field("end_on", "End", words_.date(view.end_on)),
        Field("renew", "Renews itself", "on" if view.renew else "", "checkbox"),
        Field("external_id", "Id over there", view.external_id),
        Field("provisioning", "Provisioning", view.provisioning_status.replace("_", " ").capitalize()),
        _link("responsible", "Responsible user", view.responsible_user, ""),
        _link("rule", "Permission rule", view.permission_rule, ""),
    ]


def _link(name: str, label: str, to: Named | None, where: str) -> Field:
    return Field(name, label, to.name if to else "", url=f"{where}/{to.id}" if to and where else "")


def _add_ons(view: SubscriptionView, words_: Words) -> Panel:
    columns = (column("Add-on"), column("Quantity", number=True), column("Unit price", number=True))
    rows = [
        row(
            one.id,
            (
                Cell(one.product.name, url=f"/products/{one.product.id}"),
                words_.number(one.quantity),
                words_.money(one.unit_price.amount, one.unit_price.currency),
            ),
        )
        for one in view.add_ons
    ]
    return Panel("Add-ons", table=whole("add-ons", columns, rows, Empty("No add-ons")))
