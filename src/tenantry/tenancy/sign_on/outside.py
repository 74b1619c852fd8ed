"""How the program speaks with a provider: by https, not for long, and not reading more than it needs."""

import time
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx

from tenantry.kernel.problems import Problem

PATIENCE = 5.0
LONGEST_ANSWER = 512 * 1024


class ProviderTrouble(Problem):
    """The provider does not answer, or not as OpenID Connect asks of it."""

    status = 502
    code = "provider-trouble"


def is_safe(url: object) -> bool:
    """Say whether an address may be asked: https, or plain http on this very machine."""
    if not isinstance(url, str) or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or parts.username is not None or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(host))


def ask(
    method: str, url: str, *, content: str = "", headers: Mapping[str, str] | None = None
) -> tuple[int, Mapping[str, Any]]:
    """Ask a provider for a JSON object; gives the status and the object, or raises ProviderTrouble."""
    if not is_safe(url):
        raise trouble("It names an address that is not https.")
    asked = {"accept": "application/json", "accept-encoding": "identity", **(headers or {})}
    try:
        with (
            httpx.Client(timeout=PATIENCE, follow_redirects=False, trust_env=False) as client,
            client.stream(method, url, content=content or None, headers=asked) as answer,
        ):
            body = _whole(answer)
        # Of the exception only the kind is told on: its words may hold an address with a secret in it.
    except httpx.TimeoutException:
        raise trouble("It does not answer in time.") from None
    except (httpx.HTTPError, httpx.InvalidURL):
        raise trouble("It cannot be reached.") from None
    return answer.status_code, _read(answer, body)


def trouble(what: str) -> ProviderTrouble:
    """Say what is the matter with the provider."""
    return ProviderTrouble(
        f"Your organisation's sign-in provider is in trouble. {what}",
        rule="SEC-03",
        remedy="Try again in a while; if it stays, ask an administrator to test Setup > Single Sign-On.",
    )


def _whole(answer: httpx.Response) -> bytes:
    """Read an answer that is short and does not drip."""
    body, until = bytearray(), time.monotonic() + PATIENCE
    for piece in answer.iter_raw():
        body += piece
        if len(body) > LONGEST_ANSWER or time.monotonic() > until:
            raise trouble("Its answer is too long.")
    return bytes(body)


def _read(answer: httpx.Response, body: bytes) -> Mapping[str, Any]:
    try:
        found = httpx.Response(answer.status_code, content=body).json()
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise trouble(f"It answered with status {answer.status_code} and no JSON object.")
    return found


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
