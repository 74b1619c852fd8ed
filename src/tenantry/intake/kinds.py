"""What can be imported: for each kind its fields, how it is planned and brought in, and who may (CAT-04)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.intake import account_writing, matching, planning
from tenantry.intake.catalogue import fields as offers, planning as offer_planning, writing as offer_writing
from tenantry.intake.fields import FIELDS, Field
from tenantry.intake.reading import Cell
from tenantry.intake.subscriptions import fields as running, planning as running_planning, writing as running_writing
from tenantry.kernel.problems import Fault, Invalid
from tenantry.tenancy.custom_fields import custom_fields
from tenantry.tenancy.records import Row


@dataclass(frozen=True)
class Kind:
    """A kind of row, as every verb on imports needs it; `noun` names what rows become, `page` where it is shown."""

    name: str
    noun: str
    page: str
    permission: str
    fields: Callable[[Work], Mapping[str, Field]]
    match: Callable[[Work, Sequence[str]], dict[str, str]]
    plan: Callable[[Work, sa.RowMapping], None]
    digest: Callable[[Work, sa.RowMapping], str]
    write: Callable[[Work, sa.RowMapping, Sequence[Row]], None]
    finish: Callable[[Work, sa.RowMapping], None] | None = None
    # What a row becomes, field by field; none: it is read against what is here.
    values: Callable[[sa.RowMapping, int, Sequence[Cell]], dict[str, str]] | None = None


def kind_of(name: str) -> Kind:
    """Give a kind; Invalid names those there are."""
    if name not in KINDS:
        message = f"{name[:40]!r} cannot be imported."
        raise Invalid(Fault("kind", message, "CAT-04", f"Kinds are: {', '.join(KINDS)}."))
    return KINDS[name]


def _account_fields(work: Work) -> Mapping[str, Field]:
    own = {f"custom.{one.name}": Field(f"custom.{one.name}", one.label) for one in custom_fields(work, "account")}
    return {**FIELDS, **own}


def _account_match(work: Work, headings: Sequence[str]) -> dict[str, str]:
    return matching.match(headings, {one.name: one.label for one in custom_fields(work, "account")})


def _offers(name: str) -> Kind:
    def fields(work: Work) -> Mapping[str, Field]:  # noqa: ARG001 - products have no fields of one's own
        return offers.OF_KIND[name]

    def match(work: Work, headings: Sequence[str]) -> dict[str, str]:  # noqa: ARG001 - as above
        return offers.match(name, headings)

    return Kind(
        name,
        name,
        "/products",
        "products:edit",
        fields,
        match,
        offer_planning.plan_offers,
        offer_planning.digest,
        offer_writing.write_offers,
        offer_writing.finish_offers,
        offer_planning.values_of,
    )


KINDS: Mapping[str, Kind] = {
    "accounts": Kind(
        "accounts",
        "accounts",
        "/accounts",
        "accounts:edit",
        _account_fields,
        _account_match,
        planning.plan_accounts,
        planning.digest,
        account_writing.write_accounts,
    ),
    "products": _offers("products"),
    "prices": _offers("prices"),
    "subscriptions": Kind(
        "subscriptions",
        "subscriptions",
        "/subscriptions",
        "subscriptions:edit",
        lambda _: running.FIELDS,
        lambda _, headings: running.match(headings),
        running_planning.plan_subscriptions,
        running_planning.digest,
        running_writing.write_subscriptions,
        values=running_planning.values_of,
    ),
}
