"""What people do on the back office's pages, whatever the page is."""

from uuid import UUID

from tests.browser.conftest import Visitor
from tests.web.conftest import colleague
from tests.world import Tenant, World

from tenantry.tenancy import sessions
from tenantry.web.http.identity import COOKIE


def fills(visitor: Visitor, **values: str) -> None:
    """Type into fields, by their names."""
    for name, value in values.items():
        visitor.page.locator(f"[id='field-{name}']").fill(value)


def picks(visitor: Visitor, label: str, typed: str, name: str) -> None:
    """Choose by typing a part of a name, with the keyboard."""
    field = visitor.page.get_by_role("combobox", name=label)
    field.press_sequentially(typed)
    offered = visitor.page.get_by_role("option", name=name)
    offered.wait_for()
    while offered.get_attribute("aria-selected") != "true":
        field.press("ArrowDown")
    field.press("Enter")
    offered.wait_for(state="hidden")


def is_refused(visitor: Visitor, label: str, rule: str, within: str = ".action-bar") -> None:
    """See a button that is disabled, can be focused, and says why and by which rule."""
    button = visitor.page.locator(within).get_by_role("button", name=label, exact=True).first
    assert button.get_attribute("aria-disabled") == "true"
    button.focus()
    tip = visitor.page.locator(f"[id='{button.get_attribute('aria-describedby')}']")
    tip.wait_for(state="visible")
    assert rule in tip.inner_text(), tip.inner_text()


def posts(visitor: Visitor, path: str, **fields: str) -> int:
    """Send a form that the page does not offer, with the page's own token; gives the status of the answer."""
    token = visitor.page.locator("input[name=csrf_token]").first.input_value()
    answer = visitor.page.request.post(
        visitor.site + path,
        form={"csrf_token": token, **fields},
        headers={"origin": visitor.site},
        max_redirects=0,
    )
    return answer.status


def comes_as(visitor: Visitor, world: World, at: Tenant, *permissions: str) -> UUID:
    """Let somebody else sit down in front of the browser: a colleague who may do only this."""
    user = colleague(world, at, permissions)
    with world.web.work(at.id) as work:
        _, cookie = sessions.start(work, user)
    visitor.page.context.clear_cookies()
    visitor.page.context.add_cookies([{"name": COOKIE, "value": cookie, "url": visitor.site}])
    return user
