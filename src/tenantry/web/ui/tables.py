"""Short tables that are shown whole: no search, no pages, buttons at the end of a row."""

from collections.abc import Sequence

from tenantry.web.ui.views import Action, Cell, Column, Empty, ListView, Row


def column(label: str, *, number: bool = False, phone: bool = True, prose: bool = False) -> Column:
    """Make a column named by its label."""
    return Column(label.lower().replace(" ", "_"), label, number=number, phone=phone, prose=prose)


def row(id: object, cells: Sequence[Cell | str], actions: Sequence[Action] = ()) -> Row:
    """Make a row; a text alone is a cell."""
    return Row(str(id), [Cell(one) if isinstance(one, str) else one for one in cells], actions=actions)


def whole(name: str, columns: Sequence[Column], rows: Sequence[Row], empty: Empty, caption: str = "") -> ListView:
    """Make a table of all its rows."""
    return ListView(
        name=name,
        url="",
        columns=columns,
        rows=rows,
        empty=empty,
        placeholder=caption or name.replace("-", " ").capitalize(),
        columns_choosable=False,
        searchable=False,
        cards=True,
    )
