"""What a person chooses for an import: how its file is read, what stands in for what it lacks, what likenesses do."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from tenantry.intake.fields import ACCOUNT
from tenantry.intake.reading import ReadOptions
from tenantry.kernel.problems import Fault, Invalid

# What a whole file may lack; a name or an e-mail is nobody's default.
DEFAULTABLE = tuple(one.name for one in ACCOUNT if one.name not in {"name", "accounting_no", "vat_number", "email"})
OtherCurrency = Literal["default", "refuse"]


@dataclass(frozen=True)
class Options:
    """The choices of one import; `defaults` maps fields to the text that stands in for an empty cell.

    `year` chooses the rows of a price file that has several; the latest when empty.
    """

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    skip_duplicates: bool = False
    other_currency: OtherCurrency = "default"
    year: str = ""
    defaults: Mapping[str, str] = field(default_factory=dict)

    @property
    def reading(self) -> ReadOptions:
        """Give what reading the file needs."""
        return ReadOptions(self.encoding, self.delimiter, self.sheet)

    def as_data(self) -> dict[str, Any]:
        """Give them as they are stored."""
        return asdict(self)


def options(given: Mapping[str, Any]) -> Options:
    """Read the choices; Invalid names every one that makes no sense."""
    faults: list[Fault] = []
    known = Options.__dataclass_fields__
    for name, value in given.items():
        if name not in known:
            faults.append(_fault(name, "There is no such option.", f"Options are: {', '.join(known)}."))
        elif name == "skip_duplicates" and not isinstance(value, bool):
            faults.append(_fault(name, "This is yes or no.", "Give true or false."))
        elif name == "other_currency" and value not in {"default", "refuse"}:
            faults.append(_fault(name, "This is no choice.", "Give default or refuse."))
        elif name in {"encoding", "delimiter", "sheet", "year"} and not (isinstance(value, str) and len(value) <= 200):  # noqa: PLR2004 - longer is no name
            faults.append(_fault(name, "This is a short text.", "Leave it out to have it found."))
    faults += _of_defaults(given.get("defaults", {}))
    if faults:
        raise Invalid(*faults)
    return Options(**given)


def _of_defaults(given: object) -> list[Fault]:
    if not isinstance(given, Mapping):
        return [_fault("defaults", "This is a list of fields with a value each.", "Give an object.")]
    fields = ", ".join(DEFAULTABLE)
    faults = [
        _fault(f"defaults.{name}", "This field takes no default.", f"Fields are: {fields}.")
        for name in given
        if name not in DEFAULTABLE
    ]
    return faults + [
        _fault(f"defaults.{name}", "This is a text.", "Write it as it would stand in the file.")
        for name, value in given.items()
        if not isinstance(value, str) or len(value) > 2_000  # noqa: PLR2004 - a cell's worth
    ]


def _fault(field_: str, message: str, remedy: str) -> Fault:
    return Fault(f"options.{field_}"[:200], message, "CAT-04", remedy)
