"""Series of invoice numbers: a prefix, days to pay, and one that is taken where none is chosen (BIL-04)."""

from datetime import date
from decimal import Decimal

import pytest

from tenantry.billing import actions, series
from tenantry.billing.actions import NewInvoice
from tenantry.billing.lines import NewInvoiceLine
from tenantry.kernel.problems import Invalid
from tests.billing.stories import charged, does, generated, read
from tests.sales.subscriptions.stories import on
from tests.world import World


def test_bil_04_each_series_counts_by_itself_and_keeps_what_it_gave(world: World) -> None:
    acme = world.account()
    projects = does(world, series.create, "Projects", "P-", 30)
    hours = NewInvoiceLine(Decimal(80), name="Help")

    with on("2026-05-20"):
        for _ in range(2):
            id = does(world, actions.create_invoice, NewInvoice(acme.id, series_id=projects, lines=(hours,)))
            does(world, actions.issue, id)
        charged(world, acme)
        [by_run] = generated(world)

    made = read(world, id)
    assert (made.code, made.due_on, by_run.code) == ("P-2", date(2026, 6, 19), "INV-1001")
    does(world, series.edit, projects, {"prefix": "PRO-"})
    does(world, series.make_default, projects)
    charged(world, acme)
    assert read(world, id).code == "P-2"
    assert [one.code for one in generated(world)] == ["PRO-3"]


def test_bil_04_a_series_says_what_is_wrong_with_it(world: World) -> None:
    for given, field in (
        ({"name": "", "prefix": "A-"}, "name"),
        ({"name": "Long", "prefix": "A" * 21}, "prefix"),
        ({"name": "Late", "prefix": "L-", "days_to_pay": -1}, "days_to_pay"),
        ({"name": "Twice", "prefix": "INV-"}, "prefix"),
    ):
        with pytest.raises(Invalid) as wrong:
            does(world, series.create, **given)
        assert wrong.value.faults[0].field == field
    assert does(world, series.create, "Right", "R-")
