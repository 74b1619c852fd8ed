"""An account's status, and what becomes of a deleted one (TEN-26)."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

import pytest

from tenantry.crm import actions
from tenantry.crm.lists import ACCOUNTS, ADDRESSES, CONTACTS
from tenantry.crm.new import NewActivity, NewAddress, NewContact
from tenantry.kernel.problems import Invalid, NotFound, Refused
from tenantry.schema import crm
from tenantry.tenancy.listing import ListRequest
from tests.crm.stories import act, create, received, sentences, told, view
from tests.world import Row, World


def test_ten_26_suspend_reactivate_close_and_back(world: World) -> None:
    """Each leaves its line with the reason, and only from where it makes sense."""
    distributor = world.distributor()
    acme = create(world)

    act(world, distributor, actions.suspend, acme, because="unpaid")
    with pytest.raises(Refused) as refusal:
        act(world, distributor, actions.suspend, acme)
    act(world, distributor, actions.reactivate, acme)
    act(world, distributor, actions.close, acme)

    assert refusal.value.rule == "TEN-26"
    assert view(world, distributor, acme).status == "closed"
    assert sentences(world, distributor, acme)[1:] == [
        "Account was suspended: unpaid",
        "Account was reactivated",
        "Account was closed",
    ]


def test_ten_26_a_reason_is_a_short_text(world: World) -> None:
    """Five megabytes are answered, not kept."""
    distributor = world.distributor()
    acme = create(world)

    with pytest.raises(Invalid) as wrong:
        act(world, distributor, actions.suspend, acme, because="x" * 5_000_000)

    assert wrong.value.faults[0].field == "because"
    assert view(world, distributor, acme).status == "active"


@pytest.mark.parametrize("status", ["closed", "moved_out", "transferred_out", "deleted"])
def test_ten_26_the_last_four_are_read_only(world: World, status: str) -> None:
    """Nothing of the account or of what belongs to it is changed; an active one takes all of it."""
    distributor = world.distributor()
    standing = status if status in {"moved_out", "transferred_out"} else "own"
    ended = world.account(status=status, standing=standing)
    active = world.account()

    for account, is_open in ((ended, False), (active, True)):
        address = world.address(account)
        person = world.contact(account)
        attempts: tuple[Callable[[], object], ...] = (
            partial(act, world, distributor, actions.edit, account.id, {"phone": "1"}),
            partial(act, world, distributor, actions.add_address, account.id, NewAddress(city="Ulm")),
            partial(act, world, distributor, actions.add_contact, account.id, NewContact(last_name="Weber")),
            partial(act, world, distributor, actions.edit_address, address.id, {"city": "Ulm"}),
            partial(act, world, distributor, actions.edit_contact, person.id, {"phone": "1"}),
            partial(act, world, distributor, actions.set_bill_to, account.id, None),
            *_noting(world, account),
        )
        for attempt in attempts:
            if is_open:
                attempt()
            else:
                with pytest.raises(Refused) as refusal:
                    attempt()
                assert refusal.value.rule == "TEN-26"


def _noting(world: World, account: Row) -> list[Callable[[], object]]:
    """Give what may be tried with activities of the account and of what belongs to it."""
    distributor = world.distributor()
    access = {"responsible_user_id": distributor.admin_id, "permission_rule_id": distributor.rule_id}
    noted = {"kind": "task", "subject": "Call", "account_id": account.id, "about_id": account.id}
    task = world.insert(distributor, crm.activity, **noted, **access)
    belongings = {
        "account": account,
        "contact": world.contact(account),
        "order": world.order(account),
        "subscription": world.subscription(account, world.product()),
    }

    def note(about: str, id_: UUID) -> UUID:
        new = NewActivity(kind="task", subject="Call", about=about, about_id=id_)
        return act(world, distributor, actions.add_activity, new)

    return [
        *(partial(note, about, one.id) for about, one in belongings.items()),
        *(partial(act, world, distributor, verb, task.id) for verb in (actions.finish, actions.delete_activity)),
    ]


def test_ten_26_deleting_needs_all_subscriptions_ended(world: World) -> None:
    """A running one refuses; an ended one keeps the account to be read."""
    distributor, product = world.distributor(), world.product()
    running, ended = world.account(), world.account()
    world.subscription(running, product, status="suspended")
    world.subscription(ended, product, status="cancelled")

    with pytest.raises(Refused) as refusal:
        act(world, distributor, actions.delete, running.id)

    assert refusal.value.rule == "TEN-26"
    assert act(world, distributor, actions.delete, ended.id) == "deleted"


def test_ten_26_a_deleted_account_is_gone_from_lists_and_searches_and_still_reachable(world: World) -> None:
    """What belongs to it is gone from lists too; its page opens from its order."""
    distributor = world.distributor()
    gone, kept = world.account(name="Zephyr Gone"), world.account(name="Zephyr Kept")
    for account in (gone, kept):
        world.address(account, city=account.name)
        world.contact(account, last_name=account.name)
    world.order(gone)

    act(world, distributor, actions.delete, gone.id)

    for search in ("", "zephyr", "z"):
        page = act(world, distributor, ACCOUNTS.page, ListRequest(search=search))
        assert [row["name"] for row in page.items] == ["Zephyr Kept"]
    assert [row["last_name"] for row in act(world, distributor, CONTACTS.page).items] == ["Zephyr Kept"]
    assert [row["city"] for row in act(world, distributor, ADDRESSES.page).items] == ["Zephyr Kept"]
    seen = view(world, distributor, gone.id)
    assert (seen.status, seen.actions["edit"].rule) == ("deleted", "TEN-26")
    assert sentences(world, distributor, gone.id) == ["Account was deleted"]


def test_ten_26_an_account_without_documents_is_removed_with_all_it_has(world: World) -> None:
    """Its history stays; nothing else does."""
    distributor = world.distributor()
    acme = create(world, addresses=(NewAddress(city="Berlin"),), contacts=(NewContact(last_name="Weber"),))
    act(world, distributor, actions.add_activity, NewActivity(kind="task", subject="Call", about_id=acme))

    assert act(world, distributor, actions.delete, acme) == "removed"

    with pytest.raises(NotFound):
        view(world, distributor, acme)
    for table in (crm.address, crm.contact, crm.activity):
        assert world.rows(distributor, table) == []
    assert sentences(world, distributor, acme)[-1] == "Account was deleted"


def test_ten_07_an_account_with_customers_or_a_tenant_is_not_deleted(world: World) -> None:
    """Nothing is orphaned; without them it is deleted."""
    distributor = world.distributor()
    lite, with_tenant = world.account(reselling_enabled=True), world.tenant_reseller()
    customer = world.account(bill_to=lite)

    for id_ in (lite.id, with_tenant.account_id):
        with pytest.raises(Refused) as refusal:
            act(world, distributor, actions.delete, id_)
        assert refusal.value.rule == "TEN-07"
    act(world, distributor, actions.set_bill_to, customer.id, None)

    assert act(world, distributor, actions.delete, lite.id) == "removed"


def test_up_21_a_status_change_below_is_told_above(world: World) -> None:
    """In the transaction of the change."""
    copy, reseller = received(world)

    act(world, reseller, actions.suspend, copy.id)

    assert told(world, reseller) == [copy.id]
