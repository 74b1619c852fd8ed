"""`tenantry reseller`: see a tenant reseller, suspend and resume him, and close him for good (TEN-07)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, TypeVar
from uuid import UUID

import typer
from rich.markup import escape

from tenantry.channel.tenant_resellers import standing
from tenantry.channel.tenant_resellers.effects import Act, Effect, effects
from tenantry.channel.tenant_resellers.queries import tenant_reseller_
from tenantry.cli.context import Data, Json, console, every_tenant_above, opened, person, show_json, tenant_named
from tenantry.database import Database, Work
from tenantry.kernel.actor import Actor
from tenantry.kernel.problems import Fault, Invalid

app = typer.Typer(no_args_is_help=True, help="How a tenant reseller stands: suspend, resume, close.")

DECIDE = 4
T = TypeVar("T")
WORDS = {"suspend": standing.suspend, "resume": standing.resume, "close": standing.close}
HELP: dict[Act, str] = {
    "suspend": "Suspend a tenant reseller: his users look, and sell or change nothing; what runs goes on",
    "resume": "Resume a suspended tenant reseller: he is again what he was before",
    "close": "Close a tenant reseller for good; refused with counts while something of his lives on",
}
EXIT_CODES = "Exit code 0: done, or only shown; 1: refused; 4: shown, and waiting for somebody to agree."

Reseller = Annotated[str, typer.Option(help="Short name of the reseller's tenant.")]
Because = Annotated[str, typer.Option(help="Why; it stands in the history.")]
OnlyPlan = Annotated[bool, typer.Option("--plan", help="Show what follows, and change nothing.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]
User = Annotated[str | None, typer.Option(help="E-mail of the user who does it; the distributor's admin unless set.")]


@app.callback()
def group() -> None:
    """How a tenant reseller stands: suspend, resume, close."""


def _command(act: Act) -> Callable[..., None]:
    def command(
        reseller: Reseller,
        because: Because = "",
        only_plan: OnlyPlan = False,
        yes: Yes = False,
        user: User = None,
        data: Data = None,
        as_json: Json = False,
    ) -> None:
        _become(act, reseller, because, user, data, only_plan=only_plan, yes=yes, as_json=as_json)

    return command


for _act, _what in HELP.items():
    app.command(_act, help=f"{_what} (TEN-07).\n\n{EXIT_CODES}")(_command(_act))


def _become(
    act: Act, reseller: str, because: str, user: str | None, data: Data, *, only_plan: bool, yes: bool, as_json: bool
) -> None:
    with _asked(reseller, user, data) as (web, above, actor, id):
        seen = _in(web, above, actor, lambda work: effects(work, id, act))
        if not as_json:
            _show(seen)
        if only_plan or not (yes or (not as_json and typer.confirm(f"{act.capitalize()} {reseller}?"))):
            if as_json:
                show_json(seen)
            raise typer.Exit(0 if only_plan else DECIDE)
        _in(web, above, actor, lambda work: WORDS[act](work, id, because=because))
        one = _in(web, above, actor, lambda work: tenant_reseller_(work, id))
    if as_json:
        show_json(one)
    else:
        console.print(f"[green]✓[/green] {escape(one.name)} is {one.state.replace('_', ' ')}.")


def _show(seen: tuple[Effect, ...]) -> None:
    for one in seen:
        mark = "[red]✗[/red]" if one.stops else "•"
        console.print(f"  {mark} {escape(one.sentence)} [dim]{escape(one.remedy)}[/dim]".rstrip())


@contextmanager
def _asked(reseller: str, user: str | None, data: Data) -> Iterator[tuple[Database, UUID, Actor, UUID]]:
    with opened(data) as (_, ready):
        below, web = tenant_named(ready, reseller), ready.web()
        if below.parent_id is None:
            remedy = "Name the tenant of a reseller."
            raise Invalid(Fault("reseller", f"{reseller} is not a tenant reseller.", "TEN-07", remedy))
        admin = dict(every_tenant_above(ready)).get(below.parent_id)
        actor = person(ready, web, below.parent_id, user, admin)
        yield web, below.parent_id, actor, below.reseller_account_id


def _in(web: Database, above: UUID, actor: Actor, do: Callable[[Work], T]) -> T:
    with web.work(above, actor) as work:
        return do(work)
