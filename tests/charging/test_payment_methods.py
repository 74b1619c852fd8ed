"""Payment methods: one default, deleted only when unused, and never a card number (BIL-06)."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.world import World

from tenantry.charging import payment_methods as methods
from tenantry.charging.payment_methods import NewPaymentMethod
from tenantry.kernel.actor import Actor
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Forbidden, Invalid, NotFound, Refused, Stale
from tenantry.schema import catalog, tenant as t


def test_bil_06_the_first_is_the_default_and_a_newer_default_unchecks_it(world: World) -> None:
    here = world.tenant()

    with world.web.work(here.id, world.admin(here)) as work:
        first = methods.create(work, NewPaymentMethod(" Invoice "))
        second = methods.create(work, NewPaymentMethod("Card", kind="gateway", gateway="Acquirer"))
        before = [(method.name, method.is_default) for method in methods.payment_methods(work)]
        methods.make_default(work, second)
        after = [(method.id, method.is_default) for method in methods.payment_methods(work)]

    assert before == [("Invoice", True), ("Card", False)]
    assert after == [(second, True), (first, False)]
    acts = [line.act for line in world.rows(here, t.audit_line)]
    assert acts == ["payment_methods.create", "payment_methods.create", "payment_methods.make_default"]


@pytest.mark.parametrize(
    ("text", "is_card"),
    [
        ("4111111111111111", True),
        ("Visa 4111-1111-1111-1111 (Maria)", True),
        ("5500 0000 0000 0004", True),
        ("No. 5 4111 1111 1111 1111 12/27", True),
        ("378282246310005", True),
        ("6304000000000000", True),
        ("4111111111111112", False),
        ("tok_9f8e7d6c5b4a", False),
        ("4111 1111", False),
        ("GR1601101250000000012300695", False),
        ("", False),
    ],
)
@pytest.mark.parametrize("field", methods.TEXTS)
def test_bil_06_a_card_number_is_never_kept(world: World, field: str, text: str, is_card: bool) -> None:  # noqa: FBT001
    here = world.tenant()

    with world.web.work(here.id, world.admin(here)) as work:
        method = methods.create(work, NewPaymentMethod("Invoice"))
        if is_card:
            with pytest.raises(Invalid, match="card number") as refused:
                methods.edit(work, method, {field: text})
            assert [fault.field for fault in refused.value.faults] == [field]
            with pytest.raises(Invalid, match="card number"):
                methods.create(work, replace(NewPaymentMethod("Card"), **{field: text}))
        elif text or field != "name":
            methods.edit(work, method, {field: text})

    assert text not in str(world.rows(here, catalog.payment_method)) or not is_card


def test_bil_06_what_makes_no_sense_is_refused_field_by_field(world: World) -> None:
    here = world.tenant()

    with world.web.work(here.id, world.admin(here)) as work:
        with pytest.raises(Invalid) as refused:
            methods.create(work, NewPaymentMethod("", kind="barter", payment_days=-1, gateway="x" * 5_000_000))
        with pytest.raises(Invalid, match="gateway"):
            methods.create(work, NewPaymentMethod("Card", kind="gateway"))
        method = methods.create(work, NewPaymentMethod("Invoice"))
        with pytest.raises(Invalid, match="is_default"):
            methods.edit(work, method, {"is_default": True})
        methods.edit(work, method, {"payment_days": 14}, version=1)
        with pytest.raises(Stale):
            methods.edit(work, method, {"payment_days": 60}, version=1)

    assert {fault.field for fault in refused.value.faults} == {"name", "kind", "payment_days", "gateway"}


def test_bil_06_one_in_use_stays_and_so_does_the_default_beside_others(world: World) -> None:
    here = world.tenant()
    with world.web.work(here.id, world.admin(here)) as work:
        default, used, free = (methods.create(work, NewPaymentMethod(name)) for name in ("Default", "Used", "Free"))
    world.account(at=here, payment_method_id=used)

    with world.web.work(here.id, world.admin(here)) as work:
        methods.delete(work, free)
        with pytest.raises(Refused, match="account"):
            methods.delete(work, used)
        with pytest.raises(Refused, match="default"):
            methods.delete(work, default)

    assert {method.id for method in world.rows(here, catalog.payment_method)} == {default, used}


def test_bil_06_only_who_may_edit_the_setup_changes_them_and_only_his_own(world: World) -> None:
    here, there = world.tenant(), world.tenant()
    with world.web.work(here.id, world.admin(here)) as work:
        mine = methods.create(work, NewPaymentMethod("Mine"))

    for at, actor, refusal in (
        (here, Actor(new_id(), "Maria", frozenset({"setup:view"})), Forbidden),
        (there, world.admin(there), NotFound),
    ):
        with world.web.work(at.id, actor) as work:
            attempts: list[Callable[[], object]] = [
                lambda: methods.edit(work, mine, {"name": "Yours"}),
                lambda: methods.make_default(work, mine),
                lambda: methods.delete(work, mine),
            ]
            for attempt in attempts:
                with pytest.raises(refusal):
                    attempt()
    with world.web.work(there.id, world.admin(there)) as work:
        assert methods.payment_methods(work) == ()
