"""The organisation: its name, and how it writes dates and words (TEN-01)."""

from zoneinfo import available_timezones

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.tenancy import organisation, queries
from tenantry.web.http.access import may
from tenantry.web.ui.acts import allowed
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, version
from tenantry.web.ui.inputs import Input, Section, details
from tenantry.web.ui.pages import record_page
from tenantry.web.ui.rendering import words
from tenantry.web.ui.setup.drawing import KIND, setup_form
from tenantry.web.ui.taking import taken
from tenantry.web.ui.views import Action, Field, Head, Link, Option, Panel

ABOVE = Link("Organisation", "/setup/organisation")
SECTIONS = (
    Section(
        "Organisation",
        (
            Input("name", "Name", required=True),
            Input("language", "Language", "language", required=True),
            Input("time_zone", "Time zone", "select", required=True),
            Input("date_format", "Date format", help="Such as dd/MM/yyyy or d. MMM y. Empty: the language's own."),
            Input("billing_day", "Billing day", "number", help="1 to 28; for new accounts."),
        ),
    ),
    Section(
        "On documents",
        (
            Input("street", "Street"),
            Input("postcode", "Post code"),
            Input("city", "City"),
            Input("country", "Country", "country", none="Not known"),
            Input("vat_number", "VAT number"),
            Input("email", "E-mail", "email", link="mailto:{}"),
            Input("phone", "Phone", "tel", link="tel:{}"),
            Input("website", "Website", link="website"),
        ),
    ),
)

router = APIRouter()


@router.get("/setup/organisation")
@may("setup:view")
def page(work: Work, request: Request) -> Response:
    """Show the organisation."""
    view, words_ = queries.tenant(work), words(request)
    fixed = (
        Field("code", "Code", view.code),
        Field("kind", "Kind", view.kind.capitalize()),
        Field("edition", "Edition", view.edition.capitalize()),
        Field("default_currency", "Default currency", view.default_currency),
        Field("since", "Since", words_.date(view.created_at)),
        Field("now", "Today is written", words_.date(work.at)),
    )
    first, paper = details(SECTIONS, vars(view), words_, {})
    edit_ = allowed(Action("edit", "Edit", "pencil", "/setup/organisation/edit"), work.actor, "setup:edit")
    head = Head("Organisation", kind=KIND, subtitle="Who you are, and how you write.", actions=(edit_,))
    return record_page(request, head, [Panel(fields=(*first.fields, *fixed)), Panel(paper.title, fields=paper.fields)])


@router.get("/setup/organisation/edit")
@may("setup:edit")
def edit(work: Work, request: Request) -> Response:
    """Ask for the changes."""
    return _form(work, request)


@router.post("/setup/organisation/edit")
@may("setup:edit")
def save(work: Work, request: Request, form: Form) -> Response:
    """Change the organisation."""
    changes = taken(form, SECTIONS, words(request))
    _, faults = attempt(work, lambda: organisation.edit(work, changes, version=version(form)))
    if faults:
        return _form(work, request, faults, form)
    return goto(request, ABOVE.url, said("The organisation was saved."))


def _form(work: Work, request: Request, faults: Faults | None = None, typed: FormData | None = None) -> Response:
    view = queries.tenant(work)
    zones = [Option(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]
    return setup_form(
        request,
        "Edit the organisation",
        ABOVE,
        SECTIONS,
        vars(view),
        url="/setup/organisation/edit",
        choices={"time_zone": zones},
        faults=faults,
        typed=typed,
        version=view.version,
    )
