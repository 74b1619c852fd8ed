"""The acts on a subscription from its page, each with its figures first (SUB-01 to SUB-03)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.catalog import fields
from tenantry.channel.upstream_credit.actions import check_subscription_credit
from tenantry.database import Work
from tenantry.kernel.ids import as_id
from tenantry.kernel.money import Money
from tenantry.kernel.problems import Fault, Invalid, NotFound, Problem
from tenantry.rules.back_orders.triggers import MOVES
from tenantry.sales.subscriptions import actions
from tenantry.sales.subscriptions.changing import Outcome
from tenantry.sales.subscriptions.previewing import ACTS, Preview, preview_of
from tenantry.sales.subscriptions.queries import subscription
from tenantry.web.http.access import may
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Form, attempt, text, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.rendering import part, words
from tenantry.web.ui.sales.subscription_head import HOW_MANY
from tenantry.web.ui.taking import units
from tenantry.web.ui.views import Flash
from tenantry.web.words import Words

EDIT = "subscriptions:edit"
SAYS_WHY = {"suspend", "cancel"}

router = APIRouter()


@dataclass(frozen=True)
class Figure:
    """A line of figures."""

    text: str
    amount: str


@dataclass(frozen=True)
class Coming:
    """What an act would come to, in the reader's words; or why it cannot be done."""

    version: int
    when: str = ""
    lines: Sequence[Figure] = ()
    net_label: str = ""
    net: str = ""
    before: str = ""
    after: str = ""
    problem: str = ""
    rule: str = ""


@router.post("/subscriptions/{id}/previews/{act}")
@may(EDIT)
def preview(work: Work, request: Request, id: Id, act: str, form: Form, product: str = "") -> Response:
    """Show what an act would charge and give back, before it is confirmed."""
    view = subscription(work, id)
    if act in MOVES and not text(form, f"{act}-quantity"):
        return part("sales/outcome.html", view=Coming(view.version, when=HOW_MANY))
    try:
        outcome = preview_of(work, id, _wanted(request, act, form, product))
    except Problem as problem:
        first = problem.faults[0] if problem.faults else None
        why = f"{first.message} {first.remedy}" if first else f"{problem.message} {problem.remedy}"
        return part(
            "sales/outcome.html",
            view=Coming(view.version, problem=words(request).sentence(why.strip()), rule=problem.rule),
        )
    return part("sales/outcome.html", view=_coming(outcome, view.version, words(request)))


@router.post("/subscriptions/{id}/acts/{act}")
@may(EDIT)
def confirm(work: Work, request: Request, id: Id, act: str, form: Form, product: str = "") -> Response:
    """Do it; what it would be refused for stands on the page again."""
    if act not in ACTS:
        raise NotFound("act")
    outcome, faults = attempt(work, lambda: _done_as_asked(work, request, id, act, form, product))
    if outcome is None:
        wrong = next(iter(faults.values()))
        return goto(request, f"/subscriptions/{id}", Flash(wrong.message, "bad", wrong.rule))
    return goto(request, f"/subscriptions/{id}", said(_done(outcome, words(request))))


@router.post("/subscriptions/{id}/keep")
@may(EDIT)
def keep(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Withdraw a cancellation."""
    actions.keep(work, id)
    return goto(request, f"/subscriptions/{id}", said("The cancellation was withdrawn; it goes on."))


@router.post("/subscriptions/{id}/price-freeze")
@may(EDIT)
def freeze(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Freeze its price, or lift that."""
    frozen = not subscription(work, id).price_frozen
    actions.freeze_prices(work, id, frozen)
    says = "Its price is frozen." if frozen else "Its price freeze was lifted."
    return goto(request, f"/subscriptions/{id}", said(says))


@router.post("/subscriptions/{id}/retry")
@may(EDIT)
def retry(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Ask the outside system again."""
    actions.retry_provisioning(work, id)
    return goto(request, f"/subscriptions/{id}", said("It was asked for again."))


@router.post("/subscriptions/{id}/check-credit")
@may(EDIT)
def check_credit(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
    """Ask above again whether there is credit."""
    check_subscription_credit(work, id)
    return goto(request, f"/subscriptions/{id}", said("Credit is checked again; this page shows what came of it."))


@router.post("/subscriptions/{id}/changes/{change}/withdraw")
@may(EDIT)
def withdraw(work: Work, request: Request, id: Id, change: Id, form: Form) -> Response:  # noqa: ARG001 - the token
    """Withdraw a planned change."""
    actions.withdraw_change(work, id, change)
    return goto(request, f"/subscriptions/{id}", said("The change was withdrawn."))


def _done_as_asked(work: Work, request: Request, id: UUID, act: str, form: FormData, product: str) -> Outcome:
    wanted = _wanted(request, act, form, product)
    if act in MOVES and wanted.quantity is None:
        raise Invalid(Fault("quantity", "It does not say how many units.", "SUB-02", "Write how many; all may."))
    do, names = ACTS[act]
    given: dict[str, Any] = {name: getattr(wanted, name) for name in names}
    if act in SAYS_WHY:
        given["because"] = text(form, f"{act}-because")
    return do(work, id, **given, version=version(form))


def _wanted(request: Request, act: str, form: FormData, product: str) -> Preview:
    prefix = f"{act}-{product}" if product else act
    said_: Words = words(request)
    when, typed = text(form, f"{prefix}-when"), text(form, f"{prefix}-quantity")
    day = text(form, f"{prefix}-on") if when in {"", "on"} else ""
    return Preview(
        act,
        quantity=units(said_, typed) if typed else None,
        product_id=as_id(product or text(form, f"{prefix}-product_id")) or _nobody(act),
        mode=text(form, f"{prefix}-mode") or "now",
        on=fields.read({"on": day}, {"on": fields.day}, "SUB-03")["on"],
        at_next_cycle=when == "next_cycle",
        renew=text(form, f"{prefix}-renew") == "on",
    )


def _nobody(act: str) -> UUID | None:
    return UUID(int=0) if act in {"buy_add_on", "upgrade", "downgrade"} else None


def _coming(outcome: Outcome, at: int, words_: Words) -> Coming:
    back = outcome.net.amount < 0
    return Coming(
        at,
        _when(outcome, words_),
        [Figure(one.explains, words_.money(one.amount, one.currency)) for one in outcome.charges],
        "Given back, before tax" if back else "Charged, before tax",
        _money(Money(abs(outcome.net.amount), outcome.net.currency), words_),
        _money(outcome.cycle_before, words_),
        _money(outcome.cycle_after, words_),
    )


def _when(outcome: Outcome, words_: Words) -> str:
    day = words_.date(outcome.effective_on)
    if outcome.kind == "cancellation":
        return f"{day} is its last day."
    if outcome.planned:
        return f"Planned for {day}; then, as things stand:"
    return f"From {day} on."


def _done(outcome: Outcome, words_: Words) -> str:
    net = outcome.net
    if outcome.planned or not net.amount:
        return f"{outcome.sentence}."
    what = "given back" if net.amount < 0 else "charged"
    return f"{outcome.sentence}: {_money(Money(abs(net.amount), net.currency), words_)} {what}."


def _money(money: Money, words_: Words) -> str:
    return words_.money(money.amount, money.currency)
