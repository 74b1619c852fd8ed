"""The organisation's set-up: itself, its currencies, the audit log (TEN-01, TEN-30, SEC-06)."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from tests.tenancy.conftest import Person
from tests.world import Tenant, World

from tenantry.kernel import clock
from tenantry.kernel.actor import SYSTEM, Actor
from tenantry.kernel.problems import Forbidden, Invalid, NotFound, Refused, Stale
from tenantry.schema import tenant as t
from tenantry.tenancy import audit, currencies, organisation, queries

Acting = Callable[[Tenant, UUID], Actor]


def test_ten_01_the_organisation_changes_its_name_and_manners(world: World, acting: Acting) -> None:
    here = world.distributor()
    changes = {
        "name": "Aegean Cloud",
        "street": "Ερμού 12",
        "country": "GR",
        "vat_number": "EL094014201",
        "language": "el",
        "time_zone": "Europe/Athens",
        "date_format": "dd/MM/yyyy",
        "billing_day": 28,
    }

    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        before = queries.tenant(work)
        organisation.edit(work, changes, version=before.version)
        after = queries.tenant(work)
        with pytest.raises(Stale):
            organisation.edit(work, {"name": "Late"}, version=before.version)

    assert {field: getattr(after, field) for field in changes} == changes
    assert after.version == before.version + 1
    [line] = world.rows(here, t.audit_line, act="organisation.edit")
    assert line.details["changes"]["name"] == {"before": before.name, "after": "Aegean Cloud"}


def test_ten_01_what_it_is_and_whose_stays(world: World, acting: Acting) -> None:
    here, there = world.tenant_reseller(), world.tenant()
    fixed = {"kind": "distributor", "parent_id": there.id, "code": "mine", "edition": "premium", "live_at": clock.now()}

    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        before = queries.tenant(work)
        with pytest.raises(Invalid) as refused:
            organisation.edit(work, fixed)
        assert queries.tenant(work) == before

    assert {fault.field for fault in refused.value.faults} == set(fixed)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("street", "x" * 321),
        ("country", "Greece"),
        ("name", "x" * 5_000_000),
        ("name", "a\x00b"),
        ("name", "half a \ud83d"),
        ("language", "klingon"),
        ("time_zone", "Europe/Atlantis"),
        ("date_format", "hh:mm"),
        ("date_format", "dd/MM"),
        ("date_format", "<script>"),
        ("date_format", 7),
        ("billing_day", 0),
        ("billing_day", 29),
        ("billing_day", True),
        ("billing_day", "1"),
    ],
)
def test_ten_01_what_makes_no_sense_is_refused(world: World, acting: Acting, field: str, value: object) -> None:
    here = world.distributor()

    with world.web.work(here.id, acting(here, here.admin_id)) as work, pytest.raises(Invalid) as refused:
        organisation.edit(work, {field: value})

    assert [fault.field for fault in refused.value.faults] == [field]
    assert refused.value.faults[0].remedy


def test_ten_01_only_who_may_edit_the_setup_does(world: World, person: Person, acting: Acting) -> None:
    here = world.distributor()
    maria = person(here, "setup:view")

    with world.web.work(here.id, acting(here, maria.id)) as work:
        assert currencies.currencies(work)
        with pytest.raises(Forbidden):
            organisation.edit(work, {"name": "Mine"})
        with pytest.raises(Forbidden):
            currencies.activate(work, "CHF")
        with pytest.raises(Forbidden):
            currencies.deactivate(work, "USD")


def test_a_top_tenant_is_live_and_a_reseller_once_he_went_live(world: World) -> None:
    top, early, live = world.distributor(), world.tenant_reseller(), world.tenant_reseller(state="live")

    def is_live(at: Tenant) -> tuple[bool, bool]:
        with world.web.work(at.id) as work:
            return queries.is_live(work), queries.tenant(work).live

    assert [is_live(at) for at in (top, early, live)] == [(True, True), (False, False), (True, True)]


def test_ten_02_a_tenant_reads_itself_only(world: World) -> None:
    below = world.tenant_reseller()

    with world.web.work(below.id) as work:
        assert queries.tenant(work).id == below.id
        assert {choice.id for choice in queries.people(work)} == {below.admin_id}
        assert queries.setup_counts(work)["tenant_user"] == 1
        assert queries.setup_counts(work)["role"] == 3


def test_ten_30_currencies_are_activated_and_the_default_one_stays(world: World, acting: Acting) -> None:
    here = world.tenant(currencies=("USD",))
    admin = acting(here, here.admin_id)

    with world.web.work(here.id, admin) as work:
        currencies.activate(work, " chf ")
        currencies.activate(work, "CHF")
        assert queries.tenant(work).currencies == ("CHF", "EUR", "USD")
        assert currencies.is_active(work, "CHF")
        currencies.deactivate(work, "USD")
        with pytest.raises(Refused, match="default"):
            currencies.deactivate(work, "EUR")
        with pytest.raises(NotFound):
            currencies.deactivate(work, "USD")
        with pytest.raises(Invalid, match="no such currency"):
            currencies.activate(work, "XXY")
        assert [view.code for view in currencies.currencies(work)] == ["CHF", "EUR"]
        assert not currencies.is_active(work, "USD")

    acts = [line.act for line in world.rows(here, t.audit_line)]
    assert acts == ["currencies.activate", "currencies.deactivate"]


def test_ten_30_a_rate_says_whose_and_of_which_day_it_is(world: World) -> None:
    here = world.tenant(currencies=("USD", "AED"))

    with world.web.work(here.id, SYSTEM) as work:
        shown = {view.code: view.rate for view in currencies.currencies(work)}

    dollar = shown["USD"]
    assert dollar is not None
    assert (dollar.source, dollar.into) == ("European Central Bank", "EUR")
    assert date(2026, 1, 1) < dollar.on <= date.today() + timedelta(days=1)  # noqa: DTZ011 - the day of a newspaper
    assert Decimal("0.3") < dollar.rate < 3
    assert shown["EUR"] is None
    assert shown["AED"] is None, "the bank quotes none"


def test_ten_30_a_rate_of_a_day_without_one_is_the_last_before_it() -> None:
    friday, sunday = (currencies.rate("USD", "EUR", on) for on in (date(2024, 5, 3), date(2024, 5, 5)))

    assert friday is not None
    assert sunday is not None
    assert friday.rate == sunday.rate == 1 / Decimal("1.0744")
    assert sunday.on == date(2024, 5, 3)


def test_sec_06_the_log_is_read_newest_first_page_by_page(world: World, person: Person, acting: Acting) -> None:
    here, there = world.tenant(), world.tenant()
    maria = person(here, "audit:view")
    start = clock.now()
    for number in range(5):
        with clock.stopped(start + timedelta(seconds=number)), world.web.work(here.id, SYSTEM) as work:
            audit.note(work, "things.do" if number % 2 else "other.do", f"Act {number}.", here.id, number=number)
    with world.web.work(there.id, SYSTEM) as work:
        audit.note(work, "things.do", "Elsewhere.")

    with world.web.work(here.id, acting(here, maria.id)) as work:
        first = audit.lines(work, limit=2)
        second = audit.lines(work, limit=2, before=first[-1].id)
        things = audit.lines(work, act="things")
        exact = audit.lines(work, act="other.do", subject_id=here.id)
    without = Actor(maria.id, "Maria", frozenset({"users:edit"}))
    with world.web.work(here.id, without) as work, pytest.raises(Forbidden):
        audit.lines(work)

    assert [line.sentence for line in (*first, *second)] == ["Act 4.", "Act 3.", "Act 2.", "Act 1."]
    assert [line.sentence for line in things] == ["Act 3.", "Act 1."]
    assert [line.details["number"] for line in exact] == [4, 2, 0]
    assert first[0].actor == "Tenantry"


def test_sec_06_a_secret_never_enters_the_log(world: World) -> None:
    here = world.distributor()

    with world.web.work(here.id) as work:
        audit.note(work, "users.edit", "Changed.", name="Maria")
        for details in ({"password": "x"}, {"changes": {"second_factor": {"before": "x", "after": None}}}):
            with pytest.raises(ValueError, match="no secrets"):
                audit.note(work, "users.edit", "Changed.", **details)
