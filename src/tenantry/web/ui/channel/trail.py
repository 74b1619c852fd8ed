"""Turning pages that only know where the next one begins: the way back is carried along in the address."""

from collections.abc import Sequence
from urllib.parse import urlencode

LONGEST = 40


def next_url(
    path: str, asked: Sequence[tuple[str, str]], cursor: str, trail: Sequence[str], following: str | None
) -> str:
    """Give the address of the next page; empty on the last."""
    if not following:
        return ""
    return _url(path, asked, following, [*trail, cursor][-LONGEST:])


def previous_url(path: str, asked: Sequence[tuple[str, str]], cursor: str, trail: Sequence[str]) -> str:
    """Give the address of the page before; empty on the first."""
    if not cursor:
        return ""
    return _url(path, asked, trail[-1] if trail else "", trail[:-1])


def _url(path: str, asked: Sequence[tuple[str, str]], cursor: str, trail: Sequence[str]) -> str:
    said = [(name, value) for name, value in asked if value]
    said += [("cursor", cursor)] if cursor else []
    # An empty step stands for the first page.
    said += [("trail", step) for step in trail] if cursor else []
    return f"{path}?{urlencode(said)}" if said else path
