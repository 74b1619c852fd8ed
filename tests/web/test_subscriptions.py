"""Subscriptions as programs and people change them: the same acts, the same figures, the same refusals (SUB-02)."""

import re

import pytest
from tests.channel.mirroring import channel
from tests.sales.stories import priced
from tests.sales.subscriptions.stories import charged, on, sold, there
from tests.web.conftest import Enter
from tests.web.visiting import Visits, read, send
from tests.world import Row, Tenant, World

from tenantry.kernel import clock
from tenantry.schema import catalog


@pytest.fixture
def mail(world: World) -> Row:
    """Give a product with a path, and an add-on."""
    home = world.distributor()
    basic, premium = priced(world, home, "30", name="Basic"), priced(world, home, "60", name="Premium")
    archive = priced(world, home, "3", name="Archive", kind="add_on")
    world.insert(home, catalog.product_path, product_id=basic.id, kind="upgrade", to_product_id=premium.id)
    world.insert(home, catalog.product_add_on, product_id=basic.id, add_on_id=archive.id)
    world.insert(home, catalog.product_add_on, product_id=premium.id, add_on_id=archive.id)
    basic.premium, basic.archive = premium, archive
    return basic


def test_sub_02_a_program_sells_changes_and_cancels_by_nouns(asks: Enter, world: World, mail: Row) -> None:
    me = asks()
    today = f"{clock.now():%Y-%m-%d}"
    one = sold(world, mail, 10)
    at = f"/subscriptions/{one.id}"

    shown = me.ask("POST", f"{at}/previews", json={"act": "change_quantity", "quantity": 12}).json()
    assert (shown["net"]["amount"], shown["effective_on"], shown["planned"]) == ("60.00", today, False)
    assert me.get(at)["quantity"] == 10
    seen = me.ask("GET", at).headers["etag"]
    changed = me.ask("POST", f"{at}/quantity-changes", json={"quantity": 12}, headers={"if-match": seen})
    assert (changed.status_code, changed.json()["quantity"]) == (201, 12)
    told = me.ask("POST", f"{at}/quantity-changes", json={"quantity": 13}, headers={"if-match": seen})
    assert (told.status_code, told.json()["code"]) == (412, "stale")
    wrong = me.ask("POST", f"{at}/quantity-changes", json={"quantity": 0})
    assert (wrong.status_code, wrong.json()["rule"]) == (422, "SUB-02")

    me.make(f"{at}/add-ons", product_id=str(mail.archive.id), quantity=2)
    add_on = me.ask("PATCH", f"{at}/add-ons/{mail.archive.id}", json={"quantity": 5}).json()["add_ons"][0]
    assert (add_on["quantity"], add_on["total"]["amount"]) == (5, "15.00")
    assert me.make(f"{at}/upgrades", product_id=str(mail.premium.id), quantity=4)["quantity"] == 8
    assert me.ask("DELETE", f"{at}/add-ons/{mail.archive.id}").status_code == 204
    assert me.ask("PUT", f"{at}/suspension", json={"because": "Unpaid"}).json()["status"] == "suspended"
    assert me.ask("DELETE", f"{at}/suspension").status_code == 204
    assert me.ask("PUT", f"{at}/renewal", json={"renew": False}).json()["renew"] is False
    assert me.ask("PUT", f"{at}/renewal", json={"renew": True}).json()["end_on"] is None
    ended = me.ask("PUT", f"{at}/cancellation", json={"mode": "end_of_period"}).json()
    assert ended["status"] == "pending_cancellation"
    assert me.ask("DELETE", f"{at}/cancellation").status_code == 204
    now = me.get(at)
    assert (now["status"], now["end_on"]) == ("active", None)
    kinds = [change["kind"] for change in me.get(f"{at}/changes")["items"]]
    assert kinds[-5:] == ["upgrade", "add_on", "add_on", "quantity", "activation"]
    assert len(me.get(f"/charges?filter[subscription_id]={one.id}")["items"]) == len(charged(world, one))


