"""kill -9 of API, worker and database while three tiers do business: nothing lost, nothing doubled (UP-41 to UP-43)."""

import contextlib
import itertools
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
import sqlalchemy as sa

from tenantry.channel.mirror import tasks as mirrors
from tenantry.channel.reconcile import actions, running
from tenantry.kernel import clock
from tenantry.kernel.actor import Actor
from tenantry.sales.actions import NewItem
from tenantry.sales.subscriptions import tasks as subscriptions
from tenantry.tenancy import tokens
from tenantry.tenancy.actor import actor_of
from tests.channel.mirroring import Channel
from tests.channel.test_mirror_tiers import Chain
from tests.crash.conftest import Ground
from tests.crash.customers import DEEP
from tests.crash.programs import Postmaster, Program, api, free_port, until, worker
from tests.crash.selling import Customer, Seller
from tests.world import Row, Tenant

SEED = int(os.environ.get("TENANTRY_SEED", "0")) or (random.SystemRandom().randrange(1, 10**6) if DEEP else 41)
# How often each is killed, and how many sell meanwhile: to customers of the lowest tier, and of the one above him.
KILLS = {"api": 80, "worker": 120, "database": 120} if DEEP else {"api": 1, "worker": 2, "database": 2}
if asked := os.environ.get("TENANTRY_KILLS"):
    KILLS = {name: max(1, many * int(asked) // sum(KILLS.values())) for name, many in KILLS.items()}
SELLERS = (3, 1) if DEEP else (2, 1)
# Customers whose subscriptions renew meanwhile, and how often each does.
RENEWING, RENEWALS = (60, 3) if DEEP else (6, 3)
# Seconds between the moment that something is up and its end, at most; and how often all have to be up for that.
LIVES, CALM = (2.0, 0.75) if DEEP else (1.2, 1.0)
# What the lines of a subscription's history begin with.
SAYS = {
    "activation": "Subscription was created",
    "conversion": "Trial was converted",
    "quantity": "Quantity was changed",
    "add_on": ("Add-on archive was", "Quantity of add-on archive"),
    "upgrade": "Upgrade ",
    "downgrade": "Downgrade ",
    "suspension": "Subscription was suspended",
    "resumption": "Subscription was resumed",
    "cancellation": "Subscription was cancelled",
    "renewal": "Subscription was renewed until",
    "renew_flag": ("Subscription renews", "Subscription does not renew"),
}


@dataclass
class Trade:
    """Tenants from the top down, all live; what they sell, and who sells it."""

    ground: Ground
    tenants: list[Tenant]
    sellers: list[Seller]
    renewing: list[Row]

    @property
    def customers(self) -> list[tuple[int, Customer]]:
        """Give each customer with the tier that he buys from."""
        return [(self.tenants.index(one.tenant), customer) for one in self.sellers for customer in one.customers]


@pytest.mark.slow
@pytest.mark.timeout(7200 if DEEP else 300)
def test_up_41_up_42_up_43_bo_03_whatever_is_killed_nothing_is_lost_doubled_or_out_of_order(ground: Ground) -> None:
    note(f"TENANTRY_SEED={SEED}")
    dice = random.Random(SEED)
    port = free_port()
    trade = set_up(ground, f"http://127.0.0.1:{port}", dice)
    programs = [api(ground.folder.parent, port), worker(ground.folder.parent)]
    with kept_running(programs):
        with selling(trade.sellers):
            for target in by_lot([*programs, Postmaster(ground.server)], dice):
                ask_for_the_work_of_the_day(ground)
                target.kill()
        until(lambda: is_quiet(ground), 300, "all that was told is applied")
        ask_for_the_work_of_the_day(ground)
        until(lambda: is_quiet(ground), 300, "all is charged")
    note(f"killed {KILLS}, started {[(one.name, one.starts, one.gave_up) for one in programs]}")
    note(f"done {sum((one.acted for one in trade.sellers), start=Counter())}")
    note(f"asked again {sum((one.asked_again for one in trade.sellers), start=Counter())}")

    lost = list(losses(trade))
    assert not lost, "\n\n".join([f"TENANTRY_SEED={SEED}: {len(lost)} losses", *lost[:20]])


def losses(trade: Trade) -> Iterator[str]:
    """Say everything that is not as it was acknowledged, or not the same in all tiers."""
    checks: list[Callable[[], None]] = [partial(assert_charged_once, trade), partial(assert_nothing_is_left, trade)]
    for tier, customer in trade.customers:
        checks.append(partial(assert_below, trade, trade.tenants[tier], customer))
        checks += [partial(assert_above, trade, above, customer) for above in trade.tenants[:tier]]
    checks += [partial(assert_renewed, trade, one) for one in trade.renewing]
    checks += [partial(assert_in_agreement, trade, *pair) for pair in itertools.pairwise(trade.tenants)]
    for check in checks:
        try:
            check()
        except AssertionError as fault:
            yield str(fault)


def note(what: str) -> None:
    """Say what a failure has to be understood by; pytest shows it with one."""
    print(what)  # noqa: T201


# The trade


def set_up(ground: Ground, url: str, dice: random.Random) -> Trade:
    """Found three tiers that are live, with products of each other, and customers who bought months ago."""
    world = ground.world
    tenants = [world.distributor()]
    for _ in range(2):
        tenants.append(world.tenant_reseller("live", above=tenants[-1]))
        world.update(tenants[-1], "tenant", tenants[-1].id, edition="premium")
    products = stock(ground, tenants)
    sellers = []
    for at, many in zip(reversed(tenants[1:]), SELLERS, strict=True):
        with world.web.work(at.id, actor_of_admin(ground, at)) as work:
            token = tokens.create(work, tokens.NewToken("seller", ("*",))).secret
        sellers += [Seller(at, products, url, token, random.Random(dice.random())) for _ in range(many)]
    return Trade(ground, tenants, sellers, sold_months_ago(ground, tenants, products))


def stock(ground: Ground, tenants: Sequence[Tenant]) -> dict[str, str]:
    """Give all of them products, add-ons and paths between them, and the lower two something of their own."""
    world = ground.world
    story = Chain(world, list(tenants), Row())
    made = {
        "mail": story.product(3, 6, name="mail"),
        "suite": story.product(5, 9, name="suite"),
        "trial": story.product(2, 4, name="trial", trial_allowed=True),
        "archive": story.product(1, 2, name="archive", kind="add_on"),
        "router": story.product(50, 60, name="router"),
    }
    mail, suite, archive, router = (made[name] for name in ("mail", "suite", "archive", "router"))
    for at in tenants:
        for price in world.rows(at, "product_price", product_id=router.id):
            world.update(at, "product_price", price.id, cycle="one_off")
        for of in (mail, suite):
            world.insert(at, "product_add_on", product_id=of.id, add_on_id=archive.id)
        for kind, of, to in (("upgrade", mail, suite), ("downgrade", suite, mail)):
            world.insert(at, "product_path", product_id=of.id, kind=kind, to_product_id=to.id)
    help_ = world.product(tenants[1], name="help")
    shared = {"id": help_.id, "sku": help_.sku, "name": help_.name}
    world.product(tenants[2], **shared)
    for at in tenants[1:]:
        priced = {"product_id": help_.id, "cycle": "monthly", "currency": "EUR", "unit_price": 1}
        world.insert(at, "product_price", **priced)
    return {name: str(one.id) for name, one in (made | {"help": help_}).items()}


def sold_months_ago(ground: Ground, tenants: Sequence[Tenant], products: dict[str, str]) -> list[Row]:
    """Let customers of the lowest have bought something whose terms have ended several times since."""
    world, lowest = ground.world, tenants[-1]
    long_ago = clock.now() - timedelta(days=31 * RENEWALS + 2)
    made = []
    with clock.stopped(long_ago):
        for number in range(RENEWING):
            customer = world.account(at=lowest, name=f"Old {number}")
            world.address(customer, at=lowest, is_billing=True)
            story = Channel(world, tenants[-2], lowest, customer)
            made += story.sell(NewItem(UUID(products["mail"]), "monthly", 5))
    return made


def actor_of_admin(ground: Ground, at: Tenant) -> Actor:
    with ground.world.web.work(at.id) as work:
        return actor_of(work.connection, at.id, at.admin_id)


@contextmanager
def kept_running(programs: Sequence[Program]) -> Iterator[None]:
    for one in programs:
        one.start()
    try:
        until(partial(are_up, programs), 300, "the programs start")
        yield
    finally:
        for one in programs:
            one.end()


@contextmanager
def selling(sellers: Sequence[Seller]) -> Iterator[None]:
    """Let all of them sell meanwhile; raises what went wrong with one."""
    stop = threading.Event()
    threads = [threading.Thread(target=one.run, args=(stop,), daemon=True) for one in sellers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    for one in sellers:
        if one.fault:
            raise one.fault


def by_lot(targets: Sequence[Program | Postmaster], dice: random.Random) -> Iterator[Program | Postmaster]:
    """Give them in an order by lot, each as often as it is to be killed, at a random moment after it was up."""
    order = [one for one in targets for _ in range(KILLS[one.name])]
    dice.shuffle(order)
    for target in order:
        needed = targets if dice.random() < CALM else [target]
        until(partial(are_up, needed), 300, f"{target.name} is up again")
        time.sleep(dice.random() * LIVES)
        yield target


def are_up(needed: Sequence[Program | Postmaster]) -> bool:
    return all(one.is_up() for one in needed)


def ask_for_the_work_of_the_day(ground: Ground) -> None:
    """Ask for what the worker does every hour, as far as there is a database to ask."""
    ground.new_connections()
    with contextlib.suppress(sa.exc.OperationalError):
        subscriptions.ask_for_all(ground.world.worker)
        mirrors.ask_for_all(ground.world.worker)


def is_quiet(ground: Ground) -> bool:
    """Say whether nothing is told and no job is left to do now."""
    try:
        waiting = ground.count("SELECT count(*) FROM message")
        jobs = ground.count(
            "SELECT count(*) FROM jobs.procrastinate_jobs WHERE status = 'doing' OR status = 'todo'"
            " AND coalesce(scheduled_at, now()) <= now()"
        )
    except Exception:  # noqa: BLE001 - whatever a database says while it recovers
        return False
    return waiting == jobs == 0


# What is there afterwards


def assert_below(trade: Trade, at: Tenant, who: Customer) -> None:
    """Every change that was acknowledged is there, once, and nothing else."""
    world = trade.ground.world
    account, address = world.row(at, "account", UUID(who.id)), world.row(at, "address", UUID(who.address_id))
    assert account
    assert address
    assert (account.name, account.email, address.city) == (who.name, who.email, who.city)
    rows = {str(one.id): one for one in world.rows(at, "subscription", account_id=account.id)}
    assert sorted(rows) == sorted(one.id for one in who.subscriptions), f"subscriptions of {who.name}"
    for known in who.subscriptions:
        row = rows[known.id]
        assert (row.quantity, row.status, row.renew) == (known.quantity, known.status, known.renew), known
        assert [kind for kind, _ in history(trade, at, row.id)] == known.happened, known
        add_ons = [one.quantity for one in world.rows(at, "subscription_add_on", subscription_id=row.id)]
        assert add_ons == ([known.archive] if known.archive else []), known
    assert len(world.rows(at, "asset", account_id=account.id)) == who.assets


def assert_above(trade: Trade, at: Tenant, who: Customer) -> None:
    """Each sale has its order, once, in the order in which they were made; what happened is known in its order."""
    world = trade.ground.world
    names = {one.id: one.name for one in world.rows(at, "product")}
    orders = sorted(world.rows(at, "order", account_id=UUID(who.id)), key=lambda one: one.number)
    found = [
        sorted((names[item.product_id], item.quantity) for item in world.rows(at, "order_item", order_id=order.id))
        for order in orders
    ]
    assert found == [sorted(items) for items in who.sold], f"orders of {who.name} at {at.name}"
    for known in who.subscriptions:
        if known.product == "help" or known.status == "trial":
            assert world.row(at, "subscription", UUID(known.id)) is None
            continue
        paid = known.happened[known.happened.index("conversion") :] if known.product == "trial" else known.happened
        assert [kind for kind, _ in history(trade, at, UUID(known.id))] == paid, f"{known} at {at.name}"
        assert_lines_in_order(trade, at, UUID(known.id))


def history(trade: Trade, at: Tenant, subscription_id: UUID) -> list[tuple[str, int]]:
    rows = trade.ground.world.rows(at, "subscription_change", subscription_id=subscription_id)
    return [(one.kind, one.number) for one in sorted(rows, key=lambda one: one.number)]


def assert_lines_in_order(trade: Trade, at: Tenant, subscription_id: UUID) -> None:
    """Each thing that happened has its line in the history, once, and the lines are in that order."""
    lines = trade.ground.world.rows(at, "history_line", subject_id=subscription_id)
    said = [
        one.sentence for one in sorted(lines, key=lambda one: (one.at, one.id)) if " due to changes" in one.sentence
    ]
    kinds = [kind for kind, _ in history(trade, at, subscription_id)]
    assert len(said) == len(kinds), (said, kinds)
    assert all(one.startswith(SAYS[kind]) for one, kind in zip(said, kinds, strict=True)), (said, kinds)


def assert_nothing_is_left(trade: Trade) -> None:
    assert trade.ground.count("SELECT count(*) FROM message") == 0
    assert trade.ground.count("SELECT count(*) FROM message_set_aside") == 0
    assert trade.ground.count("SELECT count(*) FROM jobs.procrastinate_jobs WHERE status = 'failed'") == 0


def assert_renewed(trade: Trade, one: Row) -> None:
    for at in trade.tenants:
        kinds = [kind for kind, _ in history(trade, at, one.id)]
        assert kinds == ["activation", *["renewal"] * RENEWALS], f"{one.name} at {at.name}: {kinds}"


def assert_charged_once(trade: Trade) -> None:
    """Of everything as many units are charged as there are, what was given back taken off; and nothing is left."""
    database, world = trade.ground.world.worker, trade.ground.world
    assert (subscriptions.ask_for_all(database), mirrors.ask_for_all(database)) == (0, 0)
    renewing = {one.id for one in trade.renewing}
    for at in trade.tenants:
        charged: Counter[UUID] = Counter()
        for one in world.rows(at, "charge"):
            if one.subscription_id and one.subscription_id not in renewing:
                charged[one.subscription_id] += one.quantity
        wanted: Counter[UUID] = Counter()
        for row in world.rows(at, "subscription", status="active"):
            if row.id not in renewing:
                add_ons = world.rows(at, "subscription_add_on", subscription_id=row.id)
                wanted[row.id] = row.quantity + sum(one.quantity for one in add_ons)
        assert wanted
        assert +charged == wanted, at.name
        assert min(charged.values()) >= 0, at.name


def assert_in_agreement(trade: Trade, above: Tenant, below: Tenant) -> None:
    world = trade.ground.world
    with world.web.work(above.id, world.admin(above)) as work:
        id = actions.start(work, below.account_id)
    assert running.run(world.worker, above.id, id)
    run = world.row(above, "reconcile_run", id)
    assert run
    found = world.rows(above, "reconcile_difference", run_id=id)
    told = [(one.account_id, one.record, one.verdict, one.field, one.below, one.above) for one in found]
    assert (run.status, told) == ("completed", []), f"{below.name} at {above.name}"
