"""Create the tenant resellers as a person would, and transfer the accounts of one."""

from uuid import UUID

import sqlalchemy as sa

from tenantry.channel.handovers import actions as handovers, queries, running
from tenantry.channel.tenant_resellers import actions as tenant_resellers, creating
from tenantry.database import Database, Work
from tenantry.demo.people import MERIDIAN, PEOPLE, DemoTenant
from tenantry.kernel.actor import Actor
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account
from tenantry.schema.tenant import tenant

LIVES = {"nordlicht": ("de", "Europe/Berlin"), "aegean": ("el", "Europe/Athens"), "skerry": ("en", "Europe/Stockholm")}


def create(web: Database, worker: Database, actor: Actor, below: DemoTenant, reseller: UUID) -> None:
    """Create the tenant of a reseller, under the demo's own id."""
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
    language, time_zone = LIVES[below.code]
    admin = next(one for one in PEOPLE if one.tenant == below.code)
    form = tenant_resellers.NewTenantReseller(
        account_id=reseller,
        price_list_id=_price_list(work, reseller),
        admin_name=admin.name,
        admin_email=admin.email,
        language=language,
        time_zone=time_zone,
        edition="premium",
        credit_checked=True,
    )
    tenant_resellers.create(work, form)
    # The demo's tenants have the same id in every installation.
    mine = (tenant_reseller.c.tenant_id == MERIDIAN.id, tenant_reseller.c.id == reseller)
    work.connection.execute(sa.update(tenant_reseller).values(reseller_tenant_id=below.id).where(*mine))


def _price_list(work: Work, reseller: UUID) -> UUID:
    wanted = sa.select(account.c.price_list_id).where(account.c.tenant_id == MERIDIAN.id, account.c.id == reseller)
    return UUID(str(work.connection.execute(wanted).scalar_one()))


def transfer(web: Database, worker: Database, actor: Actor, reseller: UUID) -> None:
    """Transfer all accounts of a reseller, once."""
    with web.work(MERIDIAN.id, actor) as work:
        if queries.recent(work, tenant_reseller_id=reseller, limit=1):
            return
        id_ = handovers.plan(
            work, "transfer_accounts", reseller, "all", reason="Aegean Telecom sells by itself from now on."
        )
        digest = queries.handover_(work, id_).digest or ""
        handovers.confirm(work, id_, digest)
    running.run(worker, MERIDIAN.id, id_)
