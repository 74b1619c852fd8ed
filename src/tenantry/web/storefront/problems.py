"""A problem as a page of the shop; who is not signed in is led to its sign-in."""

from collections.abc import Callable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tenantry.crm.storefront_users import shops
from tenantry.crm.storefront_users.shops import Shop
from tenantry.kernel.problems import NotFound, NotSignedIn, Problem
from tenantry.web.http.problems import extra_headers
from tenantry.web.storefront.access import opened, root
from tenantry.web.storefront.rendering import render, render_plain

PREFIX = "/shop/"


def or_else(others: Callable[[Request, Problem], Response]) -> Callable[[Request, Problem], Response]:
    """Give what answers with a problem: in a shop its own page, elsewhere that of the others."""

    def page(request: Request, problem: Problem) -> Response:
        inside = request.url.path.startswith(PREFIX)
        return (problem_page(request, problem) if inside else None) or others(request, problem)

    return page


def problem_page(request: Request, problem: Problem) -> Response | None:
    """Answer a shopper's request with a problem; None where there is no such shop at all."""
    code = request.url.path.removeprefix(PREFIX).partition("/")[0]
    if isinstance(problem, NotSignedIn):
        return to_sign_in(request, code)
    response = _known(request, code, problem)
    if response is not None:
        response.headers.update(extra_headers(problem))
    return response


def to_sign_in(request: Request, code: str) -> RedirectResponse:
    """Lead to the sign-in of the shop and from there back."""
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = f"?next={quote(wanted)}" if request.method == "GET" and wanted != root(code) else ""
    return RedirectResponse(f"{root(code)}/sign-in{back}", 303)


def safe_path(code: str, text: str) -> str:
    """Give the place in this shop that a text names; its catalogue for anything else."""
    inside = text == root(code) or text.startswith((f"{root(code)}/", f"{root(code)}?"))
    return text if inside and text.isprintable() and "\\" not in text else root(code)


def _known(request: Request, code: str, problem: Problem) -> Response | None:
    try:
        with opened(request, code) as (work, visit):
            return render(work, request, visit, "problem.html", status=problem.status, problem=problem)
    except Problem:
        shop = _shop(request, code)
        return render_plain(request, shop, "problem.html", status=problem.status, problem=problem) if shop else None


def _shop(request: Request, code: str) -> Shop | None:
    try:
        return shops.find(request.app.state.database, code)
    except NotFound:
        return None
