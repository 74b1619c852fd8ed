"""Who may see, edit and own a record (TEN-20, TEN-21): unreadable is not found, everywhere alike."""

import pytest

from tenantry.crm import actions, queries
from tenantry.crm.likeness import likeness
from tenantry.crm.lists import ACCOUNTS, ACTIVITIES, ADDRESSES, CONTACTS
from tenantry.crm.new import NewAccount, NewActivity
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Forbidden, Invalid, NotFound
from tenantry.tenancy.listing import ListRequest
from tests.crm.stories import act, person, rule, view
from tests.world import World


def test_ten_21_an_account_of_another_rule_is_not_found(world: World) -> None:
    """By page, list, search, likeness and every act; exactly like an id that nobody has."""
    distributor = world.distributor()
    hidden = world.account(name="Hidden Acme", email="h@acme.example", permission_rule_id=rule(world, distributor))
    seen = world.account(name="Seen Acme", email="h@acme.example")
    for account in (hidden, seen):
        world.address(account)
        world.contact(account, permission_rule_id=account.permission_rule_id)
        task = NewActivity(
            kind="task", subject="Call", about_id=account.id, permission_rule_id=account.permission_rule_id
        )
        act(world, distributor, actions.add_activity, task)
    anna = person(world, distributor, readable=[seen.permission_rule_id], editable=[seen.permission_rule_id])

    for id_ in (hidden.id, new_id()):
        for attempt in (
            lambda id_=id_: view(world, distributor, id_, by=anna),
            lambda id_=id_: act(world, distributor, actions.edit, id_, {"phone": "1"}, by=anna),
            lambda id_=id_: act(world, distributor, actions.suspend, id_, by=anna),
        ):
            with pytest.raises(NotFound) as missing:
                attempt()
            assert missing.value.message == "There is no such account here."
    assert view(world, distributor, seen.id, by=anna).name == "Seen Acme"
    for listing in (ACCOUNTS, ADDRESSES, CONTACTS, ACTIVITIES):
        assert len(act(world, distributor, listing.page, by=anna).items) == 1
        assert len(act(world, distributor, listing.page).items) == 2
    found = act(world, distributor, ACCOUNTS.page, ListRequest(search="acme"), by=anna)
    assert [row["name"] for row in found.items] == ["Seen Acme"]
    warned = act(world, distributor, likeness, NewAccount(name="x", email="h@acme.example"), by=anna)
    assert [one.account_name for one in warned] == ["Seen Acme"]


def test_ten_21_who_may_read_may_not_edit_and_who_may_edit_may_not_delete(world: World) -> None:
    """Read, edit and full access, each on one account."""
    distributor = world.distributor()
    acme = world.account()
    reach = [acme.permission_rule_id]
    reader = person(world, distributor, readable=reach)
    editor = person(world, distributor, readable=reach, editable=reach)
    owner = person(world, distributor, readable=reach, editable=reach, owned=reach)
    other = rule(world, distributor)

    assert view(world, distributor, acme.id, by=reader).id == acme.id
    with pytest.raises(Forbidden):
        act(world, distributor, actions.edit, acme.id, {"phone": "1"}, by=reader)
    act(world, distributor, actions.edit, acme.id, {"phone": "1"}, by=editor)
    for attempt in (
        lambda: act(world, distributor, actions.delete, acme.id, by=editor),
        lambda: act(world, distributor, actions.edit, acme.id, {"permission_rule_id": other}, by=editor),
    ):
        with pytest.raises(Forbidden) as forbidden:
            attempt()
        assert forbidden.value.rule == "TEN-21"
    assert act(world, distributor, actions.delete, acme.id, by=owner) == "removed"


def test_ten_20_every_act_and_every_look_needs_its_permission(world: World) -> None:
    """The same rule opens the records; the words decide what may be done."""
    distributor = world.distributor()
    acme = world.account()
    contact, address = world.contact(acme), world.address(acme)
    reach = {reach: [acme.permission_rule_id] for reach in ("readable", "editable", "owned")}
    nobody = person(world, distributor, "orders:view", **reach)
    viewer = person(world, distributor, "accounts:view", **reach)

    for verb, *words in (
        (queries.account, acme.id),
        (queries.address, address.id),
        (queries.contact, contact.id),
        (ACCOUNTS.page,),
        (CONTACTS.page,),
        (ACTIVITIES.page,),
        (actions.create, NewAccount(name="x")),
        (actions.edit, acme.id, {"phone": "1"}),
        (actions.suspend, acme.id),
        (actions.delete, acme.id),
        (actions.delete_contact, contact.id),
        (actions.make_billing, address.id),
    ):
        with pytest.raises(Forbidden) as forbidden:
            act(world, distributor, verb, *words, by=nobody)
        assert forbidden.value.rule == "TEN-20"
    assert view(world, distributor, acme.id, by=viewer).contacts == ()
    assert [one.last_name for one in view(world, distributor, acme.id).contacts] == ["Weber"]


def test_ten_21_a_hidden_reseller_cannot_be_chosen(world: World) -> None:
    """One may not find out by trying that it is there."""
    distributor = world.distributor()
    hidden = world.account(reselling_enabled=True, permission_rule_id=rule(world, distributor))
    acme = world.account()
    anna = person(world, distributor, readable=[acme.permission_rule_id], editable=[acme.permission_rule_id])

    with pytest.raises(Invalid) as wrong:
        act(world, distributor, actions.set_bill_to, acme.id, hidden.id, by=anna)
    act(world, distributor, actions.set_bill_to, acme.id, hidden.id)

    assert wrong.value.faults[0].message == "There is no such account."
