"""Reconcile: comparisons of both tiers, what they found, and its repair (UP-44)."""

from dataclasses import replace
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from tenantry.channel.reconcile import actions, queries
from tenantry.channel.reconcile.lists import DIFFERENCES, RUNS
from tenantry.channel.reconcile.queries import ReconciliationView
from tenantry.database import Work
from tenantry.schema import reconcile
from tenantry.web.api.common import Id, body, resource
from tenantry.web.api.lists import Listed, Wanted, filters_of, item_of, page, page_of
from tenantry.web.api.shapes import shown
from tenantry.web.api.values import Words
from tenantry.web.http.access import may
from tenantry.web.http.answers import Made

RECONCILIATION = shown(
    ReconciliationView,
    reconcile.reconcile_run,
    reseller_name="Name of the tenant reseller.",
    repairable="Accounts whose differences a repair can put right.",
    certificate="What it proves, in a sentence: in agreement as of which message; empty when something differs.",
)

reconciliations = resource("Reconciliations")


class Why(BaseModel):
    """Why it is repaired."""

    model_config = ConfigDict(extra="forbid")
    reason: Words = Field(max_length=2000, description="Why, for the audit log.")


@reconciliations.get(
    "/reconciliations",
    response_model=page_of("Reconciliation", item_of("Reconciliation", RUNS)),
    openapi_extra=filters_of(RUNS),
)
@may("reconcile:view")
def list_reconciliations(work: Work, request: Request, wanted: Wanted) -> Listed:
    """List comparisons and repairs, the latest first."""
    return page(work, RUNS, request, wanted)


@reconciliations.post("/tenant-resellers/{id}/reconciliations", status_code=201, response_model=RECONCILIATION)
@may("reconcile:run")
def compare(work: Work, id: Id) -> Made:
    """Ask for a comparison of a tenant reseller with what is here of him; a job makes it."""
    made = actions.start(work, id)
    return Made(queries.reconciliation(work, made), f"/api/v1/reconciliations/{made}")


@reconciliations.get("/reconciliations/{id}", response_model=RECONCILIATION)
@may("reconcile:view")
def read_reconciliation(work: Work, id: Id) -> ReconciliationView:
    """Read a comparison or a repair: how far it is, what it came to, and its certificate."""
    return queries.reconciliation(work, id)


@reconciliations.get(
    "/reconciliations/{id}/differences",
    response_model=page_of("Discrepancy", item_of("Discrepancy", DIFFERENCES)),
    openapi_extra=filters_of(DIFFERENCES),
)
@may("reconcile:view")
def list_differences(work: Work, request: Request, id: Id, wanted: Wanted) -> Listed:
    """List what it found, field by field, with the cause of each."""
    queries.reconciliation(work, id)
    found = {**wanted.filters, "run_id": ("eq", id)}
    return page(work, DIFFERENCES, request, replace(wanted, filters=found))


@reconciliations.post("/reconciliations/{id}/repair", status_code=201, response_model=RECONCILIATION)
@may("reconcile:repair")
def repair(work: Work, id: Id, why: Annotated[Why, body(Why, {"reason": "Found by the auditor"})]) -> Made:
    """Ask for the repair of what a comparison found; a job makes it, and its own record says what is left."""
    made = actions.repair(work, id, why.reason)
    return Made(queries.reconciliation(work, made), f"/api/v1/reconciliations/{made}")
