"""What a call costs in statements, as the page on speed says it (API-01)."""

import re
from pathlib import Path

from tests.sales.stories import priced, submitted
from tests.web.conftest import Enter, statements
from tests.world import World

from tenantry.sales.actions import NewItem

SAID = Path(__file__).parents[2] / "docs/explanation/speed.md"


def said(call: str) -> int:
    """Read how many statements the page names for a call."""
    found = re.search(rf"^\| {re.escape(call)} \|.*\| (\d+) \|$", SAID.read_text(), re.MULTILINE)
    assert found, call
    return int(found[1])


def test_an_account_with_two_contacts_and_an_address_takes_as_many_statements_as_is_said(
    world: World, asks: Enter
) -> None:
    me = asks()
    new = {"addresses": [{"city": "Berlin", "country": "DE"}], "contacts": [{"last_name": "Ek"}, {"last_name": "Ott"}]}
    me.make("/accounts", name="First", **new)

    with statements(world.web) as sent:
        me.make("/accounts", name="Second", **new)

    assert len(sent) == said("Create an account with two contacts and an address")


def test_an_order_with_three_items_is_executed_in_as_many_statements_as_is_said(world: World, asks: Enter) -> None:
    home, me, acme = world.distributor(), asks(), world.account(credit_limit=1000)
    products = [priced(world, home) for _ in range(3)]
    first, second = (submitted(world, home, acme, *(NewItem(one.id, "monthly", 2) for one in products)) for _ in "ab")
    me.ask("PUT", f"/orders/{first}/execution", json={})

    with statements(world.web) as sent:
        answer = me.ask("PUT", f"/orders/{second}/execution", json={})

    assert (answer.status_code, len(answer.json()["subscriptions"])) == (200, 3)
    assert len(sent) == said("Execute an order with three items")
