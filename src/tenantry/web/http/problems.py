"""Problems as RFC 9457 says them: stable code, rule, every fault with its field, and the way out (API-05)."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import to_json
from starlette.responses import Response

from tenantry.kernel.problems import Fault, Problem

MEDIA_TYPE = "application/problem+json"

TITLES: Mapping[int, str] = {
    400: "The request cannot be read",
    401: "Nobody is signed in",
    403: "You may not do this",
    404: "Not found",
    405: "This is not done that way here",
    409: "Refused",
    412: "It was changed since you read it",
    413: "Too large",
    415: "Not a kind of content that is read here",
    422: "The input breaks a rule",
    429: "Too many tries",
    500: "Something went wrong on our side",
    503: "Not now",
}

MEMBERS = ("type", "title", "status", "detail", "instance", "code", "rule", "remedy", "faults")


class Unreadable(Problem):
    """The request itself cannot be read: no JSON, a header that says nothing."""

    status = 400
    code = "unreadable"


class NotAllowedHere(Problem):
    """The address is there, the method is not."""

    status = 405
    code = "method-not-allowed"


class TooLarge(Problem):
    """The body is larger than is read here."""

    status = 413
    code = "too-large"


class WrongContent(Problem):
    """The body is of a kind that is not read here."""

    status = 415
    code = "wrong-content-type"


class Broken(Problem):
    """A fault of the program; what it was stands in the log under the request's id, never in the answer."""

    status = 500
    code = "internal-error"


class NotNow(Problem):
    """The database does not answer, or somebody else holds what is needed; the same request may be sent again."""

    status = 503
    code = "unavailable"


def problem_response(problem: Problem, request_id: str, headers: Mapping[str, str] | None = None) -> Response:
    """Write a problem down as an answer."""
    return Response(
        to_json(problem_body(problem, request_id), fallback=str),
        problem.status,
        headers={"cache-control": "no-store", **extra_headers(problem), **(headers or {})},
        media_type=MEDIA_TYPE,
    )


def problem_body(problem: Problem, request_id: str) -> dict[str, Any]:
    """Give the members of the problem document."""
    return {
        **{name: value for name, value in problem.extra.items() if name not in MEMBERS},
        "type": f"urn:tenantry:problem:{problem.code}",
        "title": TITLES.get(problem.status, "Problem"),
        "status": problem.status,
        "detail": _writable(problem.message),
        "instance": f"urn:tenantry:request:{request_id}",
        "code": problem.code,
        "rule": problem.rule,
        "remedy": problem.remedy,
        "faults": [_fault(fault) for fault in problem.faults],
    }


def _fault(fault: Fault) -> dict[str, str]:
    return {
        "field": _writable(fault.field),
        "message": _writable(fault.message),
        "rule": fault.rule,
        "remedy": fault.remedy,
        "code": fault.code,
    }


def extra_headers(problem: Problem) -> dict[str, str]:
    """Give the headers that HTTP asks for with some problems."""
    if problem.status == 401:  # noqa: PLR2004
        return {"www-authenticate": 'Bearer realm="Tenantry"'}
    if problem.status == 405 and (allow := problem.extra.get("allow")):  # noqa: PLR2004
        return {"allow": str(allow)}
    if seconds := problem.extra.get("retry_after"):
        return {"retry-after": str(seconds)}
    return {}


def faults_of(errors: Sequence[Mapping[str, Any]]) -> tuple[Fault, ...]:
    """Say in our words what the framework found wrong, each with its field; the value itself is not said back."""
    return tuple(Fault(_field(error["loc"]), _sentence(error), remedy=_remedy(error)) for error in errors)


def _field(place: Sequence[str | int]) -> str:
    """Name the field as it was spelled: `items[0].quantity`, without the part of the request it came in."""
    parts = list(place)
    if len(parts) > 1 and parts[0] in {"body", "query", "path", "header", "cookie"}:
        parts = parts[1:]
    name = ""
    for part in parts:
        name += f"[{part}]" if isinstance(part, int) else f".{part}" if name else str(part)
    return name


SENTENCES: Mapping[str, str] = {
    "missing": "It is needed.",
    "extra_forbidden": "There is no such field.",
    "json_invalid": "This is no JSON: {error}.",
    "model_attributes_type": "A JSON object is needed.",
    "dict_type": "A JSON object is needed.",
    "string_unicode": "It holds half a character (a lone surrogate).",
    "string_too_long": "It is too long: {max_length} characters at most.",
    "value_error": "{error}",
    "string_too_short": "It is too short: {min_length} characters at least.",
    "too_short": "There are too few: {min_length} at least.",
    "too_long": "There are too many: {max_length} at most.",
    "literal_error": "It is none of {expected}.",
    "enum": "It is none of {expected}.",
}
# What a value is not, by the first word of the framework's name of the error, and how it is written.
KINDS: Mapping[str, tuple[str, str]] = {
    "int": ("This is no whole number.", "Give a whole number, such as 3."),
    "decimal": ("This is no number.", 'Give a number, such as "4.50".'),
    "bool": ("This is neither true nor false.", "Give true or false."),
    "date": ("This is no day.", "Give a day of the calendar, such as 2026-11-30."),
    "datetime": ("This is no moment.", "Give a day and a time, such as 2026-11-30T09:00:00Z."),
    "uuid": ("This is no id.", "Give the id of a record, as the API gives it."),
}


def _sentence(error: Mapping[str, Any]) -> str:
    pattern = SENTENCES.get(str(error["type"]))
    if pattern is None:
        kind = KINDS.get(_kind(error))
        return kind[0] if kind else str(error["msg"]).rstrip(".") + "."
    return pattern.format(**{"error": error["msg"], "max_length": "", **error.get("ctx", {})})


def _remedy(error: Mapping[str, Any]) -> str:
    match str(error["type"]):
        case "missing":
            return "Give it."
        case "extra_forbidden":
            return "Leave it out, or look up how it is spelled in /api/v1/openapi.json."
        case "literal_error" | "enum":
            return "Give one of these."
        case _:
            return KINDS.get(_kind(error), ("", ""))[1]


def _kind(error: Mapping[str, Any]) -> str:
    return str(error["type"]).partition("_")[0]


def _writable(text: str) -> str:
    """Make a text that can be sent: half characters cannot."""
    return text.encode("utf-8", "backslashreplace").decode()
