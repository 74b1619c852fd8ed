"""Products: the list, a product's page, making and editing one (CAT-01)."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.catalog import actions
from tenantry.catalog.lists import KINDS, PRODUCTS, TERMS_DOCUMENTS
from tenantry.catalog.queries import product_
from tenantry.catalog.views import ProductView
from tenantry.database import Work
from tenantry.kernel.problems import Refused
from tenantry.provisioning.queries import systems
from tenantry.rules.policy import Product
from tenantry.tenancy.listing import ListRequest
from tenantry.web.http.access import may
from tenantry.web.ui import histories
from tenantry.web.ui.acts import Button, allowed, drawn
from tenantry.web.ui.catalog.product_relations import dialogs, goes_with
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Asking, Input, Section, details, labels, named, records
from tenantry.web.ui.pages import form_page, form_view, list_page, record_page
from tenantry.web.ui.rendering import part, words
from tenantry.web.ui.sales.sections import CYCLE_NAMES
from tenantry.web.ui.sheets import Sheet
from tenantry.web.ui.tables import column, row, whole
from tenantry.web.ui.taking import taken
from tenantry.web.ui.views import Action, Empty, Head, Link, Option, Panel
from tenantry.web.words import Words

EDIT = "products:edit"
MOST = 200
ALL = Link("Products", "/products")
NEW = Action("new", "New product", "plus", "/products/new", primary=True)
SHEET = Sheet(
    PRODUCTS,
    name="products",
    url="/products",
    placeholder="Search products",
    title="name",
    links={"name": ("/products/{}", "id")},
    filters={"kind": "Any kind", "standing": "Anyone's", "active": "On sale or not"},
    phone=("sku",),
    empty=Empty("No products yet", "Products are what you sell: services, and add-ons to them.", "package", NEW),
)
SECTIONS = (
    Section(
        "Product",
        (
            Input("name", "Name", required=True),
            Input("sku", "SKU", required=True),
            Input("category", "Category"),
            Input("kind", "Kind", "select", required=True),
            Input("unit", "Unit", help="Such as user or GB."),
            Input("provisioning_system_id", "Delivered by", "select", none="Nobody: nothing is delivered"),
            Input("description", "Description", "textarea"),
        ),
    ),
    Section(
        "On sale",
        (
            Input("active", "On sale", "checkbox"),
            Input("in_shop", "Shown in the shop", "checkbox"),
            Input(
                "externally_priced",
                "Priced by an outside system",
                "checkbox",
                help="What it costs a tenant reseller in his tenant is what he pays here.",
            ),
            Input("active_from", "On sale from", "date", help="Empty: always."),
            Input("active_until", "On sale until", "date", help="Empty: until it is taken off sale."),
            Input("min_quantity", "Fewest units", "number", required=True),
            Input("max_quantity", "Most units", "number", help="Empty: no limit."),
            Input("trial_allowed", "Trial allowed", "checkbox"),
            Input("trial_days", "Days of a trial", "number", required=True),
            Input("terms_document_id", "Terms to accept", "select", link="/terms-documents/{}", none="None"),
        ),
    ),
)
BUTTONS = (
    Button("edit", "pencil", "/products/{id}/edit", permission=EDIT),
    Button("set_price", "coins", "/products/{id}/prices/new", permission=EDIT),
    Button("relate_add_on", "plug", "#relate", "dialog", EDIT),
    Button("set_characteristic", "list-details", "#characteristic", "dialog", EDIT),
    Button("add_path", "repeat", "#path", "dialog", EDIT),
    Button("add_plan", "list-details", "/plans/new?product={id}", permission=EDIT),
    Button("delete", "trash", "/products/{id}/delete", "post", EDIT, confirm="Nobody bought it, so nothing remains."),
)

NEW_ONE = {"kind": "service", "active": True, "in_shop": True, "trial_days": 30, "min_quantity": 1}

router = APIRouter()


@router.get("/products")
@may("products:view")
def products(work: Work, request: Request) -> Response:
    """List the products."""
    head = Head("Products", actions=(allowed(NEW, work.actor, EDIT),))
    return list_page(request, head, SHEET.view(work, request, words(request)))


@router.get("/products.csv")
@may("products:view")
def export(work: Work, request: Request) -> Response:
    """Give the list as a file."""
    return SHEET.export(work, request)


@router.get("/products/new")
@may(EDIT)
def new(work: Work, request: Request) -> Response:
    """Ask for a product."""
    return _form(work, request, None)


@router.post("/products/new")
@may(EDIT)
def create(work: Work, request: Request, form: Form) -> Response:
    """Make the product."""
    given = taken(form, SECTIONS, words(request))
    made, faults = attempt(work, lambda: actions.create_product(work, actions.NewProduct(**given)))
    if faults:
        return _form(work, request, None, faults, form)
    return goto(request, f"/products/{made}", said(f"{given['name']} was created. Say what it costs next."))


@router.get("/products/{id}")
@may("products:view")
def page(work: Work, request: Request, id: Id) -> Response:
    """Show a product."""
    view, words_ = product_(work, id), words(request)
    groups = details(SECTIONS, vars(view), words_, _choices(work), view.locked_fields)
    deletes = work.actor.may(EDIT)
    main = [
        *(Panel(group.title, fields=group.fields) for group in groups),
        prices(view, words_, deletes=deletes),
        *goes_with(view, deletes=deletes),
    ]
    recent = histories.panel(work, id, words_, f"/products/{id}/history", labels(SECTIONS))
    side = [
        *([Panel("Plans", links=[Link(one.name, f"/plans/{one.id}") for one in view.plans])] if view.plans else []),
        Panel("History", history=recent.history, more_url=recent.more_url),
    ]
    return record_page(request, _head(work, view), main, side, dialogs(view))


@router.get("/products/{id}/history")
@may("products:view")
def its_history(work: Work, request: Request, id: Id, before: str = "") -> Response:
    """Give the lines of its history before those shown."""
    product_(work, id)
    url = f"/products/{id}/history"
    return part("page/history.html", view=histories.panel(work, id, words(request), url, labels(SECTIONS), before))


@router.get("/products/{id}/edit")
@may(EDIT)
def edit(work: Work, request: Request, id: Id) -> Response:
    """Ask for the changes."""
    view = product_(work, id)
    if not view.actions["edit"]:
        raise Refused(view.actions["edit"])
    return _form(work, request, view)


@router.post("/products/{id}/edit")
@may(EDIT)
def save(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Change the product."""
    view = product_(work, id)
    changes = taken(form, SECTIONS, words(request), view.locked_fields)
    _, faults = attempt(work, lambda: actions.edit_product(work, id, changes, version=version(form)))
    if faults:
        return _form(work, request, view, faults, form)
    return goto(request, f"/products/{id}", said("The product was saved."))


