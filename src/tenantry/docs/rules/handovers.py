"""The kinds of handovers: who can go, what is checked, marked and lapses, what stands in the way of going back."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tenantry.channel.handovers.kinds import KINDS
from tenantry.docs.markdown import code, table
from tenantry.docs.rules.values import in_words
from tenantry.rules.check import Check
from tenantry.rules.handover import Kind
from tenantry.rules.lapse import Lapse
from tenantry.rules.mark import Mark

HEAD = """## Handovers

A handover is planned, previewed, confirmed by its digest, run in chunks, recorded, and undone where that is allowed
([how](explanation/how-a-handover-works.md)). What is copied stands [above](#copies). A *blocker* holds back the records
that it names, or stops the whole plan; a *warning* is accepted by confirming; a *note* is for information.
"""
CHECK_HEADS = ("Code", "Rule", "Severity", "What it says", "Way out")


def chapters() -> Iterator[str]:
    """Give a chapter for every kind of handover."""
    yield HEAD
    for kind in KINDS.values():
        yield from _kind(kind)


def _kind(kind: Kind) -> Iterator[str]:
    marks = table(("Rule", "Table", "Was", "Becomes", "Why"), (_mark(one) for one in kind.marks))
    lapses = table(("Rule", "Table", "Becomes", "Why"), (_lapse(one) for one in kind.lapses))
    yield f"### {kind.title} ({kind.rule})\n"
    yield f"#### Who cannot go\n\nShown in the list, each with its reason.\n\n{_checks(kind.candidates)}\n"
    yield f"#### Checks of the plan\n\n{_checks(kind.checks)}\n"
    yield f"#### Marks\n\nWhat is written on the giver's own rows; an undo lifts it again.\n\n{marks}\n"
    yield f"#### Lapses\n\nWhat becomes of old rows of an account that comes back, before the copy.\n\n{lapses}\n"
    yield f"#### What stands in the way of undoing it\n\n{_checks(kind.obstacles)}\n"


def _checks(checks: Iterable[Check]) -> str:
    return table(CHECK_HEADS, (_check(one) for one in checks))


def _check(check: Check) -> tuple[str, ...]:
    severity = f"{check.severity}, stops the plan" if check.whole else check.severity
    return code(check.code), check.rule, severity, check.says, check.remedy


def _mark(mark: Mark) -> tuple[str, ...]:
    return mark.rule, code(mark.table.name), _pairs(mark.was), _pairs(mark.sets), mark.why


def _lapse(lapse: Lapse) -> tuple[str, ...]:
    return lapse.rule, code(lapse.copy.into.name), "goes" if lapse.gives_way else _pairs(lapse.sets), lapse.why


def _pairs(values: Mapping[str, Any]) -> str:
    return "; ".join(f"{name}: {in_words(value)}" for name, value in values.items())
