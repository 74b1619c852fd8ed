"""Every rule that the program names: whether it is declared above, and which rooms refuse with it."""

from collections.abc import Iterator

from tenantry.docs.markdown import table
from tenantry.docs.source import RULE, Refusal, refusals, rules_named

HEAD = """## Every rule

Every rule that the program names, in code or beside it, and the sentences of refusals that do not stand in the tables
above (`...` stands for what is named at the moment). *Declared* means that the rule stands in those tables.
"""


def chapters(above: str) -> Iterator[str]:
    """Give the table of rules; `above` is the page so far."""
    yield HEAD
    declared = {found.group() for found in RULE.finditer(above)}
    said: dict[str, list[Refusal]] = {}
    for one in refusals():
        said.setdefault(one.rule, []).append(one)
    yield table(
        ("Rule", "Declared", "Rooms", "Sentences"),
        (
            (rule, "yes" if rule in declared else "", ", ".join(rooms), _sentences(said.get(rule, []), above))
            for rule, rooms in rules_named().items()
        ),
    )


def _sentences(found: list[Refusal], above: str) -> str:
    return "<br>".join(dict.fromkeys(one.says for one in found if one.says and one.says not in above))
