"""What a form sent, field by field, as the room's acts take it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from starlette.datastructures import FormData

from tenantry.web.ui.forms import text, texts, ticked
from tenantry.web.ui.inputs import Input, Locks, Section
from tenantry.web.words import Words


def taken(form: FormData, sections: Iterable[Section], words: Words, locks: Locks | None = None) -> dict[str, Any]:
    """Take from a form what its fields say; what is locked was not asked."""
    return {
        one.name: _taken(form, one, words)
        for section in sections
        for one in section.inputs
        if one.name not in (locks or {}) and (one.name in form or one.kind in {"checkbox", "checks"})
    }


def units(words: Words, said: str) -> Any:
    """Give a number, whole where it is whole; what is none goes on as typed: the action says what is wrong with it."""
    number = words.parsed(said) if said else None
    return said if number is None else int(number) if number == int(number) else number


def _taken(form: FormData, one: Input, words: Words) -> Any:
    said = text(form, one.name)
    match one.kind:
        case "checkbox":
            return ticked(form, one.name)
        case "checks":
            return texts(form, one.name)
        case "money" | "price" | "number":
            return units(words, said)
        case "datetime-local" if said:
            return _moment(said, words)
        case "date" | "datetime-local" | "select" | "lookup":
            return said or None
        case _:
            return said


def _moment(said: str, words: Words) -> str:
    try:
        return datetime.fromisoformat(said).replace(tzinfo=words.zone).isoformat()
    except ValueError:
        return said
