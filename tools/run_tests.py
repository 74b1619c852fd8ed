"""Run the families of tests, each against its budget of time, and close with one line that counts them all."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"

DEEP = """\
The model family tries 300 histories of 40 steps, the short form 60 of 20; other properties up to 2,000 examples.
12 such histories took 128 s on two cores under a load of 9; on free cores 300 are reckoned to take about 20 minutes,
2,000 would take hours."""


@dataclass(frozen=True)
class Family:
    """Tests of one kind, where they lie, and the seconds they may take together."""

    name: str
    budget: int
    folders: tuple[str, ...] = ()

    def paths(self, without: Collection[str] = ()) -> list[Path]:
        """Its folders that exist, but for some; a family without folders takes all that no other takes."""
        if self.folders:
            return [path for folder in self.folders if (path := TESTS / folder).exists() and folder not in without]
        taken = {*without, *(folder for family in FAMILIES for folder in family.folders)}
        return sorted(path for path in TESTS.iterdir() if path.name not in taken and has_tests(path))


FAMILIES = (
    Family("unit", 300),
    Family("browser", 240, ("browser",)),
    Family("model", 120, ("model", "property")),
    Family("fuzz", 60, ("fuzz",)),
    Family("crash", 60, ("crash",)),
)


@dataclass
class Outcome:
    """What came of a family."""

    family: Family
    seconds: float = 0
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    exit_code: int = 0
    slowest: list[tuple[float, str]] = field(default_factory=list)

    @property
    def late(self) -> bool:
        return self.seconds > self.family.budget

    @property
    def empty(self) -> bool:
        """It has tests, and ran none of them."""
        return self.passed + self.failed == 0

    @property
    def result(self) -> str:
        if self.bad:
            return remark(self).strip().lower()
        return f"passed, {self.skipped} skipped" if self.skipped else "passed"

    @property
    def bad(self) -> bool:
        return self.exit_code != 0 or self.failed > 0 or self.empty


def main() -> None:
    given = arguments()
    chosen = [family for family in FAMILIES if family.name in given.family]
    if given.deep:
        os.environ["TENANTRY_DEEP"] = "1"
    outcomes = [
        run(family, given.pytest, given.without)
        for family in chosen
        if any(map(has_tests, family.paths(given.without)))
    ]
    report(outcomes, given.title)
    if given.keep:
        given.keep.write_text(kept(outcomes, datetime.now(UTC), commit(), deep=given.deep), encoding="utf-8")
    if not outcomes or any(outcome.bad for outcome in outcomes):
        sys.exit(1)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    names = [family.name for family in FAMILIES]
    parser.add_argument("--family", action="append", choices=names, help="run only this one (may be repeated)")
    parser.add_argument(
        "--without", action="append", default=[], help="leave this folder of tests out (may be repeated)"
    )
    parser.add_argument("--deep", action="store_true", help="the long forms; budgets do not count")
    parser.add_argument("--keep", type=Path, help="write what came of it to this file, with the day and the commit")
    parser.add_argument("--title", default="Tests", help="what stands above the table")
    parser.add_argument("pytest", nargs="*", help="further words for pytest, after --")
    given = parser.parse_args()
    given.family = given.family or names
    return given


def has_tests(path: Path) -> bool:
    if path.is_file():
        return path.name.startswith("test_") and path.suffix == ".py"
    return path.is_dir() and any(path.rglob("test_*.py"))


def run(family: Family, words: list[str], without: Collection[str] = ()) -> Outcome:
    print(f"\n=== {family.name}: budget {family.budget} s", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "results.xml"
        workers = str(min(2, os.cpu_count() or 1))
        pytest = [sys.executable, "-m", "pytest", "-q", "-n", workers, f"--junitxml={written}", *words]
        started = time.monotonic()
        ended = subprocess.run(
            [*pytest, *map(str, family.paths(without))], cwd=ROOT, check=False, stdin=subprocess.DEVNULL
        )
        outcome = Outcome(family, seconds=time.monotonic() - started, exit_code=ended.returncode)
        if written.exists():
            count(outcome, written)
    return outcome


def count(outcome: Outcome, written: Path) -> None:
    cases = ET.parse(written).getroot().iter("testcase")  # noqa: S314 - pytest wrote it a moment ago
    for case in cases:
        kinds = {child.tag for child in case}
        if kinds & {"failure", "error"}:
            outcome.failed += 1
        elif "skipped" in kinds:
            outcome.skipped += 1
        else:
            outcome.passed += 1
        outcome.slowest.append((float(case.get("time", 0)), f"{case.get('classname')}::{case.get('name')}"))
    outcome.slowest = sorted(outcome.slowest, reverse=True)[:5]


def report(outcomes: list[Outcome], title: str) -> None:
    print(f"\n{title}\n{'family':<10} | {'tests':>6} | {'seconds':>8} | {'budget':>7}")
    for outcome in outcomes:
        ran = outcome.passed + outcome.failed
        budget = f"{outcome.family.budget} s"
        print(f"{outcome.family.name:<10} | {ran:>6} | {outcome.seconds:>8.1f} | {budget:>7}{remark(outcome)}")
    for outcome in outcomes:
        if outcome.late and "TENANTRY_DEEP" not in os.environ:
            print(f"\n!!! {outcome.family.name} took {outcome.seconds:.0f} s; its budget is {outcome.family.budget} s.")
            print("!!! Make these faster, or test less of what another test holds already:")
            for seconds, name in outcome.slowest:
                print(f"!!!   {seconds:6.1f} s  {name}")
    passed, failed, skipped = (sum(getattr(o, name) for o in outcomes) for name in ("passed", "failed", "skipped"))
    # A family that broke down before its tests ran has failed, though no test says so.
    failed += sum(outcome.bad and not outcome.failed for outcome in outcomes)
    print(f"\n{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""), flush=True)


def kept(outcomes: Sequence[Outcome], at: datetime, of: str, *, deep: bool) -> str:
    """Give a page that says what ran, on which commit, and what came of it."""
    rows = [f"| {one.family.name} | {one.passed + one.failed} | {one.seconds:.0f} | {one.result} |" for one in outcomes]
    lines = [
        "# The last deep run" if deep else "# The last run",
        "",
        f"On {at:%Y-%m-%d}, of commit {of}, on {os.cpu_count()} cores. `tools/run_tests.py --keep` writes this page.",
        *(("", DEEP) if deep else ()),
        "",
        "| Family | Tests | Seconds | Result |",
        "| --- | ---: | ---: | --- |",
        *rows,
    ]
    return "\n".join(lines) + "\n"


def commit() -> str:
    """Name the commit that is checked out, and say when the files are not just those."""
    of = ["git", "-C", str(ROOT)]
    found = subprocess.run([*of, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    if found.returncode:
        return "unknown"
    changed = subprocess.run([*of, "status", "--porcelain"], capture_output=True, text=True, check=False).stdout
    return found.stdout.strip() + (" with changes" if changed.strip() else "")


def remark(outcome: Outcome) -> str:
    if outcome.empty:
        return "  RAN NONE OF ITS TESTS"
    if outcome.bad:
        return f"  {outcome.failed} FAILED" if outcome.failed else f"  BROKE DOWN (exit {outcome.exit_code})"
    return "  OVER BUDGET" if outcome.late else ""


if __name__ == "__main__":
    main()
