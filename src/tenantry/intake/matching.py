"""Match headings with fields by name, whatever the case, punctuation or accents (CAT-04)."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

from tenantry.intake.fields import ADDRESS, CONTACT, FIELDS, IGNORED

OWN = {"reason", "line"}
_KINDS = {
    "address": ("address", "adresse", "anschrift", "billingaddress", "billing", "direccion", "indirizzo"),
    "contact": ("contact", "kontakt", "ansprechpartner", "primarycontact", "person", "contacto"),
}


def match(headings: Iterable[str], custom: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give each heading the field that it means, or none; of two that mean the same, the first has it.

    `custom` names the tenant's own fields: name -> label.
    """
    own = {plain(word): f"custom.{name}" for name, label in (custom or {}).items() for word in (label, name)}
    mapping: dict[str, str] = {}
    for heading in headings:
        field = field_of(heading) or own.get(plain(heading), IGNORED)
        mapping[heading] = IGNORED if field in mapping.values() else field
    return mapping


def recognised(headings: Iterable[str]) -> set[str]:
    """Give the fields that these headings mean."""
    return {field for heading in headings if (field := field_of(heading))}


def field_of(heading: str) -> str:
    """Give the field that a heading means; empty for none."""
    word = plain(heading)
    if word in OWN:
        return IGNORED
    return _words().get(word) or _numbered(word)


def plain(text: str) -> str:
    """Reduce a text to its letters and digits, without case and accents: `E-Mail ` and `email` are one."""
    # German sharp s and Greek final sigma fold only so; accents fall off as marks of their own.
    bare = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[\W_]+", "", "".join(one for one in bare if not unicodedata.combining(one)))


@cache
def _words() -> dict[str, str]:
    found: dict[str, str] = {}
    for field in FIELDS.values():
        # The first to claim a word has it: `state` is the account's, though addresses have one too.
        for word in (field.name, field.label, *field.words):
            found.setdefault(plain(word), field.name)
    return found


def _numbered(word: str) -> str:
    """Understand `Contact 2 e-mail`, `Kontakt Telefon` and `Billing city`."""
    for kind, names in _KINDS.items():
        for name in sorted(names, key=len, reverse=True):
            if not word.startswith(name):
                continue
            place, rest = re.fullmatch(r"(\d?)(.*)", word[len(name) :]).groups()  # type: ignore[union-attr]
            group = kind if place in {"", "1"} else f"{kind}{place}"
            if field := _part(kind, rest):
                return f"{group}.{field}" if f"{group}.{field}" in FIELDS else IGNORED
    return IGNORED


@cache
def _part(kind: str, word: str) -> str:
    parts = ADDRESS if kind == "address" else CONTACT
    for part in parts:
        if word in {plain(one) for one in (part.name, part.label, *part.words)}:
            return part.name
    # The account's words serve here too: `Contact Telefon`, `Address Land`.
    general = _words().get(word, "")
    return general if general in {part.name for part in parts} else ""
