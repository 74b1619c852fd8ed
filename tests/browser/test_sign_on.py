"""Single sign-on in a browser: set up and tested by an administrator, then signed in with (SEC-03, UI-01)."""

from playwright.sync_api import Browser
from tests.browser.conftest import Visitor, Visits
from tests.tenancy.provider import Provider, at_provider
from tests.world import World

from tenantry.schema import tenant as t

__all__ = ["at_provider"]


def test_sec_03_somebody_sets_single_sign_on_up_and_signs_in_with_it(
    visits: Visits, chromium: Browser, site: str, world: World, at_provider: Provider
) -> None:
    here = world.tenant()
    email = f"ada@{here.code}.example"
    world.insert(here, t.tenant_user, email=email, name="Ada Lovelace")
    at_provider.knows("ada", email=email, email_verified=True)

    chief = visits(here)
    chief.goes_to("/setup/single-sign-on")
    chief.sees("No single sign-on yet")
    chief.presses("Set up", within="main")
    for label, value in (
        ("Name", "Acme Login"),
        ("Issuer", at_provider.url),
        ("Client id", "tenantry"),
        ("Client secret", "given by the provider"),
        ("E-mail domains", f"{here.code}.example"),
    ):
        chief.page.get_by_label(label, exact=False).first.fill(value)
    chief.finds_nothing_with_axe()
    chief.presses("Save")
    chief.sees("Single sign-on was saved", f"{site}/sign-in/sign-on/back")
    chief.finds_nothing_with_axe()
    chief.presses("Test", within="main")
    chief.sees("signs with 1 keys")

    ada = Visitor(chromium.new_context().new_page(), site)
    ada.goes_to("/sign-in")
    ada.presses("Take single sign-on")
    ada.page.get_by_label("Your organisation, or your e-mail").fill(email)
    ada.finds_nothing_with_axe()
    ada.presses("Continue")
    ada.finds_nothing_with_axe()
    assert ada.complaints == []
    ada.presses("Sign in with Acme Login")
    ada.page.locator("input[name=sub]").fill("ada")
    ada.page.get_by_role("button", name="Authorize").click()
    ada.page.wait_for_url(f"{site}/**")
    # The stand-in's own page wants a style sheet from elsewhere.
    ada.complaints.clear()
    ada.goes_to("/")
    ada.sees("Ada Lovelace")
    ada.page.context.close()
    assert ada.complaints == []
