"""Mirrors: how far each is in step, and the messages that are set aside (UP-43, UP-45)."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from tenantry.channel.health import queries, set_aside, thresholds
from tenantry.channel.health.queries import HealthView, Sample
from tenantry.channel.health.set_aside import SetAside
from tenantry.channel.health.thresholds import Thresholds
from tenantry.database import Work
from tenantry.schema import reconcile
from tenantry.web.api.common import AnyId, Id, body, changes, resource
from tenantry.web.api.lists import Wanted, page_of
from tenantry.web.api.shapes import changed, shown
from tenantry.web.api.short_lists import whole
from tenantry.web.api.values import Words
from tenantry.web.http.access import may
from tenantry.web.http.answers import Linked

HEALTH = shown(
    HealthView,
    name="Name of the tenant reseller.",
    id="The tenant reseller.",
    state="Where the tenant reseller stands.",
    waiting="Messages that wait to be applied.",
    lag_seconds="Age in seconds of the oldest message that waits; 0 when none does.",
    last_lag_ms="Milliseconds from commit below to visible above, of the oldest of the last batch; null: none yet.",
    applied="Messages applied in all.",
    applied_at="When the last batch was applied.",
    applied_last_hour="Messages applied in the last hour.",
    set_aside="Messages that are set aside.",
    set_aside_accounts="Customers of whom messages are set aside.",
    compared_at="When both tiers were last compared.",
    differences="What that comparison, or the repair after it, left; null: never compared.",
    certificate="What that comparison proved, in a sentence; empty when something differed.",
    alerts="What needs attention, in sentences.",
)
SAMPLE = shown(
    Sample,
    at="The minute.",
    waiting="Messages that waited.",
    set_aside="Messages that were set aside.",
    lag_ms="Age of the oldest that waited, else of the last batch's, in milliseconds.",
    applied="Messages applied since the sample before; null of the first.",
)
SET_ASIDE = shown(
    SetAside,
    id="The customer.",
    account_name="Name of the customer.",
    tenant_reseller_id="The tenant reseller.",
    reseller_name="Name of the tenant reseller.",
    reason="What stands in the way, as a stable word.",
    says="What stands in the way, in a sentence.",
    rule="The rule.",
    remedy="What to do about it.",
    messages="How many messages.",
    attempts="How often they were set aside.",
    since="When the first of them was set aside.",
    is_here="Whether the customer is an account here already.",
)
LIMITS = shown(Thresholds, reconcile.mirror_alert)
LIMIT_CHANGES = changed("ThresholdChanges", reconcile.mirror_alert, " ".join(Thresholds.__dataclass_fields__))

mirrors = resource("Mirrors")
Customer = Annotated[AnyId, Path(description="The customer's id.")]


class Resolution(BaseModel):
    """Why messages are given up."""

    model_config = ConfigDict(extra="forbid")
    reason: Words = Field(max_length=2000, description="Why, for the history and the audit log.")


@mirrors.get("/mirrors", response_model=page_of("Mirror", HEALTH))
@may("reconcile:view")
def list_mirrors(work: Work, request: Request, wanted: Wanted) -> Linked:
    """List how far each mirror is in step, with its alerts."""
    return whole(request, wanted, queries.mirrors(work), HEALTH)


@mirrors.get("/mirrors/{id}", response_model=HEALTH)
@may("reconcile:view")
def read_mirror(work: Work, id: Id) -> HealthView:
    """Read how far the mirror of a tenant reseller is in step."""
    return queries.mirror_(work, id)


@mirrors.get("/mirrors/{id}/samples", response_model=list[SAMPLE])  # type: ignore[valid-type]
@may("reconcile:view")
def list_samples(work: Work, id: Id) -> list[Sample]:
    """List what the mirror was like in each minute of the last day."""
    queries.mirror_(work, id)
    return list(queries.samples(work, id))


@mirrors.get("/messages", response_model=page_of("SetAside", SET_ASIDE))
@may("reconcile:view")
def list_messages(work: Work, request: Request, wanted: Wanted) -> Linked:
    """List what is set aside, customer by customer, with the reason and what to do."""
    return whole(request, wanted, set_aside.listed(work), SET_ASIDE)


@mirrors.put("/mirrors/{id}/messages/retry", status_code=204)
@may("reconcile:repair")
def retry_all(work: Work, id: Id) -> None:
    """Try again all that is set aside of a tenant reseller's customers."""
    set_aside.retry(work, id)


@mirrors.put("/mirrors/{id}/messages/{customer}/retry", status_code=204)
@may("reconcile:repair")
def retry(work: Work, id: Id, customer: Customer) -> None:
    """Try again what is set aside of a customer."""
    set_aside.retry(work, id, customer)


@mirrors.put("/mirrors/{id}/messages/{customer}/resolution", status_code=204)
@may("reconcile:repair")
def resolve(
    work: Work, id: Id, customer: Customer, why: Annotated[Resolution, body(Resolution, {"reason": "Sold by mistake"})]
) -> None:
    """Give up what is set aside of a customer."""
    set_aside.resolve(work, id, customer, why.reason)


@mirrors.get("/mirror-alerts", response_model=LIMITS)
@may("setup:view")
def read_thresholds(work: Work) -> Thresholds:
    """Read from when on somebody is told."""
    return thresholds.thresholds(work)


@mirrors.patch("/mirror-alerts", response_model=LIMITS)
@may("setup:edit")
def change_thresholds(
    work: Work, wanted: Annotated[Mapping[str, Any], changes(LIMIT_CHANGES, {"lag_seconds": 30})]
) -> Thresholds:
    """Change from when on somebody is told."""
    thresholds.set_up(work, wanted)
    return thresholds.thresholds(work)
