"""The policy as matrices: act x standing, each refusal with its rule and reason, then statuses and locked fields."""

from collections.abc import Iterator

from tenantry.docs.markdown import codes, table
from tenantry.kernel.problems import Verdict
from tenantry.rules.policy import Policy
from tenantry.rules.policy.base import Act

HEAD = """## What may be done

One table decides for screens, API, commands, imports, jobs and statements over many rows. A column is a *standing*: who
manages the record. In it stands `yes`, or the rule that refuses and, in brackets, the number of the reason below the
table. A button that cannot be pressed says the same words.

| Standing | Means |
| --- | --- |
| own | the tenant's own |
| handed_down | above: copied to a reseller who is not live; he manages it |
| mirrored | above: a live reseller manages it |
| received | below: copied from the distributor, and the tenant is not live yet |
| moved_out, transferred_out | it went to another seller; kept to be read |
| archived | deleted below; kept for its documents |
| marked | an order of an account that was handed down: a back-ordering record |
| back_order | an order that tracks what a reseller sold |
| frozen | an order whose seller has moved out |
| inherited, withdrawn | a product from the distributor, or one that he no longer offers |

The standing of a tenant reseller is its state (TEN-06).
"""


def chapters() -> Iterator[str]:
    """Give a matrix for every record that has a policy."""
    yield HEAD
    for policy in sorted(Policy.__subclasses__(), key=lambda one: (one.__module__, one.__name__)):
        yield _policy(policy)


def _policy(policy: type[Policy]) -> str:
    reasons: dict[tuple[str, str], int] = {}
    acts = list(policy.acts.values())
    standings = acts[0].standings()
    rows = [
        (act.label, *(_cell(act.verdict(one), reasons) for one in standings), _statuses(act, reasons), _later(act))
        for act in acts
    ]
    matrix = table(("Act", *standings, "In status", "Carried out"), rows)
    listed = "\n".join(f"{number}. {rule}: {why}" for (rule, why), number in reasons.items())
    live = "\nIn a live tenant, `received` reads as `own`.\n" if policy.live_reads_received_as_own else ""
    return f"### {_title(policy)}\n\n{matrix}\n{live}\n{listed}\n{_locks(policy)}"


def _cell(verdict: Verdict, reasons: dict[tuple[str, str], int]) -> str:
    return "yes" if verdict else f"{verdict.rule} ({reasons.setdefault((verdict.rule, verdict.why), len(reasons) + 1)})"


def _statuses(act: Act, reasons: dict[tuple[str, str], int]) -> str:
    said = "any" if act.statuses is None else f"{codes(act.statuses)}, else {_cell(act.otherwise, reasons)}"
    return f"{said}; with `{act.needs}`, else {_cell(act.without, reasons)}" if act.needs else said


def _later(act: Act) -> str:
    return f"later (issue {act.later})" if act.later else "yes"


def _locks(policy: type[Policy]) -> str:
    fields: dict[tuple[str, str, str], None] = {}
    alike: dict[tuple[tuple[str, ...], str, str], list[str]] = {}
    for locks in policy.locked.values():
        fields |= {(name, verdict.rule, verdict.why): None for name, verdict in locks.items()}
    for name, rule, why in fields:
        where = tuple(standing for standing, locks in policy.locked.items() if name in locks and locks[name].why == why)
        alike.setdefault((where, rule, why), []).append(name)
    if not alike:
        return ""
    rows = ((codes(names), ", ".join(where), rule, why) for (where, rule, why), names in alike.items())
    return f"\nLocked fields, shown with a padlock:\n\n{table(('Fields', 'Where', 'Rule', 'Reason'), rows)}\n"


def _title(policy: type[Policy]) -> str:
    words = "".join(f" {one.lower()}" if one.isupper() else one for one in policy.__name__).strip()
    return words.capitalize()
