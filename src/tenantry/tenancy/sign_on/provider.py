"""A provider of OpenID Connect: found by discovery, asked for a token, and believed only when the token is sound."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwk, jwt
from joserfc.errors import JoseError

from tenantry.kernel import clock
from tenantry.kernel.problems import NotSignedIn, Problem
from tenantry.tenancy.sign_on.outside import ask, is_safe, trouble

SCOPE = "openid email"
# Only signatures that the provider alone can make: no `none`, and none made with the client's secret.
SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
LEEWAY = 60
DISCOVERY = "/.well-known/openid-configuration"
KEPT = 300.0
MOST_KEPT = 200

ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
SAYS = {
    "access_denied": "You did not agree there, or may not use it.",
    "login_required": "It wants you to sign in there first.",
    "interaction_required": "It wants something of you first.",
    "consent_required": "It wants your consent first.",
    "account_selection_required": "It wants you to choose an account first.",
    "invalid_grant": "The answer was used already, or it took too long.",
    "invalid_client": "It does not accept this organisation's client id and secret.",
    "unauthorized_client": "It does not let this organisation's client ask.",
    "invalid_scope": "It does not give e-mails.",
    "server_error": "Something went wrong there.",
    "temporarily_unavailable": "It is too busy.",
}

_known: dict[str, tuple[float, "Provider"]] = {}


@dataclass(frozen=True)
class Provider:
    """What discovery told of a provider."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str
    by_post: bool
    names_itself: bool


@dataclass(frozen=True)
class Client:
    """As whom the organisation asks the provider, and where the answer goes."""

    client_id: str
    secret: str
    redirect_uri: str


@dataclass(frozen=True)
class Person:
    """Whom the provider vouches for; `email` only when the provider has verified it."""

    issuer: str
    subject: str
    email: str


def discover(issuer: str) -> Provider:
    """Ask a provider where its doors are; what it said is believed for some minutes."""
    at, kept = _known.get(issuer, (0.0, None))
    if kept is not None and time.monotonic() - at < KEPT:
        return kept
    found = look(issuer)
    if len(_known) >= MOST_KEPT:
        _known.clear()
    _known[issuer] = (time.monotonic(), found)
    return found


def look(issuer: str) -> Provider:
    """Ask a provider where its doors are, now; raises ProviderTrouble."""
    status, said = ask("GET", issuer.rstrip("/") + DISCOVERY)
    if status != 200:  # noqa: PLR2004 - OK
        raise trouble(f"It has no discovery document (status {status}).")
    name = said.get("issuer")
    if not isinstance(name, str) or name.rstrip("/") != issuer.rstrip("/"):
        raise trouble("It calls itself by another name than the one that was set up.")
    # Doors on this machine are only for a provider that is on it.
    if not all(is_safe(said.get(door)) for door in ENDPOINTS) or (
        issuer.startswith("https:") and not all(str(said[door]).startswith("https:") for door in ENDPOINTS)
    ):
        raise trouble("Its discovery document names doors that are not https.")
    methods, people = said.get("token_endpoint_auth_methods_supported"), said.get("userinfo_endpoint")
    return Provider(
        name,
        str(said["authorization_endpoint"]),
        str(said["token_endpoint"]),
        str(said["jwks_uri"]),
        userinfo_endpoint=people if isinstance(people, str) else "",
        by_post=isinstance(methods, list) and "client_secret_post" in methods and "client_secret_basic" not in methods,
        names_itself=said.get("authorization_response_iss_parameter_supported") is True,
    )


def keys_of(provider: Provider) -> jwk.KeySet:
    """Fetch the keys that the provider signs with; raises ProviderTrouble."""
    status, said = ask("GET", provider.jwks_uri)
    try:
        keys = jwk.KeySet.import_key_set({"keys": [key for key in said["keys"] if key.get("use", "sig") == "sig"]})
    except (JoseError, ValueError, KeyError, TypeError, AttributeError):
        raise trouble(f"Its keys cannot be read (status {status}).") from None
    if not keys.keys:
        raise trouble("It has no keys.")
    return keys


