"""What the pages of the set-up have in common: their head, a table in it, a form."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.web.ui.forms import Faults
from tenantry.web.ui.inputs import Asking, Choices, Section
from tenantry.web.ui.pages import form_page, form_view, record_page
from tenantry.web.ui.rendering import words
from tenantry.web.ui.tables import whole
from tenantry.web.ui.views import Action, Column, Dialog, Empty, Head, Link, Panel, Row

KIND = "Setup"


def table_page(
    request: Request,
    title: str,
    subtitle: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    empty: Empty,
    actions: Sequence[Action] = (),
    dialogs: Sequence[Dialog] = (),
) -> Response:
    """Draw a page of the set-up that is one table."""
    head = Head(title, kind=KIND, subtitle=subtitle, actions=actions)
    name = title.lower().replace(" ", "-")
    return record_page(request, head, [Panel(table=whole(name, columns, rows, empty, title))], (), dialogs)


def setup_form(
    request: Request,
    title: str,
    above: Link,
    sections: Sequence[Section],
    values: Mapping[str, Any],
    *,
    url: str,
    choices: Choices | None = None,
    faults: Faults | None = None,
    typed: FormData | None = None,
    version: int | None = None,
    submit: str = "Save",
    note: str = "",
) -> Response:
    """Draw a form of the set-up."""
    asking = Asking(words(request), values, choices or {}, {}, faults or {}, typed)
    form = form_view(sections, asking, url=url, cancel_url=above.url, version=version, submit=submit)
    return form_page(request, Head(title, (above,), subtitle=note), form)


def deletes(id: object, url: str, confirm: str, *, label: str = "Delete") -> Action:
    """Give the button that deletes a row, once it was confirmed."""
    return Action(f"delete-{id}", label, "trash", url, "post", danger=True, confirm=confirm)


def edits(id: object, url: str) -> Action:
    """Give the button that leads to a row's form."""
    return Action(f"edit-{id}", "Edit", "pencil", url)
