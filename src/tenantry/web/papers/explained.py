"""How a charge came to be, in the language of the document (UI-06).

It is read as it was written down in English, and said anew; what somebody wrote by hand stays as he wrote it.
"""

import re
from datetime import date, datetime
from decimal import Decimal

from tenantry.web.papers.speech import Say, speech
from tenantry.web.words import Words

_DATE = r"\d{1,2} [A-Z][a-z]{2} \d{4}"
_CYCLES = "a month|a quarter|half a year|a year"
_SAID = re.compile(
    r"(?P<back>Given back: )?(?P<units>[\d,]+) × (?P<currency>[A-Z]{3}) (?P<price>[\d,.]+)"
    rf"(?: (?P<cycle>{_CYCLES}))?"
    r"(?: less (?:(?P<percent>[\d.]+) %|(?P<of>[A-Z]{3}) (?P<amount>[\d,.]+) each)(?: \((?P<promotion>.*)\))?)?"
    r"(?:, (?P<days>\d+) of (?P<whole>\d+) days)?"
    rf"(?:, (?P<first>{_DATE})(?: to (?P<last>{_DATE}))?)?"
)
_CHANGED = re.compile(r"(?P<what>[^:]+)(?:: (?P<before>\d+) to (?P<after>\d+))?")


def explained(text: str, words: Words) -> str:
    """Say how a charge came to be."""
    found, say = _SAID.fullmatch(text), speech(words)
    if found is None or say("a month") == "a month":
        return text
    said = {name: value or "" for name, value in found.groupdict().items()}
    units, price = words.number(_number(said["units"])), words.money(_number(said["price"]), said["currency"])
    parts = [" ".join(part for part in (f"{units} × {price}", _cycle(said, say), _off(said, words, say)) if part)]
    if said["days"]:
        parts.append(say("{days} of {whole} days", days=said["days"], whole=said["whole"]))
    if said["first"]:
        days = [words.date(_day(said[name])) for name in ("first", "last") if said[name]]
        parts.append(f" {say('to')} ".join(days))
    whole = ", ".join(parts)
    return say("Given back: {what}", what=whole) if said["back"] else whole


def changed(text: str, words: Words) -> str:
    """Say what kind of change a charge is of."""
    found, say = _CHANGED.fullmatch(text), speech(words)
    if found is None:
        return text
    what = say(found["what"])
    if not found["before"]:
        return what
    before, after = (words.number(int(found[name])) for name in ("before", "after"))
    return f"{what}: {say('{before} to {after}', before=before, after=after)}"


def _cycle(said: dict[str, str], say: Say) -> str:
    return say(said["cycle"]) if said["cycle"] else ""


def _off(said: dict[str, str], words: Words, say: Say) -> str:
    if said["percent"]:
        less = say("less {off}", off=f"{words.number(_number(said['percent']))} %")
    elif said["amount"]:
        less = say("less {off} each", off=words.money(_number(said["amount"]), said["of"]))
    else:
        return ""
    return f"{less} ({said['promotion']})" if said["promotion"] else less


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _day(text: str) -> date:
    return datetime.strptime(text, "%d %b %Y").date()  # noqa: DTZ007 - a day has no zone
