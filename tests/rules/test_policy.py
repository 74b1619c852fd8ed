"""The policy: act x standing x status, as the spec has it, and the same through every way of asking.

What it should say stands in `acts`, written from the spec.
"""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from tenantry.kernel.problems import Refused
from tenantry.rules.policy import (
    Account,
    Address,
    Asset,
    Contact,
    Offer,
    Order,
    Plan,
    Policy,
    Product,
    Subscription,
    SyncOption,
)
from tenantry.schema import catalog, crm, sales
from tests.rules.acts import STATUSES, TABLE
from tests.world import Row, World

RECORDS = sorted(TABLE, key=lambda policy: policy.__name__)


def cells(policy: type[Policy]) -> Iterator[tuple[str, str, str, set[str]]]:
    """Give act, standing, verdict and the statuses in which it makes sense, cell by cell of the table."""
    standings, acts = TABLE[policy]
    every = set(STATUSES.get(policy, [""]))
    for act, (verdicts, statuses) in acts.items():
        for standing, verdict in zip(standings.split(), verdicts.split(), strict=True):
            yield act, standing, verdict, set(statuses.split()) or every


def record(**given: str) -> Row:
    """Give a record as a policy sees it; every flag that an act needs is on."""
    needed = {act.needs: True for policy in RECORDS for act in policy.acts.values() if act.needs}
    return Row(**{**needed, **given})


@pytest.mark.parametrize("policy", RECORDS)
def test_up_23_every_act_has_the_verdict_of_the_spec_for_every_standing_and_status(policy: type[Policy]) -> None:
    """One table decides: UP-20, UP-22, BO-20 to BO-22, DN-30, DN-31, TEN-06, TEN-26."""
    assert list(policy.acts) and set(policy.acts) == set(TABLE[policy][1])  # noqa: PT018 - one claim
    for act, standing, wanted, statuses in cells(policy):
        for status in STATUSES.get(policy, [""]):
            verdict = policy.verdict(act, record(standing=standing, status=status), live=False)
            where = f"{policy.__name__}.{act}, {standing}, {status}"
            if wanted != "yes":
                assert (verdict.allowed, verdict.rule) == (False, wanted), where
            else:
                assert verdict.allowed == (status in statuses), where
            assert verdict.allowed or (verdict.rule and verdict.why), where


@pytest.mark.parametrize("policy", RECORDS)
def test_up_23_offer_verdict_and_requirement_are_one(policy: type[Policy]) -> None:
    for standing in TABLE[policy][0].split():
        for status in STATUSES.get(policy, [""]):
            for live in (True, False):
                one = record(standing=standing, status=status)
                offers = policy.offers(one, live=live)
                assert list(offers) == list(policy.acts)
                for act, verdict in offers.items():
                    assert policy.verdict(act, one, live=live) == verdict
                    if verdict:
                        policy.require(act, one, live=live)
                        continue
                    with pytest.raises(Refused) as refused:
                        policy.require(act, one, live=live)
                    assert (refused.value.rule, refused.value.message) == (verdict.rule, verdict.why)


def test_dn_31_in_a_live_tenant_a_received_account_is_its_own() -> None:
    """Go-live is one row of the tenant; no record is rewritten for it."""
    for policy in (Account, SyncOption):
        for act in policy.acts:
            for status in STATUSES[Account]:
                own, received = (record(standing=one, status=status) for one in ("own", "received"))
                assert policy.verdict(act, received, live=True) == policy.verdict(act, own, live=True)
    assert not Account.verdict("create_order", record(standing="received", status="active"), live=False)
    assert Account.verdict("create_order", record(standing="received", status="active"), live=True)


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("policy", [Account, Order])
def test_up_23_the_where_clause_lets_through_whom_the_verdict_lets(
    world: World, policy: type[Policy], *, live: bool
) -> None:
    """The same row of the table as a condition over real rows, standing by standing;
    status is a condition of its own.
    """
    home, reseller = world.distributor(), world.tenant_reseller()
    table = crm.account if policy is Account else sales.order
    managed = {"handed_down", "mirrored", "marked", "back_order"}
    acme = world.account()
    make = world.account if policy is Account else lambda **given: world.order(acme, **given)
    rows = [
        make(standing=standing, managed_by=reseller.id if standing in managed else None)
        for standing in TABLE[policy][0].split()
    ]
    acts = list(policy.acts)
    clauses = [policy.allowed_for(act, table.c.standing, live=live).label(act) for act in acts]

    with world.web.work(home.id) as work:
        query = sa.select(table.c.id, *clauses).where(table.c.tenant_id == home.id)
        found = {row.id: dict(zip(acts, row[1:], strict=True)) for row in work.connection.execute(query)}

    for row in rows:
        for act in acts:
            wanted = policy.acts[act].verdict(policy.standing(row, live=live)).allowed
            assert found[row.id][act] == wanted, f"{act}, {row.standing}"


@pytest.mark.parametrize("policy", RECORDS)
def test_up_23_every_act_has_a_name_for_its_button_and_every_standing_a_verdict(policy: type[Policy]) -> None:
    for name, act in policy.acts.items():
        assert act.label, name
        assert act.standings() == tuple(TABLE[policy][0].split()), name
        assert act.later in {"", "3", "4", "6"}, name


