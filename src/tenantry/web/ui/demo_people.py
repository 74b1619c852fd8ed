"""The people of the demo, whom its sign-in page shows; nobody anywhere else."""

from collections.abc import Sequence
from importlib import import_module

from starlette.requests import Request

from tenantry.web.ui.views import DemoPerson


def demo_people(request: Request) -> Sequence[DemoPerson]:
    """Give the people to look around as; none unless this is the demo."""
    if not request.app.state.settings.demo:
        return ()
    demo = import_module("tenantry.demo")
    tenants = {one.code: one for one in demo.tenants()}
    return tuple(
        DemoPerson(one.name, one.email, one.role, tenants[one.tenant].name, tenants[one.tenant].kind.capitalize())
        for one in sorted(demo.PEOPLE, key=lambda one: list(tenants).index(one.tenant))
    )


def demo_password() -> str:
    """Give the password that the demo's people share."""
    return str(import_module("tenantry.demo").PASSWORD)


def demo_shoppers(request: Request, code: str = "") -> Sequence[DemoPerson]:
    """Give the storefront users to look around a shop as, of one shop or of all; none unless this is the demo."""
    if not request.app.state.settings.demo:
        return ()
    demo = import_module("tenantry.demo")
    tenants = {one.code: one for one in demo.tenants()}
    return tuple(
        DemoPerson(
            one.name,
            one.email,
            one.what[0].upper() + one.what[1:],
            f"{tenants[one.tenant].name}, shop",
            "",
            f"/shop/{one.tenant}/sign-in/demo",
        )
        for one in demo.SHOPPERS
        if code in {"", one.tenant}
    )
