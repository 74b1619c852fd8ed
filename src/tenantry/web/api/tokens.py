"""API tokens, OAuth clients and their short-lived tokens (API-03), and the audit log (SEC-06)."""

import base64
import binascii
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Form, Query
from pydantic import BaseModel, Field
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.kernel.problems import NotFound, NotSignedIn
from tenantry.schema import tenant as t
from tenantry.tenancy import audit, oauth, tokens
from tenantry.tenancy.audit import AuditLine
from tenantry.tenancy.oauth import WrongScope
from tenantry.tenancy.tokens import NewToken, TokenView
from tenantry.web.api.common import AnyId, Id, body, resource
from tenantry.web.api.lists import Wanted, linked, page_of
from tenantry.web.api.shapes import shown, taken
from tenantry.web.api.short_lists import whole
from tenantry.web.http.access import may, public
from tenantry.web.http.answers import Linked, Made

TOKEN = shown(TokenView, t.api_token, user_name="For whom it acts, by name.", active="Whether it opens anything now.")
NEW_TOKEN = taken(
    NewToken,
    t.api_token,
    expires_at="When it ends; in 90 days when left out, within a year at most.",
    client="Whether it is an OAuth client, which exchanges its secret for short-lived tokens.",
    user_id="For whom it acts; oneself when left out.",
)
AUDIT_LINE = shown(AuditLine, t.audit_line)
MOST = 200

credentials = resource("Tokens")
audit_log = resource("Audit log")


class MadeTokenShape(BaseModel):
    """A token that was just made."""

    id: UUID = Field(description="The token's id; of an OAuth client its client_id.")
    secret: str | None = Field(description="Shown this once; null when the answer is repeated for an Idempotency-Key.")
    expires_at: datetime = Field(description="When it ends.")


class Granted(BaseModel):
    """A short-lived token (RFC 6749)."""

    access_token: str = Field(description="The token, for `Authorization: Bearer`.")
    token_type: str = Field(description="Always Bearer.")
    expires_in: int = Field(description="Seconds until it ends.")
    scope: str = Field(description="Its scopes, with blanks between.")


class OAuthError(BaseModel):
    """Why there is no token (RFC 6749)."""

    error: str = Field(description="The error code of RFC 6749.")
    error_description: str = Field(description="What went wrong.")


@credentials.get("/tokens", response_model=page_of("Token", TOKEN))
@may("tokens:view")
def list_tokens(work: Work, request: Request, wanted: Wanted) -> Linked:
    """List one's own tokens and OAuth clients, newest first; with users:view those of others too."""
    return whole(request, wanted, tokens.tokens(work), TOKEN)


@credentials.post("/tokens", status_code=201, response_model=MadeTokenShape)
@may("tokens:edit", secrets=("secret",))
def make_token(
    work: Work, new: Annotated[NewToken, body(NEW_TOKEN, {"name": "Nightly import", "scopes": ["imports:edit"]})]
) -> Made:
    """Make a token within what one may do oneself; its secret is shown this once."""
    made = tokens.create(work, new)
    return Made(made, f"/api/v1/tokens/{made.id}")


@credentials.get("/tokens/{id}", response_model=TOKEN)
@may("tokens:view")
def read_token(work: Work, id: Id) -> TokenView:
    """Read a token, never its secret."""
    for token in tokens.tokens(work):
        if token.id == id:
            return token
    raise NotFound("token")


@credentials.delete("/tokens/{id}", status_code=204)
@may("tokens:edit")
def revoke_token(work: Work, id: Id) -> None:
    """Revoke a token at once, and with an OAuth client all tokens it was given."""
    tokens.revoke(work, id)


@credentials.post(
    "/oauth/token",
    response_model=Granted,
    responses={
        400: {"model": OAuthError, "description": "Not granted."},
        401: {"model": OAuthError, "description": "No such client."},
    },
)
@public("A client shows its own secret here, and gets nothing without it.")
def grant_token(
    request: Request,
    grant_type: Annotated[
        str, Form(max_length=100, description="Always client_credentials.", examples=["client_credentials"])
    ],
    client_id: Annotated[
        str, Form(max_length=100, description="The client, unless it stands in Authorization: Basic.")
    ] = "",
    client_secret: Annotated[str, Form(max_length=200, description="Its secret, unless it stands there, too.")] = "",
    scope: Annotated[
        str, Form(max_length=2000, description="Scopes with blanks between; all of the client's when left out.")
    ] = "",
) -> Response:
    """Exchange an OAuth client's id and secret for a token of one hour (RFC 6749 section 4.4)."""
    if grant_type != "client_credentials":
        return _refused(400, "unsupported_grant_type", "Only client_credentials is done here.")
    known = _basic(request) or (client_id, client_secret)
    try:
        granted = oauth.exchange(request.app.state.database, *known, scope.split() or None)
    except (NotSignedIn, WrongScope) as problem:
        return _refused(problem.status, problem.code, problem.message)
    answer = {
        "access_token": granted.access_token,
        "token_type": "Bearer",
        "expires_in": granted.expires_in,
        "scope": " ".join(granted.scopes),
    }
    return _uncached(200, answer)


@audit_log.get("/audit-lines", response_model=page_of("AuditLine", AUDIT_LINE))
@may("audit:view")
def list_audit_lines(
    work: Work,
    request: Request,
    act: Annotated[str, Query(max_length=100, description="Only this act `area.verb`, or all of an `area`.")] = "",
    actor_id: Annotated[AnyId | None, Query(description="Only what this user did.")] = None,
    subject_id: Annotated[AnyId | None, Query(description="Only what was done to this record.")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST, description="Lines of a page.")] = 50,
    cursor: Annotated[AnyId | None, Query(description="What `next` of another page said.")] = None,
) -> Linked:
    """Read the audit log, newest first."""
    found = audit.lines(work, before=cursor, limit=limit, act=act, actor_id=actor_id, subject_id=subject_id)
    more = str(found[-1].id) if len(found) == limit else None
    page: dict[str, Any] = {"items": found, "next": more, "previous": None, "total": None, "total_is_exact": None}
    return linked(request, page)


def _basic(request: Request) -> tuple[str, str] | None:
    """Read the client's id and secret from the header, where RFC 6749 would rather have them."""
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return ("", "")
    return name, secret


def _refused(status: int, code: str, message: str) -> Response:
    return _uncached(status, {"error": code, "error_description": message})


def _uncached(status: int, answer: dict[str, Any]) -> Response:
    headers = {"cache-control": "no-store", "pragma": "no-cache"}
    return Response(to_json(answer), status, headers=headers, media_type="application/json")
