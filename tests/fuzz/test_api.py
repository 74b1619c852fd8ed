"""Made-up requests to every operation: never a fault of ours, always an answer that the document describes."""

from collections.abc import Callable
from itertools import islice
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings, strategies
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.web.conftest import Asker
from tests.world import World

from tenantry.schema import catalog
from tenantry.web.api.document import document

# Enough to reach every operation with good and bad input within a minute or so.
REQUESTS = 8
# Test processes work side by side, each at operations of its own.
SHARES = 4
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def described(app: FastAPI) -> Any:
    """Give the API as its document describes it."""
    generation = GenerationConfig(allow_x00=False, no_shrink=True, deterministic=True)
    config = SchemathesisConfig(projects=ProjectsConfig(default=ProjectConfig(generation=generation)))
    schema = schemathesis.openapi.from_dict(document(app), config=config)
    schema.app = app
    return schema


@pytest.fixture
def there(world: World) -> dict[str, UUID]:
    """Give a record of each kind, so that not every request ends at an unknown id."""
    at = world.distributor()
    reseller = world.tenant_reseller()
    account, product = world.account(bill_to=reseller), world.product()
    return {
        "accounts": account.id,
        "contacts": world.contact(account).id,
        "addresses": world.address(account).id,
        "orders": world.order(account).id,
        "subscriptions": world.subscription(account, product).id,
        "products": product.id,
        "price-lists": world.insert(at, catalog.price_list, name="Everything", currency="EUR").id,
        "payment-methods": world.payment_method(at).id,
        "tenant-resellers": reseller.account_id or account.id,
    }


def made_up(operation: Any) -> Any:
    """Make requests that fit the document, and, where there is a body, some that do not."""
    good = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    return good | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE) if operation.body else good


@pytest.mark.slow
@pytest.mark.parametrize("share", range(SHARES))
def test_api_01_every_answer_is_one_that_the_document_describes(
    described: Any, asks: Callable[[], Asker], there: dict[str, UUID], share: int
) -> None:
    token = asks().token
    failures: dict[str, str] = {}

    for found in islice(described.get_all_operations(), share, None, SHARES):
        operation = found.ok()

        @settings(
            max_examples=REQUESTS,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=made_up(operation), known=strategies.booleans())
        def asked(case: schemathesis.Case[Any], known: bool) -> None:  # noqa: FBT001
            kind = case.path.split("/")[3]
            if known and kind in there and "id" in case.path_parameters:
                case.path_parameters["id"] = str(there[kind])
            case.call_and_validate(headers={"authorization": f"Bearer {token}"}, checks=CHECKS)

        try:
            asked()
        except (FailureGroup, Exception) as fault:  # noqa: BLE001 - all are asked before any is judged
            said = [fault, *getattr(fault, "exceptions", ())]
            failures[f"{operation.method} {operation.path}"] = "; ".join(map(str, said))

    report = "\n\n".join(f"{name}: {fault}" for name, fault in failures.items())
    assert not failures, report
