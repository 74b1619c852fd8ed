"""The shapes that the kit draws, as frozen views; any object or mapping with the same names will do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Tone: TypeAlias = Literal["", "info", "good", "warn", "bad", "away"]
Theme: TypeAlias = Literal["auto", "light", "dark"]


@dataclass(frozen=True)
class MenuItem:
    """One line of the main menu."""

    title: str
    url: str
    icon: str
    active: bool = False
    count: str = ""


@dataclass(frozen=True)
class MenuArea:
    """One area of the main menu; an empty title draws no heading."""

    title: str
    items: Sequence[MenuItem]


@dataclass(frozen=True)
class Flash:
    """What the last act has to say, shown once on the next page."""

    text: str
    tone: Tone = "info"
    rule: str = ""


@dataclass(frozen=True)
class Shell:
    """Everything around a page: whose back office it is, who sits in it, and where the menu leads."""

    tenant: str
    kind: str
    user: str
    email: str
    menu: Sequence[MenuArea]
    csrf: str
    theme: Theme = "auto"
    lang: str = "en"
    in_setup: bool = False
    home_url: str = "/"
    setup_url: str = "/setup"
    search_url: str = "/search"
    theme_url: str = "/me/theme"
    profile_url: str = "/me"
    sign_out_url: str = "/sign-out"
    version: str = ""
    flashes: Sequence[Flash] = ()


@dataclass(frozen=True)
class Link:
    """A name that leads somewhere."""

    title: str
    url: str = ""
    note: str = ""


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
        "text", "email", "tel", "url", "password", "number", "money", "select", "date", "checkbox", "textarea", "file"
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


@dataclass(frozen=True)
class Row:
    """One record of a list; with `why` it is shown greyed and cannot be chosen."""

    id: str
    cells: Sequence[Cell]
    why: str = ""
    rule: str = ""
    chosen: bool = False


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


@dataclass(frozen=True)
class Progress:
    """How far long work has come; polled while `url` is given."""

    name: str
    label: str
    done: int
    total: int
    text: str = ""
    rate: str = ""
    left: str = ""
    state: str = "running"
    url: str = ""
    counts: Sequence[Stat] = ()


@dataclass(frozen=True)
class Finding:
    """What a check says about a plan."""

    severity: Literal["blocker", "warning", "note"]
    code: str
    rule: str
    message: str
    remedy: str = ""
    records: Sequence[Link] = ()
    more: str = ""
    more_url: str = ""
    reason_field: str = ""


@dataclass(frozen=True)
class Step:
    """One step of a wizard."""

    title: str
    state: Literal["done", "current", "todo"]
    url: str = ""


@dataclass(frozen=True)
class PreviewField:
    """One field of a record to be written: what the giver has, what the taker has today, what will be, and why."""

    label: str
    giver: str
    before: str
    after: str
    rule: str
    why: str
    differs: bool
    locked: bool = False
    assigned: bool = False


@dataclass(frozen=True)
class PreviewRecord:
    """One record of a handover: an account, an address, a contact, a sync option, a history line or a mark."""

    kind: str
    title: str
    verdict: Literal["new", "wake", "here", "clash", "mark"]
    fields: Sequence[PreviewField] = ()
    note: str = ""


@dataclass(frozen=True)
class PreviewGroup:
    """One customer with everything that goes along; with `url` its records are fetched when it is opened."""

    id: str
    title: str
    verdict: Literal["new", "wake", "here", "clash"]
    records: Sequence[PreviewRecord] = ()
    subtitle: str = ""
    summary: str = ""
    findings: Sequence[Finding] = ()
    url: str = ""
    open: bool = False


@dataclass(frozen=True)
class Facet:
    """One filter of a preview, with its count."""

    name: str
    title: str
    count: str
    url: str
    active: bool = False


@dataclass(frozen=True)
class Preview:
    """A handover, customer by customer, before it is confirmed."""

    giver: str
    taker: str
    groups: Sequence[PreviewGroup]
    facets: Sequence[Facet] = ()
    url: str = ""
    query: str = ""
    count: str = ""
    previous_url: str = ""
    next_url: str = ""
    exports: Sequence[Link] = ()


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


@dataclass(frozen=True)
class DemoPerson:
    """Someone to sign in as, on the sign-in page of the demo."""

    name: str
    email: str
    role: str
    tenant: str
    kind: str


@dataclass(frozen=True)
class Problem:
    """A refusal or a fault as a page: code, sentence, rule, way out."""

    status: int
    title: str
    sentence: str
    code: str = ""
    rule: str = ""
    way_out: str = ""
    links: Sequence[Link] = ()
    reference: str = ""
