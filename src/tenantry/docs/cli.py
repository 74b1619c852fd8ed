"""The page of commands, from the commands themselves."""

from collections.abc import Iterator
from typing import Any

import typer.main

from tenantry.cli.main import app_of
from tenantry.docs.markdown import code, line, table

HEAD = """# Commands

`.venv/bin/tenantry` after `make run` or `make install`. Every command that works on an installation takes `--data`;
most take `--json`, which prints one JSON document and nothing else.

| Exit code | Means |
| --- | --- |
| 0 | done |
| 1 | refused, not found, or not well; the sentence says why and what to do |
| 2 | the words of the command were wrong |
| 3 | done, but some records were left; the record says which and why |
| 4 | planned, and waiting for somebody to confirm |
| 70 | a fault of the program |
"""


def page() -> str:
    """Write a chapter for every command."""
    return "\n".join((HEAD, *_chapters("tenantry", typer.main.get_command(app_of()))))


def _chapters(path: str, command: Any) -> Iterator[str]:
    below = getattr(command, "commands", None)
    if below is None:
        yield _chapter(path, command)
        return
    for name, one in below.items():
        if not one.hidden:
            yield from _chapters(f"{path} {name}", one)


def _chapter(path: str, command: Any) -> str:
    context = typer.Context(command, info_name=path)
    shown = [one for one in command.params if not one.hidden and one.name != "help"]
    arguments = "".join(f" {_argument(one)}" for one in shown if one.param_type_name == "argument")
    options = any(one.param_type_name == "option" for one in shown)
    usage = f"```sh\n{path}{arguments}{' [options]' if options else ''}\n```"
    said = table(("Option", "What it does"), (_row(one, context) for one in shown)) if shown else ""
    return f"## {path}\n\n{_prose(command.help)}\n\n{usage}\n\n{said}\n"


def _prose(words: str | None) -> str:
    return "\n\n".join(line(paragraph) for paragraph in (words or "").split("\n\n"))


def _argument(one: Any) -> str:
    return one.name.upper() if one.required else f"[{one.name.upper()}]"


def _row(one: Any, context: typer.Context) -> tuple[str, str]:
    name, says = one.get_help_record(context)
    return code(_argument(one) if one.param_type_name == "argument" else name), line(says)
