"""The pages of the one who is signed in, and of who is invited."""

from fastapi import APIRouter

from tenantry.web.ui.people import invitation, profile, second_factor

router = APIRouter()
for _part in (profile, second_factor, invitation):
    router.routes.extend(_part.router.routes)
