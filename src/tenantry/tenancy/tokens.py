"""API tokens and OAuth clients: shown once, kept as hashes, limited by scopes, ending, revocable (API-03)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Database, Ready, Work
from tenantry.kernel.actor import SYSTEM
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Fault, Forbidden, Invalid, NotFound
from tenantry.schema.tenant import api_token, tenant_user
from tenantry.tenancy import audit, keys, records
from tenantry.tenancy.actor import actor_from, rights_of
from tenantry.tenancy.permissions import EVERYTHING, lacking, require, unknown_words
from tenantry.tenancy.signed import Signed, not_signed_in, signed_by, signed_from

USUAL = timedelta(days=90)
LONGEST = timedelta(days=366)
NOTICED = timedelta(minutes=1)


@dataclass(frozen=True)
class NewToken:
    """What a token is to be: `client`: an OAuth client; no `expires_at`: 90 days; no `user_id`: one's own."""

    name: str
    scopes: Sequence[str]
    expires_at: datetime | None = None
    client: bool = False
    user_id: UUID | None = None


@dataclass(frozen=True)
class MadeToken:
    """A token that was just made; `secret` is shown this once. An OAuth client's `client_id` is its `id`."""

    id: UUID
    secret: str
    expires_at: datetime


@dataclass(frozen=True)
class TokenView:
    """A token as lists show it, never its secret."""

    id: UUID
    user_id: UUID
    user_name: str
    name: str
    kind: str
    scopes: tuple[str, ...]
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    created_at: datetime
    active: bool


def create(work: Work, new: NewToken) -> MadeToken:
    """Make a token for oneself, within what one may do oneself; only an administrator makes one for somebody else."""
    require(work, "tokens:edit")
    user_id = new.user_id or work.actor.id
    if user_id is None:
        raise Invalid(Fault("user_id", "Say for whom it acts.", "API-03", "Give the id of a user."))
    if user_id != work.actor.id and EVERYTHING not in work.actor.permissions:
        raise Forbidden(
            "Only an administrator makes tokens for others.", rule="API-03", remedy="Ask him to make it himself."
        )
    _check(work, new)
    _check_scopes(work, user_id, new.scopes)
    made = insert(
        work,
        user_id=user_id,
        name=new.name.strip(),
        kind="client" if new.client else "token",
        scopes=sorted(set(new.scopes)),
        expires_at=new.expires_at or work.at + USUAL,
    )
    audit.note(
        work,
        "tokens.create",
        f"Made the {'OAuth client' if new.client else 'API token'} {new.name.strip()!r}.",
        made.id,
        user_id=user_id,
        scopes=sorted(set(new.scopes)),
        expires_at=made.expires_at,
    )
    return made


def revoke(work: Work, token_id: UUID) -> None:
    """Revoke a token at once, and with an OAuth client all tokens it was given; again changes nothing."""
    require(work, "tokens:edit")
    query = sa.select(api_token.c.name, api_token.c.revoked_at).where(
        api_token.c.tenant_id == work.tenant_id, api_token.c.id == token_id
    )
    if not work.actor.may("users:edit"):
        query = query.where(api_token.c.user_id == work.actor.id)
    row = work.connection.execute(query.with_for_update(key_share=True)).first()
    if row is None:
        raise NotFound("token")
    if row.revoked_at is not None:
        return
    work.connection.execute(
        sa.update(api_token)
        .values(revoked_at=work.at)
        .where(api_token.c.tenant_id == work.tenant_id, api_token.c.id == token_id)
    )
    audit.note(work, "tokens.revoke", f"Revoked the token {row.name!r}.", token_id)


def tokens(work: Work, *, user_id: UUID | None = None) -> tuple[TokenView, ...]:
    """List tokens and OAuth clients, newest first: one's own, or with users:view those of others too."""
    require(work, "tokens:view")
    t = api_token.c
    query = (
        sa.select(
            t.id, t.user_id, tenant_user.c.name.label("user_name"), t.name, t.kind, t.scopes,
            t.expires_at, t.revoked_at, t.last_used_at, t.created_at,
        )
        .select_from(
            api_token.join(
                tenant_user, sa.and_(tenant_user.c.tenant_id == t.tenant_id, tenant_user.c.id == t.user_id)
            )
        )
        .where(t.tenant_id == work.tenant_id, t.client_id.is_(None))
        .order_by(t.id.desc())
    )  # fmt: skip
    if not work.actor.may("users:view"):
        query = query.where(t.user_id == work.actor.id)
    if user_id is not None:
        query = query.where(t.user_id == user_id)
    return tuple(_view(work, row) for row in work.connection.execute(query))


