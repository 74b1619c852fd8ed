"""What stories about single sign-on need: a provider that is set up, and somebody who goes there and comes back."""

from typing import Any

import pytest
from tests.tenancy.provider import Provider
from tests.world import Tenant, World

from tenantry.kernel.problems import NotSignedIn
from tenantry.tenancy.sign_on import actions, flow
from tenantry.tenancy.sign_on.actions import NewSignOn
from tenantry.tenancy.sign_on.flow import Arrival, Departure, Return

SITE = "http://127.0.0.1:8000/sign-in/sign-on/back"
SECRET = "given by the provider"


def configured(world: World, at: Tenant, issuer: str, **given: Any) -> NewSignOn:
    new = NewSignOn(
        **{"name": "Acme Login", "issuer": issuer, "client_id": "tenantry", "domains": [domain(at)]} | given,
        client_secret=SECRET,
    )
    with world.web.work(at.id, world.admin(at)) as work:
        actions.configure(work, new)
    return new


def domain(at: Tenant) -> str:
    return f"{at.code.replace('_', '-')}.example"


def departs(world: World, at: Tenant, goal: str = "/accounts") -> Departure:
    return flow.begin(world.web, at.code, redirect_uri=SITE, goal=goal)


def comes_back(world: World, departure: Departure, said: dict[str, str]) -> Arrival:
    back = Return(said.get("state", ""), said.get("code", ""), said.get("error", ""), said.get("iss", ""))
    return flow.finish(world.web, departure.cookie, back)


def signs_on(world: World, at: Tenant, at_provider: Provider, subject: str = "ada-at-acme") -> Arrival:
    departure = departs(world, at)
    return comes_back(world, departure, at_provider.asks(departure.url, subject))


def refused(world: World, at: Tenant, at_provider: Provider, subject: str = "ada-at-acme") -> NotSignedIn:
    with pytest.raises(NotSignedIn) as problem:
        signs_on(world, at, at_provider, subject)
    assert problem.value.rule == "SEC-03"
    assert problem.value.remedy
    return problem.value
