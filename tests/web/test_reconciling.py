"""Reconcile as people and programs use it: asked for, watched, read, repaired (UP-44, UI-02)."""

import re
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from tests.channel.mirroring import Channel, channel
from tests.web.conftest import Enter
from tests.web.visiting import Visits, read, send
from tests.world import World

from tenantry.channel.reconcile import running
from tenantry.schema.sales import order_item
from tenantry.web.http.identity import COOKIE
from tenantry.web.ui import flashes


def differing(world: World) -> Channel:
    """Give two tiers that differ in a name."""
    story = channel(world)
    story.sold(story.product(), 5)
    story.drain()
    world.update(story.above, "account", story.customer.id, name="Wrong")
    return story


def work_off(story: Channel, id: str) -> None:
    """Let the worker do what was asked for."""
    assert running.run(story.world.worker, story.above.id, UUID(id))


def test_up_44_by_api_asked_for_watched_read_and_repaired(asks: Enter, world: World) -> None:
    story = differing(world)
    me = asks(at=story.above)

    made = me.make(f"/tenant-resellers/{story.below.account_id}/reconciliations")
    assert made["status"] == "waiting"
    work_off(story, made["id"])
    seen = me.get(f"/reconciliations/{made['id']}")
    [found] = me.get(f"/reconciliations/{made['id']}/differences?filter[record]=account")["items"]
    mended = me.make(f"/reconciliations/{made['id']}/repair", reason="Found by the auditor")
    work_off(story, mended["id"])

    assert (seen["status"], seen["differences"], seen["repairable"], seen["certificate"]) == ("completed", 1, 1, "")
    assert (found["field"], found["below"], found["above"], found["cause"]) == ("name", "Acme", "Wrong", "untold")
    assert me.get(f"/reconciliations/{mended['id']}")["differences"] == 0
    assert story.over("account", story.customer.id).name == "Acme"


def test_up_44_ui_02_by_page_with_progress_differences_filter_and_repair(visits: Visits, world: World) -> None:
    story = differing(world)
    somebody = visits(at=story.above)
    his = f"/tenant-resellers/{story.below.account_id}/reconciliations"

    assert "Never compared" in read(somebody, his)
    here = send(somebody, his).headers["location"]
    assert "Waiting for a worker" in read(somebody, here)
    work_off(story, here.rpartition("/")[2])
    page = read(somebody, here)
    assert all(words in page for words in ("Acme", "Wrong", "No message about it waits", "UP-02"))
    assert re.search("Asked for by [^<]+: Today, [^<]+, ended: Today, ", page)
    assert "Nothing matches" in read(somebody, f"{here}?record=asset")
    assert "Wrong" in read(somebody, f"{here}?q=wr")
    assert send(somebody, f"{here}/repair", reason="").headers["location"] == here
    assert story.over("account", story.customer.id).name == "Wrong"
    there = send(somebody, f"{here}/repair", reason="The auditor asked").headers["location"]
    work_off(story, there.rpartition("/")[2])
    assert "in agreement now" in read(somebody, there)
    again = send(somebody, his).headers["location"]
    work_off(story, again.rpartition("/")[2])
    assert "In agreement as of message" in read(somebody, again)
    assert "In agreement as of message" in read(somebody, his)


def test_up_44_differences_are_written_as_people_read_them(visits: Visits, world: World) -> None:
    """Fields as forms name them, no values of the database; a cause that is the rule of a whole row, once."""
    story = channel(world)
    sold = story.sold(story.product(), 5)
    story.drain()
    world.update(story.above, "account", story.customer.id, email="wrong@acme.example")
    world.update(story.above, "subscription", sold.id, renew=False, cycle="half_yearly", start_on=date(2026, 1, 31))
    [order] = story.orders()
    with world.worker.channel(story.above.id, [story.above.id]) as work:
        work.connection.execute(sa.delete(order_item).where(order_item.c.order_id == order.id))
    somebody = visits(at=story.above)
    here = send(somebody, f"/tenant-resellers/{story.below.account_id}/reconciliations").headers["location"]
    work_off(story, here.rpartition("/")[2])

    def rows(record: str) -> list[list[str]]:
        page = read(somebody, f"{here}?record={record}").partition("<tbody")[2]
        cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in page.split("</tr>")[:-1]]
        return [[re.sub(r"<[^>]+>|\s+", " ", cell).strip() for cell in row] for row in cells]

    assert [row[1] for row in rows("account")] == ["E-mail"]
    found = {row[1]: row[2:4] for row in rows("subscription")}
    assert found["Renews by itself"] == ["Yes", "No"]
    assert found["Cycle"] == ["Monthly", "Half yearly"]
    assert found["First day"][1] == "Jan 31, 2026"
    assert f'href="/subscriptions/{sold.id}"' in read(somebody, here)
    [item] = rows("order_item")
    assert item[-1].count("No message about it waits") == 1


def test_ui_02_a_page_that_looks_again_does_not_take_what_the_next_one_has_to_say(visits: Visits, world: World) -> None:
    """It is drawn anew once all is done, unless the answer to a form is on its way."""
    story = differing(world)
    somebody = visits(at=story.above)
    here = send(somebody, f"/tenant-resellers/{story.below.account_id}/reconciliations").headers["location"]

    def asks_to_be_drawn_anew(**cookies: str) -> bool:
        held = {COOKIE: somebody.cookie, **cookies}
        words = "; ".join(f"{name}={value}" for name, value in held.items())
        return "hx-refresh" in somebody.http.get(f"{here}/progress", headers={"cookie": words}).headers

    assert not asks_to_be_drawn_anew()
    work_off(story, here.rpartition("/")[2])
    assert asks_to_be_drawn_anew()
    assert not asks_to_be_drawn_anew(**{flashes.COOKIE: "The comparison was repaired."})


def test_up_44_sec_02_who_may_only_look_repairs_nothing(asks: Enter, world: World) -> None:
    story = differing(world)
    me, looker = asks(at=story.above), asks(story.above, "reconcile:view")
    made: dict[str, Any] = me.make(f"/tenant-resellers/{story.below.account_id}/reconciliations")
    work_off(story, made["id"])
    path, why = f"/reconciliations/{made['id']}/repair", {"reason": "because"}

    assert looker.get(f"/reconciliations/{made['id']}")["differences"] == 1
    assert looker.ask("POST", path, json=why).status_code == 403
    assert me.ask("POST", path, json=why).status_code == 201
