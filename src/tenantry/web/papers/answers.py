"""A document as an answer: a file of PDF that nobody keeps on the way."""

from typing import Any

from starlette.responses import Response

PDF = "application/pdf"
RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The document.", "content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}
}


def shown(name: str, content: bytes) -> Response:
    """Give a document to be read where it is opened, under this name when it is kept."""
    headers = {"content-disposition": f'inline; filename="{name}"', "cache-control": "no-store"}
    return Response(content, media_type=PDF, headers=headers)
