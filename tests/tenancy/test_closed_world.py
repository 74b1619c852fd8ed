"""Read from the code itself: no administrative act without its permission and its line in the log (SEC-02, SEC-06)."""

import ast
from pathlib import Path

import pytest

import tenantry
from tenantry.tenancy.permissions import PERMISSIONS

ROOT = Path(tenantry.__file__).parent
ADMINISTRATIVE = [
    "tenancy/api_options.py",
    "tenancy/currencies.py",
    "tenancy/custom_fields.py",
    "tenancy/groups.py",
    "tenancy/organisation.py",
    "tenancy/permission_rules.py",
    "tenancy/roles.py",
    "tenancy/sign_on/actions.py",
    "tenancy/tokens.py",
    "tenancy/users.py",
    "billing/series.py",
    "charging/payment_methods.py",
    "sales/order_types.py",
]
# One's own business, which needs no permission; the log knows it all the same.
OWN = {"edit_profile"}


def acts_of(path: str) -> dict[str, ast.FunctionDef]:
    tree = ast.parse((ROOT / path).read_text())
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def words_of(function: ast.FunctionDef) -> list[str]:
    return [
        str(ast.literal_eval(call.args[1]))
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "require"
    ]


def notes(function: ast.FunctionDef, others: dict[str, ast.FunctionDef]) -> bool:
    for call in ast.walk(function):
        if not isinstance(call, ast.Call):
            continue
        if ast.unparse(call.func) == "audit.note":
            return True
        called = others.get(ast.unparse(call.func))
        if called is not None and called is not function and notes(called, others):
            return True
    return False


@pytest.mark.parametrize("path", ADMINISTRATIVE)
def test_sec_06_every_act_behind_an_edit_permission_is_logged(path: str) -> None:
    functions = acts_of(path)
    acts = {
        name
        for name, function in functions.items()
        if name in OWN or any(word.endswith(":edit") for word in words_of(function))
    }

    assert acts
    assert {name for name in acts if not notes(functions[name], functions)} == set()


@pytest.mark.parametrize("path", ADMINISTRATIVE)
def test_sec_02_whatever_is_logged_asks_for_a_permission_first(path: str) -> None:
    functions = acts_of(path)
    public = {name: function for name, function in functions.items() if not name.startswith("_")}
    changing = {name for name, function in public.items() if notes(function, functions)} - OWN

    assert changing
    for name in changing:
        docstring, first, *_ = public[name].body
        assert isinstance(docstring, ast.Expr)
        assert ast.unparse(first).startswith("require(work, "), f"{path}: {name}"


def test_ten_20_every_permission_that_the_code_asks_for_exists() -> None:
    asked = {word for path in ADMINISTRATIVE for function in acts_of(path).values() for word in words_of(function)}

    assert asked <= set(PERMISSIONS)
    assert {"users:edit", "setup:edit", "tokens:edit"} <= asked
