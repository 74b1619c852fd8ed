"""OAuth client credentials: a client's id and secret for a token of one hour (API-03, RFC 6749 section 4.4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from tenantry.database import Database
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import NotSignedIn, Problem
from tenantry.tenancy import keys, place, tokens
from tenantry.tenancy.permissions import within

LASTS = timedelta(hours=1)


@dataclass(frozen=True)
class Granted:
    """What the token endpoint answers."""

    access_token: str
    expires_in: int
    scopes: tuple[str, ...]


class WrongScope(Problem):
    """The client asked for more than it has."""

    code = "invalid_scope"


def exchange(database: Database, client_id: str, client_secret: str, scopes: Sequence[str] | None = None) -> Granted:
    """Give a client a short-lived token with its scopes, or with fewer; codes of refusals are those of RFC 6749."""
    secret = keys.read_secret(client_secret)
    if secret is None:
        raise _wrong_client()
    with database.work(secret.tenant_id) as work:
        found = {"tenant": secret.tenant_id, "hash": secret.hash, "now": work.at}
        client = work.connection.execute(tokens.BY_CLIENT, found).first()
        if client is None or client.credential_id != as_id(client_id):
            raise _wrong_client()
        place.looks_only_in(client)
        own = frozenset(client.scopes)
        wanted = own if scopes is None else frozenset(scopes)
        if not wanted or within(own, wanted) != wanted:
            raise WrongScope(
                f"This client has the scopes {' '.join(sorted(own))}.", rule="API-03", remedy="Ask for some of them."
            )
        made = tokens.insert(
            work,
            user_id=client.user_id,
            client_id=client.credential_id,
            name=client.token_name,
            kind="token",
            scopes=sorted(wanted),
            expires_at=min(work.at + LASTS, client.expires_at),
        )
    return Granted(made.secret, int((made.expires_at - work.at).total_seconds()), tuple(sorted(wanted)))


def _wrong_client() -> NotSignedIn:
    return NotSignedIn(
        "There is no such client, or this is not its secret.",
        code="invalid_client",
        rule="API-03",
        remedy="Check both; a lost secret is replaced by making a new client.",
    )
