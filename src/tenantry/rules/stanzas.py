"""What one rule says about some columns of a copy, with one of five verbs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Verb = Literal["carry", "fill", "mirror", "blank", "assign"]


class Undecided(TypeError):
    """A column of a copied table was decided by no rule, or by two."""


@dataclass(frozen=True)
class Stanza:
    """What one rule says about some columns of a copy."""

    verb: Verb
    rule: str
    why: str
    fields: tuple[str, ...]
    values: Mapping[str, Any] = field(default_factory=dict)


def carry(rule: str, why: str, fields: str) -> Stanza:
    """Copy these columns as they stand."""
    return Stanza("carry", rule, why, tuple(fields.split()))


def mirror(rule: str, why: str, fields: str) -> Stanza:
    """Copy these columns, lock them above, and keep them fresh."""
    return Stanza("mirror", rule, why, tuple(fields.split()))


def blank(rule: str, why: str, fields: str) -> Stanza:
    """Start these columns empty; a woken record keeps what the taker had."""
    return Stanza("blank", rule, why, tuple(fields.split()))


def fill(rule: str, why: str, **values: Any) -> Stanza:
    """Give these columns the value of an expression."""
    return Stanza("fill", rule, why, tuple(values), values)


def assign(rule: str, why: str, **values: Any) -> Stanza:
    """Give these columns what is made at the run; shown as assigned at transfer."""
    return Stanza("assign", rule, why, tuple(values), values)
