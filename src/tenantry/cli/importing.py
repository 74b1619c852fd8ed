"""`tenantry import`: bring in files, each planned and previewed first."""

import typer

app = typer.Typer(no_args_is_help=True, help="Imports from CSV and Excel files.")


@app.callback()
def group() -> None:
    """Imports from CSV and Excel files."""
