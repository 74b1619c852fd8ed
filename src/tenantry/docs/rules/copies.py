"""The copies, field by field: verb, rule, columns, value, sentence; who gives and who takes."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

from tenantry import rules
from tenantry.docs.markdown import code, codes, line, table
from tenantry.docs.rules.values import in_words
from tenantry.rules.copy import Copy
from tenantry.rules.stanzas import Stanza

HEAD = """## Copies

Five verbs decide every column of a copied table; a column that none decides, or that two do, stops the program.

| Verb | Means |
| --- | --- |
| carry | as it stands |
| fill | given by an expression |
| mirror | as it stands, locked where it is written, kept fresh |
| blank | starts empty; a record that comes back keeps what was there |
| assign | made at the run: numbers, dates, versions; shown as assigned, in no digest |

A record keeps its id wherever it is copied to (TEN-03). Where a value is a column of something, that something stands
before the dot: `giver` and `below` are the account that is copied, `reseller` is the reseller's account at the
distributor, `sender`, `receiver` and `distributor` are tenants, `arrangement` is the tenant reseller, `options` are the
API options; `sold`, `sold_add_on` and `bought` are the subscription, the add-on and the asset that are copied,
`record` any of them. A column without a value is worked out as its sentence says.
"""

# Who gives and who takes; a new package of copies says it here.
SIDES = {
    "transfer_accounts": ("the distributor's tenant", "the reseller's tenant"),
    "transfer_subscriptions": ("the distributor's tenant", "the reseller's tenant"),
    "activate_back_ordering": ("the distributor's tenant", "the reseller's tenant"),
    "mirror_up": ("the reseller's tenant", "the distributor's tenant"),
    "back_orders": ("the reseller's tenant", "the distributor's tenant"),
    "create_tenant": ("the distributor's tenant", "the new tenant"),
}


def chapters() -> Iterator[str]:
    """Give a chapter for every package of rules that declares copies."""
    yield HEAD
    for module in packages():
        giver, taker = SIDES[module.__name__.split(".")[2]]
        says = line((import_module(module.__name__.rpartition(".")[0]).__doc__ or "").rstrip("."))
        yield f"### {says}\n\nFrom {giver} into {taker}.\n"
        yield from (_copy(one, giver, taker) for one in copies_of(module))


def packages() -> list[ModuleType]:
    """Find the modules of rules that declare copies; handovers before the rest."""
    found = [
        import_module(f"{one.name}.copies")
        for one in pkgutil.iter_modules(rules.__path__, "tenantry.rules.")
        if one.ispkg and _has(one.name)
    ]
    return sorted(found, key=lambda one: list(SIDES).index(one.__name__.split(".")[2]))


def copies_of(module: ModuleType) -> list[Copy]:
    """Give the copies of a module in the order in which they are written, each once."""
    found: dict[int, Copy] = {}
    for value in vars(module).values():
        for one in _flat(value):
            found.setdefault(id(one), one)
    return list(found.values())


def _has(package: str) -> bool:
    return any(one.name == "copies" for one in pkgutil.iter_modules(import_module(package).__path__))


def _flat(value: Any) -> Iterator[Copy]:
    if isinstance(value, Copy):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _flat(one)


def _copy(copy: Copy, giver: str, taker: str) -> str:
    title = copy.name.replace("_", " ").capitalize()
    into = giver if copy.to.key == "giver" else taker
    about = [f"Table `{copy.into.name}`, written in {into}."]
    if copy.id is not None:
        about.append("Its id follows from the event and the record, so that running again makes nothing new.")
    if copy.wakes:
        about.append("A record that moved out earlier and comes back is woken: written over, except what is blank.")
    if copy.locked:
        until = "" if taker == "the distributor's tenant" else " until go-live"
        about.append(f"Locked there and kept fresh{until}: {codes(copy.locked)}.")
    stanzas = table(("Rule", "Verb", "Columns", "Why"), (_row(one) for one in copy.rules))
    return f"#### {title}\n\n{' '.join(about)}\n\n{stanzas}\n"


def _row(stanza: Stanza) -> tuple[str, ...]:
    if not stanza.values:
        return stanza.rule, stanza.verb, codes(stanza.fields), stanza.why
    said = ((name, in_words(stanza.values[name])) for name in stanza.fields)
    columns = "<br>".join(f"{code(name)}: {value}" if value else code(name) for name, value in said)
    return stanza.rule, stanza.verb, columns, stanza.why
