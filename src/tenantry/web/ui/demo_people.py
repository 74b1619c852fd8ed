"""The people of the demo, whom its sign-in page shows; nobody anywhere else."""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

from starlette.requests import Request

from tenantry.web.ui.views import DemoPerson


def demo_people(request: Request) -> Sequence[DemoPerson]:
    """Give the people to look around as; none unless this is the demo."""
    if not request.app.state.settings.demo or find_spec("tenantry.demo") is None:
        return ()
    people = import_module("tenantry.demo").PEOPLE
    return tuple(DemoPerson(one.name, one.email, one.what, one.tenant, one.kind.capitalize()) for one in people)


def demo_password() -> str:
    """Give the password that the demo's people share."""
    return str(import_module("tenantry.demo").PASSWORD)
