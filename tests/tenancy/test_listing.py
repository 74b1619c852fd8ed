"""The one engine behind every list: filters, sort, cursors, fields, totals and export (API-04, UI-03)."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import hypothesis.strategies as st
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from tests.tenancy.lists import LISTS, account_row, ask, names, wrong
from tests.world import World

from tenantry.crm.lists import ACCOUNTS, ACTIVITIES, CONTACTS
from tenantry.kernel.actor import Actor
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Invalid
from tenantry.schema import crm, tenant as t
from tenantry.tenancy.listing import Column, Listing, ListRequest, Page


def walk(world: World, listing: Listing = ACCOUNTS, **request: Any) -> list[Page]:
    """Turn every page, forward."""
    pages = [ask(world, listing, **request)]
    while pages[-1].next:
        pages.append(ask(world, listing, **request, cursor=pages[-1].next))
    return pages


@contextmanager
def counted(world: World) -> Iterator[list[str]]:
    """Collect the statements that are said meanwhile."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    sa.event.listen(world.web.engine, "before_cursor_execute", note)
    yield said
    sa.event.remove(world.web.engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    "sort",
    ["name", "-name", "number", "-number", "created_at", "-created_at", "credit_limit", "-credit_limit"],
)
def test_api_04_pages_follow_each_other_without_gap_or_repeat(world: World, sort: str) -> None:
    """Also where many records have the same sort key; backwards they are the same pages."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(11):
        world.account(
            name=f"acme {number % 3}", credit_limit=number % 2, created_at=start + timedelta(microseconds=number % 4)
        )

    pages = walk(world, sort=sort, limit=3)
    whole = ask(world, sort=sort, limit=100)

    assert [row["id"] for page in pages for row in page.items] == [row["id"] for row in whole.items]
    assert [len(page.items) for page in pages] == [3, 3, 3, 2]
    back = ask(world, sort=sort, limit=3, cursor=pages[2].previous)
    assert back.items == pages[1].items
    assert ask(world, sort=sort, limit=3, cursor=back.previous).items == pages[0].items
    assert (pages[0].previous, pages[-1].next, whole.next, whole.previous) == (None, None, None, None)


def test_api_04_names_are_sorted_as_people_do(world: World) -> None:
    """Small and large letters alike, an accent after its letter."""
    for name in ("zeta", "Beta", "alpha", "Ångström", "Azur", "Éclair", "Élan", "Zulu"):
        world.account(name=name)

    assert names(ask(world)) == ["alpha", "Azur", "Ångström", "Beta", "Éclair", "Élan", "zeta", "Zulu"]


def test_api_04_empty_values_come_last_and_have_pages_too(world: World) -> None:
    """Activities without a date."""
    distributor = world.distributor()
    acme = world.account()
    access = {"responsible_user_id": distributor.admin_id, "permission_rule_id": distributor.rule_id}
    for day in (3, None, 1, None):
        due = datetime(2026, 1, day, tzinfo=UTC) if day else None
        world.insert(
            distributor,
            crm.activity,
            kind="task",
            subject=str(day),
            account_id=acme.id,
            about_id=acme.id,
            due_at=due,
            **access,
        )

    pages = walk(world, ACTIVITIES, sort="due_at", limit=1)

    assert [row["subject"] for page in pages for row in page.items] == ["1", "3", "None", "None"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"name": ("eq", "Ace")}, ["Ace"]),
        ({"name": ("ne", "Ace")}, ["Bar", "Çam"]),
        ({"name": ("in", ["Ace", "Bar"])}, ["Ace", "Bar"]),
        ({"name": ("in", "Ace,Bar")}, ["Ace", "Bar"]),
        ({"name": ("starts", "çA")}, ["Çam"]),
        ({"status": ("eq", "suspended")}, ["Bar"]),
        ({"status": ("in", "suspended,closed")}, ["Bar", "Çam"]),
        ({"credit_limit": ("gte", "10"), "country": ("ne", "GR")}, ["Bar"]),
        ({"credit_limit": [("gt", "5"), ("lt", "20")]}, ["Bar"]),
        ({"email": ("eq", "b@x.example")}, ["Bar"]),
        ({"email": ("starts", "B@X")}, ["Bar"]),
        ({"email": ("empty", True)}, ["Ace", "Çam"]),
        ({"email": ("empty", "false")}, ["Bar"]),
        ({"accounting_no": ("eq", "C-1")}, ["Ace"]),
        ({"accounting_no": ("starts", "C-1")}, ["Ace", "Bar"]),
        ({"parent_id": ("empty", "false")}, []),
        ({"reselling_enabled": ("eq", "true")}, ["Çam"]),
        ({"created_at": ("lt", "2020-01-01")}, ["Ace"]),
        ({"created_at": ("gte", datetime(2020, 1, 1, tzinfo=UTC))}, ["Bar", "Çam"]),
    ],
)
def test_api_04_filters(world: World, filters: dict[str, Any], expected: list[str]) -> None:
    """Each operator on each kind of column."""
    world.account(
        name="Ace", accounting_no="C-1", country="DE", credit_limit=0, created_at=datetime(2019, 5, 1, tzinfo=UTC)
    )
    world.account(
        name="Bar", accounting_no="C-12", country="DE", email="b@x.example", status="suspended", credit_limit=10
    )
    world.account(name="Çam", country="GR", status="closed", credit_limit=20, reselling_enabled=True)

    page = ask(world, filters=filters, with_total=True)

    assert names(page) == expected
    assert (page.total.count, page.total.exact) == (len(expected), True)


def test_api_04_custom_fields_are_filtered_by_their_type(world: World) -> None:
    """Text, number, date, choice and yes or no; a value that does not fit its type breaks nothing."""
    distributor = world.distributor()
    for name, type_ in (("city", "text"), ("size", "number"), ("since", "date"), ("tier", "choice"), ("vip", "yes_no")):
        world.insert(
            distributor, t.custom_field, entity="account", name=name, label=name, type=type_, choices=["gold", "iron"]
        )
    big = {"city": "Bonn", "size": "12.5", "since": "2026-02-01", "tier": "gold", "vip": True}
    world.account(name="Big", custom_fields=big)
    world.account(name="Small", custom_fields={"size": "9", "since": "2025-02-01", "tier": "iron", "vip": False})
    world.account(name="Odd", custom_fields={"size": "many", "since": "soon"})

    for filters in (
        {"custom.city": ("eq", "Bonn")},
        {"custom.city": ("starts", "bo")},
        {"custom.size": ("gt", "9.5")},
        {"custom.since": ("gte", "2026-01-01")},
        {"custom.tier": ("eq", "gold")},
        {"custom.vip": ("eq", "true")},
    ):
        assert names(ask(world, filters=filters)) == ["Big"], filters
    assert names(ask(world, filters={"custom.city": ("empty", "true")})) == ["Odd", "Small"]
    shown = ask(world, filters={"name": ("eq", "Big")}, fields=["name", "custom.size"]).items[0]
    assert (shown["name"], str(shown["custom.size"])) == ("Big", "12.5")
    assert wrong(world, filters={"custom.nothing": ("eq", "x")})[0][0] == "custom.nothing"


def test_api_04_what_makes_no_sense_is_answered_with_what_is_allowed(world: World) -> None:
    """Every fault at once, each naming its field."""
    assert wrong(world, sort="colour")[0][0] == "sort"
    assert "-" not in wrong(world, sort="phone")[0][1]
    assert wrong(world, filters={"phone": ("eq", "1")})[0][0] == "phone"
    assert "starts" in wrong(world, filters={"name": ("like", "a")})[0][1]
    assert wrong(world, limit=201)[0][0] == wrong(world, limit=0)[0][0] == "limit"
    assert wrong(world, fields=["name", "password"])[0][0] == "fields"
    for value in ("x", "", "\0", "9" * 400, "true", None, "Ac\ud800"):
        for name in ("number", "credit_limit", "created_at", "responsible_user_id", "reselling_enabled", "status"):
            if (name, value) not in {("reselling_enabled", "true"), ("number", "9" * 400)}:
                assert wrong(world, filters={name: ("eq", value)})[0][0] == name
    assert [name for name, _ in wrong(world, sort="x", limit=0, filters={"status": ("eq", "x"), "y": ("eq", 1)})] == [
        "status",
        "y",
        "sort",
        "limit",
    ]


def test_api_04_a_cursor_is_checked_like_any_input(world: World) -> None:
    """One of another sort order, a cut one, a made-up one."""
    for _ in range(3):
        world.account()
    cursor = ask(world, limit=1).next or ""

    for bad in (cursor[:-4], "x", "e30", "W10", cursor + "!", "\u00e9", "9" * 5000):
        assert wrong(world, limit=1, cursor=bad)[0][0] == "cursor"
    assert wrong(world, limit=1, cursor=cursor, sort="number")[0][0] == "cursor"
    assert len(ask(world, limit=1, cursor=cursor).items) == 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cursor=st.text(max_size=40), search=st.text(max_size=40), value=st.text(max_size=40), sort=st.text(max_size=9))
def test_api_04_no_input_breaks_a_list(world: World, cursor: str, search: str, value: str, sort: str) -> None:
    """Whatever is typed gets a page or a fault."""
    for request in (
        {"cursor": cursor},
        {"search": search},
        {"filters": {"name": ("eq", value), "email": ("starts", value)}},
        {
            "sort": sort,
            "filters": {"number": ("in", value), "created_at": ("lt", value), "credit_limit": ("gt", value)},
        },
    ):
        with suppress(Invalid):
            ask(world, **request)


def test_api_04_fields_are_chosen(world: World) -> None:
    """The id always comes along, and the key that pages turn by never shows."""
    world.account(name="Acme")

    assert ask(world, fields=["name", "bill_to_name"]).items[0].keys() == {"id", "name", "bill_to_name"}
    assert ask(world).items[0].keys() == {column.name for column in ACCOUNTS.columns}


@pytest.mark.parametrize("listing", LISTS, ids=lambda listing: listing.name)
def test_api_04_each_field_can_be_chosen_alone(world: World, listing: Listing) -> None:
    """What it is read from comes along, also when that is joined by another table."""
    for column in listing.columns:
        assert ask(world, listing, fields=[column.name]).items == []


def test_api_04_who_manages_an_account_can_be_chosen_alone(world: World) -> None:
    """His name is his account's, which is known by the arrangement alone."""
    reseller = world.tenant_reseller(name="Kappa")
    acme = world.account(name="Acme", bill_to=reseller, managed_by=reseller.id, standing="handed_down")

    [row] = ask(world, filters={"name": ("eq", "Acme")}, fields=["managed_by_name"]).items

    assert row == {"id": acme.id, "managed_by_name": "Kappa"}


