"""Likeness is a warning while a person types, never an error (TEN-08)."""

from typing import Any

import pytest

from tenantry.crm.likeness import likeness
from tenantry.crm.new import NewAccount
from tests.crm.stories import act, create
from tests.world import World

ACME: dict[str, Any] = {
    "name": "Ácme GmbH",
    "email": "Office@acme.example",
    "accounting_no": "C-77",
    "vat_number": "DE136695976",
}


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", "ácme gmbh"),
        ("email", "office@ACME.example"),
        ("accounting_no", "c-77"),
        ("vat_number", "DE 136695976"),
    ],
)
def test_ten_08_likeness_in_one_field_is_a_warning(world: World, field: str, typed: str) -> None:
    """It names the account and the field; something else is no likeness, and the account can be made all the same."""
    distributor = world.distributor()
    acme = world.account(**ACME)
    world.account(name="Beta", email="b@beta.example", accounting_no="C-7", vat_number="DE123456788")
    new: dict[str, Any] = {"name": "New", field: typed}

    found = act(world, distributor, likeness, NewAccount(**new))

    assert [(one.field, one.account_id) for one in found] == [(field, acme.id)]
    assert act(world, distributor, likeness, NewAccount(name="Other", email="x@acme.example")) == []
    create(world, **new)


def test_ten_08_likeness_doubts_a_wrong_check_digit(world: World) -> None:
    """Of a right one it says nothing."""
    distributor = world.distributor()

    wrong, right = (
        act(world, distributor, likeness, NewAccount(name="New", country="DE", vat_number=number))
        for number in ("DE136695977", "DE136695976")
    )

    assert [(one.field, one.account_id) for one in wrong] == [("vat_number", None)]
    assert right == []


def test_ten_08_what_others_type_does_not_break_it(world: World) -> None:
    """Letters that mean something to a search mean themselves."""
    world.account(email="a@b.example")

    assert act(world, world.distributor(), likeness, NewAccount(name="%", email="%", accounting_no="_\0'")) == []
