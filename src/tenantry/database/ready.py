"""Statements that stand, made ready for the driver once: sent by it alone, each costs the program half as much."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql.psycopg import PGCompiler_psycopg, PGDialect_psycopg

# As the server itself counts values, so that the driver need not look for them in every statement that it sends.
_dialect = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


class _Spelled(PGCompiler_psycopg):
    """Writes into the words what never changes in them, so that the driver has only the rest to send."""

    def visit_bindparam(self, bindparam: sa.BindParameter[Any], **how: Any) -> str:  # type: ignore[override]
        kind = bindparam.type.dialect_impl(self.dialect)
        if not bindparam.required and bindparam.effective_value is not None and kind.literal_processor(self.dialect):
            how["literal_binds"] = True
        return super().visit_bindparam(bindparam, **how)  # type: ignore[no-untyped-call, no-any-return]


_spelling = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
_spelling.statement_compiler = _Spelled

Values = Mapping[str, Any]
Statement = sa.Select[*tuple[Any, ...]] | sa.CompoundSelect[*tuple[Any, ...]] | sa.UpdateBase


class Ready:
    """A statement that is always the same and is told its values by name; what it reads are dictionaries.

    It is heard by who listens to statements, and fails with SQLAlchemy's errors, as any other.
    """

    def __init__(self, statement: Statement, *, spelled: bool = False) -> None:
        compiled = statement.compile(dialect=_spelling if spelled else _dialect)
        self.words = str(compiled)
        if "POSTCOMPILE" in self.words:
            message = f"Its words depend on how many values a list has; use any_: {self.words}"
            raise TypeError(message)
        binds = {name: bind for bind, name in compiled.bind_names.items()}
        self._places = [(name, _written(binds[name].type)) for name in compiled.positiontup or ()]
        self._fixed = {name: bind.effective_value for name, bind in binds.items() if not bind.required}
        for column in statement.exported_columns:
            _check_read(column.type)
        self._names = [column.name for column in statement.exported_columns]
        # Two columns of one name are refused here.
        self._row = NamedTuple("Row", [(name, Any) for name in self._names])._make

    def run(self, connection: sa.Connection, values: Values) -> None:
        """Do what gives no rows."""
        self._said(connection, values)

    def all(self, connection: sa.Connection, values: Values) -> list[dict[str, Any]]:
        """Give every row."""
        return [dict(zip(self._names, row, strict=True)) for row in self._said(connection, values).fetchall()]

    def rows(self, connection: sa.Connection, values: Values) -> list[Any]:
        """Give every row with its columns as attributes."""
        return list(map(self._row, self._said(connection, values).fetchall()))

    def first(self, connection: sa.Connection, values: Values) -> dict[str, Any] | None:
        """Give the first row, or None."""
        row = self._said(connection, values).fetchone()
        return None if row is None else dict(zip(self._names, row, strict=True))

    def row(self, connection: sa.Connection, values: Values) -> Any:
        """Give the first row with its columns as attributes, or None."""
        row = self._said(connection, values).fetchone()
        return None if row is None else self._row(row)

    def _said(self, connection: sa.Connection, values: Values) -> psycopg.Cursor[Any]:
        driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
        cursor, known = psycopg.RawCursor(driver), {**self._fixed, **values}
        sent = [write(known[name]) if write else known[name] for name, write in self._places]
        for heard in connection.dispatch.before_cursor_execute:
            heard(connection, cursor, self.words, sent, None, False)
        try:
            return cursor.execute(self.words, sent)
        except psycopg.Error as fault:
            raise sa.exc.DBAPIError.instance(
                self.words, sent, fault, psycopg.Error, hide_parameters=True, dialect=_dialect
            ) from fault


@cache
def spelled(statement: Statement) -> Ready:
    """Make a statement ready the first time that it is asked for, with all that never changes in it in its words."""
    return Ready(statement, spelled=True)


def _written(kind: sa.types.TypeEngine[Any]) -> Any:
    """Give what turns a value of this kind into what the driver takes; most go as they are."""
    return kind.dialect_impl(_dialect).bind_processor(_dialect)


def _check_read(kind: sa.types.TypeEngine[Any]) -> None:
    """Refuse what SQLAlchemy would turn into something else than the driver gives."""
    if isinstance(kind, ARRAY | sa.ARRAY):
        _check_read(kind.item_type)
    elif not isinstance(kind, sa.Numeric) and kind.dialect_impl(_dialect).result_processor(_dialect, None):
        message = f"The driver does not give {kind!r} as it is."
        raise TypeError(message)
