"""`tenantry messages`: what could not be applied at the distributor: read, tried again, given up (UP-43)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from typing import Annotated
from uuid import UUID

import typer
from rich.markup import escape

from tenantry.channel.health import set_aside
from tenantry.cli.context import Data, Json, console, every_tenant_above, opened, person, show_json, tenant_named
from tenantry.database import Work
from tenantry.kernel.counting import counted
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import Fault, Invalid

app = typer.Typer(no_args_is_help=True, help="Messages that could not be applied and are set aside.")

Reseller = Annotated[str, typer.Option(help="Short name of the reseller's tenant.")]
User = Annotated[str | None, typer.Option(help="E-mail of the user who does it; the distributor's admin unless set.")]
Customer = Annotated[str, typer.Option(help="The customer's id.")]


@app.callback()
def group() -> None:
    """Messages that could not be applied and are set aside."""


@app.command("list")
def list_(reseller: Reseller, user: User = None, data: Data = None, as_json: Json = False) -> None:
    """List what is set aside of a tenant reseller, customer by customer, with the reason and what to do."""
    with _asked(reseller, user, data) as (work, id):
        found = set_aside.listed(work, id)
    if as_json:
        show_json(found)
        return
    for one in found:
        told = f"{counted(one.messages, 'message')} since {one.since.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        console.print(f"[bold]{escape(one.account_name)}[/bold] [dim]{one.id}, {told}[/dim]")
        console.print(f"  {escape(one.says)} [dim]({one.rule})[/dim] {escape(one.remedy)}")
    if not found:
        console.print("Nothing is set aside.")


@app.command("retry")
def retry(
    reseller: Reseller,
    customer: Annotated[str | None, typer.Option(help="The customer's id; all customers unless set.")] = None,
    user: User = None,
    data: Data = None,
) -> None:
    """Try again what is set aside; a worker applies it."""
    with _asked(reseller, user, data) as (work, id):
        many = set_aside.retry(work, id, _id(customer) if customer else None)
    console.print(f"Messages of {counted(many, 'customer')} are tried again.")


@app.command("resolve")
def resolve(
    reseller: Reseller,
    customer: Customer,
    reason: Annotated[str, typer.Option(help="Why; it stands in the history and the audit log.")],
    user: User = None,
    data: Data = None,
) -> None:
    """Give up what is set aside of a customer."""
    with _asked(reseller, user, data) as (work, id):
        many = set_aside.resolve(work, id, _id(customer), reason)
    console.print(f"{counted(many, 'message')} {'was' if many == 1 else 'were'} given up.")


@contextmanager
def _asked(reseller: str, user: str | None, data: Data) -> Iterator[tuple[Work, UUID]]:
    with opened(data) as (_, ready):
        below, web = tenant_named(ready, reseller), ready.web()
        if below.parent_id is None:
            fault = Fault(
                "reseller", f"{reseller} is not a tenant reseller.", "UP-43", "Name the tenant of a reseller."
            )
            raise Invalid(fault)
        admin = dict(every_tenant_above(ready)).get(below.parent_id)
        with web.work(below.parent_id, person(ready, web, below.parent_id, user, admin)) as work:
            yield work, below.reseller_account_id


def _id(text: str) -> UUID:
    found = as_id(text)
    if found is None:
        raise Invalid(Fault("customer", f"{text[:60]!r} is no id.", "UP-43", "`tenantry messages list` names them."))
    return found
