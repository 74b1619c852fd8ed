"""Search as you type, in every list that searches (UI-03, TEN-02)."""

import pytest
import sqlalchemy as sa
from tests.tenancy.lists import LISTS, account_row, ask, names, wrong
from tests.world import World

from tenantry.catalog.lists import PRICE_LISTS, PRODUCTS
from tenantry.crm.lists import ACTIVITIES, ADDRESSES
from tenantry.sales.lists import ORDERS, SUBSCRIPTIONS
from tenantry.schema import catalog, crm
from tenantry.tenancy.listing import Listing


def test_ui_03_search_as_you_type(world: World) -> None:
    """Every word, anywhere, in any order; what begins so comes first; signs mean themselves."""
    for name in ("Blue Acme", "Acme Berlin", "Acme 100%", "Zeta_1"):
        world.account(name=name)
    world.account(name="Other", email="info@acme.example", accounting_no="AC-77")

    def found(text: str) -> list[str]:
        return names(ask(world, search=text))

    assert found("acme") == ["Acme 100%", "Acme Berlin", "Blue Acme", "Other"]
    assert found("ACME blue") == ["Blue Acme"]
    assert found("ber") == ["Acme Berlin"]
    assert found("be") == ["Acme Berlin"]
    assert found("z") == ["Zeta_1"]
    assert found("ac-77") == ["Other"]
    assert found("00%") == ["Acme 100%"]
    assert found("ta_1") == ["Zeta_1"]
    assert found("acm%") == []
    assert found("\0\x07") == found("") == ["Acme 100%", "Acme Berlin", "Blue Acme", "Other", "Zeta_1"]
    assert found("/") == []


def test_ui_03_search_as_you_type_in_orders_subscriptions_products_and_price_lists(world: World) -> None:
    """By name and by what else people know them by; one letter asks for the names that begin so."""
    acme = world.account(name="Acme")
    mail, disk = world.product(name="Mail", sku="MX-100", category="Office"), world.product(name="Disk", sku="D-1")
    world.order(acme, name="First", number=770077, campaign="Spring")
    world.order(acme, name="Second", number=880088)
    world.subscription(acme, mail, name="Mail for Acme", external_id="ext-55")
    world.subscription(acme, disk, name="Disk for Acme")
    for name, currency in (("Retail", "EUR"), ("Export", "USD")):
        world.insert(world.distributor(), catalog.price_list, name=name, currency=currency)

    def found(listing: Listing, *texts: str) -> set[tuple[str, ...]]:
        return {tuple(names(ask(world, listing, search=text))) for text in texts}

    assert found(ORDERS, "fir", "first spr", "7007", "f") == {("First",)}
    assert found(SUBSCRIPTIONS, "acme mail", "EXT-55", "m") == {("Mail for Acme",)}
    assert found(PRODUCTS, "mai", "mx-1", "office", "m") == {("Mail",)}
    assert found(PRICE_LISTS, "ret", "eur", "r") == {("Retail",)}
    assert found(ORDERS, "third") == {()}


def test_ui_03_search_as_you_type_in_addresses_and_activities(world: World) -> None:
    acme, beta = world.account(name="Acme"), world.account(name="Beta")
    world.address(acme, name="Warehouse", street="Speicherstraße 14", postcode="20457", city="Hamburg")
    world.address(beta, name="Office", street="Main Street 1", postcode="10115", city="Berlin")
    home = world.distributor()
    access = {"responsible_user_id": home.admin_id, "permission_rule_id": home.rule_id}
    for of, subject in ((acme, "Offer by Friday"), (beta, "Call back")):
        world.insert(home, crm.activity, kind="task", subject=subject, account_id=of.id, about_id=of.id, **access)

    def found(listing: Listing, field: str, *texts: str) -> set[tuple[str, ...]]:
        return {tuple(one[field] for one in ask(world, listing, search=text).items) for text in texts}

    assert found(ADDRESSES, "name", "ware", "speicherst", "20457", "hamb 14", "w", "acme") == {("Warehouse",)}
    assert found(ADDRESSES, "name", "munich") == {()}
    assert found(ACTIVITIES, "subject", "offer", "friday off", "o", "acme") == {("Offer by Friday",)}
    assert found(ACTIVITIES, "subject", "nobody") == {()}


@pytest.mark.parametrize("listing", LISTS, ids=lambda listing: listing.name)
def test_api_04_a_list_searches_or_refuses_to(world: World, listing: Listing) -> None:
    """It never leaves the words out silently; nothing but spaces is no search."""
    assert ask(world, listing, search="  ").items == []
    if listing.searchable:
        assert ask(world, listing, search="nobody").items == []
    else:
        [(field, remedy)] = wrong(world, listing=listing, search="nobody")
        assert field == "search"
        assert next(column.name for column in listing.columns if column.filterable) in remedy


def test_ui_03_a_search_gives_fifty_and_says_that_there_are_more(world: World) -> None:
    """Filters look further than the first fifty."""
    distributor = world.distributor()
    rows = [
        account_row(distributor, f"Acme {number:03}", "active" if number < 60 else "closed") for number in range(70)
    ]
    with world.web.work(distributor.id) as work:
        work.connection.execute(sa.insert(crm.account), rows)

    page = ask(world, search="acme", limit=100, with_total=True)
    closed = ask(world, search="acme", filters={"status": ("eq", "closed")}, with_total=True)

    assert (len(page.items), str(page.total)) == (50, "more than 50")
    assert (len(closed.items), str(closed.total)) == (10, "10")
    first = ask(world, search="acme", limit=20)
    second = ask(world, search="acme", limit=20, cursor=first.next)
    assert names(first) + names(second) == names(page)[:40]


def test_ten_02_search_and_list_know_no_other_tenant(world: World) -> None:
    """Twins with the same names in two tenants."""
    other = world.tenant()
    world.account(name="Twin")
    world.account(at=other, name="Twin")

    for at in (world.distributor(), other):
        for search in ("", "twin", "t"):
            found = ask(world, at=at, search=search).items
            assert len(found) == 1
            assert world.row(at, crm.account, found[0]["id"])
