"""Which tasks there are: the closed list that `later` and the worker read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

Lane = Literal["live", "bulk"]
LANES: tuple[Lane, ...] = get_args(Lane)

TaskFunction = Callable[..., None]
Function = TypeVar("Function", bound=TaskFunction)


@dataclass(frozen=True)
class Task:
    """A plain function that runs later, `function(context, **ids)`; idempotent and resumable: it may be run twice."""

    name: str
    lane: Lane
    retries: int
    function: TaskFunction


TASKS: dict[str, Task] = {}


def task(name: str, lane: Lane = "bulk", retries: int = 8) -> Callable[[Function], Function]:
    """Declare a task under a name that never changes, because jobs outlive a release.

    A failure is retried `retries` times after 1, 4, 16, 64, ... seconds, at most an hour; then the job stays as failed.
    """

    def declare(function: Function) -> Function:
        known = TASKS.get(name)
        if known and known.function is not function:
            message = f"Two tasks are called {name!r}."
            raise TypeError(message)
        TASKS[name] = Task(name, lane, retries, function)
        return function

    return declare


def declared(name: str) -> Task:
    """Give the task of this name; a name that nobody declared is a fault of the program."""
    try:
        return TASKS[name]
    except KeyError:
        message = f"No task is called {name!r}; known: {', '.join(sorted(TASKS)) or 'none'}."
        raise LookupError(message) from None
