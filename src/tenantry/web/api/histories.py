"""The history of a record, page by page (TEN-24)."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.requests import Request

from tenantry.crm import history
from tenantry.database import Work
from tenantry.web.api.account_shapes import HISTORY_LINE
from tenantry.web.api.lists import linked
from tenantry.web.http.answers import Linked

Lines = Annotated[int, Query(ge=1, le=200, description="Lines of a page.")]
After = Annotated[str, Query(max_length=100, description="What `next` of another page said.")]


def lines_of(work: Work, request: Request, id: UUID, cursor: str, limit: int) -> Linked:
    """Give the lines of a record that was read before, the latest first."""
    found = history.lines(work, id, cursor or None, limit)
    lines = {"items": found.lines, "next": found.next, "previous": None, "total": None, "total_is_exact": None}
    return linked(request, lines)


__all__ = ["HISTORY_LINE", "After", "Lines", "lines_of"]
