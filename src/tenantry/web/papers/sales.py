"""What the documents of a sale have in common: the columns of their lines, the words for cycles, the totals."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from tenantry.kernel.money import Money
from tenantry.schema.catalog import CYCLES
from tenantry.web.papers.sheet import Heading, Total
from tenantry.web.papers.speech import Say, speech
from tenantry.web.words import Words

CYCLE_NAMES = {cycle: cycle.replace("_", " ").capitalize() for cycle in CYCLES.split()}
COLUMNS = (("Product", 40), ("Billing", 14), ("Quantity", 12), ("Unit price", 17), ("Amount", 19))
FIGURES = {"Quantity", "Unit price", "Amount"}
PAGE = "Page {page} of {pages}"
NET = "Prices are net of tax. Recurring amounts are charged for each billing cycle."


def headings(say: Say) -> Sequence[Heading]:
    """Give the columns of the lines."""
    return [Heading(say(name), share, figures=name in FIGURES) for name, share in COLUMNS]


def totals(by_cycle: Mapping[str, Money], first: Money, words: Words) -> Sequence[Total]:
    """Give what is paid each cycle, and what is paid at first."""
    say = speech(words)
    rows = [Total(_of_cycle(cycle, say), money(amount, words)) for cycle, amount in by_cycle.items()]
    return [*rows, Total(say("Due at first"), money(first, words), strong=True)]


def _of_cycle(cycle: str, say: Say) -> str:
    return say("Once") if cycle == "one_off" else say("Total {cycle}", cycle=say(CYCLE_NAMES[cycle]).lower())


def money(amount: Money, words: Words) -> str:
    """Write an amount."""
    return words.money(amount.amount, amount.currency)


def percent(value: Decimal, words: Words) -> str:
    """Write a percentage."""
    return f"{words.number(value.normalize())} %"
