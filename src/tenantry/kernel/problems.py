"""What can go wrong, each with a stable code, the rule, and the way out (API-05, RFC 9457)."""

from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with one field of an input: against a rule, or, in plain form, by a code of its own."""

    field: str
    message: str
    rule: str = ""
    remedy: str = ""
    code: str = ""

    def __str__(self) -> str:
        """Say it in one line, as a terminal shows it."""
        return f"{self.field}: {self.message}" + (f" ({self.rule})" if self.rule else "")


class Problem(Exception):
    """Something that the person who asked can understand and mend."""

    status: ClassVar[int] = 400
    commits: ClassVar[bool] = False
    code: str = "problem"

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        rule: str = "",
        remedy: str = "",
        faults: tuple[Fault, ...] = (),
        **extra: Any,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.rule = rule
        self.remedy = remedy
        self.faults = faults
        self.extra = extra


@dataclass(frozen=True)
class Verdict:
    """What the policy says of one act: allowed, or refused with the rule and the reason."""

    allowed: bool
    rule: str = ""
    why: str = ""
    issue: str = field(default="", compare=False)
    remedy: str = ""

    def __bool__(self) -> bool:
        """A verdict is true when it allows."""
        return self.allowed


class Refused(Problem):
    """Policy said no: not a fault, never retried."""

    status = 409
    code = "refused"

    def __init__(self, verdict: Verdict, remedy: str = "") -> None:
        super().__init__(verdict.why, rule=verdict.rule, remedy=remedy or verdict.remedy)
        self.verdict = verdict


class Forbidden(Problem):
    """This user may not do such things."""

    status = 403
    code = "forbidden"


class NotSignedIn(Problem):
    """Nobody is signed in, or the token is unknown, expired or revoked."""

    status = 401
    code = "not-signed-in"


class NotFound(Problem):
    """No such record in this tenant; another tenant's record looks exactly the same."""

    status = 404
    code = "not-found"

    def __init__(self, what: str = "record") -> None:
        remedy = "Check the address." if what == "page" else "Check the id, or search for the record."
        super().__init__(f"There is no such {what} here.", remedy=remedy)


class Invalid(Problem):
    """The input breaks a rule; every fault names its field."""

    status = 422
    code = "invalid"

    def __init__(self, *faults: Fault, message: str = "") -> None:
        super().__init__(
            message or " ".join(str(fault) for fault in faults), faults=faults, rule=faults[0].rule if faults else ""
        )


class Conflict(Problem):
    """The world is not as the request assumed; nothing was changed."""

    status = 409
    code = "conflict"


class Stale(Problem):
    """The record was changed since it was read (If-Match, or the version of a form)."""

    status = 412
    code = "stale"


class TooMany(Problem):
    """Too many tries; wait."""

    status = 429
    code = "too-many"
