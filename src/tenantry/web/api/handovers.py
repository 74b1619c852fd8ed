"""Handovers: planned, looked at, confirmed by their digest, watched, exported, undone (HND-01 to HND-06)."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import StreamingResponse

from tenantry.channel.handovers import actions, queries
from tenantry.channel.handovers.queries import HandoverView, RecordResult
from tenantry.database import Work
from tenantry.kernel.problems import Fault, Invalid
from tenantry.schema import channel
from tenantry.web.api import handover_preview as previews
from tenantry.web.api.common import AnyId, Id, Value, body, identified, resource
from tenantry.web.api.examples import SOMEBODY
from tenantry.web.api.lists import Search, linked, page_of
from tenantry.web.api.shapes import shown
from tenantry.web.api.values import Words
from tenantry.web.http.access import may
from tenantry.web.http.answers import Linked, Made

HANDOVER = shown(
    HandoverView,
    channel.handover,
    title="Name of the kind of handover.",
    digest="What confirming has to carry: SHA-256 over the whole plan; null while it is being made.",
    status="planning, planned, awaiting_approval, scheduled, running, completed, completed_with_failures, failed, "
    "cancelled, undoing or undone (HND-06).",
    reseller_name="Name of the tenant reseller.",
    rate="Records a second; null while it does not run.",
    not_shown="How many of its accounts, or of those that a finding names, your permission rules do not let you see; "
    "null of a handover in lists.",
    seconds_left="Seconds that are left, at that rate; null while it does not run.",
    subject="accounts or subscriptions: what its records are; assets count among the latter.",
    records="Ids of the records that you may see, of a thousand at most.",
    planned_by="Name of who planned it.",
    confirmed_by="Name of who confirmed it.",
    undone_by="Name of who undid it.",
    code="The check, as a stable word.",
    rule="The rule that the check is for.",
    severity="blocker, warning or note.",
    message="What it found.",
    remedy="What to do about it.",
    count="How many records it found; a blocker with none stops the plan.",
)

RESULT = shown(
    RecordResult,
    entity="account, subscription or asset: what the record is; empty when it is gone.",
    number="The account's number; null of what an account has.",
    name="The record's name.",
    customer="Name of the account that has it; empty of an account.",
    verdict="new, wake, live, here, clash or held: what the plan says of it.",
    finding="Code of the blocker that holds it; null when none does.",
    outcome="copied, changed, undone or kept; null while nothing has become of it.",
    why="Why it was kept or left; null when it was not.",
)

handovers = resource("Handovers")


def _accounts(value: Value) -> Value:
    """Read ids one by one; what is no id becomes one that nobody has, so both are refused alike."""
    if value == "all":
        return "all"
    if not isinstance(value, list):
        message = 'Give a list of ids, or "all".'
        raise ValueError(message)  # noqa: TRY004 - pydantic answers with a ValueError's words
    return [identified(one) for one in value]


Accounts = Annotated[list[UUID] | Literal["all"], BeforeValidator(_accounts)]


class NewHandover(BaseModel):
    """What is to be handed over, and to whom."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["transfer_accounts", "transfer_subscriptions", "activate_back_ordering"] = Field(
        description="Which handover."
    )
    tenant_reseller_id: Annotated[UUID, BeforeValidator(identified)] = Field(description="The tenant reseller.")
    accounts: Accounts | None = Field(
        default=None, description='Of Transfer Accounts: ids of the accounts, or "all" for every one that can go.'
    )
    subscriptions: Accounts | None = Field(
        default=None,
        description='Of Transfer Subscriptions: ids of subscriptions and assets, or "all" for every one that can go.',
    )
    rates: dict[str, Decimal] = Field(
        default_factory=dict,
        description="Of Transfer Subscriptions: at which rate a currency is converted into that of the reseller's "
        "price list; what is in one that is not named here is held back (DN-44).",
    )
    reason: Words = Field(default="", max_length=2000, description="Why, for the record.")


