"""Every list is asked in the same way (API-04)."""

from typing import Any
from uuid import UUID

import pytest
from tests.web.conftest import Asker, Enter
from tests.web.visiting import Visits, read
from tests.world import World


def names(page: dict[str, Any]) -> list[str]:
    """Name the records of a page."""
    return [one["name"] for one in page["items"]]


@pytest.fixture
def me(asks: Enter, world: World) -> Asker:
    """Ask in a tenant with five accounts."""
    for name, status in zip("abcde", ("active", "active", "closed", "suspended", "active"), strict=True):
        world.account(name=f"Company {name}", status=status)
    return asks()


def test_api_04_pages_follow_each_other_and_lead_back(me: Asker) -> None:
    first = me.ask("GET", "/accounts?limit=2&fields=name")
    page = first.json()
    assert names(page) == ["Company a", "Company b"]
    assert (page["previous"], page["total"], page["total_is_exact"]) == (None, 5, True)
    assert first.headers["link"].endswith('rel="next"')

    seen = names(page)
    while page["next"]:
        answer = me.ask("GET", f"/accounts?limit=2&fields=name&cursor={page['next']}")
        page = answer.json()
        seen += names(page)
    assert seen == [f"Company {letter}" for letter in "abcde"]
    assert 'rel="prev"' in answer.headers["link"]
    assert names(me.get(f"/accounts?limit=2&cursor={page['previous']}")) == ["Company c", "Company d"]


def test_api_04_a_link_can_be_followed_as_it_stands(me: Asker) -> None:
    link = me.ask("GET", "/accounts?limit=2&filter[status]=active&sort=-name").headers["link"]
    address = link.partition("<")[2].partition(">")[0].removeprefix("/api/v1")

    assert names(me.get(address)) == ["Company a"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("filter[status]=closed", "c"),
        ("filter[status]=eq:closed", "c"),
        ("filter[status]=in:closed,suspended", "cd"),
        ("filter[status]=ne:active", "cd"),
        ("filter[name]=starts:company b", "b"),
        ("filter[created_at]=gte:2020-01-01&filter[created_at]=lt:2021-01-01", ""),
        ("search=company e", "e"),
        ("search=company&filter[status]=suspended", "d"),
        ("sort=-name&limit=1", "e"),
    ],
)
def test_api_04_filters_search_and_sorting(me: Asker, asked: str, found: str) -> None:
    assert names(me.get(f"/accounts?{asked}")) == [f"Company {letter}" for letter in found]


def test_api_04_only_the_fields_that_were_asked_for(me: Asker) -> None:
    assert set(me.get("/accounts?fields=name,status&limit=1")["items"][0]) == {"id", "name", "status"}
    assert len(me.get("/accounts?limit=1")["items"][0]) > 20


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("colour=red", "colour"),
        ("filter[colour]=red", "colour"),
        ("filter[status]=sleeping", "status"),
        ("filter[status]=lt:active", "status"),
        ("sort=colour", "sort"),
        ("fields=colour", "fields"),
        ("limit=0", "limit"),
        ("limit=100000", "limit"),
        ("cursor=nonsense", "cursor"),
    ],
)
@pytest.mark.parametrize("path", ["/accounts", "/users"])
def test_api_04_what_a_list_does_not_know_is_refused_by_name(asks: Enter, path: str, asked: str, field: str) -> None:
    answer = asks().ask("GET", f"{path}?{asked}")

    if path == "/users" and asked in {"filter[status]=sleeping", "filter[status]=lt:active"}:
        assert answer.json()["items"] == []
    else:
        assert answer.status_code == 422, answer.text
        assert answer.json()["faults"][0]["field"] == field


def test_api_04_short_lists_are_asked_the_same_way(asks: Enter) -> None:
    me = asks()
    for name in "abc":
        me.make("/order-types", name=f"Type {name}")

    page = me.get("/order-types?search=type&sort=-name&limit=2&fields=name")
    assert (names(page), page["total"]) == (["Type c", "Type b"], 3)
    assert set(page["items"][0]) == {"id", "name"}
    rest = me.get(f"/order-types?search=type&sort=-name&limit=2&cursor={page['next']}")
    assert (names(rest), rest["next"]) == (["Type a"], None)
    assert names(me.get(f"/order-types?search=type&sort=-name&limit=2&cursor={rest['previous']}")) == [
        "Type c",
        "Type b",
    ]
    assert names(me.get("/order-types?filter[is_default]=true")) == ["Standard"]


def test_api_04_the_whole_list_as_a_file(me: Asker) -> None:
    answer = me.ask("GET", "/accounts?filter[status]=active&fields=name,status&limit=1", headers={"accept": "text/csv"})

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.text.splitlines() == ["Name,Status", "Company a,active", "Company b,active", "Company e,active"]
    refused = me.ask("GET", "/accounts?fields=colour", headers={"accept": "text/csv"})
    assert refused.status_code == 422


def test_api_04_what_belongs_to_an_account_is_listed_so_too(asks: Enter, world: World) -> None:
    mine, other, me = world.account(), world.account(), asks()
    world.contact(mine, last_name="Mine")
    world.contact(other, last_name="Other")

    assert names(me.get(f"/accounts/{mine.id}/contacts?sort=-name")) == ["Mine"]
    assert me.ask("GET", f"/accounts/{world.tenant().id}/contacts").status_code == 404


def test_api_04_imports_and_handovers_are_searched_by_words(asks: Enter, visits: Visits, world: World) -> None:
    me, somebody, home = asks(), visits(), world.distributor()
    for name, who in (("Customers 2027.csv", "Ada Long"), ("prices.xlsx", "Max Short")):
        world.insert(home, "import", kind="accounts", file_name=name, created_by_name=who)
    made: list[UUID] = []
    for number, (name, reason) in enumerate((("Aegean Cloud", "As agreed"), ("Baltic 100%", "")), 71):
        reseller = world.tenant_reseller()
        world.update(home, "account", UUID(str(reseller.account_id)), name=name)
        about: dict[str, Any] = {"tenant_reseller_id": reseller.account_id, "taker_id": reseller.id, "choices": {}}
        made += [world.insert(home, "handover", number=number, kind="transfer_accounts", reason=reason, **about).id]

    def found(path: str, search: str, shown: str) -> list[Any]:
        return [one[shown] for one in me.get(f"/{path}", params={"search": search, "total": "true"})["items"]]

    for search, names in {
        "customers 2027": ["Customers 2027.csv"],
        "CSV ada": ["Customers 2027.csv"],
        "short": ["prices.xlsx"],
        "p": ["prices.xlsx"],
        "ada prices": [],
        "%": [],
    }.items():
        assert found("imports", search, "file_name") == names, search
    for search, numbers in {
        "aegean": [71],
        "72": [72],
        "100%": [72],
        "0%": [],
        "AGREED": [71],
        "aegean 72": [],
        "_": [],
    }.items():
        assert found("handovers", search, "number") == numbers, search
    assert me.ask("GET", "/terms-documents?search=a").status_code == 422, "a list that looks in nothing"

    page = read(somebody, "/imports?q=ada")
    assert "Customers 2027.csv" in page
    assert "prices.xlsx" not in page
    page = read(somebody, "/handovers?q=baltic")
    assert f"/handovers/{made[1]}" in page
    assert f"/handovers/{made[0]}" not in page
