"""Seller and buyer as documents name them."""

from tenantry.sales.parties import PartyView
from tenantry.tenancy.queries import TenantView
from tenantry.web.papers.sheet import Party
from tenantry.web.papers.speech import speech
from tenantry.web.words import Words


def seller(view: TenantView, words: Words) -> Party:
    """Give the organisation with its address and how to reach it."""
    place = f"{view.postcode} {view.city}".strip()
    vat = speech(words)("VAT number {number}", number=view.vat_number) if view.vat_number else ""
    lines = (view.street, place, words.country(view.country), vat, view.email, view.phone, view.website)
    return Party("", view.name, _filled(*lines))


def buyer(label: str, view: PartyView, words: Words) -> Party:
    """Give an account with its address."""
    place = f"{view.postcode} {view.city}".strip()
    vat = speech(words)("VAT number {number}", number=view.vat_number) if view.vat_number else ""
    state = words.state(view.country, view.state)
    lines = (view.street, view.street_2, place, state if state != view.city else "", words.country(view.country), vat)
    return Party(label, view.name, _filled(*lines))


def foot(view: TenantView) -> str:
    """Give what stands at the foot of every page of the organisation's documents."""
    return " · ".join(_filled(view.name, view.street, f"{view.postcode} {view.city}".strip(), view.email, view.website))


def _filled(*lines: str) -> tuple[str, ...]:
    return tuple(line for line in lines if line.strip())
