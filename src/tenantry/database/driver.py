"""What the driver does for every statement, here only where it is wanted; and several commands in one round trip."""

from collections.abc import Sequence
from typing import Any, overload

import psycopg
from psycopg import Column
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus

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
