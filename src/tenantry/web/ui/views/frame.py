"""What stands around a page, and the pages without a menu."""

from collections.abc import Sequence
from dataclasses import dataclass

from tenantry.web.ui.views.tone import Theme, Tone


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
    # Why nothing can be changed here at present; empty where it can.
    looks_only: str = ""
    # When it was asked for, in milliseconds: what changed later it does not show.
    seen: int = 0


@dataclass(frozen=True)
class Link:
    """A name that leads somewhere."""

    title: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class DemoPerson:
    """Someone to sign in as, on the sign-in page of the demo; `action` where that is not the back office's."""

    name: str
    email: str
    role: str
    tenant: str
    kind: str
    action: str = ""


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
