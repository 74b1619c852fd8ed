"""The states of a country, fetched when another country is chosen (TEN-30)."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tenantry.database import Work
from tenantry.web.http.access import ANYBODY_SIGNED_IN, may
from tenantry.web.ui.inputs import Asking, Input, asked
from tenantry.web.ui.rendering import part, words

FIELDS = ("state", "address_state")

router = APIRouter()


@router.get("/states")
@may(ANYBODY_SIGNED_IN)
def states(work: Work, request: Request, field: str = "state") -> Response:  # noqa: ARG001 - states are the same for all
    """Give the field of the state for the country that was chosen."""
    name = field if field in FIELDS else FIELDS[0]
    country = request.query_params.get(name.replace("state", "country"), "")
    values = {name.replace("state", "country"): country}
    return part("page/field.html", view=asked(Input(name, "State", "state"), Asking(words(request), values)))
