"""The document of the API: OpenAPI 3.1, generated from the code, complete (API-01)."""

from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts
from pydantic.json_schema import models_json_schema
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from tenantry import __version__
from tenantry.tenancy.permissions import PERMISSIONS
from tenantry.web.api.problem_shape import FaultShape, Problem
from tenantry.web.http import idempotency
from tenantry.web.http.access import Access, access_of, public

PREFIX = "/api/v1"
DESCRIPTION = """\
Everything that the pages of Tenantry can do, for programs.

**Signing in.** `Authorization: Bearer <token>`. Make a token under *API Tokens*, with `POST /tokens`, with
`tenantry token create`, or with the client credentials of an OAuth client at `POST /oauth/token`. A token belongs to
one tenant and one user and never may do more than he.

**Lists.** `?search=&filter[field]=operator:value&sort=-field&fields=a,b&limit=50&cursor=`; the answer is `items`,
`next`, `previous`, `total`. A filter may be repeated:
`filter[created_at]=gte:2026-01-01&filter[created_at]=lt:2026-02-01`.

**Changing.** `PATCH` takes only the fields to change. `If-Match` with the `ETag` that was read refuses the change
(412) when somebody else was faster. An `Idempotency-Key` on a `POST` makes it safe to send again: what was done is not
done twice and is answered the same.

**Problems** are `application/problem+json` (RFC 9457) with a stable `code`, the `rule` that says so, and the `remedy`.

**Records** carry `standing`, `ribbon`, `actions` (each allowed or refused, with rule and reason) and `locked_fields`.
"""
BEARER: list[dict[str, list[str]]] = [{"bearer": []}]
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A word of your own, such as a UUID: the same request under the same key is done once (API-06).",
    "schema": {"type": "string", "minLength": 1, "maxLength": idempotency.LONGEST},
}


router = APIRouter(prefix=PREFIX)


@router.get("/openapi.json", include_in_schema=False)
@public("How the API is called is no secret; what it answers is.")
def openapi(request: Request) -> Response:
    """Give the document."""
    state = request.app.state
    if not hasattr(state, "openapi"):
        state.openapi = to_json(document(request.app))
    return Response(state.openapi, media_type="application/json", headers={"cache-control": "no-cache"})


def document(app: FastAPI) -> dict[str, Any]:
    """Give the document of this program's API."""
    made = get_openapi(
        title="Tenantry",
        version=__version__,
        summary="Business support for distributors and their resellers.",
        description=DESCRIPTION,
        routes=[route for route in iter_route_contexts(app.routes) if str(route.path).startswith(PREFIX)],
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        servers=[{"url": app.state.settings.public_url}],
    )
    _, shapes = models_json_schema(
        [(Problem, "serialization"), (FaultShape, "serialization")], ref_template="#/components/schemas/{model}"
    )
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    for left_over in ("HTTPValidationError", "ValidationError"):
        schemas.pop(left_over, None)
    schemas |= shapes["$defs"]
    made["components"]["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "description": "An API token: tnt_<tenant>_<secret>."}
    }
    declared = {
        (str(route.path), method): access_of(route.endpoint)
        for route in iter_route_contexts(app.routes)
        for method in route.methods or ()
    }
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            _complete(operation, method.upper(), declared.get((path, method.upper())))
    return made


def _complete(operation: dict[str, Any], method: str, access: Access | None) -> None:
    """Say of an operation what the code says elsewhere: who may, and the key against doing it twice."""
    if method == "POST" and access is not None and access.permission is not None:
        operation.setdefault("parameters", []).append(KEY)
    if access is None or access.permission is None:
        operation["security"] = []
        return
    operation["security"] = BEARER
    if access.permission:
        operation["x-permission"] = access.permission
        operation["description"] += f"\n\nNeeds the permission `{access.permission}`: {PERMISSIONS[access.permission]}"
