"""What stories about pages need: to read one, and to send its form."""

from collections.abc import Callable
from typing import Any

from tests.web.conftest import Visitor

from tenantry.tenancy.sessions import csrf_token
from tenantry.web.http.identity import COOKIE

Visits = Callable[..., Visitor]


def read(somebody: Visitor, path: str, **cookies: str) -> str:
    """Read a page, which has to be there."""
    held = {COOKIE: somebody.cookie, **cookies}
    answer = somebody.http.get(path, headers={"cookie": "; ".join(f"{name}={value}" for name, value in held.items())})
    assert answer.status_code == 200, answer.text
    page: str = answer.text
    return page


def send(somebody: Visitor, path: str, **fields: Any) -> Any:
    """Send a form as its page does; gives the answer, wherever it leads."""
    given = {"csrf_token": csrf_token(somebody.session_id), **fields}
    headers = {"cookie": f"{COOKIE}={somebody.cookie}", "origin": "http://tenantry.test"}
    return somebody.http.post(path, data=given, headers=headers, follow_redirects=False)
