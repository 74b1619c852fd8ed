"""Update Tenant: the distributor's catalogue carried down to a reseller, shown first, logged, locks kept (CAT-20)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from tenantry.catalog import actions as catalogue, queries as products
from tenantry.catalog.actions import NewListPrice, NewPlan, NewProduct
from tenantry.channel.catalogue_updates import actions, queries
from tenantry.channel.catalogue_updates.applying import apply
from tenantry.kernel.actor import Actor
from tenantry.kernel.problems import Conflict, Forbidden, Invalid, NotFound, Refused
from tenantry.schema import catalog, channel, crm
from tests.world import Row, Tenant, World


def act(world: World, verb: Callable[..., Any], *arguments: Any, at: Tenant | None = None, **named: Any) -> Any:
    """Do something as the tenant's admin."""
    at = at or world.distributor()
    with world.web.work(at.id, world.admin(at)) as work:
        return verb(work, *arguments, **named)


@pytest.fixture
def reseller(world: World) -> Tenant:
    """Give a tenant reseller who resells one product that costs him 8."""
    tenant = world.tenant_reseller()
    sell(world, tenant, "MAIL", 10, 8)
    update(world, tenant)
    return tenant


def sell(world: World, to: Tenant, sku: str, price: int, paid: int) -> UUID:
    """Make a product and put it on the reseller's price list."""
    id: UUID = act(world, catalogue.create_product, NewProduct(sku=sku, name=sku.title(), description="Ours"))
    act(world, catalogue.set_price, id, "monthly", "EUR", Decimal(price), cost=Decimal(1))
    act(world, catalogue.set_list_price, to.price_list_id, NewListPrice(id, "monthly", Decimal(paid)))
    return id


def plan(world: World, to: Tenant, mode: str = "full", **how: bool) -> Any:
    """Plan an update and look at it."""
    return act(world, queries.update_, act(world, actions.plan, to.account_id, mode, **how))


def update(world: World, to: Tenant, mode: str = "full", **how: bool) -> Any:
    """Plan, confirm and apply an update."""
    seen = plan(world, to, mode, **how)
    act(world, actions.confirm, seen.id, seen.digest)
    assert apply(world.worker, world.distributor().id, seen.id)
    return act(world, queries.update_, seen.id)


def lines(view: Any) -> set[tuple[str, str, str, str, str]]:
    """Give the differences that are shown."""
    return {(one.what, one.verdict, one.field, one.before, one.after) for one in view.differences}


def price(world: World, at: Tenant, product_id: UUID, cycle: str = "monthly") -> Row:
    """Give a price of a product."""
    [found] = world.rows(at, catalog.product_price, product_id=product_id, cycle=cycle)
    return found


def only(world: World, at: Tenant, **where: Any) -> Row:
    """Give the one product."""
    [found] = world.rows(at, catalog.product, **where)
    return found


def test_cat_20_an_update_carries_products_prices_and_plans_down(world: World, reseller: Tenant) -> None:
    backup = sell(world, reseller, "BACKUP", 20, 15)
    mail = only(world, reseller, sku="MAIL")
    act(world, catalogue.create_plan, NewPlan(backup, "Backup for all"))
    act(world, catalogue.set_characteristic, backup, "Storage", "1 TB")
    act(world, catalogue.add_path, mail.id, "upgrade", backup)
    act(world, catalogue.edit_product, mail.id, {"unit": "mailbox", "name": "Mail!", "trial_days": 7})

    seen = plan(world, reseller)
    assert lines(seen) == {
        ("Backup (BACKUP)", "new", "", "", ""),
        ("Mail (MAIL)", "changed", "unit", "", "mailbox"),
        ("Mail (MAIL)", "changed", "trial_days", "30", "7"),
        ("Backup, monthly in EUR", "new", "", "", "costs 15, sells at 20"),
        ("Backup: Storage", "new", "", "", "1 TB"),
        ("Mail to Backup", "new", "", "", "upgrade"),
        ("Backup for all", "new", "", "", ""),
    }
    assert {one.rule for one in seen.differences} == {"CAT-20"}
    assert all(one.why for one in seen.differences)
    assert world.rows(reseller, catalog.product, sku="BACKUP") == []
    act(world, actions.confirm, seen.id, seen.digest)
    assert act(world, queries.update_, seen.id).state == "confirmed"
    assert apply(world.worker, world.distributor().id, seen.id)
    assert apply(world.worker, world.distributor().id, seen.id), "again changes nothing"

    below = act(world, products.product_, backup, at=reseller)
    assert (below.standing, below.characteristics[0].value) == ("inherited", "1 TB")
    assert (price(world, reseller, backup).unit_price, price(world, reseller, backup).cost) == (20, 15)
    [copied] = world.rows(reseller, catalog.plan)
    assert copied.descends_from_id == world.rows(world.distributor(), catalog.plan)[0].id
    mail = only(world, reseller, sku="MAIL")
    assert (mail.unit, mail.trial_days, mail.name, mail.version) == ("mailbox", 7, "Mail", 2)
    assert plan(world, reseller).differences == []


