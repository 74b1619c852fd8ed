"""Random histories of sales below, each against a plain Python model of what has to be above (UP-01 to UP-43, BO)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from tenantry.channel import mirror
from tenantry.channel.mirror import applying
from tenantry.crm import actions as accounts
from tenantry.database import Database
from tenantry.kernel import clock
from tenantry.kernel.problems import Problem
from tenantry.sales.actions import NewItem, NewOrder, create_order, execute_order, submit_order
from tenantry.sales.subscriptions import actions
from tenantry.sales.subscriptions.due import bring_up_to_date
from tests.model.sales import Customer, Line, Sold, Ware
from tests.world import Row, Tenant, World

FIRST = datetime(2026, 3, 1, 8, tzinfo=UTC)
# Of the deep form; the short one is a tenth of it or less.
MOST = 1_000
# Seconds that all histories together may take, in the long form and in the short one.
HOURS, MINUTES = 3 * 3_600, 300
FEW = 7
FOLLOWS = """product_id cycle quantity start_on paid_from term_until renew external_id provisioning_status status end_on
    suspended_on""".split()
numbers = st.integers(0, 999)
units = st.integers(1, 9)


class Sales(RuleBasedStateMachine):
    """A reseller, his distributor, perhaps his distributor's: whatever is sold below, the model says what is above."""

    def __init__(self, web: Database, worker: Database) -> None:
        super().__init__()
        self.world = World(web, worker)
        self.chain: list[Tenant] = []
        self.customers: list[Customer] = []
        self.gone: list[Customer] = []
        self.planned: dict[UUID, tuple[Customer, Sold, int]] = {}
        self.now = FIRST

    @initialize(tiers=st.integers(2, 3))
    def begin(self, tiers: int) -> None:
        self.chain = [self.world.distributor()]
        for _ in range(tiers - 1):
            self.chain.append(self.world.tenant_reseller("live", above=self.chain[-1]))
        self.mail, self.more = self._ware("Mail"), self._ware("More")
        self.archive = self._ware("Archive", kind="add_on")
        self.router = self._ware("Router", cycle="one_off")
        self.middles, self.own = self._ware("Middle's", origin=tiers - 2), self._ware("Own", origin=tiers - 1)
        for of in (self.mail, self.more):
            self.world.insert(self.lowest, "product_add_on", product_id=of.id, add_on_id=self.archive.id)
        for one, to, kind in ((self.mail, self.more, "upgrade"), (self.more, self.mail, "downgrade")):
            self.world.insert(self.lowest, "product_path", product_id=one.id, to_product_id=to.id, kind=kind)
        self.customer()

    def _ware(self, name: str, origin: int = 0, kind: str = "service", cycle: str = "monthly") -> Ware:
        """Give all from its origin on a product, each with its price, cheaper from five on."""
        prices = tuple(10 * place + len(name) for place in range(1, len(self.chain) + 1))
        made: dict[str, Any] = {"kind": kind, "name": name, "trial_allowed": True}
        for place, at in enumerate(self.chain[origin:], origin):
            row = self.world.product(at, **made)
            made |= {"id": row.id, "sku": row.sku, "standing": "inherited"}
            price = {"product_id": row.id, "cycle": cycle, "currency": "EUR", "unit_price": Decimal(prices[place])}
            self.world.insert(at, "product_price", **price)
            if place + 1 < len(self.chain):
                item = {"product_id": row.id, "cycle": cycle, "min_quantity": 5, "price": prices[place] - 1}
                list_ = self.chain[place + 1].price_list_id
                self.world.insert(at, "price_list_item", price_list_id=list_, **item)
        return Ware(made["id"], name, origin, prices)

    # What happens below.

    @rule()
    def customer(self) -> None:
        said = {"name": f"Acme {len(self.customers)}", "email": "a@acme.example", "accounting_no": "R-1"}
        row = self.world.account(at=self.lowest, **said)
        self.world.address(row, at=self.lowest, city="Athens", country="GR", is_billing=True)
        self.customers.append(Customer(row.id, said, "Athens"))

    @rule(
        who=numbers,
        items=st.lists(st.tuples(st.integers(0, 3), units), min_size=1, max_size=3),
        archived=st.integers(0, 4),
        trial=st.booleans(),
        later=st.sampled_from([0, 0, 3]),
    )
    def sell(self, who: int, items: list[tuple[int, int]], archived: int, later: int, *, trial: bool) -> None:
        """Sell one or more, perhaps one of them as a trial, with an add-on, or from a later day on."""
        buyer = self._who(who)
        wares = [self.mail, self.more, self.middles, self.own]
        on = (self.now + timedelta(days=later)).date() if later else None
        wanted = [NewItem(wares[which].id, "monthly", many, start_on=on) for which, many in items]
        tried = trial and not later and len(items) == 1
        if tried:
            wanted = [NewItem(wanted[0].product_id, "monthly", wanted[0].quantity, trial=True)]
        elif archived and items[-1][0] < 2:
            wanted.append(NewItem(self.archive.id, "monthly", archived, start_on=on))
        made = self._order(buyer, wanted)
        if made is None:
            return
        started: list[Any] = []
        for row in sorted(made, key=lambda row: row.position):
            if row.product_id == self.archive.id:
                goes_with = next(one for one in started if one.id == row.subscription_id)
                goes_with.add_ons[self.archive.id] = Line(self.archive, archived, archived)
            else:
                ware = next(one for one in wares if one.id == row.product_id)
                line = Line(ware, row.quantity, row.quantity)
                started.append(Sold(row.subscription_id, line, paid=not tried))
        buyer.begin(*started)

    @rule(who=numbers, many=units)
    def buy(self, who: int, many: int) -> None:
        """Sell something that is paid once."""
        buyer = self._who(who)
        for row in self._order(buyer, [NewItem(self.router.id, "one_off", many)]) or []:
            buyer.buy(row.asset_id, self.router, many)

    def _order(self, buyer: Customer, wanted: list[NewItem]) -> list[Row] | None:
        made: list[UUID] = []

        def order(work: Any) -> None:
            made.append(create_order(work, NewOrder(buyer.id, items=wanted)))
            submit_order(work, made[0])
            execute_order(work, made[0])

        return self.world.rows(self.lowest, "order_item", order_id=made[0]) if self._does(order) else None

    @precondition(lambda self: self._any())
    @rule(which=numbers, many=units, days=st.sampled_from([0, 0, 2]))
    def quantity(self, which: int, many: int, days: int) -> None:
        """Change a quantity, now or on a day to come."""
        buyer, of = self._one(which)
        on = (self.now + timedelta(days=days)).date() if days else None
        done = self._does(actions.change_quantity, of.id, many, on=on)
        if done and done.planned:
            self.planned[done.change_id] = (buyer, of, many)
        elif done:
            buyer.change(of, many)

    @precondition(lambda self: self._any())
    @rule(which=numbers, many=st.integers(0, 9))
    def add_on(self, which: int, many: int) -> None:
        """Buy an add-on, change its number, or cancel it."""
        buyer, of = self._one(which, self.mail, self.more)
        known = self.archive.id in of.add_ons
        verb: Callable[..., Any] = actions.change_add_on_quantity if known else actions.add_add_on
        given = [self.archive.id, many]
        if not many:
            verb, given = actions.remove_add_on, [self.archive.id]
        if self._does(verb, of.id, *given):
            buyer.add_on(of, self.archive, many)

    @precondition(lambda self: self._any())
    @rule(which=numbers, many=st.none() | units)
    def move(self, which: int, many: int | None) -> None:
        """Move a subscription up or down, whole or in part."""
        buyer, of = self._one(which, self.mail, self.more)
        up = of.line.ware is self.mail
        to, verb = (self.more, actions.upgrade) if up else (self.mail, actions.downgrade)
        done = self._does(verb, of.id, to.id, many)
        if done:
            buyer.move(of, to, many if many and done.part_id else of.line.units, done.part_id)

    @precondition(lambda self: self._any())
    @rule(which=numbers, verb=st.sampled_from(["suspend", "resume", "cancel", "end", "keep", "renew", "stay"]))
    def follow(self, which: int, verb: str) -> None:
        """Do something that sells nothing."""
        _, of = self._one(which)
        acts: dict[str, Callable[..., Any]] = {
            "end": lambda work, id: actions.cancel(work, id, mode="end_of_period"),
            "renew": lambda work, id: actions.set_renewal(work, id, renew=False),
            "stay": lambda work, id: actions.set_renewal(work, id, renew=True),
        }
        self._does(acts.get(verb) or getattr(actions, verb), of.id)

    @precondition(lambda self: self._any())
    @rule(which=numbers)
    def convert(self, which: int) -> None:
        buyer, of = self._one(which)
        if self._does(actions.convert, of.id):
            buyer.convert(of)

    @rule(who=numbers, what=st.sampled_from(["edit", "city", *["reactivate"] * 4, "suspend", "delete", "close"]))
    def account(self, who: int, what: str) -> None:
        """Change a customer, his billing address or his status."""
        one = self._who(who)
        if what == "edit":
            changes = {"name": f"{one.said['name'][:20]}+", "email": "b@acme.example"}
            if self._does(accounts.edit, one.id, changes):
                one.said |= changes
        elif what == "city":
            [address] = self.world.rows(self.lowest, "address", account_id=one.id)
            if self._does(accounts.edit_address, address.id, {"city": f"{one.city[:20]}!"}):
                one.city = f"{one.city[:20]}!"
        elif self._does(getattr(accounts, what), one.id) is not None and what == "delete":
            self.customers.remove(one)
            self.gone.append(one)

    @rule(days=st.sampled_from([1, 3, 20, 32]))
    def day_comes(self, days: int) -> None:
        """Let days pass; what was planned below is done by itself."""
        self.now += timedelta(days=days)
        with clock.stopped(self.now):
            bring_up_to_date(self.world.worker, self.lowest.id)
        self._look_at_planned()

    # What happens above.

    @precondition(lambda self: self._any())
    @rule(which=numbers, tier=numbers)
    def above(self, which: int, tier: int) -> None:
        """Let a distributor name a mirror, and keep a telephone number of the customer."""
        buyer, of = self._one(which)
        place = tier % (len(self.chain) - 1)
        at = self.chain[place]
        if self._does(actions.edit_subscription, of.id, {"name": "Ours"}, at=at):
            of.named[place] = "Ours"
        self._does(accounts.edit, buyer.id, {"phone": "+30 1"}, at=at)
        assert self._does(accounts.edit, buyer.id, {"name": "Ours"}, at=at) is None
        assert self._does(actions.change_quantity, of.id, 77, at=at) is None

    @rule(tier=numbers, size=st.sampled_from([1, 2, 5, 1_000]), batches=st.integers(1, 4))
    def catch_up(self, tier: int, size: int, batches: int) -> None:
        """Apply some batches of what a tenant told."""
        at = self.chain[1 + tier % (len(self.chain) - 1)]
        with pytest.MonkeyPatch.context() as small:
            small.setattr(applying, "BATCH", size)
            for _ in range(batches):
                mirror.apply(self.world.worker, at.id)

    @rule()
    def agree(self) -> None:
        """Apply all that was told: above is what the model says."""
        for at in self.chain[:0:-1]:
            while mirror.apply(self.world.worker, at.id):
                pass
        for tier in range(len(self.chain) - 1):
            self._is_as_it_should(tier)

    def teardown(self) -> None:
        if self.chain:
            self.agree()

    def _is_as_it_should(self, tier: int) -> None:
        at = self.chain[tier]
        known = [one for one in (*self.customers, *self.gone) if one.is_at(tier)]
        found = {one.id: one for one in self.world.rows(at, "account") if one.standing in {"mirrored", "archived"}}
        assert found.keys() == {one.id for one in known}
        for one in known:
            below = self._under("account", one.id)
            row = found[one.id]
            assert {name: getattr(row, name) for name in one.said} == one.said
            assert row.status == below.status
            gone = one in self.gone
            assert row.standing == ("archived" if gone else "mirrored")
            assert row.managed_by == (None if gone else self.chain[tier + 1].id)
            [address] = self.world.rows(at, "address", account_id=one.id)
            assert (address.city, address.is_billing, address.standing) == (one.city, True, "mirrored")
            self._sold_is_as_it_should(tier, one)
            self._orders_are_as_they_should(tier, one)

    def _sold_is_as_it_should(self, tier: int, one: Customer) -> None:
        at = self.chain[tier]
        found = {row.id: row for row in self.world.rows(at, "subscription", account_id=one.id)}
        wanted = {id: of for id, of in one.subscriptions.items() if of.goes_to(tier)}
        assert found.keys() == wanted.keys()
        for id, of in wanted.items():
            row, below, line = found[id], self._under("subscription", id), of.line
            assert {name: getattr(row, name) for name in FOLLOWS} == {name: getattr(below, name) for name in FOLLOWS}
            assert (row.product_id, row.quantity) == (line.ware.id, line.units)
            assert row.unit_price == line.ware.price(tier, line.priced)
            assert row.managed_by == self.chain[tier + 1].id
            assert row.name == "Ours" if tier in of.named else row.name.endswith(f" - {line.ware.name}")
            assert row.order_id is not None
            kept = self.world.rows(at, "subscription_add_on", subscription_id=id)
            assert {(each.product_id, each.quantity, each.unit_price) for each in kept} == {
                (each.ware.id, each.units, each.ware.price(tier, each.priced)) for each in of.add_ons.values()
            }
            assert all(each.order_id for each in kept)
        bought = {row.id: (row.product_id, row.quantity) for row in self.world.rows(at, "asset", account_id=one.id)}
        assert bought == {id: (line.ware.id, line.units) for id, line in one.assets.items()}

    def _orders_are_as_they_should(self, tier: int, one: Customer) -> None:
        at = self.chain[tier]
        names = {row.id: row.name for row in self.world.rows(at, "product")}
        found = []
        for order in self.world.rows(at, "order", account_id=one.id):
            assert (order.standing, order.bill_to_id) == ("back_order", self.chain[tier + 1].account_id)
            items = self.world.rows(at, "order_item", order_id=order.id)
            assert sorted(item.position for item in items) == list(range(len(items)))
            assert order.ordered_on == min(item.start_on for item in items)
            found.append(sorted((names[item.product_id], item.quantity, item.unit_price) for item in items))
        assert sorted(found) == one.orders(tier)

    # Finding one's way.

    @property
    def lowest(self) -> Tenant:
        return self.chain[-1]

    def _does(self, do: Callable[..., Any], *given: Any, at: Tenant | None = None, **named: Any) -> Any:
        """Do it a little later; None when it is refused, True when it gives nothing."""
        at = at or self.lowest
        self.now += timedelta(minutes=1)
        try:
            with clock.stopped(self.now), self.world.web.work(at.id, self.world.admin(at)) as work:
                came = do(work, *given, **named)
                done = True if came is None else came
        except Problem:
            done = None
        if at is self.lowest:
            self._look_at_planned()
        return done

    def _look_at_planned(self) -> None:
        """Learn what of the planned was done: each act brings its subscription up to the day first."""
        for id, (buyer, of, many) in list(self.planned.items()):
            row = self._under("subscription_change", id)
            if row.status != "scheduled":
                del self.planned[id]
            if row.status == "done":
                buyer.change(of, many)

    def _under(self, table: str, id: UUID) -> Row:
        row = self.world.row(self.lowest, table, id)
        assert row is not None
        return row

    def _who(self, who: int) -> Customer:
        if not self.customers:
            self.customer()
        return self.customers[who % len(self.customers)]

    def _any(self) -> bool:
        return any(one.subscriptions for one in self.customers)

    def _one(self, which: int, *wares: Ware) -> tuple[Customer, Sold]:
        """Choose a subscription, mostly one of these wares."""
        every = [(one, of) for one in self.customers for of in one.subscriptions.values()]
        fits = [(one, of) for one, of in every if of.line.ware in wares] if which % 8 else []
        return (fits or every)[which % len(fits or every)]


@pytest.mark.timeout(HOURS if settings().max_examples > MOST else MINUTES)
def test_up_01_to_up_43_any_history_of_sales_is_above_what_plain_python_makes_of_it(
    web_database: Database, worker_database: Database
) -> None:
    """Each customer, subscription and order is there once, in every tier, however it was told."""
    deep = settings().max_examples > MOST
    chosen = settings(max_examples=MOST if deep else FEW, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(lambda: Sales(web_database, worker_database), settings=chosen)
