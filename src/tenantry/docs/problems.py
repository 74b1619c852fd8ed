"""The page of problems: every stable code, from the classes of problems, the places that raise them, and the checks."""

from collections.abc import Iterator

import tenantry.web.ui
import tenantry.worker  # noqa: F401 - with the entrances, every kind of problem is known
from tenantry.channel.handovers.kinds import KINDS
from tenantry.cli.main import app_of
from tenantry.docs.markdown import code, codes, table
from tenantry.docs.source import Refusal, problem_kinds, refusals
from tenantry.rules import plan
from tenantry.web.http.problems import MEMBERS, TITLES

HEAD = """# Problems

The API answers every refusal as `application/problem+json` (RFC 9457), pages and commands say the same words. `code` is
stable: programs may rely on it. `rule` names the line of [the rules](../rules.md) that says so, `remedy` what to do.
"""
NAMED = """## Codes of single refusals

What is raised with a code of its own, more telling than that of its kind, and the codes of `faults`: what is wrong with
one field, or with one cell of a file, and breaks no rule but plain form. `...` stands for what is named at the moment.
"""
FINDINGS = """## Codes of findings

What a plan says of some of its accounts, or of all. A blocker holds back the accounts that it names, or stops the plan
when it names none.
"""


def page() -> str:
    """Write the members of a problem, then the codes of kinds, of single refusals, and of findings."""
    # The commands are an entrance, too.
    app_of()
    kinds = table(("Code", "HTTP status", "Title", "When"), _kinds())
    single = table(("Code", "Rule", "Sentence", "Way out"), _single())
    findings = table(("Code", "Severity", "Rule", "Sentence"), _findings())
    return "\n".join(
        (
            HEAD,
            f"A problem has {codes(MEMBERS)}; some have more.\n\n## Kinds of problems\n\n{kinds}\n",
            f"{NAMED}\n{single}\n",
            f"{FINDINGS}\n{findings}\n",
        )
    )


def _kinds() -> Iterator[tuple[str, ...]]:
    for kind in sorted(problem_kinds(), key=lambda one: (one.status, one.code)):
        yield code(kind.code), str(kind.status), TITLES.get(kind.status, ""), (kind.__doc__ or "").strip()


def _single() -> Iterator[tuple[str, ...]]:
    named: dict[str, Refusal] = {}
    for one in refusals():
        if one.code and one.says:
            named.setdefault(one.code, one)
    for name in sorted(named):
        yield code(name), named[name].rule, named[name].says, named[name].remedy


def _findings() -> Iterator[tuple[str, ...]]:
    for kind in KINDS.values():
        for check in (*plan.all_checks(kind), *kind.obstacles):
            yield code(check.code), check.severity, check.rule, check.says
