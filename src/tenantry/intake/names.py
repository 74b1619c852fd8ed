"""Countries, currencies and languages as people write them: codes, and names in the languages of our trade (TEN-30)."""

from functools import cache, lru_cache

from babel import Locale
from babel.core import UnknownLocaleError

from tenantry.intake.matching import plain
from tenantry.kernel import iso

SPOKEN = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "el")
COUNTRIES = {
    "uk": "GB",
    "greatbritain": "GB",
    "england": "GB",
    "usa": "US",
    "holland": "NL",
    "korea": "KR",
    "brd": "DE",
}
CURRENCIES = {"€": "EUR", "£": "GBP", "us$": "USD", "euros": "EUR"}


@lru_cache(4096)
def country(text: str) -> str | None:
    """Find the country that is meant; None for none."""
    return _countries().get(plain(text)) or iso.country_of(text)


@lru_cache(1024)
def currency(text: str) -> str | None:
    """Find the currency that is meant; None for none."""
    code = text.upper()
    return code if code in iso.currencies() else CURRENCIES.get(text.casefold()) or _currencies().get(plain(text))


@lru_cache(1024)
def language(text: str) -> str | None:
    """Find the language that is meant, as a BCP 47 tag; None for none."""
    if found := _languages().get(plain(text)):
        return found
    try:
        return str(Locale.parse(text.replace("_", "-"), sep="-")).replace("_", "-")
    except (UnknownLocaleError, ValueError, TypeError):
        return None


@lru_cache(4096)
def state(text: str, country_: str) -> str | None:
    """Find the subdivision of a country that is meant by a code, its last part, or a name; None for none."""
    known = _states(country_)
    return known.get(plain(text)) or known.get(plain(f"{country_}{text}"))


@cache
def _states(country_: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for code, name in iso.subdivisions(country_).items():
        found[plain(code)] = code
        found.setdefault(plain(name), code)
    return found


@cache
def _countries() -> dict[str, str]:
    known = iso.countries()
    found = {plain(code): code for code in known} | {plain(name): code for code, name in known.items()} | COUNTRIES
    for spoken in SPOKEN:
        for code, name in Locale(spoken).territories.items():
            if code in known:
                found.setdefault(plain(name), code)
    return found


@cache
def _currencies() -> dict[str, str]:
    known = iso.currencies()
    found = {plain(name): code for code, name in known.items()}
    for spoken in SPOKEN:
        for code, name in Locale(spoken).currencies.items():
            if code in known:
                found.setdefault(plain(name), code)
    return found


@cache
def _languages() -> dict[str, str]:
    known = iso.languages()
    found = {plain(code): code for code in known} | {plain(name): code for code, name in known.items()}
    for spoken in SPOKEN:
        for code, name in Locale(spoken).languages.items():
            if code in known:
                found.setdefault(plain(name), code)
    return found
