"""Whatever goes wrong becomes a problem, and a problem becomes an answer: JSON for programs, a page for people."""

from collections.abc import Callable

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    TimeoutError as NoRoom,
)
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from tenantry.kernel.problems import Conflict, Fault, Invalid, NotFound, Problem
from tenantry.web.http.access import access_of
from tenantry.web.http.identity import opened
from tenantry.web.http.problems import (
    Broken,
    NotAllowedHere,
    NotNow,
    TooLarge,
    Unreadable,
    WrongContent,
    faults_of,
    problem_response,
)

Page = Callable[[Request, Problem], Response]

FOR_PROGRAMS = ("/api/", "/healthz", "/readyz", "/metrics")
OVERTAKEN = {"40001", "40P01", "55P03"}

log = structlog.get_logger("tenantry.web")


def answer_problems(app: FastAPI) -> None:
    """Answer with a problem whatever is raised below."""
    for kind, handle in {
        Problem: _problem,
        RequestValidationError: _unfit,
        HTTPException: _http,
        DBAPIError: _database,
        NoRoom: _no_room,
    }.items():
        app.add_exception_handler(kind, handle)  # type: ignore[arg-type]


def answer(request: Request, problem: Problem) -> Response:
    """Answer with a problem document, or with the page that people get."""
    page: Page | None = getattr(request.app.state, "problem_page", None)
    if page is None or request.url.path.startswith(FOR_PROGRAMS):
        return problem_response(problem, request.state.request_id)
    return page(request, problem)


def broken(request: Request, fault: Exception) -> Response:
    """Log a fault of the program and tell no more than that there was one."""
    log.error("request failed", exc_info=fault)
    return answer(
        request,
        Broken(
            "This should not have happened; nothing was changed.",
            remedy=f"Try again; if it stays, tell your administrator the number {request.state.request_id}.",
        ),
    )


def _problem(request: Request, problem: Problem) -> Response:
    return answer(request, _not_asked(request) or problem)


def _unfit(request: Request, fault: RequestValidationError) -> Response:
    """Say what does not fit."""
    problem = _not_asked(request) or _of_the_body(request, fault) or Invalid(*faults_of(fault.errors()))
    return answer(request, problem)


def _not_asked(request: Request) -> Problem | None:
    """Say that somebody may not ask at all, before it is said what was wrong with his question."""
    access = access_of(getattr(request.scope.get("route"), "endpoint", None))
    if access is None or access.permission is None or hasattr(request.state, "signed"):
        return None
    try:
        with opened(request, access.permission):
            return None
    except Problem as problem:
        return problem


def _of_the_body(request: Request, fault: RequestValidationError) -> Problem | None:
    errors = fault.errors()
    if any(error["type"] == "json_invalid" for error in errors):
        return Unreadable("The body is no JSON.", faults=faults_of(errors), remedy="Send a JSON object in UTF-8.")
    unread = any(error["loc"] == ("body",) and isinstance(error.get("input"), bytes) for error in errors)
    if unread:
        kind = request.headers.get("content-type", "")
        return WrongContent(
            f"A body of type {kind[:80] or 'none'} is not read here.",
            remedy="Send JSON with Content-Type: application/json.",
        )
    return None


def _http(request: Request, fault: HTTPException) -> Response:
    match fault.status_code:
        case 404:
            problem: Problem = NotFound("page")
        case 405:
            allow = ", ".join(sorted(_methods(request)))
            problem = NotAllowedHere(
                f"{request.method} is not done here.", remedy=f"Here one may {allow}.", allow=allow
            )
        case 413:
            problem = TooLarge(
                "The body is too large.", remedy="Send at most 1 MB; to /imports 25 MB, to /handovers 10 MB."
            )
        case 400:
            problem = Unreadable("The body cannot be read.", remedy="Send a JSON object in UTF-8.")
        case 415:
            problem = WrongContent("A body of this type is not read here.", remedy="Send JSON.")
        case _:
            problem = _with_status(fault)
    return answer(request, problem)


def _methods(request: Request) -> set[str]:
    path = request.scope["path"]
    found: set[str] = set()
    for route in iter_route_contexts(request.app.routes):
        pattern = getattr(route, "path_regex", None)
        if pattern is not None and pattern.match(path):
            found |= set(route.methods or ())
    return found


def _with_status(fault: HTTPException) -> Problem:
    kind = type("HttpProblem", (Problem,), {"status": fault.status_code, "code": f"http-{fault.status_code}"})
    problem: Problem = kind(str(fault.detail))
    return problem


def _database(request: Request, fault: DBAPIError) -> Response:
    """Say what the database refused without saying how it is built."""
    state = getattr(fault.orig, "sqlstate", "") or ""
    if state in OVERTAKEN:
        return answer(
            request,
            NotNow("Somebody else was just changing the same.", code="busy", remedy="Try again.", retry_after=1),
        )
    if isinstance(fault, IntegrityError):
        log.warning("refused by the database", exc_info=fault)
        return answer(
            request,
            Conflict(
                "It contradicts what is already there: a name or number that is taken, or a record that is not there.",
                remedy="Look at the names and the ids that you gave.",
            ),
        )
    if isinstance(fault, DataError):
        log.warning("refused by the database", exc_info=fault)
        message = "A value cannot be kept: it is too large, or it holds characters that no text may hold."
        return answer(request, Invalid(Fault("", message, "API-05", "Look at numbers and dates.")))
    if isinstance(fault, OperationalError | InterfaceError):
        log.error("the database does not answer", exc_info=fault)
        return answer(request, NotNow("The database does not answer.", remedy="Try again in a moment.", retry_after=5))
    return broken(request, fault)


def _no_room(request: Request, fault: NoRoom) -> Response:
    log.warning("no free connection", exc_info=fault)
    return answer(request, NotNow("There is too much to do just now.", remedy="Try again in a moment.", retry_after=2))
