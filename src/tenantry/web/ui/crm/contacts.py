"""Contacts: the list, a contact's page, adding and editing one."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.crm import actions, queries
from tenantry.crm.lists import ACTIVITIES, CONTACTS
from tenantry.crm.new import NewContact
from tenantry.crm.queries import ContactView
from tenantry.crm.storefront_users import invitations, shops
from tenantry.database import Work
from tenantry.kernel.problems import Refused
from tenantry.rules.policy import Contact
from tenantry.tenancy import queries as tenants
from tenantry.tenancy.api_options import defaults_for_person
from tenantry.tenancy.listing import ListRequest
from tenantry.web.http.access import may
from tenantry.web.ui import histories
from tenantry.web.ui.acts import Button, drawn
from tenantry.web.ui.crm.sections import CONTACT, access_choices
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Asking, details, labels, records
from tenantry.web.ui.own_fields import OwnFields, gathered
from tenantry.web.ui.pages import form_page, form_view, list_page, record_page
from tenantry.web.ui.rendering import part, render, words
from tenantry.web.ui.sheets import Sheet
from tenantry.web.ui.taking import taken
from tenantry.web.ui.views import Empty, Field, Head, Link, Option, Panel, Ribbon
from tenantry.web.words import Words

EDIT = "contacts:edit"
ALL = Link("Contacts", "/contacts")
SHEET = Sheet(
    CONTACTS,
    name="contacts",
    url="/contacts",
    placeholder="Search contacts",
    title="name",
    links={"name": ("/contacts/{}", "id"), "account_name": ("/accounts/{}", "account_id")},
    filters={"is_primary": "Primary or not", "responsible_user_id": "Anyone responsible"},
    phone=("account_name",),
    empty=Empty("No contacts yet", "Contacts are the people of your accounts. Add them on an account's page.", "users"),
)
BUTTONS = (
    Button("edit", "pencil", "/contacts/{id}/edit", permission=EDIT),
    Button("add_activity", "calendar-event", "/activities/new?about=contact&id={id}", permission="activities:edit"),
    Button("invite_to_shop", "mail", "/contacts/{id}/invite", "post", EDIT),
    Button("delete", "trash", "/contacts/{id}/delete", "post", EDIT, confirm="What was noted stays with the account."),
)

router = APIRouter()


@router.get("/contacts")
@may("contacts:view")
def contacts(work: Work, request: Request) -> Response:
    """List the contacts."""
    choices = {"responsible_user_id": records(tenants.people(work))}
    return list_page(request, Head("Contacts"), SHEET.view(work, request, words(request), choices=choices))


@router.get("/contacts.csv")
@may("contacts:view")
def export(work: Work, request: Request) -> Response:
    """Give the list as a file."""
    return SHEET.export(work, request)


@router.get("/contacts/{id}")
@may("contacts:view")
def contact(work: Work, request: Request, id: Id) -> Response:
    """Show a contact."""
    view, said_ = queries.contact(work, id), words(request)
    own = OwnFields(work, "contact")
    sections = [*CONTACT[:-1], *own.sections(), CONTACT[-1]]
    names: dict[str, Sequence[Option]] = {
        "responsible_user_id": [Option(str(view.responsible_user_id), view.responsible_user_name)],
        "permission_rule_id": [Option(str(view.permission_rule_id), view.permission_rule_name)],
        **own.choices(),
    }
    values = {**vars(view), **own.values(view.custom_fields)}
    main = [
        Panel(group.title, fields=group.fields) for group in details(sections, values, said_, names, view.locked_fields)
    ]
    history = histories.panel(work, id, said_, f"/contacts/{id}/history", labels(sections))
    side = [
        *_shop(work, view, said_),
        *_activities(work, id),
        Panel("History", history=history.history, more_url=history.more_url),
    ]
    return record_page(request, _head(work, view), main, side)


@router.get("/contacts/{id}/history")
@may("contacts:view")
def its_history(work: Work, request: Request, id: Id, before: str = "") -> Response:
    """Give the lines before those that are shown."""
    queries.contact(work, id)
    url = f"/contacts/{id}/history"
    return part("page/history.html", view=histories.panel(work, id, words(request), url, labels(CONTACT), before))


@router.get("/accounts/{account}/contacts/new")
@may(EDIT)
def new(work: Work, request: Request, account: Id) -> Response:
    """Ask for a contact."""
    verdict = queries.account(work, account).actions["add_contact"]
    if not verdict:
        raise Refused(verdict)
    return _new(work, request, account)


@router.post("/accounts/{account}/contacts/new")
@may(EDIT)
def add(work: Work, request: Request, account: Id, form: Form) -> Response:
    """Add the contact."""
    own = OwnFields(work, "contact")
    given = gathered(taken(form, [*CONTACT, *own.sections()], words(request)))
    made, faults = attempt(work, lambda: actions.add_contact(work, account, NewContact(**given)))
    if faults or made is None:
        return _new(work, request, account, faults, form)
    return goto(request, f"/contacts/{made}", said("The contact was added."))


@router.get("/contacts/{id}/edit")
@may(EDIT)
def edit(work: Work, request: Request, id: Id) -> Response:
    """Ask for the changes."""
    return _edit(work, request, id)


@router.post("/contacts/{id}/edit")
@may(EDIT)
def save(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Change the contact."""
    view, own = queries.contact(work, id), OwnFields(work, "contact")
    changes = gathered(taken(form, [*CONTACT, *own.sections()], words(request), view.locked_fields))
    _, faults = attempt(work, lambda: actions.edit_contact(work, id, changes, version=version(form)))
    if faults:
        return _edit(work, request, id, faults, form)
    return goto(request, f"/contacts/{id}", said("The contact was saved."))


