"""The tables of the set-up whose entries have a form."""

import pytest
from tests.web.visiting import Visits, read, send
from tests.world import World

TABLES = {
    "order-types": {"name": "Project"},
    "order-statuses": {"name": "Parked", "status": "draft"},
    "invoice-series": {"name": "Projects", "prefix": "P-", "days_to_pay": "30"},
    "payment-methods": {"name": "Cash", "kind": "manual", "payment_days": "0"},
    "custom-fields": {"label": "Rank", "name": "rank", "entity": "account", "type": "text"},
}


@pytest.mark.parametrize("table", TABLES)
def test_ui_01_a_form_without_its_fields_is_answered_with_what_is_missing(
    world: World, visits: Visits, table: str
) -> None:
    mara, path = visits(world.distributor()), f"/setup/{table}"
    shown = TABLES[table].get("label", TABLES[table]["name"])

    bare = send(mara, f"{path}/new")
    made = send(mara, f"{path}/new", **TABLES[table])

    assert (bare.status_code, "This must be filled." in bare.text) == (422, True)
    assert (made.status_code, made.headers["location"]) == (303, path)
    assert shown in read(mara, path)
