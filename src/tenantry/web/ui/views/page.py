"""What whole pages are made of: the head of a page, panels with something in them, pop-ups that ask."""

from collections.abc import Sequence
from dataclasses import dataclass

from tenantry.web.ui.views.frame import Link
from tenantry.web.ui.views.listing import Empty, ListView
from tenantry.web.ui.views.record import Action, Field, FieldError, FieldGroup, HistoryLine, Ribbon, Stat, Tab


@dataclass(frozen=True)
class Head:
    """The head of a page, with what may be done on it."""

    title: str
    crumbs: Sequence[Link] = ()
    state: str = ""
    subtitle: str = ""
    kind: str = ""
    ribbon: Ribbon | None = None
    actions: Sequence[Action] = ()
    shortcuts: Sequence[Action] = ()
    tabs: Sequence[Tab] = ()


@dataclass(frozen=True)
class Panel:
    """A box with one thing in it: figures, fields, a table, a history, links, or the words that there is nothing."""

    title: str = ""
    note: str = ""
    actions: Sequence[Action] = ()
    stats: Sequence[Stat] = ()
    fields: Sequence[Field] = ()
    table: ListView | None = None
    history: Sequence[HistoryLine] | None = None
    more_url: str = ""
    links: Sequence[Link] = ()
    empty: Empty | None = None


@dataclass(frozen=True)
class Dialog:
    """A pop-up that says what will happen, asks what it needs, and posts.

    What `preview_url` answers to its fields is shown below them, when it opens and whenever they change; with a `hint`
    that stands there first, until they change. What is `foretold` does not hang on the fields: it is shown once, above
    them. Without `submit` it only tells something.
    """

    id: str
    title: str
    url: str
    submit: str
    sentences: Sequence[str] = ()
    fields: Sequence[Field] = ()
    danger: bool = False
    preview_url: str = ""
    hint: str = ""
    foretold: bool = False


@dataclass(frozen=True)
class FormView:
    """A form as a page: where it goes, what it asks, and what stands above it."""

    url: str
    groups: Sequence[FieldGroup]
    submit: str = "Save"
    cancel_url: str = ""
    version: int | None = None
    warnings: Sequence[FieldError] = ()
    faults: Sequence[FieldError] = ()
    likeness_url: str = ""
    hidden: Sequence[tuple[str, str]] = ()

    @property
    def fields(self) -> list[Field]:
        """Give the fields of all groups, for the list of what is wrong."""
        return [field for group in self.groups for field in group.fields]
