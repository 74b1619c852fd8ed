"""What outside systems are asked for, and what came of it: the manual connector (PRV-20, PRV-33)."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from tenantry.database import Work
from tenantry.provisioning import requests
from tenantry.provisioning.asked import REQUESTS, RequestView, request_
from tenantry.schema import charging
from tenantry.web.api.common import Id, Version, body, resource
from tenantry.web.api.lists import Listed, Wanted, filters_of, item_of, page, page_of
from tenantry.web.api.shapes import shown
from tenantry.web.api.values import Words
from tenantry.web.http.access import may

EDIT = "subscriptions:edit"
REQUEST = shown(
    RequestView,
    charging.service_request,
    name="ProvisioningRequest",
    subscription="The subscription's name.",
    account="The account's name.",
    system="The system's name.",
)

provisioning = resource("Provisioning requests")


class Answer(BaseModel):
    """What came of a request."""

    model_config = ConfigDict(extra="forbid")
    answer: Words = Field(default="", max_length=320, description="What was done, or why it could not be.")


@provisioning.get(
    "/provisioning-requests",
    response_model=page_of("ProvisioningRequest", item_of("ProvisioningRequest", REQUESTS)),
    openapi_extra=filters_of(REQUESTS),
)
@may("subscriptions:view")
def list_requests(work: Work, request: Request, wanted: Wanted) -> Listed:
    """List provisioning requests, the latest first."""
    return page(work, REQUESTS, request, wanted)


@provisioning.get("/provisioning-requests/{id}", response_model=REQUEST)
@may("subscriptions:view")
def read_request(work: Work, id: Id) -> RequestView:
    """Read a provisioning request with what there should be."""
    return request_(work, id)


@provisioning.put("/provisioning-requests/{id}/beginning", response_model=REQUEST)
@may(EDIT)
def begin(work: Work, id: Id, version: Version) -> RequestView:
    """Say that somebody is at it."""
    requests.begin(work, id, version=version)
    return request_(work, id)


@provisioning.put("/provisioning-requests/{id}/completion", response_model=REQUEST)
@may(EDIT)
def finish(
    work: Work, id: Id, said: Annotated[Answer, body(Answer, {"answer": "12 mailboxes"})], version: Version
) -> RequestView:
    """Say that it is done."""
    requests.finish(work, id, answer=said.answer, version=version)
    return request_(work, id)


@provisioning.put("/provisioning-requests/{id}/failure", response_model=REQUEST)
@may(EDIT)
def fail(
    work: Work, id: Id, said: Annotated[Answer, body(Answer, {"answer": "Domain unknown"})], version: Version
) -> RequestView:
    """Say that it could not be done, and why."""
    requests.fail(work, id, answer=said.answer, version=version)
    return request_(work, id)
