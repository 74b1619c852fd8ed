"""The reference of the documentation, generated: rules, settings, commands, permissions, tables, problems, API."""

from tenantry.docs.pages import MEND, PAGES, ROOT, stale, write

__all__ = ["MEND", "PAGES", "ROOT", "stale", "write"]
