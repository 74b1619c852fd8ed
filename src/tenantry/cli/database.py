"""`tenantry migrate`: bring the database to the present."""

from tenantry.cli.context import Data, console, opened


def migrate(data: Data = None) -> None:
    """Bring the database to the present: migrations, the wall between tenants, and the program's two logins."""
    with opened(data) as (_, ready):
        console.print(f"The database {ready.owner_url.database} is up to date.")
