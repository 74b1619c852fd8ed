"""The shop's door: who is let in, with what, and how little that opens; and that each language says everything."""

import re
from datetime import timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from starlette.testclient import TestClient
from tests.billing.stories import charged, does, generated
from tests.sales.shopping import fills, mail, shopper, terms_of, with_shop
from tests.web.conftest import Enter
from tests.web.visiting import Visits, read
from tests.world import Row, Tenant, World

from tenantry.billing.actions import NewInvoice, create_invoice
from tenantry.crm.storefront_users import invitations, sessions
from tenantry.docs.source import refusals
from tenantry.kernel import clock
from tenantry.schema import crm, shop
from tenantry.tenancy import sessions as office
from tenantry.web.http.identity import COOKIE as OFFICE
from tenantry.web.storefront.access import COOKIE
from tenantry.web.storefront.speech import Speech, languages, messages
from tenantry.web.words import Words

GOOD = "correct horse battery"


@pytest.fixture
def above(world: World) -> Tenant:
    return with_shop(world)


@pytest.fixture
def ada(world: World, above: Tenant) -> Row:
    return world.contact(world.account(), above, email="ada@acme.example", storefront_user=True)


def invited(world: World, one: Row) -> str:
    above = world.distributor()
    with world.web.work(above.id, world.admin(above)) as work:
        secret = invitations.invite(work, one.id).secret
    invitations.accept(world.web, secret, GOOD)
    return secret


def enters(world: World, one: Row) -> dict[str, str]:
    """Give the header with which a storefront user comes."""
    with world.web.work(one.tenant_id) as work:
        return {"cookie": f"{COOKIE}={sessions.start(work, one.id, one.account_id)}"}


def signs_in(http: TestClient, above: Tenant, email: str = "ada@acme.example", password: str = GOOD) -> int:
    http.cookies.clear()
    answer = http.post(
        f"/shop/{above.code}/sign-in", data={"email": email, "password": password}, follow_redirects=False
    )
    if answer.status_code == 303:
        cookie = answer.headers["set-cookie"].lower()
        assert f"path=/shop/{above.code};" in cookie
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
    http.cookies.clear()
    return int(answer.status_code)


def test_sf_01_a_storefront_user_signs_in_and_nobody_who_is_none(
    world: World, http: TestClient, above: Tenant, ada: Row
) -> None:
    assert signs_in(http, above) == 401
    secret = invited(world, ada)
    with pytest.raises(Exception, match="used already"):
        invitations.accept(world.web, secret, GOOD)

    assert signs_in(http, above) == 303
    assert signs_in(http, above, email="ADA@acme.example") == 303
    assert signs_in(http, above, password="wrong horse battery") == 401
    world.update(above, crm.contact, ada.id, storefront_user=False)
    assert signs_in(http, above) == 401


def test_sf_01_who_is_seen_stays_signed_in_and_who_is_not_is_asked_again(
    world: World, http: TestClient, above: Tenant, ada: Row
) -> None:
    begun, shelf = clock.now(), f"/shop/{above.code}"
    with clock.stopped(begun):
        seen, unseen = enters(world, ada), enters(world, ada)

    def looks(who: dict[str, str]) -> int:
        http.cookies.clear()
        return http.get(shelf, headers=who, follow_redirects=False).status_code

    for later in (timedelta(minutes=2), timedelta(hours=11), timedelta(hours=22)):
        with clock.stopped(begun + later):
            assert looks(seen) == 200
    with clock.stopped(begun + timedelta(hours=22)):
        assert looks(unseen) == 303


def test_sec_03_who_guesses_waits(world: World, http: TestClient, above: Tenant, ada: Row) -> None:
    invited(world, ada)
    with clock.stopped(clock.now()):
        answers = [signs_in(http, above, password=f"guess number {place}") for place in range(6)]

        assert answers == [401] * 5 + [429]
        assert signs_in(http, above) == 429


def test_sf_01_the_shops_cookie_opens_the_shop_and_nothing_else(
    world: World, http: TestClient, above: Tenant, ada: Row
) -> None:
    mine = enters(world, ada)
    assert http.get(f"/shop/{above.code}", headers=mine).status_code == 200
    cookie = mine["cookie"].partition("=")[2]
    for headers in (mine, {"cookie": f"{OFFICE}={cookie}"}, {"authorization": f"Bearer {cookie}"}):
        assert http.get("/api/v1/accounts", headers=headers).status_code == 401
        assert http.get("/accounts", headers=headers, follow_redirects=False).status_code == 303
    with world.web.work(above.id) as work:
        _, session = office.start(work, above.admin_id)
    answer = http.get(f"/shop/{above.code}", headers={"cookie": f"{COOKIE}={session}"}, follow_redirects=False)
    assert answer.headers["location"].startswith(f"/shop/{above.code}/sign-in")


