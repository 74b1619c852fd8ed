"""Add-ons of running subscriptions from files, and files that come once more (CAT-04)."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from tenantry.intake import actions
from tenantry.sales.defaults import today
from tenantry.schema import charging, sales
from tests.intake.stories import codes, confirm, rows, table, view
from tests.sales.stories import priced, sentences
from tests.world import Row, World

HEAD = "account|product|cycle|quantity|start_on|external_id|add_ons"


def bring(world: World, *lines: str, head: str = HEAD) -> UUID:
    """Bring a file of subscriptions, which plans it."""
    home = world.distributor()
    with world.web.work(home.id, world.admin(home)) as work:
        return actions.read(work, "subscriptions", "running.csv", table(head, *lines))


def set_out(world: World) -> tuple[Row, Row, date]:
    """Make a customer, a plan with two add-ons and one that is another's; gives the add-ons and the day it is."""
    home = world.distributor()
    world.account(name="Alpha")
    mail = priced(world, home, "10", sku="MAIL", name="Mail")
    backup = priced(world, home, "3", sku="BACKUP", name="Backup", kind="add_on", max_quantity=50)
    archive = priced(world, home, "2", sku="ARCHIVE", name="Archive", kind="add_on")
    priced(world, home, "2", sku="OTHER", name="Other", kind="add_on")
    for one in (backup, archive):
        world.insert(home, "product_add_on", product_id=mail.id, add_on_id=one.id)
    with world.web.work(home.id) as work:
        return backup, archive, today(work)


def had(world: World) -> dict[UUID, tuple[int, Decimal]]:
    """Give quantity and price of each add-on that was sold."""
    found = world.rows(world.distributor(), sales.subscription_add_on)
    return {row.product_id: (row.quantity, row.unit_price) for row in found}


def test_cat_04_a_subscription_comes_in_with_its_add_ons_at_their_price_or_todays(world: World) -> None:
    backup, archive, on = set_out(world)
    id = bring(world, f"Alpha|MAIL|monthly|5|{on - timedelta(3)}|EXT-1|BACKUP: 5; archive × 2 @ 1.50")

    [row] = rows(world, id)
    assert row.values["add_ons"] == "BACKUP: 5; archive: 2 @ 1.50"
    assert [(one["field"], one["after"]) for one in row.changes][-2:] == [("Backup", "5"), ("Archive", "2")]
    assert had(world) == {}
    confirm(world, id)

    assert had(world) == {backup.id: (5, 3), archive.id: (2, Decimal("1.5"))}
    [one] = world.rows(world.distributor(), sales.subscription)
    [begun] = world.rows(world.distributor(), "subscription_change", subscription_id=one.id)
    assert {line["product_id"]: line["quantity"] for line in begun.sold} == {
        str(one.product_id): 5,
        str(backup.id): 5,
        str(archive.id): 2,
    }
    # Nothing is charged for the past, of add-ons neither.
    assert world.rows(world.distributor(), charging.charge) == []


def test_cat_04_add_ons_that_may_not_come_in_are_refused_by_field_and_rule_with_the_way_out(world: World) -> None:
    *_, on = set_out(world)
    said = {
        "BACKUP: 5; Nothing: 1": "add-on-unknown",
        "OTHER: 1": "add-on-unfit",
        "MAIL: 1": "add-on-unfit",
        "BACKUP: 0": "add-on-quantity-unfit",
        "BACKUP: many": "add-on-quantity-unfit",
        "BACKUP: 51": "not-sold-so",
        "BACKUP: 1; backup: 2": "add-on-twice",
        "BACKUP: 1 @ cheap": "add-on-price-unfit",
        "BACKUP: 1 @ -1": "add-on-price-unfit",
        ": 5": "add-on-unclear",
    }
    id = bring(world, *(f"Alpha|MAIL|monthly|1|{on}||{text}" for text in said), f"Alpha|MAIL|monthly|1|{on}||BACKUP")

    refused = rows(world, id, "refused")
    assert codes(refused) == {line: [code] for line, code in enumerate(said.values(), 2)}
    for row in refused:
        [problem] = row.problems
        assert (problem["field"], bool(problem["rule"]), bool(problem["remedy"])) == ("add_ons", True, True), problem
    assert view(world, id).counts["ready"] == 1


def test_cat_04_an_add_on_in_a_row_of_its_own_is_told_where_it_belongs(world: World) -> None:
    *_, on = set_out(world)

    [refused] = rows(world, bring(world, f"Alpha|BACKUP|monthly|1|{on}||"))

    assert codes([refused]) == {2: ["product-add-on"]}
    assert "column of add-ons of its subscription" in refused.problems[0]["remedy"]


