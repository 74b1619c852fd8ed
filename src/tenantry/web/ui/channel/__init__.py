"""The pages of tenant resellers and handovers."""

from fastapi import APIRouter

from tenantry.web.ui.channel import (
    confirming,
    creating,
    exporting,
    going_live,
    handovers,
    mirrors,
    reconciling,
    resellers,
    standing,
    transfer,
    undoing,
    updating,
)

router = APIRouter()
# `new` before the page of one, which would take it for an id.
for _pages in (
    creating,
    resellers,
    standing,
    transfer,
    exporting,
    going_live,
    handovers,
    confirming,
    undoing,
    updating,
    reconciling,
    mirrors,
):
    router.routes.extend(_pages.router.routes)
