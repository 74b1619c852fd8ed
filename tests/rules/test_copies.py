"""All copies on made-up records: the preview says what the run does, and both are what the spec says (HND-07)."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from tenantry.schema import crm, metadata, tenant as t
from tests.channel.stories import preview, tenant_row
from tests.rules import oracle
from tests.rules.customers import Town
from tests.rules.made_up import customer, resellers
from tests.world import Row, World

ON_ONE_DATABASE = settings(
    max_examples=8,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
surroundings = st.fixed_dictionaries(
    {
        "reseller": resellers,
        "billing_day": st.integers(1, 28),
        "activated": st.sets(st.sampled_from(["EUR", "USD", "GBP"])),
        "default_method": st.booleans(),
    }
)


@pytest.fixture
def town(world: World) -> Town:
    return Town.found(world)


@ON_ONE_DATABASE
@given(around=surroundings, customers=st.lists(customer, min_size=1, max_size=3))
def test_hnd_07_the_preview_says_field_by_field_what_the_run_does(
    town: Town, around: dict[str, Any], customers: list[dict[str, Any]]
) -> None:
    """Every row of the preview becomes exactly that, no other row appears, and none but those shown changes."""
    world = town.world
    town.set_up(**around)
    accounts = [town.settle(one) for one in customers]
    before = {(at.id, one.id): town.read(at, one) for at in (town.home, town.reseller) for one in accounts}
    handover = world.plan(*accounts, to=town.reseller)
    shown = preview(world, handover)
    assert world.confirm(handover).status == "completed"

    for acme in accounts:
        said: dict[Any, dict[str, Any]] = {}
        for part in shown[acme.id].parts:
            at = town.home if part.is_above else town.reseller
            fields = {one.field: one.after for one in part.fields if one.verb != "assign"}
            said.setdefault((at.id, part.entity, part.id), {}).update(fields)
            row = world.row(at, metadata.tables[part.entity], part.id)
            goes = part.part == "sync_option_lapse"
            assert (row is None) == goes, part
            if row is not None:
                assert {name: getattr(row, name) for name in fields} == fields, part.part
        for at in (town.home, town.reseller):
            _nothing_else(at.id, said, before[at.id, acme.id], town.read(at, acme))


def _nothing_else(at: object, said: dict[Any, dict[str, Any]], before: dict[str, Any], after: dict[str, Any]) -> None:
    silent = {"tenant_id", "id", "version", "number", "created_at", "sort_name", "search"}
    for table, rows in after.items():
        for id_, row in rows.items():
            old = before[table].get(id_)
            shown = said.get((at, table, id_))
            assert old is not None or shown is not None, f"{table} {id_} came from nowhere"
            for name in row.keys() - silent:
                unchanged = old is not None and old[name] == row[name]
                assert unchanged or (shown is not None and name in shown), f"{table}.{name} changed without a word"


@ON_ONE_DATABASE
@given(around=surroundings, customers=st.lists(customer, min_size=1, max_size=3))
def test_dn_10_to_dn_28_the_copy_is_what_plain_python_makes_of_the_spec(
    town: Town, around: dict[str, Any], customers: list[dict[str, Any]]
) -> None:
    """The oracle: an independent implementation of the field rules, on the same made-up records."""
    world = town.world
    town.set_up(**around)
    accounts = [town.settle(one) for one in customers]
    above = {one.id: town.read(town.home, one) for one in accounts}
    asleep = {one.id: town.read(town.reseller, one) for one in accounts}
    reseller = world.row(town.home, crm.account, Row(id=town.reseller.account_id).id)
    assert reseller
    tenant = vars(tenant_row(world, town.reseller))
    activated = {row.currency for row in world.rows(town.reseller, t.tenant_currency)}
    methods = [vars(row) for row in world.rows(town.reseller, "payment_method")]
    world.transfer_accounts(*accounts, to=town.reseller)

    for acme in accounts:
        mine, old, copy = above[acme.id], asleep[acme.id], town.read(town.reseller, acme)
        addresses = list(mine["address"].values())
        expected = {
            "account": {
                acme.id: oracle.account_below(
                    mine["account"][acme.id],
                    addresses,
                    vars(reseller),
                    tenant,
                    activated,
                    methods,
                    old["account"].get(acme.id),
                )
            },
            "address": oracle.addresses_below(addresses),
            "contact": oracle.contacts_below(list(mine["contact"].values()), tenant, old["contact"]),
            "sync_option": oracle.ties_below(list(mine["sync_option"].values()), {town.systems[0]}),
        }
        for table, rows in expected.items():
            made = {id_: row for id_, row in copy[table].items() if id_ in rows}
            assert {id_: {name: made[id_][name] for name in row} for id_, row in rows.items()} == rows, table
            left_alone = copy[table].keys() - rows.keys()
            assert left_alone == old[table].keys() - rows.keys(), table
        assert sum(row["is_billing"] for row in copy["address"].values()) == bool(addresses)
        assert copy["order"] == {}
