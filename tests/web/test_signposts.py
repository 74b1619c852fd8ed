"""Signposts lead to the endpoint that the list of all routes leads to."""

import re
from collections.abc import Sequence
from typing import Any

import pytest
from fastapi import APIRouter
from fastapi.routing import iter_route_contexts
from pydantic import SecretStr
from tests.conftest import SECRET

from tenantry.database import Database
from tenantry.settings import Settings
from tenantry.web.app import create_app
from tenantry.web.http.signposts import Signposts, signpost


def test_every_address_is_found_behind_its_signpost_as_in_the_list_of_all(web_database: Database) -> None:
    app = create_app(web_database, Settings(secret_key=SecretStr(SECRET)))
    everything = [route for route in iter_route_contexts(app.routes) if route.methods]
    signposts = app.router.middleware_stack
    assert isinstance(signposts, Signposts)

    asked = [(re.sub(r"\{[^}]+\}", "1", str(one.path)), method) for one in everything for method in one.methods or ()]
    found = [(path, method, _first(signposts.routes[signpost(path)], path, method)) for path, method in asked]

    assert len(found) > 500
    assert [one for one in found if one[2] is not _first(everything, one[0], one[1])] == []


def test_an_address_that_begins_with_what_differs_stops_the_program() -> None:
    router = APIRouter()
    router.add_api_route("/shop/{code}", lambda: None)
    Signposts(router)

    router.add_api_route("/{anything}", lambda: None)

    with pytest.raises(TypeError, match=r"\{anything\}"):
        Signposts(router)


def _first(routes: Sequence[Any], path: str, method: str) -> Any:
    return next(
        one.endpoint for one in routes if one.methods and method in one.methods and one.path_regex.fullmatch(path)
    )
