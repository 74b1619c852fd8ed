"""Who sets single sign-on up, what it may be, and what follows when it changes (SEC-03)."""

from dataclasses import replace
from typing import Any

import pytest
from tests.tenancy.conftest import PASSWORD, Person
from tests.tenancy.provider import Provider
from tests.tenancy.signing_on import SECRET, configured, departs, domain, signs_on
from tests.world import Row, Tenant, World

from tenantry.kernel.actor import Actor
from tenantry.kernel.problems import Forbidden, Invalid, NotFound, NotSignedIn, Stale
from tenantry.schema import tenant as t
from tenantry.tenancy import sign_in
from tenantry.tenancy.sign_in import SignedIn
from tenantry.tenancy.sign_on import actions, queries
from tenantry.tenancy.sign_on.actions import NewSignOn


def test_sec_03_the_sign_in_page_offers_providers_without_telling_who_works_there(
    world: World, here: Tenant, ada: Row
) -> None:
    offered = queries.offers(world.web, here.code.upper())

    assert [(one.tenant_code, one.name) for one in offered] == [(here.code, "Acme Login")]
    assert queries.offers(world.web, ada.email) == queries.offers(world.web, f"nobody@{domain(here)}") == offered
    for strange in (world.tenant().code, "ada@elsewhere.example", "", "@", "\x00", "\ud800"):
        assert queries.offers(world.web, strange) == ()
    with pytest.raises(NotFound):
        departs(world, world.tenant())


def test_sec_03_passwords_may_be_left_to_administrators(
    world: World, here: Tenant, ada: Row, at_provider: Provider, person: Person
) -> None:
    chief = person(here, "*")
    assert isinstance(sign_in.sign_in(world.web, ada.email, PASSWORD), SignedIn)

    configured(world, here, at_provider.url, passwords_allowed=False)

    with pytest.raises(NotSignedIn) as problem:
        sign_in.sign_in(world.web, ada.email, PASSWORD)
    assert problem.value.code == "sign-on-only"
    with pytest.raises(NotSignedIn) as wrong:
        sign_in.sign_in(world.web, ada.email, "not this one at all")
    assert wrong.value.code == "wrong-password"
    assert isinstance(sign_in.sign_in(world.web, chief.email, PASSWORD), SignedIn)
    assert signs_on(world, here, at_provider).signed_in.user_id == ada.id


def test_sec_03_only_an_administrator_sets_it_up(world: World, here: Tenant, at_provider: Provider) -> None:
    clerk = Actor(here.admin_id, "Half", frozenset({"setup:edit", "setup:view"}), None)
    with world.web.work(here.id, clerk) as work:
        shown = queries.view(work)
        new = NewSignOn("Mine", "https://evil.example", "me", [domain(here)], "secret")
        for act in (lambda: actions.configure(work, new), lambda: actions.remove(work), lambda: actions.test(work)):
            with pytest.raises(Forbidden):
                act()
        assert queries.view(work) == shown
    with world.web.work(here.id, world.admin(here)) as work:
        actions.configure(work, new)
        assert queries.view(work).issuer == "https://evil.example"


def test_sec_03_the_secret_is_sealed_stays_when_left_out_and_goes_to_no_other_issuer(
    world: World, here: Tenant, at_provider: Provider
) -> None:
    new = configured(world, here, at_provider.url)
    with world.web.work(here.id, world.admin(here)) as work:
        actions.configure(work, replace(new, name="Renamed", client_secret=""))
        kept = queries.setting_of(work)
        with pytest.raises(Invalid) as problem:
            actions.configure(work, replace(new, issuer="https://evil.example", client_secret=""))

    assert kept is not None
    assert (kept.view.name, kept.secret) == ("Renamed", SECRET)
    assert [fault.field for fault in problem.value.faults] == ["client_secret"]
    assert SECRET not in str(world.rows(here, t.sign_on)) + str(world.rows(here, t.audit_line))


def test_sec_03_another_issuer_or_none_unties_every_user(
    world: World, here: Tenant, ada: Row, at_provider: Provider
) -> None:
    def tied() -> bool:
        return world.rows(here, t.tenant_user, id=ada.id)[0].sign_on_subject is not None

    signs_on(world, here, at_provider)
    configured(world, here, at_provider.url, name="Renamed")
    assert tied()
    configured(world, here, "https://other.example")
    assert not tied()

    configured(world, here, at_provider.url)
    signs_on(world, here, at_provider)
    with world.web.work(here.id, world.admin(here)) as work:
        with pytest.raises(Stale):
            actions.remove(work, version=1)
        actions.remove(work)
        with pytest.raises(NotFound):
            queries.view(work)
    assert not tied()
    assert queries.offers(world.web, ada.email) == ()


def test_sec_03_what_is_wrong_with_a_setting_is_said_field_by_field(world: World) -> None:
    at = world.tenant()
    wrong: Any = NewSignOn("", "http://login.example.com", "x" * 400, ["@acme.example"], "", "yes")

    with world.web.work(at.id, world.admin(at)) as work, pytest.raises(Invalid) as problem:
        actions.configure(work, wrong)
    fields = {fault.field for fault in problem.value.faults}
    assert fields == {"name", "client_id", "domains", "client_secret", "passwords_allowed"}
    assert all(fault.remedy for fault in problem.value.faults)
    for issuer in ("http://login.example.com", "https://x.example?a=b", "https://[", "nonsense"):
        with world.web.work(at.id, world.admin(at)) as work, pytest.raises(Invalid) as one:
            actions.configure(work, NewSignOn("A", issuer, "b", ["acme.example"], "c"))
        assert [fault.field for fault in one.value.faults] == ["issuer"]
