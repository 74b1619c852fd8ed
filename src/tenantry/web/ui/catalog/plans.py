"""Plans: the list, a plan's page, making and renaming one (CAT-21)."""

from dataclasses import replace

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.catalog import actions
from tenantry.catalog.lists import PLANS, STANDINGS
from tenantry.catalog.queries import plan_
from tenantry.catalog.views import PlanView
from tenantry.database import Work
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import Refused
from tenantry.rules.policy import Plan
from tenantry.web.http.access import may
from tenantry.web.ui import histories
from tenantry.web.ui.acts import Button, allowed, drawn
from tenantry.web.ui.choosing import label, resolved
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Asking, Input, Section, details, labels, named
from tenantry.web.ui.pages import form_page, form_view, list_page, record_page
from tenantry.web.ui.rendering import part, words
from tenantry.web.ui.sales.sections import ANY_PRODUCT
from tenantry.web.ui.sheets import Sheet
from tenantry.web.ui.taking import taken
from tenantry.web.ui.views import Action, Empty, Head, Link, Option, Panel

EDIT = "products:edit"
ALL = Link("Plans", "/plans")
NEW = Action("new", "New plan", "plus", "/plans/new", primary=True)
SHEET = Sheet(
    PLANS,
    name="plans",
    url="/plans",
    placeholder="Search plans",
    title="name",
    links={"name": ("/plans/{}", "id"), "product": ("/products/{}", "product_id")},
    filters={"standing": "Anyone's"},
    phone=("product",),
    empty=Empty("No plans yet", "A plan is a way in which you sell a product.", "list-details", NEW),
)
NAME = Input("name", "Name", required=True)
PRODUCT = replace(ANY_PRODUCT, link="/products/{}")
ASKED = (Section("Plan", (NAME, PRODUCT)),)
RENAMED = (Section("Plan", (NAME,)),)
SHOWN = (Section("Plan", (NAME, PRODUCT, Input("standing", "Whose", "select"))),)
DESCENDS = Input("descends_from_name", "Descends from", help="As it is called at the distributor.")
BUTTONS = (
    Button("edit", "pencil", "/plans/{id}/edit", permission=EDIT),
    Button(
        "delete",
        "trash",
        "/plans/{id}/delete",
        "post",
        EDIT,
        confirm="What descends from it at tenant resellers is withdrawn when they are updated.",
    ),
)

router = APIRouter()


@router.get("/plans")
@may("products:view")
def plans(work: Work, request: Request) -> Response:
    """List the plans."""
    head = Head("Plans", actions=(allowed(NEW, work.actor, EDIT),))
    return list_page(request, head, SHEET.view(work, request, words(request)))


@router.get("/plans.csv")
@may("products:view")
def export(work: Work, request: Request) -> Response:
    """Give the list as a file."""
    return SHEET.export(work, request)


@router.get("/plans/new")
@may(EDIT)
def new(work: Work, request: Request, product: str = "") -> Response:
    """Ask for a plan, of the product that it was asked from."""
    return _form(work, request, None, product=product)


@router.post("/plans/new")
@may(EDIT)
def create(work: Work, request: Request, form: Form) -> Response:
    """Make the plan."""
    given = taken(form, ASKED, words(request))
    made, faults = attempt(work, lambda: actions.create_plan(work, actions.NewPlan(**resolved(work, ASKED, given))))
    if faults:
        return _form(work, request, None, faults, form)
    return goto(request, f"/plans/{made}", said(f"{given['name']} was created."))


@router.get("/plans/{id}")
@may("products:view")
def page(work: Work, request: Request, id: Id) -> Response:
    """Show a plan."""
    view, words_ = plan_(work, id), words(request)
    choices = {"product_id": [Option(str(view.product.id), view.product.name)], "standing": named(STANDINGS)}
    sections = [replace(SHOWN[0], inputs=(*SHOWN[0].inputs, *((DESCENDS,) if view.descends_from_id else ())))]
    groups = details(sections, {**vars(view), "product_id": view.product.id}, words_, choices)
    head = Head(
        view.name,
        (ALL,),
        state="" if view.standing == "own" else view.standing,
        subtitle=view.product.name,
        actions=drawn(BUTTONS, Plan, view.actions, work.actor, id=id),
    )
    recent = histories.panel(work, id, words_, f"/plans/{id}/history", labels(SHOWN))
    side = [Panel("History", history=recent.history, more_url=recent.more_url)]
    return record_page(request, head, [Panel(group.title, fields=group.fields) for group in groups], side)


@router.get("/plans/{id}/history")
@may("products:view")
def its_history(work: Work, request: Request, id: Id, before: str = "") -> Response:
    """Give the lines of its history before those shown."""
    plan_(work, id)
    url = f"/plans/{id}/history"
    return part("page/history.html", view=histories.panel(work, id, words(request), url, labels(SHOWN), before))


@router.get("/plans/{id}/edit")
@may(EDIT)
def edit(work: Work, request: Request, id: Id) -> Response:
    """Ask for the name."""
    view = plan_(work, id)
    if not view.actions["edit"]:
        raise Refused(view.actions["edit"])
    return _form(work, request, view)


@router.post("/plans/{id}/edit")
@may(EDIT)
def save(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Rename the plan."""
    changes, asked = taken(form, RENAMED, words(request)), version(form)
    _, faults = attempt(work, lambda: actions.edit_plan(work, id, changes, version=asked))
    if faults:
        return _form(work, request, plan_(work, id), faults, form)
    return goto(request, f"/plans/{id}", said("The plan was saved."))


@router.post("/plans/{id}/delete")
@may(EDIT)
def delete(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Delete the plan."""
    actions.delete_plan(work, id)
    return goto(request, ALL.url, said("The plan was deleted."))


def _form(
    work: Work,
    request: Request,
    view: PlanView | None,
    faults: Faults | None = None,
    typed: FormData | None = None,
    product: str = "",
) -> Response:
    sold = as_id(product)
    form = form_view(
        RENAMED if view else ASKED,
        Asking(
            words(request),
            vars(view) if view else {"product_id": sold},
            {"product_id": label(work, "all-products", sold)},
            {},
            faults or {},
            typed,
        ),
        url=f"/plans/{view.id}/edit" if view else "/plans/new",
        cancel_url=f"/plans/{view.id}" if view else ALL.url,
        version=view.version if view else None,
    )
    crumbs = (ALL, Link(view.name, f"/plans/{view.id}")) if view else (ALL,)
    return form_page(request, Head(f"Edit {view.name}" if view else "New plan", crumbs), form)
