"""Make the tenant of a new tenant reseller, step by step;
each step is done once, whatever stops the worker between two (TEN-04).
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tenantry.database import Database, Work
from tenantry.kernel.actor import SYSTEM
from tenantry.kernel.ids import derived_id
from tenantry.rules.create_tenant import CATALOGUE, PAYMENT_METHOD
from tenantry.schema.catalog import price_list
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account, history_line
from tenantry.schema.tenant import tenant
from tenantry.tenancy.founding import Founding, found

MOST_TRIES = 50


@dataclass(frozen=True)
class Creation:
    """What a creation works with: the arrangement, the reseller's account, the currency of the price list."""

    arrangement: dict[str, Any]
    account: dict[str, Any]
    currency: str


def create(
    database: Database, tenant_id: UUID, reseller_id: UUID, should_stop: Callable[[], bool] = lambda: False
) -> bool:
    """Do the steps that are not done yet, each in its own transaction; False when it was asked to stop between two."""
    with database.work(tenant_id) as work:
        row = work.connection.execute(_ONE, {"tenant": tenant_id, "id": reseller_id}).mappings().first()
    if row is None or row["state"] != "creating":
        return True
    tenants = [tenant_id, row["reseller_tenant_id"]]
    for name, step in STEPS.items():
        with database.channel(tenant_id, tenants, SYSTEM) as work:
            row = (
                work.connection.execute(_ONE.with_for_update(), {"tenant": tenant_id, "id": reseller_id})
                .mappings()
                .one()
            )
            is_done = name in {one["name"] for one in row["steps"]}
            if not is_done:
                made = step(work, _load(work, dict(row)))
                _done(work, row, name, made)
        if not is_done and should_stop():
            return False
    with database.channel(tenant_id, tenants, SYSTEM) as work:
        _complete(work, reseller_id)
    return True


def _found(work: Work, creation: Creation) -> int:
    """Make the tenant with its admin user, common rule, currencies and defaults, under a short name nobody else has."""
    row, settings = creation.arrangement, creation.arrangement["settings"]
    base = short_name(creation.account["name"])
    for number in range(1, MOST_TRIES):
        founding = Founding(
            id=row["reseller_tenant_id"],
            name=creation.account["name"],
            code=base if number == 1 else f"{base}-{number}",
            kind="reseller",
            parent_id=work.tenant_id,
            reseller_account_id=row["id"],
            admin_name=settings["admin_name"],
            admin_email=settings["admin_email"],
            edition=settings["edition"],
            language=settings["language"],
            time_zone=settings["time_zone"],
            date_format=settings["date_format"],
            default_currency=creation.currency,
        )
        try:
            with work.connection.begin_nested():
                found(work, founding)
        except IntegrityError:
            continue
        if work.connection.scalar(sa.select(tenant.c.id).where(tenant.c.id == founding.id)) is not None:
            return 1
    message = f"no free short name like {base}"
    raise RuntimeError(message)


def _payment_method(work: Work, creation: Creation) -> int:
    copy, chosen = PAYMENT_METHOD
    return _copy(work, creation, copy, chosen)


def _catalogue(place: int) -> Callable[[Work, Creation], int]:
    def step(work: Work, creation: Creation) -> int:
        return _copy(work, creation, *CATALOGUE[place])

    return step


STEPS: dict[str, Callable[[Work, Creation], int]] = {
    "Tenant, admin user and common permission rule": _found,
    "Default payment method": _payment_method,
    "Provisioning systems": _catalogue(0),
    "Products": _catalogue(1),
    "Prices and cycles": _catalogue(2),
    "Add-ons": _catalogue(3),
    "Characteristics": _catalogue(4),
    "Upgrades and downgrades": _catalogue(5),
    "Plans": _catalogue(6),
}


def short_name(name: str) -> str:
    """Make a tenant's code of a company's name: small letters, digits, hyphens, at most 40."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "reseller"


def _copy(work: Work, creation: Creation, copy: Any, chosen: Any) -> int:
    row = creation.arrangement
    words = {
        "giver": work.tenant_id,
        "taker": row["reseller_tenant_id"],
        "reseller": row["id"],
        "price_list": row["price_list_id"],
        "at": work.at,
    }
    made = copy.insert_from(chosen).returning(copy.into.c.id).cte("made")
    return int(work.connection.execute(sa.select(sa.func.count()).select_from(made), words).scalar_one())


def _load(work: Work, row: dict[str, Any]) -> Creation:
    of = sa.select(account).where(account.c.tenant_id == work.tenant_id, account.c.id == row["id"])
    listed = sa.select(price_list.c.currency).where(
        price_list.c.tenant_id == work.tenant_id, price_list.c.id == row["price_list_id"]
    )
    found_account = work.connection.execute(of).mappings().one()
    return Creation(row, dict(found_account), work.connection.execute(listed).scalar_one())


def _done(work: Work, row: Any, name: str, made: int) -> None:
    steps = [*row["steps"], {"name": name, "made": made, "at": work.at.isoformat()}]
    work.connection.execute(_update(work, row["id"]).values(steps=steps, version=tenant_reseller.c.version + 1))


def _complete(work: Work, id_: UUID) -> None:
    """The tenant exists; back ordering starts disabled, so nothing is live."""
    made = (
        _update(work, id_)
        .where(tenant_reseller.c.state == "creating")
        .values(state="set_up", set_up_at=work.at, version=tenant_reseller.c.version + 1)
        .returning(tenant_reseller.c.reseller_tenant_id)
    )
    if work.connection.execute(made).first() is None:
        return
    work.connection.execute(
        sa.dialects.postgresql.insert(history_line)
        .values(
            tenant_id=work.tenant_id,
            id=derived_id(id_, id_, "set up"),
            entity="tenant_reseller",
            subject_id=id_,
            at=work.at,
            actor="Tenantry",
            sentence="The tenant was created; back ordering is disabled",
        )
        .on_conflict_do_nothing()
    )


def _update(work: Work, id_: UUID) -> sa.Update:
    return sa.update(tenant_reseller).where(tenant_reseller.c.tenant_id == work.tenant_id, tenant_reseller.c.id == id_)


_ONE = sa.select(tenant_reseller).where(
    tenant_reseller.c.tenant_id == sa.bindparam("tenant"), tenant_reseller.c.id == sa.bindparam("id")
)
