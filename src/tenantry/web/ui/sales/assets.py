"""Assets: the list, an asset's page, editing it, and taking it back (ORD-03)."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.charging.queries import charges_of
from tenantry.database import Work
from tenantry.kernel.problems import Refused
from tenantry.rules.policy import Asset
from tenantry.sales.assets import actions
from tenantry.sales.assets.queries import ASSETS, AssetView, asset_
from tenantry.sales.queries import Named
from tenantry.web.http.access import may
from tenantry.web.ui import histories
from tenantry.web.ui.acts import Button, asks_why, drawn
from tenantry.web.ui.crm.sections import ACCESS, access_choices
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, text, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Asking, Input, Section
from tenantry.web.ui.pages import form_page, form_view, list_page, record_page
from tenantry.web.ui.rendering import part, words
from tenantry.web.ui.sales import charges
from tenantry.web.ui.sales.order_links import order_field
from tenantry.web.ui.sheets import Sheet
from tenantry.web.ui.taking import taken
from tenantry.web.ui.views import Dialog, Empty, Field, Head, Link, Lock, Panel, Ribbon
from tenantry.web.words import Words

EDIT = "subscriptions:edit"
ALL = Link("Assets", "/assets")
BAR = (
    Button("edit", "pencil", "/assets/{id}/edit", permission=EDIT),
    Button("take_back", "arrow-back-up", "#take_back", "dialog", EDIT),
)
FIELDS = (
    Section(
        "Asset",
        (
            Input("name", "Name", required=True),
            Input("serial_number", "Serial number", help="Or the name of a licence key; never the key itself."),
        ),
    ),
    ACCESS,
)
SHEET = Sheet(
    ASSETS,
    name="assets",
    url="/assets",
    placeholder="Search assets",
    title="name",
    links={
        "name": ("/assets/{}", "id"),
        "account": ("/accounts/{}", "account_id"),
        "product": ("/products/{}", "product_id"),
    },
    filters={"status": "Any status"},
    phone=("status",),
    empty=Empty("No assets yet", "What is paid once becomes an asset when its order is executed.", "package"),
)

router = APIRouter()


@router.get("/assets")
@may("subscriptions:view")
def assets(work: Work, request: Request) -> Response:
    """List the assets."""
    return list_page(request, Head("Assets"), SHEET.view(work, request, words(request)))


@router.get("/assets.csv")
@may("subscriptions:view")
def export(work: Work, request: Request) -> Response:
    """Give the list as a file."""
    return SHEET.export(work, request)


@router.get("/assets/{id}")
@may("subscriptions:view")
def page(work: Work, request: Request, id: Id) -> Response:
    """Show an asset."""
    view, said_ = asset_(work, id), words(request)
    head = Head(
        title=view.name,
        crumbs=(ALL, Link(view.account.name, f"/accounts/{view.account.id}")),
        state=view.status,
        subtitle=said_.money(view.total.amount, view.total.currency),
        ribbon=Ribbon(view.ribbon, "managed") if view.ribbon else None,
        actions=drawn(BAR, Asset, view.actions, work.actor, id=id),
    )
    main = [Panel("Asset", fields=_fields(view, said_)), charges.panel(work, said_, "asset_id", id)]
    history = histories.panel(work, id, said_, f"/assets/{id}/history")
    side = [Panel("History", history=history.history, more_url=history.more_url)]
    return record_page(request, head, main, side, _dialogs(work, view, said_))


@router.get("/assets/{id}/history")
@may("subscriptions:view")
def its_history(work: Work, request: Request, id: Id, before: str = "") -> Response:
    """Give the lines before those that are shown."""
    asset_(work, id)
    view = histories.panel(work, id, words(request), f"/assets/{id}/history", {}, before)
    return part("page/history.html", view=view)


@router.get("/assets/{id}/edit")
@may(EDIT)
def edit(work: Work, request: Request, id: Id) -> Response:
    """Ask for the changes."""
    return _edit(work, request, id)


@router.post("/assets/{id}/edit")
@may(EDIT)
def save(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Change the asset."""
    changes = taken(form, FIELDS, words(request))
    _, faults = attempt(work, lambda: actions.edit_asset(work, id, changes, version=version(form)))
    if faults:
        return _edit(work, request, id, faults, form)
    return goto(request, f"/assets/{id}", said("The asset was saved."))


@router.post("/assets/{id}/take-back")
@may(EDIT)
def take_back(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Take the asset back."""
    currency = asset_(work, id).total.currency
    amount = actions.take_back(work, id, because=text(form, "take_back-because"))
    back = words(request).money(-amount, currency)
    return goto(request, f"/assets/{id}", said(f"The asset was taken back; {back} is given back."))


def _dialogs(work: Work, view: AssetView, words_: Words) -> Sequence[Dialog]:
    if not view.actions["take_back"]:
        return ()
    owed = sum((one.owed.amount for one in charges_of(work, "asset_id", view.id, latest=0).sums), Decimal(0))
    sentence = f"{words_.money(owed, view.total.currency)} is given back, before tax."
    return (asks_why("take_back", "Take this asset back?", f"/assets/{view.id}/take-back", "Take back", sentence),)


def _fields(view: AssetView, words_: Words) -> list[Field]:
    locks = {name: Lock(lock.why, lock.rule) for name, lock in view.locked_fields.items()}
    price = view.unit_price
    found = [
        _link("account_id", "Account", view.account, "/accounts"),
        _link("bill_to_id", "Bill To", view.bill_to, "/accounts"),
        _link("product_id", "Product", view.product, "/products"),
        order_field(view.order),
        Field("quantity", "Quantity", words_.number(view.quantity)),
        Field("unit_price", "Unit price", words_.price(price.amount, price.currency), currency=price.currency),
        Field("bought_on", "Bought", words_.date(view.bought_on)),
        Field("serial_number", "Serial number", view.serial_number),
        _link("responsible", "Responsible user", view.responsible_user, ""),
        _link("rule", "Permission rule", view.permission_rule, ""),
    ]
    return [replace(one, locked=locks.get(one.name)) for one in found]


def _link(name: str, label: str, to: Named | None, where: str) -> Field:
    return Field(name, label, to.name if to else "", url=f"{where}/{to.id}" if to and where else "")


def _edit(
    work: Work, request: Request, id: UUID, faults: Faults | None = None, typed: FormData | None = None
) -> Response:
    view = asset_(work, id)
    if not view.actions["edit"]:
        raise Refused(view.actions["edit"])
    values = {
        "name": view.name,
        "serial_number": view.serial_number,
        "responsible_user_id": view.responsible_user.id if view.responsible_user else None,
        "permission_rule_id": view.permission_rule.id if view.permission_rule else None,
    }
    form = form_view(
        FIELDS,
        Asking(words(request), values, access_choices(work), view.locked_fields, faults or {}, typed),
        url=f"/assets/{id}/edit",
        cancel_url=f"/assets/{id}",
        version=view.version,
    )
    return form_page(request, Head(f"Edit {view.name}", (ALL, Link(view.name, f"/assets/{id}"))), form)
