"""Create Tenant Reseller, as a watched job (TEN-04 to TEN-06)."""

import dataclasses
from decimal import Decimal

import pytest

from tenantry.channel.tenant_resellers import actions, creating, queries
from tenantry.kernel.problems import Conflict, Invalid, Refused
from tests.world import Row, World


def asked(world: World, reseller: Row, price_list: Row, **given: object) -> actions.NewTenantReseller:
    """Fill in the form."""
    form = {
        "admin_name": "Maria",
        "admin_email": "maria@nordic.example",
        "edition": "premium",
        "time_zone": "Europe/Athens",
        **given,
    }
    return actions.NewTenantReseller(account_id=reseller.id, price_list_id=price_list.id, **form)


def priced(world: World, product: Row, price_list: Row, price: str, cycle: str = "monthly") -> Row:
    """Put a product on a price list."""
    return world.insert(
        world.distributor(),
        "price_list_item",
        price_list_id=price_list.id,
        product_id=product.id,
        cycle=cycle,
        price=Decimal(price),
    )


def test_ten_04_creation_leaves_behind_what_the_seed_says(world: World) -> None:
    """Tenant, admin, common rule, currency, payment method, the list's products with prices, plans, add-ons,
    cycles and systems; nothing else.
    """
    above = world.distributor()
    system = world.insert(above, "provisioning_system", name="Cloud", kind="manual")
    mail = world.product(provisioning_system_id=system.id)
    archive = world.product(kind="add_on")
    unlisted = world.product()
    world.insert(above, "product_add_on", product_id=mail.id, add_on_id=archive.id)
    world.insert(above, "product_add_on", product_id=mail.id, add_on_id=unlisted.id)
    plan = world.insert(above, "plan", product_id=mail.id, name="Mail business")
    world.insert(
        above,
        "product_price",
        product_id=mail.id,
        cycle="monthly",
        currency="EUR",
        unit_price=Decimal(10),
        cost=Decimal(6),
    )
    price_list = world.insert(above, "price_list", name="Partners", currency="EUR")
    for product, price in ((mail, "8"), (archive, "2")):
        priced(world, product, price_list, price)
    method = world.payment_method(
        above, name="SEPA", kind="gateway", gateway="adyen", merchant_account="D-1", token_reference="tok_1"
    )
    nordic = world.account(name="Nordic Café GmbH", reselling_enabled=True, payment_method_id=method.id)

    with world.web.work(above.id, world.admin(above)) as work:
        id_ = actions.create(work, asked(world, nordic, price_list))
        before = queries.tenant_reseller_(work, id_)
    assert before.state == "creating"
    assert all(step.at is None for step in before.steps)
    assert creating.create(world.worker, above.id, id_)

    with world.web.work(above.id, world.admin(above)) as work:
        view = queries.tenant_reseller_(work, id_)
    assert (view.state, view.code, view.edition, view.default_currency) == (
        "set_up",
        "nordic-cafe-gmbh",
        "premium",
        "EUR",
    )
    assert [step.made for step in view.steps] == [1, 1, 1, 2, 2, 1, 0, 0, 1]
    below = dataclasses.replace(above, id=view.reseller_tenant_id)
    assert [user.email for user in world.rows(below, "tenant_user")] == ["maria@nordic.example"]
    assert [rule.name for rule in world.rows(below, "permission_rule")] == ["Common"]
    assert [one.currency for one in world.rows(below, "tenant_currency")] == ["EUR"]
    assert world.rows(below, "custom_field") == []
    assert {product.id for product in world.rows(below, "product")} == {mail.id, archive.id}
    assert {product.standing for product in world.rows(below, "product")} == {"inherited"}
    price = next(one for one in world.rows(below, "product_price") if one.product_id == mail.id)
    assert (price.cost, price.unit_price, price.cycle) == (Decimal(8), Decimal(10), "monthly")
    assert [one.add_on_id for one in world.rows(below, "product_add_on")] == [archive.id]
    assert [one.descends_from_id for one in world.rows(below, "plan")] == [plan.id]
    assert [one.id for one in world.rows(below, "provisioning_system")] == [system.id]
    copied = world.rows(below, "payment_method")
    assert [(one.name, one.is_default, one.merchant_account, one.token_reference) for one in copied] == [
        ("SEPA", True, "", "")
    ]


