"""API tokens: made with scopes and an end, the secret shown once, revoked by hand (API-03)."""

from datetime import datetime, timedelta

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.kernel.problems import Fault, Invalid
from tenantry.tenancy import tokens
from tenantry.tenancy.permissions import EVERYTHING, PERMISSIONS
from tenantry.tenancy.tokens import MadeToken, NewToken, TokenView
from tenantry.web.http.access import may
from tenantry.web.ui.acts import allowed
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, text, texts
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Input, Section, named
from tenantry.web.ui.rendering import render, words
from tenantry.web.ui.setup.drawing import deletes, setup_form, table_page
from tenantry.web.ui.setup.roles import summary
from tenantry.web.ui.tables import column, row
from tenantry.web.ui.views import Action, Cell, Empty, Head, Link, Option

EDIT = "tokens:edit"
ABOVE = Link("API Tokens", "/setup/api-tokens")
USUAL = "90"
LASTS = {"7": "A week", "30": "A month", USUAL: "Three months", "365": "A year"}
KINDS = {"token": "Bearer token", "client": "OAuth client"}
SECTIONS = (
    Section(
        "Token",
        (
            Input("name", "What it is for", required=True),
            Input("kind", "Kind", "select", required=True),
            Input("days", "It ends after", "select", required=True),
            Input("scopes", "Scopes", "checks", required=True, help="It may do no more than you may yourself."),
        ),
    ),
)

router = APIRouter()


@router.get("/setup/api-tokens")
@may("tokens:view")
def page(work: Work, request: Request) -> Response:
    """List the tokens."""
    words_, may_edit = words(request), work.actor.may(EDIT)
    rows = [
        row(
            one.id,
            (
                Cell(one.name, note=f"{KINDS[one.kind]} of {one.user_name}"),
                Cell("", state=_state(one)),
                "Everything the user may" if EVERYTHING in one.scopes else summary(one.scopes),
                words_.moment(one.last_used_at) or "Never",
                words_.date(one.expires_at),
            ),
            [deletes(one.id, f"{ABOVE.url}/{one.id}/revoke", "It is worth nothing from then on.", label="Revoke")]
            if may_edit and one.active
            else (),
        )
        for one in tokens.tokens(work)
    ]
    new_ = allowed(Action("new", "New token", "plus", f"{ABOVE.url}/new", primary=True), work.actor, EDIT)
    empty = Empty("No tokens yet", "Programs that use the API show one.", "key", new_)
    columns = (
        column("Token"),
        column("State"),
        column("May", prose=True, phone=False),
        column("Last used", phone=False),
        column("Ends", phone=False),
    )
    return table_page(request, "API Tokens", "What programs show to use the API.", columns, rows, empty, (new_,))


@router.get("/setup/api-tokens/new")
@may(EDIT)
def new(work: Work, request: Request) -> Response:
    """Ask for a token."""
    return _form(work, request)


@router.post("/setup/api-tokens/new")
@may(EDIT)
def create(work: Work, request: Request, form: Form) -> Response:
    """Make the token and show its secret this once."""
    is_client = text(form, "kind") == "client"

    def act() -> MadeToken:
        ends = work.at + timedelta(days=_days(text(form, "days")))
        return tokens.create(work, NewToken(text(form, "name"), texts(form, "scopes"), ends, is_client))

    made, faults = attempt(work, act)
    if faults or made is None:
        return _form(work, request, faults, form)
    facts = [("Ends", _ends(request, made.expires_at))]
    if is_client:
        facts.insert(0, ("Client id", str(made.id)))
    return render(
        request,
        "setup/once.html",
        head=Head(text(form, "name"), (ABOVE,)),
        says="Send it as Authorization: Bearer ..." if not is_client else "The secret of the OAuth client.",
        secret=made.secret,
        facts=facts,
        back=Link("Done", ABOVE.url),
    )


@router.post("/setup/api-tokens/{id}/revoke")
@may(EDIT)
def revoke(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Revoke a token."""
    tokens.revoke(work, id)
    return goto(request, ABOVE.url, said("The token was revoked."))


def _state(one: TokenView) -> str:
    if one.revoked_at is not None:
        return "revoked"
    return "active" if one.active else "ended"


def _ends(request: Request, at: datetime) -> str:
    return words(request).moment(at)


def _days(said_: str) -> int:
    if said_ not in LASTS:
        raise Invalid(Fault("days", "Choose how long it lasts.", "API-03", "Choose from the list."))
    return int(said_)


def _form(work: Work, request: Request, faults: Faults | None = None, typed: FormData | None = None) -> Response:
    own = [
        Option(EVERYTHING, "Everything that I may"),
        *named({word: word for word in PERMISSIONS if work.actor.may(word)}),
    ]
    return setup_form(
        request,
        "New token",
        ABOVE,
        SECTIONS,
        {"kind": "token", "days": USUAL},
        url=f"{ABOVE.url}/new",
        choices={"kind": named(KINDS), "days": named(LASTS), "scopes": own},
        faults=faults,
        typed=typed,
        submit="Make token",
    )
