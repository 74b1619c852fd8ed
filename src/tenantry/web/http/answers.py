"""From what an action or a query gave to the bytes of an answer."""

from dataclasses import dataclass, is_dataclass
from typing import Any

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

Record = Any


@dataclass(frozen=True)
class Made:
    """A record that was just made: its presentation, and where it is found."""

    record: Any
    at: str


@dataclass(frozen=True)
class Accepted:
    """Work that goes on after the answer: its presentation, and where to look."""

    record: Any
    at: str


@dataclass(frozen=True)
class Linked:
    """An answer with links to others of its kind (RFC 8288)."""

    record: Any
    links: tuple[tuple[str, str], ...]


def answered(given: Record, request: Request) -> Response:
    """Make the answer: a response as it is, nothing as 204, a record as JSON with its version as ETag (API-06)."""
    if isinstance(given, Response):
        return given
    if given is None:
        return Response(status_code=204, headers={"cache-control": "no-store"})
    headers = {"cache-control": "no-store"}
    status, record = 200, given
    match given:
        case Made(record, at):
            status, headers["location"] = 201, at
        case Accepted(record, at):
            status, headers["location"] = 202, at
        case Linked(record, links) if links:
            headers["link"] = ", ".join(f'<{address}>; rel="{name}"' for name, address in links)
        case Linked(record, _):
            pass
        case _:
            pass
    if (version := version_of(record)) is not None and request.method != "DELETE":
        headers["etag"] = etag(version)
    return Response(to_json(record, fallback=_other), status, headers=headers, media_type="application/json")


def etag(version: int) -> str:
    """Write a version as an entity tag."""
    return f'"{version}"'


def version_of(record: Record) -> int | None:
    """Read the version of a record; None for what has none."""
    found = record.get("version") if isinstance(record, dict) else getattr(record, "version", None)
    return found if isinstance(found, int) else None


def _other(value: Record) -> Record:
    """Write what the serializer does not know: mappings that are no dicts, sets."""
    if is_dataclass(value):
        return vars(value)
    if hasattr(value, "items"):
        return dict(value.items())
    if isinstance(value, frozenset | set):
        return sorted(value)
    return str(value)