def token_of(database: Database, text: str) -> Signed:
    """Say for whom this token acts and what it may do, in a transaction of its own; raises NotSignedIn."""
    secret = keys.read_secret(text)
    if secret is None:
        raise not_signed_in()
    with database.work(secret.tenant_id, SYSTEM) as work:
        return token_within(work, text)


def token_within(work: Work, text: str) -> Signed:
    """Say for whom this token acts, as the first statement of the request's own unit of work; raises NotSignedIn."""
    secret = keys.read_secret(text)
    if secret is None or secret.tenant_id != work.tenant_id:
        raise not_signed_in()
    row = _BY_TOKEN.row(work.connection, {"tenant": secret.tenant_id, "hash": secret.hash, "now": work.at})
    if row is None:
        raise not_signed_in()
    if row.last_used_at is None or work.at - row.last_used_at >= NOTICED:
        work.connection.execute(_NOTICE, {"tenant": secret.tenant_id, "token": row.credential_id, "now": work.at})
    return signed_from(work, row, "token", actor_from(row, scopes=row.scopes, by=row.token_name))


def insert(work: Work, **values: Any) -> MadeToken:
    """Write the row of a new token; what it may do was checked before."""
    text, secret_hash = keys.new_secret(work.tenant_id)
    made = MadeToken(new_id(), text, values["expires_at"])
    work.connection.execute(
        sa.insert(api_token).values(
            tenant_id=work.tenant_id, id=made.id, secret_hash=secret_hash, created_at=work.at, **values
        )
    )
    return made


def _check(work: Work, new: NewToken) -> None:
    faults = unknown_words(new.scopes, field="scopes")
    if not new.scopes:
        faults.append(Fault("scopes", "A token has at least one scope.", "API-03", "Name what it is for."))
    faults += records.text_fault("name", new.name, "API-03")
    if new.expires_at is not None and not work.at < new.expires_at <= work.at + LONGEST:
        faults.append(Fault("expires_at", "A token ends within a year from now.", "API-03", "Give an earlier end."))
    if faults:
        raise Invalid(*faults)


def _check_scopes(work: Work, user_id: UUID, scopes: Sequence[str]) -> None:
    """Refuse scopes beyond what the one who asks may do just now; `*` stands for all that the user may."""
    words = set(scopes)
    his = rights_of(work.connection, work.tenant_id, user_id).permissions
    if EVERYTHING in words:
        words = (words - {EVERYTHING}) | his
    beyond = lacking(work.actor, words)
    if beyond:
        raise Forbidden(
            f"A token may do no more than you: you lack {', '.join(beyond)}.",
            rule="API-03",
            remedy="Leave these scopes out.",
        )


def _view(work: Work, row: sa.Row[*tuple[Any, ...]]) -> TokenView:
    ended = row.expires_at is not None and row.expires_at <= work.at
    fields = {**row._mapping, "scopes": tuple(row.scopes)}  # noqa: SLF001 - SQLAlchemy's public name
    return TokenView(**fields, active=row.revoked_at is None and not ended)


_client = api_token.alias("client")
_unusable = (
    sa.select(sa.literal(1))
    .where(
        _client.c.tenant_id == api_token.c.tenant_id,
        _client.c.id == api_token.c.client_id,
        sa.or_(_client.c.revoked_at.is_not(None), _client.c.expires_at <= sa.bindparam("now")),
    )
    .correlate(api_token)
    .exists()
)


def _live(kind: str) -> sa.Select[Any]:
    """Select by its secret what is neither ended nor revoked, nor given to an OAuth client that is."""
    columns = (api_token.c.scopes, api_token.c.name.label("token_name"), api_token.c.last_used_at)
    return signed_by(api_token, *columns).where(
        api_token.c.kind == kind,
        api_token.c.revoked_at.is_(None),
        api_token.c.expires_at > sa.bindparam("now"),
        sa.not_(_unusable),
    )


_BY_TOKEN = Ready(_live("token"))
BY_CLIENT = _live("client")

# Skipped when another request notes it just now: no request waits for the one beside it.
_free = (
    sa.select(api_token.c.id)
    .where(api_token.c.tenant_id == sa.bindparam("tenant"), api_token.c.id == sa.bindparam("token"))
    .with_for_update(skip_locked=True)
    .scalar_subquery()
)
_NOTICE = (
    sa.update(api_token)
    .values(last_used_at=sa.bindparam("now"))
    .where(api_token.c.tenant_id == sa.bindparam("tenant"), api_token.c.id == _free)
)
