"""What forms choose from, the same for all tenants: countries, their states, currencies, languages, permissions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Path
from starlette.requests import Request

from tenantry.kernel import iso
from tenantry.kernel.problems import NotFound
from tenantry.tenancy.permissions import PERMISSIONS
from tenantry.web.api.common import resource
from tenantry.web.api.lists import Wanted, page_of
from tenantry.web.api.shapes import shown
from tenantry.web.api.short_lists import whole
from tenantry.web.http.access import ANYBODY_SIGNED_IN, may
from tenantry.web.http.answers import Linked


@dataclass(frozen=True)
class CodeView:
    """Something of a closed list."""

    code: str
    name: str


CODE = shown(CodeView, code="The code, as records hold it.", name="Its name in English.")
CODES = page_of("Code", CODE)

reference = resource("Reference")


@reference.get("/reference/countries", response_model=CODES)
@may(ANYBODY_SIGNED_IN)
def list_countries(request: Request, wanted: Wanted) -> Linked:
    """List the countries (ISO 3166-1) by name."""
    return _codes(request, wanted, iso.countries())


@reference.get("/reference/countries/{code}/subdivisions", response_model=CODES)
@may(ANYBODY_SIGNED_IN)
def list_subdivisions(
    request: Request, wanted: Wanted, code: Annotated[str, Path(description="Code of the country.")]
) -> Linked:
    """List the states of a country (ISO 3166-2) by name; none for a country without any."""
    if code not in iso.countries():
        raise NotFound("country")
    return _codes(request, wanted, iso.subdivisions(code))


@reference.get("/reference/currencies", response_model=CODES)
@may(ANYBODY_SIGNED_IN)
def list_all_currencies(request: Request, wanted: Wanted) -> Linked:
    """List the currencies in use (ISO 4217); /currencies has those that are activated."""
    return _codes(request, wanted, iso.currencies())


@reference.get("/reference/languages", response_model=CODES)
@may(ANYBODY_SIGNED_IN)
def list_languages(request: Request, wanted: Wanted) -> Linked:
    """List the languages (BCP 47) by name."""
    return _codes(request, wanted, iso.languages())


@reference.get("/reference/permissions", response_model=CODES)
@may(ANYBODY_SIGNED_IN)
def list_permissions(request: Request, wanted: Wanted) -> Linked:
    """List the permissions that roles and tokens are made of, each with its sentence."""
    return _codes(request, wanted, PERMISSIONS)


def _codes(request: Request, wanted: Wanted, names: Mapping[str, str]) -> Linked:
    return whole(request, wanted, (CodeView(*one) for one in names.items()), CODE, key="code")
