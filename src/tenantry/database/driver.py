"""What the driver does for every statement, here only where it is wanted; and several commands in one round trip."""

import struct
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast, overload
from uuid import UUID

import psycopg
from psycopg import Column
from psycopg.abc import DumperKey
from psycopg.adapt import PyFormat
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.types.array import ListBinaryDumper
from psycopg.types.uuid import UUIDBinaryDumper

# How many statements a connection keeps prepared: those of a batch of the mirror, beside whatever else it does.
KEPT = 300

READ = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)


class Columns(Sequence[Column]):
    """The columns of a result, each described when it is looked at: a statement that was compiled knows its own."""

    def __init__(self, cursor: psycopg.Cursor[Any], size: int) -> None:
        self.cursor = cursor
        self.size = size

    def __len__(self) -> int:
        return self.size

    @overload
    def __getitem__(self, place: int) -> Column: ...

    @overload
    def __getitem__(self, place: slice) -> list[Column]: ...

    def __getitem__(self, place: int | slice) -> Column | list[Column]:
        """Describe one column, or some."""
        if isinstance(place, slice):
            return [Column(self.cursor, one) for one in range(self.size)[place]]
        return Column(self.cursor, range(self.size)[place])


class Cursor(psycopg.Cursor[Any]):
    """A cursor that does not describe columns nobody looks at."""

    @property
    def description(self) -> Columns | None:  # type: ignore[override]  # the protocol asks for a sequence
        """Give the columns; None when the statement gives no rows."""
        result = self.pgresult
        if result is None or not (result.nfields or result.status == ExecStatus.TUPLES_OK):
            return None
        return Columns(self, result.nfields)


def say(connection: psycopg.Connection[Any], words: str) -> None:
    """Send commands that take no values in one round trip, the beginning of the transaction before them if need be."""
    server = connection.pgconn
    begins = "BEGIN; " if server.transaction_status == TransactionStatus.IDLE else ""
    result = server.exec_(f"{begins}{words}".encode())
    if result.status not in READ:
        raise error_from_result(result)


class Once(list[Any]):
    """Values of one kind that many statements are told: written for the server with the first, and kept so."""

    oid = 0
    written: Any = None


class _OnceDumper(ListBinaryDumper):
    def get_key(self, obj: Once, format: PyFormat) -> DumperKey:  # type: ignore[override]
        if not obj.oid:
            kinds = set(map(type, obj))
            if kinds <= _IDS_OR_NONE:
                obj.oid, obj.written = _IDS, _ids(obj, with_none=len(kinds) > 1)
            else:
                dumper = ListBinaryDumper(list, self._tx).upgrade(obj, format)
                obj.oid, obj.written = dumper.oid, dumper.dump(obj)
        return (self.cls, (cast("type", obj.oid),))

    def upgrade(self, obj: Once, format: PyFormat) -> "_OnceDumper":  # type: ignore[override]  # noqa: ARG002
        of_kind = _OnceDumper(self.cls, self._tx)
        of_kind.oid = obj.oid
        return of_kind

    def dump(self, obj: Once) -> Any:  # type: ignore[override]
        return obj.written


_ID, _IDS, _LONG, _NULL = 2950, 2951, struct.pack("!i", 16), struct.pack("!i", -1)
_IDS_OR_NONE = {UUID, type(None)}


def _ids(values: Sequence[UUID | None], *, with_none: bool) -> bytes:
    """Write ids as PostgreSQL reads an array: dimensions, nulls, kind, how many, from which place on; then each."""
    head = struct.pack("!iiIii", 1, with_none, _ID, len(values), 1)
    return head + b"".join([_NULL if value is None else _LONG + value.int.to_bytes(16) for value in values])


def once(values: Iterable[Any]) -> list[Any]:
    """Have these values written once, however many statements they are told to."""
    given = list(values)
    # What kind they are of nothing tells.
    return Once(given) if any(value is not None for value in given) else given


def made(connection: psycopg.Connection[Any], _record: object) -> None:
    """Have a new connection send ids as they are: a thousand of them are written six times as fast as their text."""
    connection.adapters.register_dumper(UUID, UUIDBinaryDumper)
    connection.adapters.register_dumper(Once, _OnceDumper)
    connection.prepared_max = KEPT


@contextmanager
def prepares(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Have every statement of the block prepared, the first time already."""
    before = connection.prepare_threshold
    connection.prepare_threshold = 0
    try:
        yield
    finally:
        connection.prepare_threshold = before
