"""What stands above and below after a transfer, and what is looked at before (DN-29 to DN-33)."""

from decimal import Decimal
from typing import Any

import pytest

from tenantry.kernel.problems import Refused
from tenantry.rules.policy import Account, Address, Order
from tenantry.sales import actions as orders
from tenantry.sales.actions import NewItem, NewOrder
from tenantry.schema import catalog, channel, crm, sales
from tests.channel.stories import (
    account_of,
    again,
    codes,
    confirm as confirm_only,
    finding,
    full_account,
    outcomes,
    resold_product,
    run,
    verdicts,
)
from tests.world import Row, Tenant, World


def do(world: World, at: Tenant, verb: str, *arguments: Any) -> Any:
    with world.web.work(at.id, world.admin(at)) as work:
        return getattr(orders, verb)(work, *arguments)


def test_dn_29_above_the_reseller_manages_the_account_from_now_on(world: World) -> None:
    """Ribbon, locks and marks hang on standing and managed_by; nothing else of it changes."""
    home, reseller = world.distributor(), world.tenant_reseller()
    acme, stays = full_account(world, reseller), full_account(world, reseller)

    world.transfer_accounts(acme, to=reseller)

    above = account_of(world, home, acme.id)
    assert (above.standing, above.managed_by) == ("handed_down", reseller.id)
    changed = {name for name, value in vars(above).items() if value != getattr(acme, name)}
    assert changed == {"standing", "managed_by", "version"}
    assert above.version == acme.version + 1
    assert account_of(world, home, stays.id) == stays


def test_dn_29_the_accounts_locked_fields_are_those_kept_in_step(world: World) -> None:
    """UP-02, UP-03, UP-09, UP-21; own accounts have none."""
    home, reseller = world.distributor(), world.tenant_reseller()
    acme, other = world.account(bill_to=reseller), world.account(bill_to=reseller)
    first, second = world.address(acme, position=1), world.address(acme, position=2)

    world.transfer_accounts(acme, to=reseller)

    locks = {name: verdict.rule for name, verdict in Account.locks(account_of(world, home, acme.id)).items()}
    assert locks == {
        **dict.fromkeys(("name", "accounting_no", "email"), "UP-02"),
        **dict.fromkeys(("bill_to_id", "parent_id"), "UP-05"),
        "currency": "UP-10",
        "status": "UP-21",
    }
    assert Account.locks(account_of(world, home, other.id)) == {}
    billing, free = world.row(home, crm.address, first.id), world.row(home, crm.address, second.id)
    assert billing
    assert free
    assert Address.locks(Row(standing=billing.standing, status=""))["street"].rule == "UP-03"
    assert Address.locks(Row(standing=free.standing, status="")) == {}


@pytest.mark.parametrize("status", ["draft", "executed", "cancelled"])
def test_dn_29_all_its_orders_become_back_ordering_records(world: World, status: str) -> None:
    home, reseller = world.distributor(), world.tenant_reseller()
    acme, other = world.account(bill_to=reseller), world.account(bill_to=reseller)
    its, another = world.order(acme, status=status), world.order(other, status=status)

    world.transfer_accounts(acme, to=reseller)

    marked, own = world.row(home, sales.order, its.id), world.row(home, sales.order, another.id)
    assert marked
    assert (marked.standing, marked.managed_by, marked.version) == ("marked", reseller.id, its.version + 1)
    assert not Order.verdict("delete", marked)
    assert Order.verdict("delete", marked).rule == "BO-20"
    assert own == another


def test_dn_29_marks_are_shown_in_the_plan(world: World) -> None:
    from tests.channel.stories import preview  # noqa: PLC0415 - one story of the page

    reseller = world.tenant_reseller()
    acme = full_account(world, reseller)
    first, second = world.address(acme, position=1), world.address(acme, position=2, is_billing=True)
    order = world.order(acme)

    shown = preview(world, world.plan(acme, to=reseller))[acme.id]

    above = {
        (part.part, part.id): {one.field: (one.before, one.after, one.rule) for one in part.fields}
        for part in shown.parts
        if part.is_above and part.part != "giver_history"
    }
    assert above == {
        ("account_mark", acme.id): {
            "standing": ("own", "handed_down", "DN-29"),
            "managed_by": (None, reseller.id, "DN-29"),
        },
        ("order_mark", order.id): {"standing": ("own", "marked", "DN-29"), "managed_by": (None, reseller.id, "DN-29")},
        ("billing_address", first.id): {"standing": ("own", "mirrored", "DN-29"), "is_billing": (False, True, "DN-29")},
        ("old_billing_address", second.id): {"is_billing": (True, False, "DN-23")},
    }