def test_sub_02_a_person_reads_the_figures_before_he_confirms_them(visits: Visits, world: World, mail: Row) -> None:
    somebody = visits()
    one = sold(world, mail, 10)
    at = f"/subscriptions/{one.id}"
    page = read(somebody, at)
    assert f'hx-post="{at}/previews/change_quantity"' in page

    preview = send(somebody, f"{at}/previews/change_quantity", **{"change_quantity-quantity": "12"}).text
    assert "Charged, before tax" in preview
    assert "60.00" in preview
    assert "300.00" in preview
    assert "360.00" in preview
    assert there(world, one.id).quantity == 10
    refused = send(somebody, f"{at}/previews/change_quantity", **{"change_quantity-quantity": "none"}).text
    assert "This is no number of units" in refused

    form = {"change_quantity-quantity": "12", "version": str(one.version)}
    assert send(somebody, f"{at}/acts/change_quantity", **form).status_code == 303
    assert there(world, one.id).quantity == 12
    again = send(somebody, f"{at}/acts/change_quantity", **form | {"change_quantity-quantity": "15"})
    assert again.status_code == 303
    assert there(world, one.id).quantity == 12, "the figures that were shown are of another version"
    assert "Quantity was changed from 10 to 12" in read(somebody, at)


def test_sub_02_an_upgrade_says_nothing_before_it_is_said_how_many(visits: Visits, world: World, mail: Row) -> None:
    """Whose archive keeps all of it from going up reads no refusal that he has not asked for, and moves nothing."""
    somebody, one = visits(), sold(world, mail, 10)
    at = f"/subscriptions/{one.id}"
    buys = {"buy_add_on-product_id": str(mail.archive.id), "buy_add_on-quantity": "2"}
    send(somebody, f"{at}/acts/buy_add_on", **buys)
    to = {"upgrade-product_id": str(mail.premium.id)}

    said = {
        many: send(somebody, f"{at}/previews/upgrade", **to, **{"upgrade-quantity": many}).text for many in ("", "4")
    }

    assert "Write how many" in said[""]
    assert "field-error" not in said[""]
    assert "Charged, before tax" in said["4"]
    before = there(world, one.id).version
    assert send(somebody, f"{at}/acts/upgrade", **to, **{"upgrade-quantity": " "}).status_code == 303
    assert there(world, one.id).version == before


def test_sub_02_an_act_without_anything_to_choose_tells_so_and_cannot_be_sent(visits: Visits, world: World) -> None:
    somebody, mail = visits(), priced(world, world.distributor(), "30")
    at = f"/subscriptions/{sold(world, mail, 10).id}"

    def pop_up() -> str:
        page = read(somebody, at)
        start = page.index('id="buy_add_on"')
        return page[start : page.index("</dialog>", start)]

    told = pop_up()
    archive = priced(world, world.distributor(), "1.90", kind="add_on")
    world.insert(world.distributor(), catalog.product_add_on, product_id=mail.id, add_on_id=archive.id)
    asked = pop_up()

    assert "Its product has no add-on in this cycle" in told
    assert 'type="submit"' not in told
    assert "previews" not in told
    assert archive.name in asked
    assert 'type="submit"' in asked


def test_sub_02_every_act_of_the_page_can_be_done_there(visits: Visits, world: World, mail: Row) -> None:
    somebody = visits()
    one = sold(world, mail, 10)
    at, archive, premium = f"/subscriptions/{one.id}", mail.archive.id, mail.premium.id
    acts: list[tuple[str, dict[str, str]]] = [
        (f"{at}/acts/buy_add_on", {"buy_add_on-product_id": str(archive), "buy_add_on-quantity": "2"}),
        (f"{at}/acts/change_add_on?product={archive}", {f"change_add_on-{archive}-quantity": "3"}),
        (f"{at}/acts/upgrade", {"upgrade-product_id": str(premium), "upgrade-quantity": "4"}),
        (f"{at}/acts/remove_add_on?product={archive}", {}),
        (f"{at}/acts/set_renewal", {"set_renewal-renew": "off"}),
        (f"{at}/acts/set_renewal", {"set_renewal-renew": "on"}),
        (f"{at}/acts/suspend", {"suspend-because": "Unpaid"}),
        (f"{at}/acts/resume", {}),
        (f"{at}/price-freeze", {}),
        (f"{at}/edit", {"name": "Mail of Acme"}),
        (f"{at}/acts/change_quantity", {"change_quantity-quantity": "7", "change_quantity-when": "next_cycle"}),
        (f"{at}/acts/cancel", {"cancel-mode": "end_of_period", "cancel-because": "Moves on"}),
        (f"{at}/keep", {}),
    ]
    for path, form in acts:
        before = there(world, one.id).version
        answer = send(somebody, path, **form)
        assert answer.status_code == 303, f"{path}: {answer.text}"
        assert there(world, one.id).version > before, path
    page = read(somebody, at)
    assert "Planned changes" in page
    assert "Mail of Acme" in page


