"""What the documents of a sale have in common: the columns of their lines, the words for cycles, the totals."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from tenantry.kernel.money import Money
from tenantry.schema.catalog import CYCLES
from tenantry.web.papers.sheet import Heading, Total
from tenantry.web.words import Words

CYCLE_NAMES = {cycle: cycle.replace("_", " ").capitalize() for cycle in CYCLES.split()}
HEADINGS = (
    Heading("Product", 40),
    Heading("Billing", 14),
    Heading("Quantity", 12, figures=True),
    Heading("Unit price", 17, figures=True),
    Heading("Amount", 19, figures=True),
)


def totals(by_cycle: Mapping[str, Money], first: Money, words: Words) -> Sequence[Total]:
    """Give what is paid each cycle, and what is paid at first."""
    rows = [
        Total("Once" if cycle == "one_off" else f"Total {CYCLE_NAMES[cycle].lower()}", money(amount, words))
        for cycle, amount in by_cycle.items()
    ]
    return [*rows, Total("Due at first", money(first, words), strong=True)]


def money(amount: Money, words: Words) -> str:
    """Write an amount."""
    return words.money(amount.amount, amount.currency)


def percent(value: Decimal, words: Words) -> str:
    """Write a percentage."""
    return f"{words.number(value.normalize())} %"
