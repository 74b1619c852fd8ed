"""The shop of the demo's distributor: what its products say, terms to accept, a code, and who buys there."""

from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm.actions import add_contact
from tenantry.crm.new import NewContact
from tenantry.database import Database, Work
from tenantry.demo.people import AEGEAN, MERIDIAN, PASSWORD, SHOPPERS, Person
from tenantry.kernel.actor import Actor
from tenantry.kernel.ids import new_id
from tenantry.schema.catalog import product, product_characteristic, promotion, terms_document
from tenantry.schema.crm import account, contact
from tenantry.schema.shop import shop_login
from tenantry.tenancy import passwords

SAYS = {
    "MAIL-BIZ": "Mailboxes with your own domain, calendars, shared folders, and spam kept out before it arrives.",
    "OFFICE": "Documents, sheets and slides for every desk and every phone, with a terabyte to keep them in.",
    "BACKUP": "Every laptop and server saved each night, encrypted here, and restored in minutes.",
    "VM-S": "A small virtual server for a website or a test: two cores, four gigabytes, up within a minute.",
    "VM-L": "A large virtual server for databases and everything that must not wait.",
    "GATEWAY": "A firewall at each of your sites, watched around the clock and kept up to date for you.",
    "MAIL-ARC": "Keeps each message for ten years, as the law asks.",
    "BACKUP-100": "More room for what is saved.",
}
FACTS = {
    "MAIL-BIZ": {"Storage": "50 GB a mailbox", "Protocols": "IMAP, ActiveSync", "Data kept in": "Frankfurt"},
    "OFFICE": {"Storage": "1 TB a user", "Devices": "5 a user", "Works offline": "Yes"},
    "BACKUP": {"Storage": "100 GB a device", "Kept for": "30 days", "Encryption": "AES-256"},
    "VM-S": {"Cores": "2", "Memory": "4 GB", "Disk": "80 GB SSD"},
    "VM-L": {"Cores": "16", "Memory": "64 GB", "Disk": "640 GB NVMe"},
    "GATEWAY": {"Throughput": "2 Gbit/s", "Support": "Around the clock"},
}
TERMS = """1. What is sold. Meridian Cloud delivers the service that the order names, while the subscription runs.

2. What it costs. The prices of the order hold until they are updated; a period that is cut short costs its part.

3. Availability. The service is there for 99.9 percent of a month; what is missing is given back.

4. Data. What you keep with the service is yours. It is deleted thirty days after the subscription has ended.

5. Ending. A subscription is cancelled to the end of its period, by you or by us, with one sentence."""
ASKED_BY = ("OFFICE", "VM-S", "VM-L")


def open_shop(web: Database, actor: Actor) -> None:
    """Open it, once."""
    with web.work(MERIDIAN.id, actor) as work:
        known = sa.exists().where(contact.c.tenant_id == MERIDIAN.id, contact.c.email == SHOPPERS[0].email)
        if work.connection.scalar(sa.select(known)):
            return
        products = dict(
            work.connection.execute(
                sa.select(product.c.sku, product.c.id).where(product.c.tenant_id == MERIDIAN.id)
            ).all()
        )
        _describe(work, products)
        _ask_for_terms(work, products)
        _promote(work, products["MAIL-BIZ"])
        kept = passwords.hashed(PASSWORD)
        for one, of in zip(SHOPPERS, (_customer(work), _reseller(work)), strict=True):
            _let_in(work, one, of, kept)


def _describe(work: Work, products: dict[str, UUID]) -> None:
    for sku, words in SAYS.items():
        mine = (product.c.tenant_id == work.tenant_id, product.c.id == products[sku], product.c.description == "")
        work.connection.execute(sa.update(product).values(description=words).where(*mine))
    c = product_characteristic.c
    told = set(work.connection.scalars(sa.select(c.product_id).where(c.tenant_id == work.tenant_id)))
    rows = [
        {
            "tenant_id": work.tenant_id,
            "id": new_id(),
            "product_id": products[sku],
            "name": name,
            "value": value,
            "position": place,
        }
        for sku, facts in FACTS.items()
        if products[sku] not in told
        for place, (name, value) in enumerate(facts.items())
    ]
    if rows:
        work.connection.execute(sa.insert(product_characteristic), rows)


def _ask_for_terms(work: Work, products: dict[str, UUID]) -> None:
    document = {"tenant_id": work.tenant_id, "id": new_id(), "name": "Terms of Service", "edition": "2026-10"}
    work.connection.execute(sa.insert(terms_document).values(**document, body=TERMS))
    mine = (product.c.tenant_id == work.tenant_id, product.c.id.in_([products[sku] for sku in ASKED_BY]))
    work.connection.execute(sa.update(product).values(terms_document_id=document["id"]).where(*mine))


def _promote(work: Work, product_id: UUID) -> None:
    row = {"tenant_id": work.tenant_id, "id": new_id(), "name": "Welcome", "code": "WELCOME10", "kind": "percent"}
    row |= {"product_id": product_id, "off": Decimal(10), "duration": "cycles", "cycles": 3}
    work.connection.execute(sa.insert(promotion).values(**row))


def _customer(work: Work) -> UUID:
    """Give one of the distributor's own customers that buys in euros and may owe something."""
    mine = sa.select(account.c.id).where(
        account.c.tenant_id == work.tenant_id,
        account.c.bill_to_id == account.c.id,
        account.c.status == "active",
        account.c.currency == "EUR",
        account.c.reselling_enabled.is_(False),
    )
    return UUID(
        str(
            work.connection.execute(
                mine.order_by(account.c.credit_limit.desc(), account.c.number).limit(1)
            ).scalar_one()
        )
    )


def _reseller(work: Work) -> UUID:
    mine = (account.c.tenant_id == work.tenant_id, account.c.name == AEGEAN.name)
    return UUID(str(work.connection.execute(sa.select(account.c.id).where(*mine)).scalar_one()))


def _let_in(work: Work, one: Person, account_id: UUID, kept: str) -> None:
    first, _, last = one.name.partition(" ")
    new = NewContact(first_name=first, last_name=last, email=one.email, company_role="Purchasing", storefront_user=True)
    id_ = add_contact(work, account_id, new)
    login = {"tenant_id": work.tenant_id, "id": new_id(), "contact_id": id_, "password_hash": kept}
    work.connection.execute(sa.insert(shop_login).values(login))