def test_sub_04_prices_are_updated_for_many_after_the_difference_was_shown(
    asks: Enter, visits: Visits, world: World, mail: Row
) -> None:
    me, somebody = asks(), visits()
    one, other = sold(world, mail, 10), sold(world, mail, 5)
    [price] = world.rows(world.distributor(), catalog.product_price, product_id=mail.id)
    world.update(world.distributor(), catalog.product_price, price.id, unit_price=33)

    page = send(somebody, "/subscriptions/prices", chosen=[str(one.id), str(other.id)]).text
    assert "33.00" in page
    answer = me.get(f"/price-differences?subscription_ids={one.id}")
    assert answer["items"][0]["prices"][0]["after"]["amount"] == "33.000000"
    done = me.ask("PUT", "/price-updates", json={"subscription_ids": [str(one.id), str(other.id)]}).json()
    assert [item["planned"] for item in done["items"]] == [True, True]
    assert there(world, one.id).unit_price == 30


def test_sub_01_a_trial_is_converted_on_its_page(visits: Visits, world: World) -> None:
    somebody = visits()
    one = sold(world, priced(world, world.distributor(), "30", trial_allowed=True), 3, trial=True)
    at = f"/subscriptions/{one.id}"

    assert "90.00" in send(somebody, f"{at}/previews/convert").text
    assert send(somebody, f"{at}/acts/convert").status_code == 303
    assert there(world, one.id).status == "active"
    assert [amount for amount, _, _ in charged(world, one)] == ["90.00"]


def test_sub_03_the_page_says_what_was_refused(visits: Visits, world: World, mail: Row) -> None:
    somebody = visits()
    with on("2025-01-01"):
        one = sold(world, mail, 10)
    at = f"/subscriptions/{one.id}"
    past = {"change_quantity-quantity": "11", "change_quantity-when": "on", "change_quantity-on": "2025-02-01"}

    assert "lies in the past" in send(somebody, f"{at}/previews/change_quantity", **past).text
    assert send(somebody, f"{at}/acts/change_quantity", **past).status_code == 303
    assert there(world, one.id).quantity == 10


def test_ord_03_a_subscription_is_created_straight_away_for_an_account(
    asks: Enter, visits: Visits, world: World, mail: Row
) -> None:
    me, somebody, acme = asks(), visits(), world.account(name="Acme")
    assert "New subscription of Acme" in read(somebody, f"/subscriptions/new?account={acme.id}")
    form = {"account_id": str(acme.id), "product_id": str(mail.id), "cycle": "monthly", "quantity": "0"}
    assert "There has to be at least one unit" in send(somebody, "/subscriptions/new", **form).text
    assert send(somebody, "/subscriptions/new", **form | {"quantity": "3"}).status_code == 303
    given = {"account_id": str(acme.id), "product_id": str(mail.id), "cycle": "monthly", "quantity": 2}
    made = me.ask("POST", "/subscriptions", json=given)

    assert (made.status_code, made.json()["total"]["amount"]) == (201, "60.00")
    rows = world.rows(world.distributor(), "subscription", account_id=acme.id)
    assert sorted(row.quantity for row in rows) == [2, 3]
    assert all(row.order_id for row in rows)


def test_up_23_up_30_the_first_days_of_a_mirror_have_a_padlock_and_what_is_charged_has_none(
    visits: Visits, world: World
) -> None:
    story = channel(world)
    made = story.sold(story.product(), 5)
    story.drain()

    def locked(at: Tenant) -> list[str]:
        return re.findall("(Start|Paid from|Charged until|Next charge) is locked", read(visits(at=at), path))

    path = f"/subscriptions/{made.id}"
    assert locked(story.above) == ["Start", "Paid from"]
    assert locked(story.below) == []
