"""What a handover shows while it is planned and while it runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tenantry.web.ui.views.frame import Link
from tenantry.web.ui.views.record import Stat


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
    verdict: Literal["new", "wake", "live", "here", "clash", "held_back"]
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
    verdict: str = ""
    count: str = ""
    previous_url: str = ""
    next_url: str = ""
    exports: Sequence[Link] = ()
    searches: str = "accounts"
