"""Offers: the list, a page with its items, making and editing one (ORD-04, TEN-25)."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.crm import queries as crm
from tenantry.database import Work
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import Refused
from tenantry.rules.policy import Offer
from tenantry.sales.defaults import today
from tenantry.sales.offer_lists import OFFERS
from tenantry.sales.offers import actions
from tenantry.sales.offers.actions import NewOffer
from tenantry.sales.offers.queries import OfferItemView, OfferView, offer_
from tenantry.sales.opportunities.queries import opportunity_
from tenantry.tenancy import queries
from tenantry.tenancy.api_options import defaults_for_person
from tenantry.web.http.access import may
from tenantry.web.papers.answers import shown
from tenantry.web.papers.offers import print_out
from tenantry.web.ui import histories
from tenantry.web.ui.acts import Button, asks_why, drawn
from tenantry.web.ui.crm.sections import ACCESS
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, text, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Asking, Choices, Input, Section, details, labels, records
from tenantry.web.ui.pages import form_page, form_view, list_page, record_page
from tenantry.web.ui.rendering import part, words
from tenantry.web.ui.sales.sections import CYCLE_NAMES, order_choices
from tenantry.web.ui.sheets import Sheet
from tenantry.web.ui.tables import column, row, whole
from tenantry.web.ui.taking import taken
from tenantry.web.ui.views import Cell, Dialog, Empty, Field, Head, Link, Option, Panel, Row, Stat
from tenantry.web.words import Words

EDIT = "orders:edit"
ALL = Link("Offers", "/offers")
SECTIONS = (
    Section(
        "Offer",
        (
            Input("name", "Name", required=True),
            Input("offered_on", "Date", "date", required=True),
            Input("valid_until", "Valid until", "date", help="The last day it may be accepted. Empty: any day."),
            Input("contact_id", "Contact", "select", link="/contacts/{}"),
            Input("note", "Note", "textarea", help="Stands on the document."),
        ),
    ),
    ACCESS,
)
PRICES = Input("price_list_id", "Price list", "select", none="The account's")
NEW = (Section("Offer", (*SECTIONS[0].inputs, PRICES)), ACCESS)
SHEET = Sheet(
    OFFERS,
    name="offers",
    url="/offers",
    placeholder="Search offers",
    title="name",
    links={"name": ("/offers/{}", "id"), "account": ("/accounts/{}", "account_id")},
    filters={"status": "Any status", "responsible_user_id": "Anyone responsible"},
    phone=("status",),
    empty=Empty("No offers yet", "What an account could buy, and for how much. Make them on its page.", "note"),
)
AT = "/offers/{id}"
BAR = (
    Button("edit", "pencil", f"{AT}/edit", permission=EDIT),
    Button("accept", "check", f"{AT}/accept", "post", EDIT, confirm="A draft order is made of it.", primary=True),
    Button("lose", "ban", "#lose", "dialog", EDIT),
    Button("print_out", "file-text", f"{AT}/print-out"),
)
SHORTCUTS = (
    Button("reopen", "arrow-back-up", f"{AT}/reopen", "post", EDIT),
    Button("delete", "trash", f"{AT}/delete", "post", EDIT, confirm="The offer and its items are gone."),
)
ADDING = (Button("add_item", "plus", f"{AT}/items/new", permission=EDIT),)
CHANGING = (
    Button("update_item", "pencil", f"{AT}/items/{{item}}/edit", permission=EDIT, label="Update"),
    Button(
        "delete_item",
        "trash",
        f"{AT}/items/{{item}}/delete",
        "post",
        EDIT,
        confirm="It is taken off the offer.",
        label="Delete",
    ),
)
COLUMNS = (
    column("Product"),
    column("Cycle"),
    column("Quantity", number=True),
    column("Unit price", number=True),
    column("Taken off", number=True, phone=False),
    column("Total", number=True),
)

router = APIRouter()


@router.get("/offers")
@may("orders:view")
def offers(work: Work, request: Request) -> Response:
    """List the offers."""
    choices = {"responsible_user_id": records(queries.people(work))}
    return list_page(request, Head("Offers"), SHEET.view(work, request, words(request), choices=choices))


@router.get("/offers.csv")
@may("orders:view")
def export(work: Work, request: Request) -> Response:
    """Give the list as a file."""
    return SHEET.export(work, request)


@router.get("/offers/new")
@may(EDIT)
def new(work: Work, request: Request, account: str = "", opportunity: str = "") -> Response:
    """Ask for an offer, of an account or of one of its opportunities."""
    led = opportunity_(work, as_id(opportunity) or UUID(int=0)) if opportunity else None
    values = {"name": led.name} if led else {}
    account_id = led.account.id if led else as_id(account) or UUID(int=0)
    return _new(work, request, account_id, led.id if led else None, values)


@router.post("/offers/new")
@may(EDIT)
def create(work: Work, request: Request, form: Form) -> Response:
    """Make the offer."""
    account_id, led = as_id(text(form, "account_id")) or UUID(int=0), as_id(text(form, "opportunity_id"))
    given = taken(form, NEW, words(request))
    wanted = NewOffer(account_id=account_id, opportunity_id=led, **given)
    made, faults = attempt(work, lambda: actions.create_offer(work, wanted))
    if faults or made is None:
        return _new(work, request, account_id, led, {}, faults, form)
    return goto(request, f"/offers/{made}", said("The offer was created. Add what is offered."))


@router.get("/offers/{id}")
@may("orders:view")
def page(work: Work, request: Request, id: Id) -> Response:
    """Show an offer with its items."""
    view, words_ = offer_(work, id), words(request)
    groups = details(SECTIONS, _values(view), words_, _names(view))
    account = Field("account_id", "Account", view.account.name, url=f"/accounts/{view.account.id}")
    stats = [Stat(CYCLE_NAMES[cycle], words_.money(one.amount, one.currency)) for cycle, one in view.totals.items()]
    stats.append(Stat("At first", words_.money(view.first.amount, view.first.currency)))
    main = [
        Panel(stats=stats),
        _items(work, view, words_),
        Panel(groups[0].title, fields=(account, *groups[0].fields)),
        Panel(groups[1].title, fields=groups[1].fields),
        *_around(work, request, view),
    ]
    return record_page(request, _head(view, work, words_), main, (), _dialogs(view))


@router.get("/offers/{id}/print-out")
@may("orders:view")
def its_print_out(work: Work, id: Id) -> Response:
    """Give an offer's document, to be read in the browser."""
    return shown(*print_out(work, id))


