"""A sale climbs tier by tier, each with its own prices, currency, options and locks (UP, "the same at every level")."""

from dataclasses import dataclass

import pytest

from tenantry.channel import mirror
from tenantry.channel.mirror import applying
from tenantry.crm import queries as accounts
from tenantry.sales.actions import NewItem
from tests.channel.mirroring import Channel, drain
from tests.channel.stories import everything
from tests.world import Row, Tenant, World


@dataclass
class Chain:
    """Tenants from the top down, each the reseller of the one before it; the lowest sells to a customer."""

    world: World
    tenants: list[Tenant]
    customer: Row

    @property
    def lowest(self) -> Channel:
        """The lowest two of the chain, as a story of their own."""
        return Channel(self.world, self.tenants[-2], self.tenants[-1], self.customer)

    def product(self, *prices: object, **given: object) -> Row:
        """Give all of them a product, each with what it asks for one; the lowest asks 100."""
        top, *others = self.tenants
        made = self.world.product(top, **given)
        shared = {"id": made.id, "sku": made.sku, "name": made.name, "kind": made.kind}
        for at in others:
            self.world.product(at, **{**given, **shared, "standing": "inherited"})
        cycle = "one_off" if given.get("trial_days") == 1 else "monthly"
        for at, price in zip(self.tenants, (*prices, 100), strict=True):
            for currency in ("EUR", "USD"):
                priced = {"cycle": cycle, "currency": currency, "unit_price": price}
                self.world.insert(at, "product_price", product_id=made.id, **priced)
        return made

    def drain(self) -> None:
        """Apply what was told, from the bottom up."""
        for at in self.tenants[:0:-1]:
            drain(self.world, at)

    def row(self, at: int, table: str, id: object) -> Row:
        found = self.world.row(self.tenants[at], table, id)
        assert found is not None
        return found

    def orders(self, at: int) -> list[list[tuple[str, int, object]]]:
        """Give the items of the back orders of a tenant, in the order of the orders' numbers."""
        names = {one.id: one.name for one in self.world.rows(self.tenants[at], "product")}
        found = sorted(self.world.rows(self.tenants[at], "order", standing="back_order"), key=lambda one: one.number)
        return [
            [
                (names[one.product_id], one.quantity, one.unit_price)
                for one in sorted(
                    self.world.rows(self.tenants[at], "order_item", order_id=order.id), key=lambda one: one.position
                )
            ]
            for order in found
        ]


def chain(world: World, tiers: int = 3) -> Chain:
    tenants = [world.distributor()]
    for _ in range(tiers - 1):
        tenants.append(world.tenant_reseller("live", above=tenants[-1]))
    customer = world.account(at=tenants[-1], name="Acme", accounting_no="R-1")
    world.address(customer, at=tenants[-1], city="Athens", country="GR", is_billing=True)
    return Chain(world, tenants, customer)


def test_up_01_up_31_bo_01_a_sale_climbs_each_tier_at_its_own_price(world: World) -> None:
    story = chain(world)
    mail = story.product(3, 6, name="Mail")
    made = story.lowest.sold(mail, 5)
    story.drain()

    assert story.orders(1) == [[("Mail", 5, 6)]]
    assert story.orders(0) == [[("Mail", 5, 3)]]
    assert [story.row(at, "subscription", made.id).unit_price for at in (0, 1, 2)] == [3, 6, 100]
    assert [story.row(at, "subscription", made.id).standing for at in (0, 1, 2)] == ["mirrored", "mirrored", "own"]


def test_up_11_up_05_each_tenant_knows_its_neighbour_below_as_manager_and_payer(world: World) -> None:
    story = chain(world)
    story.lowest.sold(story.product(3, 6))
    story.drain()
    for at in (0, 1):
        below = story.tenants[at + 1]
        account = story.row(at, "account", story.customer.id)
        assert (account.standing, account.managed_by) == ("mirrored", below.id)
        assert (account.bill_to_id, account.parent_id) == (below.account_id, below.account_id)
        with world.web.work(story.tenants[at].id, world.admin(story.tenants[at])) as work:
            assert accounts.account(work, story.customer.id).ribbon == (
                f"This account is managed by {below.name} Tenant Reseller"
            )


def test_up_10_up_06_up_07_each_tier_has_its_own_currency_and_options(world: World) -> None:
    story = chain(world)
    top, middle, _ = story.tenants
    world.update(top, "account", middle.account_id, currency="USD")
    world.update(top, "tenant_reseller", middle.account_id, separate_invoices=True)
    made = story.lowest.sold(story.product(3, 6))
    story.drain()
    assert [story.row(at, "account", story.customer.id).currency for at in (0, 1)] == ["USD", "EUR"]
    assert [story.row(at, "subscription", made.id).currency for at in (0, 1)] == ["USD", "EUR"]
    assert [story.row(at, "account", story.customer.id).separate_invoices for at in (0, 1)] == [True, False]
    assert [story.row(at, "account", story.customer.id).responsible_user_id for at in (0, 1)] == [
        top.admin_id,
        middle.admin_id,
    ]