def test_dn_30_below_the_reseller_prices_bills_and_adds_contacts(world: World) -> None:
    """What the seed allows him, before he is live; and buying for it above, until he is."""
    reseller = world.tenant_reseller()
    copy = world.transfer_accounts(world.account(bill_to=reseller), to=reseller)

    offers = Account.offers(copy, live=False)
    above = account_of(world, world.distributor(), copy.id)

    assert offers["edit"]
    assert offers["add_contact"]
    assert Account.locks(copy, live=False) == {}
    assert Account.verdict("buy", above)
    live = Account.verdict("buy", Row(standing="mirrored", status="active"))
    assert (live.allowed, live.rule) == (False, "DN-30")


def test_dn_31_below_he_sells_it_nothing_until_he_is_live(world: World) -> None:
    reseller = world.tenant_reseller()
    copy = world.transfer_accounts(world.account(bill_to=reseller), to=reseller)

    for act in ("create_order", "create_subscription"):
        refused = Account.verdict(act, copy, live=False)
        assert (refused.allowed, refused.rule) == (False, "DN-31")
        assert Account.verdict(act, copy, live=True)
    with pytest.raises(Refused) as refusal:
        do(world, reseller, "create_order", NewOrder(account_id=copy.id))
    assert refusal.value.rule == "DN-31"
    do(world, reseller, "create_order", NewOrder(account_id=world.account(reseller).id))


