"""The API: nouns, plural, under one version; everything that the pages can do (API-01, API-02)."""

from tenantry.web.api.document import PREFIX
from tenantry.web.api.resources import router

__all__ = ["PREFIX", "router"]
