"""The digest covers exactly what the preview shows (HND-02): every shown value, of both sides, and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.rules import plan
from tenantry.rules.copy import Copy
from tenantry.rules.transfer_accounts import TRANSFER_ACCOUNTS
from tenantry.schema import catalog, crm, sales, tenant as t
from tests.channel.stories import full_account, moved_out, resold_product
from tests.world import Row, Tenant, World

COPIES = {copy.name: copy for copy in TRANSFER_ACCOUNTS.copies if copy.hashed}
CARRIED = [
    (copy.name, name)
    for copy in COPIES.values()
    for name in copy.shown
    if copy.stanza_of[name].verb in {"carry", "mirror"}
]

HASHES = plan.hashes(TRANSFER_ACCOUNTS, plan.page)


class Scene:
    """A waking account with everything, and one like it that does not wake; its hashes under the hands of a change."""

    def __init__(self, world: World) -> None:
        self.world, self.home, self.reseller = world, world.distributor(), world.tenant_reseller()
        system = world.insert(self.home, catalog.provisioning_system, name="Cloud")
        self.product = resold_product(world, self.reseller, provisioning_system_id=system.id)
        self.acme, self.other = full_account(world, self.reseller), world.account(bill_to=self.reseller)
        self.rows: dict[str, Row] = {"account": self.acme}
        self.rows["address"] = world.address(self.acme, position=1)
        self.second = world.address(self.acme, position=2, is_billing=True)
        self.rows["contact"] = world.contact(self.acme)
        tie = {"account_id": self.acme.id, "system_id": system.id}
        self.rows["sync_option"] = world.insert(self.home, catalog.sync_option, **tie)
        self.order = world.order(self.acme)
        below = self.reseller
        moved_out(world, below, self.acme.id)
        world.address(self.acme, below, id=self.rows["address"].id)
        world.contact(self.acme, below, id=self.rows["contact"].id, standing="moved_out")
        world.insert(below, catalog.sync_option, id=self.rows["sync_option"].id, **tie)
        self.gone = world.contact(self.acme, below)
        self.strangers = world.account(below)

    @contextmanager
    def changing(self) -> Iterator[Work]:
        """Let the giver's and the taker's rows be changed for a moment."""
        with self.world.worker.channel(self.home.id, [self.home.id, self.reseller.id]) as work:
            yield work
            work.connection.rollback()

    def hash(self, work: Work, *accounts: Row) -> dict[UUID, int]:
        words = {
            "giver": self.home.id,
            "taker": self.reseller.id,
            "reseller": self.reseller.account_id,
            "handover": new_id(),
            "page": [one.id for one in accounts or (self.acme,)],
            "after": UUID(int=0),
            "upto": UUID(int=2**128 - 1),
        }
        return {row.id: row.hash for row in work.connection.execute(HASHES, words)}


@pytest.fixture
def scene(world: World) -> Scene:
    return Scene(world)


def change(work: Work, table: sa.Table, at: Tenant, id_: UUID, **values: Any) -> None:
    key = [table.c.id == id_, *([table.c.tenant_id == at.id] if "tenant_id" in table.c else [])]
    assert work.connection.execute(sa.update(table).values(values).where(*key)).rowcount == 1


def other_value(scene: Scene, column: sa.Column[Any], now: Any) -> Any:
    """Give another value that the column may hold."""
    if column.name == "account_id":
        return scene.other.id
    if column.name == "system_id":
        return scene.world.insert(scene.home, catalog.provisioning_system, name="Another").id
    if isinstance(now, bool | dict):
        return {"another": 1} if isinstance(now, dict) else not now
    if isinstance(now, int | Decimal):
        return now + 1
    if "values" in column.info:
        return next(value for value in column.info["values"] if value != now)
    return {"country": "IT", "currency": "GBP"}.get(column.name, f"{now} other")


def test_hnd_02_every_carried_field_of_every_row_of_the_giver_is_in_the_hash(scene: Scene) -> None:
    for name, column in CARRIED:
        table, row = COPIES[name].into, scene.rows[name]
        with_other = other_value(scene, table.c[column], getattr(row, column))
        if (name, column) == ("sync_option", "system_id"):
            scene.world.update(scene.home, catalog.product, scene.product.id, active=True)
        with scene.changing() as work:
            before = scene.hash(work, scene.acme, scene.other)
            change(work, table, scene.home, row.id, **{column: with_other})
            after = scene.hash(work, scene.acme, scene.other)
            assert before[scene.acme.id] != after[scene.acme.id], f"{name}.{column}"
            if column != "account_id":
                assert before[scene.other.id] == after[scene.other.id], f"{name}.{column}"


@pytest.mark.parametrize("name", COPIES)
def test_hnd_02_every_shown_field_of_every_row_that_the_taker_has_is_in_the_hash(scene: Scene, name: str) -> None:
    copy: Copy = COPIES[name]
    references = {key.column_keys[1] for key in copy.into.foreign_key_constraints if len(key.column_keys) == 2}
    row = scene.world.row(scene.reseller, copy.into, scene.rows[name].id)
    assert row
    for column in copy.shown:
        if column in references - {"bill_to_id"} or column == "managed_by":
            continue
        value = (
            scene.strangers.id
            if column == "bill_to_id"
            else other_value(scene, copy.into.c[column], getattr(row, column))
        )
        if column == "standing" and name == "account":
            value = "transferred_out"
        with scene.changing() as work:
            before = scene.hash(work)
            change(work, copy.into, scene.reseller, row.id, **{column: value})
            assert scene.hash(work) != before, f"{name}.{column}"


def test_hnd_02_what_fills_read_is_in_the_hash(scene: Scene) -> None:
    """The reseller's own account, his tenant, his payment methods and currencies, what he resells."""
    home, below, world = scene.home, scene.reseller, scene.world
    mine = Row(id=below.account_id).id
    (method,) = world.rows(below, catalog.payment_method)
    user, rule = (world.insert(below, name, name="Other") for name in ("tenant_user", "permission_rule"))
    changes: list[tuple[sa.Table, Tenant, UUID, dict[str, Any]]] = [
        *((crm.account, home, mine, {name: True}) for name in ("prorate_billing", "auto_invoice_notification")),
        (crm.account, home, mine, {"taxation": False}),
        (crm.account, home, mine, {"partial_charges_invoicing": "next_billing_day"}),
        (t.tenant, below, below.id, {"billing_day": 9}),
        (t.tenant, below, below.id, {"default_currency": "GBP"}),
        (t.tenant, below, below.id, {"admin_user_id": user.id}),
        (t.tenant, below, below.id, {"common_rule_id": rule.id}),
        (catalog.product, below, scene.product.id, {"standing": "withdrawn"}),
        (crm.address, home, scene.second.id, {"position": 0}),
        (crm.contact, home, scene.rows["contact"].id, {"standing": "moved_out"}),
    ]
    for table, at, id_, values in changes:
        with scene.changing() as work:
            before = scene.hash(work)
            change(work, table, at, id_, **values)
            assert scene.hash(work) != before, f"{table.name}: {values}"
    with scene.changing() as work:
        before = scene.hash(work)
        work.connection.execute(sa.delete(catalog.payment_method).where(catalog.payment_method.c.id == method.id))
        assert scene.hash(work) != before


