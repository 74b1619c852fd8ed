"""The credit limit: over it an order waits for approval, with figures; 0 means nothing may ever be owed (ORD-05)."""

from decimal import Decimal
from typing import Any

import pytest

from tenantry.kernel.actor import Actor
from tenantry.kernel.money import Money
from tenantry.kernel.problems import Forbidden, Refused
from tenantry.sales import actions
from tenantry.sales.actions import NewItem
from tenantry.sales.credit import OverLimit
from tests.billing.stories import generated
from tests.sales.stories import act, create, priced, sentences, submitted, view
from tests.world import Row, Tenant, World


def euros(amount: int | str) -> Money:
    """Give an amount."""
    return Money(Decimal(amount).quantize(Decimal("0.01")), "EUR")


def sent(world: World, of: Row, *amounts: int) -> Any:
    """Submit an order of items that cost so much at first; gives its id."""
    home = world.distributor()
    return submitted(world, home, of, *(NewItem(priced(world, home, str(one)).id, "monthly") for one in amounts))


def approval(world: World, id: Any, at: Tenant | None = None) -> str:
    """Say what an order's approval is."""
    return view(world, at or world.distributor(), id).approval


def test_ord_05_an_order_over_the_limit_waits_with_figures_and_one_within_it_does_not(world: World) -> None:
    home, acme = world.distributor(), world.account(credit_limit=100)

    within, over = sent(world, acme, 100), sent(world, acme, 1)

    assert (approval(world, within), approval(world, over)) == ("none", "waiting")
    found = view(world, home, over).credit
    assert found
    assert (found.limit, found.open, found.ordered, found.adds) == (euros(100), euros(0), euros(100), euros(1))
    assert (found.owed, found.over) == (euros(101), euros(1))
    figures = "(0.00 EUR open, 100.00 EUR on order, 1.00 EUR new); the credit limit is 100.00 EUR"
    assert sentences(world, home, over)[-1] == f"Order waits for approval: with it 101.00 EUR would be owed {figures}"
    with pytest.raises(Refused) as refused:
        act(world, home, "execute_order", over)
    assert refused.value.rule == "ORD-05"
    act(world, home, "execute_order", within)


def test_ord_05_nothing_may_be_owed_at_a_limit_of_0_but_what_costs_nothing_may_be_had(world: World) -> None:
    home, acme = world.distributor(), world.account(credit_limit=0)
    trial = priced(world, home, "10", trial_allowed=True)

    assert approval(world, sent(world, acme, 1)) == "waiting"
    tried = submitted(world, home, acme, NewItem(trial.id, "monthly", trial=True))
    assert approval(world, tried) == "none"
    act(world, home, "execute_order", tried)


def test_ord_05_what_a_gateway_collects_is_never_owed_so_it_passes_at_a_limit_of_0(world: World) -> None:
    home = world.distributor()
    card = world.payment_method(home, name="Card", kind="gateway", gateway="Rheinpay")
    invoice = world.payment_method(home, name="Transfer")
    by_card, by_invoice = (world.account(credit_limit=0, payment_method_id=one.id) for one in (card, invoice))

    passes, waits = sent(world, by_card, 10), sent(world, by_invoice, 10)

    assert (approval(world, passes), approval(world, waits)) == ("none", "waiting")
    found = view(world, home, passes).credit
    assert found
    assert (found.prepaid, found.adds, found.owed) == (True, euros(0), euros(0))
    act(world, home, "execute_order", passes)
    act(world, home, "edit_order", waits, {"campaign": "Spring"})
    assert approval(world, waits) == "waiting"
    act(world, home, "edit_order", waits, {"payment_method_id": card.id})
    assert approval(world, waits) == "none"
    assert sentences(world, home, waits)[-1] == "Order no longer waits for approval"
    act(world, home, "execute_order", waits)


def test_ord_05_an_order_that_nothing_holds_back_is_neither_approved_nor_refused(world: World) -> None:
    home, acme = world.distributor(), world.account(credit_limit=100)
    within, over = sent(world, acme, 50), sent(world, acme, 60)

    for id, held in ((within, False), (over, True)):
        acts = view(world, home, id).actions
        assert (bool(acts["approve"]), bool(acts["refuse"])) == (held, held)
    for verb in ("approve_order", "refuse_order"):
        with pytest.raises(Refused, match="within the credit limit"):
            act(world, home, verb, within)
    act(world, home, "approve_order", over)


