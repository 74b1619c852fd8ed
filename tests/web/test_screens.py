"""What pages offer and refuse is what the API does: one policy behind both."""

from collections.abc import Callable

from tests.web.conftest import Enter, Visitor, colleague
from tests.world import World

from tenantry.tenancy import sessions
from tenantry.web.http.identity import COOKIE

Visits = Callable[..., Visitor]


def shown(somebody: Visitor, path: str) -> str:
    """Read a page."""
    answer = somebody.http.get(path, headers={"cookie": f"{COOKIE}={somebody.cookie}"})
    assert answer.status_code == 200, answer.text
    page: str = answer.text
    return page


def test_ord_01_an_account_without_ordering_offers_no_order(asks: Enter, visits: Visits, world: World) -> None:
    """Its page says why, the API refuses with the same words, and it is not among those that an order can be for."""
    on, off = world.account(name="Acme"), world.account(name="Zeta", ordering_enabled=False)
    me, somebody = asks(), visits()
    why = "Ordering is not enabled for this account."

    assert why not in shown(somebody, f"/accounts/{on.id}")
    assert f"{why} Edit the account and enable ordering." in shown(somebody, f"/accounts/{off.id}"), "the way out, too"
    assert me.get(f"/accounts/{off.id}")["actions"]["create_order"]["rule"] == "ORD-01"
    assert me.ask("POST", "/orders", json={"account_id": str(on.id)}).status_code == 201
    refused = me.ask("POST", "/orders", json={"account_id": str(off.id)})
    assert (refused.status_code, refused.json()["detail"]) == (409, why)
    choose = shown(somebody, "/orders/new")
    assert "Acme" in choose
    assert "Zeta" not in choose


def test_api_04_whom_an_order_is_for_is_chosen_from_the_accounts_with_who_manages_them(
    visits: Visits, world: World
) -> None:
    """All columns can be shown there."""
    reseller = world.tenant_reseller(name="Kappa")
    world.account(bill_to=reseller, managed_by=reseller.id, standing="handed_down", name="Acme")

    page = shown(visits(), "/orders/new?columns=managed_by_name")

    assert "Managed by" in page
    assert "Kappa" in page


def test_ten_26_a_closed_account_takes_no_activities(asks: Enter, visits: Visits, world: World) -> None:
    """Neither do its contacts, orders and subscriptions; what is noted already stays as it is."""
    open_, closed = world.account(), world.account()
    me, somebody = asks(), visits()
    why = "The account is closed, so it is only read."
    pages = {}
    for account in (open_, closed):
        new = {"kind": "task", "subject": "Call", "about": "account", "about_id": str(account.id)}
        task = me.make("/activities", **new)["id"]
        order, subscription = world.order(account).id, world.subscription(account, world.product()).id
        pages[account.id] = {
            f"/accounts/{account.id}": "add_activity",
            f"/accounts/{account.id}/activities": "tab-add_activity",
            f"/contacts/{world.contact(account).id}": "add_activity",
            f"/orders/{order}": "add_activity",
            f"/subscriptions/{subscription}": "add_activity",
            f"/activities/{task}": "finish",
        }
    world.update(world.distributor(), "account", closed.id, status="closed")

    for account, is_refused in ((open_, False), (closed, True)):
        for path, button in pages[account.id].items():
            page = shown(somebody, path)
            assert (f'id="why-{button}"' in page) == is_refused, path
            assert (why in page) == is_refused, path
        new = {"kind": "task", "subject": "Call", "about": "account", "about_id": str(account.id)}
        answer = me.ask("POST", "/activities", json=new)
        assert answer.status_code == (409 if is_refused else 201)
        assert (answer.json().get("rule") == "TEN-26") == is_refused


def test_ten_26_what_is_drafted_for_a_closed_account_is_only_read_until_it_is_reactivated(
    asks: Enter, visits: Visits, world: World
) -> None:
    """Drafts can still be thrown away."""
    account, product = world.account(), world.product()
    world.insert(
        world.distributor(), "product_price", product_id=product.id, cycle="monthly", currency="EUR", unit_price=7
    )
    me, somebody = asks(), visits()
    line = {"product_id": str(product.id), "cycle": "monthly", "quantity": 1}
    order = me.make("/orders", account_id=str(account.id), items=[line])["id"]
    offer = me.make("/offers", account_id=str(account.id), name="Offer", items=[line])["id"]
    deal = me.make("/opportunities", account_id=str(account.id), name="Deal")["id"]
    changes = {
        f"/orders/{order}": {"campaign": "Spring"},
        f"/offers/{offer}": {"name": "Better"},
        f"/opportunities/{deal}": {"name": "Big"},
    }
    why = "The account is closed, so it is only read."

    for status, answer in (("closed", 409), ("active", 200)):
        world.update(world.distributor(), "account", account.id, status=status)
        for path, change in changes.items():
            assert me.ask("PATCH", path, json=change).status_code == answer, (status, path)
            assert (why in shown(somebody, path)) == (status == "closed"), (status, path)
        for path in (f"/orders/{order}/items", f"/offers/{offer}/items"):
            added = me.ask("POST", path, json=line)
            assert added.status_code == (409 if status == "closed" else 201), (status, path, added.text)
            assert (added.json().get("rule") == "TEN-26") == (status == "closed")
    world.update(world.distributor(), "account", account.id, status="closed")
    assert me.ask("PUT", f"/orders/{order}/submission").json()["rule"] == "TEN-26"
    assert me.ask("DELETE", f"/orders/{order}").status_code == 204