def test_sf_01_a_visit_ends_with_the_right_to_it(world: World, http: TestClient, above: Tenant, ada: Row) -> None:
    for change in ({"storefront_user": False}, {"standing": "moved_out"}):
        mine = enters(world, ada)
        assert http.get(f"/shop/{above.code}", headers=mine).status_code == 200
        world.update(above, crm.contact, ada.id, **change)
        assert http.get(f"/shop/{above.code}", headers=mine, follow_redirects=False).status_code == 303
        world.update(above, crm.contact, ada.id, storefront_user=True, standing="own")


def test_ten_02_one_shops_cookie_is_nothing_in_another(world: World, http: TestClient, ada: Row) -> None:
    other = world.tenant("distributor", edition="premium")

    answer = http.get(f"/shop/{other.code}", headers=enters(world, ada), follow_redirects=False)

    assert answer.headers["location"] == f"/shop/{other.code}/sign-in"


def test_sec_04_a_form_without_the_shops_token_does_nothing(
    world: World, http: TestClient, above: Tenant, ada: Row
) -> None:
    product, mine = mail(world), enters(world, ada)
    item = {"product_id": str(product.id), "cycle": "monthly", "quantity": "2"}
    put = f"/shop/{above.code}/basket/items"

    assert http.post(put, headers=mine, data=item).status_code == 403
    page = http.get(f"/shop/{above.code}/products/{product.id}", headers=mine).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    assert (
        http.post(put, headers=mine, data={**item, "csrf_token": token[1]}, follow_redirects=False).status_code == 303
    )
    assert [one.quantity for one in world.rows(above, shop.basket_item)] == [2]


def test_sf_01_what_another_account_has_is_not_there(world: World, http: TestClient, above: Tenant, ada: Row) -> None:
    other = world.account()
    order = world.order(other, status="executed")
    subscription = world.subscription(other, mail(world))
    mine = enters(world, ada)
    for path in (f"orders/{order.id}", f"subscriptions/{subscription.id}", f"products/{UUID(int=0)}"):
        assert http.get(f"/shop/{above.code}/{path}", headers=mine).status_code == 404
    his = world.order(world.row(above, crm.account, ada.account_id) or Row(), status="executed")
    assert http.get(f"/shop/{above.code}/orders/{his.id}", headers=mine).status_code == 200


def test_sf_02_the_api_fills_a_basket_and_orders_it_once(world: World, above: Tenant, asks: Enter) -> None:
    acme, product, mara = world.account(credit_limit=100), mail(world), asks()
    basket = mara.make("/baskets", account_id=str(acme.id))["id"]
    for bad in (0, -1, 1_000_001):
        item = {"product_id": str(product.id), "cycle": "monthly", "quantity": bad}
        assert mara.ask("POST", f"/baskets/{basket}/items", json=item).status_code == 422
    assert mara.ask("POST", f"/baskets/{basket}/checkout", json={}).status_code == 422
    shown = mara.make(f"/baskets/{basket}/items", product_id=str(product.id), cycle="monthly", quantity=3)
    assert shown["total"] == {"amount": "13.50", "currency": "EUR"}
    line = shown["lines"][0]["id"]
    assert (
        mara.ask("PATCH", f"/baskets/{basket}/items/{line}", json={"quantity": 4}).json()["lines"][0]["quantity"] == 4
    )
    assert mara.ask("POST", f"/baskets/{basket}/checkout", json={"digest": shown["digest"]}).status_code == 409

    first, second = (mara.make(f"/baskets/{basket}/checkout", accepted=[]) for _ in range(2))

    assert first["status"] == "executed"
    assert first["id"] == second["id"]
    assert mara.get(f"/baskets/{basket}")["order"]["id"] == first["id"]
    assert mara.ask("POST", f"/baskets/{basket}/items", json={}).status_code in {409, 422}


def test_sf_01_a_storefront_users_basket_is_read_by_the_back_office_and_left_alone(
    world: World, above: Tenant, asks: Enter
) -> None:
    ada = shopper(world, world.account())
    basket, mara = fills(world, ada, mail(world)), asks()

    assert mara.get(f"/baskets/{basket}")["contact"]["id"] == str(ada.contact_id)
    refused = mara.ask("POST", f"/baskets/{basket}/checkout", json={})
    assert (refused.status_code, refused.json()["rule"]) == (409, "SF-01")


