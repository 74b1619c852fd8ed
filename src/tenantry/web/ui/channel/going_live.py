"""The rest of the way down: choose subscriptions and have their transfer planned, and have going live planned (DN-40,
DN-45).
"""

from decimal import Decimal, InvalidOperation
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.channel.handovers import actions, queries as handovers
from tenantry.channel.tenant_resellers import queries
from tenantry.channel.tenant_resellers.things import Thing, ThingPage, things
from tenantry.database import Work
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import Invalid
from tenantry.web.http.access import may
from tenantry.web.ui.channel import places, trail as pages
from tenantry.web.ui.channel.handover_views import steps
from tenantry.web.ui.channel.transfer import REASON, Chosen, flashes, withdraw
from tenantry.web.ui.flashes import goto
from tenantry.web.ui.forms import Form, text, texts
from tenantry.web.ui.ids import Id
from tenantry.web.ui.rendering import render, words
from tenantry.web.ui.views import Cell, Column, Empty, ListView, Row
from tenantry.web.words import Words

AT_ONCE = 50
RATE = "rate-"

router = APIRouter()


@router.get("/tenant-resellers/{id}/transfer-subscriptions")
@may("handover:plan")
def choose(
    work: Work,
    request: Request,
    id: Id,
    q: str = "",
    cursor: str = "",
    trail: Annotated[list[str], Query()] = [],  # noqa: B006 - the framework copies it
    plan: str = "",
) -> Response:
    """Show what is left to be transferred; with `plan`, what that plan had chosen is chosen."""
    one = queries.tenant_reseller_(work, id)
    page = things(work, id, search=q, cursor=cursor or None, limit=AT_ONCE)
    earlier = as_id(plan)
    chosen, rates, reason = _chosen_before(work, earlier)
    shown = {each.id for each in page.items}
    written = words(request)
    url, asked = f"/tenant-resellers/{id}/transfer-subscriptions", (("q", q), ("plan", plan))
    view = ListView(
        name="left",
        url=url,
        columns=COLUMNS,
        rows=tuple(_row(each, written, chosen) for each in page.items),
        empty=_empty(one.name, filtered=bool(q)),
        query=q,
        placeholder="Search subscriptions",
        filtered=bool(q),
        count=f"{written.counted(page.total, 'subscriptions')} left",
        previous_url=pages.previous_url(url, asked, cursor, trail),
        next_url=pages.next_url(url, asked, cursor, trail, page.next),
        choose="subscriptions",
        columns_choosable=False,
    )
    return render(
        request,
        "channel/choose.html",
        one=one,
        what="Transfer Subscriptions",
        about="What the copied accounts have, with its status and dates. Nothing is provisioned or charged again; "
        "the plan says of each whether it can go.",
        url=url,
        named="subscriptions",
        view=view,
        steps=steps("transfer_subscriptions", 0),
        kept=sorted(str(each) for each in chosen - shown),
        chosen=len(chosen),
        left=page.total,
        left_text=written.number(page.total),
        to=page.price_list_currency,
        rates=_rate_fields(page, rates, written),
        allowed=one.actions["transfer_subscriptions"],
        plan=str(earlier) if earlier else "",
        reason=reason,
    )


@router.post("/tenant-resellers/{id}/transfer-subscriptions")
@may("handover:plan")
def make_plan(work: Work, request: Request, id: Id, form: Chosen) -> Response:
    """Plan what was chosen, with the rates that were stated."""
    named = texts(form, "subscriptions")
    ids = [found for one in named if (found := as_id(one))]
    try:
        made = actions.plan(
            work,
            "transfer_subscriptions",
            id,
            "all" if "all" in named else ids,
            rates=_rates(form),
            reason=text(form, "reason")[:REASON],
        )
    except Invalid as problem:
        return goto(request, f"/tenant-resellers/{id}/transfer-subscriptions", *flashes(problem))
    withdraw(work, text(form, "plan"))
    return goto(request, f"/handovers/{made}")


@router.post("/tenant-resellers/{id}/activate-back-ordering")
@may("handover:plan")
def go_live(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - read for its token
    """Plan going live: what would change is looked at on the plan's page, and confirmed there."""
    return goto(request, f"/handovers/{actions.plan(work, 'activate_back_ordering', id)}")


def _rates(form: FormData) -> dict[str, Decimal]:
    """Read the rates; what is no number is refused as a rate like any other."""
    typed = {name.removeprefix(RATE): text(form, name) for name in form if name.startswith(RATE)}
    return {code: _number(given.replace(",", ".")) for code, given in typed.items() if given.strip()}


def _number(given: str) -> Decimal:
    try:
        return Decimal(given.strip())
    except InvalidOperation:
        return Decimal("NaN")


def _rate_fields(page: ThingPage, rates: dict[str, str], written: Words) -> list[tuple[str, str, str]]:
    return [
        (code, written.counted(count, "subscriptions"), rates.get(code, ""))
        for code, count in page.other_currencies.items()
    ]


def _chosen_before(work: Work, plan: UUID | None) -> tuple[frozenset[UUID], dict[str, str], str]:
    if plan is None or not work.actor.may("handover:view"):
        return frozenset(), {}, ""
    view = handovers.handover_(work, plan)
    named = view.choices.get("subscriptions", "all")
    rates = {code: one["rate"] for code, one in view.choices.get("rates", {}).items()}
    return frozenset() if named == "all" else frozenset(UUID(one) for one in named), rates, view.reason


COLUMNS = (
    Column("name", "Subscription"),
    Column("status", "Status"),
    Column("quantity", "Quantity", number=True),
    Column("cycle", "Cycle", phone=False),
    Column("price", "Your unit price", number=True, phone=False),
)


def _row(one: Thing, written: Words, chosen: frozenset[UUID]) -> Row:
    return Row(
        str(one.id),
        (
            Cell(one.name, places.url(one.entity, one.id), one.customer),
            Cell(one.status.replace("_", " ").capitalize(), state=one.status),
            Cell(written.number(one.quantity)),
            Cell(one.cycle.replace("_", " ").capitalize()),
            Cell(written.price(one.unit_price, one.currency)),
        ),
        chosen=one.id in chosen,
    )


def _empty(name: str, *, filtered: bool) -> Empty:
    if filtered:
        return Empty("Nothing matches", "Search by name, external id or customer.", "search")
    return Empty(
        "Nothing is left to transfer",
        f"Every subscription and asset of the accounts that were copied to {name} has a copy there, or they have none.",
        "repeat",
    )