def test_cat_04_a_file_that_comes_once_more_is_shown_as_a_difference_and_changes_from_today_on(world: World) -> None:
    backup, archive, on = set_out(world)
    home, begun = world.distributor(), on - timedelta(3)
    first = [f"Alpha|MAIL|monthly|5|{begun}|EXT-{n}|BACKUP: 5" for n in (1, 2, 3)]
    confirm(world, bring(world, *first))

    id = bring(
        world,
        first[0],
        f"Alpha|MAIL|monthly|8|{begun}|EXT-2|BACKUP: 7; ARCHIVE: 2",
        f"Alpha|MAIL|monthly||{begun}|EXT-3|",
    )

    assert {row.line: row.verdict for row in rows(world, id)} == {2: "skipped", 3: "ready", 4: "skipped"}
    assert codes(rows(world, id)) == {2: ["same-as-here"], 3: ["changed-from-today"], 4: ["same-as-here"]}
    shown = [(one["field"], one["before"], one["after"]) for one in rows(world, id)[1].changes]
    assert shown == [("quantity", "5", "8"), ("Backup", "5", "7"), ("Archive", "", "2")]
    confirm(world, id)

    assert view(world, id).counts["imported"] == 1
    [changed] = world.rows(home, sales.subscription, external_id="EXT-2")
    added = world.rows(home, sales.subscription_add_on, subscription_id=changed.id)
    assert changed.quantity == 8
    assert {row.product_id: row.quantity for row in added} == {backup.id: 7, archive.id: 2}
    assert len(world.rows(home, sales.subscription)) == 3
    assert "Add-on Archive was bought: 2" in sentences(world, home, changed.id)
    charged = world.rows(home, charging.charge)
    assert {(row.subscription_id, row.period_from) for row in charged} == {(changed.id, on)}
    again = bring(world, f"Alpha|MAIL|monthly|8|{begun}|EXT-2|BACKUP: 7; ARCHIVE: 2")
    assert codes(rows(world, again)) == {2: ["same-as-here"]}


def test_cat_04_what_else_differs_from_what_is_here_is_refused_by_its_field(world: World) -> None:
    *_, on = set_out(world)
    begun = on - timedelta(3)
    world.account(name="Beta")
    head = f"{HEAD}|unit_price|renew"
    confirm(world, bring(world, f"Alpha|MAIL|monthly|5|{begun}|EXT-1|BACKUP: 5||", head=head))
    changed = (
        f"Beta|MAIL|monthly|5|{begun}|EXT-1|||",
        f"Alpha|MAIL|monthly|5|{on}|EXT-1||11|no",
        f"Alpha|MAIL|monthly|5|{begun}|EXT-1|BACKUP: 6 @ 9||",
        f"Alpha|MAIL|monthly|5|{begun}|EXT-1|BACKUP: 51||",
    )

    found = [rows(world, bring(world, one, head=head))[0] for one in changed]

    said = [[(one["code"], one["field"]) for one in row.problems] for row in found]
    otherwise = [("here-otherwise", name) for name in ("unit_price", "renew", "start_on")]
    assert said == [
        [("external-id-taken", "external_id")],
        otherwise,
        [("here-otherwise", "add_ons")],
        [("changed-from-today", "")],
    ]
    assert all(one["remedy"] for row in found for one in row.problems)
    # More than is sold: refused when it is brought in, by the same rule as by hand.
    last = bring(world, changed[-1], head=head)
    confirm(world, last)
    [problem] = rows(world, last, "refused")[0].problems
    assert (problem["code"], problem["rule"]) == ("not-changed-so", "CAT-01")
    assert [row.quantity for row in world.rows(world.distributor(), sales.subscription_add_on)] == [5]


def test_cat_04_what_is_suspended_here_is_not_changed_by_a_file(world: World) -> None:
    *_, on = set_out(world)
    begun = on - timedelta(3)
    confirm(world, bring(world, f"Alpha|MAIL|monthly|5|{begun}|EXT-1|"))
    [one] = world.rows(world.distributor(), sales.subscription)
    world.update(world.distributor(), sales.subscription, one.id, status="suspended")

    [refused] = rows(world, bring(world, f"Alpha|MAIL|monthly|6|{begun}|EXT-1|"), "refused")

    assert (refused.problems[0]["code"], refused.problems[0]["field"]) == ("not-changed-so", "quantity")
    assert refused.problems[0]["remedy"]