@pytest.mark.parametrize(
    ("policy", "column"),
    [
        (Account, crm.account.c.standing),
        (Address, crm.address.c.standing),
        (Contact, crm.contact.c.standing),
        (Order, sales.order.c.standing),
        (Product, catalog.product.c.standing),
        (Plan, catalog.plan.c.standing),
    ],
)
def test_up_23_the_policy_knows_every_standing_that_the_database_knows(
    policy: type[Policy], column: sa.Column[str]
) -> None:
    for act in policy.acts.values():
        assert set(act.standings()) == set(column.info["values"])


def test_up_23_an_act_without_a_verdict_for_every_standing_does_not_import() -> None:
    """A closed world: the dataclass demands it."""
    from tenantry.rules.policy.account import AccountAct  # noqa: PLC0415 - to be called wrongly
    from tenantry.rules.policy.base import yes  # noqa: PLC0415
    from tenantry.rules.policy.order import OrderAct  # noqa: PLC0415

    given = {"own": yes, "handed_down": yes, "mirrored": yes, "received": yes}
    AccountAct(label="Wave", **given)
    for missing in given:
        with pytest.raises(TypeError, match=missing):
            AccountAct(label="Wave", **{name: value for name, value in given.items() if name != missing})
    with pytest.raises(TypeError, match="back_order"):
        OrderAct(label="Wave", own=yes, marked=yes)  # type: ignore[call-arg]


def test_up_20_above_the_account_is_neither_synchronized_deleted_suspended_reactivated_nor_sold_to() -> None:
    """In the trade's own list, and UP-22 beside it."""
    may_not = "synchronize delete suspend reactivate create_opportunity create_offer create_order create_subscription"
    for standing in ("handed_down", "mirrored"):
        for status in ("active", "suspended"):
            offers = Account.offers(record(standing=standing, status=status))
            assert {name: offers[name].rule for name in may_not.split()} == dict.fromkeys(may_not.split(), "UP-20")
    assert Account.verdict("suspend", record(standing="own", status="active"))


def test_dn_30_up_20_the_shop_is_a_way_out_only_until_the_reseller_is_live() -> None:
    handed_down, mirrored = (record(standing=one, status="active") for one in ("handed_down", "mirrored"))
    assert "in the shop" in Account.verdict("create_order", handed_down).remedy
    for verb in ("create_order", "create_subscription", "create_offer", "create_opportunity"):
        refused = Account.verdict(verb, mirrored)
        assert (refused.rule, refused.remedy) == ("UP-20", "Let the reseller sell it, in his own tenant.")


def test_up_22_above_the_account_is_edited_invoiced_and_added_to() -> None:
    may = "edit generate_invoices view_pending_invoices add_contact add_activity create_invoice"
    for standing in ("handed_down", "mirrored"):
        offers = Account.offers(record(standing=standing, status="active"))
        assert all(offers[name] for name in may.split())
    assert not Account.verdict("edit", record(standing="archived", status="deleted"))


def test_ord_01_without_ordering_nothing_is_ordered_and_all_else_stays() -> None:
    """The standing's word and the status's come first."""
    on, off = (Row(standing="own", status="active", ordering_enabled=flag) for flag in (True, False))
    offers = Account.offers(off)
    refused = {name for name, verdict in Account.offers(on).items() if verdict and not offers[name]}

    assert refused == {"create_order", "create_subscription"}
    assert {offers[name].rule for name in refused} == {"ORD-01"}
    for standing, status, rule in (("mirrored", "active", "UP-20"), ("own", "suspended", "TEN-26")):
        other = Row(standing=standing, status=status, ordering_enabled=False)
        assert Account.verdict("create_order", other).rule == rule


def test_ten_26_ended_accounts_are_read_only() -> None:
    """Closed, Moved Out, Transferred Out, Deleted: nothing about them is edited or sold."""
    writing = (
        "edit add_contact add_address add_activity create_order create_subscription create_offer create_opportunity "
        "transfer_down"
    )
    for standing, status in (
        ("own", "closed"),
        ("moved_out", "moved_out"),
        ("transferred_out", "transferred_out"),
        ("archived", "deleted"),
    ):
        offers = Account.offers(record(standing=standing, status=status))
        assert {name: bool(offers[name]) for name in writing.split()} == dict.fromkeys(writing.split(), False)
    assert Account.verdict("edit", record(standing="own", status="suspended"))


def test_api_05_every_refusal_of_a_policy_tells_the_way_out() -> None:
    policies = {one for one in Policy.__subclasses__() if one.__module__.startswith("tenantry.rules")}
    assert {Account, Asset, Offer, Order, Product, Subscription} <= policies
    silent = {
        f"{policy.__name__}.{name}: {verdict.why}"
        for policy in policies
        for name, act in policy.acts.items()
        for verdict in (act.otherwise, act.without, *map(act.verdict, act.standings()))
        if not verdict and not verdict.remedy
    }
    assert silent == set()
