"""The stream by which open pages learn that something in their tenant changed."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from tenantry.database import Work
from tenantry.web.http.access import ANYBODY_SIGNED_IN, may

router = APIRouter()


@router.get("/changes")
@may(ANYBODY_SIGNED_IN)
def changes(work: Work, request: Request, since: int = 0) -> Response:
    """Tell that something changed, and when; what it was the page asks for itself."""
    last = request.headers.get("last-event-id", "")
    seen = int(last) if last.isascii() and last.isdigit() else since
    told = request.app.state.hub.stream(work.tenant_id, seen)
    return StreamingResponse(told, media_type="text/event-stream", headers={"cache-control": "no-store"})
