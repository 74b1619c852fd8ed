"""Single sign-on through the organisation's own provider: who gets in, and why the others do not (SEC-03)."""

from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwk
from tests.tenancy.conftest import Person
from tests.tenancy.provider import Provider
from tests.tenancy.signing_on import SECRET, comes_back, configured, departs, domain, refused, signs_on
from tests.world import Row, Tenant, World

from tenantry.kernel import clock
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import NotSignedIn, Refused
from tenantry.schema import tenant as t
from tenantry.tenancy.sessions import session_of
from tenantry.tenancy.sign_on import actions, flow, provider
from tenantry.tenancy.sign_on.flow import Return
from tenantry.tenancy.sign_on.outside import ProviderTrouble, is_safe


def test_sec_03_who_the_provider_vouches_for_gets_in(
    world: World, here: Tenant, ada: Row, at_provider: Provider
) -> None:
    arrival = signs_on(world, here, at_provider)

    signed = session_of(world.web, arrival.signed_in.cookie)
    assert (signed.tenant_id, signed.user_id, arrival.goal) == (here.id, ada.id, "/accounts")
    user = world.row(here, t.tenant_user, ada.id)
    assert user is not None
    assert user.sign_on_subject == f"{at_provider.url} ada-at-acme"
    assert [line.sentence for line in world.rows(here, t.audit_line, subject_id=ada.id)][-2:] == [
        "Ada is from now on whom Acme Login says he is.",
        "Signed in with Acme Login.",
    ]
    assert signs_on(world, here, at_provider).signed_in.user_id == ada.id


def test_sec_03_the_code_is_bound_to_the_browser_that_asked(
    world: World, here: Tenant, ada: Row, at_provider: Provider
) -> None:
    departure = departs(world, here)
    said = at_provider.asks(departure.url, "ada-at-acme")
    comes_back(world, departure, said)

    [asked] = at_provider.asked
    assert "code_challenge_method=S256" in departure.url
    assert provider.create_s256_code_challenge(asked["code_verifier"]) in departure.url
    assert asked["code_verifier"] not in departure.url
    assert asked["code_verifier"] not in departure.cookie
    assert SECRET not in departure.url + departure.cookie


def test_sec_03_another_state_another_browser_or_a_late_one_is_refused(
    world: World, here: Tenant, ada: Row, at_provider: Provider
) -> None:
    mine, other = departs(world, here), departs(world, here)
    said = at_provider.asks(mine.url, "ada-at-acme")

    for cookie, state in (
        (mine.cookie, "wrong"),
        (mine.cookie, ""),
        (other.cookie, said["state"]),
        ("", said["state"]),
    ):
        with pytest.raises(NotSignedIn) as problem:
            flow.finish(world.web, cookie, Return(state, said["code"]))
        assert problem.value.code == "sign-on-ended"
    with clock.stopped(clock.now() + timedelta(minutes=11)), pytest.raises(NotSignedIn):
        comes_back(world, mine, said)
    assert comes_back(world, mine, said).signed_in.user_id == ada.id


def test_sec_03_a_replayed_callback_is_refused(world: World, here: Tenant, ada: Row, at_provider: Provider) -> None:
    departure = departs(world, here)
    said = at_provider.asks(departure.url, "ada-at-acme")
    comes_back(world, departure, said)

    with pytest.raises(NotSignedIn) as problem:
        comes_back(world, departure, said)
    assert problem.value.code == "refused-by-provider"
    assert "used already" in problem.value.message


@pytest.mark.parametrize(
    "change",
    [
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"aud": "somebody-else"},
        {"aud": ["tenantry", "somebody-else"]},
        {"aud": ["tenantry", "somebody-else"], "azp": "somebody-else"},
        {"iss": "https://evil.example"},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"sub": None},
    ],
    ids=str,
)
def test_sec_03_an_id_token_that_is_not_for_this_sign_in_is_refused(
    world: World, here: Tenant, ada: Row, at_provider: Provider, change: dict[str, Any]
) -> None:
    at_provider.change = lambda claims: {name: one for name, one in (claims | change).items() if one is not None}
    assert refused(world, here, at_provider).code == "unsound-token"

    at_provider.change = dict
    assert signs_on(world, here, at_provider).signed_in.user_id == ada.id


def test_sec_03_an_id_token_that_somebody_else_signed_is_refused(
    world: World, here: Tenant, ada: Row, at_provider: Provider
) -> None:
    at_provider.signs_with = jwk.RSAKey.generate_key(2048)
    assert refused(world, here, at_provider).code == "unsound-token"

    at_provider.signs_with = None
    assert signs_on(world, here, at_provider).signed_in.user_id == ada.id


@pytest.mark.parametrize("verified", [False, None, "yes", 1])
def test_sec_03_an_unverified_e_mail_is_refused(
    world: World, here: Tenant, ada: Row, at_provider: Provider, verified: object
) -> None:
    at_provider.knows("stranger", email=ada.email, email_verified=verified)

    assert refused(world, here, at_provider, "stranger").code == "email-not-verified"
    assert world.row(here, t.tenant_user, ada.id).sign_on_subject is None


