"""What a product goes with, when it is sold, and the terms that a buyer accepts."""

from datetime import date
from decimal import Decimal

import pytest

from tenantry.catalog import actions, queries
from tenantry.catalog.actions import NewProduct, NewTermsDocument
from tenantry.kernel.problems import Conflict, Invalid, NotFound, Refused
from tenantry.schema import crm, shop
from tests.catalog.test_products import act
from tests.world import World


def sentences(world: World, id: object) -> list[str]:
    """Give what a record's history says."""
    return [line.sentence for line in world.rows(world.distributor(), crm.history_line, subject_id=id)]


def test_cat_01_a_product_says_when_and_in_what_numbers_it_is_sold(world: World) -> None:
    home = world.distributor()
    sold = {"active_from": date(2027, 1, 1), "active_until": date(2027, 12, 31), "min_quantity": 5, "max_quantity": 50}
    id = act(world, home, actions.create_product, NewProduct(sku="M", name="Mail", trial_days=14, **sold))

    view = act(world, home, queries.product_, id)
    assert {name: getattr(view, name) for name in sold} == sold
    assert (view.trial_days, view.in_shop) == (14, True)
    with pytest.raises(Invalid) as refused:
        act(world, home, actions.edit_product, id, {"active_until": "2026-12-31", "min_quantity": 51})
    assert [fault.field for fault in refused.value.faults] == ["active_until", "max_quantity"]
    with pytest.raises(Invalid) as refused:
        act(world, home, actions.edit_product, id, {"min_quantity": 0, "max_quantity": -1, "trial_days": 400})
    assert [fault.field for fault in refused.value.faults] == ["min_quantity", "max_quantity", "trial_days"]
    act(world, home, actions.edit_product, id, {"max_quantity": None, "active_until": None})
    assert act(world, home, queries.product_, id).max_quantity is None


def test_ten_24_every_change_of_a_product_stands_in_its_history(world: World) -> None:
    home = world.distributor()
    id = act(world, home, actions.create_product, NewProduct(sku="M", name="Mail"))

    act(world, home, actions.edit_product, id, {"name": "Mail+"})
    act(world, home, actions.edit_product, id, {"name": "Mail+"})
    for price in (10, 11, 11):
        act(world, home, actions.set_price, id, "monthly", "EUR", Decimal(price))

    assert sentences(world, id) == [
        "Product Mail was created",
        "Product was changed",
        "The monthly price in EUR was set",
        "The monthly price in EUR was set",
    ]
    [*_, last] = world.rows(home, crm.history_line, subject_id=id)
    assert last.changes == {"unit_price": {"before": "10", "after": "11"}}
    assert last.actor_id == home.admin_id


