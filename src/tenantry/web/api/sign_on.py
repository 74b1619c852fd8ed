"""Single sign-on of the organisation: read, set up, removed; its secret goes in and never comes out (SEC-03)."""

from typing import Annotated

from tenantry.database import Work
from tenantry.schema import tenant as t
from tenantry.tenancy.sign_on import actions, queries
from tenantry.tenancy.sign_on.actions import NewSignOn
from tenantry.tenancy.sign_on.queries import SignOnView
from tenantry.web.api.common import Version, body, resource
from tenantry.web.api.shapes import shown, taken
from tenantry.web.http.access import may

SIGN_ON = shown(SignOnView, t.sign_on, name="SingleSignOn")
NEW_SIGN_ON = taken(
    NewSignOn,
    t.sign_on,
    name="NewSingleSignOn",
    client_secret="Client secret, kept sealed and never given back; left out, the present one stays.",  # noqa: S106 - what it is
)
EXAMPLE = {
    "name": "Example Login",
    "issuer": "https://login.example.com",
    "client_id": "tenantry",
    "client_secret": "given by the provider",
    "domains": ["example.com"],
}

sign_on = resource("Set-up")


@sign_on.get("/single-sign-on", response_model=SIGN_ON)
@may("setup:view")
def read_single_sign_on(work: Work) -> SignOnView:
    """Read how single sign-on is set up; 404 where it is not."""
    return queries.view(work)


@sign_on.put("/single-sign-on", response_model=SIGN_ON)
@may("setup:edit")
def set_single_sign_on_up(
    work: Work, new: Annotated[NewSignOn, body(NEW_SIGN_ON, EXAMPLE)], version: Version
) -> SignOnView:
    """Set single sign-on up, or change it, which only an administrator may; another issuer unties every user."""
    actions.configure(work, new, version=version)
    return queries.view(work)


@sign_on.delete("/single-sign-on", status_code=204)
@may("setup:edit")
def remove_single_sign_on(work: Work, version: Version) -> None:
    """Let passwords alone let in, and forget who is who at the provider."""
    actions.remove(work, version=version)
