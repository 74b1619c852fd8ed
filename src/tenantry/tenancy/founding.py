"""Found a tenant: what every organisation has from its first minute (TEN-01, TEN-04)."""

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenantry.database import Work
from tenantry.kernel.ids import derived_id, new_id
from tenantry.schema import tenant as t
from tenantry.schema.billing import invoice_series
from tenantry.schema.sales import order_status, order_type
from tenantry.tenancy import directory

ENTITIES = ("account", "contact", "order", "subscription", "asset", "activity")
ROLES = {
    "Administrator": ["*"],
    "Operations": [
        "accounts:view accounts:edit contacts:view contacts:edit activities:view activities:edit",
        "orders:view orders:edit orders:approve products:view subscriptions:view invoices:view invoices:edit",
        "tenant_resellers:view tenant_resellers:edit imports:view imports:edit",
        "handover:view handover:plan handover:confirm reconcile:view reconcile:run reconcile:repair",
    ],
    "Reader": [
        "accounts:view contacts:view activities:view orders:view products:view subscriptions:view invoices:view",
        "tenant_resellers:view handover:view reconcile:view",
    ],
}


@dataclass(frozen=True)
class Founding:
    """What a tenant is founded with; ids that are not given are derived from the tenant's,
    so that founding can be repeated.
    """

    name: str
    code: str
    kind: Literal["distributor", "reseller"]
    admin_name: str
    admin_email: str
    id: UUID = field(default_factory=new_id)
    parent_id: UUID | None = None
    reseller_account_id: UUID | None = None
    edition: Literal["basic", "premium"] = "basic"
    language: str = "en"
    time_zone: str = "UTC"
    date_format: str = ""
    default_currency: str = "EUR"
    currencies: tuple[str, ...] = ()


def found(work: Work, founding: Founding) -> UUID:
    """Make the tenant, its one admin user, the common permission rule, roles, currencies and defaults;
    again changes nothing.

    `work` is a unit of work of the channel that names the new tenant, since nobody else may make one.
    Gives the id of the admin user.
    """
    admin, rule = (derived_id(founding.id, founding.id, what) for what in ("admin", "common rule"))
    _once(
        work,
        t.tenant,
        id=founding.id,
        parent_id=founding.parent_id,
        name=founding.name,
        code=founding.code,
        kind=founding.kind,
        edition=founding.edition,
        language=founding.language,
        time_zone=founding.time_zone,
        date_format=founding.date_format,
        default_currency=founding.default_currency,
        reseller_account_id=founding.reseller_account_id,
        admin_user_id=admin,
        common_rule_id=rule,
    )
    _own(work, founding, t.tenant_user, "admin", email=founding.admin_email.strip().lower(), name=founding.admin_name)
    directory.enter(work.connection, founding.id, admin, founding.admin_email)
    _own(work, founding, t.permission_rule, "common rule", name="Common")
    _own(work, founding, t.permission_grant, "common grant", rule_id=rule, access="full")
    for name, permissions in ROLES.items():
        words = sorted({word for line in permissions for word in line.split()})
        _own(work, founding, t.role, f"role {name}", name=name, permissions=words)
    _own(work, founding, t.user_role, "admin role", user_id=admin, role_id=_id(founding, "role Administrator"))
    for entity in ENTITIES:
        _own(work, founding, t.permission_default, f"default {entity}", entity=entity, rule_id=rule)
    for code in dict.fromkeys((founding.default_currency, *founding.currencies)):
        _own(work, founding, t.tenant_currency, f"currency {code}", currency=code)
    for name in ("account", "offer", "order", "handover"):
        _own(work, founding, t.counter, f"counter {name}", name=name, next=1001)
    series = {"name": "Invoices", "prefix": "INV-", "next": 1001, "is_default": True}
    _own(work, founding, invoice_series, "invoice series", **series)
    _own(work, founding, order_type, "order type", name="Standard", is_default=True)
    for status in order_status.c.status.info["values"]:
        named = {"status": status, "name": status.capitalize(), "is_default": True}
        _own(work, founding, order_status, f"order status {status}", **named)
    return admin


def _own(work: Work, founding: Founding, table: sa.Table, what: str, **values: object) -> None:
    _once(work, table, tenant_id=founding.id, id=_id(founding, what), **values)


def _id(founding: Founding, what: str) -> UUID:
    return derived_id(founding.id, founding.id, what)


def _once(work: Work, table: sa.Table, **values: object) -> None:
    work.connection.execute(insert(table).values(**values).on_conflict_do_nothing())
