"""The commands of `tenantry import`, one for each kind of file."""

from functools import partial
from typing import Annotated

import typer

from tenantry.cli.importing.asked import Options, asking
from tenantry.cli.importing.bringing import bring

app = typer.Typer(no_args_is_help=True, help="Imports from CSV and Excel files.")

Year = Annotated[
    str, typer.Option("--year", help="The year to bring in, of a file that has several; the latest unless set.")
]


@app.callback()
def group() -> None:
    """Imports from CSV and Excel files."""


@app.command()
@asking(partial(bring, "accounts"))
def accounts(
    skip_duplicates: Annotated[
        bool, typer.Option("--skip-duplicates", help="Leave out rows that look like accounts that are there.")
    ] = False,
) -> Options:
    """Bring in accounts with addresses and contacts (CAT-04).

    Exit code 0: all rows are in; 1: refused; 3: some rows were refused;
    4: planned, and waiting for somebody to confirm.
    """
    return {"skip_duplicates": skip_duplicates}


@app.command()
@asking(partial(bring, "products"))
def products(year: Year = "") -> Options:
    """Bring in products with their prices and add-ons; those that are here are shown as a difference first (CAT-04).

    Exit codes are those of accounts.
    """
    return {"year": year}


@app.command()
@asking(partial(bring, "prices"))
def prices(year: Year = "") -> Options:
    """Set prices of products that are here: unit prices, or those of the price list that a column names (CAT-04).

    Exit codes are those of accounts.
    """
    return {"year": year}


@app.command()
@asking(partial(bring, "subscriptions"))
def subscriptions() -> Options:
    """Bring in running subscriptions of accounts that are here; nothing is charged for the past (CAT-04).

    Exit codes are those of accounts.
    """
    return {}
