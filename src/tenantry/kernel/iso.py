"""Countries, subdivisions, currencies and languages: the ISO ones, from the library that ships them (TEN-30)."""

from functools import cache
from typing import Any

import pycountry
from babel import Locale
from babel.core import UnknownLocaleError
from babel.numbers import list_currencies


@cache
def countries() -> dict[str, str]:
    """ISO 3166-1 alpha-2 code -> English name, in the order of the names."""
    return dict(
        sorted(((c.alpha_2, getattr(c, "common_name", c.name)) for c in pycountry.countries), key=lambda item: item[1])
    )


@cache
def subdivisions(country: str) -> dict[str, str]:
    """ISO 3166-2 code -> name of the states of a country; empty for a country without any."""
    known: Any = pycountry.subdivisions
    found = known.get(country_code=country) or []
    # Behind a name the library keeps its code, or the name in another language.
    names = ((one.code, one.name.partition(" [")[0]) for one in found)
    return dict(sorted(names, key=lambda item: item[1]))


@cache
def currencies() -> dict[str, str]:
    """ISO 4217 code -> English name of the currencies in use."""
    known = list_currencies()
    return {c.alpha_3: c.name for c in sorted(pycountry.currencies, key=lambda c: c.alpha_3) if c.alpha_3 in known}


@cache
def languages() -> dict[str, str]:
    """BCP 47 tag -> name in English, for languages that have a two-letter code and formats of their own."""
    found: dict[str, str] = {}
    for language in pycountry.languages:
        code = getattr(language, "alpha_2", None)
        if code and _has_formats(code):
            found[code] = language.name
    return dict(sorted(found.items(), key=lambda item: item[1]))


def _has_formats(code: str) -> bool:
    try:
        Locale(code)
    except (UnknownLocaleError, ValueError):
        return False
    return True


@cache
def country_of(text: str) -> str | None:
    """Find the alpha-2 code that a person may have meant by a code or a name; None when it is no country."""
    wanted = text.strip()
    if not wanted:
        return None
    try:
        return str(pycountry.countries.lookup(wanted).alpha_2)
    except LookupError:
        return None
