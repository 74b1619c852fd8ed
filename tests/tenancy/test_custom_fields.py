"""Custom fields: defined per tenant and kind of record, and what their values may be (TEN-23)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from tests.tenancy.conftest import Person
from tests.world import Tenant, World

from tenantry.kernel.actor import Actor
from tenantry.kernel.problems import Forbidden, Invalid, NotFound
from tenantry.schema import tenant as t
from tenantry.tenancy import custom_fields
from tenantry.tenancy.custom_fields import NewField, define, validate

Acting = Callable[[Tenant, UUID], Actor]


def field(name: str, type: str, **given: object) -> NewField:
    return NewField("account", name, name.title(), type, **given)


def wrong_fields(refused: pytest.ExceptionInfo[Invalid]) -> set[str]:
    return {fault.field for fault in refused.value.faults}


def test_ten_23_fields_are_shown_by_group_and_order(world: World, acting: Acting) -> None:
    here = world.distributor()

    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        for name, group, position in (("c", "B", 0), ("b", "A", 2), ("a", "A", 3), ("d", "A", 1)):
            define(work, field(name, "text", group=group, position=position))
        define(work, NewField("order", "o", "", "date"))
        accounts = custom_fields.custom_fields(work, "account")
        everything = custom_fields.custom_fields(work)

    assert [view.name for view in accounts] == ["d", "b", "a", "c"]
    assert [(view.entity, view.label) for view in everything][-1] == ("order", "o")


@pytest.mark.parametrize(
    ("type_", "given", "kept"),
    [
        ("text", " Επείγον ", "Επείγον"),
        ("number", "12.50", "12.50"),
        ("number", 0.1, "0.1"),
        ("number", 7, "7"),
        ("number", Decimal("1e3"), "1000"),
        ("number", "-0", "0"),
        ("number", "12345678901234567890.0123456789", "12345678901234567890.0123456789"),
        ("date", "2026-12-31", "2026-12-31"),
        ("date", date(2026, 12, 31), "2026-12-31"),
        ("choice", "gold", "gold"),
        ("yes_no", True, True),
        ("yes_no", "no", False),
        ("yes_no", "TRUE", True),
        ("text", "", None),
        ("number", None, None),
    ],
)
def test_ten_23_a_value_is_kept_exactly_as_its_type(
    world: World, acting: Acting, type_: str, given: object, kept: object
) -> None:
    here = world.tenant()

    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        define(work, field("it", type_, choices=["gold", "silver"] if type_ == "choice" else []))
        values = validate(work, "account", {"it": given})

    assert values == ({} if kept is None else {"it": kept})


@pytest.mark.parametrize(
    ("type_", "given"),
    [
        ("text", 7),
        ("text", "x" * 5_000_000),
        ("text", "a\x00b"),
        ("text", "half a \ud83d"),
        ("number", "twelve"),
        ("number", "1,5"),
        ("number", True),
        ("number", float("nan")),
        ("number", "Infinity"),
        ("number", "1e400"),
        ("number", "9" * 5_000_000),
        ("number", "0.12345678901"),
        ("number", ["7"]),
        ("date", "31/12/2026"),
        ("date", "2026-02-30"),
        ("date", 7),
        ("choice", "bronze"),
        ("choice", ["gold"]),
        ("yes_no", "maybe"),
        ("yes_no", {}),
    ],
)
def test_ten_23_a_wrong_value_is_refused_naming_field_and_type(
    world: World, acting: Acting, type_: str, given: object
) -> None:
    here = world.tenant()

    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        define(work, field("it", type_, choices=["gold", "silver"] if type_ == "choice" else []))
        with pytest.raises(Invalid) as refused:
            validate(work, "account", {"it": given})

    [fault] = refused.value.faults
    assert (fault.field, fault.rule) == ("custom_fields.it", "TEN-23")
    assert fault.remedy.startswith("Give ")
    assert len(str(refused.value)) < 1000


def test_ten_23_compulsory_and_defaults_of_new_records(world: World, acting: Acting) -> None:
    here = world.distributor()

    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        define(work, field("must", "text", compulsory=True))
        define(work, field("usual", "number", default_value="2.50"))
        define(work, field("sure", "yes_no", compulsory=True, default_value=False))
        assert validate(work, "account", {"must": "x"}) == {"must": "x", "usual": "2.50", "sure": False}
        assert validate(work, "account", {"must": "x", "usual": ""}) == {"must": "x", "sure": False}
        with pytest.raises(Invalid, match="must be filled") as missing:
            validate(work, "account", {})
        with pytest.raises(Invalid) as several:
            validate(work, "account", {"usual": "many", "unheard_of": 1, "must": " "})
        assert validate(work, "contact", {}) == {}

    assert wrong_fields(missing) == {"custom_fields.must"}
    assert wrong_fields(several) == {"custom_fields.must", "custom_fields.usual", "custom_fields.unheard_of"}


def test_ten_23_an_edit_changes_the_given_fields_only(world: World, acting: Acting) -> None:
    here = world.distributor()
    before = {"a": "one", "b": "two", "gone": "kept"}

    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        define(work, field("a", "text"))
        define(work, field("b", "text", compulsory=True))
        define(work, field("late", "text", compulsory=True))
        assert validate(work, "account", {"a": "1"}, before=before) == {"a": "1", "b": "two", "gone": "kept"}
        assert validate(work, "account", {"a": None}, before=before) == {"b": "two", "gone": "kept"}
        with pytest.raises(Invalid, match="must be filled"):
            validate(work, "account", {"b": ""}, before=before)


def test_ten_23_a_definition_that_makes_no_sense_is_refused_field_by_field(world: World, acting: Acting) -> None:
    here = world.distributor()
    definitions = {
        "entity": NewField("planet", "a", "A", "text"),
        "name": field("Ä b", "text"),
        "type": field("a", "colour"),
        "choices": field("a", "choice"),
        "default_value": field("a", "choice", choices=["x"], default_value="y"),
        "label": NewField("account", "a", "x" * 500, "text"),
        "position": field("a", "text", position=-1),
        "compulsory": field("a", "text", compulsory="yes"),
    }

    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        for wrong, definition in definitions.items():
            with pytest.raises(Invalid) as refused:
                define(work, definition)
            assert wrong_fields(refused) == {wrong}
        for choices in (["x", "x"], [" "], [7]):
            with pytest.raises(Invalid, match="choices"):
                define(work, field("a", "choice", choices=choices))
        define(work, field("a", "text"))
        with pytest.raises(Invalid, match="already"):
            define(work, field("a", "number"))


def test_ten_23_a_field_is_edited_but_keeps_its_name_and_type(world: World, acting: Acting) -> None:
    here = world.distributor()

    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        tier = define(work, field("tier", "choice", choices=["gold"], default_value="gold"))
        custom_fields.edit(work, tier, {"label": "Tier", "choices": ["gold", "silver"], "default_value": "silver"})
        [view] = custom_fields.custom_fields(work, "account")
        with pytest.raises(Invalid) as refused:
            custom_fields.edit(work, tier, {"name": "other", "type": "text", "entity": "order"})
        with pytest.raises(Invalid, match="default_value"):
            custom_fields.edit(work, tier, {"choices": ["gold"]})
        custom_fields.edit(work, tier, {"default_value": None})
        assert validate(work, "account", {}) == {}

    assert (view.label, view.choices, view.default_value) == ("Tier", ("gold", "silver"), "silver")
    assert wrong_fields(refused) == {"name", "type", "entity"}


def test_ten_23_fields_belong_to_one_tenant_and_to_who_may_edit_the_setup(
    world: World, person: Person, acting: Acting
) -> None:
    here, there = world.distributor(), world.tenant()
    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        mine = define(work, field("mine", "text"))

    with world.web.work(there.id, acting(there, there.admin_id)) as work:
        assert custom_fields.custom_fields(work) == ()
        attempts: list[Callable[[], object]] = [
            lambda: custom_fields.edit(work, mine, {}),
            lambda: custom_fields.delete(work, mine),
        ]
        for attempt in attempts:
            with pytest.raises(NotFound):
                attempt()
    with world.web.work(here.id, acting(here, person(here, "setup:view accounts:edit").id)) as work:
        assert validate(work, "account", {"mine": "x"}) == {"mine": "x"}
        attempts = [
            lambda: define(work, field("other", "text")),
            lambda: custom_fields.edit(work, mine, {}),
            lambda: custom_fields.delete(work, mine),
        ]
        for attempt in attempts:
            with pytest.raises(Forbidden):
                attempt()
    with world.web.work(here.id, acting(here, here.admin_id)) as work:
        custom_fields.delete(work, mine)
        assert custom_fields.custom_fields(work) == ()
    acts = [line.act for line in world.rows(here, t.audit_line, subject_id=mine)]
    assert acts == ["custom_fields.define", "custom_fields.delete"]