def test_bo_03_one_event_is_one_order_in_every_tier_of_four_also_with_assets(world: World) -> None:
    story = chain(world, 4)
    mail, files = story.product(1, 2, 3, name="Mail"), story.product(1, 2, 3, name="Files")
    router = story.product(10, 20, 30, name="Router", trial_days=1)
    story.lowest.sell(NewItem(mail.id, "monthly", 5), NewItem(router.id, "one_off", 1), NewItem(files.id, "monthly", 2))
    story.drain()
    for at in (2, 1, 0):
        [items] = story.orders(at)
        assert sorted(items) == [("Files", 2, at + 1), ("Mail", 5, at + 1), ("Router", 1, 10 * (at + 1))]
    when = [
        (one.ordered_on, one.executed_at)
        for at in story.tenants[:3]
        for one in world.rows(at, "order", standing="back_order")
    ]
    assert len(set(when)) == 1


def test_up_21_up_02_changes_status_and_address_climb_to_the_top(world: World) -> None:
    story = chain(world)
    made = story.lowest.sold(story.product(3, 6))
    story.drain()
    story.lowest.account("edit", {"name": "Acme AG"})
    story.lowest.do("change_quantity", made, 9)
    story.lowest.do("cancel", made)
    story.lowest.account("suspend", because="unpaid")
    story.drain()
    for at in (0, 1):
        account = story.row(at, "account", story.customer.id)
        assert (account.name, account.status) == ("Acme AG", "suspended")
        mirror = story.row(at, "subscription", made.id)
        assert (mirror.quantity, mirror.status) == (9, "cancelled")
        lines = [one.sentence for one in world.rows(story.tenants[at], "history_line", subject_id=story.customer.id)]
        assert f"Account's Status Changed to Suspended due to changes on {story.tenants[at + 1].name}" in lines


def test_up_01_what_the_middle_has_of_its_own_goes_no_further(world: World) -> None:
    story = chain(world)
    _, middle, lowest = story.tenants
    # The middle's own product, which the lowest resells.
    mail = world.product(middle, name="Mail")
    world.product(lowest, id=mail.id, sku=mail.sku, name=mail.name, standing="inherited")
    for at, price in ((middle, 6), (lowest, 9)):
        given = {"cycle": "monthly", "currency": "EUR", "unit_price": price}
        world.insert(at, "product_price", product_id=mail.id, **given)
    story.lowest.sold(mail, 5)
    story.drain()
    assert story.orders(1) == [[("Mail", 5, 6)]]
    assert story.orders(0) == []
    assert world.row(story.tenants[0], "account", story.customer.id) is None


def test_up_01_a_middle_that_is_not_live_tells_nobody(world: World) -> None:
    story = chain(world)
    world.update(story.tenants[1], "tenant", story.tenants[1].id, live_at=None)
    story.lowest.sold(story.product(3, 6))
    story.drain()
    assert len(story.orders(1)) == 1
    assert world.row(story.tenants[0], "account", story.customer.id) is None


def test_up_21_up_24_a_deletion_below_archives_in_every_tier(world: World) -> None:
    story = chain(world)
    made = story.lowest.sold(story.product(3, 6))
    story.lowest.do("cancel", made)
    story.drain()
    story.lowest.account("delete")
    story.drain()
    for at in (0, 1):
        account = story.row(at, "account", story.customer.id)
        assert (account.standing, account.status, account.managed_by) == ("archived", "deleted", None)


def test_up_40_replaying_every_tier_changes_nothing_anywhere(world: World) -> None:
    story = chain(world)
    made = story.lowest.sold(story.product(3, 6), 5)
    story.lowest.do("change_quantity", made, 8)
    told = story.lowest.told()
    story.drain()
    before = everything(world, *story.tenants)
    story.lowest.repeat(*told)
    story.drain()
    assert everything(world, *story.tenants) == before


def test_up_31_bo_12_an_add_on_that_climbs_before_its_sale_is_heard_of_costs_what_it_cost_then(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The middle has all of the subscription with its first message; the sale of the add-on it hears of later."""
    story = chain(world)
    mail, archive = story.product(10, 20), story.product(3, 4, kind="add_on")
    for at in story.tenants:
        world.insert(at, "product_add_on", product_id=mail.id, add_on_id=archive.id)
    many = {"product_id": archive.id, "cycle": "monthly", "min_quantity": 5, "price": 2}
    world.insert(story.tenants[0], "price_list_item", price_list_id=story.tenants[1].price_list_id, **many)
    sold = story.lowest.sold(mail, 5)
    story.lowest.do("add_add_on", sold, archive.id, 6)
    story.lowest.do("change_add_on_quantity", sold, archive.id, 1)
    monkeypatch.setattr(applying, "BATCH", 1)

    mirror.apply(world.worker, story.tenants[2].id)
    drain(world, story.tenants[1])
    [early] = world.rows(story.tenants[0], "subscription_add_on", subscription_id=sold.id)
    assert (early.quantity, early.unit_price) == (1, 3)
    story.drain()

    [late] = world.rows(story.tenants[0], "subscription_add_on", subscription_id=sold.id)
    assert (late.id, late.quantity, late.unit_price) == (early.id, 1, 2)
    assert story.orders(0)[1:] == [[(archive.name, 6, 2)], [(archive.name, -5, 3)]]