def test_ord_05_who_approves_lets_it_be_executed_and_who_refuses_does_not(world: World) -> None:
    home, acme = world.distributor(), world.account(credit_limit=10)
    good, bad = sent(world, acme, 50), sent(world, acme, 60)

    act(world, home, "approve_order", good, because="Always pays")
    act(world, home, "refuse_order", bad, because="Two invoices are due")
    act(world, home, "execute_order", good)

    assert view(world, home, good).status == "executed"
    found = view(world, home, bad)
    assert (found.status, found.approval) == ("submitted", "refused")
    assert found.credit
    assert found.credit.because == "Two invoices are due"
    assert found.credit.decided_by.startswith("Admin of")
    for verb in ("execute_order", "refuse_order"):
        with pytest.raises(Refused) as refused:
            act(world, home, verb, bad)
        assert refused.value.rule == "ORD-05"
    act(world, home, "approve_order", bad)
    act(world, home, "execute_order", bad)


def test_ord_05_what_was_charged_meanwhile_counts_when_it_is_executed(world: World) -> None:
    home, acme = world.distributor(), world.account(credit_limit=100)
    id = sent(world, acme, 60)
    world.update(home, "account", acme.id, credit_limit=50)

    with pytest.raises(OverLimit, match=r"60\.00 EUR would be owed"):
        act(world, home, "execute_order", id)

    assert approval(world, id) == "waiting", "it was refused, and waits from then on"
    assert view(world, home, id).status == "submitted"


def test_ord_05_open_charges_count_and_so_does_what_was_invoiced_of_them(world: World) -> None:
    home, acme = world.distributor(), world.account(credit_limit=100)
    act(world, home, "execute_order", sent(world, acme, 70))
    charged = world.rows(home, "charge", account_id=acme.id)
    assert charged

    id = sent(world, acme, 40)
    found = view(world, home, id).credit
    assert found
    assert found.open.amount == sum(one.amount for one in charged)
    assert (found.ordered, approval(world, id)) == (euros(0), "waiting")

    [made] = generated(world, acme)
    again = view(world, home, sent(world, acme, 40)).credit
    assert again
    assert again.open == made.total == found.open, "an invoice that is not paid is owed as its charges were"


def test_ord_05_the_payers_limit_counts_for_all_his_customers_unless_one_has_its_own(world: World) -> None:
    payer = world.account(credit_limit=100, reselling_enabled=True)
    shared = {"bill_to": payer, "credit_limit": 0, "own_ordering_options": False}
    first, second = world.account(**shared), world.account(**shared)
    own = world.account(bill_to=payer, credit_limit=500, own_ordering_options=True)

    orders = [sent(world, first, 60), sent(world, second, 60), sent(world, own, 400)]

    assert [approval(world, id) for id in orders] == ["none", "waiting", "none"]


def test_ord_05_a_part_that_was_delivered_counts_once(world: World) -> None:
    home, acme = world.distributor(), world.account(credit_limit=100)
    id = sent(world, acme, 60, 40)
    first, second = view(world, home, id).items

    part = act(world, home, "deliver_items", id, [first.id])

    whole = view(world, home, id).credit
    assert whole
    assert whole.adds == euros(40)
    assert approval(world, part) == "none"
    act(world, home, "deliver_items", id, [second.id])
    assert view(world, home, id).status == "executed"


def test_ord_05_another_currency_counts_at_its_rate(world: World) -> None:
    home = world.distributor()
    acme = world.account(credit_limit=100)
    dollars = world.insert(home, "price_list", name="Dollars", currency="USD")
    product = priced(world, home, "50", currency="USD")

    id = create(world, home, acme, NewItem(product.id, "monthly"), price_list_id=dollars.id)
    act(world, home, "submit_order", id)

    found = view(world, home, id).credit
    assert found
    assert found.adds.currency == "EUR"
    assert Decimal(30) < found.adds.amount < Decimal(60)
    assert found.adds.amount != 50


def test_ord_05_only_who_may_approve_decides(world: World) -> None:
    home = world.distributor()
    id = sent(world, world.account(credit_limit=0), 10)
    seller = Actor(home.admin_id, "Seller", frozenset({"orders:view", "orders:edit"}), None, None, None)

    with world.web.work(home.id, seller) as work:
        for verb in (actions.approve_order, actions.refuse_order):
            with pytest.raises(Forbidden):
                verb(work, id)
    with pytest.raises(Refused, match="Only a submitted order"):
        act(world, home, "approve_order", create(world, home, world.account()))
    act(world, home, "approve_order", id)
