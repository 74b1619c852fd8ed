"""Break the declarations that a branch touched, one at a time, and demand that a test notices each.

A branch is what came after origin/main, committed or not. On main itself nothing says where a branch began (a fresh
clone of what was submitted, or no origin at all): then it is a spot check, over declarations drawn from all by the
commit, with those that changed since all were tried (`docs/deep.md` names that commit) before the others.

Nothing is changed where people work: every mutant is a copy of the source in a folder of its own, first on the path.
"""

import argparse
import math
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from mutants import ROOT, Case, Noticed, NoTimeLeftError, Project, a_copy, a_database, noticed_by
from mutations import mutants_of, verdicts_of

SHOWN = 20
# Of the time that is given: after so much of it no mutant is begun, and after so much none is waited for. What is left
# is for the tests that noticed, without any mutation.
BEGIN, WAIT = 0.6, 0.8
# What pytest ends with when a test that it was given is not there; with several processes it says so the second way.
NO_SUCH_TEST, NONE_COLLECTED = 4, 5
# How many mutants a spot check may come to.
SPOT = 40
RECORD = "docs/deep.md"

TENANTRY = Project(ROOT, "src/tenantry/rules", ("tests/rules",))


def main() -> None:
    began = time.monotonic()
    given = arguments()
    seconds = given.seconds if given.until is None else min(given.seconds, given.until - time.time())
    cases = every = list(find(TENANTRY))
    since = given.base or base(ROOT)
    # Another commit tries others first when time is short; the same commit always the same.
    random.Random(git(ROOT, "rev-parse", "HEAD")).shuffle(every)  # noqa: S311
    if given.all:
        print(f"All {len(every)} declarations.", flush=True)
    elif since:
        cases = touched(TENANTRY, every, since)
        print(f"Of {len(every)} declarations the {len(cases)} that changed since {since[:12]}.", flush=True)
    else:
        cases = spot_check(TENANTRY, every)
        print(f"Nothing says where a branch began; of {len(every)} declarations up to {len(cases)}.", flush=True)
    if cases:
        with a_database():
            sys.exit(judge(TENANTRY, cases, Time(began, None if given.all else seconds)))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", help="mutate what changed since this commit (default: where it left origin/main)")
    parser.add_argument("--seconds", type=float, default=60, help="for everything; what does not fit is left out")
    parser.add_argument("--until", type=float, help="no longer than until then, in seconds since 1970")
    parser.add_argument("--all", action="store_true", help="every declaration, however long it takes")
    return parser.parse_args()


def base(root: Path) -> str:
    """Give the commit at which the branch left origin/main; nothing on main itself."""
    head = git(root, "rev-parse", "HEAD")
    found = git(root, "merge-base", "HEAD", "origin/main")
    return "" if found == head and not git(root, "status", "--porcelain", "--untracked-files=no") else found


def spot_check(project: Project, every: list[Case]) -> list[Case]:
    """Choose a few: first what changed since all were tried, as far as the history reaches back to that."""
    since = recorded(project.root)
    new = set(touched(project, every, since)) if since else set()
    return sorted(every, key=lambda case: case not in new)[:SPOT]


def recorded(root: Path) -> str:
    """Give the commit at which all declarations were tried, if that is written down and known here."""
    record = root / RECORD
    said = re.search(r"^Commit:? +`?([0-9a-f]{7,40})", record.read_text() if record.exists() else "", re.MULTILINE)
    return git(root, "rev-parse", "--verify", "--quiet", f"{said[1]}^{{commit}}") if said else ""


def touched(project: Project, every: list[Case], since: str) -> list[Case]:
    changed = changed_lines(project, since)
    return [case for case in every if changed.get(case.path, set()) & set(case.mutant.lines)]


def git(root: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=False).stdout.strip()


def changed_lines(project: Project, since: str) -> dict[Path, set[int]]:
    """File -> the lines of it that are new or different since that commit, committed or not."""
    changed: dict[Path, set[int]] = {}
    path = Path()
    for line in git(project.root, "diff", "-U0", "--no-color", since, "--", project.rules).splitlines():
        if line.startswith("+++ "):
            path = Path(line.removeprefix("+++ b/"))
        elif hunk := re.match(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@", line):
            first, count = int(hunk[1]), int(hunk[2] or 1)
            changed.setdefault(path, set()).update(range(first, first + count))
    for name in git(project.root, "ls-files", "--others", "--exclude-standard", "--", project.rules).splitlines():
        changed[Path(name)] = set(range(1, 1 + len((project.root / name).read_text().splitlines())))
    return changed


def find(project: Project) -> Iterator[Case]:
    texts = {path.relative_to(project.root): path.read_text() for path in (project.root / project.rules).rglob("*.py")}
    verdicts = {name: rule for text in texts.values() for name, rule in verdicts_of(text).items()}
    for path, text in sorted(texts.items()):
        yield from (Case(path, mutant) for mutant in mutants_of(text, verdicts))


@dataclass(frozen=True)
class Time:
    """When the work began, and how many seconds it may take; as many as it wants if that is not said."""

    began: float
    seconds: float | None

    @property
    def took(self) -> float:
        return time.monotonic() - self.began

    def left(self, part: float) -> float:
        """Give the seconds until that part of the time is over; negative once it is."""
        return math.inf if self.seconds is None else part * self.seconds - self.took


def judge(project: Project, cases: list[Case], given: Time) -> int:
    """Try the cases until the time is over, say what came of it, and give the exit code."""
    tried: dict[Case, Noticed | None] = {}

    def attempt(case: Case) -> None:
        if given.left(BEGIN) <= 0:
            return
        try:
            tried[case] = noticed_by(project, case, given.left(WAIT))
        except NoTimeLeftError:
            return
        # A long run is looked at before it ends.
        says = f"nobody notices {case}" if tried[case] is None else f"noticed {case}"
        print(f"{given.took:4.0f} s, {len(tried)} of {len(cases)}: {says}", flush=True)

    with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as hands:
        list(hands.map(attempt, cases))
    survivors = [case for case, noticed in tried.items() if noticed is None]
    left = [case for case in cases if case not in tried]
    for case in sorted(survivors, key=str):
        carrying = len(project.tests_of(case.mutant))
        print(f"SURVIVED {case} ({carrying} tests carry it in their name)")
    came = f"{len(survivors)} survived, {len(left)} left out"
    print(f"{len(tried)} of {len(cases)} mutants in {given.took:.0f} s: {came}", flush=True)
    for case in left[:SHOWN]:
        print(f"left out {case}")
    if len(left) > SHOWN:
        print(f"left out {len(left) - SHOWN} more; `make deep` tries them all")
    return (
        1 if survivors or not sound(project, {test for noticed in tried.values() if noticed for test in noticed}) else 0
    )


def sound(project: Project, tests: Iterable[str]) -> bool:
    """Say whether the tests that noticed pass while nothing is broken; a test that fails anyway notices nothing."""
    if not (asked := sorted(tests)):
        return True
    # In a copy too, so that a mutant differs from this in its mutation alone.
    with a_copy(project) as source:
        ran = project.pytest(source, "-q", "-n", "2", "--timeout=60", *asked)
    if ran.returncode:
        print(ran.stdout[-3000:] + ran.stderr[-1000:])
        if ran.returncode in {NO_SUCH_TEST, NONE_COLLECTED}:
            print("Some of them are not there in a copy of the source: " + " ".join(asked))
        print("These tests fail without any mutation, so nothing can be said of the mutants that they noticed.")
    return ran.returncode == 0


if __name__ == "__main__":
    main()
