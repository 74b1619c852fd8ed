"""A broken copy of the source, and the tests that notice it."""

import ast
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mutations import Mutant

ROOT = Path(__file__).resolve().parent.parent
# A mutant whose tests run longer than this hangs, and that is noticed too.
LONGEST = 180.0
# Starting pytest is half of what a mutant costs, and loading plugins most of that.
PLUGINS = ("xdist.plugin", "pytest_timeout", "_hypothesis_pytestplugin")
SLOW_FAMILIES = ("browser", "crash", "fuzz", "model", "property")
# A copy of the source has neither guides nor tools beside it.
NOT_IN_A_COPY = ("docs", "tools")
TEMPLATE = "tenantry_template_of_mutants"
# How pytest names what failed in its summary: `FAILED tests/rules/test_x.py::test_y[a b] - why`.
FAILED = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", re.MULTILINE)
# How it says that it failed before any test was loaded.
CONFTEST = "while loading conftest"

Noticed = frozenset[str]


@dataclass(frozen=True)
class Project:
    """The source that is mutated, its rules, and the tests that must notice."""

    root: Path
    rules: str
    # Asked when no test carries the rule in its name, or none of these notices: tests about all declarations.
    generic: tuple[str, ...]

    @property
    def source(self) -> Path:
        return self.root / "src"

    @cached_property
    def tests(self) -> list[str]:
        """Name the tests as they are written: to have them collected takes longer than to run those of a mutant."""
        files = ((path, path.relative_to(self.root)) for path in sorted((self.root / "tests").rglob("test_*.py")))
        return [
            f"{name}::{one.name}"
            for path, name in files
            if name.parts[1] not in {*SLOW_FAMILIES, *NOT_IN_A_COPY}
            for one in ast.parse(path.read_text()).body
            if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")
        ]

    def tests_of(self, mutant: Mutant) -> list[str]:
        """Give the tests that carry the mutant's rule in their name, or what it is about when it has no rule."""
        words = [rf"{_in_a_name(mutant.rule)}(?![a-z0-9])"] if mutant.rule else map(_in_a_name, mutant.hints)
        pattern = re.compile("|".join(rf"(?<![a-z0-9]){word}" for word in words) or r"(?!)")
        return [test for test in self.tests if pattern.search(test.partition("::")[2].lower())]

    def generic_tests(self) -> list[str]:
        return [name for name in self.generic if (self.root / name).exists()]

    def pytest(self, source: Path, *words: str, timeout: float | None = None) -> subprocess.CompletedProcess[str]:
        plugins = [f"-p{name}" for name in ("no:cacheprovider", *PLUGINS)]
        # Plainly, for nobody reads why one fails, and preparing tests to explain it takes longer than loading them.
        options = [*plugins, "--assert=plain", "-o", f"pythonpath={self.root} {source} {self.root / 'tools'}"]
        # What hypothesis learns from a mutant must not be replayed against the real thing.
        memory = {"HYPOTHESIS_STORAGE_DIRECTORY": str(source.parent / "hypothesis"), "PYTHONDONTWRITEBYTECODE": "1"}
        memory |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        return subprocess.run(
            [sys.executable, "-m", "pytest", *options, *words],
            cwd=self.root,
            env={**os.environ, **memory, "PYTHONPATH": f"{source}{os.pathsep}{self.root}"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
        )


def _in_a_name(word: str) -> str:
    return re.escape(word.lower().replace("-", "_"))


@dataclass(frozen=True)
class Case:
    """A mutant in its file."""

    path: Path
    mutant: Mutant

    def __str__(self) -> str:
        return f"{self.path}:{self.mutant.line}: {self.mutant.rule or 'no rule'}: {self.mutant.says}"


class NoTimeLeftError(Exception):
    """A mutant could not be tried to its end."""


def noticed_by(project: Project, case: Case, seconds: float = math.inf) -> Noticed | None:
    """Give the tests that fail because of the mutant, none when it does not even load; nothing if nobody notices.

    Raises NoTimeLeftError when that cannot be said within so many seconds.
    """
    ends = time.monotonic() + seconds
    with a_copy(project) as source:
        target = source.parent / case.path
        target.write_text(case.mutant.write(target.read_text()))
        own = project.tests_of(case.mutant)
        for tests in filter(None, (own, project.generic_tests())):
            left = ends - time.monotonic()
            try:
                ran = project.pytest(source, "-q", "-x", "-rfE", *tests, timeout=max(0, min(LONGEST, left)))
            except subprocess.TimeoutExpired:
                if left < LONGEST:
                    raise NoTimeLeftError from None
                # Which of them hangs is not known.
                return frozenset(tests)
            if ran.returncode < 0:
                # Somebody ended it, which says nothing of the mutant.
                raise NoTimeLeftError
            if ran.returncode != 0:
                return frozenset() if does_not_load(ran) else frozenset(FAILED.findall(ran.stdout)) or frozenset(tests)
        # Asked last, for a program that does not load fails most tests anyway.
        return None if loads(source, case.path) else frozenset()


def does_not_load(ran: subprocess.CompletedProcess[str]) -> bool:
    """Say whether the tests could not even be loaded: what failed is a whole file, or what all tests begin with."""
    return CONFTEST in ran.stderr or any("::" not in name for name in FAILED.findall(ran.stdout))


@contextmanager
def a_copy(project: Project) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        source = Path(folder) / "src"
        # The rules with what Python has compiled already: to do that anew would take longer than most tests.
        rules = source.parent / project.rules
        shutil.copytree(project.root / project.rules, rules)
        for copied in rules.relative_to(source).parents:
            _link_the_rest(project.source / copied, source / copied)
        yield source


def loads(source: Path, path: Path) -> bool:
    module = ".".join(path.relative_to("src").with_suffix("").parts).removesuffix(".__init__")
    environment = {**os.environ, "PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"}
    words = [sys.executable, "-c", f"import {module}"]
    return subprocess.run(words, cwd="/", env=environment, capture_output=True, check=False).returncode == 0


def _link_the_rest(of: Path, into: Path) -> None:
    """Lead to what is not mutated; it is never written to."""
    for one in of.iterdir():
        if not (into / one.name).exists():
            (into / one.name).symlink_to(one)


@contextmanager
def a_database() -> Iterator[None]:
    """Start one throw-away server for all mutants, with one migrated database that their tests copy.

    Not where there is a DATABASE_URL already.
    """
    if os.environ.get("DATABASE_URL"):
        yield
        return
    # The rest of this script works without the program and its tests.
    sys.path.append(str(ROOT))
    from tests.conftest import SECRET  # noqa: PLC0415

    from tenantry import jobs  # noqa: PLC0415
    from tenantry.database import embedded  # noqa: PLC0415
    from tenantry.database.migrate import migrate  # noqa: PLC0415

    with (
        tempfile.TemporaryDirectory(prefix="mutants-") as folder,
        embedded.server(Path(folder), durable=False) as server,
    ):
        migrate(server.create(TEMPLATE), SECRET, [jobs.grants_sql()])
        given = {"DATABASE_URL": server.url("postgres"), "TENANTRY_TEMPLATE": TEMPLATE}
        os.environ.update(given)
        try:
            yield
        finally:
            for name in given:
                del os.environ[name]
