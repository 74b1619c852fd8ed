"""Invoices by hand: a draft of any account, billed to who pays for it, then issued (UP-22, BIL-04, BO-12)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tenantry.billing import actions
from tenantry.billing.actions import NewInvoice
from tenantry.billing.lines import NewInvoiceLine
from tenantry.crm import actions as crm
from tenantry.kernel.problems import Conflict, Invalid, NotFound, Refused, Stale
from tenantry.schema.crm import account
from tests.billing.stories import does, read
from tests.sales.stories import sentences
from tests.sales.subscriptions.stories import on
from tests.world import Row, World

HOURS = NewInvoiceLine(Decimal(80), Decimal("1.5"), name="Installation")


def draft(world: World, of: Row, *lines: NewInvoiceLine, **given: object) -> Any:
    return does(world, actions.create_invoice, NewInvoice(account_id=of.id, lines=lines, **given))


def test_up_22_an_invoice_of_a_managed_account_is_billed_to_its_tenant_reseller(world: World) -> None:
    below = world.tenant_reseller(name="Nordlicht")
    for standing in ("handed_down", "mirrored"):
        acme = world.account(name="Acme", bill_to=below, standing=standing, managed_by=below.id)

        made = read(world, draft(world, acme, HOURS))

        assert (made.bill_to.id, made.bill_to.name) == (below.account_id, "Nordlicht")
        assert (made.account.name, made.separate) == ("Acme", True)
        assert [line.customer.name for line in made.lines] == ["Acme"]
    gone = world.account(standing="moved_out", status="moved_out")
    with pytest.raises(Refused) as refused:
        draft(world, gone, HOURS)
    assert refused.value.rule == "TEN-26"


def test_bil_04_a_draft_is_written_line_by_line_and_adds_up(world: World) -> None:
    acme, mail = world.account(), world.product(name="Mail")
    one = world.subscription(acme, mail, name="Acme - Mail")
    id = draft(world, acme, HOURS)
    product = NewInvoiceLine(
        Decimal("9.99"), Decimal(3), product_id=mail.id, subscription_id=one.id, discount_percent=Decimal(10)
    )

    line = does(world, actions.add_line, id, product)
    does(world, actions.add_line, id, NewInvoiceLine(Decimal(-20), name="Kindness"))

    made = read(world, id)
    assert [(said.name, f"{said.net.amount:.2f}") for said in made.lines] == [
        ("Installation", "120.00"),
        ("Mail", "26.97"),
        ("Kindness", "-20.00"),
    ]
    assert made.lines[1].subscription
    assert made.lines[1].subscription.name == "Acme - Mail"
    assert (f"{made.total.amount:.2f}", made.code, made.number) == ("126.97", "", None)
    with pytest.raises(Stale):
        does(world, actions.update_line, id, line, {"quantity": 4}, version=7)
    does(world, actions.update_line, id, line, {"quantity": 4, "discount_percent": 0}, version=1)
    assert f"{read(world, id).total.amount:.2f}" == "139.96"
    does(world, actions.delete_line, id, line)
    assert f"{read(world, id).total.amount:.2f}" == "100.00"
    assert sentences(world, world.distributor(), id)[-2:] == ["Line Mail was updated", "Line Mail was deleted"]


def test_bil_04_an_issued_invoice_has_its_number_and_date_and_never_changes(world: World) -> None:
    acme = world.account(name="Acme", bill_to=world.account(name="Partner", reselling_enabled=True))
    world.update(world.distributor(), account, acme.id, name="Acme GmbH")
    id = draft(world, acme, HOURS, note="Thank you")
    other = draft(world, acme, HOURS)
    does(world, actions.delete_invoice, other)

    with on("2026-05-20"):
        assert does(world, actions.issue, id, version=read(world, id).version) == "INV-1001"

    made = read(world, id)
    assert (made.status, made.issued_on, made.due_on) == ("issued", date(2026, 5, 20), date(2026, 6, 3))
    assert (made.payer and made.payer.name, made.account.name) == ("Partner", "Acme GmbH")
    for act, *given in (
        (actions.edit_invoice, {"note": "Sorry"}),
        (actions.add_line, HOURS),
        (actions.update_line, made.lines[0].id, {"quantity": 1}),
        (actions.delete_line, made.lines[0].id),
        (actions.delete_invoice,),
        (actions.issue,),
    ):
        with pytest.raises(Refused) as refused:
            does(world, act, id, *given)
        assert refused.value.rule == ("BIL-04" if act is actions.issue else "BO-12")
    assert read(world, id) == made
    assert does(world, actions.issue, draft(world, acme, HOURS)) == "INV-1002", "a deleted draft leaves no gap"


def test_bil_04_what_cannot_be_issued_says_why_and_takes_no_number(world: World) -> None:
    acme = world.account()
    with pytest.raises(Invalid) as empty:
        does(world, actions.issue, draft(world, acme))
    assert empty.value.faults[0].field == "lines"
    with pytest.raises(Conflict) as below:
        does(world, actions.issue, draft(world, acme, NewInvoiceLine(Decimal(-1), name="Back")))
    assert below.value.code == "less-than-nothing"
    late = draft(world, acme, HOURS, due_on=date(2026, 5, 1))
    with on("2026-05-20"), pytest.raises(Invalid) as past:
        does(world, actions.issue, late)
    assert past.value.faults[0].field == "due_on"

    assert does(world, actions.issue, draft(world, acme, HOURS)) == "INV-1001"


def test_up_22_a_line_says_what_is_invoiced_and_names_what_the_account_has(world: World) -> None:
    acme, other = world.account(), world.account()
    foreign = world.subscription(other, world.product())
    id = draft(world, acme)

    for given, field in (
        ({}, "name"),
        ({"name": "Help", "quantity": Decimal(0)}, "quantity"),
        ({"name": "Help", "discount_percent": Decimal(101)}, "discount_percent"),
        ({"name": "Help", "quantity": Decimal(1_000_000), "unit_price": Decimal(10_000_000)}, "unit_price"),
        ({"product_id": other.id}, "product_id"),
        ({"name": "Help", "subscription_id": foreign.id}, "subscription_id"),
        ({"name": "Help", "period_from": date(2026, 5, 2), "period_until": date(2026, 5, 1)}, "period_until"),
    ):
        with pytest.raises(Invalid) as wrong:
            does(world, actions.add_line, id, NewInvoiceLine(**{"unit_price": Decimal(5), **given}))
        assert wrong.value.faults[0].field == field
    with pytest.raises(Invalid) as unknown:
        draft(world, acme, HOURS, currency="JPY")
    assert unknown.value.faults[0].field == "currency"
    with pytest.raises(NotFound):
        draft(world, world.account(at=world.tenant()), HOURS)
    assert does(world, actions.add_line, id, NewInvoiceLine(Decimal(5), name="Help"))


def test_up_21_invoices_keep_an_account_that_is_deleted_to_be_read(world: World) -> None:

    acme, empty = world.account(), world.account()
    draft(world, acme, HOURS)

    assert does(world, crm.delete, acme.id) == "deleted"
    assert does(world, crm.delete, empty.id) == "removed"
