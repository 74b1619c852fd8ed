"""The print-out: a document with letterhead, lines and totals, in whatever script (ORD-02, BO-22)."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader
from tests.sales.stories import create, marked, priced
from tests.web.conftest import Enter
from tests.world import Row, World

from tenantry.sales.actions import NewItem
from tenantry.schema import catalog
from tenantry.schema.tenant import tenant
from tenantry.web.papers.orders import print_out

COMPANY = {
    "name": "Meridian Distribution GmbH",
    "street": "Speicherstraße 14",
    "postcode": "20457",
    "city": "Hamburg",
    "country": "DE",
    "vat_number": "DE811569869",
    "email": "office@meridian.example",
}


def read(content: bytes) -> list[str]:
    """Give the words of each page."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages]


def test_ord_02_a_print_out_names_seller_and_buyer_and_says_what_it_costs(world: World, asks: Enter) -> None:
    home = world.distributor()
    world.update(home, tenant, home.id, **COMPANY)
    acme = world.account(name="Ελληνική Εταιρεία Λογισμικού Α.Ε.", vat_number="EL094014201")
    world.address(acme, street="Ερμού 12", postcode="105 63", city="Αθήνα", country="GR", is_billing=True)
    mail = priced(world, home, "1234.5", name="Почта & <Archive> 株式会社")
    set_up = priced(world, home, "99", cycle="one_off", name="Set-up")
    id = create(world, home, acme, NewItem(mail.id, "monthly", 3), NewItem(set_up.id, "one_off"))

    answer = asks().ask("GET", f"/orders/{id}/print-out")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    [page] = read(answer.content)
    for words in (*(v for k, v in COMPANY.items() if k != "country"), "Germany", acme.name, "Ερμού 12", "105 63 Αθήνα"):
        assert words in page
    for words in ("Почта & <Archive>", "1,234.50 EUR", "Total monthly 3,703.50 EUR", "Once 99.00 EUR"):
        assert words in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "Due at first 3,802.50 EUR" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "Page 1 of 1" in page


def test_ord_02_a_long_order_takes_several_pages_each_numbered_and_headed(world: World) -> None:
    home = world.distributor()
    product = priced(world, home, "10", name="Mailbox " + "with a very long name " * 8)
    items = [NewItem(product.id, "monthly", number) for number in range(1, 91)]
    id = create(world, home, world.account(), *items)

    with world.web.work(home.id, world.admin(home)) as work:
        name, content = print_out(work, id)
        assert (name, content) == print_out(work, id), "the same order makes the same document"

    pages = read(content)
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
        assert home.name in page
    assert all("Unit price" in page for page in pages[:-1])
    assert "Due at first" in pages[-1]


def test_ord_02_it_says_promotions_discounts_trials_and_starts(world: World) -> None:
    home = world.distributor()
    product = priced(world, home, "10", trial_allowed=True)
    given = {"name": "Launch", "code": "GO", "kind": "percent", "off": 20, "currency": None}
    launch = world.insert(home, catalog.promotion, product_id=product.id, **given)
    id = create(
        world,
        home,
        world.account(),
        NewItem(product.id, "monthly", promotion_id=launch.id),
        NewItem(product.id, "monthly", discount_percent=5),
        NewItem(product.id, "monthly", trial=True, start_on="2027-01-31"),
    )

    with world.web.work(home.id, world.admin(home)) as work:
        [page] = read(print_out(work, id)[1])

    for words in ("Promotion: Launch · At first 8.00", "Discount 5 %", "Tried first", "Starts on Jan 31, 2027"):
        assert words in page.replace("\N{NO-BREAK SPACE}", " ")


def test_bo_22_a_back_order_is_printed_and_nobody_without_orders_sees_one(world: World, asks: Enter) -> None:
    tracked = marked(world, world.tenant_reseller(), "back_order")

    assert asks().ask("GET", f"/orders/{tracked.id}/print-out").status_code == 200
    assert asks(world.tenant()).ask("GET", f"/orders/{tracked.id}/print-out").status_code == 404


def test_ui_06_a_german_organisations_documents_are_german(world: World) -> None:
    """A word of the documents that the language lacks would be read here in English."""
    home = world.distributor()
    world.update(home, tenant, home.id, language="de", **COMPANY)
    world.update(home, tenant, home.id, name="Meridian")
    payer = world.account(name="Zahler", reselling_enabled=True)
    acme = world.account(bill_to=payer, name="Acme")
    mail = priced(world, home, "1234.5", name="Postfach", trial_allowed=True)
    once = priced(world, home, "99", cycle="one_off", name="Einrichtung")
    items = (
        NewItem(mail.id, "monthly", 3, discount_percent=10, start_on=date(2027, 3, 1)),
        NewItem(mail.id, "monthly", trial=True),
        NewItem(once.id, "one_off"),
    )
    id = create(world, home, acme, *items, name="Bedarf")

    with world.web.work(home.id, world.admin(home)) as work:
        [page] = read(print_out(work, id)[1])

    page = page.replace("\N{NO-BREAK SPACE}", " ")
    for words in ("Bestellung (Entwurf) Nr.", "Rechnung an", "USt-IdNr. DE811569869", "Einzelpreis", "1.234,50 EUR"):
        assert words in page, words
    for words in (
        "Rabatt 10 %",
        "Beginnt am 01.03.2027",
        "Zuerst kostenlos getestet",
        "Zuerst zu zahlen",
        "Seite 1 von 1",
    ):
        assert words in page, words
    for english in ("Order", "Price", "Quantity", "Total", "Page", "Status name", "monthly", "Draft", "Customer"):
        assert english not in page, english


def printed(world: World, buyer: Row) -> str:
    """Give the words of an order's document."""
    home = world.distributor()
    id = create(world, home, buyer, NewItem(priced(world, home, "10").id, "monthly"))
    with world.web.work(home.id, world.admin(home)) as work:
        return " ".join(read(print_out(work, id)[1]))


LETTERS = "letters need a font of the program"


def test_ord_02_a_document_says_which_letters_a_reader_may_not_see(world: World) -> None:
    """No empty box stands on it without a word."""
    plain, chinese, thai = (world.account(name=name) for name in ("Ärzte Łódź", "北京有限公司 한국", "บริษัท Acme"))
    home = world.distributor()

    papers = [printed(world, one) for one in (plain, chinese, thai)]

    assert [LETTERS in paper for paper in papers] == [False, True, False]
    assert ["boxes stand for them" in paper for paper in papers] == [False, False, True]
    assert "U+0E1A" in papers[2]
    world.update(home, "tenant", home.id, language="de")
    german = printed(world, chinese)
    assert "Schriftzeichen" in german
    assert LETTERS not in german


@pytest.mark.parametrize(
    ("currency", "price", "shown"),
    [("JPY", "1500", "4,500 JPY"), ("KWD", "1.2345", "3.704 KWD"), ("EUR", "9.99", "29.97")],
)
def test_ten_30_amounts_of_a_document_have_the_places_of_their_currency(
    world: World, currency: str, price: str, shown: str
) -> None:
    home = world.distributor()
    product = world.product(home, name="Mailbox")
    given = {"cycle": "monthly", "currency": currency, "unit_price": Decimal(price)}
    world.insert(home, "product_price", product_id=product.id, **given)
    id = create(world, home, world.account(currency=currency), NewItem(product.id, "monthly", 3))

    with world.web.work(home.id, world.admin(home)) as work:
        [page] = read(print_out(work, id)[1])

    assert f"Due at first {shown}" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert price in page.replace(",", "")
