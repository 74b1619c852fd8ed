"""`tenantry handover`: plan a handover, look at it, confirm it, watch it, undo it."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from tenantry.channel.handovers import actions, queries, reversal
from tenantry.cli.context import Data, Json, console, opened, person, show_json, tenant_named
from tenantry.cli.handing_over import DECIDE, FAILURES, here_of, plan_and_run, show_findings, show_result
from tenantry.cli.naming import accounts_in, ids_in, rates_of
from tenantry.kernel.problems import Fault, Invalid

app = typer.Typer(no_args_is_help=True, help="Handovers: customers move between tenants.")

Reseller = Annotated[str, typer.Option(help="Short name of the reseller's tenant.")]
User = Annotated[str | None, typer.Option(help="E-mail of the user who does it; the distributor's admin unless set.")]


@app.callback()
def group() -> None:
    """Handovers: customers move between tenants."""


@app.command("transfer-accounts")
def transfer_accounts(
    reseller: Reseller,
    take_all: Annotated[bool, typer.Option("--all", help="Every account that can go.")] = False,
    accounts: Annotated[
        Path | None, typer.Option(help="A file with an account's id or number a line.", exists=True, dir_okay=False)
    ] = None,
    only_plan: Annotated[bool, typer.Option("--plan", help="Plan and show, and change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Confirm without asking, warnings included.")] = False,
    user: User = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Transfer a distributor's customers into a tenant reseller's tenant (DN-01).

    Exit code 0: done; 1: refused; 3: done, but some accounts were left;
    4: planned, and waiting for somebody to confirm.
    """
    if take_all == (accounts is not None):
        raise Invalid(Fault("accounts", "Say which accounts go.", "DN-03", "Give --all, or --accounts FILE."))
    with opened(data) as (_, ready):
        here = here_of(ready, reseller, user)
        chosen: Any = "all" if take_all else accounts_in(here.web, here.tenant_id, here.actor, accounts)
        plan_and_run(here, "transfer_accounts", chosen, only_plan=only_plan, yes=yes, as_json=as_json)


@app.command("transfer-subscriptions")
def transfer_subscriptions(
    reseller: Reseller,
    take_all: Annotated[bool, typer.Option("--all", help="Every subscription and asset that can go.")] = False,
    subscriptions: Annotated[
        Path | None,
        typer.Option(help="A file with the id of a subscription or an asset a line.", exists=True, dir_okay=False),
    ] = None,
    rate: Annotated[
        list[str] | None,
        typer.Option(help="Convert a currency into that of the price list, such as USD=0.92; may be given again."),
    ] = None,
    only_plan: Annotated[bool, typer.Option("--plan", help="Plan and show, and change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Confirm without asking, warnings included.")] = False,
    user: User = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Transfer what copied accounts have into the reseller's tenant; once nothing is left he goes live (DN-40, DN-45).

    Exit code 0: done; 1: refused; 3: done, but some were left;
    4: planned, and waiting for somebody to confirm.
    """
    if take_all == (subscriptions is not None):
        remedy = "Give --all, or --subscriptions FILE."
        raise Invalid(Fault("subscriptions", "Say which subscriptions go.", "DN-40", remedy))
    with opened(data) as (_, ready):
        here = here_of(ready, reseller, user)
        chosen: Any = "all" if take_all else ids_in(subscriptions)
        rates = rates_of(rate or [])
        options = {"only_plan": only_plan, "yes": yes, "as_json": as_json}
        plan_and_run(here, "transfer_subscriptions", chosen, rates, **options)


@app.command("activate-back-ordering")
def activate_back_ordering(
    reseller: Reseller,
    only_plan: Annotated[bool, typer.Option("--plan", help="Plan and show, and change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Confirm without asking, warnings included.")] = False,
    user: User = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make a tenant reseller live; accounts without subscriptions that are left are copied first (DN-45).

    Exit code 0: done; 1: refused; 3: it could not be done;
    4: planned, and waiting for somebody to confirm.
    """
    with opened(data) as (_, ready):
        here = here_of(ready, reseller, user)
        plan_and_run(here, "activate_back_ordering", "all", only_plan=only_plan, yes=yes, as_json=as_json)


@app.command("undo")
def undo(
    tenant: Annotated[str, typer.Option(help="Short name of the distributor's tenant.")],
    number: Annotated[int, typer.Option(help="Number of the handover.")],
    yes: Annotated[bool, typer.Option("--yes", help="Undo without asking.")] = False,
    user: User = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Undo a handover; what stands in the way stays, each account with its reason (DN-34)."""
    with opened(data) as (_, ready):
        above = tenant_named(ready, tenant)
        web = ready.web()
        actor = person(ready, web, above.id, user, above.admin_user_id)
        with web.work(above.id, actor) as work:
            id_ = next((one.id for one in queries.recent(work, limit=1000) if one.number == number), None)
            if id_ is None:
                raise Invalid(
                    Fault(
                        "number", f"There is no handover {number} here.", "HND-04", "Look at `tenantry handover list`."
                    )
                )
            in_the_way, subject = queries.obstacles(work, id_), queries.handover_(work, id_).subject
        if not as_json:
            show_findings(in_the_way, subject)
        if not yes and (as_json or not typer.confirm("Undo what can be undone?")):
            raise typer.Exit(DECIDE)
        with web.work(above.id, actor) as work:
            actions.reverse(work, id_)
        worker = ready.worker()
        reversal.run(worker, above.id, id_)
        with web.work(above.id, actor) as work:
            view = queries.handover_(work, id_)
        if as_json:
            show_json(view)
        else:
            show_result(view)
        raise typer.Exit(0 if view.status == "undone" else FAILURES)


@app.command("list")
def list_(
    tenant: Annotated[str, typer.Option(help="Short name of the distributor's tenant.")],
    user: User = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List the latest handovers of a tenant."""
    with opened(data) as (_, ready):
        above = tenant_named(ready, tenant)
        web = ready.web()
        actor = person(ready, web, above.id, user, above.admin_user_id)
        with web.work(above.id, actor) as work:
            found = queries.recent(work)
        if as_json:
            show_json(found)
            return
        table = Table("Number", "Kind", "Reseller", "Status", "Records", "Confirmed by", box=None, pad_edge=False)
        for one in found:
            table.add_row(
                str(one.number),
                one.title,
                one.reseller_name,
                one.status.replace("_", " "),
                f"{one.total:,}",
                one.confirmed_by,
            )
        console.print(table if found else "No handovers yet.", soft_wrap=False)
