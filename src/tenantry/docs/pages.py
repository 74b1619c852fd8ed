"""Which pages are generated, and from what; nothing else knows where they lie."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from tenantry.docs import api, cli, database, permissions, problems, rules, settings

ROOT = Path(__file__).parents[3]
MEND = "python -m tenantry.docs"

PAGES: dict[str, Callable[[], str]] = {
    "docs/rules.md": rules.page,
    "docs/reference/settings.md": settings.page,
    "docs/reference/cli.md": cli.page,
    "docs/reference/permissions.md": permissions.page,
    "docs/reference/database.md": database.page,
    "docs/reference/problems.md": problems.page,
    "docs/reference/api.md": api.page,
}


def write(root: Path = ROOT) -> None:
    """Write every page anew."""
    for path in PAGES:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_text(path), encoding="utf-8")


def stale(root: Path = ROOT) -> list[str]:
    """Name the pages that are not what the code says."""
    return [path for path in PAGES if _kept(root / path) != _text(path)]


def _kept(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


@cache
def _text(path: str) -> str:
    head, _, rest = PAGES[path]().partition("\n")
    return (
        f"{head}\n\n<!-- Generated from the code. To change it, change the code and run: {MEND} -->\n{rest.rstrip()}\n"
    )
