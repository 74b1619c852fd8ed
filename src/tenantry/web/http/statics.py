"""Files of the front end under an address that holds the hash of them all, so that browsers may keep them for ever."""

import hashlib
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from tenantry.web.http.access import Access

FOLDER = Path(__file__).parent.parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


@cache
def fingerprint() -> str:
    """Give the hash of all files; one hash, so that files may name each other relatively."""
    digest = hashlib.sha256()
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(FOLDER)).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def static(path: str) -> str:
    """Give the address of a file: what the templates' `static` is."""
    return f"/static/{fingerprint()}/{path}"


class Statics(StaticFiles):
    """Serves the files; under the present hash for ever, under no hash with a question each time."""

    access = Access(None, "Style sheets, scripts and pictures hold nothing of anybody.")

    def __init__(self) -> None:
        super().__init__(directory=FOLDER)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Serve a file, with or without the hash before it."""
        first, _, rest = path.partition("/")
        hashed = first == fingerprint()
        response = await super().get_response(rest if hashed else path, scope)
        response.headers["cache-control"] = FOR_EVER if hashed else ASK_AGAIN
        return response