@router.post("/contacts/{id}/invite")
@may(EDIT)
def invite(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Make the link by which a storefront user chooses his password for the shop, and show it once."""
    made, view = invitations.invite(work, id), queries.contact(work, id)
    code, name = shops.of(work).code, full_name(view)
    return render(
        request,
        "setup/once.html",
        head=Head(f"The link for {name}", (ALL, Link(name, f"/contacts/{id}"))),
        says=f"Send it to {view.email}: it opens the shop once, until {words(request).moment(made.expires_at)}, "
        "and lets a password be chosen for it.",
        secret=f"{request.app.state.settings.public_url}/shop/{code}/welcome/{made.secret}",
        facts=(("Shop", f"{request.app.state.settings.public_url}/shop/{code}"),),
        back=Link("Done", f"/contacts/{id}"),
    )


@router.post("/contacts/{id}/delete")
@may(EDIT)
def delete(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Delete the contact."""
    account = queries.contact(work, id).account_id
    actions.delete_contact(work, id)
    return goto(request, f"/accounts/{account}/contacts", said("The contact was deleted."))


def full_name(view: ContactView) -> str:
    """Give the name of a person as one says it."""
    return f"{view.first_name} {view.last_name}".strip()


def _head(work: Work, view: ContactView) -> Head:
    verdicts = dict(view.actions)
    if verdicts["invite_to_shop"]:
        verdicts["invite_to_shop"] = invitations.may_be_invited(work, view.email, storefront_user=view.storefront_user)
    return Head(
        title=full_name(view),
        crumbs=(ALL, Link(view.account_name, f"/accounts/{view.account_id}")),
        state="" if view.standing == "own" else view.standing,
        subtitle=" · ".join(one for one in (view.company_role, view.account_name) if one),
        ribbon=Ribbon(view.ribbon, url=f"/accounts/{view.account_id}") if view.ribbon else None,
        actions=drawn(BUTTONS, Contact, verdicts, work.actor, id=view.id),
    )


def _shop(work: Work, view: ContactView, said_: Words) -> list[Panel]:
    """Say how far a storefront user has come with the shop."""
    if not view.storefront_user or not invitations.has_shop(work):
        return []
    access = invitations.access_of(work, view.id)
    invited = said_.moment(access.invited_until) if access.invited_until else "Not invited"
    fields = (
        Field("shop_password", "Password", "Chosen" if access.has_password else "Not chosen yet"),
        Field("shop_invited_until", "Invitation ends", invited)
        if access.invited_until or not access.has_password
        else Field("shop_seen", "Signed in last", said_.since(access.last_signed_in_at)),
    )
    return [Panel("Storefront", fields=fields)]


def _activities(work: Work, id: UUID) -> list[Panel]:
    if not work.actor.may("activities:view"):
        return []
    asked = ListRequest(filters={"about_id": ("eq", id)}, fields=["id", "subject", "status"], limit=10)
    links = [
        Link(row["subject"], f"/activities/{row['id']}", "done" if row["status"] == "done" else "")
        for row in ACTIVITIES.page(work, asked).items
    ]
    return [Panel("Activities", links=links)] if links else []


def _new(
    work: Work, request: Request, account: UUID, faults: Faults | None = None, typed: FormData | None = None
) -> Response:
    of, own = queries.account(work, account), OwnFields(work, "contact")
    user, rule = defaults_for_person(work, "contact")
    values = {"responsible_user_id": user, "permission_rule_id": rule, **own.defaults()}
    crumbs = (Link("Accounts", "/accounts"), Link(of.name, f"/accounts/{account}"))
    back = f"/accounts/{account}/contacts"
    return _form(request, work, own, values, (f"{back}/new", back), Head("New contact", crumbs), faults, typed)


def _edit(
    work: Work, request: Request, id: UUID, faults: Faults | None = None, typed: FormData | None = None
) -> Response:
    view, own = queries.contact(work, id), OwnFields(work, "contact")
    if not view.actions["edit"]:
        raise Refused(view.actions["edit"])
    values = {**vars(view), **own.values(view.custom_fields)}
    head = Head(f"Edit {full_name(view)}", (ALL, Link(full_name(view), f"/contacts/{id}")))
    return _form(request, work, own, values, (f"/contacts/{id}/edit", f"/contacts/{id}"), head, faults, typed)


def _form(
    request: Request,
    work: Work,
    own: OwnFields,
    values: dict[str, Any],
    urls: tuple[str, str],
    head: Head,
    faults: Faults | None,
    typed: FormData | None,
) -> Response:
    choices = {**access_choices(work), **own.choices()}
    form = form_view(
        [*CONTACT[:-1], *own.sections(), CONTACT[-1]],
        Asking(words(request), values, choices, values.get("locked_fields") or {}, faults or {}, typed),
        url=urls[0],
        cancel_url=urls[1],
        version=values.get("version"),
    )
    return form_page(request, head, form)