def test_hnd_02_where_the_account_lives_is_in_the_hash_without_an_address_too(scene: Scene) -> None:
    for values in ({"country": "IT"}, {"state": "GR-M"}):
        with scene.changing() as work:
            both = scene.acme, scene.other
            before = scene.hash(work, *both)
            change(work, crm.account, scene.home, Row(id=scene.reseller.account_id).id, **values)
            after = scene.hash(work, *both)
            assert before[scene.acme.id] == after[scene.acme.id], "it has an address"
            assert before[scene.other.id] != after[scene.other.id]


def test_hnd_02_marks_and_lapses_are_in_the_hash(scene: Scene) -> None:
    home, below = scene.home, scene.reseller
    first, second = scene.rows["address"], scene.second
    changes: list[tuple[sa.Table, Tenant, UUID, dict[str, Any]]] = [
        (sales.order, home, scene.order.id, {"standing": "frozen"}),
        (crm.address, home, second.id, {"is_billing": False}),
        (crm.address, home, first.id, {"standing": "mirrored"}),
        (crm.account, home, scene.acme.id, {"standing": "moved_out"}),
        (crm.contact, below, scene.gone.id, {"standing": "moved_out"}),
        (crm.contact, below, scene.gone.id, {"account_id": scene.strangers.id}),
    ]
    for table, at, id_, values in changes:
        with scene.changing() as work:
            before = scene.hash(work)
            change(work, table, at, id_, **values)
            assert scene.hash(work) != before, f"{table.name}: {values}"


def test_hnd_02_version_age_and_number_are_not_in_the_hash(scene: Scene) -> None:
    for name, row in scene.rows.items():
        table = COPIES[name].into
        for at in (scene.home, scene.reseller):
            for values in ({"version": 99}, {"created_at": "2001-01-01T00:00Z"}, {"number": 99_999_999}):
                if not set(values) <= set(table.c.keys()):
                    continue
                with scene.changing() as work:
                    before = scene.hash(work)
                    change(work, table, at, row.id, **values)
                    assert scene.hash(work) == before, f"{name}: {values}"


def test_hnd_02_equal_rows_of_one_account_do_not_cancel_out(scene: Scene) -> None:
    """Two contacts alike, above and asleep below, changed alike: a xor without their ids would not see it."""
    world, home, below = scene.world, scene.home, scene.reseller
    twins = [world.contact(scene.acme, last_name="Twin") for _ in range(2)]
    for twin in twins:
        world.contact(scene.acme, below, id=twin.id, last_name="Twin", standing="moved_out")
    for at in (home, below):
        with scene.changing() as work:
            before = scene.hash(work)
            for twin in twins:
                change(work, crm.contact, at, twin.id, phone="1")
            assert scene.hash(work) != before, at.name


def test_hnd_02_a_sleeper_that_is_just_like_the_givers_does_not_hide_a_change(scene: Scene) -> None:
    """What the giver has and what the taker has today are two values, also when they are equal."""
    world, home, below = scene.world, scene.home, scene.reseller
    with scene.changing() as work:
        hashes = []
        for phone in ("1", "2"):
            for at in (home, below):
                change(work, crm.contact, at, scene.rows["contact"].id, last_name="Same", phone=phone, standing="own")
                access = {"responsible_user_id": at.admin_id, "permission_rule_id": at.rule_id}
                change(work, crm.contact, at, scene.rows["contact"].id, **access)
            hashes.append(scene.hash(work))
    assert hashes[0] != hashes[1]
    assert world