@router.post("/products/{id}/delete")
@may(EDIT)
def delete(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Delete the product."""
    actions.delete_product(work, id)
    return goto(request, "/products", said("The product was deleted."))


def prices(view: ProductView, words_: Words, *, deletes: bool) -> Panel:
    """Give what the product costs."""
    columns = (
        column("Cycle"),
        column("Price", number=True),
        column("Cost", number=True),
        column("Term"),
    )
    may_price = bool(view.actions["set_price"]) and deletes
    rows = [
        row(
            one.id,
            (
                CYCLE_NAMES[one.cycle],
                words_.money(one.price.amount, one.price.currency),
                words_.money(one.cost.amount, one.cost.currency) if one.cost else "",
                f"{one.term_months} months" if one.term_months else "",
            ),
            [_remove(view.id, one.id)] if may_price else (),
        )
        for one in view.prices
    ]
    empty = Empty("No price yet", "Without one it is sold by price lists only.", "coins")
    return Panel("Prices", "For whom no price list says otherwise.", table=whole("prices", columns, rows, empty))


def _remove(product: UUID, price: UUID) -> Action:
    return Action(
        f"remove-{price}",
        "Remove",
        "trash",
        f"/products/{product}/prices/{price}/delete",
        "post",
        danger=True,
        confirm="It is not offered so any more; what was sold keeps its price.",
    )


def _head(work: Work, view: ProductView) -> Head:
    return Head(
        title=view.name,
        crumbs=(ALL,),
        state="" if view.standing == "own" else view.standing,
        subtitle=" · ".join(part for part in (view.sku, view.category, "" if view.active else "Not on sale") if part),
        actions=drawn(BUTTONS, Product, view.actions, work.actor, id=view.id),
    )


def _choices(work: Work) -> dict[str, Any]:
    asked = ListRequest(sort="name", fields=["id", "name", "edition"], limit=MOST)
    terms = TERMS_DOCUMENTS.page(work, asked).items if work.actor.may("products:view") else ()
    return {
        "kind": named(KINDS),
        "provisioning_system_id": records(systems(work)),
        "terms_document_id": [Option(str(one["id"]), f"{one['name']}, {one['edition']}") for one in terms],
    }


def _form(
    work: Work,
    request: Request,
    view: ProductView | None,
    faults: Faults | None = None,
    typed: FormData | None = None,
) -> Response:
    values = vars(view) if view else NEW_ONE
    locks = view.locked_fields if view else {}
    form = form_view(
        SECTIONS,
        Asking(words(request), values, _choices(work), locks, faults or {}, typed),
        url=f"/products/{view.id}/edit" if view else "/products/new",
        cancel_url=f"/products/{view.id}" if view else "/products",
        version=view.version if view else None,
    )
    crumbs = (ALL, Link(view.name, f"/products/{view.id}")) if view else (ALL,)
    return form_page(request, Head(f"Edit {view.name}" if view else "New product", crumbs), form)
