"""Read what was given for a record: every field by its reader, then what fields have to do with each other."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from tenantry.crm.fields import forms
from tenantry.crm.fields.known import Known
from tenantry.crm.fields.readers import Reader, Unfit
from tenantry.crm.fields.vat import malformed
from tenantry.kernel import iso
from tenantry.kernel.money import rounded
from tenantry.kernel.problems import Fault

Given = Mapping[str, Any]
Read = tuple[dict[str, Any], list[Fault]]


def account(given: Given, known: Known, before: Given | None = None) -> Read:
    """Read the fields of an account; `before` is the account as it stands, when it is edited."""
    values, faults = _each(forms.ACCOUNT, given)
    whole = {**(before or {}), **values}
    faults += [*_state(values, whole), *_refers(values, before or {}, known)]
    if {"credit_limit", "currency"} & values.keys() and {"credit_limit", "currency"} <= whole.keys():
        values["credit_limit"] = rounded(whole["credit_limit"], whole["currency"])
    if values.get("vat_number") and (why := malformed(values["vat_number"], whole.get("country", ""))):
        remedy = "Copy it from an invoice or the VAT certificate, or leave it empty."
        faults.append(Fault("vat_number", why, remedy=remedy, code="vat-number"))
    return values, faults


def address(given: Given, before: Given | None = None) -> Read:
    """Read the fields of an address."""
    values, faults = _each(forms.ADDRESS, given)
    whole = {**(before or {}), **values}
    if before is None and not any(values.values()) and not faults:
        faults.append(
            Fault(
                "city", "An address needs something to find it by.", remedy="Fill in the city at least.", code="needed"
            )
        )
    return values, [*faults, *_state(values, whole)]


def contact(given: Given, known: Known, before: Given | None = None) -> Read:
    """Read the fields of a contact."""
    values, faults = _each(forms.CONTACT, given)
    whole = {**(before or {}), **values}
    faults += _refers(values, before or {}, known)
    if whole.get("storefront_user") and not whole.get("email") and {"storefront_user", "email"} & values.keys():
        faults.append(
            Fault("email", "A storefront user signs in with his e-mail.", remedy="Fill it in.", code="needed")
        )
    return values, faults


def activity(given: Given, known: Known, before: Given | None = None) -> Read:
    """Read the fields of an activity."""
    values, faults = _each(forms.ACTIVITY, given)
    return values, [*faults, *_refers(values, before or {}, known)]


def _each(form: Mapping[str, Reader], given: Given) -> Read:
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, value in given.items():
        reader = form.get(name)
        if reader is None:
            remedy = f"Fields are: {', '.join(form)}."
            faults.append(Fault(name[:60], "There is no such field to give.", remedy=remedy, code="no-such-field"))
            continue
        try:
            values[name] = reader(value)
        except Unfit as unfit:
            faults.append(unfit.of(name))
    return values, faults


def _state(values: dict[str, Any], whole: Given) -> Iterator[Fault]:
    """A state belongs to its country where that has ISO subdivisions; elsewhere it is free words (TEN-30)."""
    if not {"state", "country"} & values.keys() or not whole.get("state"):
        return
    said, country = whole["state"], whole.get("country", "")
    states = iso.subdivisions(country) if country else {}
    if not states or said in states:
        return
    by_name = {name.casefold(): code for code, name in states.items()}
    found = by_name.get(said.casefold()) or next((code for code in states if code == said.upper()), None)
    if found:
        values["state"] = found
        return
    near = [by_name[name] for name in get_close_matches(said.casefold(), by_name, 3)] or list(states)[:10]
    choices = ", ".join(f"{code} ({states[code]})" for code in near)
    message = f"{said[:40]!r} is no state of {iso.countries()[country]}."
    yield Fault("state", message, "TEN-30", f"Give an ISO 3166-2 code such as {choices}, or leave it empty.")


def _refers(values: Given, before: Given, known: Known) -> Iterator[Fault]:
    """A value that is new must be one that the tenant has; what the record has already is left to it."""
    for fault, those in (
        (_CURRENCY, known.currencies),
        (_USER, known.users),
        (_RULE, known.rules),
        (_PRICE_LIST, known.price_lists),
        (_PAYMENT_METHOD, known.payment_methods),
    ):
        value = values.get(fault.field)
        if value is not None and value != before.get(fault.field) and value not in those:
            yield fault


def _unknown(name: str, message: str) -> Fault:
    return Fault(name, message, remedy="Choose one from the list.", code="no-such-record")


_CURRENCY = Fault(
    "currency", "This currency is not activated.", "TEN-30", "Activate it in the set-up, or take another."
)
_USER = _unknown("responsible_user_id", "There is no such active user.")
_RULE = _unknown("permission_rule_id", "There is no such permission rule.")
_PRICE_LIST = _unknown("price_list_id", "There is no such active price list.")
_PAYMENT_METHOD = _unknown("payment_method_id", "There is no such payment method.")
