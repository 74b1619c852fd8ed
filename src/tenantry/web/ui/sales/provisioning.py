"""Provisioning requests: the list, and what a person says came of each: the manual connector (PRV-33)."""

import json
from collections.abc import Callable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.kernel.problems import Verdict
from tenantry.provisioning import requests
from tenantry.provisioning.asked import REQUESTS, STATUSES, VERBS, RequestView, request_
from tenantry.web.http.access import may
from tenantry.web.ui.acts import allowed, refused
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Form, text
from tenantry.web.ui.ids import Id
from tenantry.web.ui.pages import list_page, record_page
from tenantry.web.ui.rendering import words
from tenantry.web.ui.sheets import Sheet
from tenantry.web.ui.views import Action, Dialog, Empty, Field, Head, Link, Panel
from tenantry.web.words import Words

EDIT = "subscriptions:edit"
ALL = Link("Provisioning requests", "/provisioning-requests")
SHEET = Sheet(
    REQUESTS,
    name="provisioning-requests",
    url="/provisioning-requests",
    placeholder="Provisioning requests",
    title="subscription",
    links={"subscription": ("/provisioning-requests/{}", "id"), "account": ("/accounts/{}", "account_id")},
    filters={"status": "Any status", "verb": "Anything asked for"},
    phone=("status",),
    empty=Empty("Nothing is asked for", "What outside systems have to do for subscriptions stands here.", "plug"),
)
ANSWERED = Verdict(allowed=False, rule="PRV-20", why="This request was answered already.")
BEGUN = Verdict(allowed=False, rule="PRV-20", why="Only a request that waits is begun.")

router = APIRouter()


@router.get("/provisioning-requests")
@may("subscriptions:view")
def listed(work: Work, request: Request) -> Response:
    """List the requests."""
    return list_page(request, Head("Provisioning requests"), SHEET.view(work, request, words(request)))


@router.get("/provisioning-requests.csv")
@may("subscriptions:view")
def export(work: Work, request: Request) -> Response:
    """Give the list as a file."""
    return SHEET.export(work, request)


@router.get("/provisioning-requests/{id}")
@may("subscriptions:view")
def page(work: Work, request: Request, id: Id) -> Response:
    """Show a request, and ask what came of it."""
    view, said_ = request_(work, id), words(request)
    open_ = view.status in requests.OPEN
    acts = (
        (
            Action("begin", "Begin", "player-play", f"/provisioning-requests/{id}/begin", "post"),
            view.status == "pending",
        ),
        (Action("finish", "Done", "check", "#finish", "dialog", primary=True), open_),
        (Action("fail", "Failed", "circle-x", "#fail", "dialog", danger=True), open_),
    )
    why = dict.fromkeys(("begin", "finish", "fail"), requests.held_back) if view.status == "held" else {"begin": BEGUN}
    head = Head(
        title=f"{VERBS[view.verb]}: {view.subscription}",
        crumbs=(ALL,),
        state=view.status,
        actions=[
            allowed(one, work.actor, EDIT) if may_ else refused(one, why.get(one.name, ANSWERED)) for one, may_ in acts
        ],
    )
    dialogs = [
        _asks(view, "finish", "Is it done?", "Done", "What was done"),
        _asks(view, "fail", "Could it not be done?", "Failed", "Why"),
    ]
    return record_page(request, head, [Panel("Asked for", fields=_fields(view, said_))], (), dialogs if open_ else ())


@router.post("/provisioning-requests/{id}/begin")
@may(EDIT)
def begin(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Say that somebody is at it."""
    requests.begin(work, id)
    return goto(request, f"/provisioning-requests/{id}", said("It is begun."))


@router.post("/provisioning-requests/{id}/finish")
@may(EDIT)
def finish(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Say that it is done."""
    return _answer(work, request, id, requests.finish, text(form, "finish-answer"))


@router.post("/provisioning-requests/{id}/fail")
@may(EDIT)
def fail(work: Work, request: Request, id: Id, form: Form) -> Response:
    """Say that it could not be done."""
    return _answer(work, request, id, requests.fail, text(form, "fail-answer"))


def _answer(work: Work, request: Request, id: Id, do: Callable[..., None], answer: str) -> Response:
    do(work, id, answer=answer)
    return goto(request, f"/provisioning-requests/{id}", said("It was answered; the subscription's history says so."))


def _asks(view: RequestView, act: str, title: str, submit: str, label: str) -> Dialog:
    field = Field(f"{act}-answer", label, help="Stands in the subscription's history. May be left empty.", wide=True)
    return Dialog(act, title, f"/provisioning-requests/{view.id}/{act}", submit, (), (field,), danger=act == "fail")


def _fields(view: RequestView, words_: Words) -> list[Field]:
    wanted = [
        Field(
            f"desired-{name}", name.replace("_", " ").capitalize(), value if isinstance(value, str) else _plain(value)
        )
        for name, value in view.desired.items()
        if value or value == 0
    ]
    return [
        Field("subscription", "Subscription", view.subscription, url=f"/subscriptions/{view.subscription_id}"),
        Field("account", "Account", view.account, url=f"/accounts/{view.account_id}"),
        Field("system", "System", view.system),
        Field("verb", "Asked for", VERBS[view.verb]),
        *wanted,
        Field("status", "Status", STATUSES[view.status]),
        Field("answer", "Answer", view.answer),
        Field("created_at", "Asked", words_.moment(view.created_at)),
        Field("done_at", "Answered", words_.moment(view.done_at)),
    ]


def _plain(value: object) -> str:
    return str(value) if isinstance(value, int) else json.dumps(value)
