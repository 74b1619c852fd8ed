"""How days in sentences are written for the one who reads (UI-06)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.web.conftest import Enter, Visitor
from tests.web.visiting import read
from tests.world import World

from tenantry.web.words import plain_words

Visits = Callable[..., Visitor]


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("Cancellation was asked for, last day 2026-05-31", "Cancellation was asked for, last day May 31, 2026"),
        ("It starts on 2026-01-02.", "It starts on Jan 2, 2026."),
        ("(2026-01-02: much)", "(Jan 2, 2026: much)"),
        ("It was imported from prices-2026-01-02.csv", "It was imported from prices-2026-01-02.csv"),
        ("It was imported from 2026-01-02.csv", "It was imported from 2026-01-02.csv"),
        ("At 2026-01-02T10:00:00Z", "At 2026-01-02T10:00:00Z"),
        ("SKU 2026-13-77 was set", "SKU 2026-13-77 was set"),
    ],
)
def test_ui_06_a_day_in_a_sentence_is_written_as_the_reader_does(stored: str, shown: str) -> None:
    assert plain_words().sentence(stored) == shown


def test_ui_06_history_flashes_and_refusals_write_days_as_the_organisation_does(
    asks: Enter, visits: Visits, world: World
) -> None:
    here, product = world.distributor(), world.product()
    world.update(here, "tenant", here.id, date_format="dd/MM/yyyy")
    today = datetime.now(tz=UTC).date()
    account = world.account()
    paid = {"start_on": today, "anchor_on": today, "paid_from": today, "charged_until": today + timedelta(days=27)}
    held = world.subscription(account, product, quantity=5, unit_price=1, **paid)
    me, somebody = asks(), visits()
    last: date = today + timedelta(days=9)

    assert me.ask("PUT", f"/subscriptions/{held.id}/cancellation", json={"mode": "at", "on": str(last)}).is_success

    stored = [one.sentence for one in world.rows(here, "history_line", subject_id=held.id)]
    assert f"last day {last}" in stored[-1], "what is stored stays"
    page = read(somebody, f"/subscriptions/{held.id}")
    assert f"last day {last:%d/%m/%Y}" in page
    assert str(last) not in page.replace(f'value="{last}"', "")


def test_ten_30_a_state_is_named_without_its_code() -> None:
    words = plain_words()
    assert words.state("SE", "SE-AB") == "Stockholms län"
    assert words.state("DE", "DE-HH") == "Hamburg"
