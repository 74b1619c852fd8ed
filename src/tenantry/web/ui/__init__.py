"""The back office for people: pages drawn from the rooms' views, acts through the rooms' actions (UI-01)."""

from importlib import import_module
from importlib.util import find_spec

from fastapi import APIRouter

from tenantry.web.ui.problems import problem_page

__all__ = ["problem_page", "router"]

ROOMS = (
    *("home", "changes", "signing", "signing_on", "searching", "choosing", "people", "crm"),
    *("sales", "billing", "catalog", "setup", "channel", "intake"),
)

router = APIRouter(include_in_schema=False)
for _room in ROOMS:
    if find_spec(f"{__name__}.{_room}"):
        router.include_router(import_module(f"{__name__}.{_room}").router)
