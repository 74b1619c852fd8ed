"""The way from an account to the shop in which its reseller buys for it (DN-30)."""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from tenantry.crm import queries
from tenantry.crm.storefront_users import shops
from tenantry.crm.storefront_users.invitations import no_shop
from tenantry.database import Work
from tenantry.kernel.problems import NotFound, Refused
from tenantry.web.http.access import may
from tenantry.web.ui.ids import Id

router = APIRouter()


@router.get("/accounts/{id}/shop")
@may("accounts:view")
def shop(work: Work, id: Id) -> Response:
    """Lead to the shop, where storefront users sign in."""
    verdict = queries.account(work, id).actions["buy"]
    if not verdict:
        raise Refused(verdict)
    try:
        return RedirectResponse(f"/shop/{shops.of(work).code}", 303)
    except NotFound:
        raise Refused(no_shop, "Change the edition, or sell in the back office.") from None
