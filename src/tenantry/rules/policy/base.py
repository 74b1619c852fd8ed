"""How a policy is written down and asked.

A policy is a class per record; each act is a dataclass with a verdict for every standing,
so that a missing one fails at import and in the type checker.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, Protocol

import sqlalchemy as sa

from tenantry.kernel.problems import Refused, Verdict

yes = Verdict(allowed=True)


def no(rule: str, why: str, remedy: str = "") -> Verdict:
    """Refuse, with the rule, the reason and the way out."""
    return Verdict(allowed=False, rule=rule, why=why, remedy=remedy)


@dataclass(frozen=True, kw_only=True)
class Act:
    """One verb: its name on a button, its verdict for every standing, and in which status of the record it makes sense.

    `needs` names a flag of the record that must be on, and `without` is the verdict while it is off.
    `later` names the issue of the page that will carry it out: until then the button is there and says so.
    """

    label: str
    statuses: tuple[str, ...] | None = None
    otherwise: Verdict = field(
        default_factory=lambda: no(
            "TEN-26",
            "Its status does not allow that.",
            "Look at its page: what can be done with it now is offered there.",
        )
    )
    needs: str = ""
    without: Verdict = yes
    danger: bool = False
    later: str = ""

    def verdict(self, standing: str) -> Verdict:
        """Give the verdict for a standing."""
        found: Verdict = getattr(self, standing)
        return found

    @classmethod
    def standings(cls) -> tuple[str, ...]:
        """Name the standings that every act of this kind decides about."""
        own = {one.name for one in fields(Act)}
        return tuple(one.name for one in fields(cls) if one.name not in own)


class Governed(Protocol):
    """A record as a policy sees it."""

    @property
    def standing(self) -> str:
        """Who manages it."""

    @property
    def status(self) -> str:
        """Where it stands in its life."""


Lock = Mapping[str, Verdict]


class Policy:
    """Base of the policy tables: what may be done with a record, and what of it is locked."""

    locked: ClassVar[Mapping[str, Lock]] = {}
    live_reads_received_as_own: ClassVar[bool] = False
    acts: ClassVar[Mapping[str, Act]] = {}

    def __init_subclass__(cls) -> None:
        """Collect the acts in the order in which they are written."""
        cls.acts = {name: act for name, act in vars(cls).items() if isinstance(act, Act)}

    @classmethod
    def standing(cls, record: Governed, *, live: bool = True) -> str:
        """Read the standing: in a live tenant a received record is the tenant's own."""
        received = record.standing == "received" and cls.live_reads_received_as_own
        return "own" if received and live else record.standing

    @classmethod
    def verdict(cls, name: str, record: Governed, *, live: bool = True) -> Verdict:
        """Say whether this may be done with the record."""
        act = cls.acts[name]
        verdict = act.verdict(cls.standing(record, live=live))
        if verdict and act.statuses is not None and record.status not in act.statuses:
            return act.otherwise
        if verdict and act.needs and not getattr(record, act.needs):
            return act.without
        return verdict

    @classmethod
    def require(cls, name: str, record: Governed, *, live: bool = True) -> None:
        """Raise Refused unless this may be done with the record."""
        verdict = cls.verdict(name, record, live=live)
        if not verdict:
            raise Refused(verdict)

    @classmethod
    def offers(cls, record: Governed, *, live: bool = True) -> dict[str, Verdict]:
        """Give every act with its verdict: what a screen draws and the API lists."""
        verdicts = {name: cls.verdict(name, record, live=live) for name in cls.acts}
        return {
            name: verdict if verdict.issue == cls.acts[name].later else replace(verdict, issue=cls.acts[name].later)
            for name, verdict in verdicts.items()
        }

    @classmethod
    def locks(cls, record: Governed, *, live: bool = True) -> Lock:
        """Give the locked fields of the record, each with rule and reason."""
        return cls.locked.get(cls.standing(record, live=live), {})

    @classmethod
    def require_unlocked(cls, record: Governed, names: Iterable[str], *, live: bool = True) -> None:
        """Raise Refused when one of the fields is locked."""
        locks = cls.locks(record, live=live)
        for name in names:
            if name in locks:
                raise Refused(locks[name], remedy=f"Leave out {name}; whoever manages the record changes it there.")

    @classmethod
    def allowed_for(cls, name: str, standing: sa.ColumnElement[str], *, live: bool = True) -> sa.ColumnElement[bool]:
        """Give the same row of the table as a WHERE clause over a column of standings."""
        act = cls.acts[name]
        allowed = [
            one
            for one in act.standings()
            if act.verdict("own" if one == "received" and live and cls.live_reads_received_as_own else one)
        ]
        return standing.in_(allowed)


def lock_list(stanzas: Mapping[str, Any]) -> dict[str, Verdict]:
    """Read the lock list off a copy's mirror stanzas."""
    return {name: no(stanza.rule, stanza.why) for name, stanza in stanzas.items()}
