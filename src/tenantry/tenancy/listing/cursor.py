"""Cursors: where a page ends, written so that nobody need read it; what comes back is checked like any input."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tenantry.tenancy.listing.columns import NotThat


@dataclass(frozen=True)
class Cursor:
    """The record at the edge of a page: its sort key and its id; `back` reads towards the beginning."""

    sort: str
    key: str
    id: UUID
    back: bool = False

    def __str__(self) -> str:
        """Write it for a URL."""
        parts = json.dumps([self.sort, self.key, self.id.hex, int(self.back)], ensure_ascii=False)
        return base64.urlsafe_b64encode(parts.encode()).decode().rstrip("=")


def read(text: str, sort: str) -> Cursor:
    """Read a cursor of a list that is sorted so, or raise NotThat."""
    try:
        parts: Any = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), "-_", validate=True))
        its_sort, key, id_, back = parts
        cursor = Cursor(str(its_sort), str(key), UUID(str(id_)), bool(back))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise NotThat("the cursor of a page of this list") from None
    if cursor.sort != sort:
        raise NotThat("a cursor of the same sort order")
    return cursor
