"""The life of an offer from its page: its items, accept, lose, open again, delete (ORD-04)."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.kernel.problems import NotFound, Refused
from tenantry.sales.offers import actions
from tenantry.sales.offers.actions import NewOfferItem
from tenantry.sales.offers.queries import OfferItemView, OfferView, offer_
from tenantry.web.http.access import may
from tenantry.web.ui.choosing import resolved
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, text, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Asking, Section
from tenantry.web.ui.pages import form_page, form_view
from tenantry.web.ui.rendering import words
from tenantry.web.ui.sales.sections import CHANGED_ITEM, ITEM, item_choices
from tenantry.web.ui.taking import taken
from tenantry.web.ui.views import Head, Link

EDIT = "orders:edit"
ONLY_ORDERED = {"start_on", "trial"}
NEW = (Section("Item", tuple(one for one in ITEM[0].inputs if one.name not in ONLY_ORDERED)),)
CHANGED = (Section("Item", tuple(one for one in CHANGED_ITEM[0].inputs if one.name not in ONLY_ORDERED)),)

router = APIRouter()


@router.get("/offers/{id}/items/new")
@may(EDIT)
def new(work: Work, request: Request, id: Id) -> Response:
    """Ask for an item."""
    return _form(work, request, offer_(work, id), None)


@router.post("/offers/{id}/items/new")
@may(EDIT)
def add(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Add the item."""
    given = taken(form, NEW, words(request))
    price = None if given.get("unit_price") in {"", None} else given["unit_price"]
    given = {**given, "unit_price": price, "discount_percent": given.get("discount_percent") or 0}
    _, faults = attempt(work, lambda: actions.add_offer_item(work, id, NewOfferItem(**resolved(work, NEW, given))))
    if faults:
        placed = Faults({name.rpartition(".")[2]: error for name, error in faults.items()})
        return _form(work, request, offer_(work, id), None, placed, form)
    return goto(request, f"/offers/{id}", said("The item was added."))


@router.get("/offers/{id}/items/{item}/edit")
@may(EDIT)
def edit(work: Work, request: Request, id: Id, item: Id) -> Response:
    """Ask for the changes."""
    view = offer_(work, id)
    return _form(work, request, view, _of(view, item))


@router.post("/offers/{id}/items/{item}/edit")
@may(EDIT)
def save(work: Work, request: Request, id: Id, item: Id, form: Form) -> Response:
    """Change the item; a price that was left empty stays."""
    changes = taken(form, CHANGED, words(request))
    if changes.get("unit_price") == "":
        del changes["unit_price"]
    _, faults = attempt(work, lambda: actions.update_offer_item(work, id, item, changes, version=version(form)))
    if faults:
        view = offer_(work, id)
        return _form(work, request, view, _of(view, item), faults, form)
    return goto(request, f"/offers/{id}", said("The item was saved."))


@router.post("/offers/{id}/items/{item}/delete")
@may(EDIT)
def delete_item(work: Work, request: Request, id: Id, item: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Take the item off the offer."""
    actions.delete_offer_item(work, id, item)
    return goto(request, f"/offers/{id}", said("The item was deleted."))


@router.post("/offers/{id}/accept")
@may(EDIT)
def accept(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Accept the offer."""
    made = actions.accept_offer(work, id)
    return goto(request, f"/orders/{made}", said("The offer was accepted; this is its order, a draft."))


@router.post("/offers/{id}/lose")
@may(EDIT)
def lose(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Mark the offer as lost."""
    actions.lose_offer(work, id, because=text(form, "lose-because"))
    return goto(request, f"/offers/{id}", said("The offer was lost."))


@router.post("/offers/{id}/reopen")
@may(EDIT)
def reopen(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Open the offer again."""
    actions.reopen_offer(work, id)
    return goto(request, f"/offers/{id}", said("The offer is open again."))


@router.post("/offers/{id}/delete")
@may(EDIT)
def delete(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Delete the offer."""
    actions.delete_offer(work, id)
    return goto(request, "/offers", said("The offer was deleted."))


def _form(
    work: Work,
    request: Request,
    view: OfferView,
    item: OfferItemView | None,
    faults: Faults | None = None,
    typed: FormData | None = None,
) -> Response:
    verdict = view.actions["update_item" if item else "add_item"]
    if not verdict:
        raise Refused(verdict)
    base = f"/offers/{view.id}"
    values: dict[str, Any] = {"quantity": 1, "cycle": "monthly", "discount_percent": 0}
    if item:
        promotion = item.promotion.id if item.promotion else None
        values = {**vars(item), "unit_price": item.unit_price.amount, "promotion_id": promotion}
    form = form_view(
        CHANGED if item else NEW,
        Asking(words(request), values, item_choices(work), {}, faults or {}, typed, view.currency),
        url=f"{base}/items/{item.id}/edit" if item else f"{base}/items/new",
        cancel_url=base,
        submit="Save" if item else "Add item",
        version=item.version if item else None,
    )
    title = f"Update {item.product.name}" if item else "Add item"
    return form_page(request, Head(title, (Link("Offers", "/offers"), Link(view.name, base))), form)


def _of(view: OfferView, id_: UUID) -> OfferItemView:
    for item in view.items:
        if item.id == id_:
            return item
    raise NotFound("offer item")
