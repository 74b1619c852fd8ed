"""Mirrors and set-aside messages as people and programs use them (UP-43, UP-45)."""

import re
from datetime import timedelta

from tests.channel.test_health import stuck
from tests.web.conftest import Enter
from tests.web.visiting import Visits, read, send
from tests.world import World

from tenantry.channel.health import sampling
from tenantry.kernel import clock
from tenantry.web.http.metrics import metrics_token


def test_up_43_by_api_set_aside_messages_are_read_retried_and_resolved(asks: Enter, world: World) -> None:
    story = stuck(world)
    me, looker = asks(at=story.above), asks(story.above, "reconcile:view")
    here = f"/mirrors/{story.below.account_id}/messages/{story.customer.id}"

    [found] = me.get("/messages")["items"]
    assert (found["reason"], found["rule"], found["account_name"]) == ("price-missing", "UP-31", "Acme")
    assert looker.ask("PUT", f"{here}/retry").status_code == 403
    assert me.ask("PUT", f"{here}/retry").status_code == 204
    story.drain()
    assert me.get("/messages")["items"][0]["attempts"] > found["attempts"]
    assert me.ask("PUT", f"{here}/resolution", json={"reason": ""}).status_code == 422
    assert me.ask("PUT", f"{here}/resolution", json={"reason": "Sold by mistake"}).status_code == 204
    assert me.get("/messages")["items"] == []


def test_up_43_by_page_with_reason_remedy_and_alert_on_the_home_page(visits: Visits, world: World) -> None:
    story = stuck(world)
    somebody = visits(at=story.above)
    mine = f"/mirrors/{story.below.account_id}"
    one = f"{mine}/messages/{story.customer.id}"

    assert "Mirrors that need attention" in read(somebody, "/")
    assert "Set aside:" in read(somebody, "/mirrors")
    page = read(somebody, "/messages")
    assert re.search('class="rule">.*UP-31</span>', page)
    assert all(words in page for words in ("Acme", "has no price here", "Give the product a price", "UP-31"))
    assert "Give up these messages" in read(somebody, one)
    assert send(somebody, f"{one}/resolution", reason=" ").headers["location"] == one
    send(somebody, f"{mine}/messages/retry")
    story.drain()
    send(somebody, f"{one}/resolution", reason="Sold by mistake")
    assert "Nothing is set aside" in read(somebody, "/messages")
    assert "Mirrors that need attention" not in read(somebody, "/")


def test_up_45_ui_05_lag_is_drawn_over_time_and_given_to_programs(visits: Visits, asks: Enter, world: World) -> None:
    story = stuck(world)
    mine = f"/mirrors/{story.below.account_id}"
    assert "once a worker has looked" in read(visits(at=story.above), mine)
    start = clock.now()
    for minute in range(3):
        with clock.stopped(start - timedelta(minutes=minute)):
            sampling.sample(world.worker)

    page = read(visits(at=story.above), mine)
    assert page.count("<polyline") == 2
    assert "Lag in seconds: highest" in page
    assert "Messages applied a minute: highest 0, last 0" in page
    assert len(asks(at=story.above).ask("GET", f"{mine}/samples").json()) == 3


def test_up_43_ops_03_figures_of_each_mirror_are_in_the_metrics(asks: Enter, world: World) -> None:
    story = stuck(world)
    me = asks(at=story.above)
    many = me.get(f"/mirrors/{story.below.account_id}")["set_aside"]

    text = me.http.get("/metrics", headers={"authorization": f"Bearer {metrics_token()}"}).text

    assert f'tenantry_mirror_set_aside{{tenant="{story.below.id}"}} {float(many)}' in text


def test_up_45_thresholds_are_set_up_by_page_and_by_api(visits: Visits, asks: Enter, world: World) -> None:
    story = stuck(world)
    me, somebody = asks(at=story.above), visits(at=story.above)

    given = {"lag_seconds": "30", "waiting": "100", "set_aside": "9", "compared_days": "3"}
    assert send(somebody, "/setup/mirror-alerts/edit", **{**given, "waiting": "none"}).status_code == 422
    send(somebody, "/setup/mirror-alerts/edit", **given)

    assert me.get("/mirror-alerts") == {"lag_seconds": 30, "waiting": 100, "set_aside": 9, "compared_days": 3}
    assert me.ask("PATCH", "/mirror-alerts", json={"set_aside": 1}).json()["set_aside"] == 1
    assert "Mirror Alerts" in read(somebody, "/setup/mirror-alerts")