def test_sf_01_a_contact_is_invited_only_where_he_may_come(world: World, asks: Enter, visits: Visits) -> None:
    above, mara = world.distributor(), asks()
    one = world.contact(world.account(), email="a@b.example")
    invite = f"/contacts/{one.id}/shop-invitation"
    page = f"/contacts/{one.id}"
    assert "premium" in mara.ask("POST", invite).json()["detail"]
    assert "edition premium has a shop" in read(visits(), page)
    with_shop(world)
    refused = mara.ask("POST", invite).json()
    assert "not a storefront user" in refused["detail"]
    assert "tick Storefront user" in refused["remedy"]
    assert "tick Storefront user" in read(visits(), page), "its button says so before it is pressed"
    world.update(above, crm.contact, one.id, storefront_user=True)
    assert "tick Storefront user" not in read(visits(), page)
    assert mara.ask("POST", invite).status_code == 201
    assert asks(above, "contacts:view").ask("POST", invite).status_code == 403


def test_dn_30_the_way_to_the_shop_stands_on_accounts_that_a_reseller_buys_for(
    world: World, http: TestClient, above: Tenant
) -> None:
    reseller = world.tenant_reseller()
    fern = world.account(bill_to=reseller, standing="handed_down", managed_by=reseller.id)
    with world.web.work(above.id) as work:
        _, session = office.start(work, above.admin_id)
    mara = {"cookie": f"{OFFICE}={session}"}

    way = http.get(f"/accounts/{fern.id}/shop", headers=mara, follow_redirects=False)

    assert (way.status_code, way.headers["location"]) == (303, f"/shop/{above.code}")
    assert http.get(f"/accounts/{world.account().id}/shop", headers=mara).status_code == 409


@pytest.mark.parametrize("lang", sorted(languages() - {"en"}))
def test_sf_01_every_language_says_the_same(lang: str) -> None:
    usual = messages("en")
    spoken = {key: text for key, text in messages(lang).items() if not key.startswith("problem.")}

    assert spoken.keys() == usual.keys()
    for key, text in usual.items():
        assert isinstance(spoken[key], type(text)), key
        forms = text.values() if isinstance(text, dict) else [text]
        own = spoken[key].values() if isinstance(text, dict) else [spoken[key]]
        assert names(*forms) == names(*own), key


@pytest.mark.parametrize("lang", sorted(languages() - {"en"}))
def test_cat_03_a_shop_says_in_its_language_why_a_code_is_refused(lang: str) -> None:
    """Each condition of a promotion that may be lacking has words of its own."""
    lacking = {one.code for one in refusals() if one.room == "charging" and one.code.startswith("promotion-")}
    assert len(lacking) > 5

    said = {code: messages(lang).get(f"problem.{code}") for code in lacking}

    assert all(said.values()), said
    assert len(set(said.values())) == len(lacking)


@pytest.mark.parametrize(
    ("amount", "currency", "english", "german"),
    [
        ("4.5", "EUR", "€4.50", "4,50 €"),
        ("1500", "JPY", "¥1,500", "1.500 ¥"),
        ("4.125", "KWD", "KWD 4.125", "4,125 KWD"),
        ("-1.5", "KWD", "-KWD 1.500", "-1,500 KWD"),
        ("0.0045", "EUR", "€0.0045", "0,0045 €"),
    ],
)
def test_ten_30_the_shop_writes_money_with_the_places_of_its_currency(
    amount: str, currency: str, english: str, german: str
) -> None:
    for lang, written in (("en", english), ("de", german)):
        speech = Speech(lang, messages(lang), Words(Locale(lang), ZoneInfo("Europe/Berlin")))
        assert speech.money_of(Decimal(amount), currency).replace("\xa0", " ") == written


def names(*texts: str) -> set[str]:
    return {name for text in texts for name in re.findall(r"{(\w+)}", text)}


def asks_for(http: TestClient, above: Tenant, cookie: dict[str, str], path: str, **fields: str) -> tuple[int, str]:
    """Send a form of a subscription's page, with the token that the page has."""
    at = f"/shop/{above.code}/subscriptions"
    page = http.get(f"{at}/{path.partition('/')[0]}", headers=cookie).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    answer = http.post(
        f"{at}/{path}",
        data={"csrf_token": token[1], **fields},
        headers={**cookie, "origin": "http://tenantry.test"},
        follow_redirects=False,
    )
    return answer.status_code, answer.text


