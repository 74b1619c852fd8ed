"""Tenant resellers: made by a watched job, their settings, and their candidates (TEN-04 to TEN-06, DN-02)."""

from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from tenantry.channel.tenant_resellers import actions, queries, standing
from tenantry.channel.tenant_resellers.actions import NewTenantReseller
from tenantry.channel.tenant_resellers.effects import Effect, effects
from tenantry.channel.tenant_resellers.queries import Candidate, TenantResellerView
from tenantry.database import Work
from tenantry.schema import channel, crm, tenant
from tenantry.web.api.common import Id, Reason, Version, body, resource
from tenantry.web.api.examples import SOMEBODY
from tenantry.web.api.lists import Wanted, linked, page_of
from tenantry.web.api.shapes import shown, taken
from tenantry.web.api.short_lists import whole
from tenantry.web.http.access import may
from tenantry.web.http.answers import Linked, Made

ADMIN = {"admin_name": "Name of the admin user.", "admin_email": "E-mail that the admin user signs in with."}
TENANT_RESELLER = shown(
    TenantResellerView,
    channel.tenant_reseller,
    tenant.tenant,
    **ADMIN,
    name="Name of the reseller's account.",
    number="Number of the reseller's account.",
    code="Short name of his tenant; empty until it is made.",
    state="Where it stands: creating, set_up, accounts_transferred, live, suspended, closed (TEN-06).",
    price_list_name="Name of that price list.",
    steps="Steps of its creation.",
    made="How many records the step made; null while it is not done.",
    at="When the step was done; null while it is not.",
    accounts_copied="Accounts of his that were transferred.",
    accounts_not_copied="Accounts of his that can be transferred.",
    accounts_held_back="Accounts of his that cannot, each with its reason among the candidates.",
    subscriptions_copied="Running subscriptions that he manages.",
    subscriptions_not_copied="Running subscriptions that he does not manage yet.",
    lag_seconds="Age in seconds of the oldest message that waits to be applied; null when none does.",
    failures="Messages that could not be applied and are set aside.",
)
CANDIDATE = shown(
    Candidate,
    crm.account,
    can_go="Whether it can be transferred.",
    rule="The rule that keeps it; null when it can go.",
    why="Why it cannot go; null when it can.",
    remedy="What to do about it; null when it can go.",
)
EFFECT = shown(
    Effect,
    code="What it is about: users, tokens, shop, subscriptions, orders, messages, set_aside, planned, running, "
    "customers, others, charges, resellers, kept.",
    count="How many; null for what has no number.",
    things="What they are.",
    says="What becomes of them.",
    stops="Whether the act is refused while there are any.",
    remedy="What to do about it.",
)
NEW = taken(
    NewTenantReseller,
    channel.tenant_reseller,
    tenant.tenant,
    **ADMIN,
    account_id="The reseller's account; reselling must be enabled on it.",
)

WHY = {"because": "Unpaid since August"}
Why = Annotated[Reason | None, body(Reason, WHY, needed=False)]

tenant_resellers = resource("Tenant resellers")


class Effects(BaseModel):
    """What an act brings about, shown before it is done."""

    items: list[EFFECT] = Field(description="One by one; what stops the act first.")  # type: ignore[valid-type]


class Settings(BaseModel):
    """What can be changed of a tenant reseller."""

    model_config = ConfigDict(extra="forbid")
    separate_invoices: bool | None = Field(
        default=None, strict=True, description="Whether his customers get an invoice each; as it is when left out."
    )
    credit_checked: bool | None = Field(
        default=None,
        strict=True,
        description="Whether what he sells waits for credit here (UP-47); as it is when left out.",
    )
    for_accounts: Literal["new", "all"] = Field(
        default="new", description="For accounts to come only, or for all that are there already as well."
    )


class CandidatePage(page_of("Candidate", CANDIDATE)):  # type: ignore[misc]
    """A page of candidates."""

    can_go: int = Field(description="How many can be transferred.")
    cannot_go: int = Field(description="How many cannot.")


@tenant_resellers.get("/tenant-resellers", response_model=page_of("TenantReseller", TENANT_RESELLER))
@may("tenant_resellers:view")
def list_tenant_resellers(work: Work, request: Request, wanted: Wanted) -> Linked:
    """List all tenant resellers, by name, with their counts."""
    return whole(request, wanted, queries.all_(work), TENANT_RESELLER)


@tenant_resellers.post("/tenant-resellers", status_code=201, response_model=TENANT_RESELLER)
@may("tenant_resellers:edit")
def make_tenant_reseller(
    work: Work,
    new: Annotated[
        NewTenantReseller,
        body(
            NEW,
            {
                "account_id": SOMEBODY,
                "price_list_id": SOMEBODY,
                "admin_name": "Eleni Papadaki",
                "admin_email": "eleni@aegean.example",
                "language": "el",
                "time_zone": "Europe/Athens",
            },
        ),
    ],
) -> Made:
    """Ask for a tenant for a reseller; a job makes it, and `state` and `steps` tell how far it is."""
    id = actions.create(work, new)
    return Made(queries.tenant_reseller_(work, id), f"/api/v1/tenant-resellers/{id}")


