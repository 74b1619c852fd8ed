"""Tables of the set-up whose entries have a form: listed, made, changed, made the default, and deleted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.kernel.problems import NotFound
from tenantry.web.http.access import may
from tenantry.web.ui.acts import allowed
from tenantry.web.ui.flashes import goto, said
from tenantry.web.ui.forms import Faults, Form, attempt, version
from tenantry.web.ui.ids import Id
from tenantry.web.ui.inputs import Choices, Section, labels
from tenantry.web.ui.rendering import words
from tenantry.web.ui.setup.drawing import deletes, edits, setup_form, table_page
from tenantry.web.ui.tables import row
from tenantry.web.ui.taking import taken
from tenantry.web.ui.views import Action, Cell, Column, Empty, Link

EDIT = "setup:edit"

Given = dict[str, Any]


class Entry(Protocol):
    """What every entry has, whatever it is."""

    @property
    def id(self) -> UUID: ...

    @property
    def version(self) -> int: ...


V = TypeVar("V", bound=Entry)


class Editing(Protocol):
    """How a room changes an entry."""

    def __call__(self, work: Work, id: UUID, changes: Mapping[str, Any], /, *, version: int | None) -> object: ...


@dataclass(frozen=True, kw_only=True)
class Entries(Generic[V]):
    """What a table of the set-up says of its entries, and the room's queries and acts behind it."""

    link: Link
    # An entry in a sentence, and on the button that makes one.
    noun: str
    short: str
    subtitle: str
    # What an empty table says, and its picture.
    nothing: str
    icon: str
    columns: Sequence[Column]
    # The cells of an entry, given the address of its form, or none where one may not change it.
    cells: Callable[[V, str], Sequence[Cell | str]]
    named: Callable[[V], str]
    read: Callable[[Work], Sequence[V]]
    # What is asked of a new entry and of one that is there, and what the form of either begins with.
    asked: Sequence[Section]
    changed: Sequence[Section]
    begins: Callable[[V | None], Mapping[str, Any]]
    choices: Choices = field(default_factory=dict)
    note: Callable[[V], str] = lambda _: ""
    create: Callable[[Work, Given], object]
    created: str = "created"
    edit: Editing
    # Where there is always one that is taken when none is chosen.
    make_default: Callable[[Work, UUID], object] | None = None
    delete: Callable[[Work, UUID], object]
    before_deleting: str

    def one(self, work: Work, id: UUID) -> V:
        """Read one; raises NotFound."""
        for found in self.read(work):
            if found.id == id:
                return found
        raise NotFound(self.noun)


def routes(entries: Entries[V]) -> APIRouter:
    """Give the pages and acts of a table of the set-up."""
    router, above = APIRouter(), entries.link.url

    @router.get(above)
    @may("setup:view")
    def page(work: Work, request: Request) -> Response:
        return _table(entries, work, request)

    @router.get(f"{above}/new")
    @may(EDIT)
    def new(work: Work, request: Request) -> Response:  # noqa: ARG001 - one has to be allowed
        return _form(entries, request, None)

    @router.post(f"{above}/new")
    @may(EDIT)
    def create(work: Work, request: Request, form: Form) -> Response:
        given = {**dict.fromkeys(labels(entries.asked), ""), **taken(form, entries.asked, words(request))}
        _, faults = attempt(work, lambda: entries.create(work, given))
        if faults:
            return _form(entries, request, None, faults, form)
        return goto(request, above, said(f"The {entries.noun} was {entries.created}."))

    @router.get(f"{above}/{{id}}/edit")
    @may(EDIT)
    def edit(work: Work, request: Request, id: Id) -> Response:
        return _form(entries, request, entries.one(work, id))

    @router.post(f"{above}/{{id}}/edit")
    @may(EDIT)
    def save(work: Work, request: Request, id: Id, form: Form) -> Response:
        changes = taken(form, entries.changed, words(request))
        _, faults = attempt(work, lambda: entries.edit(work, id, changes, version=version(form)))
        if faults:
            return _form(entries, request, entries.one(work, id), faults, form)
        return goto(request, above, said(f"The {entries.noun} was saved."))

    @router.post(f"{above}/{{id}}/delete")
    @may(EDIT)
    def delete(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
        entries.delete(work, id)
        return goto(request, above, said(f"The {entries.noun} was deleted."))

    if entries.make_default:
        _route_to_default(router, entries, entries.make_default)
    return router


def _route_to_default(router: APIRouter, entries: Entries[V], make_default: Callable[[Work, UUID], object]) -> None:
    @router.post(f"{entries.link.url}/{{id}}/default")
    @may(EDIT)
    def default(work: Work, request: Request, id: Id, form: Form) -> Response:  # noqa: ARG001 - it carries the token
        make_default(work, id)
        return goto(request, entries.link.url, said("It is the default now."))


def _table(entries: Entries[V], work: Work, request: Request) -> Response:
    title, above = entries.link.title, entries.link.url
    may_edit = work.actor.may(EDIT)
    rows = [
        row(
            one.id,
            entries.cells(one, f"{above}/{one.id}/edit" if may_edit else ""),
            _buttons(entries, one) if may_edit else (),
        )
        for one in entries.read(work)
    ]
    new = allowed(Action("new", f"New {entries.short}", "plus", f"{above}/new", primary=True), work.actor, EDIT)
    empty = Empty(f"No {title.lower()} yet", entries.nothing, entries.icon, new)
    return table_page(request, title, entries.subtitle, entries.columns, rows, empty, (new,))


def _buttons(entries: Entries[V], one: V) -> list[Action]:
    base = f"{entries.link.url}/{one.id}"
    default = Action(f"default-{one.id}", "Make Default", "check", f"{base}/default", "post")
    return [
        *([default] if entries.make_default and not getattr(one, "is_default", False) else []),
        edits(one.id, f"{base}/edit"),
        deletes(one.id, f"{base}/delete", entries.before_deleting),
    ]


def _form(
    entries: Entries[V], request: Request, one: V | None, faults: Faults | None = None, typed: FormData | None = None
) -> Response:
    return setup_form(
        request,
        f"Edit {entries.named(one)}" if one else f"New {entries.noun}",
        entries.link,
        entries.changed if one else entries.asked,
        entries.begins(one),
        url=f"{entries.link.url}/{one.id}/edit" if one else f"{entries.link.url}/new",
        choices=entries.choices,
        faults=faults,
        typed=typed,
        version=one.version if one else None,
        note=entries.note(one) if one else "",
    )
