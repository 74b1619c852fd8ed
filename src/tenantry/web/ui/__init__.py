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

# Routes are put together as they are: to include a router makes each of its routes a second time.
router = APIRouter()
for _room in ROOMS:
    if find_spec(f"{__name__}.{_room}"):
        router.routes.extend(import_module(f"{__name__}.{_room}").router.routes)
