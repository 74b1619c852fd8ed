"""What an activity can be about: an account, a contact, an order, a subscription (TEN-25)."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm.records import Governed, may
from tenantry.database import Work
from tenantry.kernel.problems import NotFound, Verdict
from tenantry.rules.policy import Account, Contact, Order, Subscription
from tenantry.schema.crm import account, contact
from tenantry.schema.sales import order, subscription
from tenantry.tenancy import queries

TABLES = {"account": account, "contact": contact, "order": order, "subscription": subscription}
ORDER_ACTS = {"email": "relate_email", "case": "create_case"}


@dataclass(frozen=True)
class Subject:
    """The record that an activity is about, and the account it belongs to."""

    about: str
    id: UUID
    account_id: UUID
    record: Governed
    owner: Governed

    def verdict(self, kind: str, *, live: bool) -> Verdict:
        """Say whether an activity of this kind may be related to it: the record's word first, then its account's."""
        own = self._own(kind)
        return own and Account.verdict("add_activity", self.owner, live=live) if own else own

    def _own(self, kind: str) -> Verdict:
        if self.about == "contact":
            return Contact.verdict("add_activity", self.record)
        if self.about == "order":
            return Order.verdict(ORDER_ACTS.get(kind, "add_activity"), self.record)
        if self.about == "subscription":
            return Subscription.verdict("add_activity", self.record)
        return Verdict(allowed=True)


def may_note(work: Work, about: str, about_id: UUID, kind: str = "task") -> Verdict:
    """Say whether an activity of this kind may be related to a record, or one that is be changed."""
    return subject(work, about, about_id).verdict(kind, live=queries.is_live(work))


def subject(work: Work, about: str, id_: UUID) -> Subject:
    """Find the record that the one who asks may see; NotFound otherwise."""
    table = TABLES[about]
    owner = account.alias("owner")
    owner_id = table.c.id if table is account else table.c.account_id
    status = table.c.status if "status" in table.c else sa.literal("", sa.Text)
    query = (
        sa.select(
            owner.c.id,
            table.c.standing,
            status.label("status"),
            table.c.permission_rule_id,
            owner.c.standing.label("owner_standing"),
            owner.c.status.label("owner_status"),
        )
        .join(owner, sa.and_(owner.c.tenant_id == table.c.tenant_id, owner.c.id == owner_id))
        .where(table.c.tenant_id == work.tenant_id, table.c.id == id_)
    )
    row = work.connection.execute(query).first()
    if row is None or not may(work.actor.readable, row.permission_rule_id):
        raise NotFound(about)
    record, its_owner = Governed(row.standing, row.status), Governed(row.owner_standing, row.owner_status)
    return Subject(about, id_, row.id, record, its_owner)
