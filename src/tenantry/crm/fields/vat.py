"""VAT numbers: what is clearly none is an error, a wrong check digit only a doubt."""

import re
from typing import Any

from stdnum import get_cc_module
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength

PLAUSIBLE = re.compile(r"[A-Z0-9][A-Z0-9 .\-/]{3,29}", re.ASCII | re.IGNORECASE)
# Greece writes EL before its numbers, Northern Ireland XI.
PREFIXES = {"EL": "GR", "XI": "GB"}


def malformed(number: str, country: str) -> str:
    """Say why this cannot be a VAT number; empty when it can."""
    if not PLAUSIBLE.fullmatch(number):
        return f"{number[:40]!r} is no VAT number."
    if isinstance(_fault(number, country), InvalidLength | InvalidFormat):
        return f"{number[:40]!r} does not have the form of a VAT number of its country."
    return ""


def doubtful(number: str, country: str) -> bool:
    """Say whether a digit may be wrong: the form is right, the check digit is not."""
    return isinstance(_fault(number, country), InvalidChecksum | InvalidComponent)


def _fault(number: str, country: str) -> Exception | None:
    knows = _knows(number, country)
    try:
        if knows:
            knows.validate(number)
    except (InvalidLength, InvalidFormat, InvalidChecksum, InvalidComponent) as fault:
        return fault
    return None


def _knows(number: str, country: str) -> Any:
    """Find who knows the number: the country that it names itself, else the account's."""
    prefix = number[:2].upper()
    named = PREFIXES.get(prefix, prefix) if prefix.isalpha() else ""
    return (get_cc_module(named, "vat") if named else None) or (get_cc_module(country, "vat") if country else None)
