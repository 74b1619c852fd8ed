"""Opportunities: the list, a page, making and editing one, won and lost (ORD-04, TEN-25)."""

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
from tenantry.rules.policy import Opportunity
from tenantry.sales.offer_lists import OPPORTUNITIES
from tenantry.sales.opportunities import actions
from tenantry.sales.opportunities.actions import NewOpportunity
from tenantry.sales.opportunities.queries import OpportunityView, opportunity_
from tenantry.tenancy import queries
from tenantry.tenancy.api_options import defaults_for_person
from tenantry.web.http.access import may
from tenantry.web.ui import histories
from tenantry.web.ui.acts import Button, asks_why, drawn
from tenantry.web.ui.crm.sections import ACCESS, access_choices
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, text, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Asking, Choices, Input, Section, details, labels, records
from tenantry.web.ui.pages import form_page, form_view, list_page, record_page
from tenantry.web.ui.rendering import part, words
from tenantry.web.ui.sheets import Sheet
from tenantry.web.ui.taking import taken
from tenantry.web.ui.views import Dialog, Empty, Field, Head, Link, Option, Panel

EDIT = "orders:edit"
ALL = Link("Opportunities", "/opportunities")
SECTIONS = (
    Section(
        "Opportunity",
        (
            Input("name", "Name", required=True),
            Input("amount", "Amount", "money", help="What it may bring."),
            Input("currency", "Currency", "select", required=True),
            Input("expected_on", "Expected by", "date"),
            Input("note", "Note", "textarea"),
        ),
    ),
    ACCESS,
)
SHEET = Sheet(
    OPPORTUNITIES,
    name="opportunities",
    url="/opportunities",
    placeholder="Search opportunities",
    title="name",
    links={"name": ("/opportunities/{}", "id"), "account": ("/accounts/{}", "account_id")},
    filters={"status": "Open or decided", "responsible_user_id": "Anyone responsible"},
    phone=("status",),
    empty=Empty("No opportunities yet", "What an account may buy one day. Make them on the account's page.", "eye"),
)
AT = "/opportunities/{id}"
BAR = (
    Button("edit", "pencil", f"{AT}/edit", permission=EDIT),
    Button("create_offer", "note", "/offers/new?opportunity={id}", permission=EDIT, primary=True),
    Button("win", "check", "#win", "dialog", EDIT),
    Button("lose", "ban", "#lose", "dialog", EDIT),
)
SHORTCUTS = (
    Button("reopen", "arrow-back-up", f"{AT}/reopen", "post", EDIT),
    Button("delete", "trash", f"{AT}/delete", "post", EDIT, confirm="It is gone; its offers stay."),
)

router = APIRouter()


@router.get("/opportunities")
@may("orders:view")
def opportunities(work: Work, request: Request) -> Response:
    """List the opportunities."""
    choices = {"responsible_user_id": records(queries.people(work))}
    return list_page(request, Head("Opportunities"), SHEET.view(work, request, words(request), choices=choices))


@router.get("/opportunities.csv")
@may("orders:view")
def export(work: Work, request: Request) -> Response:
    """Give the list as a file."""
    return SHEET.export(work, request)


@router.get("/opportunities/new")
@may(EDIT)
def new(work: Work, request: Request, account: str = "") -> Response:
    """Ask for an opportunity of an account."""
    return _new(work, request, as_id(account) or UUID(int=0))


@router.post("/opportunities/new")
@may(EDIT)
def create(work: Work, request: Request, form: Form) -> Response:
    """Make the opportunity."""
    account_id = as_id(text(form, "account_id")) or UUID(int=0)
    given = taken(form, SECTIONS, words(request))
    given["amount"] = None if given.get("amount") == "" else given.get("amount")
    wanted = NewOpportunity(account_id=account_id, **given)
    made, faults = attempt(work, lambda: actions.create_opportunity(work, wanted))
    if faults or made is None:
        return _new(work, request, account_id, faults, form)
    return goto(request, f"/opportunities/{made}", said("The opportunity was created."))


@router.get("/opportunities/{id}")
@may("orders:view")
def page(work: Work, request: Request, id: Id) -> Response:
    """Show an opportunity."""
    view, words_ = opportunity_(work, id), words(request)
    groups = details(SECTIONS, _values(view), words_, _names(view))
    account = Field("account_id", "Account", view.account.name, url=f"/accounts/{view.account.id}")
    main = [
        Panel(groups[0].title, fields=(account, *groups[0].fields)),
        Panel("Offers", links=[Link(one.name, f"/offers/{one.id}") for one in view.offers])
        if view.offers
        else Panel("Offers", empty=Empty("No offers yet", "Make one when it is known what is wanted.", "note")),
        Panel(groups[1].title, fields=groups[1].fields),
    ]
    side = [_history(work, request, id)]
    return record_page(request, _head(view, work), main, side, _dialogs(view))


