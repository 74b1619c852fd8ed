"""What resources share: ids in addresses, bodies, versions, and how they are declared."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Header, Path
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import Fault, Invalid, Stale
from tenantry.web.api.document import PREFIX
from tenantry.web.api.problem_shape import PROBLEMS
from tenantry.web.api.shapes import order_of
from tenantry.web.api.values import Words

NOWHERE = UUID(int=0)

Changes = Mapping[str, Any]
Json = Any
Value = Any
Dependency = Any


def identified(text: Json) -> UUID:
    """Read an id; what is no id at all becomes one that nobody has, so that both get the same answer."""
    return text if isinstance(text, UUID) else as_id(text) or NOWHERE


AnyId = Annotated[UUID, BeforeValidator(identified)]
Id = Annotated[AnyId, Path(description="The record's id.")]


def resource(tag: str) -> APIRouter:
    """Make the router of one kind of record."""
    return APIRouter(prefix=PREFIX, tags=[tag], responses=PROBLEMS)


def body(model: type[BaseModel], example: Json, *, needed: bool = True) -> Dependency:
    """Declare a parameter that is made from the body: the order that an action takes; None for a body left out."""

    async def read(body: Json) -> Json:
        return order_of(body)

    _declare(read, model, example)
    if not needed:
        read.__annotations__["body"] = Annotated[model | None, Body(examples=[example])]
        read.__defaults__ = (None,)
    return Depends(read)


def changes(model: type[BaseModel], example: Json) -> Dependency:
    """Declare a parameter that is the fields to change, only those that were given."""

    async def read(body: Json) -> Changes:
        return {name: order_of(getattr(body, name)) for name in body.model_fields_set}

    _declare(read, model, example)
    return Depends(read)


async def if_match(
    if_match: Annotated[
        str | None,
        Header(description='The ETag that was read, such as "3": refused when the record was changed since (API-06).'),
    ] = None,
) -> int | None:
    """Read the version that the record must still have; None when any will do."""
    if if_match is None or if_match.strip() == "*":
        return None
    text = if_match.strip().removeprefix("W/")
    if len(text) > 2 and text[0] == text[-1] == '"' and text[1:-1].isascii() and text[1:-1].isdigit():  # noqa: PLR2004
        return int(text[1:-1][:12])
    if text.startswith('"'):
        raise Stale("The record is not at that version.", rule="API-06", remedy="Read it again and repeat the change.")
    raise Invalid(Fault("If-Match", "This is no entity tag.", "API-06", 'Send what the ETag header said, such as "3".'))


class Reason(BaseModel):
    """Why something is done."""

    model_config = ConfigDict(extra="forbid")
    because: Words = Field(default="", max_length=1000, description="Why, in a few words; it stands in the history.")


Version = Annotated[int | None, Depends(if_match)]


def _declare(read: Callable[..., Coroutine[Any, Any, Any]], model: type[BaseModel], example: Json) -> None:
    read.__annotations__["body"] = Annotated[model, Body(examples=[example])]
