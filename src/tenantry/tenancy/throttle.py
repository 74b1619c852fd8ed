"""Slow down who guesses: after some tries each further one waits longer, per e-mail and per client address (SEC-03)."""

import hashlib
import ipaddress
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Database
from tenantry.kernel import clock
from tenantry.kernel.problems import TooMany
from tenantry.schema.tenant import sign_in_attempt
from tenantry.tenancy import keys

REMEMBERED = timedelta(days=1)
LONGEST = timedelta(minutes=15)


@dataclass(frozen=True)
class Brake:
    """What is counted, as a hash, and how many failed tries are free."""

    key_hash: str
    free: int


def for_email(email: str) -> Brake:
    """Count the tries on one e-mail, whether anybody has it or not."""
    return Brake(keys.keyed("attempt", f"email {email}"), free=5)


def for_address(address: str) -> list[Brake]:
    """Count the tries from one client address, if known; an IPv6 network is one client, an office may share an IPv4."""
    if not address:
        return []
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        client = address
    else:
        client = str(found if found.version == 4 else ipaddress.ip_network((found, 64), strict=False))  # noqa: PLR2004 - IPv4
    return [Brake(keys.keyed("attempt", f"address {client}"), free=20)]


def for_second_factor(user_id: UUID) -> Brake:
    """Count the tries on the six digits of one user, which are fewer than passwords."""
    return Brake(keys.keyed("attempt", f"second factor {user_id}"), free=5)


def take(database: Database, brakes: Sequence[Brake]) -> list[int]:
    """Count a try against every brake, or raise TooMany with the seconds to wait; gives the tries, to be forgiven."""
    at = clock.now()
    with database.installation() as connection:
        # One at a time per key, or a hundred tries at once would all see none before them.
        for lock in sorted(_lock(brake) for brake in brakes):
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(lock)))
        wait = max((_wait(connection, brake, at) for brake in brakes), default=timedelta())
        if wait > timedelta():
            seconds = math.ceil(wait.total_seconds())
            raise TooMany(
                f"Too many tries. Wait {seconds} seconds, then try again.",
                rule="SEC-03",
                remedy="Wait; an administrator can send you a link to set a new password.",
                retry_after=seconds,
            )
        rows = [{"key_hash": brake.key_hash, "at": at} for brake in brakes]
        return list(
            connection.scalars(sa.insert(sign_in_attempt).returning(sign_in_attempt.c.id), rows) if rows else ()
        )


def forgive(connection: sa.Connection, tries: Sequence[int], brake: Brake) -> None:
    """Take a try back, since it succeeded, and forget the failed ones of its brake; those of other brakes stay."""
    connection.execute(
        sa.delete(sign_in_attempt).where(
            sa.or_(sign_in_attempt.c.id.in_(tries), sign_in_attempt.c.key_hash == brake.key_hash)
        )
    )


def take_back(connection: sa.Connection, tries: Sequence[int]) -> None:
    """Take a try back that was no guess; failed ones before it stay."""
    connection.execute(sa.delete(sign_in_attempt).where(sign_in_attempt.c.id.in_(tries)))


def _wait(connection: sa.Connection, brake: Brake, at: datetime) -> timedelta:
    failed, last = connection.execute(
        sa.select(sa.func.count(), sa.func.max(sign_in_attempt.c.at)).where(
            sign_in_attempt.c.key_hash == brake.key_hash, sign_in_attempt.c.at > at - REMEMBERED
        )
    ).one()
    if failed < brake.free:
        return timedelta()
    # Twice as long each time, until it is long enough; beyond that the power would only grow.
    doubled = timedelta(seconds=2 ** min(failed - brake.free, 20))
    pause: timedelta = min(doubled, LONGEST)
    waited: timedelta = at - last
    return pause - waited


def _lock(brake: Brake) -> int:
    return int.from_bytes(hashlib.sha256(f"throttle {brake.key_hash}".encode()).digest()[:8], signed=True)