def test_api_04_one_row_and_a_hundred_take_the_same_statements(world: World) -> None:
    """Page, search and total."""
    distributor = world.distributor()
    world.account(name="Acme")

    def statements() -> list[int]:
        counts = []
        for request in ({}, {"with_total": True}, {"search": "acme", "with_total": True}):
            with counted(world) as said:
                ask(world, limit=100, **request)
            counts.append(len(said))
        return counts

    for_one = statements()
    with world.web.work(distributor.id) as work:
        work.connection.execute(
            sa.insert(crm.account), [account_row(distributor, f"Acme {number}") for number in range(99)]
        )

    assert statements() == for_one == [1, 2, 3]


def test_api_04_a_total_is_exact_up_to_ten_thousand(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """And says so beyond."""
    monkeypatch.setattr("tenantry.tenancy.listing.listing.COUNTED", 3)
    totals = []
    for _ in range(4):
        world.account()
        totals.append(str(ask(world, limit=1, with_total=True).total))

    assert totals == ["1", "2", "3", "more than 3"]


def test_ui_03_export_gives_every_record_and_no_formula(world: World) -> None:
    """What a spreadsheet would carry out gets a quote; a number stays one; each exports what he may see."""
    distributor = world.distributor()
    world.insert(distributor, t.custom_field, entity="account", name="size", label="Size", type="number")
    secret: UUID = world.insert(distributor, t.permission_rule, name="Secret").id
    for name in ("=1+1", "+41", "-x", "@sum", "\tx", 'Quo"te, Ltd\nand more', "Plain"):
        world.account(name=name, credit_limit=5, custom_fields={"size": "-3"})
    world.account(name="Hidden", permission_rule_id=secret)
    request = ListRequest(fields=["name", "credit_limit", "custom.size"], cursor="whatever", sort="number")

    def exported(actor: Actor, request: ListRequest) -> list[list[str]]:
        file = io.StringIO()
        with world.web.work(distributor.id, actor) as work:
            csv.writer(file).writerows(ACCOUNTS.export(work, request))
        return list(csv.reader(io.StringIO(file.getvalue())))

    admin = world.admin(distributor)
    anna = Actor(new_id(), "Anna", frozenset({"accounts:view"}), frozenset({distributor.rule_id}))

    rows = exported(anna, request)
    assert rows[0] == ["Name", "Credit limit", "Size"]
    assert [row[0] for row in rows[1:]] == ["'=1+1", "'+41", "'-x", "'@sum", "'\tx", 'Quo"te, Ltd\nand more', "Plain"]
    assert {tuple(row[1:]) for row in rows[1:]} == {("5.000000", "-3")}
    assert len(exported(admin, request)) == len(rows) + 1
    assert exported(admin, replace(request, search="plain", fields=["name"]))[1:] == [["Plain"]]
    assert "Size" in exported(admin, ListRequest())[0]


def test_a_list_that_chooses_by_what_is_read_later_stops_the_program() -> None:
    """Filters and sorting read the records alone."""
    owner = t.tenant_user.alias("owner")
    join: dict[sa.FromClause, sa.ColumnElement[bool]] = {owner: owner.c.id == crm.account.c.responsible_user_id}
    column = Column("owner", owner.c.name, "Owner", filterable=False)
    good = replace(ACCOUNTS, columns=(column,), joins=join)

    for bad in (replace(column, filterable=True), replace(column, sortable=True)):
        with pytest.raises(TypeError):
            replace(good, columns=(bad,))
    with pytest.raises(TypeError):
        replace(good, columns=(Column("due", crm.activity.c.due_at, "Due", "moment", sortable=True),))
    assert {column.name for column in CONTACTS.columns if column.sortable} == {"name"}
