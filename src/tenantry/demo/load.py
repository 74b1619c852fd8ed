"""Load the demo: found the distributor, fill it, create the three tenant resellers as a person would,
transfer the accounts of one, and let another go live and sell.
"""

from collections.abc import Callable

import sqlalchemy as sa

from tenantry.database import Database
from tenantry.database.installation import Installation
from tenantry.demo import changed, invoiced, selling, shop
from tenantry.demo.filling import fill
from tenantry.demo.people import AEGEAN, MERIDIAN, NORDLICHT, PASSWORD, PEOPLE, SKERRY, tenants
from tenantry.demo.resellers import create, transfer
from tenantry.kernel.actor import Actor
from tenantry.kernel.ids import new_id
from tenantry.schema.tenant import role, tenant, tenant_user, user_role
from tenantry.tenancy import directory, passwords
from tenantry.tenancy.founding import Founding, found


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
        resellers = fill(web)
        for below, reseller in zip((NORDLICHT, AEGEAN, SKERRY), resellers, strict=True):
            create(web, worker, mara, below, reseller)
        transfer(web, worker, mara, resellers[1])
        selling.go_live(web, worker, mara, resellers[2])
        changed.sell_and_change(web, mara)
        invoiced.invoice_what_was_due(web, mara)
        shop.open_shop(web, mara)
        selling.sell_below(web, worker)
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


def _let_in(web: Database) -> None:
    """Give everybody his password and role."""
    kept = passwords.hashed(PASSWORD)
    for below in tenants():
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
