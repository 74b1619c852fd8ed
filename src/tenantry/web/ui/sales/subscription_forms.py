"""Editing a subscription, and updating prices: the difference first, for one or for many (UP-33, SUB-04)."""

from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import Refused
from tenantry.sales.subscriptions import actions
from tenantry.sales.subscriptions.queries import subscription
from tenantry.sales.subscriptions.repricing import PriceDifference
from tenantry.web.http.access import may
from tenantry.web.ui.crm.sections import ACCESS, access_choices
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, texts, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Asking, Input, Section
from tenantry.web.ui.own_fields import OwnFields, gathered
from tenantry.web.ui.pages import form_page, form_view, record_page
from tenantry.web.ui.rendering import words
from tenantry.web.ui.tables import column, row, whole
from tenantry.web.ui.taking import taken
from tenantry.web.ui.views import Action, Cell, Dialog, Empty, Flash, Head, Link, Panel, Row
from tenantry.web.words import Words

EDIT = "subscriptions:edit"
ALL = Link("Subscriptions", "/subscriptions")
FIELDS = (Section("Subscription", (Input("name", "Name", required=True),)), ACCESS)
COLUMNS = (
    column("Subscription"),
    column("Product"),
    column("Units", number=True),
    column("Now", number=True),
    column("New", number=True),
    column("From"),
)

router = APIRouter()


@router.get("/subscriptions/{id}/edit")
@may(EDIT)
def edit(work: Work, request: Request, id: Id) -> Response:
    """Ask for the changes."""
    return _edit(work, request, id)


@router.post("/subscriptions/{id}/edit")
@may(EDIT)
def save(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Change the subscription."""
    own = OwnFields(work, "subscription")
    changes = gathered(taken(form, [*FIELDS, *own.sections()], words(request)))
    _, faults = attempt(work, lambda: actions.edit_subscription(work, id, changes, version=version(form)))
    if faults:
        return _edit(work, request, id, faults, form)
    return goto(request, f"/subscriptions/{id}", said("The subscription was saved."))


@router.get("/subscriptions/{id}/prices")
@may(EDIT)
def prices(work: Work, request: Request, id: Id) -> Response:
    """Show what an update of its prices would change."""
    view = subscription(work, id)
    if not view.actions["update_prices"]:
        raise Refused(view.actions["update_prices"])
    crumbs = (ALL, Link(view.name, f"/subscriptions/{id}"))
    return _differences(work, request, [id], Head(f"Prices of {view.name}", crumbs))


@router.post("/subscriptions/prices")
@may(EDIT)
def prices_of_many(work: Work, request: Request, form: Form) -> Response:
    """Show what an update would change of those that were chosen."""
    return _differences(work, request, _chosen(form), Head("Update prices", (ALL,)))


@router.post("/subscriptions/price-update")
@may(EDIT)
def update(work: Work, request: Request, form: Form, ids: str = "") -> Response:  # noqa: ARG001 - it carries the token
    """Update them."""
    chosen = [id for one in ids.split(",") if (id := as_id(one))]
    done, faults = attempt(work, lambda: actions.update_prices(work, chosen))
    where = f"/subscriptions/{chosen[0]}" if len(chosen) == 1 else "/subscriptions"
    if faults or done is None:
        wrong = next(iter(faults.values()))
        return goto(request, where, Flash(wrong.message, "bad", wrong.rule))
    many = words(request).counted(len(done), "subscriptions")
    return goto(request, where, said(f"The prices of {many} are updated from the next billing date on."))


def _differences(work: Work, request: Request, ids: list[UUID], head: Head) -> Response:
    found, said_ = actions.price_differences(work, ids), words(request)
    rows = [line for one in found for line in _rows(one, said_)]
    differ = [one for one in found if one.differs]
    empty = Empty("No price differs", "What they pay is what their products cost today.", "tags")
    ask = Action("update", "Update Prices", "refresh", "#update", "dialog", primary=True)
    panel = Panel(
        "Difference",
        note="Prices change with the next billing date; what was charged stays.",
        actions=[ask] if differ else [],
        table=whole("differences", COLUMNS, rows, empty),
    )
    chosen = ",".join(str(one.id) for one in differ)
    many = said_.counted(len(differ), "subscriptions")
    sentence = f"{many} get the prices that stand here as new."
    dialog = Dialog("update", "Update prices?", f"/subscriptions/price-update?ids={chosen}", "Update", (sentence,))
    return record_page(request, head, [panel], (), [dialog] if differ else [])


def _rows(one: PriceDifference, words_: Words) -> list[Row]:
    at = f"/subscriptions/{one.id}"
    if one.why:
        return [row(one.id, (Cell(one.name or "Subscription", at, note=one.why), "", "", "", "", ""))]
    return [
        row(
            f"{one.id}-{price.product_id}",
            (
                Cell(one.name, at),
                price.product,
                words_.number(price.quantity),
                words_.money(price.before.amount, price.before.currency),
                Cell(
                    words_.money(price.after.amount, price.after.currency),
                    note="" if price.before != price.after else "stays",
                ),
                words_.date(one.from_on) if price.before != price.after else "",
            ),
        )
        for price in one.prices
    ]


def _chosen(form: FormData) -> list[UUID]:
    return [id for one in texts(form, "chosen") if (id := as_id(one))]


def _edit(
    work: Work, request: Request, id: UUID, faults: Faults | None = None, typed: FormData | None = None
) -> Response:
    view, own = subscription(work, id), OwnFields(work, "subscription")
    if not view.actions["edit"]:
        raise Refused(view.actions["edit"])
    ids = {
        "responsible_user_id": view.responsible_user.id if view.responsible_user else None,
        "permission_rule_id": view.permission_rule.id if view.permission_rule else None,
    }
    values = {"name": view.name, **ids, **own.values(view.custom_fields)}
    choices = {**access_choices(work), **own.choices()}
    form = form_view(
        [*FIELDS[:-1], *own.sections(), FIELDS[-1]],
        Asking(words(request), values, choices, view.locked_fields, faults or {}, typed),
        url=f"/subscriptions/{id}/edit",
        cancel_url=f"/subscriptions/{id}",
        version=view.version,
    )
    return form_page(request, Head(f"Edit {view.name}", (ALL, Link(view.name, f"/subscriptions/{id}"))), form)
