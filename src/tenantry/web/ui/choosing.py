"""Choose one record of many by typing: what the field offers while one types, and which record was meant (UI-03)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tenantry.catalog.lists import PRODUCTS
from tenantry.crm.lists import ACCOUNTS
from tenantry.database import Work
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import Fault, Invalid, NotFound
from tenantry.tenancy.listing import Listing, ListRequest
from tenantry.web.http.access import ANYBODY_SIGNED_IN, may
from tenantry.web.ui.inputs import Section
from tenantry.web.ui.rendering import part
from tenantry.web.ui.views import Option

OFFERED = 12
LONGEST = 300

Filters = Mapping[str, tuple[str, Any]]


@dataclass(frozen=True)
class Among:
    """Which records are to choose from; `mark` tells those of one name apart, and may be typed instead of it."""

    listing: Listing
    mark: str
    what: str
    filters: Filters = field(default_factory=dict)


ON_SALE: Filters = {"active": ("eq", "true")}
AMONG: Mapping[str, Among] = {
    "products": Among(PRODUCTS, "sku", "product", ON_SALE),
    "all-products": Among(PRODUCTS, "sku", "product"),
    "services": Among(PRODUCTS, "sku", "product", {"kind": ("eq", "service")}),
    "add-ons": Among(PRODUCTS, "sku", "add-on", {"kind": ("eq", "add_on")}),
    "resellers": Among(ACCOUNTS, "number", "reseller", {"reselling_enabled": ("eq", "true")}),
}

router = APIRouter()


@router.get("/choices/{among}")
@may(ANYBODY_SIGNED_IN)
def choices(work: Work, request: Request, among: str, q: str = "") -> Response:  # noqa: ARG001 - as every page has it
    """Offer those that what was typed finds, the likeliest first."""
    if among not in AMONG:
        raise NotFound("list")
    return part("page/choices.html", options=offered(work, among, q))


def offered(work: Work, among: str, query: str = "") -> list[Option]:
    """Give the first of those that a text finds, as far as one may see them."""
    one = AMONG[among]
    wanted = ListRequest(
        search=query.strip()[:LONGEST],
        filters=dict(one.filters),
        sort="" if query.strip() else "name",
        fields=["id", "name", one.mark],
        limit=OFFERED,
    )
    return [_option(row, one) for row in _page(work, one, wanted)]


def label(work: Work, among: str, id: UUID | None) -> list[Option]:
    """Give how the field writes the record that it has, as its one choice."""
    one = AMONG[among]
    rows = _page(work, one, ListRequest(filters={"id": ("eq", str(id))}, fields=["id", "name", one.mark])) if id else ()
    return [_option(row, one) for row in rows]


def resolved(work: Work, sections: Sequence[Section], given: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a form said, with the ids of the records that its typed choices mean; Invalid names what means none."""
    among = {one.name: one.among for section in sections for one in section.inputs if one.kind == "lookup"}
    found = {name: meant(work, among[name], str(given[name])) for name in among if given.get(name)}
    faults = [
        Fault(
            name,
            f"There is no such {AMONG[among[name]].what}, or there are several.",
            "UI-03",
            "Choose one of those that are offered while you type.",
        )
        for name, id in found.items()
        if id is None
    ]
    if faults:
        raise Invalid(*faults)
    return {**given, **found}


def meant(work: Work, among: str, typed: str) -> UUID | None:
    """Give the record that a text means: its id, its mark, its name with its mark, or its name where one has it."""
    one, typed = AMONG[among], typed.strip()
    if (id := as_id(typed)) is not None:
        return id
    marks = [typed, *(typed[at + 2 : -1] for at in _brackets(typed))]
    for column, value in (*((one.mark, mark) for mark in marks), ("name", typed)):
        if column == "number" and not (value.isascii() and value.isdigit()):
            continue
        asked = ListRequest(filters={**one.filters, column: ("eq", value)}, fields=["id"], limit=2)
        rows = _page(work, one, asked)
        if len(rows) == 1:
            return UUID(str(rows[0]["id"]))
    return None


def _brackets(typed: str) -> list[int]:
    """Say where the mark in brackets may begin: a name may have brackets, too."""
    return [at for at in range(len(typed)) if typed.endswith(")") and typed.startswith(" (", at)]


def _page(work: Work, one: Among, wanted: ListRequest) -> Sequence[Mapping[str, Any]]:
    return one.listing.page(work, wanted).items if work.actor.may(one.listing.permission) else ()


def _option(row: Mapping[str, Any], one: Among) -> Option:
    return Option(str(row["id"]), f"{row['name']} ({row[one.mark]})")
