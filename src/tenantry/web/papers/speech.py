"""The words of documents: English as they stand in the program, other languages from a file that names them (UI-06)."""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from tenantry.web.words import Words

FOLDER = Path(__file__).parent / "messages"

Say = Callable[..., str]


def speech(words: Words) -> Say:
    """Give what says a sentence in the reader's language, with these names in it; in English where it has none."""
    known = _messages(words.locale.language)

    def say(english: str, **names: object) -> str:
        found = known.get(english, english)
        return found.format(**names) if names else found

    return say


@cache
def _messages(language: str) -> Mapping[str, str]:
    file = FOLDER / f"{language}.toml"
    return tomllib.loads(file.read_text("utf-8")) if file.exists() else {}
