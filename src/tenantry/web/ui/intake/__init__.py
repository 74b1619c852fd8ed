"""The pages of imports."""

from fastapi import APIRouter

from tenantry.web.ui.intake import bringing, imports, mapping, running

router = APIRouter()
# `new` before the page of one, which would take it for an id.
for _pages in (bringing, imports, mapping, running):
    router.routes.extend(_pages.router.routes)