@router.get("/offers/{id}/history")
@may("orders:view")
def its_history(work: Work, request: Request, id: Id, before: str = "") -> Response:
    """Give the lines before those that are shown."""
    offer_(work, id)
    return part("page/history.html", view=_history(work, request, id, before))


@router.get("/offers/{id}/edit")
@may(EDIT)
def edit(work: Work, request: Request, id: Id) -> Response:
    """Ask for the changes."""
    return _edit(work, request, id)


@router.post("/offers/{id}/edit")
@may(EDIT)
def save(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Change the offer."""
    changes = taken(form, SECTIONS, words(request))
    _, faults = attempt(work, lambda: actions.edit_offer(work, id, changes, version=version(form)))
    if faults:
        return _edit(work, request, id, faults, form)
    return goto(request, f"/offers/{id}", said("The offer was saved."))


def _head(view: OfferView, work: Work, words_: Words) -> Head:
    return Head(
        view.name,
        crumbs=(ALL, Link(view.account.name, f"/accounts/{view.account.id}")),
        state=view.status,
        subtitle=f"No. {view.number} · {words_.date(view.offered_on)}",
        actions=drawn(BAR, Offer, view.actions, work.actor, id=view.id),
        shortcuts=drawn(SHORTCUTS, Offer, view.actions, work.actor, id=view.id),
    )


def _dialogs(view: OfferView) -> tuple[Dialog, ...]:
    sentence = "It is decided then; it can be opened again."
    return (asks_why("lose", "Was this offer lost?", f"/offers/{view.id}/lose", "Mark as lost", sentence),)


def _items(work: Work, view: OfferView, words_: Words) -> Panel:
    acts = drawn(ADDING, Offer, view.actions, work.actor, id=view.id)
    changes = drawn(CHANGING, Offer, view.actions, work.actor, id=view.id, item="")
    above = [replace(one, label=Offer.acts[one.name].label) for one in changes if not one.allowed]
    nothing = Empty("No items yet", "Add the products that are offered.", "package")
    rows = [_row(work, view, item, words_) for item in view.items]
    return Panel("Items", actions=[*acts, *above], table=whole("items", COLUMNS, rows, nothing))


def _row(work: Work, view: OfferView, item: OfferItemView, words_: Words) -> Row:
    buttons = drawn(CHANGING, Offer, view.actions, work.actor, id=view.id, item=item.id)
    discount = f"{words_.number(item.discount_percent.normalize())} %" if item.discount_percent else ""
    first = f"{words_.money(item.first.amount, item.first.currency)} at first" if item.first != item.total else ""
    cells = (
        Cell(item.product.name, url=f"/products/{item.product.id}"),
        CYCLE_NAMES[item.cycle],
        words_.number(item.quantity),
        words_.money(item.unit_price.amount, item.unit_price.currency),
        item.promotion.name if item.promotion else discount,
        Cell(words_.money(item.total.amount, item.total.currency), note=first),
    )
    return row(item.id, cells, [replace(one, name=f"{one.name}-{item.id}") for one in buttons if one.allowed])


def _around(work: Work, request: Request, view: OfferView) -> list[Panel]:
    led = [Panel("Order", links=[Link(view.order.name, f"/orders/{view.order.id}")])] if view.order else []
    from_ = view.opportunity
    came = [Panel("Opportunity", links=[Link(from_.name, f"/opportunities/{from_.id}")])] if from_ else []
    return [*led, *came, _history(work, request, view.id)]


def _history(work: Work, request: Request, id_: UUID, before: str = "") -> Panel:
    return histories.panel(work, id_, words(request), f"/offers/{id_}/history", labels(SECTIONS), before)


def _values(view: OfferView) -> dict[str, Any]:
    linked = ("contact", "responsible_user", "permission_rule")
    return {**vars(view), **{f"{name}_id": getattr(getattr(view, name), "id", None) for name in linked}}


def _names(view: OfferView) -> Choices:
    found = {name: getattr(view, name) for name in ("contact", "responsible_user", "permission_rule")}
    return {f"{name}_id": [Option(str(one.id), one.name)] for name, one in found.items() if one}


def _new(
    work: Work,
    request: Request,
    account_id: UUID,
    led: UUID | None,
    values: dict[str, Any],
    faults: Faults | None = None,
    typed: FormData | None = None,
) -> Response:
    account = crm.account(work, account_id)
    if not account.actions["create_offer"]:
        raise Refused(account.actions["create_offer"])
    user, rule = defaults_for_person(work, "offer")
    usual = {"name": f"Offer for {account.name}", "offered_on": today(work)}
    values = {**usual, "responsible_user_id": user, "permission_rule_id": rule, **values}
    form = form_view(
        NEW,
        Asking(words(request), values, order_choices(work, account_id), {}, faults or {}, typed),
        url="/offers/new",
        cancel_url=f"/opportunities/{led}" if led else f"/accounts/{account_id}/offers",
        submit="Create offer",
        hidden=(("account_id", str(account_id)), ("opportunity_id", str(led) if led else "")),
    )
    crumbs = (ALL, Link(account.name, f"/accounts/{account_id}"))
    return form_page(request, Head(f"New offer for {account.name}", crumbs), form)


def _edit(
    work: Work, request: Request, id_: UUID, faults: Faults | None = None, typed: FormData | None = None
) -> Response:
    view = offer_(work, id_)
    if not view.actions["edit"]:
        raise Refused(view.actions["edit"])
    asking = Asking(words(request), _values(view), order_choices(work, view.account.id), {}, faults or {}, typed)
    form = form_view(SECTIONS, asking, url=f"/offers/{id_}/edit", cancel_url=f"/offers/{id_}", version=view.version)
    return form_page(request, Head(f"Edit {view.name}", (ALL, Link(view.name, f"/offers/{id_}"))), form)
