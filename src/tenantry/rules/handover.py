"""What a kind of handover is made of."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from tenantry.rules.check import Check
from tenantry.rules.copy import Copy
from tenantry.rules.lapse import Lapse
from tenantry.rules.mark import Mark
from tenantry.rules.subject import Subject
from tenantry.schema.crm import account

# The reseller's own account, for the lines of history of an undo.
seller = account.alias("seller")


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of handover: who can go, what is checked, what is copied and marked,
    and what stands in the way of going back.

    `here` names the standings in which a record that goes is at the taker already. What happens `at_once` is one
    transaction: all of it or nothing, also where there is nothing to copy. `undone_says` is the line of history of what
    was taken back.
    """

    name: str
    title: str
    rule: str
    subject: Subject
    listed: sa.ColumnElement[bool]
    candidates: tuple[Check, ...]
    checks: tuple[Check, ...]
    copies: tuple[Copy, ...]
    lapses: tuple[Lapse, ...]
    marks: tuple[Mark, ...]
    obstacles: tuple[Check, ...]
    undone_says: sa.ColumnElement[str]
    here: tuple[str, ...] = ()
    at_once: bool = False

    @property
    def account(self) -> Copy:
        """Give the copy of the accounts themselves, which the verdicts speak of."""
        return self.copies[0]

    @cached_property
    def fingerprint(self) -> str:
        """Give a hash over everything the rules say, so that a plan made under other rules is not run."""
        said: list[str] = []
        for copy in self.copies:
            said += [str(_compiled(copy.insert)), repr(list(copy.document()))]
        for mark in self.marks:
            said += [str(_compiled(mark.mark)), mark.rule]
        for lapse in self.lapses:
            said += [str(_compiled(lapse.lapse)), lapse.rule]
        for check in (*self.candidates, *self.checks):
            said += [str(_compiled(check.offenders)), check.code, check.severity]
        return hashlib.sha256("\n".join(said).encode()).hexdigest()


def _compiled(statement: Any) -> Any:
    # Values are part of what a rule says, so they stand in the text.
    return statement.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": False}).string + repr(  # type: ignore[no-untyped-call]
        sorted((name, str(value)) for name, value in statement.compile(dialect=postgresql.dialect()).params.items())  # type: ignore[no-untyped-call]
    )
