"""What came from a form: its fields as texts, and the doing of an act that may be refused for a field."""

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import Depends
from starlette.datastructures import FormData
from starlette.requests import Request

from tenantry.database import Work
from tenantry.kernel.problems import Conflict, Fault, Invalid, Refused, Stale
from tenantry.web.ui.views import FieldError

MOST_FIELDS = 2_000


async def _read(request: Request) -> FormData:
    return await request.form(max_fields=MOST_FIELDS)


Form = Annotated[FormData, Depends(_read)]


def text(form: FormData, name: str) -> str:
    """Give one field as it was typed, without the blanks around it; nothing for a file."""
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def texts(form: FormData, name: str) -> list[str]:
    """Give every value of a field that may come several times."""
    return [value for value in form.getlist(name) if isinstance(value, str) and value]


def ticked(form: FormData, name: str) -> bool:
    """Say whether a box was ticked."""
    return text(form, name) == "on"


class Faults(dict[str, FieldError]):
    """What is wrong, by field; what belongs to no field that is shown stands at the top of the form."""

    @classmethod
    def of(cls, problem: Invalid) -> "Faults":
        """Read them off a refusal; of several about one field, the first."""
        found = cls()
        for fault in problem.faults:
            found.setdefault(fault.field, shown(fault))
        return found


def shown(fault: Fault) -> FieldError:
    """Say what is wrong with a field and how to mend it."""
    return FieldError(f"{fault.message} {fault.remedy}".strip(), fault.rule)


T = TypeVar("T")
NOT_NOW = (Refused, Conflict, Stale)


def attempt(work: Work, act: Callable[[], T]) -> tuple[T | None, Faults]:
    """Do an act for a form: gives what it gave, or what is wrong; what it wrote before it was refused is taken back.

    What concerns no field stands at the top of the form, under the name "".
    """
    try:
        with work.connection.begin_nested():
            return act(), Faults()
    except Invalid as problem:
        return None, Faults.of(problem)
    except NOT_NOW as problem:
        return None, Faults({"": FieldError(f"{problem.message} {problem.remedy}".strip(), problem.rule)})


def version(form: FormData) -> int | None:
    """Give the version that the form was drawn from; a form without one takes any."""
    said = text(form, "version")
    return int(said) if said.isascii() and said.isdigit() else None
