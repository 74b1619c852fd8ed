"""The mutations are tried on a small project of their own, whose tests notice some of them."""

import subprocess
import time
from pathlib import Path

import pytest

import mutants
import mutate
import mutations

ENGINE = """
from dataclasses import dataclass

def stanza(verb):
    return lambda rule, why, fields="", **values: (verb, rule, fields.split() or list(values), values)

carry, mirror, blank, fill, assign = map(stanza, ("carry", "mirror", "blank", "fill", "assign"))
COLUMNS = {"name", "email", "credit_limit", "notes"}

@dataclass
class Copy:
    rules: tuple

    def __post_init__(self):
        decided = [name for _, _, fields, _ in self.rules for name in fields]
        if sorted(decided) != sorted(COLUMNS):
            raise TypeError(decided)

    def of(self, row):
        copied = {}
        for verb, _, fields, values in self.rules:
            for name in fields:
                copied[name] = values[name] if verb == "fill" else "" if verb == "blank" else row[name]
        return copied

class Policy:
    pass

@dataclass(frozen=True, kw_only=True)
class Act:
    pass

yes = True

def no(rule, why):
    return False
"""
COPIES = """
from sample.engine import Copy, blank, carry, fill

ACCOUNT = Copy(
    rules=(
        carry("DN-10", "As it stands.", "name email"),
        blank("DN-22", "Stays above.", "notes"),
        fill("DN-16", "Starts at nothing.", credit_limit=0),
    ),
)
"""
POLICY = """
from dataclasses import dataclass
from sample.engine import Act, Policy, no, yes

by_reseller = no("UP-20", "Only the reseller does.")

@dataclass(frozen=True, kw_only=True)
class AccountAct(Act):
    own: bool
    mirrored: bool
    archived: bool = by_reseller

class Account(Policy):
    suspend = AccountAct(own=yes, mirrored=by_reseller)
"""
TESTS = """
from sample.rules.copies import ACCOUNT
from sample.rules.policy import Account

GIVEN = {"name": "Acme", "email": "a@acme.example", "credit_limit": 500, "notes": "mine"}

def test_dn_10_generic_fields_are_copied():
    assert ACCOUNT.of(GIVEN)["name"] == "Acme"  # and nobody looks at the e-mail

def test_dn_16_credit_starts_at_nothing():
    assert ACCOUNT.of(GIVEN)["credit_limit"] == 0

def test_up_20_only_the_reseller_suspends():
    assert Account.suspend.own
    assert not Account.suspend.mirrored
"""
FILES = {
    "src/sample/__init__.py": "",
    "src/sample/engine.py": ENGINE,
    "src/sample/rules/__init__.py": "",
    "src/sample/rules/copies.py": COPIES,
    "src/sample/rules/policy.py": POLICY,
    "tests/test_rules.py": TESTS,
    "pyproject.toml": "[tool.pytest.ini_options]\n",
}


@pytest.fixture
def project(tmp_path: Path) -> mutants.Project:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return mutants.Project(tmp_path, "src/sample/rules", ())


def find(project: mutants.Project, word: str = "") -> list[mutants.Case]:
    return [case for case in mutate.find(project) if word in str(case)]


def ample() -> mutate.Time:
    return mutate.Time(time.monotonic(), None)


def git(project: mutants.Project, *words: str) -> None:
    known = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
    subprocess.run(["git", *known, *words], cwd=project.root, check=True, capture_output=True)


def test_every_way_to_break_a_declaration_is_found(project: mutants.Project) -> None:
    assert sorted(str(case).split(": ", 1)[1] for case in find(project)) == [
        "DN-10: carry dropped",
        "DN-10: email: carry turned into blank",
        "DN-10: name: carry turned into blank",
        "DN-16: credit_limit: 0 turned into 1",
        "DN-16: fill dropped",
        "DN-22: blank dropped",
        "DN-22: notes: blank turned into carry",
        "UP-20: Account.suspend, mirrored: allowed",
        "UP-20: AccountAct, archived: allowed by default",
        "no rule: Account.suspend, own: refused",
    ]


