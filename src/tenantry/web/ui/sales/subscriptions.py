"""Subscriptions: the list, and a subscription's page with its figures, its changes and what may be done (SUB-02)."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.rules.policy import Subscription
from tenantry.sales.lists import SUBSCRIPTIONS
from tenantry.sales.queries import Named
from tenantry.sales.subscriptions.queries import subscription
from tenantry.sales.subscriptions.views import AddOnView, ChangeView, SubscriptionView
from tenantry.web.http.access import may
from tenantry.web.ui import histories
from tenantry.web.ui.acts import Button, drawn
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import details
from tenantry.web.ui.own_fields import OwnFields
from tenantry.web.ui.pages import list_page, record_page
from tenantry.web.ui.rendering import part, words
from tenantry.web.ui.sales import charges
from tenantry.web.ui.sales.order_links import numbers, order_cell, order_field
from tenantry.web.ui.sales.orders import credit_above
from tenantry.web.ui.sales.sections import CYCLE_NAMES
from tenantry.web.ui.sales.subscription_head import EDIT, OF_ADD_ON, dialogs, head
from tenantry.web.ui.sheets import Sheet
from tenantry.web.ui.tables import column, row, whole
from tenantry.web.ui.views import Action, Cell, Empty, Field, Head, Lock, Panel
from tenantry.web.words import Words

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

PRICES = Action("update_prices", "Update Prices", "refresh", "/subscriptions/prices", "post")
HIDDEN = {"parted_id", "product_id", "known"}

router = APIRouter()


@router.get("/subscriptions")
@may("subscriptions:view")
def subscriptions(work: Work, request: Request) -> Response:
    """List the subscriptions."""
    view = SHEET.view(work, request, words(request))
    if work.actor.may(EDIT):
        view = replace(view, choose="chosen", bulk=(PRICES,))
    return list_page(request, Head("Subscriptions"), view)


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
    own_fields = details(own.sections(), own.values(view.custom_fields), said, own.choices())
    main = [
        *credit_above(view.upstream_credit, said),
        Panel("Subscription", fields=_fields(view, said)),
        *([_add_ons(work, view, said)] if view.add_ons else []),
        *([_planned(work, view, said)] if any(one.status == "scheduled" for one in view.changes) else []),
        charges.panel(work, said, "subscription_id", id),
        _changes(view, said),
        *(Panel(group.title, fields=group.fields) for group in own_fields),
    ]
    history = histories.panel(work, id, said, f"/subscriptions/{id}/history", orders=numbers(view))
    side = [
        Panel("Dates", fields=_dates(view, said)),
        Panel("History", history=history.history, more_url=history.more_url),
    ]
    return record_page(request, head(view, work.actor, said), main, side, dialogs(work, view, said))


@router.get("/subscriptions/{id}/history")
@may("subscriptions:view")
def its_history(work: Work, request: Request, id: Id, before: str = "") -> Response:
    """Give the lines before those that are shown."""
    view, url = subscription(work, id), f"/subscriptions/{id}/history"
    lines = histories.panel(work, id, words(request), url, {}, before, orders=numbers(view))
    return part("page/history.html", view=lines)


def _fields(view: SubscriptionView, words_: Words) -> list[Field]:
    price, total = view.unit_price, view.total
    locks = _locks(view)
    provisioning = view.provisioning_status.replace("_", " ").capitalize()
    found = [
        _link("account_id", "Account", view.account, "/accounts"),
        _link("bill_to_id", "Bill To", view.bill_to, "/accounts"),
        _link("product_id", "Product", view.product, "/products"),
        order_field(view.order),
        *([_link("split_from", "Parted from", view.split_from, "/subscriptions")] if view.split_from else []),
        Field("quantity", "Quantity", words_.number(view.quantity)),
        Field("unit_price", "Unit price", words_.price(price.amount, price.currency), currency=price.currency),
        Field("discount_percent", "Discount", _taken_off(view, words_)),
        *([_promotion(view, words_)] if view.promotion else []),
        Field("total", "A cycle costs", words_.price(total.amount, total.currency), currency=total.currency),
        Field("cycle", "Billing cycle", CYCLE_NAMES[view.cycle]),
        Field("price_frozen", "Price freeze", "on" if view.price_frozen else "", "checkbox"),
        Field("renew", "Renews itself", "on" if view.renew else "", "checkbox"),
        Field("external_id", "Id over there", view.external_id),
        Field("provisioning_status", "Provisioning", provisioning),
        _link("responsible", "Responsible user", view.responsible_user, ""),
        _link("rule", "Permission rule", view.permission_rule, ""),
    ]
    return [replace(one, locked=locks.get(one.name)) for one in found]


def _dates(view: SubscriptionView, words_: Words) -> list[Field]:
    locks = _locks(view)
    days = (
        ("start_on", "Start", view.start_on),
        ("trial_until", "Trial until", view.trial_until),
        ("paid_from", "Paid from", view.paid_from),
        ("charged_until", "Charged until", view.charged_until),
        ("next_charge_on", "Next charge", view.next_charge_on),
        ("term_until", "Committed until", view.term_until),
        ("suspended_on", "Suspended since", view.suspended_on),
        ("end_on", "Last day", view.end_on),
    )
    return [Field(name, label, words_.date(day), locked=locks.get(name)) for name, label, day in days if day]


def _locks(view: SubscriptionView) -> dict[str, Lock]:
    return {name: Lock(lock.why, lock.rule) for name, lock in view.locked_fields.items()}


def _promotion(view: SubscriptionView, words_: Words) -> Field:
    return Field("promotion", "Promotion", _promised(view, words_))


def _promised(view: SubscriptionView | AddOnView, words_: Words) -> str:
    left = view.promotion_cycles_left
    how = "for good" if left is None else f"for {words_.counted(left, 'cycles')}" if left else "over"
    return f"{view.promotion.name}, {how}" if view.promotion else ""


def _taken_off(view: SubscriptionView | AddOnView, words_: Words) -> str:
    return f"{words_.number(view.discount_percent.normalize())} %" if view.discount_percent else ""


def _link(name: str, label: str, to: Named | None, where: str) -> Field:
    return Field(name, label, to.name if to else "", url=f"{where}/{to.id}" if to and where else "")


def _add_ons(work: Work, view: SubscriptionView, words_: Words) -> Panel:
    ordered, promoted = any(one.order for one in view.add_ons), any(one.promotion for one in view.add_ons)
    columns = (
        column("Add-on"),
        column("Quantity", number=True),
        *([column("Source Type")] if ordered else []),
        column("Unit price", number=True, phone=False),
        *([column("Promotion", phone=False)] if promoted else []),
        column("A cycle", number=True),
    )
    rows = []
    for one in view.add_ons:
        # A column of nothing but dashes would push the buttons off.
        source: tuple[Cell | str, ...] = (order_cell(one.order),) if ordered else ()
        promised: tuple[str, ...] = (_promised(one, words_),) if promoted else ()
        acts = drawn(OF_ADD_ON, Subscription, view.actions, work.actor, product=one.product.id)
        cells: tuple[Cell | str, ...] = (
            Cell(one.product.name, url=f"/products/{one.product.id}"),
            words_.number(one.quantity),
            *source,
            words_.money(one.unit_price.amount, one.unit_price.currency),
            *promised,
            words_.money(one.total.amount, one.total.currency),
        )
        named = [replace(act, name=f"{act.name}-{one.product.id}") for act in acts if act.allowed]
        rows.append(row(one.id, cells, named))
    return Panel("Add-ons", table=whole("add-ons", columns, rows, Empty("No add-ons")))


def _planned(work: Work, view: SubscriptionView, words_: Words) -> Panel:
    columns = (column("Planned"), column("On"), column("By", phone=False))
    rows = [
        row(
            one.id,
            (_what(one), words_.date(one.effective_on), one.actor),
            _withdrawing(work, view, one) if one.kind != "cancellation" else (),
        )
        for one in view.changes
        if one.status == "scheduled"
    ]
    return Panel("Planned changes", table=whole("planned", columns, rows, Empty("Nothing is planned")))


def _withdrawing(work: Work, view: SubscriptionView, one: ChangeView) -> list[Action]:
    button = Button(
        "withdraw_change",
        "arrow-back-up",
        f"/subscriptions/{view.id}/changes/{one.id}/withdraw",
        "post",
        EDIT,
        confirm="It stays as it is.",
        label="Withdraw",
    )
    acts = drawn((button,), Subscription, view.actions, work.actor)
    return [replace(act, name=f"{act.name}-{one.id}") for act in acts if act.allowed]


def _changes(view: SubscriptionView, words_: Words) -> Panel:
    columns = (
        column("Change"),
        column("From"),
        column("Before", phone=False),
        column("After"),
        column("Order", phone=False),
        column("State"),
    )
    rows = [
        row(
            one.id,
            (
                Cell(_what(one), note=one.problem),
                words_.date(one.effective_on),
                _told(one.before or {}, words_),
                _told(one.after, words_),
                order_cell(one.order),
                Cell(one.status.capitalize(), state=one.status),
            ),
        )
        for one in view.changes
    ]
    empty = Empty("Nothing has changed yet", "Every change stands here with its day.", "history")
    return Panel("Changes", table=whole("changes", columns, rows, empty))


def _what(one: ChangeView) -> str:
    kind = one.kind.replace("_", " ").capitalize()
    return f"{kind}: {one.product.name}" if one.product else kind


def _told(values: Mapping[str, Any], words_: Words) -> str:
    said = {name: value for name, value in values.items() if value is not None and name not in HIDDEN}
    return ", ".join(f"{histories.label(name, {}).lower()} {_plain(value, words_)}" for name, value in said.items())


def _plain(value: Any, words_: Words) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return words_.number(value)
    try:
        return words_.number(Decimal(str(value)).normalize())
    except InvalidOperation:
        return words_.sentence(str(value))