def test_sec_03_an_e_mail_that_the_id_token_leaves_out_is_asked_for(
    world: World, here: Tenant, ada: Row, at_provider: Provider
) -> None:
    at_provider.change = lambda claims: {name: claims[name] for name in claims if not name.startswith("email")}

    assert signs_on(world, here, at_provider).signed_in.user_id == ada.id


def test_sec_03_another_subject_later_is_refused_until_an_administrator_unties_the_user(
    world: World, here: Tenant, ada: Row, at_provider: Provider
) -> None:
    with world.web.work(here.id, world.admin(here)) as work, pytest.raises(Refused, match="not signed in by single"):
        actions.untie(work, ada.id)
    signs_on(world, here, at_provider)
    at_provider.knows("ada-two", email=ada.email, email_verified=True)

    assert refused(world, here, at_provider, "ada-two").code == "nobody-here"
    [line] = world.rows(here, t.audit_line, act="sign_on.refuse")
    assert line.sentence == "Ada did not get in by single sign-on: he is somebody else there than before."
    with world.web.work(here.id, world.admin(here)) as work:
        actions.untie(work, ada.id)
    assert signs_on(world, here, at_provider, "ada-two").signed_in.user_id == ada.id


def test_sec_03_the_unknown_the_blocked_and_somebody_else_hear_the_same(
    world: World, here: Tenant, ada: Row, at_provider: Provider, person: Person
) -> None:
    blocked = person(here, email=f"bob@{domain(here)}", status="blocked")
    at_provider.knows("bob", email=blocked.email, email_verified=True)
    at_provider.knows("nobody", email=f"nobody@{domain(here)}", email_verified=True)
    elsewhere = person(world.tenant(), email=f"eve@{domain(here)}")
    at_provider.knows("eve", email=elsewhere.email, email_verified=True)
    signs_on(world, here, at_provider)
    at_provider.knows("ada-two", email=ada.email, email_verified=True)

    heard = {str(vars(refused(world, here, at_provider, who))) for who in ("bob", "nobody", "eve", "ada-two")}

    assert len(heard) == 1
    assert world.rows(here, t.session, user_id=blocked.id) == []


def test_sec_03_only_e_mails_of_the_allowed_domains_get_in(
    world: World, here: Tenant, at_provider: Provider, person: Person
) -> None:
    guest = person(here, email=f"guest@{new_id().hex}.example")
    at_provider.knows("guest", email=guest.email, email_verified=True)

    assert refused(world, here, at_provider, "guest").code == "domain-not-allowed"
    configured(world, here, at_provider.url, domains=[domain(here), guest.email.partition("@")[2].upper()])
    assert signs_on(world, here, at_provider, "guest").signed_in.user_id == guest.id


def test_sec_03_what_the_provider_refuses_is_said_in_words(
    world: World, here: Tenant, ada: Row, at_provider: Provider
) -> None:
    problem = refused(world, here, at_provider, "")

    assert problem.code == "refused-by-provider"
    assert "You did not agree there" in problem.message
    departure = departs(world, here)
    with pytest.raises(NotSignedIn) as odd:
        comes_back(world, departure, {"state": at_provider.asks(departure.url, "")["state"], "error": "<b>odd</b>"})
    assert "odd" not in odd.value.message


def test_sec_03_the_answer_of_another_provider_is_refused(
    world: World, here: Tenant, ada: Row, at_provider: Provider
) -> None:
    departure = departs(world, here)
    said = at_provider.asks(departure.url, "ada-at-acme")

    with pytest.raises(NotSignedIn) as problem:
        comes_back(world, departure, said | {"iss": "https://evil.example"})
    assert problem.value.code == "sign-on-ended"
    assert comes_back(world, departure, said | {"iss": at_provider.url}).signed_in.user_id == ada.id


def test_sec_03_a_provider_that_is_down_or_strange_is_said_to_be(
    world: World, here: Tenant, at_provider: Provider
) -> None:
    configured(world, here, "http://127.0.0.1:1")
    with pytest.raises(ProviderTrouble, match="cannot be reached"):
        departs(world, here)

    configured(world, here, f"{at_provider.url}/elsewhere")
    with pytest.raises(ProviderTrouble, match="no JSON object"):
        departs(world, here)

    configured(world, here, at_provider.url.replace("127.0.0.1", "localhost"))
    with world.web.work(here.id, world.admin(here)) as work:
        assert actions.test(work).keys == 1
    configured(world, here, at_provider.url)
    assert departs(world, here).url.startswith(at_provider.url)


def test_sec_03_only_https_is_asked_but_on_this_machine() -> None:
    for good in (
        "https://login.example.com",
        "https://login.example.com:8443/t/1",
        "http://127.0.0.1:9",
        "http://[::1]",
    ):
        assert is_safe(good)
    for bad in (
        "http://login.example.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example",
        "ftp://127.0.0.1",
        "https://",
        "https://user@login.example.com",
        "https://login.example.com/#x",
        "https://[",
        "javascript:alert(1)",
        "",
        None,
    ):
        assert not is_safe(bad), bad