def test_ten_04_a_received_account_becomes_no_tenant_reseller_before_its_seller_is_live(
    visits: Visits, world: World
) -> None:
    """Neither the list to choose from nor the form offers what would be refused."""
    for state in ("set_up", "live"):
        reseller = world.tenant_reseller(state=state)
        acme = world.account(reseller, standing="received", reselling_enabled=True)
        somebody, here = visits(reseller), f"/tenant-resellers/new?account={acme.id}"

        assert (here in shown(somebody, "/tenant-resellers/new")) == (state == "live")
        assert ("(TEN-04)" in shown(somebody, here)) == (state == "set_up")


def test_ten_04_the_admin_user_is_asked_for_apart_from_how_the_tenant_works(visits: Visits, world: World) -> None:
    account = world.account(reselling_enabled=True)

    page = shown(visits(), f"/tenant-resellers/new?account={account.id}")

    works, _, admin = page.partition("The first and only user")
    assert 'name="credit_checked"' in works
    assert ('name="credit_checked"' in admin, 'name="admin_name"' in admin) == (False, True)


def test_hnd_01_a_plan_is_searched_and_its_results_are_filtered_by_those_that_stayed(
    visits: Visits, world: World
) -> None:
    """The search keeps the verdict that was chosen, and pages say when something is kept from a person."""
    home, reseller = world.distributor(), world.tenant_reseller()
    accounts = [world.account(bill_to=reseller, name=name) for name in ("Acme", "Zeta")]
    shut = world.account(bill_to=reseller, name="Acorn", status="closed")
    for account in (*accounts, shut):
        world.address(account)
    plan = world.plan(*accounts, shut, to=reseller)
    somebody, here = visits(), f"/handovers/{plan.id}"

    def names(path: str) -> set[str]:
        said = groups(shown(somebody, path))
        return {name for name in ("Acme", "Zeta", "Acorn") if f">{name}<" in said}

    assert names(here) == {"Acme", "Zeta", "Acorn"}
    assert names(f"{here}?q=ac") == {"Acme", "Acorn"}
    assert names(f"{here}?q=ac&verdict=new") == {"Acme"}
    assert '<input type="hidden" name="verdict" value="new">' in shown(somebody, f"{here}?verdict=new")
    world.confirm(plan)
    assert names(f"{here}?outcome=stayed") == {"Acorn"}
    assert names(f"{here}?q=ac") == {"Acme", "Acorn"}
    assert names(f"{here}/preview?q=zeta") == {"Zeta"}
    assert shown(somebody, f"{here}/results.csv?outcome=stayed").count("\n") == 2
    assert "not shown" not in shown(somebody, here)
    secret = world.insert(home, "permission_rule", name="Secret").id
    world.update(home, "account", accounts[0].id, permission_rule_id=secret)
    with world.web.work(home.id) as work:
        session_id, cookie = sessions.start(work, colleague(world, home, ("handover:view",)))
    looks = Visitor(somebody.http, cookie, session_id)
    assert "1 account is not shown" in shown(looks, here)
    assert ">Acme<" not in shown(looks, here)
    assert "1 account is not shown" in shown(looks, f"{here}/preview")


def test_ten_05_what_is_left_to_transfer_is_what_can_be_chosen(asks: Enter, visits: Visits, world: World) -> None:
    """Page, list to choose from and API say the same of those that can go, and of those that cannot."""
    reseller, rival = world.tenant_reseller(name="Kappa"), world.tenant_reseller(name="Lambda")
    can_go = [world.account(bill_to=reseller, status=status) for status in ("active", "suspended")]
    world.account(bill_to=reseller, status="closed")
    world.account(parent_id=reseller.account_id)
    world.account(bill_to=reseller, status="deleted")
    world.transfer_accounts(world.account(bill_to=reseller), to=reseller)
    world.account(bill_to=rival)
    somebody, here = visits(), f"/tenant-resellers/{reseller.account_id}"

    one = asks().get(here)
    assert (one["accounts_copied"], one["accounts_not_copied"], one["accounts_held_back"]) == (1, len(can_go), 2)
    stat = shown(somebody, here).split("Left to transfer")[1].split("</li>")[0]
    assert "2 more cannot go" in stat
    choose = shown(somebody, f"{here}/transfer-accounts")
    assert "2 can go, 2 cannot" in choose
    assert "Take all 2" in choose


def test_hnd_01_warnings_are_counted_by_kind_with_the_accounts_they_are_of(visits: Visits, world: World) -> None:
    reseller = world.tenant_reseller()
    accounts = [world.account(bill_to=reseller, currency="USD") for _ in range(2)]
    for account in accounts:
        world.address(account)
    plan = world.plan(*accounts, to=reseller)
    somebody, here = visits(), f"/handovers/{plan.id}"

    said = shown(somebody, here).split("Kinds of warning")[1][:300]
    assert "for 2 accounts" in said
    world.confirm(plan)
    assert "1 kind of warning accepted" in shown(somebody, here)


def test_ten_06_a_step_on_the_way_to_trading_is_not_done_while_nothing_of_it_is(visits: Visits, world: World) -> None:
    """Neither is one that is half done."""
    reseller = world.tenant_reseller(state="live")
    somebody, here = visits(), f"/tenant-resellers/{reseller.account_id}"

    def step() -> str:
        moments = shown(somebody, here).split("<li")
        return next(one for one in moments if "Subscriptions transferred" in one and "moment-title" in one)

    assert 'class="moment-todo' in step()
    assert "no subscriptions yet" in step()
    acme = world.account(bill_to=reseller)
    world.subscription(acme, world.product())
    assert 'class="moment-todo' in step()
    assert "0 of 1" in step()


def groups(page: str) -> str:
    """Give the part of a page that has the accounts."""
    for mark in ('id="preview-groups"', 'id="results-results"'):
        if mark in page:
            return page[page.index(mark) :]
    return ""
