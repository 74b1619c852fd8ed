"""Who is who in the demo; the sign-in page of a demo shows them, and nothing else does."""

from dataclasses import dataclass
from uuid import UUID

PASSWORD = "meridian-demo-2026"  # noqa: S105 - it opens the demo only, and the demo shows it


@dataclass(frozen=True)
class Person:
    """One to sign in as: e-mail, name, tenant, role, and what he is for."""

    email: str
    name: str
    tenant: str
    role: str
    what: str


PEOPLE = (
    Person(
        "mara@meridian.example",
        "Mara Lindqvist",
        "meridian",
        "Administrator",
        "the distributor's administrator: everything",
    ),
    Person(
        "jana@nordlicht.example",
        "Jana Vogt",
        "nordlicht",
        "Administrator",
        "admin of a tenant reseller with nothing copied yet",
    ),
    Person(
        "nikos@aegean.example",
        "Nikos Pappas",
        "aegean",
        "Administrator",
        "admin of a tenant reseller whose accounts were copied",
    ),
    Person(
        "astrid@skerry.example",
        "Astrid Nyström",
        "skerry",
        "Administrator",
        "admin of a live tenant reseller: what she sells appears at the distributor",
    ),
    Person(
        "tom@meridian.example",
        "Tom Becker",
        "meridian",
        "Operations",
        "the distributor's operations: hands accounts over",
    ),
    Person("ines@meridian.example", "Ines Duarte", "meridian", "Reader", "may look at everything and change nothing"),
)


# Storefront users, who sign in to the shop of the tenant and nowhere else.
SHOPPERS = (
    Person(
        "paula@customer.example",
        "Paula Reiter",
        "meridian",
        "Storefront user",
        "buys in the shop for her own company",
    ),
    Person(
        "eleni@aegean.example",
        "Eleni Kosta",
        "meridian",
        "Storefront user",
        "of a reseller: buys in the shop for its customers",
    ),
)


@dataclass(frozen=True)
class DemoTenant:
    """A tenant of the demo."""

    code: str
    name: str
    kind: str
    id: UUID


def tenants() -> tuple[DemoTenant, ...]:
    """Name the tenants of the demo; their ids are the same in every installation, so that links in texts work."""
    return (MERIDIAN, NORDLICHT, AEGEAN, SKERRY)


MERIDIAN = DemoTenant("meridian", "Meridian Cloud", "distributor", UUID("019a0000-0000-7000-8000-000000000001"))
NORDLICHT = DemoTenant("nordlicht", "Nordlicht Systeme", "reseller", UUID("019a0000-0000-7000-8000-000000000002"))
AEGEAN = DemoTenant("aegean", "Aegean Telecom", "reseller", UUID("019a0000-0000-7000-8000-000000000003"))
SKERRY = DemoTenant("skerry", "Skerry Networks", "reseller", UUID("019a0000-0000-7000-8000-000000000004"))
