"""A problem as a page: code, sentence, rule, way out; who is not signed in is led to the sign-in."""

from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tenantry.kernel.problems import Fault, NotSignedIn, Problem
from tenantry.web.http.identity import opened
from tenantry.web.http.problems import TITLES, extra_headers
from tenantry.web.ui.rendering import render, render_plain
from tenantry.web.ui.views import Link, Problem as ProblemView


def problem_page(request: Request, problem: Problem) -> Response:
    """Answer a person's request with a problem."""
    closed = problem.code == "organisation-closed"
    if isinstance(problem, NotSignedIn) and not closed:
        return to_sign_in(request)
    known = not closed and _is_known(request)
    view = _view(request, problem, known=known)
    draw, template = (render, "layout/refusal.html") if known else (render_plain, "layout/error.html")
    response = draw(request, template, status=problem.status, problem=view)
    response.headers.update(extra_headers(problem))
    return response


def to_sign_in(request: Request) -> RedirectResponse:
    """Lead to the sign-in and from there back."""
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = f"?next={quote(wanted)}" if request.method == "GET" and wanted != "/" else ""
    return RedirectResponse(f"/sign-in{back}", 303)


def safe_path(text: str) -> str:
    """Give the place on this site that a text names; the home page for anything else."""
    parts = urlsplit(text)
    local = text.startswith("/") and not text.startswith(("//", "/\\")) and not parts.netloc and text.isprintable()
    return text if local else "/"


def _is_known(request: Request) -> bool:
    """Say whether we know who asks; an address that nobody answers did not look."""
    if hasattr(request.state, "signed"):
        return True
    if request.method != "GET":
        return False
    try:
        with opened(request, ""):
            return True
    except Problem:
        return False


def told(fault: Fault) -> str:
    """Say a fault to a person: fields by their words, the items of an order counted from one."""
    words = [
        "" if word == "items" else f"item {int(word) + 1}" if word.isdecimal() else word
        for word in fault.field.split(".")
    ]
    field = " ".join(word.replace("_", " ") for word in words if word)
    return f"{field[:1].upper()}{field[1:]}: {fault.message}" if field else fault.message


def _view(request: Request, problem: Problem, *, known: bool) -> ProblemView:
    came_from = request.headers.get("referer", "")
    own = urlsplit(came_from).netloc == request.headers.get("host", "")
    back = urlsplit(came_from).path if own else ""
    links = [Link("Go back", safe_path(back))] if known and back and back != request.url.path else []
    return ProblemView(
        status=problem.status,
        title=TITLES.get(problem.status, "That did not work"),
        sentence=" ".join(told(fault) for fault in problem.faults) or problem.message,
        code=problem.code,
        rule=problem.rule,
        way_out=problem.remedy or " ".join(fault.remedy for fault in problem.faults),
        links=(*links, Link("Home", "/") if known else Link("Sign in", "/sign-in")),
        reference=getattr(request.state, "request_id", ""),
    )