def test_cat_20_an_update_is_logged_on_both_sides(world: World, reseller: Tenant) -> None:
    home, mail = world.distributor(), only(world, reseller, sku="MAIL")
    act(world, catalogue.edit_product, mail.id, {"unit": "mailbox"})
    done = update(world, reseller)

    assert (done.state, done.summary, done.actor) == ("applied", "1 changed", world.admin(home).name)
    assert [one.state for one in act(world, queries.updates, reseller.account_id)] == ["applied", "applied"]
    above = world.rows(home, crm.history_line, subject_id=reseller.account_id)
    assert above[-1].sentence == "The tenant's catalogue was updated: 1 changed"
    [*_, below] = world.rows(reseller, crm.history_line, subject_id=mail.id)
    assert below.sentence == "The distributor updated the product"
    assert below.changes == {"unit": {"before": "", "after": "mailbox"}}


@pytest.mark.parametrize(
    ("mode", "selling", "cost", "unit_price", "unit"),
    [
        ("full", False, 7, 12, "box"),
        ("full", True, 7, 11, "box"),
        ("purchase_prices", False, 7, 12, ""),
        ("purchase_prices", True, 7, 11, ""),
    ],
)
def test_cat_20_full_or_purchase_prices_only_and_selling_prices_when_asked(
    world: World, reseller: Tenant, mode: str, *, selling: bool, cost: int, unit_price: int, unit: str
) -> None:
    mail = only(world, reseller, sku="MAIL")
    act(world, catalogue.set_price, mail.id, "monthly", "EUR", Decimal(12), at=reseller)
    act(world, catalogue.set_price, mail.id, "monthly", "EUR", Decimal(11))
    act(world, catalogue.set_list_price, reseller.price_list_id, NewListPrice(mail.id, "monthly", Decimal(7)))
    act(world, catalogue.edit_product, mail.id, {"unit": "box"})
    sell(world, reseller, "NEW", 1, 1)

    update(world, reseller, mode, with_selling_prices=selling)

    below = price(world, reseller, mail.id)
    assert (below.cost, below.unit_price) == (cost, unit_price)
    assert only(world, reseller, sku="MAIL").unit == unit
    assert len(world.rows(reseller, catalog.product, sku="NEW")) == (1 if mode == "full" else 0)


def test_cat_20_what_is_on_the_list_no_longer_is_withdrawn_and_comes_back(world: World, reseller: Tenant) -> None:
    home, mail = world.distributor(), only(world, reseller, sku="MAIL")
    own = world.product(reseller, sku="OWN")
    [item] = world.rows(home, catalog.price_list_item, product_id=mail.id)
    act(world, catalogue.remove_list_price, reseller.price_list_id, item.id)

    seen = update(world, reseller)

    assert ("Mail (MAIL)", "withdrawn", "", "", "") in lines(seen)
    assert only(world, reseller, sku="MAIL").standing == "withdrawn"
    assert only(world, reseller, id=own.id).standing == "own"
    with pytest.raises(Refused) as refused:
        act(world, catalogue.edit_product, mail.id, {"name": "Mine"}, at=reseller)
    assert refused.value.rule == "CAT-20"
    act(world, catalogue.set_list_price, reseller.price_list_id, NewListPrice(mail.id, "monthly", Decimal(9)))
    update(world, reseller)
    assert only(world, reseller, sku="MAIL").standing == "inherited"
    assert price(world, reseller, mail.id).cost == 9


def test_cat_20_prices_and_relations_that_are_gone_above_go_below_but_the_resellers_own_stay(
    world: World, reseller: Tenant
) -> None:
    home, mail = world.distributor(), only(world, reseller, sku="MAIL")
    act(world, catalogue.set_list_price, reseller.price_list_id, NewListPrice(mail.id, "yearly", Decimal(80)))
    act(world, catalogue.set_characteristic, mail.id, "Storage", "1 GB")
    update(world, reseller)
    act(world, catalogue.set_price, mail.id, "quarterly", "EUR", Decimal(30), at=reseller)
    [yearly] = world.rows(home, catalog.price_list_item, product_id=mail.id, cycle="yearly")
    act(world, catalogue.remove_list_price, reseller.price_list_id, yearly.id)
    [said] = act(world, products.product_, mail.id).characteristics
    act(world, catalogue.remove_characteristic, mail.id, said.id)

    seen = update(world, reseller)

    assert {one.what for one in seen.differences if one.verdict == "dropped"} == {
        "Mail, yearly in EUR",
        "Mail: Storage",
    }
    cycles = {one.cycle for one in world.rows(reseller, catalog.product_price, product_id=mail.id)}
    assert cycles == {"monthly", "quarterly"}


