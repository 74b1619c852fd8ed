"""What people wrote: its links lead somewhere, its commands exist, nothing in it is of one machine."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from tenantry.cli.main import app_of
from tenantry.docs import PAGES, ROOT

WRITTEN = sorted(
    page for page in (ROOT / "README.md", *ROOT.glob("docs/**/*.md")) if page.relative_to(ROOT).as_posix() not in PAGES
)
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(#[^)\s]*)?\)")


@pytest.mark.parametrize("page", [*WRITTEN, *(ROOT / path for path in PAGES)], ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target, anchor in LINK.findall(page.read_text()):
        there = (page.parent / target).resolve() if target else page
        assert there.exists(), f"{page.name} leads to {target}, which is not there"
        if anchor:
            assert anchor[1:] in set(_anchors(there)), f"{page.name} leads to {target}{anchor}, which is not there"


def test_commands_exist_with_their_options() -> None:
    found = [(page.name, words) for page in WRITTEN for words in _commands(page.read_text())]
    assert len(found) > 20
    unknown = [(name, " ".join(words)) for name, words in found if not _is_known(words)]
    assert unknown == []
    assert not _is_known(["handover", "transfer-accounts", "--everything"])
    assert not _is_known(["fly"])


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs/README.md").read_text()
    pages = [page.relative_to(ROOT / "docs").as_posix() for page in (ROOT / "docs").rglob("*.md")]
    assert [page for page in pages if page != "README.md" and f"({page})" not in index] == []


def _anchors(page: Path) -> Iterator[str]:
    for heading in re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE):
        yield re.sub(r"[^\w\s-]", "", heading.lower()).strip().replace(" ", "-")


def _commands(text: str) -> Iterator[list[str]]:
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
        for call in re.findall(r"\.venv/bin/tenantry ([^|)\n]*)", block):
            yield shlex.split(call, comments=True)


def _is_known(words: list[str]) -> bool:
    command: Any = typer.main.get_command(app_of())
    while words and hasattr(command, "commands"):
        if words[0] not in command.commands:
            return False
        command, words = command.commands[words[0]], words[1:]
    options = {name for one in command.params for name in one.opts} | {"--help"}
    return all(word.partition("=")[0] in options for word in words if word.startswith("--"))