def test_ten_04_a_stopped_creation_goes_on_and_makes_nothing_twice(world: World) -> None:
    above = world.distributor()
    price_list = world.insert(above, "price_list", name="Partners", currency="EUR")
    priced(world, world.product(), price_list, "8")
    nordic = world.account(reselling_enabled=True)
    with world.web.work(above.id, world.admin(above)) as work:
        actions.create(work, asked(world, nordic, price_list))

    rounds = 0
    while not creating.create(world.worker, above.id, nordic.id, should_stop=lambda: True):
        rounds += 1
    assert rounds >= len(creating.STEPS)

    with world.web.work(above.id, world.admin(above)) as work:
        view = queries.tenant_reseller_(work, nordic.id)
    assert view.state == "set_up"
    below = dataclasses.replace(above, id=view.reseller_tenant_id)
    assert len(world.rows(below, "product")) == 1
    assert len(world.rows(below, "tenant_user")) == 1


def test_ten_04_only_a_reseller_without_a_tenant_gets_one(world: World) -> None:
    above = world.distributor()
    price_list = world.insert(above, "price_list", name="Partners", currency="EUR")
    empty = world.insert(above, "price_list", name="Empty", currency="EUR")
    priced(world, world.product(), price_list, "8")
    plain, reseller = world.account(), world.account(reselling_enabled=True)
    with world.web.work(above.id, world.admin(above)) as work:
        with pytest.raises(Refused) as refused:
            actions.create(work, asked(world, plain, price_list))
        assert refused.value.rule == "TEN-04"
        with pytest.raises(Invalid) as invalid:
            actions.create(work, asked(world, reseller, empty, admin_email="nobody", time_zone="Mars/North"))
        assert {fault.field for fault in invalid.value.faults} == {"price_list_id", "admin_email", "time_zone"}
        actions.create(work, asked(world, reseller, price_list))
        with pytest.raises(Conflict):
            actions.create(work, asked(world, reseller, price_list))


def test_ten_05_separate_invoices_for_new_accounts_only_or_for_all(world: World) -> None:
    above, reseller = world.distributor(), world.tenant_reseller()
    acme = world.account(bill_to=reseller)
    with world.web.work(above.id, world.admin(above)) as work:
        actions.edit_settings(work, reseller.account_id, separate_invoices=True, for_accounts="new")
    assert world.row(above, "account", acme.id).separate_invoices is False
    with world.web.work(above.id, world.admin(above)) as work:
        actions.edit_settings(work, reseller.account_id, separate_invoices=True, for_accounts="all")
    assert world.row(above, "account", acme.id).separate_invoices is True


def test_dn_02_candidates_are_listed_with_those_that_cannot_go_and_why(world: World) -> None:
    """Whoever pays elsewhere, resells or is closed stays in the list with the reason; who was copied does not."""
    above, reseller = world.distributor(), world.tenant_reseller()
    fits = world.account(bill_to=reseller, name="Fits")
    closed = world.account(bill_to=reseller, name="Closed", status="closed")
    elsewhere = world.account(name="Elsewhere", parent_id=reseller.account_id)
    lite = world.account(bill_to=reseller, name="Lite", reselling_enabled=True)
    world.account(name="Of lite", parent_id=lite.id)
    copied = world.account(bill_to=reseller, name="Copied")
    world.transfer_accounts(copied, to=reseller)
    world.account(name="Somebody else's")

    with world.web.work(above.id, world.admin(above)) as work:
        page = queries.candidates(work, reseller.account_id)
        found = {one.id: one for one in page.items}
        searched = queries.candidates(work, reseller.account_id, search="fit")

    assert found.keys() == {fits.id, closed.id, elsewhere.id, lite.id}
    assert found[fits.id].can_go
    assert {one.name: one.rule for one in page.items if not one.can_go} == dict.fromkeys(
        ["Closed", "Elsewhere", "Lite"], "DN-02"
    )
    assert (page.can_go, page.cannot_go) == (1, 3)
    assert [one.name for one in searched.items] == ["Fits"]
