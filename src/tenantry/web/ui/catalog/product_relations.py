"""What a product goes with: characteristics, the ways up and down from it, its add-ons (CAT-01)."""

from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tenantry.catalog import actions
from tenantry.catalog.views import ProductView
from tenantry.database import Work
from tenantry.kernel.problems import NotFound
from tenantry.web.http.access import may
from tenantry.web.ui.choosing import meant
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Form, text
from tenantry.web.ui.ids import Id
from tenantry.web.ui.tables import column, row, whole
from tenantry.web.ui.views import Action, Cell, Dialog, Empty, Field, Option, Panel

EDIT = "products:edit"
WAYS = {"upgrade": "Upgrade", "downgrade": "Downgrade"}

router = APIRouter()


@router.post("/products/{id}/add-ons")
@may(EDIT)
def relate(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Let an add-on be bought with the product."""
    actions.relate_add_on(work, id, _meant(work, "add-ons", text(form, "add_on_id"), "add-on"))
    return goto(request, f"/products/{id}", said("The add-on can be bought with it now."))


@router.post("/products/{id}/add-ons/{add_on}/delete")
@may(EDIT)
def unrelate(work: Work, request: Request, id: Id, add_on: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Let the add-on no longer be bought with the product."""
    actions.unrelate_add_on(work, id, add_on)
    return goto(request, f"/products/{id}", said("The add-on is no longer bought with it."))


@router.post("/products/{id}/characteristics")
@may(EDIT)
def set_characteristic(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Say something of the product."""
    actions.set_characteristic(work, id, text(form, "name"), text(form, "value"))
    return goto(request, f"/products/{id}", said("The characteristic was set."))


@router.post("/products/{id}/characteristics/{characteristic}/delete")
@may(EDIT)
def remove_characteristic(work: Work, request: Request, id: Id, characteristic: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Say it no longer."""
    actions.remove_characteristic(work, id, characteristic)
    return goto(request, f"/products/{id}", said("The characteristic was removed."))


@router.post("/products/{id}/paths")
@may(EDIT)
def add_path(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Let subscriptions go up or down to another product."""
    actions.add_path(work, id, text(form, "kind"), _meant(work, "all-products", text(form, "to_product_id"), "product"))
    return goto(request, f"/products/{id}", said("Subscriptions may go that way now."))


@router.post("/products/{id}/paths/{to}/delete")
@may(EDIT)
def remove_path(work: Work, request: Request, id: Id, to: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Let them go that way no longer."""
    actions.remove_path(work, id, to)
    return goto(request, f"/products/{id}", said("Subscriptions may no longer go that way."))


def goes_with(view: ProductView, *, deletes: bool) -> list[Panel]:
    """Give what is said of a product, where it leads, and what is bought with it; what is empty is left out."""
    base = f"/products/{view.id}"
    says, leads, adds = (
        deletes and bool(view.actions[name]) for name in ("set_characteristic", "add_path", "relate_add_on")
    )
    said_ = [
        row(one.id, (one.name, one.value), _gone(says, one.id, f"{base}/characteristics/{one.id}"))
        for one in view.characteristics
    ]
    ways = [
        row(
            one.id,
            (WAYS[one.kind], Cell(one.name, f"/products/{one.id}", one.sku)),
            _gone(leads, one.id, f"{base}/paths/{one.id}"),
        )
        for one in view.paths
    ]
    bought = [
        row(one.id, (Cell(one.name, f"/products/{one.id}"),), _gone(adds, one.id, f"{base}/add-ons/{one.id}"))
        for one in view.add_ons
    ]
    none = Empty("Nothing yet")
    tables = (
        ("Characteristics", whole("characteristics", (column("What"), column("Value")), said_, none)),
        ("Upgrades and downgrades", whole("paths", (column("Way"), column("To")), ways, none)),
        ("Add-ons", whole("add-ons", (column("Add-on"),), bought, none)),
    )
    return [Panel(title, table=table) for title, table in tables if table.rows]


def dialogs(view: ProductView) -> list[Dialog]:
    """Give the pop-ups in which they are chosen."""
    base, found = f"/products/{view.id}", []
    if view.actions["relate_add_on"]:
        field = _field("add_on_id", "Add-on", "add-ons")
        found.append(Dialog("relate", "Relate an add-on", f"{base}/add-ons", "Relate", (), (field,)))
    if view.actions["set_characteristic"]:
        fields = (
            Field("name", "What is said", help="Such as storage.", required=True),
            Field("value", "Value", required=True),
        )
        found.append(Dialog("characteristic", "Add a characteristic", f"{base}/characteristics", "Add", (), fields))
    if view.actions["add_path"]:
        ways = [Option(way, label) for way, label in WAYS.items()]
        fields = (
            Field("kind", "Way", "upgrade", "select", options=ways, required=True),
            _field("to_product_id", "To", "add-ons" if view.kind == "add_on" else "services"),
        )
        sentences = ("Subscriptions of this product may be changed to the other one.",)
        found.append(Dialog("path", "Add an upgrade or downgrade", f"{base}/paths", "Add", sentences, fields))
    return found


def _field(name: str, label: str, among: str) -> Field:
    return Field(
        name,
        label,
        kind="lookup",
        help="Type a part of its name, or its SKU.",
        required=True,
        autocomplete="off",
        choices_url=f"/choices/{among}",
    )


def _meant(work: Work, among: str, typed: str, what: str) -> UUID:
    found = meant(work, among, typed)
    if found is None:
        raise NotFound(what)
    return found


def _gone(offered: bool, id: UUID, url: str) -> tuple[Action, ...]:  # noqa: FBT001 - whether there is a button
    return (Action(f"remove-{id}", "Remove", "trash", f"{url}/delete", "post", danger=True),) if offered else ()
