"""Fields of a record said once: read on its page and asked in its form."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from starlette.datastructures import FormData

from tenantry.kernel.iso import countries, languages, subdivisions
from tenantry.kernel.problems import Verdict
from tenantry.web.ui.forms import text, texts
from tenantry.web.ui.views import Field, FieldError, FieldGroup, Lock, Option
from tenantry.web.words import Words

Kind = Literal[
    "text",
    "email",
    "tel",
    "url",
    "number",
    "money",
    "price",
    "select",
    "date",
    "datetime-local",
    "checkbox",
    "checks",
    "textarea",
    "country",
    "state",
    "language",
    "password",
    "lookup",
]
CHOSEN = ("select", "country", "state", "language")
Choices = Mapping[str, Sequence[Option]]
Locks = Mapping[str, Verdict]


@dataclass(frozen=True)
class Input:
    """One field: its name in the action, its label, and how it is asked; a lookup among which records."""

    name: str
    label: str
    kind: Kind = "text"
    help: str = ""
    required: bool = False
    wide: bool = False
    link: str = ""
    none: str = "None"
    among: str = ""


@dataclass(frozen=True)
class Section:
    """Fields under one heading."""

    title: str
    inputs: Sequence[Input]
    note: str = ""


@dataclass(frozen=True)
class Asking:
    """What a form is drawn from: the texts in it, what can be chosen, what is locked, what is wrong."""

    words: Words
    values: Mapping[str, Any]
    choices: Choices = field(default_factory=dict)
    locks: Locks = field(default_factory=dict)
    faults: Mapping[str, FieldError] = field(default_factory=dict)
    typed: FormData | None = None
    currency: str = ""
    states_url: str = "/states"

    def fault(self, name: str) -> FieldError | None:
        """Give what is wrong with a field, its days as the reader writes them."""
        found = self.faults.get(name)
        return replace(found, message=self.words.sentence(found.message)) if found else None


def labels(sections: Iterable[Section]) -> dict[str, str]:
    """Give the label of each field."""
    return {one.name: one.label for section in sections for one in section.inputs}


def groups(sections: Iterable[Section], asking: Asking) -> list[FieldGroup]:
    """Give the fields to be asked, as they stand or as they were just typed."""
    return [
        FieldGroup(section.title, [asked(one, asking) for one in section.inputs], section.note) for section in sections
    ]


def asked(one: Input, asking: Asking) -> Field:
    """Give one field to be asked."""
    lock = asking.locks.get(one.name)
    if lock is not None:
        return read(one, asking.values, asking.words, asking.choices, asking.locks)
    kind = "select" if one.kind in CHOSEN else "money" if one.kind == "price" else one.kind
    if one.kind == "state" and not states(_country(one, asking)):
        kind = "text"
    is_country = one.kind == "country"
    return Field(
        one.name,
        one.label,
        _typed(one, asking),
        kind,  # type: ignore[arg-type]
        help=one.help,
        error=asking.fault(one.name),
        options=_options(one, asking),
        required=one.required,
        currency=asking.currency if one.kind in {"money", "price"} else "",
        autocomplete="off",
        reload_url=f"{asking.states_url}?field={one.name.replace('country', 'state')}" if is_country else "",
        reloads=one.name.replace("country", "state") if is_country else "",
        wide=one.wide,
        chosen=_chosen(one, asking),
        choices_url=f"/choices/{one.among}" if one.kind == "lookup" else "",
    )


def read(one: Input, values: Mapping[str, Any], words: Words, choices: Choices, locks: Locks | None = None) -> Field:
    """Give one field to be read."""
    value, lock = values.get(one.name), (locks or {}).get(one.name)
    currency = str(values.get("currency") or "") if one.kind in {"money", "price"} and value is not None else ""
    return Field(
        one.name,
        one.label,
        _written(one, value, values, words, choices),
        "checkbox" if one.kind == "checkbox" else "text",
        locked=Lock(lock.why, lock.rule) if lock is not None else None,
        currency=currency,
        url=_leads(one, value),
        wide=one.wide or one.kind == "textarea",
    )


def _leads(one: Input, value: Any) -> str:
    if not value:
        return ""
    if one.link == "website":
        return str(value) if str(value).startswith(("http://", "https://")) else f"https://{value}"
    return one.link.format(value)


def details(
    sections: Iterable[Section], values: Mapping[str, Any], words: Words, choices: Choices, locks: Locks | None = None
) -> list[FieldGroup]:
    """Give the fields of a record to be read."""
    return [
        FieldGroup(section.title, [read(one, values, words, choices, locks) for one in section.inputs])
        for section in sections
    ]


def named(names: Mapping[str, str]) -> list[Option]:
    """Give choices from values and their names."""
    return [Option(value, name) for value, name in names.items()]


def records(found: Iterable[Any]) -> list[Option]:
    """Give choices from records with id and name."""
    return [Option(str(one.id), one.name) for one in found]


def states(country: str) -> list[Option]:
    """Give the states of a country."""
    return [Option(code, name) for code, name in subdivisions(country).items()] if country else []


def _options(one: Input, asking: Asking) -> Sequence[Option]:
    match one.kind:
        case "country":
            found = [Option(code, asking.words.country(code)) for code in countries()]
            found.sort(key=lambda option: option.label)
        case "language":
            found = [Option(tag, asking.words.language(tag)) for tag in languages()]
            found.sort(key=lambda option: option.label)
        case "state":
            found = states(_country(one, asking))
        case _:
            found = list(asking.choices.get(one.name, ()))
    known, now = {option.value for option in found}, _typed(one, asking)
    if one.kind in CHOSEN and now and now not in known:
        # What the record has stays choosable, even where it is not on the list any more.
        found.insert(0, Option(now, now))
    if (one.required and now) or one.kind not in CHOSEN:
        return found
    return [Option("", "Choose" if one.required else one.none), *found]


def _country(one: Input, asking: Asking) -> str:
    name = one.name.replace("state", "country")
    return text(asking.typed, name) if asking.typed is not None else str(asking.values.get(name) or "")


def _chosen(one: Input, asking: Asking) -> Sequence[str]:
    if one.kind != "checks":
        return ()
    if asking.typed is not None:
        return texts(asking.typed, one.name)
    return [str(value) for value in asking.values.get(one.name) or ()]


def _typed(one: Input, asking: Asking) -> str:
    if asking.typed is not None:
        return text(asking.typed, one.name)
    value: Any = asking.values.get(one.name)
    if isinstance(value, bool):
        return "on" if value else ""
    if isinstance(value, Decimal | int):
        return _typed_amount(one, value, asking)
    if isinstance(value, datetime):
        return value.astimezone(asking.words.zone).strftime("%Y-%m-%dT%H:%M")
    if one.kind == "lookup":
        written = (each.label for each in asking.choices.get(one.name, ()) if each.value == str(value))
        return next(written, str(value or ""))
    return "" if value is None else str(value)


def _typed_amount(one: Input, value: Decimal | int, asking: Asking) -> str:
    if isinstance(value, Decimal) and one.kind in {"money", "price"} and asking.currency:
        return asking.words.price(value, asking.currency)
    return asking.words.typed(value)


def _written(one: Input, value: Any, values: Mapping[str, Any], words: Words, choices: Choices) -> str:
    if value in (None, "", ()):
        return ""
    known = {option.value: option.label for option in choices.get(one.name, ())}
    beside = str(values.get(one.name.replace("state", "country")) or "")
    writers: Mapping[str, Callable[[Any], str]] = {
        "checkbox": lambda on: "on" if on else "",
        "country": words.country,
        "state": lambda code: words.state(beside, code),
        "language": words.language,
        "money": lambda amount: words.price(amount, str(values.get("currency") or "")),
        "price": lambda amount: words.price(amount, str(values.get("currency") or "")),
        "number": words.number,
        "date": words.date,
        "datetime-local": words.moment,
        "checks": lambda several: ", ".join(known.get(str(each), str(each)) for each in several),
        "select": lambda chosen: known.get(str(chosen), str(chosen)),
        "lookup": lambda chosen: known.get(str(chosen), str(chosen)),
    }
    return writers.get(one.kind, str)(value)
