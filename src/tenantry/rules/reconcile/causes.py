"""Why two tenants may differ, in words, with what to do about it."""

from dataclasses import dataclass

from tenantry.rules.mirror_up.checks import OBSTACLES


@dataclass(frozen=True)
class Cause:
    """Why something differs: by which rule, in a sentence, what to do, and whether a repair can put it right."""

    code: str
    rule: str
    says: str
    remedy: str
    repairable: bool = False


WAITS, UNEXPECTED = "waits-behind", "unexpected"
UNTOLD, ORPHAN, LEFT_OVER = "untold", "orphan", "left-over"

CAUSES = {
    one.code: one
    for one in (
        *(Cause(one.code, one.rule, one.says, one.remedy) for one in OBSTACLES),
        Cause(
            WAITS,
            "UP-41",
            "Something else of this customer is set aside, and his changes stay in order.",
            "See to what it waits for; this goes on with it.",
        ),
        Cause(
            UNEXPECTED,
            "UP-43",
            "It could not be written, for a reason that nobody foresaw.",
            "The log of the worker says what went wrong; then try again.",
        ),
        Cause(
            UNTOLD,
            "UP-40",
            "No message about it waits: it was changed past the program, or a message was lost or given up.",
            "Repair it: the reseller's values are written here.",
            repairable=True,
        ),
        Cause(
            LEFT_OVER,
            "UP-13",
            "The reseller has it no longer, and what it belongs to says so.",
            "Repair it: it goes here too.",
            repairable=True,
        ),
        Cause(
            ORPHAN,
            "UP-24",
            "It is not there below, and nothing says that it was deleted.",
            "Find out what became of it; nothing is deleted here without a tombstone.",
        ),
    )
}
