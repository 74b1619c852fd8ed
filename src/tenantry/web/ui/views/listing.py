"""What a list is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tenantry.web.ui.views.frame import Link
from tenantry.web.ui.views.record import Action, FieldError, Option


@dataclass(frozen=True)
class Column:
    """One column of a list; without `sort_url` it cannot be sorted."""

    name: str
    label: str
    sort_url: str = ""
    sorted: Literal["", "ascending", "descending"] = ""
    number: bool = False
    shown: bool = True
    phone: bool = True
    prose: bool = False


@dataclass(frozen=True)
class Cell:
    """One value of a row."""

    text: str
    url: str = ""
    note: str = ""
    state: str = ""
    icon: str = ""
    # Stands behind the text, as a small tag.
    rule: str = ""


@dataclass(frozen=True)
class Row:
    """One record of a list; with `why` it is shown greyed and cannot be chosen."""

    id: str
    cells: Sequence[Cell]
    why: str = ""
    rule: str = ""
    chosen: bool = False
    actions: Sequence[Action] = ()


@dataclass(frozen=True)
class Filter:
    """One drop-down above a list."""

    name: str
    label: str
    options: Sequence[Option]
    value: str = ""


@dataclass(frozen=True)
class Empty:
    """What a list says when it has nothing to show, and what to do about it."""

    title: str
    text: str = ""
    icon: str = "inbox"
    action: Action | None = None


@dataclass(frozen=True)
class ListView:
    """A page of records with everything around it."""

    name: str
    url: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    empty: Empty
    query: str = ""
    placeholder: str = "Search"
    filters: Sequence[Filter] = ()
    filtered: bool = False
    sort: str = ""
    count: str = ""
    previous_url: str = ""
    next_url: str = ""
    exports: Sequence[Link] = ()
    choose: str = ""
    bulk: Sequence[Action] = ()
    columns_choosable: bool = True
    searchable: bool = True
    cards: bool = False


@dataclass(frozen=True)
class MappedColumn:
    """One column of an imported file and the field it goes to."""

    name: str
    title: str
    samples: Sequence[str]
    value: str
    options: Sequence[Option]
    how: Literal["name", "hand", "none"]
    error: FieldError | None = None
