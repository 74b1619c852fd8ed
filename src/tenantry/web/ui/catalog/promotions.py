"""Promotions: the list, a promotion's page, making and editing one (CAT-03)."""

from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.catalog import actions
from tenantry.catalog.lists import DURATIONS, OFF_KINDS, PROMOTIONS
from tenantry.catalog.queries import promotion_
from tenantry.catalog.views import PromotionView
from tenantry.database import Work
from tenantry.web.http.access import may
from tenantry.web.ui import histories
from tenantry.web.ui.acts import allowed
from tenantry.web.ui.choosing import label, resolved
from tenantry.web.ui.crm.sections import currencies
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Asking, Input, Section, details, labels, named
from tenantry.web.ui.pages import form_page, form_view, list_page, record_page
from tenantry.web.ui.rendering import part, words
from tenantry.web.ui.sales.sections import ANY_PRODUCT, CYCLE_NAMES
from tenantry.web.ui.sheets import Sheet
from tenantry.web.ui.taking import taken
from tenantry.web.ui.views import Action, Empty, Head, Link, Option, Panel
from tenantry.web.words import Words

EDIT = "products:edit"
ALL = Link("Promotions", "/promotions")
NEW = Action("new", "New promotion", "plus", "/promotions/new", primary=True)
SHEET = Sheet(
    PROMOTIONS,
    name="promotions",
    url="/promotions",
    placeholder="Search promotions",
    title="name",
    links={"name": ("/promotions/{}", "id")},
    filters={"duration": "For any time", "active": "In use or not"},
    phone=("off",),
    empty=Empty("No promotions yet", "A promotion takes something off a product for a while.", "discount", NEW),
)
PRODUCT = replace(ANY_PRODUCT, link="/products/{}")
WHAT = (
    Input("cycle", "Billing cycle", "select", none="Each"),
    Input("kind", "Taken off in", "select", required=True),
    Input("off", "Taken off", "number", required=True, help="Percent, or an amount of each unit a cycle."),
    Input("currency", "Currency", "select", help="Of an amount.", none="None: percent"),
    Input("duration", "Given for", "select", required=True),
    Input("cycles", "How many cycles", "number", help="Only for some cycles."),
)
WHEN = Section(
    "To whom and when",
    (
        Input("code", "Code", help="What a buyer types. Empty: it is given by itself."),
        Input("valid_from", "Given from", "date", help="Empty: always."),
        Input("valid_until", "Given until", "date", help="Empty: open."),
        Input("new_customers_only", "New customers only", "checkbox"),
        Input("active", "In use", "checkbox"),
    ),
)
SECTIONS = (Section("Promotion", (Input("name", "Name", required=True), PRODUCT, *WHAT)), WHEN)
DELETED = "Nobody was given it, so nothing remains."

router = APIRouter()


@router.get("/promotions")
@may("products:view")
def promotions(work: Work, request: Request) -> Response:
    """List the promotions."""
    head = Head("Promotions", actions=(allowed(NEW, work.actor, EDIT),))
    return list_page(request, head, SHEET.view(work, request, words(request)))


@router.get("/promotions.csv")
@may("products:view")
def export(work: Work, request: Request) -> Response:
    """Give the list as a file."""
    return SHEET.export(work, request)


@router.get("/promotions/new")
@may(EDIT)
def new(work: Work, request: Request) -> Response:
    """Ask for a promotion."""
    return _form(work, request, None)


@router.post("/promotions/new")
@may(EDIT)
def create(work: Work, request: Request, form: Form) -> Response:
    """Make the promotion."""
    given = taken(form, SECTIONS, words(request))
    made, faults = attempt(
        work, lambda: actions.create_promotion(work, actions.NewPromotion(**resolved(work, SECTIONS, given)))
    )
    if faults:
        return _form(work, request, None, faults, form)
    return goto(request, f"/promotions/{made}", said(f"{given['name']} was created."))


@router.get("/promotions/{id}")
@may("products:view")
def page(work: Work, request: Request, id: Id) -> Response:
    """Show a promotion."""
    view, words_ = promotion_(work, id), words(request)
    buttons = (
        Action("edit", "Edit", "pencil", f"/promotions/{id}/edit"),
        Action("delete", "Delete", "trash", f"/promotions/{id}/delete", "post", danger=True, confirm=DELETED),
    )
    choices = {**_choices(work, words_), "product_id": [Option(str(view.product.id), view.product.name)]}
    groups = details(SECTIONS, _values(view), words_, choices)
    head = Head(
        view.name,
        (ALL,),
        state="active" if view.active else "",
        subtitle=view.code,
        actions=[allowed(one, work.actor, EDIT) for one in buttons],
    )
    recent = histories.panel(work, id, words_, f"/promotions/{id}/history", labels(SECTIONS))
    side = [Panel("History", history=recent.history, more_url=recent.more_url)]
    return record_page(request, head, [Panel(group.title, fields=group.fields) for group in groups], side)


@router.get("/promotions/{id}/history")
@may("products:view")
def its_history(work: Work, request: Request, id: Id, before: str = "") -> Response:
    """Give the lines of its history before those shown."""
    promotion_(work, id)
    url = f"/promotions/{id}/history"
    return part("page/history.html", view=histories.panel(work, id, words(request), url, labels(SECTIONS), before))


@router.get("/promotions/{id}/edit")
@may(EDIT)
def edit(work: Work, request: Request, id: Id) -> Response:
    """Ask for the changes."""
    return _form(work, request, promotion_(work, id))


@router.post("/promotions/{id}/edit")
@may(EDIT)
def save(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Change the promotion."""
    given, asked = taken(form, SECTIONS, words(request)), version(form)
    _, faults = attempt(work, lambda: actions.edit_promotion(work, id, resolved(work, SECTIONS, given), version=asked))
    if faults:
        return _form(work, request, promotion_(work, id), faults, form)
    return goto(request, f"/promotions/{id}", said("The promotion was saved."))


@router.post("/promotions/{id}/delete")
@may(EDIT)
def delete(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Delete the promotion."""
    actions.delete_promotion(work, id)
    return goto(request, ALL.url, said("The promotion was deleted."))


def _values(view: PromotionView | None) -> dict[str, Any]:
    if view is None:
        return {"kind": "percent", "duration": "once", "active": True}
    return {**vars(view), "product_id": view.product.id}


def _choices(work: Work, words_: Words) -> dict[str, list[Option]]:
    return {
        "cycle": named(CYCLE_NAMES),
        "kind": named(OFF_KINDS),
        "currency": list(currencies(work, words_)),
        "duration": named(DURATIONS),
    }


def _form(
    work: Work,
    request: Request,
    view: PromotionView | None,
    faults: Faults | None = None,
    typed: FormData | None = None,
) -> Response:
    words_ = words(request)
    choices = {**_choices(work, words_), "product_id": label(work, "all-products", view.product.id if view else None)}
    form = form_view(
        SECTIONS,
        Asking(words_, _values(view), choices, {}, faults or {}, typed),
        url=f"/promotions/{view.id}/edit" if view else "/promotions/new",
        cancel_url=f"/promotions/{view.id}" if view else ALL.url,
        version=view.version if view else None,
    )
    crumbs = (ALL, Link(view.name, f"/promotions/{view.id}")) if view else (ALL,)
    return form_page(request, Head(f"Edit {view.name}" if view else "New promotion", crumbs), form)
