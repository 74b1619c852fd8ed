"""How the document describes problems (API-05)."""

from typing import Any

from pydantic import BaseModel, Field

from tenantry.web.http.problems import MEDIA_TYPE, TITLES


class FaultShape(BaseModel):
    """One thing that is wrong with one field."""

    field: str = Field(description="The field as it was given: `items[0].quantity`.")
    message: str = Field(description="What is wrong with it.")
    rule: str = Field(description="The rule it breaks; empty when it is plain form.")
    remedy: str = Field(description="What to do.")
    code: str = Field(
        description="A stable word for a fault of plain form, such as too-long; empty when there is none."
    )


class Problem(BaseModel):
    """What went wrong (RFC 9457); some problems add members, such as `digest` where a plan has changed."""

    type: str = Field(description="The kind of problem as a URI: urn:tenantry:problem:<code>.")
    title: str = Field(description="The kind of problem in a few words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What went wrong this time.")
    instance: str = Field(description="This occurrence: urn:tenantry:request:<request id>, as logs know it.")
    code: str = Field(description="The kind of problem as a stable word.")
    rule: str = Field(description="The rule that says so, such as UP-20; empty when there is none.")
    remedy: str = Field(description="What to do about it.")
    faults: list[FaultShape] = Field(description="Every field that is wrong.")


def problem_answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Declare these problems as answers."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {status: {"description": TITLES[status], "content": {MEDIA_TYPE: {"schema": schema}}} for status in statuses}


PROBLEMS = problem_answers(400, 401, 403, 404, 409, 412, 413, 415, 422, 429, 500, 503)