@router.get("/opportunities/{id}/history")
@may("orders:view")
def its_history(work: Work, request: Request, id: Id, before: str = "") -> Response:
    """Give the lines before those that are shown."""
    opportunity_(work, id)
    return part("page/history.html", view=_history(work, request, id, before))


@router.get("/opportunities/{id}/edit")
@may(EDIT)
def edit(work: Work, request: Request, id: Id) -> Response:
    """Ask for the changes."""
    return _edit(work, request, id)


@router.post("/opportunities/{id}/edit")
@may(EDIT)
def save(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Change the opportunity."""
    changes = taken(form, SECTIONS, words(request))
    _, faults = attempt(work, lambda: actions.edit_opportunity(work, id, changes, version=version(form)))
    if faults:
        return _edit(work, request, id, faults, form)
    return goto(request, f"/opportunities/{id}", said("The opportunity was saved."))


@router.post("/opportunities/{id}/win")
@may(EDIT)
def win(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Mark it as won."""
    actions.win_opportunity(work, id, because=text(form, "win-because"))
    return goto(request, f"/opportunities/{id}", said("The opportunity was won."))


@router.post("/opportunities/{id}/lose")
@may(EDIT)
def lose(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Mark it as lost."""
    actions.lose_opportunity(work, id, because=text(form, "lose-because"))
    return goto(request, f"/opportunities/{id}", said("The opportunity was lost."))


@router.post("/opportunities/{id}/reopen")
@may(EDIT)
def reopen(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Open it again."""
    actions.reopen_opportunity(work, id)
    return goto(request, f"/opportunities/{id}", said("The opportunity is open again."))


@router.post("/opportunities/{id}/delete")
@may(EDIT)
def delete(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Delete it."""
    actions.delete_opportunity(work, id)
    return goto(request, "/opportunities", said("The opportunity was deleted."))


def _head(view: OpportunityView, work: Work) -> Head:
    return Head(
        view.name,
        crumbs=(ALL, Link(view.account.name, f"/accounts/{view.account.id}")),
        state=view.status,
        actions=drawn(BAR, Opportunity, view.actions, work.actor, id=view.id),
        shortcuts=drawn(SHORTCUTS, Opportunity, view.actions, work.actor, id=view.id),
    )


def _dialogs(view: OpportunityView) -> tuple[Dialog, ...]:
    base = f"/opportunities/{view.id}"
    return (
        asks_why("win", "Was it won?", f"{base}/win", "Mark as won", "It is decided then; it can be opened again."),
        asks_why("lose", "Was it lost?", f"{base}/lose", "Mark as lost", "It is decided then; it can be opened again."),
    )


def _history(work: Work, request: Request, id_: UUID, before: str = "") -> Panel:
    return histories.panel(work, id_, words(request), f"/opportunities/{id_}/history", labels(SECTIONS), before)


def _values(view: OpportunityView) -> dict[str, Any]:
    return {
        **vars(view),
        "amount": view.amount.amount if view.amount else None,
        "responsible_user_id": view.responsible_user.id,
        "permission_rule_id": view.permission_rule.id,
    }


def _names(view: OpportunityView) -> Choices:
    return {
        "responsible_user_id": [Option(str(view.responsible_user.id), view.responsible_user.name)],
        "permission_rule_id": [Option(str(view.permission_rule.id), view.permission_rule.name)],
    }


def _choices(work: Work) -> Choices:
    here = queries.tenant(work)
    return {"currency": [Option(code, code) for code in here.currencies], **access_choices(work)}


def _new(
    work: Work, request: Request, account_id: UUID, faults: Faults | None = None, typed: FormData | None = None
) -> Response:
    account = crm.account(work, account_id)
    if not account.actions["create_opportunity"]:
        raise Refused(account.actions["create_opportunity"])
    user, rule = defaults_for_person(work, "opportunity")
    values = {
        "name": f"Opportunity with {account.name}",
        "currency": account.currency,
        "responsible_user_id": user,
        "permission_rule_id": rule,
    }
    asking = Asking(words(request), values, _choices(work), {}, faults or {}, typed, account.currency)
    form = form_view(
        SECTIONS,
        asking,
        url="/opportunities/new",
        cancel_url=f"/accounts/{account_id}/opportunities",
        submit="Create opportunity",
        hidden=(("account_id", str(account_id)),),
    )
    crumbs = (ALL, Link(account.name, f"/accounts/{account_id}"))
    return form_page(request, Head(f"New opportunity with {account.name}", crumbs), form)


def _edit(
    work: Work, request: Request, id_: UUID, faults: Faults | None = None, typed: FormData | None = None
) -> Response:
    view = opportunity_(work, id_)
    if not view.actions["edit"]:
        raise Refused(view.actions["edit"])
    asking = Asking(words(request), _values(view), _choices(work), {}, faults or {}, typed, view.currency)
    url = f"/opportunities/{id_}"
    form = form_view(SECTIONS, asking, url=f"{url}/edit", cancel_url=url, version=view.version)
    return form_page(request, Head(f"Edit {view.name}", (ALL, Link(view.name, url))), form)