class Confirmation(BaseModel):
    """What is confirmed: the plan that was seen."""

    model_config = ConfigDict(extra="forbid")
    digest: Words = Field(max_length=200, description="The digest of the plan that was seen.")
    at: datetime | None = Field(default=None, description="When to run; at once when left out.")
    reason: Words | None = Field(
        default=None, max_length=2000, description="Why, for the record; the plan's own when left out."
    )


class Reversal(BaseModel):
    """What is undone."""

    model_config = ConfigDict(extra="forbid")
    accounts: Accounts = Field(default="all", description='Ids of the records, accounts or what they have, or "all".')


@handovers.get("/handovers", response_model=page_of("Handover", HANDOVER))
@may("handover:view")
def list_handovers(
    work: Work,
    request: Request,
    tenant_reseller_id: Annotated[AnyId | None, Query(description="Only those of this tenant reseller.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="Handovers of a page.")] = 50,
    cursor: Annotated[str, Query(description="What `next` of another page said.")] = "",
    search: Annotated[str, Query(max_length=100, description="Words of number, reseller, people or reason.")] = "",
) -> Linked:
    """List handovers, the latest first."""
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):  # noqa: PLR2004 - a bigint's digits
        raise Invalid(Fault("cursor", "This is not a cursor that a page gave.", "API-04", "Begin without one."))
    before = int(cursor) if cursor else None
    found = queries.recent(work, tenant_reseller_id=tenant_reseller_id, limit=limit + 1, before=before, search=search)
    more = str(found[limit - 1].number) if len(found) > limit else None
    page = {"items": found[:limit], "next": more, "previous": None, "total": None, "total_is_exact": None}
    return linked(request, page)


@handovers.post("/handovers", status_code=201, response_model=HANDOVER)
@may("handover:plan")
def plan(
    work: Work,
    new: Annotated[
        NewHandover,
        body(NewHandover, {"kind": "transfer_accounts", "tenant_reseller_id": SOMEBODY, "accounts": "all"}),
    ],
) -> Made:
    """Plan a handover; a plan changes nothing. Large ones are made by a worker: `status` is then `planning`."""
    chosen = _chosen(new)
    id = actions.plan(work, new.kind, new.tenant_reseller_id, chosen, rates=new.rates, reason=new.reason)
    return Made(queries.handover_(work, id), f"/api/v1/handovers/{id}")


def _chosen(new: NewHandover) -> list[UUID] | Literal["all"]:
    """Read what goes from the field that the kind of handover has for it; going live takes everything."""
    asked = {"transfer_accounts": "accounts", "transfer_subscriptions": "subscriptions"}.get(new.kind)
    given = {name: value for name in ("accounts", "subscriptions") if (value := getattr(new, name)) is not None}
    faults = [
        Fault(name, f"This handover is not of {name}.", "HND-01", "Leave it out.") for name in given if name != asked
    ]
    if asked and asked not in given:
        faults.append(Fault(asked, f"Say which {asked} go.", "DN-03", 'Give a list of ids, or "all".'))
    if faults:
        raise Invalid(*faults)
    return given[asked] if asked else "all"


@handovers.get("/handovers/{id}", response_model=HANDOVER)
@may("handover:view")
def read_handover(work: Work, id: Id) -> HandoverView:
    """Read a handover: its status, progress, findings and counts."""
    return queries.handover_(work, id)


@handovers.get("/handovers/{id}/preview", response_model=page_of("Preview", previews.RecordShape))
@may("handover:view")
def read_preview(
    work: Work,
    request: Request,
    id: Id,
    limit: Annotated[int, Query(description="Records of a page, 1 to 1,000.")] = 20,
    cursor: Annotated[str, Query(description="What `next` of another page said.")] = "",
    verdict: Annotated[
        Literal["new", "wake", "live", "here", "clash", "held"] | None,
        Query(description="Only records of this verdict."),
    ] = None,
    search: Search = "",
    only_differences: Annotated[bool, Query(description="Leave out the fields that stay as they are.")] = False,  # noqa: FBT002
) -> Linked:
    """Read the preview: record by record, field by field, what is there, what will be, and by which rule (HND-01)."""
    found = queries.preview(work, id, cursor=cursor or None, limit=limit, verdict=verdict, search=search)
    items = [previews.presented(one, only_differences=only_differences) for one in found.items]
    page = {"items": items, "next": found.next, "previous": None, "total": None, "total_is_exact": None}
    return linked(request, page)


@handovers.get("/handovers/{id}/records", response_model=page_of("HandoverRecord", RESULT))
@may("handover:view")
def list_records(
    work: Work,
    request: Request,
    id: Id,
    limit: Annotated[int, Query(ge=1, le=1000, description="Records of a page.")] = 100,
    cursor: Annotated[str, Query(description="What `next` of another page said.")] = "",
    outcome: Annotated[
        Literal["copied", "changed", "undone", "kept", "stayed"] | None,
        Query(description="Only records of this outcome; stayed: nothing has become of them."),
    ] = None,
    search: Search = "",
) -> Linked:
    """List the records of a handover: what the plan says of each, and what became of it (HND-04)."""
    found = queries.results(work, id, cursor=cursor or None, limit=limit, outcome=outcome, search=search)
    more = str(found[-1].id) if len(found) == limit else None
    page = {"items": found, "next": more, "previous": None, "total": None, "total_is_exact": None}
    return linked(request, page)


@handovers.get(
    "/handovers/{id}/obstacles",
    response_model=page_of("Obstacle", HANDOVER.model_fields["findings"].annotation.__args__[0]),  # type: ignore[union-attr]
)
@may("handover:view")
def read_obstacles(work: Work, id: Id) -> dict[str, Any]:
    """Say what stands in the way of undoing it (HND-05)."""
    found = queries.obstacles(work, id)
    return {"items": found, "next": None, "previous": None, "total": len(found), "total_is_exact": True}


@handovers.get(
    "/handovers/{id}/export",
    response_class=StreamingResponse,
    responses={200: {"description": "The whole preview, or record, line by line.", "content": {"text/csv": {}}}},
)
@may("handover:view")
def export(
    work: Work,
    request: Request,
    id: Id,
    format: Annotated[
        Literal["csv", "jsonl"], Query(description="csv: a line a field. jsonl: a line a record.")
    ] = "csv",
) -> StreamingResponse:
    """Give the whole preview, or what became of it, as a file."""
    number = queries.handover_(work, id).number
    return previews.file(request.app.state.database, work, id, f"handover-{number}.{format}", format)


@handovers.put("/handovers/{id}/confirmation", response_model=HANDOVER)
@may("handover:confirm")
def confirm(
    work: Work, id: Id, seen: Annotated[Confirmation, body(Confirmation, {"digest": "6f1c0e5b..."})]
) -> HandoverView:
    """Confirm the plan that was seen; refused, with the new plan, when it would differ today (HND-02)."""
    actions.confirm(work, id, seen.digest, at=seen.at, reason=seen.reason)
    return queries.handover_(work, id)


@handovers.put("/handovers/{id}/reversal", response_model=HANDOVER)
@may("handover:confirm")
def undo(
    work: Work, id: Id, which: Annotated[Reversal | None, body(Reversal, {"accounts": "all"}, needed=False)]
) -> HandoverView:
    """Undo a handover, whole or for some accounts, where the rules allow it (HND-05)."""
    some: Sequence[UUID] | None = which.accounts if which and which.accounts != "all" else None
    actions.reverse(work, id, some)
    return queries.handover_(work, id)


@handovers.delete("/handovers/{id}", status_code=204)
@may("handover:confirm")
def cancel(work: Work, id: Id) -> None:
    """Cancel a plan at once, or a run after the chunk in hand; what was committed stays (HND-03)."""
    actions.cancel(work, id)
