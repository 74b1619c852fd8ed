"""What every import is told on the line, and a command that asks for it."""

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from tenantry.cli.context import Data, Json
from tenantry.kernel.problems import Fault, Invalid

File = Annotated[
    Path,
    typer.Argument(help="A CSV or Excel file; columns are matched by their headings.", exists=True, dir_okay=False),
]
At = Annotated[str, typer.Option("--tenant", help="Short name of the tenant they are brought into.")]
By = Annotated[
    str | None, typer.Option("--user", help="E-mail of the user who does it; the tenant's admin unless set.")
]
Columns = Annotated[
    list[str] | None,
    typer.Option("--column", help="Match by hand: HEADING=FIELD; an empty FIELD leaves it out. Repeat for several."),
]
Defaults = Annotated[
    list[str] | None, typer.Option("--default", help="For what the file lacks: FIELD=VALUE. Repeat for several.")
]
OnlyPlan = Annotated[bool, typer.Option("--plan", help="Plan and show every problem, and bring in nothing.")]
Yes = Annotated[bool, typer.Option("--yes", help="Bring in all rows that can be, without asking.")]
Refused = Annotated[
    Path | None, typer.Option("--refused", help="Write the refused rows, with their reasons, to this CSV file.")
]

Options = Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """What was asked for on the line, as every kind of import understands it."""

    file: File
    tenant: At
    user: By = None
    column: Columns = None
    default: Defaults = None
    only_plan: OnlyPlan = False
    yes: Yes = False
    refused: Refused = None
    data: Data = None
    as_json: Json = False

    @property
    def columns(self) -> dict[str, str]:
        return _pairs("column", self.column)

    @property
    def defaults(self) -> dict[str, str]:
        return _pairs("default", self.default)


def asking(bring: Callable[[Asked, Options], None]) -> Callable[[Callable[..., Options]], Callable[..., None]]:
    """Make a command of a function that gives its kind's own options: it asks for these, and for what all are asked."""

    def declare(own: Callable[..., Options]) -> Callable[..., None]:
        besides = inspect.signature(own).parameters

        @functools.wraps(own)
        def command(**given: Any) -> None:
            more = own(**{name: given.pop(name) for name in besides})
            bring(Asked(**given), more)

        shared = list(inspect.signature(Asked).parameters.values())
        place = [one.name for one in shared].index("only_plan")
        parameters = [*shared[:place], *besides.values(), *shared[place:]]
        command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        command.__annotations__ = {one.name: one.annotation for one in parameters}
        return command

    return declare


def _pairs(option: str, words: list[str] | None) -> dict[str, str]:
    pairs = {}
    for word in words or ():
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise Invalid(
                Fault(option, f"{word!r} is not NAME=VALUE.", "CAT-04", f'Write --{option} "Company name=name".')
            )
        pairs[name] = value
    return pairs