def test_a_declaration_that_a_test_holds_is_noticed_and_another_survives(
    project: mutants.Project, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = find(project)
    before = {path: path.read_text() for path in project.root.rglob("*.py")}

    assert mutate.judge(project, cases, ample()) == 1

    survived = [line for line in capsys.readouterr().out.splitlines() if line.startswith("SURVIVED")]
    assert [line.split(": ", 1)[1] for line in survived] == [
        "DN-10: email: carry turned into blank (1 tests carry it in their name)",
        "DN-22: notes: blank turned into carry (0 tests carry it in their name)",
        "UP-20: AccountAct, archived: allowed by default (1 tests carry it in their name)",
    ]
    assert "src/sample/rules/copies.py:6:" in survived[0]
    assert {path: path.read_text() for path in project.root.rglob("*.py")} == before, "the work tree is not touched"


def test_what_does_not_fit_into_the_time_is_left_out_and_said(
    project: mutants.Project, capsys: pytest.CaptureFixture[str]
) -> None:
    # One has its time cut as soon as its tests have begun, the other finds it over.
    cut, _ = cases = find(project, "email") + find(project, "name: carry")
    with pytest.raises(mutants.NoTimeLeftError):
        mutants.noticed_by(project, cut, 0.01)

    assert mutate.judge(project, cases, mutate.Time(time.monotonic() - 60, 60)) == 0

    said = capsys.readouterr().out.splitlines()
    assert said == ["0 of 2 mutants in 60 s: 0 survived, 2 left out", *[f"left out {case}" for case in cases]]


def test_a_stanza_that_is_dropped_stops_the_import(project: mutants.Project) -> None:
    for case in find(project, "dropped"):
        assert mutants.noticed_by(project, case) == frozenset()


def test_generic_tests_are_asked_when_no_test_carries_the_rule(project: mutants.Project) -> None:
    (unnoticed,) = find(project, "notes")
    assert mutants.noticed_by(project, unnoticed) is None

    (project.root / "tests/generic").mkdir()
    generic = "from sample.rules.copies import ACCOUNT\n\ndef test_all():\n    assert len(ACCOUNT.rules[1][2]) == 1\n"
    generic += "    assert ACCOUNT.rules[1][0] == 'blank'\n"
    (project.root / "tests/generic/test_all.py").write_text(generic)
    asked = mutants.Project(project.root, project.rules, ("tests/generic",))
    assert mutants.noticed_by(asked, unnoticed) == frozenset({"tests/generic/test_all.py::test_all"})


def test_only_what_the_branch_touched_is_mutated(project: mutants.Project) -> None:
    git(project, "init", "-q")
    git(project, "add", ".")
    git(project, "commit", "-qm", "start")
    assert mutate.changed_lines(project, "HEAD") == {}

    copies = project.root / "src/sample/rules/copies.py"
    copies.write_text(copies.read_text().replace("credit_limit=0", "credit_limit=7"))

    touched = [case.mutant.says for case in mutate.touched(project, find(project), "HEAD")]
    assert touched == ["fill dropped", "credit_limit: 7 turned into 8"]


def test_a_branch_begins_where_it_left_main_and_on_main_nothing_says_where(project: mutants.Project) -> None:
    git(project, "init", "-q", "-b", "main")
    git(project, "add", ".")
    git(project, "commit", "-qm", "start")
    assert mutate.base(project.root) == "", "no origin"

    git(project, "update-ref", "refs/remotes/origin/main", "HEAD")
    assert mutate.base(project.root) == "", "what was submitted is main"

    started = mutate.git(project.root, "rev-parse", "HEAD")
    copies = project.root / "src/sample/rules/copies.py"
    copies.write_text(copies.read_text().replace("credit_limit=0", "credit_limit=7"))
    assert mutate.base(project.root) == started, "changed and not committed"
    git(project, "commit", "-qam", "change")
    assert mutate.base(project.root) == started


def test_a_spot_check_begins_with_what_changed_since_all_were_tried(
    project: mutants.Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(project, "init", "-q")
    git(project, "add", ".")
    git(project, "commit", "-qm", "start")
    every = find(project)
    assert mutate.spot_check(project, every) == every, "nothing is written down"
    record = project.root / mutate.RECORD
    record.parent.mkdir()
    record.write_text(f"Commit: {mutate.git(project.root, 'rev-parse', 'HEAD')}\n")
    copies = project.root / "src/sample/rules/copies.py"
    copies.write_text(copies.read_text().replace("credit_limit=0", "credit_limit=7"))
    git(project, "commit", "-qam", "change")
    every = find(project)

    chosen = mutate.spot_check(project, every)

    assert [case.mutant.says for case in chosen[:2]] == ["fill dropped", "credit_limit: 7 turned into 8"]
    assert sorted(map(str, chosen)) == sorted(map(str, every))
    monkeypatch.setattr(mutate, "SPOT", 1)
    assert [case.mutant.says for case in mutate.spot_check(project, every)] == ["fill dropped"]
    record.write_text("Commit: 0123456789abcdef\n")
    assert mutate.spot_check(project, every) == every[:1], "a commit that this clone does not know"


def test_the_tests_of_a_mutant_are_there_in_a_copy(project: mutants.Project) -> None:
    """A guide is not part of the source, so tests of guides can notice nothing."""
    (project.root / "guide.md").write_text("")
    (project.root / "src/sample/guides.py").write_text("from pathlib import Path\nROOT = Path(__file__).parents[2]\n")
    (project.root / "tests/test_guides.py").write_text(
        "import pytest\nfrom sample.guides import ROOT\n\n"
        '@pytest.mark.parametrize("page", sorted(ROOT.glob("*.md")), ids=lambda page: page.name)\n'
        "def test_credit_limit(page):\n    assert page.exists()\n"
    )

    assert [test for test in project.tests if "guide.md" in test] == []
    assert mutate.judge(project, find(project, "DN-16"), ample()) == 0


def test_nothing_is_said_of_mutants_while_the_tests_fail_without_them(
    project: mutants.Project, capsys: pytest.CaptureFixture[str]
) -> None:
    tests = project.root / "tests/test_rules.py"
    tests.write_text(tests.read_text().replace('["credit_limit"] == 0', '["credit_limit"] == 7'))

    assert mutate.judge(project, find(project, "DN-16"), ample()) == 1
    assert "fail without any mutation" in capsys.readouterr().out


def test_what_time_does_not_allow_is_named(project: mutants.Project, capsys: pytest.CaptureFixture[str]) -> None:
    cases = find(project, "DN-10")

    assert mutate.judge(project, cases, mutate.Time(time.monotonic(), 0)) == 0
    said = capsys.readouterr().out
    assert "0 of 3 mutants" in said
    assert said.count("left out src/sample/rules/copies.py") == 3


CHECK = """
import sqlalchemy as sa
from tenantry.rules.check import BLOCKER, Check
OPEN = Check("open-orders", "DN-32", "It has open orders.", offenders=sa.select(1).where(x), severity=BLOCKER)
PIECES = (Mark(rule="DN-29", sets={}), Mark(rule="DN-30", sets={}))
LOCKED = {"bill_to_id": no("UP-05", "By a handover only.")}
"""


def test_checks_marks_and_locks_are_broken_too() -> None:
    written = {mutant.says: (mutant.rule, mutant.write(CHECK)) for mutant in mutations.mutants_of(CHECK, {})}

    assert "where(x).where(sa.false())" in written["nobody offends"][1]
    assert "severity='note'" in written["blocker turned into note"][1]
    assert written["blocker turned into note"][0] == "DN-32"
    assert "LOCKED = {}" in written["bill_to_id: not locked"][1]
    marks = [mutant for mutant in mutations.mutants_of(CHECK, {}) if mutant.says == "mark dropped"]
    assert [mutant.rule for mutant in marks] == ["DN-29", "DN-30"]
    assert "DN-29" not in marks[0].write(CHECK)


def test_a_mutant_that_changes_nothing_can_be_spared_with_a_reason() -> None:
    carried = 'Copy(rules=(carry("DN-10", "As it stands.", "name email"),))  # unmutated'

    assert [m.says for m in mutations.mutants_of(carried + " (email): always empty here", {})] == [
        "carry dropped",
        "name: carry turned into blank",
    ]
    assert list(mutations.mutants_of(carried + ": always empty here", {})) == []
    assert len(list(mutations.mutants_of(carried, {}))) == 3, "not without a reason"
