"""Ids: UUID version 7 for what is made, derived ids for what follows from an event."""

import hashlib
import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def new_id() -> UUID:
    """Make a UUIDv7 (RFC 9562) that sorts after every id this process made before.

    The 12 bits behind the milliseconds count on within one millisecond, so a list made in a loop keeps its order.
    """
    global _last  # noqa: PLW0603 - the one clock hand of the process
    random = int.from_bytes(os.urandom(10))
    with _lock:
        tick = (time.time_ns() // 1_000_000 << 12) | random >> 69
        _last = tick if tick > _last else _last + 1
        tick = _last
    milliseconds, counter = tick >> 12, tick & 0xFFF
    low = random & 0x3FFF_FFFF_FFFF_FFFF
    return UUID(int=(milliseconds << 80) | (7 << 76) | (counter << 64) | (0b10 << 62) | low)


def derived_id(source: UUID, subject: UUID, what: str) -> UUID:
    """Give the one id that follows from an event (`source`) and a record (`subject`); the source's time bits are kept.

    The same three words always give the same id, here and in SQL (`tenantry.rules.derived.derived_id`),
    so that replaying makes nothing new.
    """
    digest = hashlib.md5(f"{source}{subject}{what}".encode(), usedforsecurity=False).hexdigest()
    time_bits = source.hex[:12]
    return UUID(f"{time_bits}7{digest[13:16]}8{digest[17:]}")


def as_id(text: str) -> UUID | None:
    """Read an id; None for anything that is not one, so that nonsense and an unknown id get the same answer."""
    try:
        return UUID(text)
    except (ValueError, AttributeError, TypeError):
        return None
