"""`tenantry update-tenant`: carry changes of the catalogue down to a tenant reseller."""

from typing import Annotated

import typer
from rich.markup import escape

from tenantry.channel.catalogue_updates import actions, queries
from tenantry.channel.catalogue_updates.applying import apply
from tenantry.cli.context import Data, Json, console, opened, person, show_json, tenant_named
from tenantry.kernel.problems import Fault, Invalid
from tenantry.tenancy import queries as tenancy

SHOWN = 50
OUTDATED, DECIDE = 3, 4


def update_tenant(
    reseller: Annotated[str, typer.Option(help="Short name of the reseller's tenant.")],
    purchase_prices: Annotated[
        bool, typer.Option("--purchase-prices", help="Purchase prices only; everything inherited unless set.")
    ] = False,
    selling_prices: Annotated[
        bool, typer.Option("--selling-prices", help="Set the reseller's selling prices to the distributor's too.")
    ] = False,
    only_plan: Annotated[bool, typer.Option("--plan", help="Show the differences, and change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Apply without asking.")] = False,
    user: Annotated[
        str | None, typer.Option(help="E-mail of the user who does it; the distributor's admin unless set.")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Carry changes of the distributor's catalogue down to a tenant reseller, shown first item by item (CAT-20).

    Exit code 0: applied, or nothing differs; 1: refused; 3: the catalogues changed meanwhile;
    4: planned, and waiting for somebody to confirm.
    """
    with opened(data) as (_, ready):
        below, web = tenant_named(ready, reseller), ready.web()
        if below.parent_id is None or below.reseller_account_id is None:
            raise Invalid(
                Fault("reseller", f"{reseller} is not a tenant reseller.", "CAT-20", "Name the tenant of a reseller.")
            )
        above = below.parent_id
        with web.work(above) as work:
            admin = tenancy.tenant(work).admin_user_id
        actor = person(ready, web, above, user, admin)
        mode = "purchase_prices" if purchase_prices else "full"
        with web.work(above, actor) as work:
            id_ = actions.plan(work, below.reseller_account_id, mode, with_selling_prices=selling_prices)
            view = queries.update_(work, id_)
        if not as_json:
            _show(view)
        nothing = all(one.verdict == "clash" for one in view.differences)
        if only_plan or nothing or not (yes or (not as_json and typer.confirm("Apply these differences?"))):
            if as_json:
                show_json(view)
            raise typer.Exit(0 if only_plan or nothing else DECIDE)
        with web.work(above, actor) as work:
            actions.confirm(work, id_, view.digest)
        is_applied = apply(ready.worker(), above, id_)
        with web.work(above, actor) as work:
            view = queries.update_(work, id_)
        if as_json:
            show_json(view)
        else:
            console.print(f"[green]✓[/green] {view.summary}." if is_applied else "The catalogues changed meanwhile.")
        raise typer.Exit(0 if is_applied else OUTDATED)


def _show(view: queries.CatalogueUpdateView) -> None:
    console.print(f"[bold]{view.summary}[/bold]")
    for one in view.differences[:SHOWN]:
        change = f"{one.field}: {one.before or 'nothing'} → {one.after or 'nothing'}" if one.field else one.verdict
        console.print(f"  {escape(one.what)}: {escape(change)} [dim]({one.rule}) {escape(one.why)}[/dim]")
    if len(view.differences) > SHOWN:
        console.print(f"  [dim]... and {len(view.differences) - SHOWN:,} more; --json shows all.[/dim]")
