"""The first step of Transfer Accounts: choose, and have it planned (DN-01 to DN-03)."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.channel.handovers import actions, queries as handovers
from tenantry.channel.tenant_resellers import queries
from tenantry.database import Work
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import Invalid
from tenantry.web.http.access import may
from tenantry.web.ui.channel import candidates
from tenantry.web.ui.channel.handover_views import steps
from tenantry.web.ui.flashes import goto
from tenantry.web.ui.forms import text, texts
from tenantry.web.ui.ids import Id
from tenantry.web.ui.rendering import render, words
from tenantry.web.ui.views import Flash

AT_ONCE = 50
# As many as fit into a form of a megabyte; more are chosen with "take all".
MOST_CHOSEN = 20_000
REASON = 2_000

router = APIRouter()


async def _read(request: Request) -> FormData:
    return await request.form(max_fields=MOST_CHOSEN)


Chosen = Annotated[FormData, Depends(_read)]


@router.get("/tenant-resellers/{id}/transfer-accounts")
@may("handover:plan")
def choose(
    work: Work,
    request: Request,
    id: Id,
    q: str = "",
    only: str = "",
    cursor: str = "",
    trail: Annotated[list[str], Query()] = [],  # noqa: B006 - the framework copies it
    plan: str = "",
) -> Response:
    """Show who can be transferred and who cannot; with `plan`, what that plan had chosen is chosen."""
    one = queries.tenant_reseller_(work, id)
    wanted = only if only in {"can_go", "cannot_go"} else ""
    page = queries.candidates(work, id, search=q, cursor=cursor or None, limit=AT_ONCE, only=wanted or None)
    earlier = as_id(plan)
    chosen, reason = _chosen_before(work, earlier)
    view = candidates.view(
        one, page, words(request), query=q, only=wanted, cursor=cursor, back=trail, chosen=chosen, plan=plan
    )
    shown = {each.id for each in page.items}
    return render(
        request,
        "channel/choose.html",
        one=one,
        what="Transfer Accounts",
        about="",
        url=f"/tenant-resellers/{id}/transfer-accounts",
        named="accounts",
        view=view,
        steps=steps("transfer_accounts", 0),
        kept=sorted(str(each) for each in chosen - shown),
        chosen=len(chosen),
        left=page.can_go,
        left_text=words(request).number(page.can_go),
        rates=(),
        allowed=one.actions["transfer_accounts"],
        plan=str(earlier) if earlier else "",
        reason=reason,
    )


@router.post("/tenant-resellers/{id}/transfer-accounts")
@may("handover:plan")
def make_plan(work: Work, request: Request, id: Id, form: Chosen) -> Response:
    """Plan what was chosen; the plan has a page of its own from then on."""
    named = texts(form, "accounts")
    ids = [found for one in named if (found := as_id(one))]
    url = f"/tenant-resellers/{id}/transfer-accounts"
    try:
        made = actions.plan(
            work,
            "transfer_accounts",
            id,
            "all" if "all" in named else ids,
            reason=text(form, "reason")[:REASON],
        )
    except Invalid as problem:
        return goto(request, url, *flashes(problem))
    withdraw(work, text(form, "plan"))
    return goto(request, f"/handovers/{made}")


def _chosen_before(work: Work, plan: UUID | None) -> tuple[frozenset[UUID], str]:
    if plan is None or not work.actor.may("handover:view"):
        return frozenset(), ""
    view = handovers.handover_(work, plan)
    accounts = view.choices.get("accounts", [])
    return frozenset() if accounts == "all" else frozenset(UUID(one) for one in accounts), view.reason


def withdraw(work: Work, plan: str) -> None:
    """Let the plan go that this one takes the place of."""
    earlier = as_id(plan)
    if earlier is None or not work.actor.may("handover:confirm"):
        return
    if handovers.handover_(work, earlier).status == "planned":
        actions.cancel(work, earlier)


def flashes(problem: Invalid) -> Sequence[Flash]:
    """Say each thing once, however many accounts it is about."""
    said = dict.fromkeys((f"{fault.message} {fault.remedy}", fault.rule) for fault in problem.faults)
    return [Flash(message, "bad", rule) for message, rule in list(said)[:3]]
