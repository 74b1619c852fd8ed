"""Load the demo: found the distributor, fill it, create the two tenant resellers as a person would,
and transfer the accounts of one.
"""

from collections.abc import Callable
from uuid import UUID

import sqlalchemy as sa

from tenantry.channel.handovers import actions as handovers, queries, running
from tenantry.channel.tenant_resellers import actions as tenant_resellers, creating
from tenantry.database import Database, Work
from tenantry.database.installation import Installation
from tenantry.demo import catalogue, changed, charged, shop
from tenantry.demo.customers import Town
from tenantry.demo.people import AEGEAN, MERIDIAN, NORDLICHT, PASSWORD, PEOPLE, DemoTenant
from tenantry.kernel.actor import Actor
from tenantry.kernel.ids import new_id
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account
from tenantry.schema.sales import order_type
from tenantry.schema.tenant import role, tenant, tenant_user, user_role
from tenantry.tenancy import directory, passwords
from tenantry.tenancy.founding import Founding, found

DIRECT = 120
# What became of the offer and the opportunity of some.
OFFERED = {1: ("in_progress", "open"), 4: ("in_progress", "open"), 6: ("lost", "lost"), 9: ("in_progress", "open")}
SUSPENDED, IN_DOLLARS = range(5, DIRECT, 37), range(3, DIRECT, 11)
OF_LITE, OF_NORDLICHT, OF_AEGEAN = 18, 34, 42


def load_unless_there(ready: Installation, say: Callable[[str], object] = print) -> bool:
    """Load the demo unless the installation has a tenant already; True when it was loaded."""
    owner = sa.create_engine(ready.owner_url, poolclass=sa.NullPool)
    with owner.connect() as connection:
        is_there = connection.scalar(sa.select(sa.exists().select_from(tenant)))
        # The demo's last step gives its people their passwords; one that was killed before goes on where it was.
        half_done = connection.scalar(
            sa.select(sa.exists().where(tenant_user.c.tenant_id == MERIDIAN.id, tenant_user.c.password_hash == ""))
        )
    owner.dispose()
    if is_there and not half_done:
        return False
    say("Loading the demo ...")
    load(ready)
    return True


LETTERHEAD = {
    "street": "Speicherstrasse 14",
    "postcode": "20457",
    "city": "Hamburg",
    "country": "DE",
    "vat_number": "DE811569869",
    "email": "office@meridian.example",
    "phone": "+49 40 5550 140",
    "website": "meridian.example",
}


def load(ready: Installation) -> None:
    """Load the demo into an installation that has no tenant yet;
    each step is done once, whatever stops the program between two.
    """
    web, worker = ready.web(), ready.worker()
    try:
        _distributor(worker)
        mara = _mara(web)
        resellers = _fill(web)
        for below, reseller in zip((NORDLICHT, AEGEAN), resellers, strict=True):
            _create(web, worker, mara, below, reseller)
        _transfer(web, worker, mara, resellers[1])
        changed.sell_and_change(web, mara)
        shop.open_shop(web, mara)
        _let_in(web)
    finally:
        web.close()
        worker.close()


def _distributor(worker: Database) -> None:
    founding = Founding(
        id=MERIDIAN.id,
        name=MERIDIAN.name,
        code=MERIDIAN.code,
        kind="distributor",
        admin_name="Mara Lindqvist",
        admin_email="mara@meridian.example",
        edition="premium",
        language="en",
        time_zone="Europe/Berlin",
        date_format="d MMM yyyy",
        default_currency="EUR",
        currencies=("USD", "GBP"),
    )
    with worker.channel(MERIDIAN.id, [MERIDIAN.id]) as work:
        found(work, founding)
        work.connection.execute(sa.update(tenant).where(tenant.c.id == MERIDIAN.id).values(LETTERHEAD))


def _mara(web: Database) -> Actor:
    with web.work(MERIDIAN.id) as work:
        id_ = work.connection.scalar(sa.select(tenant.c.admin_user_id).where(tenant.c.id == MERIDIAN.id))
    return Actor(id_, "Mara Lindqvist", frozenset({"*"}), None, None, None)


def _fill(web: Database) -> tuple[UUID, UUID]:
    """Make catalogue and customers; gives the accounts of the two resellers that get a tenant."""
    with web.work(MERIDIAN.id) as work:
        made = [
            work.connection.scalar(
                sa.select(account.c.id).where(account.c.tenant_id == MERIDIAN.id, account.c.name == one.name)
            )
            for one in (NORDLICHT, AEGEAN)
        ]
        if all(made):
            return UUID(str(made[0])), UUID(str(made[1]))
        stocked = catalogue.stock(work)
        mine = work.connection.execute(
            sa.select(tenant.c.admin_user_id, tenant.c.common_rule_id).where(tenant.c.id == MERIDIAN.id)
        ).one()
        type_ = work.connection.execute(
            sa.select(order_type.c.id).where(order_type.c.tenant_id == MERIDIAN.id)
        ).scalar_one()
        town = Town(work, stocked, mine.admin_user_id, mine.common_rule_id, type_)
        for place in range(DIRECT):
            own = town.customer(
                status="suspended" if place in SUSPENDED else "active",
                currency="USD" if place in IN_DOLLARS else "EUR",
            )
            _orders(town, own, own, place)
            if place in OFFERED:
                town.offer(own, *OFFERED[place], quantity=20 + 5 * place)
        lite = town.customer(
            name="Harbour IT Partners", reselling_enabled=True, price_list_id=stocked.price_lists["EUR"], lives_in="NL"
        )
        for place in range(OF_LITE):
            _orders(town, town.customer(payer=lite), lite, place)
        nordlicht, aegean = (
            town.customer(
                name=one.name,
                reselling_enabled=True,
                price_list_id=stocked.price_lists["EUR"],
                payment_method_id=stocked.methods["gateway"],
                prorate_billing=True,
                auto_invoice_notification=True,
                lives_in=lives_in,
            )
            for one, lives_in in ((NORDLICHT, "DE"), (AEGEAN, "GR"))
        )
        for place in range(OF_NORDLICHT):
            _orders(town, town.customer(payer=nordlicht), nordlicht, place)
        for place in range(OF_AEGEAN):
            customer = town.customer(payer=aegean, currency="EUR")
            _orders(town, customer, aegean, place)
        _awkward(town, nordlicht)
        town.write()
        charged.charge_up_to_today(work)
    return nordlicht, aegean