def test_cat_01_a_price_says_for_how_long_a_buyer_commits_himself(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller()
    mine, copied = world.product(), world.product(reseller, standing="inherited")

    act(world, home, actions.set_price, mine.id, "monthly", "EUR", Decimal(10), term_months=12)
    act(world, home, actions.set_price, mine.id, "monthly", "EUR", Decimal(9))

    [price] = act(world, home, queries.product_, mine.id).prices
    assert (price.price.amount, price.term_months) == (9, 12)
    with pytest.raises(Invalid):
        act(world, home, actions.set_price, mine.id, "monthly", "EUR", Decimal(9), term_months=0)
    act(world, reseller, actions.set_price, copied.id, "monthly", "EUR", Decimal(9))
    with pytest.raises(Refused, match="distributor"):
        act(world, reseller, actions.set_price, copied.id, "monthly", "EUR", Decimal(9), term_months=12)


def test_cat_01_a_product_has_characteristics(world: World) -> None:
    home = world.distributor()
    product = world.product()

    act(world, home, actions.set_characteristic, product.id, "Storage", "50 GB", 2)
    act(world, home, actions.set_characteristic, product.id, "Seats", "5", 1)
    act(world, home, actions.set_characteristic, product.id, " Storage ", "100 GB", 2)

    found = act(world, home, queries.product_, product.id).characteristics
    assert [(one.name, one.value) for one in found] == [("Seats", "5"), ("Storage", "100 GB")]
    with pytest.raises(Invalid):
        act(world, home, actions.set_characteristic, product.id, "", "")
    act(world, home, actions.remove_characteristic, product.id, found[0].id)
    assert [one.name for one in act(world, home, queries.product_, product.id).characteristics] == ["Storage"]
    assert sentences(world, product.id)[-1] == "Seats is said of it no longer"


def test_cat_01_a_product_leads_up_and_down_to_others_of_its_kind(world: World) -> None:
    home = world.distributor()
    small, large, add_on = world.product(name="S"), world.product(name="L"), world.product(kind="add_on")

    act(world, home, actions.add_path, small.id, "downgrade", large.id)
    act(world, home, actions.add_path, small.id, "upgrade", large.id)

    assert [(one.name, one.kind) for one in act(world, home, queries.product_, small.id).paths] == [("L", "upgrade")]
    for to, why in ((small.id, "itself"), (add_on.id, "to a service")):
        with pytest.raises(Invalid, match=why):
            act(world, home, actions.add_path, small.id, "upgrade", to)
    with pytest.raises(Invalid):
        act(world, home, actions.add_path, small.id, "sideways", large.id)
    act(world, home, actions.remove_path, small.id, large.id)
    assert act(world, home, queries.product_, small.id).paths == []


def test_cat_20_ways_and_characteristics_of_a_product_from_above_are_the_distributors(world: World) -> None:
    reseller = world.tenant_reseller()
    copied, own = world.product(reseller, standing="inherited"), world.product(reseller)

    for verb, said in ((actions.set_characteristic, ("Storage", "1 GB")), (actions.add_path, ("upgrade", own.id))):
        with pytest.raises(Refused) as refused:
            act(world, reseller, verb, copied.id, *said)
        assert refused.value.rule == "CAT-20"
    act(world, reseller, actions.set_characteristic, own.id, "Storage", "1 GB")
    act(world, reseller, actions.add_path, own.id, "upgrade", copied.id)
    for field, value in (("trial_days", 3), ("min_quantity", 2), ("active_from", "2027-01-01")):
        with pytest.raises(Refused):
            act(world, reseller, actions.edit_product, copied.id, {field: value})
    act(world, reseller, actions.edit_product, copied.id, {"in_shop": False, "active": False})


def test_sf_02_terms_that_were_accepted_keep_their_words(world: World) -> None:
    home = world.distributor()
    id = act(world, home, actions.create_terms_document, NewTermsDocument("Terms", "2026", "Be good."))
    with pytest.raises(Invalid, match="edition 2026"):
        act(world, home, actions.create_terms_document, NewTermsDocument("Terms", "2026", "Be bad."))
    act(world, home, actions.edit_terms_document, id, {"body": "Be very good."})
    account = world.account()
    accepted = {"account_id": account.id, "order_id": world.order(account).id, "document_id": id, "edition": "2026"}
    world.insert(home, shop.terms_acceptance, **accepted)

    with pytest.raises(Conflict) as refused:
        act(world, home, actions.edit_terms_document, id, {"body": "Be bad."})

    assert (refused.value.rule, refused.value.code) == ("SF-02", "terms-accepted")
    act(world, home, actions.edit_terms_document, id, {"active": False, "body": "Be very good."})
    with pytest.raises(Conflict):
        act(world, home, actions.delete_terms_document, id)
    later = act(world, home, actions.create_terms_document, NewTermsDocument("Terms", "2027", "Be bad."))
    product = world.product(terms_document_id=later)
    assert act(world, home, queries.product_, product.id).terms_document_name == "Terms, 2027"
    with pytest.raises(Conflict):
        act(world, home, actions.delete_terms_document, later)
    act(world, home, actions.edit_product, product.id, {"terms_document_id": None})
    act(world, home, actions.delete_terms_document, later)
    with pytest.raises(NotFound):
        act(world, home, queries.terms_document_, later)
