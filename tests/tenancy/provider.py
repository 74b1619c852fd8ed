"""A provider of OpenID Connect on this machine, and a browser that signs in with it."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import oidc_provider_mock
import pytest
import werkzeug.serving
from flask import Response, request
from joserfc import jwk, jwt
from oidc_provider_mock._storage import storage

from tenantry.tenancy.sign_on import provider

Claims = dict[str, Any]


@dataclass
class Provider:
    """The provider, what its tokens are changed by before they go out, and what it was asked."""

    url: str
    change: Callable[[Claims], Claims] | None = None
    signs_with: jwk.RSAKey | None = None
    tokens: list[str] = field(default_factory=list)
    asked: list[Mapping[str, str]] = field(default_factory=list)

    def knows(self, subject: str, **claims: Any) -> None:
        """Let somebody be known there."""
        httpx.put(f"{self.url}/users/{subject}", json=claims).raise_for_status()

    def asks(self, url: str, subject: str) -> dict[str, str]:
        """Let somebody sign in at the address he was sent to; gives what his browser comes back with."""
        answer = httpx.post(url, data={"sub": subject} if subject else {"action": "deny"}, follow_redirects=False)
        assert answer.is_redirect, answer.text
        said = {name: one[0] for name, one in parse_qs(urlsplit(answer.headers["location"]).query).items()}
        # This stand-in forgets the state when somebody denies; a provider must not.
        return {"state": parse_qs(urlsplit(url).query)["state"][0], **said}


@contextmanager
def running() -> Iterator[Provider]:
    """Run a provider; it answers as long as the block lasts."""
    app = oidc_provider_mock.app()
    here = Provider("")

    def forge(answer: Response) -> Response:
        if request.path != "/oauth2/token":
            return answer
        here.asked.append(dict(request.form))
        if "id_token" not in (said := json.loads(answer.get_data())):
            return answer
        if here.change or here.signs_with:
            key = jwk.RSAKey.import_key(storage.jwk.as_dict(is_private=True))
            claims = jwt.decode(said["id_token"], key, algorithms=["RS256"]).claims
            claims = here.change(dict(claims)) if here.change else claims
            said["id_token"] = jwt.encode({"alg": "RS256"}, claims, here.signs_with or key)
            answer.set_data(json.dumps(said))
        here.tokens += [said["id_token"], said["access_token"]]
        return answer

    app.after_request(forge)
    server = werkzeug.serving.make_server("127.0.0.1", 0, app, threaded=True)
    here.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
        provider._known.clear()


@pytest.fixture
def at_provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """Give a running provider."""
    # The stand-in insists on https unless it is told that this is a test.
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    with running() as here:
        yield here
