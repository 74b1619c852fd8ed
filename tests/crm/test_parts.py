"""What belongs to an account: addresses, contacts, activities, history (UP-14, DN-23, TEN-24, TEN-25)."""

import pytest

from tenantry.crm import actions, history, queries
from tenantry.crm.new import NewActivity, NewAddress, NewContact
from tenantry.kernel.problems import Invalid, NotFound, Refused
from tests.crm.stories import act, counted, create, managed, received, sentences, told, view
from tests.world import World


def test_up_14_exactly_one_address_is_the_billing_one(world: World) -> None:
    """The first is; another takes its place; the next in line follows a deleted one."""
    distributor = world.distributor()
    acme = create(world)
    first, second, third = (
        act(world, distributor, actions.add_address, acme, NewAddress(city=city)) for city in ("Ulm", "Bonn", "Jena")
    )

    def billing() -> list[str]:
        return [one.city for one in view(world, distributor, acme).addresses if one.is_billing]

    assert billing() == ["Ulm"]
    act(world, distributor, actions.make_billing, second)
    assert billing() == ["Bonn"]
    act(world, distributor, actions.delete_address, second)
    assert billing() == ["Ulm"]
    act(world, distributor, actions.reorder, acme, [third, first])
    assert [one.city for one in view(world, distributor, acme).addresses] == ["Jena", "Ulm"]
    with pytest.raises(Invalid):
        act(world, distributor, actions.reorder, acme, [third, third])
    assert "Address Ulm became the billing address" in sentences(world, distributor, acme)


def test_up_03_a_change_of_the_billing_address_is_told_and_of_another_is_not(world: World) -> None:
    """From the reseller's tenant to the one above."""
    copy, reseller = received(world)
    billing = world.address(copy, at=reseller, is_billing=True)
    other = world.address(copy, at=reseller, position=1)

    act(world, reseller, actions.edit_address, other.id, {"city": "Ulm"})
    quiet = told(world, reseller)
    act(world, reseller, actions.edit_address, billing.id, {"city": "Bonn"})

    assert (quiet, told(world, reseller)) == ([], [copy.id])


def test_up_14_contacts_are_each_tenants_own(world: World) -> None:
    """Above, the distributor adds, edits and deletes his; only one is the primary."""
    account, _ = managed(world)
    distributor = world.distributor()
    anna, bert = (
        act(world, distributor, actions.add_contact, account.id, NewContact(last_name=name, is_primary=True))
        for name in ("Anna", "Bert")
    )

    act(world, distributor, actions.edit_contact, anna, {"email": "anna@acme.example"}, version=2)

    seen = act(world, distributor, queries.contact, anna)
    assert (seen.is_primary, seen.email, seen.ribbon) == (False, "anna@acme.example", _ribbon())
    assert act(world, distributor, queries.contact, bert).is_primary
    act(world, distributor, actions.delete_contact, anna)
    with pytest.raises(NotFound):
        act(world, distributor, queries.contact, anna)


def test_a_contact_whom_an_order_names_stays(world: World) -> None:
    """One whom none names goes; what was noted about him stays with the account."""
    distributor = world.distributor()
    account = world.account()
    named, other = world.contact(account), world.contact(account, last_name="Huber")
    world.order(account, contact_id=named.id)
    new = NewActivity(kind="email", subject="Hello", about="contact", about_id=other.id)
    mail = act(world, distributor, actions.add_activity, new)

    with pytest.raises(Refused) as refusal:
        act(world, distributor, actions.delete_contact, named.id)
    act(world, distributor, actions.delete_contact, other.id)

    assert refusal.value.rule == "TEN-24"
    seen = act(world, distributor, queries.activity, mail)
    assert (seen.about, seen.about_id, seen.about_name) == ("account", account.id, account.name)


def test_ten_25_activities_relate_to_accounts_contacts_orders_and_subscriptions(world: World) -> None:
    """All are found with the account; each is open until it is done."""
    distributor = world.distributor()
    account = world.account()
    subjects = {
        "account": account.id,
        "contact": world.contact(account).id,
        "order": world.order(account).id,
        "subscription": world.subscription(account, world.product()).id,
    }
    made = {
        about: act(
            world,
            distributor,
            actions.add_activity,
            NewActivity(kind="task", subject="Call", about=about, about_id=id_),
        )
        for about, id_ in subjects.items()
    }

    act(world, distributor, actions.finish, made["order"])
    act(world, distributor, actions.edit_activity, made["contact"], {"subject": "Write", "due_at": "2026-12-01"})

    found = act(world, distributor, queries.activities_about, account.id)
    assert {(one.about, one.status) for one in found} == {
        ("account", "open"), ("contact", "open"), ("order", "done"), ("subscription", "open"),
    }  # fmt: skip
    assert [one.about for one in act(world, distributor, queries.activities_about, subjects["order"])] == ["order"]
    assert sentences(world, distributor, made["order"]) == ["Task was created", "Task is done"]
    assert sentences(world, distributor, subjects["order"]) == ["Task was added"]
    act(world, distributor, actions.reopen, made["order"])
    act(world, distributor, actions.delete_activity, made["order"])
    assert len(act(world, distributor, queries.activities_about, account.id)) == 3


def test_ten_25_nothing_is_related_to_what_is_not_there_or_has_moved_out(world: World) -> None:
    """To an account that is one's own it is."""
    distributor = world.distributor()
    gone, here = world.account(status="moved_out", standing="moved_out"), world.account()

    with pytest.raises(Refused) as refusal:
        act(world, distributor, actions.add_activity, NewActivity(kind="case", subject="x", about_id=gone.id))
    with pytest.raises(NotFound):
        act(world, distributor, actions.add_activity, NewActivity(kind="case", subject="x", about_id=distributor.id))
    with pytest.raises(Invalid) as wrong:
        act(world, distributor, actions.add_activity, NewActivity(kind="fax", subject="", about_id=here.id))
    act(world, distributor, actions.add_activity, NewActivity(kind="case", subject="x", about_id=here.id))

    assert refusal.value.rule == "TEN-26"
    assert [fault.field for fault in wrong.value.faults] == ["kind", "subject"]


def test_ten_24_the_history_is_paged_the_latest_first(world: World) -> None:
    """Every line is on one page, none on two; nonsense for a cursor is refused."""
    distributor = world.distributor()
    acme = create(world)
    for number in range(5):
        act(world, distributor, actions.edit, acme, {"phone": str(number)})

    pages: list[list[str]] = []
    cursor = None
    while not pages or cursor:
        page = act(world, distributor, history.lines, acme, cursor, 2)
        pages.append([line.changes[0].after if line.changes else line.sentence for line in page.lines])
        cursor = page.next

    assert pages == [["4", "3"], ["2", "1"], ["0", "Account was created"]]
    with pytest.raises(Invalid):
        act(world, distributor, history.lines, acme, "yesterday")


def test_an_account_page_takes_the_same_statements_for_little_and_for_much(world: World) -> None:
    """One address or ten, no contact or ten."""
    distributor = world.distributor()
    small, big = world.account(), world.account()
    for _ in range(10):
        world.address(big)
        world.contact(big)

    counts = []
    for account in (small, big):
        with counted(world) as statements:
            view(world, distributor, account.id)
        counts.append(len(statements))

    assert counts[0] == counts[1] <= 5


def _ribbon() -> str:
    return "This account is managed by Helios Cloud Tenant Reseller"
