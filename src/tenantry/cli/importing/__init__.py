"""`tenantry import`: bring in files, each planned and shown first."""

from tenantry.cli.importing.commands import app

__all__ = ["app"]