def door(provider: Provider, client: Client, *, state: str, nonce: str, verifier: str) -> str:
    """Give the address at which the provider asks somebody who he is."""
    url: str = prepare_grant_uri(
        provider.authorization_endpoint,
        client.client_id,
        "code",
        client.redirect_uri,
        SCOPE,
        state,
        nonce=nonce,
        code_challenge=create_s256_code_challenge(verifier),
        code_challenge_method="S256",
    )
    return url


def vouched_for(provider: Provider, client: Client, *, code: str, nonce: str, verifier: str) -> Person:
    """Trade a code for an ID token and read it; raises NotSignedIn, or ProviderTrouble."""
    tokens = _exchange(provider, client, code, verifier)
    claims = _claims(provider, client, tokens.get("id_token"), nonce)
    subject = str(claims["sub"])
    if "email" not in claims and provider.userinfo_endpoint:
        claims = _more(provider, tokens.get("access_token"), subject)
    email, verified = claims.get("email"), claims.get("email_verified")
    # Some write the yes as a text; nothing else is a yes.
    is_known = isinstance(email, str) and (verified is True or verified == "true")
    return Person(provider.issuer, subject, str(email).strip().lower() if is_known else "")


def refused_there(error: str) -> NotSignedIn:
    """Say in words, and only in ours, what the provider answered instead of letting somebody in."""
    return NotSignedIn(
        f"Your organisation's sign-in provider did not let you in. {SAYS.get(error, 'It did not say why.')}",
        code="refused-by-provider",
        rule="SEC-03",
        remedy="Start again; if it stays, ask an administrator.",
    )


def _exchange(provider: Provider, client: Client, code: str, verifier: str) -> Mapping[str, Any]:
    body = prepare_token_request(
        "authorization_code", redirect_uri=client.redirect_uri, code=code, code_verifier=verifier
    )
    method = "client_secret_post" if provider.by_post else "client_secret_basic"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    url, headers, body = ClientAuth(client.client_id, client.secret, method).prepare(
        "POST", provider.token_endpoint, headers, body
    )
    status, said = ask("POST", url, content=body, headers=headers)
    if status != 200:  # noqa: PLR2004 - OK
        raise refused_there(str(said.get("error", "")))
    return said


def _claims(provider: Provider, client: Client, token: object, nonce: str) -> Mapping[str, Any]:
    """Read an ID token that the provider signed, for us, now, and for this very sign-in."""
    if not isinstance(token, str):
        raise trouble("It gave no ID token.")
    keys = keys_of(provider)
    wanted = jwt.JWTClaimsRegistry(
        now=int(clock.now().timestamp()),
        leeway=LEEWAY,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": client.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        claims = jwt.decode(token, keys, algorithms=list(SIGNATURES)).claims
        wanted.validate(claims)
    except (JoseError, ValueError, TypeError):
        raise _unsound() from None
    for_whom = claims.get("azp", client.client_id)
    # A nonce that is missing on both sides must not compare as equal.
    if for_whom != client.client_id or not nonce or not isinstance(claims["sub"], str):
        raise _unsound()
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and "azp" not in claims:
        raise _unsound()
    return claims


def _more(provider: Provider, token: object, subject: str) -> Mapping[str, Any]:
    """Ask about somebody whose ID token is silent about his e-mail."""
    if not isinstance(token, str) or not token.isascii() or not token.isprintable():
        return {}
    status, said = ask("GET", provider.userinfo_endpoint, headers={"authorization": f"Bearer {token}"})
    # Another subject's answer must not lend its e-mail.
    return said if status == 200 and said.get("sub") == subject else {}  # noqa: PLR2004 - OK


def _unsound() -> Problem:
    return NotSignedIn(
        "What the sign-in provider said of you is not sound: signature, issuer, audience, time or nonce do not fit.",
        code="unsound-token",
        rule="SEC-03",
        remedy="Start again; if it stays, ask an administrator to test Setup > Single Sign-On.",
    )
