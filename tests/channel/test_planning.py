"""A plan and its preview: what will happen, said before anything does (HND-01, HND-08)."""

import pytest

from tenantry.channel.handovers import queries
from tenantry.channel.handovers.actions import choosing
from tenantry.kernel.problems import Conflict, Invalid
from tenantry.rules.transfer_accounts import TRANSFER_ACCOUNTS
from tests.channel.stories import again, cancel, codes, confirm, everything, full_account, moved_out, preview, verdicts
from tests.world import World

ITS_OWN = {"handover", "handover_record", "counter", "audit_line"}


def test_hnd_01_a_plan_changes_nothing_but_itself(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller()
    acme, wakes, clashes = (full_account(world, reseller) for _ in range(3))
    world.address(acme)
    world.contact(acme)
    world.order(acme)
    moved_out(world, reseller, wakes.id)
    world.account(reseller, id=clashes.id)
    before = everything(world, home, reseller)

    handover = world.plan(acme, wakes, clashes, to=reseller)
    preview(world, handover)

    after = everything(world, home, reseller)
    assert {table for table in after if after[table] != before[table]} == ITS_OWN
    assert after["counter"] != before["counter"]
    assert [row["next"] for row in after["counter"] if row["name"] == "account"] == [
        row["next"] for row in before["counter"] if row["name"] == "account"
    ]
    assert verdicts(world, handover) == {acme.id: "new", wakes.id: "wake", clashes.id: "clash"}
    assert cancel(world, handover).status == "cancelled"


def test_hnd_01_the_preview_shows_every_field_with_its_rule(world: World) -> None:
    """Record by record, field by field: what is there today, what will be, and by which rule."""
    reseller = world.tenant_reseller()
    acme = full_account(world, reseller)
    address, contact = world.address(acme), world.contact(acme)

    shown = preview(world, world.plan(acme, to=reseller))[acme.id]

    fields = {(part.part, one.field): one for part in shown.parts for one in part.fields if not part.is_above}
    for copy in TRANSFER_ACCOUNTS.copies[:3]:
        for name in copy.shown:
            one = fields[(copy.name, name)]
            assert (one.rule, one.why) == (copy.stanza_of[name].rule, copy.stanza_of[name].why)
    assert (fields["account", "credit_limit"].source, fields["account", "credit_limit"].after) == (500, 0)
    assert fields["account", "number"].verb == "assign"
    assert fields["account", "responsible_user_id"].after_name
    assert {part.id for part in shown.parts if part.part in {"address", "contact"}} == {address.id, contact.id}
    assert {part.part for part in shown.parts} >= {
        "account_history",
        "contact_history",
        "giver_history",
        "account_mark",
    }


def test_hnd_01_what_lapses_below_is_shown_too(world: World) -> None:
    reseller = world.tenant_reseller()
    acme = full_account(world, reseller)
    moved_out(world, reseller, acme.id)
    gone = world.contact(acme, reseller, last_name="Gone")
    old = world.address(acme, reseller, is_billing=True)

    shown = preview(world, world.plan(acme, to=reseller))[acme.id]

    lapses = {
        (part.part, part.id): {one.field: (one.before, one.after, one.rule) for one in part.fields}
        for part in shown.parts
        if part.part.endswith("lapse")
    }
    assert lapses == {
        ("contact_lapse", gone.id): {"standing": ("own", "moved_out", "TEN-09")},
        ("address_lapse", old.id): {"is_billing": (True, False, "DN-23")},
    }


def test_hnd_01_a_preview_comes_in_pages(world: World) -> None:
    home, reseller = world.distributor(), world.tenant_reseller()
    accounts = [world.account(bill_to=reseller) for _ in range(5)]
    held = world.account(bill_to=reseller, status="closed")
    handover = world.plan(*accounts, held, to=reseller)

    with world.web.work(home.id, world.admin(home)) as work:
        first = queries.preview(work, handover.id, limit=4)
        second = queries.preview(work, handover.id, limit=4, cursor=first.next)
        only = queries.preview(work, handover.id, verdict="held")
        one = queries.preview(work, handover.id, record=accounts[2].id)
        for wrong in ({"limit": 0}, {"limit": 1001}, {"verdict": "maybe"}, {"cursor": "here"}):
            with pytest.raises(Invalid):
                queries.preview(work, handover.id, **wrong)

    assert [item.id for item in (*first.items, *second.items)] == [row.id for row in (*accounts, held)]
    assert second.next is None
    assert [item.id for item in only.items] == [held.id]
    assert only.items[0].finding == "closed"
    assert [item.id for item in one.items] == [accounts[2].id]


def test_hnd_08_a_large_plan_is_made_by_a_worker(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until then it has status planning and no digest, and cannot be confirmed."""
    from tenantry.channel.handovers import tasks  # noqa: PLC0415 - the worker's half of it
    from tenantry.jobs import JobContext  # noqa: PLC0415

    home, reseller = world.distributor(), world.tenant_reseller()
    accounts = [world.account(bill_to=reseller) for _ in range(3)]
    monkeypatch.setattr(choosing, "AT_ONCE", 2)
    handover = world.plan(to=reseller)
    assert (handover.status, handover.digest) == ("planning", None)
    with pytest.raises(Conflict) as early:
        confirm(world, handover, digest="0" * 64)
    context = JobContext(world.worker, 1, 1, lambda: False)

    tasks.plan(context, tenant=str(home.id), handover=str(handover.id))
    planned = again(world, handover)
    tasks.plan(context, tenant=str(home.id), handover=str(handover.id))

    assert early.value.code == "planning"
    assert (planned.status, planned.total) == ("planned", 3)
    assert again(world, handover) == planned
    assert world.confirm(planned).counts["copied"] == len(accounts)


def test_hnd_02_the_same_world_gives_the_same_digest_in_whatever_order_it_is_chosen(world: World) -> None:
    reseller = world.tenant_reseller()
    one, two = (full_account(world, reseller) for _ in range(2))

    first, second = world.plan(one, two, to=reseller), world.plan(two, one, to=reseller)

    assert first.digest == second.digest
    assert world.plan(one, to=reseller).digest != first.digest
    assert codes(first) == codes(second)