def _orders(town: Town, account: UUID, payer: UUID, place: int) -> None:
    for _ in range(place % 3):
        town.order(account, payer)
    if place % 4 == 0:
        town.sync(account, "mail" if place % 8 else "panel")
    if place % 9 == 2:  # noqa: PLR2004 - now and then
        town.task(account, "Call about the renewal")


def _awkward(town: Town, reseller: UUID) -> None:
    """Make the customers that a transfer has something to say about, one for each finding."""
    town.customer(payer=reseller, name="Basalt Hotels (no address)", addresses=0)
    open_order = town.customer(payer=reseller, name="Copper Freight (open order)")
    town.order(open_order, reseller, status="submitted", sku="OFFICE")
    town.customer(payer=reseller, name="Quarry Tools (US dollars)", currency="USD", lives_in="US")
    second = town.customer(payer=reseller, name="Linden Law (bills to the warehouse)", addresses=0, lives_in="AT")
    town.address(second, "AT", 0, is_billing=False)
    town.address(second, "DE", 1, is_billing=True)
    gateway = town.customer(payer=reseller, name="Heron Clinic (not resold below)")
    town.order(gateway, reseller, sku="GATEWAY")
    dollars = town.customer(payer=reseller, name="Osprey Media (subscription in dollars)")
    town.order(dollars, reseller, sku="VM-S", currency="USD")
    town.customer(payer=reseller, name="Willow Press (closed)", status="closed")
    small = town.customer(payer=reseller, name="Reed Computers (resells)", reselling_enabled=True)
    town.customer(payer=small, name="Fern Dental (pays through Reed)")
    town.customer(name="Slate Optics (pays itself)", parent_id=reseller)


def _create(web: Database, worker: Database, actor: Actor, below: DemoTenant, reseller: UUID) -> None:
    with web.work(MERIDIAN.id, actor) as work:
        asked = sa.select(tenant_reseller.c.id).where(
            tenant_reseller.c.tenant_id == MERIDIAN.id, tenant_reseller.c.id == reseller
        )
        if work.connection.scalar(asked) is None:
            _ask(work, below, reseller)
    creating.create(worker, MERIDIAN.id, reseller)
    with web.work(below.id) as work:
        work.connection.execute(sa.update(tenant).values(code=below.code).where(tenant.c.id == below.id))


def _ask(work: Work, below: DemoTenant, reseller: UUID) -> None:
    admin = next(one for one in PEOPLE if one.tenant == below.code)
    form = tenant_resellers.NewTenantReseller(
        account_id=reseller,
        price_list_id=_price_list(work, reseller),
        admin_name=admin.name,
        admin_email=admin.email,
        language="de" if below is NORDLICHT else "el",
        time_zone="Europe/Berlin" if below is NORDLICHT else "Europe/Athens",
        edition="premium",
    )
    tenant_resellers.create(work, form)
    # The demo's tenants have the same id in every installation.
    mine = (tenant_reseller.c.tenant_id == MERIDIAN.id, tenant_reseller.c.id == reseller)
    work.connection.execute(sa.update(tenant_reseller).values(reseller_tenant_id=below.id).where(*mine))


def _price_list(work: Work, reseller: UUID) -> UUID:
    wanted = sa.select(account.c.price_list_id).where(account.c.tenant_id == MERIDIAN.id, account.c.id == reseller)
    return UUID(str(work.connection.execute(wanted).scalar_one()))


def _transfer(web: Database, worker: Database, actor: Actor, reseller: UUID) -> None:
    with web.work(MERIDIAN.id, actor) as work:
        if queries.recent(work, limit=1):
            return
        id_ = handovers.plan(
            work, "transfer_accounts", reseller, "all", reason="Aegean Telecom sells by itself from now on."
        )
        digest = queries.handover_(work, id_).digest or ""
        handovers.confirm(work, id_, digest)
    running.run(worker, MERIDIAN.id, id_)


def _let_in(web: Database) -> None:
    """Give everybody his password and role."""
    kept = passwords.hashed(PASSWORD)
    for below in (MERIDIAN, NORDLICHT, AEGEAN):
        with web.work(below.id) as work:
            roles = dict(
                work.connection.execute(sa.select(role.c.name, role.c.id).where(role.c.tenant_id == below.id)).all()
            )
            users = dict(
                work.connection.execute(
                    sa.select(tenant_user.c.email, tenant_user.c.id).where(tenant_user.c.tenant_id == below.id)
                ).all()
            )
            for one in (person for person in PEOPLE if person.tenant == below.code):
                if one.email not in users:
                    users[one.email] = new_id()
                    values = {"tenant_id": below.id, "id": users[one.email], "email": one.email, "name": one.name}
                    work.connection.execute(sa.insert(tenant_user).values(values))
                    holds = {
                        "tenant_id": below.id,
                        "id": new_id(),
                        "user_id": users[one.email],
                        "role_id": roles[one.role],
                    }
                    work.connection.execute(sa.insert(user_role).values(holds))
                    directory.enter(work.connection, below.id, users[one.email], one.email)
                passwords.write(work, users[one.email], kept)