def test_dn_32_a_submitted_order_holds_its_account_back_until_it_is_executed_or_cancelled(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller()
    product = world.product()
    world.insert(
        home, catalog.product_price, product_id=product.id, cycle="monthly", currency="EUR", unit_price=Decimal(10)
    )
    executes, cancels, free = (world.account(bill_to=reseller) for _ in range(3))
    open_orders = {}
    for account in (executes, cancels):
        new = NewOrder(account_id=account.id, items=(NewItem(product.id, "monthly"),))
        open_orders[account.id] = do(world, home, "create_order", new)
        do(world, home, "submit_order", open_orders[account.id])
    world.order(free, status="draft")

    handover = world.plan(executes, cancels, free, to=reseller)

    found = finding(handover, "open-orders")
    assert (found.rule, found.severity, set(found.records)) == ("DN-32", "blocker", {str(executes.id), str(cancels.id)})
    assert verdicts(world, handover) == {executes.id: "held", cancels.id: "held", free.id: "new"}
    do(world, home, "execute_order", open_orders[executes.id])
    do(world, home, "cancel_order", open_orders[cancels.id])
    later = world.plan(to=reseller)
    assert set(verdicts(world, later).values()) == {"new"}
    assert world.confirm(later).counts["copied"] == 3
    for account in (executes, cancels):
        assert {row.standing for row in world.rows(home, sales.order, account_id=account.id)} == {"marked"}


@pytest.mark.parametrize("standing", ["marked", "back_order", "frozen"])
def test_dn_32_back_orders_are_never_open_business(world: World, standing: str) -> None:
    """BO-06: made or marked, submitted or not."""
    reseller = world.tenant_reseller()
    tracked, open_ = world.account(bill_to=reseller), world.account(bill_to=reseller)
    by = None if standing == "frozen" else world.tenant_reseller().id
    world.order(tracked, status="submitted", standing=standing, managed_by=by)
    world.order(open_, status="submitted")

    assert verdicts(world, world.plan(tracked, open_, to=reseller)) == {tracked.id: "new", open_.id: "held"}


def test_dn_32_an_order_submitted_after_confirming_keeps_its_account_back(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller()
    acme, other = world.account(bill_to=reseller), world.account(bill_to=reseller)
    order = world.order(acme)
    handover = world.plan(acme, other, to=reseller)
    confirm_only(world, handover)
    world.update(home, sales.order, order.id, status="submitted")

    done = run(world, handover)

    assert done.status == "completed_with_failures"
    assert outcomes(world, handover) == {acme.id: ("changed", "open-orders"), other.id: ("copied", None)}
    assert account_of(world, home, acme.id).standing == "own"


RUNNING = ["starting_later", "trial", "active", "suspended", "pending_cancellation"]


@pytest.mark.parametrize("status", [*RUNNING, "cancelled", "expired"])
def test_dn_33_a_subscription_in_another_currency_is_a_warning_while_it_has_not_ended(
    world: World, status: str
) -> None:
    reseller = world.tenant_reseller()
    product = resold_product(world, reseller)
    dollars, euros = world.account(bill_to=reseller), world.account(bill_to=reseller)
    world.subscription(dollars, product, currency="USD", status=status)
    world.subscription(euros, product, currency="EUR", status=status)

    handover = world.plan(dollars, euros, to=reseller)

    if status in RUNNING:
        warning = finding(handover, "subscription-currency")
        assert (warning.rule, warning.severity, warning.records) == ("DN-33", "warning", [str(dollars.id)])
    else:
        assert "subscription-currency" not in codes(handover)
    assert set(verdicts(world, handover).values()) == {"new"}


def test_dn_33_a_product_cycle_or_add_on_that_is_not_sold_below_is_a_warning(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller()
    sold, unsold, archive, unsold_add_on = (
        resold_product(world, reseller),
        world.product(),
        *(world.product() for _ in "12"),
    )
    world.product(reseller, id=archive.id, standing="inherited")
    world.insert(reseller, catalog.product_add_on, product_id=sold.id, add_on_id=archive.id)
    fits, wrong_product, wrong_cycle, wrong_add_on = (world.account(bill_to=reseller) for _ in range(4))
    fitting = world.subscription(fits, sold)
    world.subscription(wrong_product, unsold)
    world.subscription(wrong_cycle, sold, cycle="yearly")
    with_add_on = world.subscription(wrong_add_on, sold)
    for subscription, add_on in ((fitting, archive), (with_add_on, unsold_add_on)):
        world.insert(
            home,
            sales.subscription_add_on,
            subscription_id=subscription.id,
            product_id=add_on.id,
            quantity=1,
            unit_price=1,
        )

    handover = world.plan(fits, wrong_product, wrong_cycle, wrong_add_on, to=reseller)

    warning = finding(handover, "subscription-not-sold-below")
    assert (warning.rule, warning.severity) == ("DN-33", "warning")
    assert set(warning.records) == {str(one.id) for one in (wrong_product, wrong_cycle, wrong_add_on)}
    assert world.confirm(handover).counts["copied"] == 4


def test_dn_33_an_ended_subscription_of_an_unsold_product_warns_of_nothing(world: World) -> None:
    reseller = world.tenant_reseller()
    acme = world.account(bill_to=reseller)
    world.subscription(acme, world.product(), status="cancelled")

    assert codes(world.plan(acme, to=reseller)) == {"no-address"}


def test_ten_06_a_reseller_suspended_before_a_scheduled_run_is_given_nothing(world: World) -> None:
    """TEN-07: no handover takes him as destination."""
    from datetime import UTC, datetime  # noqa: PLC0415 - one story of time

    home, reseller = world.distributor(), world.tenant_reseller()
    assert reseller.account_id
    acme = world.account(bill_to=reseller)
    handover = world.plan(acme, to=reseller)
    confirm_only(world, handover, when=datetime(2099, 1, 1, tzinfo=UTC))
    assert again(world, handover).status == "scheduled"
    world.update(home, channel.tenant_reseller, reseller.account_id, state="suspended")

    done = run(world, handover)

    assert world.row(reseller, crm.account, acme.id) is None
    assert account_of(world, home, acme.id).standing == "own"
    assert done.status == "failed"
    assert "not in a state" in done.problem
    world.update(home, channel.tenant_reseller, reseller.account_id, state="set_up")
    assert world.transfer_accounts(acme, to=reseller).id == acme.id
