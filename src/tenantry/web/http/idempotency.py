"""Idempotency-Key on every POST (API-06): sent twice, done once, answered the same.

The answer is kept in the transaction that did the work, so there is never an answer without the work or the work
without the answer. What was refused was not done and is not kept: the same key may be used again once that is mended.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Conflict, Fault, Invalid
from tenantry.schema.tenant import idempotency

HEADER = "idempotency-key"
LONGEST = 200
KEPT_HEADERS = ("etag", "location", "link", "content-type")

kept = idempotency.c
_user = sa.bindparam("user_id", type_=kept.user_id.type)
_lock = sa.func.pg_try_advisory_xact_lock(sa.func.hashtextextended(sa.bindparam("name", type_=sa.Text), 0x1D))
_one = sa.select(_lock.label("mine")).subquery("one")
_LOOK = sa.select(_one.c.mine, kept.request, kept.body_hash, kept.status, kept.answer, kept.headers).select_from(
    _one.outerjoin(
        idempotency,
        sa.and_(
            kept.tenant_id == sa.bindparam("tenant_id"),
            kept.user_id.is_not_distinct_from(_user),
            kept.key == sa.bindparam("key"),
        ),
    )
)
_KEEP = sa.insert(idempotency)


def once(
    work: Work, request: Request, given: Mapping[str, Any], secrets: Sequence[str], do: Callable[[], Response]
) -> Response:
    """Do it, unless the key says that it was done: then give the kept answer."""
    key = request.headers.get(HEADER)
    if key is None or request.method != "POST":
        return do()
    if not 0 < len(key) <= LONGEST:
        raise Invalid(Fault("Idempotency-Key", f"1 to {LONGEST} characters are needed.", "API-06", "Use a UUID."))
    asked, body = f"{request.method} {request.url.path}", _hash(request, given)
    found = work.connection.execute(
        _LOOK,
        {
            "name": f"{work.tenant_id} {work.actor.id} {key}",
            "tenant_id": work.tenant_id,
            "user_id": work.actor.id,
            "key": key,
        },
    ).one()
    if not found.mine:
        raise _still_running()
    if found.body_hash is not None:
        return _again(found, asked, body)
    answer = do()
    _keep(work, key, asked, body, answer, secrets)
    return answer


def _again(found: sa.Row[*tuple[Any, ...]], asked: str, body: str) -> Response:
    if (found.request, found.body_hash) != (asked, body):
        raise Conflict(
            "This Idempotency-Key was used for another request.",
            code="idempotency-key-reused",
            rule="API-06",
            remedy="Use a new key for a new request.",
        )
    return Response(
        found.answer or "",
        found.status,
        headers={"cache-control": "no-store", "idempotency-replayed": "true", **found.headers},
    )


def _keep(work: Work, key: str, asked: str, body: str, answer: Response, secrets: Sequence[str]) -> None:
    row = {
        "tenant_id": work.tenant_id,
        "id": new_id(),
        "user_id": work.actor.id,
        "key": key,
        "request": asked,
        "body_hash": body,
        "status": answer.status_code,
        "answer": _without(bytes(answer.body).decode(), secrets),
        "headers": {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers},
        "created_at": work.at,
    }
    try:
        work.connection.execute(_KEEP, row)
    except IntegrityError as fault:
        # The other one ended between our look and our lock; our work is rolled back.
        raise _still_running() from fault


def _without(text: str, secrets: Sequence[str]) -> str:
    """Take out what is shown once; the rest is kept to the letter."""
    return json.dumps(json.loads(text) | dict.fromkeys(secrets)) if secrets else text


def _hash(request: Request, given: Mapping[str, Any]) -> str:
    """Hash what was sent; of a form the files, since its boundary differs every time."""
    digest = hashlib.sha256(request.url.query.encode())
    digest.update(getattr(request, "_body", b""))
    for name, value in sorted(given.items()):
        if isinstance(value, UploadFile):
            digest.update(f"{name} {value.filename}".encode())
            while chunk := value.file.read(1 << 20):
                digest.update(chunk)
            value.file.seek(0)
        elif not hasattr(request, "_body"):
            digest.update(f"{name} {value}".encode())
    return digest.hexdigest()


def _still_running() -> Conflict:
    return Conflict(
        "A request with this Idempotency-Key is still being answered.",
        code="idempotency-key-in-use",
        rule="API-06",
        remedy="Wait for its answer, then send the same request again.",
    )