@tenant_resellers.get("/tenant-resellers/{id}", response_model=TENANT_RESELLER)
@may("tenant_resellers:view")
def read_tenant_reseller(work: Work, id: Id) -> TenantResellerView:
    """Read a tenant reseller with its counts and the steps of its creation."""
    return queries.tenant_reseller_(work, id)


@tenant_resellers.patch("/tenant-resellers/{id}", response_model=TENANT_RESELLER)
@may("tenant_resellers:edit")
def change_settings(
    work: Work,
    id: Id,
    settings: Annotated[Settings, body(Settings, {"separate_invoices": True, "for_accounts": "all"})],
    version: Version,
) -> TenantResellerView:
    """Change the settings, for accounts to come only or for all (TEN-05); and whether his credit is checked (UP-47)."""
    actions.edit_settings(
        work,
        id,
        separate_invoices=settings.separate_invoices,
        for_accounts=settings.for_accounts,
        credit_checked=settings.credit_checked,
        version=version,
    )
    return queries.tenant_reseller_(work, id)


@tenant_resellers.put("/tenant-resellers/{id}/creation", response_model=TENANT_RESELLER)
@may("tenant_resellers:edit")
def retry_creation(work: Work, id: Id) -> TenantResellerView:
    """Try a creation that stopped again, from the step it stopped at."""
    actions.retry(work, id)
    return queries.tenant_reseller_(work, id)


@tenant_resellers.get("/tenant-resellers/{id}/candidates", response_model=CandidatePage)
@may("handover:plan")
def list_candidates(
    work: Work,
    request: Request,
    id: Id,
    search: Annotated[str, Query(description="Words that name, numbers or e-mail must have.")] = "",
    limit: Annotated[int, Query(description="Candidates of a page, 1 to 1,000.")] = 100,
    cursor: Annotated[str, Query(description="What `next` of another page said.")] = "",
    only: Annotated[
        Literal["can_go", "cannot_go"] | None, Query(description="Only those that can go, or only those that cannot.")
    ] = None,
) -> Linked:
    """List the accounts that could be transferred, and those that cannot go with the rule and the reason (DN-02)."""
    found = queries.candidates(work, id, search=search, cursor=cursor or None, limit=limit, only=only)
    counts = {"can_go": found.can_go, "cannot_go": found.cannot_go}
    total = None if search or only else found.can_go + found.cannot_go
    exact = None if total is None else True
    page = {"items": found.items, "next": found.next, "previous": None, "total": total, "total_is_exact": exact}
    return linked(request, page | counts)


@tenant_resellers.get("/tenant-resellers/{id}/suspension", response_model=Effects)
@may("tenant_resellers:view")
def look_at_suspension(work: Work, id: Id) -> dict[str, object]:
    """Say what suspending him would bring about, counted; of one who is suspended, what resuming would (TEN-07)."""
    is_suspended = queries.tenant_reseller_(work, id).state == "suspended"
    return {"items": effects(work, id, "resume" if is_suspended else "suspend")}


@tenant_resellers.put("/tenant-resellers/{id}/suspension", response_model=TENANT_RESELLER)
@may("tenant_resellers:edit")
def suspend_tenant_reseller(work: Work, id: Id, why: Why, version: Version) -> TenantResellerView:
    """Suspend a tenant reseller: his users look, and neither sell nor change anything; what runs goes on (TEN-07)."""
    standing.suspend(work, id, because=why.because if why else "", version=version)
    return queries.tenant_reseller_(work, id)


@tenant_resellers.delete("/tenant-resellers/{id}/suspension", response_model=TENANT_RESELLER)
@may("tenant_resellers:edit")
def resume_tenant_reseller(work: Work, id: Id, version: Version) -> TenantResellerView:
    """Resume a suspended tenant reseller: he is again what he was before (TEN-07)."""
    standing.resume(work, id, version=version)
    return queries.tenant_reseller_(work, id)


@tenant_resellers.get("/tenant-resellers/{id}/closure", response_model=Effects)
@may("tenant_resellers:view")
def look_at_closure(work: Work, id: Id) -> dict[str, object]:
    """Say what closing him would bring about, and what stops it, counted (TEN-07)."""
    return {"items": effects(work, id, "close")}


@tenant_resellers.put("/tenant-resellers/{id}/closure", response_model=TENANT_RESELLER)
@may("tenant_resellers:edit")
def close_tenant_reseller(work: Work, id: Id, why: Why, version: Version) -> TenantResellerView:
    """Close a tenant reseller for good; refused with counts while something of his lives on (TEN-07)."""
    standing.close(work, id, because=why.because if why else "", version=version)
    return queries.tenant_reseller_(work, id)
