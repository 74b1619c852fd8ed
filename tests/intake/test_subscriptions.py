"""Running subscriptions from files: each row in, or refused; nothing is charged for the past (CAT-04)."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from tenantry.intake import actions
from tenantry.kernel.actor import Actor
from tenantry.kernel.problems import Forbidden
from tenantry.sales.defaults import today
from tenantry.sales.subscriptions.records import held_subscription
from tenantry.sales.subscriptions.settling import settle
from tenantry.schema import catalog, charging, sales
from tenantry.schema.subscription import subscription_change, trial_use
from tests.intake.stories import act, codes, confirm, rows, table, view
from tests.sales.stories import priced, sentences
from tests.world import Row, Tenant, World

HEAD = "account|product|cycle|quantity|unit_price|start_on|name|external_id|renew|trial_until|end_on"
DAY = timedelta(days=1)


def bring(world: World, *lines: str, head: str = HEAD, at: Tenant | None = None) -> UUID:
    """Bring a file of subscriptions, which plans it."""
    at = at or world.distributor()
    with world.web.work(at.id, world.admin(at)) as work:
        return actions.read(work, "subscriptions", "running.csv", table(head, *lines))


def now(world: World) -> date:
    """Tell the day that it is at the distributor."""
    with world.web.work(world.distributor().id) as work:
        return today(work)


def subscriptions(world: World) -> dict[str, Row]:
    """Give the subscriptions by name."""
    return {row.name: row for row in world.rows(world.distributor(), sales.subscription)}


def month_after(day: date) -> date:
    """Give the same day of the next month, or its last where it has none."""
    year, month = (day.year + day.month // 12, day.month % 12 + 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def test_cat_04_of_ten_subscriptions_three_are_refused_with_the_reason_and_seven_come_in(world: World) -> None:
    home, on = world.distributor(), now(world)
    world.account(name="Alpha", number=7001)
    world.account(name="Beta", accounting_no="D-77")
    mail = priced(world, home, "10", sku="MAIL", name="Mail", trial_allowed=True)
    begun, later = on - 40 * DAY, on + 10 * DAY
    id = bring(
        world,
        f"7001|MAIL|monthly|5||{begun}|Mails|EXT-1|yes||",
        f"D-77|mail|Monat|2|8,50|{begun}|Cheap||||",
        f"Nobody|MAIL|monthly|1||{begun}|||||",
        f"beta|MAIL|monthly|1||{on}|Today||||",
        f"alpha|MAIL|yearly|1||{begun}|||||",
        f"Alpha|MAIL|monthly|1||{on - DAY}|Tried||| {on + 5 * DAY}|",
        f"Alpha|MAIL|monthly|1||{later}|Later||||",
        f"Alpha|MAIL|monthly|0||{begun}|||||",
        f"Alpha|MAIL|monthly|1||{begun}|Ending||||{on + 3 * DAY}",
        f"Alpha|MAIL|monthly|1||{begun}|Once|EXT-2|no||",
    )

    planned = view(world, id)
    refused = rows(world, id, "refused")
    assert (planned.counts["rows"], planned.counts["refused"], planned.counts["ready"]) == (10, 3, 7)
    assert codes(refused) == {4: ["account-unknown"], 6: ["not-sold-so"], 9: ["quantity-unfit"]}
    assert all(problem["rule"] and problem["remedy"] for row in refused for problem in row.problems)
    assert "has one for: monthly" in refused[1].problems[0]["message"]
    assert "nothing-charged-before" in {one["code"] for one in planned.findings}
    assert subscriptions(world) == {}

    confirm(world, id)

    found = subscriptions(world)
    assert view(world, id).counts["imported"] == len(found) == 7
    assert {name: row.status for name, row in found.items()} == {
        "Mails": "active",
        "Cheap": "active",
        "Today": "active",
        "Tried": "trial",
        "Later": "starting_later",
        "Ending": "active",
        "Once": "active",
    }
    mails = found["Mails"]
    assert (mails.quantity, mails.unit_price, mails.product_id, mails.external_id) == (5, 10, mail.id, "EXT-1")
    assert (mails.provisioning_status, found["Cheap"].provisioning_status) == ("provisioned", "not_provisioned")
    assert (found["Cheap"].unit_price, found["Ending"].end_on) == (Decimal("8.5"), on + 3 * DAY)
    assert found["Once"].end_on == found["Once"].charged_until
    assert sentences(world, home, mails.id) == ["Subscription was imported from running.csv"]
    kinds = {row.subscription_id: row.kind for row in world.rows(home, subscription_change)}
    assert [kinds[found[name].id] for name in ("Mails", "Tried", "Later")] == ["activation", "trial", "activation"]
    assert [row.subscription_id for row in world.rows(home, trial_use)] == [found["Tried"].id]
    assert world.rows(home, charging.charge) == []


def test_cat_04_charges_begin_with_the_first_period_that_begins_today_or_later(world: World) -> None:
    home, on = world.distributor(), now(world)
    # Periods begin on the first day's day of the month, or on the month's last.
    begun = date(on.year - (on.month == 1), (on.month - 2) % 12 + 1, 1)
    first = on if on.day == 1 else month_after(on.replace(day=1))
    world.account(name="Alpha")
    # No billing day is beyond the 28th.
    billing_day = min(on.day, 28)
    aligned = on if on.day == billing_day else month_after(on.replace(day=billing_day))
    world.account(name="Billed", own_ordering_options=True, prorate_billing=True, billing_day=billing_day)
    priced(world, home, "10", sku="MAIL")
    id = bring(
        world,
        f"Alpha|MAIL|monthly|1||{begun}|Running||||",
        f"Alpha|MAIL|monthly|1||{on}|Today||||",
        f"Billed|MAIL|monthly|1||{begun}|Aligned||||",
    )
    shown = {row.line: {one["field"]: one["after"] for one in row.changes} for row in rows(world, id)}
    assert [shown[line]["charged from"] for line in (2, 3, 4)] == [str(first), str(on), str(aligned)]
    confirm(world, id)
    found = subscriptions(world)
    charged_from = {name: row.charged_until + DAY for name, row in found.items()}
    assert charged_from == {"Running": first, "Today": on, "Aligned": aligned}

    for row in found.values():
        with world.web.work(home.id, world.admin(home)) as work:
            settle(work, held_subscription(work, row.id))

    charges = {one.subscription_id: one.period_from for one in world.rows(home, charging.charge)}
    due_today = [name for name, day in (("Running", first), ("Today", on), ("Aligned", aligned)) if day == on]
    assert charges == {found[name].id: on for name in due_today}


def test_cat_04_what_may_not_come_in_is_refused_by_its_rule(world: World) -> None:
    home, on = world.distributor(), now(world)
    reseller = world.tenant_reseller(state="live")
    alpha = world.account(name="Alpha")
    world.account(name="Twin", number=7101)
    world.account(name="Twin", number=7102)
    world.account(name="Closed", status="closed")
    world.account(name="Managed", bill_to=reseller, standing="handed_down", managed_by=reseller.id)
    dollars = world.insert(home, catalog.price_list, name="Dollars", currency="USD")
    world.account(name="Dollar", own_ordering_options=True, price_list_id=dollars.id)
    mail = priced(world, home, "10", sku="MAIL", name="Mail", max_quantity=10)
    priced(world, home, "10", sku="GONE", active=False)
    priced(world, home, "1", sku="EXTRA", kind="add_on")
    world.subscription(alpha, mail, external_id="EXT-1")
    begun = on - 3 * DAY
    id = bring(
        world,
        f"Alpha|MAIL|monthly|1||{begun}||EXT-2|||",
        f"Twin|MAIL|monthly|1||{begun}|||||",
        f"Closed|MAIL|monthly|1||{begun}|||||",
        f"Managed|MAIL|monthly|1||{begun}|||||",
        f"Dollar|MAIL|monthly|1||{begun}|||||",
        f"Alpha|GONE|monthly|1||{begun}|||||",
        f"Alpha|EXTRA|monthly|1||{begun}|||||",
        f"Alpha|MAIL|monthly|11||{begun}|||||",
        f"Alpha|MAIL|monthly|1||{begun}||EXT-1|||",
        f"Alpha|MAIL|monthly|1||{begun}||EXT-2|||",
        f"Alpha|MAIL|monthly|1||{on - 400 * DAY}|||||",
        "Alpha|MAIL|monthly|1||31.31.2026|||||",
        f"Alpha|MAIL|monthly|1||{begun}||||{on + DAY}|",
        f"Alpha|MAIL|monthly|1||{begun}|||||{on - DAY}",
        f"Alpha|MAIL|once|-1|much|{begun}|||perhaps||",
        f"Alpha|NONE|monthly|1||{begun}|||||",
    )

    refused = rows(world, id, "refused")
    assert codes(refused) == {
        3: ["account-ambiguous"],
        4: ["account-not-sold-to"],
        5: ["account-not-sold-to"],
        6: ["not-sold-so"],
        7: ["not-sold-so"],
        8: ["product-add-on"],
        9: ["not-sold-so"],
        10: ["here-otherwise"],
        11: ["external-id-taken"],
        12: ["too-long-ago"],
        13: ["start-on-unfit"],
        14: ["trial-not-allowed"],
        15: ["has-ended"],
        16: ["cycle-one-off", "quantity-unfit", "price-in-words", "renew-unclear"],
        17: ["product-unknown"],
    }
    said = {row.line: row.problems[0] for row in refused}
    assert "Twin (7101), Twin (7102)" in said[3]["message"] or "Twin (7102), Twin (7101)" in said[3]["message"]
    assert said[4]["rule"] == "TEN-26"
    assert "USD" in said[6]["message"]
    assert all(one["remedy"] for one in said.values())
    confirm(world, id)
    assert len(world.rows(home, sales.subscription)) == 2
    again = bring(world, f"Alpha|MAIL|monthly|1||{begun}||EXT-2|||", f"Twin|MAIL|monthly|1||{begun}||EXT-2|||")
    assert codes(rows(world, again)) == {2: ["same-as-here"], 3: ["account-ambiguous", "external-id-taken"]}


def test_cat_04_the_same_id_brought_in_twice_at_once_comes_in_once(world: World) -> None:
    home, on = world.distributor(), now(world)
    world.account(name="Alpha")
    priced(world, home, "10", sku="MAIL")
    lines = (f"Alpha|MAIL|monthly|1||{on}|One|EXT-1|||", f"Alpha|MAIL|monthly|1||{on}|Other|EXT-{{}}|||")
    first, second = (bring(world, lines[0], lines[1].format(place)) for place in (2, 3))

    confirm(world, first)
    confirm(world, second)

    assert sorted(row.external_id for row in world.rows(home, sales.subscription)) == ["EXT-1", "EXT-2", "EXT-3"]
    assert codes(rows(world, second, "skipped")) == {2: ["same-as-here"]}
    assert sorted(row.number for row in world.rows(home, subscription_change)) == [1, 2, 3]


def test_cat_04_a_file_without_a_needed_column_brings_in_nothing_until_it_is_named(world: World) -> None:
    home, on = world.distributor(), now(world)
    world.account(name="Alpha")
    priced(world, home, "10", sku="MAIL")
    id = bring(world, f"Alpha|MAIL|monthly|{on}", head="Who|product|cycle|start")

    assert (view(world, id).digest, view(world, id).findings[0]["code"]) == (None, "no-account-column")
    act(world, "map", id, {"Who": "account"})
    confirm(world, id)
    assert len(world.rows(home, sales.subscription)) == 1


def test_ten_20_importing_subscriptions_needs_their_permission(world: World) -> None:
    home, on = world.distributor(), now(world)
    world.account(name="Alpha")
    priced(world, home, "10", sku="MAIL")
    id = bring(world, f"Alpha|MAIL|monthly|1||{on}|||||")
    somebody = Actor(None, "Somebody", frozenset({"imports:view", "imports:edit", "accounts:edit"}))

    with world.web.work(home.id, somebody) as work, pytest.raises(Forbidden, match="subscriptions:edit"):
        actions.confirm(work, id, view(world, id).digest or "")
    confirm(world, id)
    assert len(world.rows(home, sales.subscription)) == 1


def test_dn_31_before_one_is_live_products_of_the_distributor_are_not_brought_in(world: World) -> None:
    reseller = world.tenant_reseller()
    world.account(at=reseller, name="Alpha")
    priced(world, reseller, "10", sku="OURS")
    priced(world, reseller, "10", sku="THEIRS", standing="inherited")
    on = now(world)

    id = bring(world, f"Alpha|OURS|monthly|1||{on}|||||", f"Alpha|THEIRS|monthly|1||{on}|||||", at=reseller)

    [refused] = rows(world, id, "refused", at=reseller)
    assert (refused.line, refused.problems[0]["rule"]) == (3, "DN-31")
    assert view(world, id, at=reseller).counts["ready"] == 1
