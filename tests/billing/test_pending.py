"""What is yet to be invoiced: documents to come with their days, and what is behind them (BIL-02, BIL-03)."""

from datetime import date
from typing import Any

import pytest

from tenantry.billing.forecast import lines_of
from tenantry.billing.pending import pending
from tenantry.kernel.problems import NotFound
from tenantry.schema import sales
from tests.billing.stories import amounts, charged, does, generated
from tests.charging.stories import charge_cycle, priced, sold
from tests.sales.subscriptions.stories import do, on, sold as sold_by_order, work_of_the_day
from tests.world import Row, World


def shown(world: World, *account: Row) -> list[tuple[Any, ...]]:
    """Give the documents to come: who pays, the day, whether it has come, what it comes to, the subscriptions."""
    page = does(world, pending, *(one.id for one in account))
    return [
        (
            one.bill_to.name,
            one.planned_on,
            one.is_due,
            f"{one.net.amount:.2f}",
            [each.name for each in one.subscriptions],
        )
        for one in page.items
    ]


def test_bil_02_pending_invoices_have_their_days_and_the_subscriptions_behind_them(world: World) -> None:
    acme, other = world.account(name="Acme"), world.account(name="Other")
    mail, disk = (sold(world, acme, priced(world), name=name) for name in ("Mail", "Disk"))
    charged(world, acme, "10", subscription_id=mail.id)
    charged(world, acme, "5", subscription_id=disk.id, due_on=date(2026, 5, 3))
    charged(world, acme, "3", subscription_id=disk.id, due_on=date(2026, 6, 1))
    charged(world, other, "2")

    with on("2026-05-20"):
        today = date(2026, 5, 20)
        assert shown(world) == [
            ("Acme", today, True, "15.00", ["Disk", "Mail"]),
            ("Other", today, True, "2.00", []),
            ("Acme", date(2026, 6, 1), False, "3.00", ["Disk"]),
        ]
        assert [one[0] for one in shown(world, acme)] == ["Acme", "Acme"]
        [sums] = does(world, pending).sums
        assert (f"{sums.due.amount:.2f}", f"{sums.later.amount:.2f}") == ("17.00", "3.00")
        assert does(world, pending, limit=1, skip=1).items[0].bill_to.name == "Other"
        generated(world)
        assert shown(world) == [("Acme", date(2026, 6, 1), False, "3.00", ["Disk"])]


def test_up_22_pending_invoices_of_a_managed_account_are_seen_and_of_another_tenant_are_not(world: World) -> None:
    below = world.tenant_reseller(name="Nordlicht")
    for standing in ("handed_down", "mirrored"):
        acme = world.account(bill_to=below, standing=standing, managed_by=below.id)
        charged(world, acme, "10")

        assert [(one.bill_to.name, one.account.id) for one in does(world, pending, acme.id).items] == [
            ("Nordlicht", acme.id)
        ]
    with pytest.raises(NotFound):
        does(world, pending, world.account(at=world.tenant()).id)


def test_bil_02_the_next_cycles_are_shown_and_come_to_what_is_charged_then(world: World) -> None:
    acme = world.account(name="Acme")
    one = sold(world, acme, priced(world, "12"), name="Mail")
    charge_cycle(world, one)

    with on("2026-04-10"):
        made, planned = does(world, lines_of, acme.id)

    assert (made.planned, planned.planned) == (False, True)
    assert (planned.planned_on, planned.subscription and planned.subscription.name) == (date(2026, 5, 1), "Mail")
    [charge] = charge_cycle(world, one)
    assert (charge.amount, charge.due_on, charge.explains) == (planned.net.amount, planned.planned_on, planned.explains)
    world.update(world.distributor(), sales.subscription, one.id, status="cancelled")
    assert [line.planned for line in does(world, lines_of, acme.id)] == [False, False]


def test_bil_03_the_prorated_part_is_invoiced_at_once_or_at_the_next_billing_day(world: World) -> None:
    options = {"prorate_billing": True, "billing_day": 15}
    at_once = world.account(name="At once", **options)
    waits = world.account(name="Waits", partial_charges_invoicing="next_billing_day", **options)
    product = priced(world, "31")
    with on("2026-05-20"):
        for of in (at_once, waits):
            one = sold_by_order(world, product, 1, to=of)
            do(world, "change_quantity", one, 2)
        made = generated(world)
        assert [one.bill_to.name for one in made] == ["At once"], "26 of 31 days, and as much again for one more"
        [later] = does(world, pending, waits.id).items
        assert (later.planned_on, later.is_due) == (date(2026, 6, 15), False)
    with on("2026-06-15"):
        work_of_the_day(world)
        both = {name: amount for name, _, amount in amounts(generated(world))}

    assert both == {"At once": "62.00 EUR", "Waits": f"{62 + made[0].total.amount:.2f} EUR"}
