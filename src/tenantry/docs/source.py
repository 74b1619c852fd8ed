"""What only the source says: which rooms name which rules, and the refusals that stand where they are refused.

Declarations are read as data; a refusal in an action can only be read as text, so its literals are taken from the
syntax tree.
"""

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tenantry.kernel.problems import Problem

PACKAGE = Path(__file__).parents[1]
RULE = re.compile(r"\b(?:TEN|DN|UP|BO|MV|DT|CAT|ORD|SUB|SF|BIL|PRV|HND|API|UI|CLI|SEC|OPS)-\d+\b")
CODE = re.compile(r"[a-z]+(?:-[a-z]+)+")
# These pages themselves, and pages with made-up records that show how components look.
LEFT_OUT = ("docs", "web/ui/gallery")


@dataclass(frozen=True)
class Refusal:
    """A refusal in the source, as far as its literals say; `...` stands for what is named at the moment."""

    room: str
    code: str
    rule: str
    says: str
    remedy: str


@cache
def refusals() -> tuple[Refusal, ...]:
    """Give every refusal, room by room, in the order of the files."""
    return tuple(one for file in _files(".py") for one in _refusals(_room(file), ast.parse(_read(file))))


@cache
def rules_named() -> Mapping[str, tuple[str, ...]]:
    """Rule -> the rooms whose code, comments or pages name it, in the order in which a person counts."""
    found: dict[str, set[str]] = {}
    for file in (*_files(".py"), *_files(".html")):
        for rule in RULE.findall(_read(file)):
            found.setdefault(rule, set()).add(_room(file))
    return {rule: tuple(sorted(found[rule])) for rule in sorted(found, key=_as_counted)}


def problem_kinds(of: type[Problem] = Problem) -> Iterator[type[Problem]]:
    """Give every kind of problem that the program has."""
    for kind in of.__subclasses__():
        # Neither those of tests nor those made up for one answer.
        if getattr(sys.modules.get(kind.__module__), kind.__name__, None) is kind and kind.__module__.startswith(
            "tenantry."
        ):
            yield kind
            yield from problem_kinds(kind)


def _as_counted(rule: str) -> tuple[str, int]:
    area, _, number = rule.partition("-")
    return area, int(number)


def _files(suffix: str) -> Iterator[Path]:
    for file in sorted(PACKAGE.rglob(f"*{suffix}")):
        if not file.relative_to(PACKAGE).as_posix().startswith(tuple(f"{one}/" for one in LEFT_OUT)):
            yield file


def _room(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def _refusals(room: str, tree: ast.Module) -> Iterator[Refusal]:
    refusing = {kind.__name__ for kind in problem_kinds()} | {"Problem", "Fault", "Unfit", "no", "refused"}
    for call, names in _calls(tree, {}):
        if _name(call) in refusing:
            said = [_text(argument, names) for argument in call.args]
            named = {word.arg: _text(word.value, names) for word in call.keywords if word.arg}
            sentences = [one for one in said if " " in one]
            rule = named.get("rule") or next((one for one in said if RULE.fullmatch(one)), "")
            remedy = named.get("remedy") or "".join(sentences[1:2])
            word = named.get("code") or next((one for one in said if CODE.fullmatch(one)), "")
            yield Refusal(room, word, rule, named.get("message") or "".join(sentences[:1]), remedy)


def _calls(node: ast.AST, names: dict[str, ast.expr]) -> Iterator[tuple[ast.Call, dict[str, ast.expr]]]:
    """Give every call with the names that were assigned before it, in its function or around it."""
    inside = dict(names) if isinstance(node, ast.FunctionDef) else names
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Assign) and isinstance(child.targets[0], ast.Name):
            inside[child.targets[0].id] = child.value
        if isinstance(child, ast.Call):
            yield child, inside
        yield from _calls(child, inside)


def _name(call: ast.Call) -> str:
    called = call.func
    return called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""


def _text(node: ast.expr, names: Mapping[str, ast.expr]) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return re.sub(
                r"\.{4,}",
                "...",
                "".join(_text(part, names) if isinstance(part, ast.Constant) else "..." for part in parts),
            )
        case ast.IfExp(body=either):
            return _text(either, names)
        case ast.Name(id=name) if name in names:
            return _text(names[name], {})
        case _:
            return ""
