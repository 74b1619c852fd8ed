"""`tenantry token`: API tokens from the command line."""

from datetime import timedelta
from typing import Annotated

import typer

from tenantry.cli.context import Data, Json, console, opened, person, settings_of, show_json, tenant_named
from tenantry.kernel import clock
from tenantry.tenancy import keys, tokens

app = typer.Typer(no_args_is_help=True, help="API tokens.")


@app.callback()
def group() -> None:
    """API tokens."""


@app.command()
def create(
    tenant: Annotated[str, typer.Option(help="Short name of the tenant.")],
    user: Annotated[str, typer.Option(help="E-mail of the user the token acts for.")],
    name: Annotated[str, typer.Option(help="What the token is for.")] = "command line",
    days: Annotated[int, typer.Option(min=1, max=366, help="Days until it expires.")] = 90,
    scope: Annotated[
        list[str] | None, typer.Option(help="Limit it to these permissions, such as accounts:view; repeat for several.")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make an API token; its secret is printed once and never again."""
    with opened(data) as (_, ready):
        found, database = tenant_named(ready, tenant), ready.web()
        his = person(ready, database, found.id, user, None)
        # Whoever has the shell of the installation is its operator, so the tenant's administrator makes it for him.
        operator = person(ready, database, found.id, None, found.admin_user_id)
        wanted = tokens.NewToken(
            name=name, scopes=scope or ["*"], expires_at=clock.now() + timedelta(days=days), user_id=his.id
        )
        with database.work(found.id, operator) as work:
            made = tokens.create(work, wanted)
        database.close()
    if as_json:
        show_json({"id": made.id, "token": made.secret, "tenant": tenant, "user": user, "expires_at": made.expires_at})
        return
    console.print(f"{made.secret}")
    console.print(
        f"[dim]Send it as: Authorization: Bearer <token>. It acts for {user} and expires in {days} days.[/dim]"
    )


@app.command()
def metrics(data: Data = None, as_json: Json = False) -> None:
    """Print the bearer token with which Prometheus reads /metrics from another machine."""
    from tenantry.web.http.metrics import metrics_token

    keys.use(settings_of(data).key())
    if as_json:
        show_json({"token": metrics_token()})
        return
    console.print(metrics_token())
