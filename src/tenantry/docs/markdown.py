"""How the generated pages are written: tables, code, lists of words."""

from collections.abc import Iterable, Iterator, Sequence


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table; a bar in a cell is no border."""
    return "\n".join(_lines(heads, rows))


def code(word: object) -> str:
    """Write a word as the program spells it."""
    return f"`{word}`"


def codes(words: Iterable[object]) -> str:
    """Write several words as the program spells them."""
    return ", ".join(code(word) for word in words)


def line(text: str) -> str:
    """Write a text of several lines as one."""
    return " ".join(text.split())


def _lines(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield _row(heads)
    yield _row("---" for _ in heads)
    for row in rows:
        yield _row(line(cell).replace("|", "\\|") for cell in row)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
