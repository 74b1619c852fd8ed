"""What is asked of a list, and what it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

AT_MOST = 200
COUNTED = 10_000


@dataclass(frozen=True)
class ListRequest:
    """Which records of a list, in which order, with which fields.

    `filters` maps a column's name, or `custom.<name>`, to an operator and a value, or to a list of such pairs (from,
    until). `sort` is a column's name, with `-` before it for the last first. `fields` are the columns wanted; none
    means all.
    """

    search: str = ""
    filters: Mapping[str, tuple[str, Any] | Sequence[tuple[str, Any]]] = field(default_factory=dict)
    sort: str = ""
    cursor: str = ""
    limit: int = 50
    fields: Sequence[str] = ()
    with_total: bool = False


@dataclass(frozen=True)
class Total:
    """How many records there are; when not exact, there are more than that."""

    count: int
    exact: bool = True

    def __str__(self) -> str:
        """Say it as a list's head does."""
        return f"{self.count:,}" if self.exact else f"more than {self.count:,}"


@dataclass(frozen=True)
class Page:
    """One page of a list: the records as mappings of column names, and the cursors of its neighbours."""

    items: list[Mapping[str, Any]]
    next: str | None = None
    previous: str | None = None
    total: Total | None = None
