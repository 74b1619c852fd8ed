"""What a record page is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tenantry.web.ui.views.tone import Tone


@dataclass(frozen=True)
class Lock:
    """Why a field cannot be changed here."""

    why: str
    rule: str


@dataclass(frozen=True)
class FieldError:
    """What is wrong with an input, and by which rule or code."""

    message: str
    rule: str = ""


@dataclass(frozen=True)
class Option:
    """One choice of a select."""

    value: str
    label: str


@dataclass(frozen=True)
class Field:
    """One field of a record, read or edited. Values are texts in the reader's language already."""

    name: str
    label: str
    value: str = ""
    kind: Literal[
        "text",
        "email",
        "tel",
        "url",
        "password",
        "number",
        "money",
        "select",
        "date",
        "datetime-local",
        "checkbox",
        "checks",
        "textarea",
        "file",
        "lookup",
    ] = "text"
    locked: Lock | None = None
    help: str = ""
    error: FieldError | None = None
    options: Sequence[Option] = ()
    required: bool = False
    currency: str = ""
    url: str = ""
    autocomplete: str = ""
    reload_url: str = ""
    reloads: str = ""
    wide: bool = False
    chosen: Sequence[str] = ()
    choices_url: str = ""


@dataclass(frozen=True)
class FieldGroup:
    """Fields under one heading."""

    title: str
    fields: Sequence[Field]
    note: str = ""


@dataclass(frozen=True)
class Action:
    """One act on a record: where it leads, or why it may not be done."""

    name: str
    label: str
    icon: str
    url: str = ""
    method: Literal["get", "post", "dialog"] = "get"
    allowed: bool = True
    rule: str = ""
    why: str = ""
    remedy: str = ""
    danger: bool = False
    confirm: str = ""
    primary: bool = False


@dataclass(frozen=True)
class Ribbon:
    """The coloured line on a record that says who manages it."""

    text: str
    tone: Literal["managed", "received", "away", "order"] = "managed"
    note: str = ""
    rule: str = ""
    url: str = ""


@dataclass(frozen=True)
class Tab:
    """One tab of a record page."""

    title: str
    url: str
    active: bool = False
    count: str = ""


@dataclass(frozen=True)
class Change:
    """One field of a history line, before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class HistoryLine:
    """One dated sentence in a record's history."""

    at: str
    at_iso: str
    sentence: str
    actor: str = ""
    changes: Sequence[Change] = ()
    icon: str = "note"
    url: str = ""


@dataclass(frozen=True)
class Moment:
    """One point of a timeline."""

    title: str
    at: str = ""
    text: str = ""
    tone: Tone = ""
    state: Literal["done", "current", "todo"] = "done"


@dataclass(frozen=True)
class Stat:
    """One figure with its name."""

    label: str
    value: str
    note: str = ""
    tone: Tone = ""
    url: str = ""
