"""What rows are read against: the tenant's currencies, and its lists, people and rules by name."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from uuid import UUID

import sqlalchemy as sa

from tenantry.crm.fields import Known, known
from tenantry.crm.records import may
from tenantry.database import Work
from tenantry.schema.catalog import payment_method, price_list
from tenantry.schema.crm import account
from tenantry.schema.tenant import permission_rule, tenant_user
from tenantry.tenancy.custom_fields import FieldView, custom_fields

Names = Mapping[str, tuple[UUID, ...]]


@dataclass(frozen=True)
class Surroundings:
    """The tenant as an import sees it; names are in small letters, since people write them by hand."""

    known: Known
    own_fields: tuple[FieldView, ...]
    payers: Names = field(repr=False)
    price_lists: Names = field(repr=False)
    payment_methods: Names = field(repr=False)
    users: Names = field(repr=False)
    permission_rules: Names = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """Give a hash of all that the reading of a row may depend on."""
        return hashlib.sha256(json.dumps(asdict(self), default=_plain, sort_keys=True).encode()).hexdigest()


def surroundings(work: Work) -> Surroundings:
    """Read them once for a plan or a batch."""
    return Surroundings(
        known=known(work),
        own_fields=custom_fields(work, "account"),
        payers=_payers(work),
        price_lists=_names(work, price_list, "name"),
        payment_methods=_names(work, payment_method, "name"),
        users=_names(work, tenant_user, "email", "name"),
        permission_rules=_names(work, permission_rule, "name"),
    )


def _plain(value: object) -> object:
    return sorted(map(str, value)) if isinstance(value, frozenset) else str(value)


def _payers(work: Work) -> Names:
    """Give the resellers that a customer may be billed to, by number and by name."""
    query = sa.select(account.c.id, account.c.number, account.c.name, account.c.permission_rule_id).where(
        account.c.tenant_id == work.tenant_id, account.c.reselling_enabled, account.c.status == "active"
    )
    found: dict[str, tuple[UUID, ...]] = {}
    for id, number, name, rule in work.connection.execute(query):
        if may(work.actor.readable, rule):
            for word in (str(id), str(number), name.lower()):
                found[word] = (*found.get(word, ()), id)
    return found


def _names(work: Work, table: sa.Table, *columns: str) -> Names:
    query = sa.select(table.c.id, *(table.c[name] for name in columns)).where(table.c.tenant_id == work.tenant_id)
    found: dict[str, tuple[UUID, ...]] = {}
    for id, *names in work.connection.execute(query):
        for word in {str(id), *(name.lower() for name in names)}:
            found[word] = (*found.get(word, ()), id)
    return found