def test_sf_02_an_upgrade_in_the_shop_shows_its_charges_and_asks_for_the_terms_of_its_product(
    world: World, http: TestClient, above: Tenant, ada: Row
) -> None:
    """What was shown is not done when the subscription changed meanwhile; what the shop does not offer is refused."""
    small, large, hidden = (
        mail(world),
        mail(world, price="9.00", name="Large"),
        mail(world, name="Secret", in_shop=False),
    )
    for to in (large, hidden):
        world.insert(above, "product_path", product_id=small.id, to_product_id=to.id, kind="upgrade")
    terms_of(world, large)
    account = world.row(above, "account", ada.account_id)
    today = clock.now().date()
    held = world.subscription(
        account,
        small,
        quantity=5,
        unit_price=Decimal("4.50"),
        start_on=today,
        anchor_on=today,
        paid_from=today,
        charged_until=today + timedelta(days=27),
    )
    cookie, here = enters(world, ada), str(held.id)
    wish = {"product_id": str(large.id), "quantity": "2", "when": "now"}

    for typed, says in {"1.5": "This is no number of units.", "0": "There has to be at least one unit."}.items():
        status, page = asks_for(http, above, cookie, f"{here}/reviews/quantity", quantity=typed)
        assert (status, says in page) == (422, True), typed
    status, page = asks_for(http, above, cookie, f"{here}/reviews/upgrade", **wish)
    assert status == 200
    for shown in ("2 × Large", "€31.50", "I have read and accept Terms, 2026.", "Given back:"):
        assert shown in page, shown
    assert world.rows(above, "terms_acceptance", account_id=account.id) == [], "looking does nothing"
    assert len(world.rows(above, "subscription", account_id=account.id)) == 1
    ticked = re.search(r'name="terms" value="([^"]+)"', page)
    assert ticked
    status, page = asks_for(http, above, cookie, f"{here}/upgrade", **wish, version=str(held.version))
    assert status == 422
    assert "has to be accepted" in page
    agreed = {**wish, "terms": ticked[1]}
    assert asks_for(http, above, cookie, f"{here}/upgrade", **agreed, version="99")[0] == 412
    assert asks_for(http, above, cookie, f"{here}/upgrade", **{**agreed, "product_id": str(hidden.id)})[0] == 422
    assert len(world.rows(above, "subscription", account_id=account.id)) == 1

    assert asks_for(http, above, cookie, f"{here}/upgrade", **agreed, version=str(held.version))[0] == 303
    assert sorted(one.quantity for one in world.rows(above, "subscription", account_id=account.id)) == [2, 3]
    (kept,) = world.rows(above, "terms_acceptance", account_id=account.id)
    assert (kept.subscription_id, kept.order_id, kept.actor) == (held.id, None, "Weber")


def test_sub_02_the_owner_withdraws_what_he_planned_and_not_what_his_seller_did(
    world: World, http: TestClient, above: Tenant, ada: Row
) -> None:
    small, large = mail(world, price="9.00"), mail(world, price="4.50", name="Small")
    world.insert(above, "product_path", product_id=small.id, to_product_id=large.id, kind="downgrade")
    today = clock.now().date()
    dates = {"start_on": today, "anchor_on": today, "paid_from": today, "charged_until": today + timedelta(days=27)}
    held = world.subscription(world.row(above, "account", ada.account_id), small, quantity=5, **dates)
    cookie, here = enters(world, ada), str(held.id)
    wish = {"product_id": str(large.id), "quantity": "5", "when": "next_cycle"}

    assert asks_for(http, above, cookie, f"{here}/downgrade", **wish)[0] == 303
    (change,) = world.rows(above, "subscription_change", subscription_id=held.id)
    assert (change.kind, change.status) == ("downgrade", "scheduled")
    price = {"account_id": held.account_id, "number": 9, "kind": "price", "status": "scheduled", "after": {}}
    sellers = world.insert(
        above, "subscription_change", subscription_id=held.id, effective_on=today + timedelta(days=28), **price
    )
    assert asks_for(http, above, cookie, f"{here}/withdrawal", change_id=str(sellers.id))[0] == 404
    assert asks_for(http, above, cookie, f"{here}/withdrawal", change_id=str(change.id))[0] == 303
    found = {one.id: one.status for one in world.rows(above, "subscription_change", subscription_id=held.id)}
    assert found == {change.id: "withdrawn", sellers.id: "scheduled"}


def test_sf_01_a_shopper_reads_the_invoices_that_his_account_pays_and_no_others(
    world: World, http: TestClient, above: Tenant, ada: Row
) -> None:
    acme = world.row(above, crm.account, ada.account_id)
    other = world.account(name="Other")
    charged(world, acme, "12.5")
    charged(world, other, "7")
    mine, others = generated(world, acme)[0], generated(world, other)[0]
    draft = does(world, create_invoice, NewInvoice(acme.id))
    me, root = enters(world, ada), f"/shop/{above.code}/invoices"

    page = http.get(root, headers=me).text

    assert mine.code in page
    assert "12.50" in page
    assert others.code not in page
    paper = http.get(f"{root}/{mine.id}/print-out", headers=me)
    assert (paper.status_code, paper.headers["content-type"]) == (200, "application/pdf")
    for id in (others.id, draft):
        assert http.get(f"{root}/{id}/print-out", headers=me).status_code == 404