def test_cat_20_a_sku_that_the_reseller_has_himself_is_left_out_and_said(world: World, reseller: Tenant) -> None:
    world.product(reseller, sku="BACKUP", name="Our backup")
    sell(world, reseller, "BACKUP", 20, 15)

    seen = plan(world, reseller)

    assert lines(seen) == {("Backup (BACKUP)", "clash", "", "", "")}
    with pytest.raises(Conflict, match="Nothing differs"):
        act(world, actions.confirm, seen.id, seen.digest)


def test_cat_20_what_was_not_seen_is_not_applied(world: World, reseller: Tenant) -> None:
    home, mail = world.distributor(), only(world, reseller, sku="MAIL")
    act(world, catalogue.edit_product, mail.id, {"unit": "mailbox"})
    seen, later = plan(world, reseller), plan(world, reseller)

    with pytest.raises(Conflict) as refused:
        act(world, actions.confirm, seen.id, "something else")
    assert refused.value.code == "stale-digest"
    act(world, actions.confirm, later.id, later.digest)
    with pytest.raises(Conflict, match="confirmed already"):
        act(world, actions.confirm, later.id, later.digest)
    act(world, catalogue.edit_product, mail.id, {"unit": "seat"})
    with pytest.raises(Conflict) as refused:
        act(world, actions.confirm, seen.id, seen.digest)
    assert refused.value.code == "stale-plan"

    assert not apply(world.worker, home.id, later.id)
    assert act(world, queries.update_, later.id).state == "outdated"
    assert only(world, reseller, sku="MAIL").unit == ""


def test_cat_20_only_who_may_and_only_when_there_is_a_tenant(world: World, reseller: Tenant) -> None:
    home = world.distributor()
    reader = Actor(None, "Reader", frozenset({"tenant_resellers:view"}))
    with world.web.work(home.id, reader) as work, pytest.raises(Forbidden):
        actions.plan(work, UUID(str(reseller.account_id)))
    with pytest.raises(Invalid):
        plan(world, reseller, "half")
    with pytest.raises(NotFound):
        act(world, actions.plan, reseller.account_id, at=world.tenant("distributor"))
    world.update(home, channel.tenant_reseller, UUID(str(reseller.account_id)), state="suspended")
    with pytest.raises(Refused):
        plan(world, reseller)


def test_cat_21_a_delegated_plan_says_what_its_plan_is_called_above(world: World, reseller: Tenant) -> None:
    mail = only(world, reseller, sku="MAIL")
    made = act(world, catalogue.create_plan, NewPlan(mail.id, "Mail for all"))
    update(world, reseller)
    [below] = world.rows(reseller, catalog.plan)
    act(world, catalogue.edit_plan, below.id, {"name": "Our mail"}, at=reseller)
    act(world, catalogue.edit_plan, made, {"name": "Mail for everyone"})
    assert act(world, products.plan_, below.id, at=reseller).descends_from_name == "Mail for all", "until it is told"

    assert lines(plan(world, reseller)) == {
        ("Our mail", "changed", "descends_from_name", "Mail for all", "Mail for everyone")
    }
    update(world, reseller)

    told = act(world, products.plan_, below.id, at=reseller)
    assert (told.name, told.descends_from_name, told.standing) == ("Our mail", "Mail for everyone", "inherited")
    assert plan(world, reseller).differences == []


def test_cat_21_a_plan_that_is_deleted_above_is_withdrawn_below_and_may_be_cleared_away(
    world: World, reseller: Tenant
) -> None:
    mail = only(world, reseller, sku="MAIL")
    made = act(world, catalogue.create_plan, NewPlan(mail.id, "Mail for all"))
    own = act(world, catalogue.create_plan, NewPlan(mail.id, "Our own"), at=reseller)
    update(world, reseller)
    [below] = [row for row in world.rows(reseller, catalog.plan) if row.id != own]
    with pytest.raises(Refused, match="descends from"):
        act(world, catalogue.delete_plan, below.id, at=reseller)

    act(world, catalogue.delete_plan, made)
    update(world, reseller)

    assert act(world, products.plan_, below.id, at=reseller).standing == "withdrawn"
    assert act(world, products.plan_, own, at=reseller).standing == "own"
    with pytest.raises(Refused, match="gone"):
        act(world, catalogue.edit_plan, below.id, {"name": "Still here"}, at=reseller)
    act(world, catalogue.delete_plan, below.id, at=reseller)
    assert [row.id for row in world.rows(reseller, catalog.plan)] == [own]
    assert plan(world, reseller).differences == []


def test_cat_21_a_plan_that_is_gone_above_is_withdrawn_below(world: World, reseller: Tenant) -> None:
    mail = only(world, reseller, sku="MAIL")
    made = act(world, catalogue.create_plan, NewPlan(mail.id, "Mail for all"))
    update(world, reseller)
    world.update(world.distributor(), catalog.plan, made, standing="withdrawn")

    update(world, reseller)

    [below] = world.rows(reseller, catalog.plan)
    assert (below.standing, below.descends_from_id) == ("withdrawn", made)
