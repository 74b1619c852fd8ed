"""The generated pages: current, complete, and about rules that the specification has."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tenantry.channel.handovers.kinds import KINDS
from tenantry.docs import MEND, PAGES, ROOT, stale, write
from tenantry.docs.rules import copies as copies_page
from tenantry.docs.source import RULE, refusals, rules_named
from tenantry.rules import plan
from tenantry.rules.copy import Copy
from tenantry.rules.policy import Policy

SPECIFICATION = ROOT.parent / "shared" / "spec"


def test_a_stale_page_is_named_with_what_mends_it(tmp_path: Path) -> None:
    write(tmp_path)
    assert stale(tmp_path) == []

    page = tmp_path / "docs/rules.md"
    page.write_text(page.read_text().replace("starts at nothing", "starts at 500"))
    (tmp_path / "docs/reference/cli.md").unlink()

    assert stale(tmp_path) == ["docs/rules.md", "docs/reference/cli.md"]


def test_every_generated_page_is_current_says_the_command_and_writes_nothing() -> None:
    kept = {path: (ROOT / path).read_bytes() for path in PAGES}

    asked = subprocess.run(
        [sys.executable, "-m", "tenantry.docs", "--check"], capture_output=True, text=True, check=False
    )

    assert asked.returncode == 0, f"{asked.stdout}Run `{MEND}` and commit what it writes."
    assert {path: (ROOT / path).read_bytes() for path in PAGES} == kept
    assert (
        subprocess.run([sys.executable, "-m", "tenantry.docs", "--chek"], capture_output=True, check=False).returncode
        == 2
    )


def test_every_rule_of_the_code_is_in_the_page() -> None:
    written = set(RULE.findall((ROOT / "docs/rules.md").read_text()))
    named = {
        rule
        for file in (ROOT / "src").rglob("*.py")
        if "/docs/" not in file.as_posix() and "/gallery/" not in file.as_posix()
        for rule in re.findall(r"\b[A-Z]{2,3}-\d\d\b", file.read_text())
        if rule.split("-")[0] not in {"UTF", "FR"}
    }
    assert len(named) > 80
    assert named - written == set()


def test_every_declaration_is_in_the_page() -> None:
    text = (ROOT / "docs/rules.md").read_text()
    said = [stanza for copy in _copies() for stanza in copy.rules]
    checks = [check for kind in KINDS.values() for check in (*plan.all_checks(kind), *kind.obstacles)]
    more = [(one.rule, one.why) for kind in KINDS.values() for one in kind.marks]
    more += [(one.rule, one.why) for kind in KINDS.values() for one in kind.lapses]
    refused = [
        verdict
        for policy in Policy.__subclasses__()
        for act in policy.acts.values()
        for verdict in (
            *(act.verdict(standing) for standing in act.standings()),
            *([act.otherwise] if act.statuses else []),
            *([act.without] if act.needs else []),
        )
        if not verdict
    ]

    assert len(said) > 50
    assert [
        stanza.why for stanza in said if f"| {stanza.rule} | {stanza.verb} |" not in text or stanza.why not in text
    ] == []
    assert [check.code for check in checks if check.says not in text or check.remedy not in text] == []
    assert [rule for rule, why in more if why not in text] == []
    assert [verdict.why for verdict in refused if f"{verdict.rule}: {verdict.why}" not in text] == []


def test_api_05_a_fault_names_a_rule_of_the_specification_or_has_a_code_that_the_page_tells() -> None:
    """A word never stands where a rule belongs."""
    text = (ROOT / "docs/reference/problems.md").read_text()
    given = [
        (file.name, call.lineno, ast.literal_eval(call.args[2]))
        for file in (ROOT / "src").rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text()))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "Fault"
        and len(call.args) > 2
        and isinstance(call.args[2], ast.Constant)
    ]

    assert len(given) > 20
    assert [one for one in given if one[2] and not RULE.fullmatch(one[2])] == []
    codes = {one.code for one in refusals() if one.code and one.says}
    assert {"too-long", "not-all-of-them", "bill-to", "has-customers", "not-a-flag", "empty-file"} <= codes
    assert {one for one in codes if f"`{one}`" not in text} == set()


def test_every_column_of_a_copied_table_is_in_the_page() -> None:
    written = "\n".join(copies_page.chapters())
    assert [name for copy in _copies() for name in copy.stanza_of if f"`{name}`" not in written] == []


@pytest.mark.skipif(not SPECIFICATION.exists(), reason="the specification is not beside this checkout")
def test_every_rule_that_the_code_names_is_in_the_specification() -> None:
    specified = set(RULE.findall("\n".join(page.read_text() for page in SPECIFICATION.glob("*.md"))))
    assert [rule for rule in rules_named() if rule not in specified | _ranges()] == []


def _ranges() -> set[str]:
    """Give the rules that the specification says as a range: TEN-01..06."""
    found: set[str] = set()
    for page in SPECIFICATION.glob("*.md"):
        for area, first, last in re.findall(r"\b([A-Z]{2,3})-(\d\d)\.\.(\d\d)\b", page.read_text()):
            found |= {f"{area}-{number:02}" for number in range(int(first), int(last) + 1)}
    return found


def _copies() -> list[Copy]:
    return [copy for module in copies_page.packages() for copy in copies_page.copies_of(module)]
