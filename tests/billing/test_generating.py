"""Invoices are made of what was charged, by payer and currency, each charge once (BIL-02, BIL-03, BIL-07)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest

from tenantry.billing import runs
from tenantry.billing.actions import NewInvoice, create_invoice
from tenantry.billing.pending import pending, preview
from tenantry.kernel.actor import Actor
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Conflict, Forbidden, NotFound, Refused
from tenantry.schema.billing import invoice_run, invoice_series
from tenantry.schema.charging import charge
from tenantry.schema.crm import account, address
from tenantry.schema.subscription import subscription_change
from tests.billing.stories import amounts, charged, does, generated, read
from tests.sales.stories import sentences
from tests.sales.subscriptions.stories import on
from tests.world import Row, Tenant, World


def reseller_of(world: World, **given: object) -> Row:
    return world.account(name="Partner", reselling_enabled=True, **given)


def test_bil_03_one_invoice_a_payer_and_currency_and_one_a_customer_with_separate_invoices(world: World) -> None:
    partner = reseller_of(world)
    bakery, clinic = (world.account(bill_to=partner, name=name) for name in ("Bakery", "Clinic"))
    hotel = world.account(bill_to=partner, name="Hotel", separate_invoices=True)
    for of, amount in ((partner, "1"), (bakery, "2"), (clinic, "4"), (hotel, "8"), (hotel, "16")):
        charged(world, of, amount)
    charged(world, bakery, "32", currency="USD")

    made = generated(world)

    assert amounts(made) == [
        ("Partner", "Partner", "7.00 EUR"),
        ("Partner", "Partner", "32.00 USD"),
        ("Partner", "Hotel", "24.00 EUR"),
    ]
    assert [line.customer.name for line in made[0].lines] == ["Bakery", "Clinic", "Partner"]
    assert generated(world) == [], "what was invoiced is not invoiced again"


def test_bil_02_one_account_several_or_all_up_to_a_day(world: World) -> None:
    first, second, third = (world.account(name=name) for name in ("First", "Second", "Third"))
    for of in (first, second, third):
        charged(world, of, "10")
    charged(world, first, "5", due_on=date(2026, 6, 2))

    with on("2026-05-20"):
        assert amounts(generated(world, first)) == [("First", "First", "10.00 EUR")]
        assert len(generated(world, second, third)) == 2
        assert generated(world) == []
        assert len(generated(world, up_to=date(2026, 6, 1))) == 0
        assert amounts(generated(world, up_to="2026-06-02")) == [("First", "First", "5.00 EUR")]


def test_up_22_a_managed_account_is_invoiced_to_its_reseller_alone_when_it_is_chosen(world: World) -> None:
    below = world.tenant_reseller(name="Nordlicht")
    managed = {"bill_to": below, "standing": "mirrored", "managed_by": below.id}
    acme, other = world.account(name="Acme", **managed), world.account(name="Other", **managed)
    charged(world, acme, "10")
    charged(world, other, "7")

    assert amounts(generated(world, acme)) == [("Nordlicht", "Acme", "10.00 EUR")]
    assert amounts(generated(world)) == [("Nordlicht", "Nordlicht", "7.00 EUR")]
    with pytest.raises(NotFound):
        generated(world, Row(id=new_id()))


@pytest.mark.parametrize("gone", ["moved_out", "transferred_out", "archived"])
def test_bil_02_what_was_charged_before_an_account_went_is_invoiced_to_the_end(world: World, gone: str) -> None:
    left, stays = world.account(name="Left"), world.account(name="Stays")
    for of, amount in ((left, "10"), (left, "5"), (stays, "2")):
        charged(world, of, amount)
    world.update(world.distributor(), account, left.id, standing=gone, status={"archived": "deleted"}.get(gone, gone))

    with on("2026-05-02"):
        assert [one.net.amount for one in does(world, pending, left.id).items] == [15]
        assert amounts(generated(world)) == [("Left", "Left", "15.00 EUR"), ("Stays", "Stays", "2.00 EUR")]
        charged(world, left, "4")
        assert amounts(generated(world, left)) == [("Left", "Left", "4.00 EUR")]
        with pytest.raises(Refused) as refused:
            does(world, create_invoice, NewInvoice(left.id))
        assert refused.value.rule == "TEN-26", "nothing more is charged to it"


def test_bil_07_a_line_names_customer_subscription_and_change_as_they_were(world: World) -> None:
    home, acme = world.distributor(), world.account(name="Acme")
    mail = world.product(name="Mail")
    one = world.subscription(acme, mail, name="Acme - Mail")
    given = {"before": {"quantity": 10}, "after": {"quantity": 12}, "effective_on": date(2026, 5, 11), "number": 1}
    change = world.insert(
        home, subscription_change, subscription_id=one.id, account_id=acme.id, kind="quantity", **given
    )
    charged(
        world,
        acme,
        "13.33",
        product=mail,
        subscription_id=one.id,
        change_id=change.id,
        kind="change",
        quantity=2,
        unit_price=Decimal(10),
        period_from=date(2026, 5, 11),
        period_until=date(2026, 5, 30),
        explains="2 × EUR 10.00 a month, 20 of 30 days, 11 May 2026 to 30 May 2026",
    )

    [made] = generated(world)
    world.update(home, account, acme.id, name="Acme Holding")
    world.update(home, "product", mail.id, name="Post")

    [line] = read(world, made.id).lines
    assert (line.customer.name, line.subscription and line.subscription.name) == ("Acme", "Acme - Mail")
    assert (line.name, line.change, line.quantity) == ("Mail", "Change of quantity: 10 to 12", Decimal(2))
    assert (line.period_from, line.period_until) == (date(2026, 5, 11), date(2026, 5, 30))
    assert line.explains.startswith("2 × EUR 10.00 a month, 20 of 30 days")
    assert f"{line.net.amount:.2f}" == "13.33"


def test_bil_04_numbers_have_no_gaps_whatever_is_rolled_back_or_runs_at_once(world: World) -> None:
    home = world.distributor()
    accounts = [world.account(name=f"Account {number:02}") for number in range(12)]
    for of in accounts:
        charged(world, of)

    def generate(of: Row) -> None:
        with world.web.work(home.id, world.admin(home)) as work:
            runs.start(work, accounts=[of.id])
            if of.name.endswith("7"):
                raise ZeroDivisionError

    def attempt(of: Row) -> None:
        try:
            generate(of)
        except ZeroDivisionError:
            return

    with ThreadPoolExecutor(4) as together:
        list(together.map(attempt, accounts))

    assert sorted(one.number for one in world.rows(home, "invoice")) == list(range(1001, 1012))
    assert world.rows(home, invoice_series)[0].next == 1012
    assert [one.code for one in generated(world)] == ["INV-1012"], (
        "the one that was rolled back is still to be invoiced"
    )


def test_bil_02_two_runs_at_once_invoice_each_charge_once(world: World) -> None:
    home, acme = world.distributor(), world.account()
    for _ in range(40):
        charged(world, acme, "1")

    def generate(_: int) -> None:
        with world.web.work(home.id, world.admin(home)) as work:
            runs.start(work)

    with ThreadPoolExecutor(4) as together:
        list(together.map(generate, range(4)))

    [made] = world.rows(home, "invoice")
    assert (made.total, len(world.rows(home, "invoice_line"))) == (40, 40)
    assert {one.invoice_id for one in world.rows(home, charge)} == {made.id}


def test_bil_04_a_document_keeps_seller_and_payer_as_they_were(world: World) -> None:
    home, acme = world.distributor(), world.account(name="Acme", vat_number="DE1")
    where = world.address(acme, street="Hafen 1", city="Hamburg", is_billing=True)
    charged(world, acme)
    with on("2026-05-20"):
        [made] = generated(world)

    world.update(home, account, acme.id, name="Acme Holding")
    world.update(home, address, where.id, street="Elbe 2")
    world.update(home, "tenant", home.id, name="Meridian")

    kept = read(world, made.id)
    assert kept.payer
    assert (kept.payer.name, kept.payer.street, kept.payer.vat_number) == ("Acme", "Hafen 1", "DE1")
    assert kept.seller
    assert kept.seller["name"] == home.name
    assert (kept.bill_to.name, kept.issued_on, kept.due_on) == ("Acme", date(2026, 5, 20), date(2026, 6, 3))
    assert (kept.net, kept.tax.amount, kept.total) == (kept.total, Decimal(0), kept.net)
    assert sentences(world, home, made.id) == ["Invoice INV-1001 was issued"]
    assert sentences(world, home, acme.id) == ["Invoice INV-1001 was issued: 10.00 EUR"]


def test_bil_04_what_comes_to_less_than_nothing_waits_until_it_can_be_set_off(world: World) -> None:
    acme = world.account(name="Acme")
    charged(world, acme, "-10")

    assert does(world, preview).documents[0].held_back
    assert generated(world) == []
    assert world.rows(world.distributor(), invoice_run)[0].held_back == 1
    charged(world, acme, "25")
    assert amounts(generated(world)) == [("Acme", "Acme", "15.00 EUR")]


def test_bil_02_the_preview_says_exactly_which_documents_will_be_made(world: World) -> None:
    partner = reseller_of(world)
    hotel = world.account(bill_to=partner, name="Hotel", separate_invoices=True)
    charged(world, partner, "3")
    charged(world, hotel, "4")
    charged(world, world.account(name="Minus"), "-1")

    seen = does(world, preview)
    made = generated(world, digest=seen.digest)

    shown = [(one.code, one.bill_to, one.account, one.net) for one in seen.documents if not one.held_back]
    assert shown == [(one.code, one.bill_to, one.account, one.total) for one in made]
    assert (seen.invoices, seen.charges, seen.held_back) == (2, 2, 1)
    assert [(str(one.amount.normalize()), one.currency) for one in seen.sums] == [("7", "EUR")]


def test_bil_02_what_changed_since_the_preview_is_shown_again_before_it_is_made(world: World) -> None:
    acme = world.account()
    charged(world, acme, "3")
    seen = does(world, preview)
    charged(world, acme, "4")

    with pytest.raises(Conflict) as refused:
        generated(world, digest=seen.digest)

    assert (refused.value.code, refused.value.extra["digest"]) == ("stale-preview", does(world, preview).digest)
    assert world.rows(world.distributor(), "invoice") == []
    assert len(generated(world, digest=does(world, preview).digest)) == 1


def test_ten_20_invoices_are_for_those_who_may_and_of_accounts_that_they_see(world: World) -> None:
    home = world.distributor()
    hidden = world.insert(home, "permission_rule", name="Hidden").id
    charged(world, world.account(name="Seen"), "1")
    secret = world.account(name="Secret", permission_rule_id=hidden)
    charged(world, secret, "2")

    def as_one_who(*words: str) -> Actor:
        rules = frozenset({home.rule_id})
        return Actor(home.admin_id, "Clerk", frozenset(words), rules, rules, rules)

    with pytest.raises(Forbidden), world.web.work(home.id, as_one_who("invoices:view")) as work:
        runs.start(work)
    with world.web.work(home.id, as_one_who("invoices:view", "invoices:edit")) as work:
        assert [one.bill_to.name for one in pending(work).items] == ["Seen"]
        with pytest.raises(NotFound):
            runs.start(work, accounts=[secret.id])
        runs.start(work)
    assert [one.bill_to_name for one in world.rows(home, "invoice")] == ["Seen"]


def test_bil_02_each_tenant_invoices_its_own(world: World) -> None:
    other: Tenant = world.tenant()
    charged(world, world.account(at=other), "5", at=other)

    assert generated(world) == []
    assert len(generated(world, at=other)) == 1
