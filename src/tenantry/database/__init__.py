"""The database: the wall, units of work, migrations, and the embedded server."""

from tenantry.database.driver import once
from tenantry.database.ready import Ready, spelled
from tenantry.database.rows import Row
from tenantry.database.work import Database, Work

__all__ = ["Database", "Ready", "Row", "Work", "once", "spelled"]
