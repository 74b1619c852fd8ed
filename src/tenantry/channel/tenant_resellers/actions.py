"""What a distributor does with a tenant reseller: create it, edit its settings, try a stopped creation again."""

from dataclasses import asdict, dataclass
from types import SimpleNamespace
from typing import Any, Literal
from uuid import UUID
from zoneinfo import available_timezones

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email

from tenantry import jobs
from tenantry.channel.tenant_resellers import tasks
from tenantry.channel.upstream_credit.checking import tell_rule
from tenantry.database import Work
from tenantry.kernel import iso
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Conflict, Fault, Invalid, NotFound, Refused, Stale
from tenantry.rules.policy import Account, TenantReseller, no
from tenantry.schema.catalog import price_list, price_list_item
from tenantry.schema.channel import tenant_reseller
from tenantry.schema.crm import account, history_line
from tenantry.tenancy import audit, permissions, queries


@dataclass(frozen=True)
class NewTenantReseller:
    """The form of Create Tenant Reseller (TEN-04)."""

    account_id: UUID
    price_list_id: UUID
    admin_name: str
    admin_email: str
    language: str = "en"
    time_zone: str = "UTC"
    date_format: str = ""
    edition: str = "basic"
    separate_invoices: bool = False
    # Unless said otherwise, as soon as he has a limit: one that nobody gave him stops nobody (UP-47).
    credit_checked: bool | None = None


def create(work: Work, new: NewTenantReseller) -> UUID:
    """Ask for a tenant for a reseller; a job makes it, and its progress stands on the tenant reseller.
    Gives the id: the account's.
    """
    permissions.require(work, "tenant_resellers:edit")
    row = _account(work, new.account_id)
    Account.require("create_tenant_reseller", SimpleNamespace(**row), live=queries.is_live(work))
    if not row["reselling_enabled"]:
        raise Refused(
            no("TEN-04", "Reselling is not enabled on this account."),
            remedy="Edit the account and enable reselling first.",
        )
    existing = work.connection.execute(_ONE, {"tenant": work.tenant_id, "id": new.account_id}).mappings().first()
    if existing is not None:
        message = f"This account has a tenant of its own since {existing['created_at']:%Y-%m-%d}."
        raise Conflict(message, code="already-tenant-reseller", rule="TEN-04", remedy="Open its page.")
    faults = _faults(work, new)
    if faults:
        raise Invalid(*faults)
    settings = {
        key: value
        for key, value in asdict(new).items()
        if key not in {"account_id", "price_list_id", "separate_invoices", "credit_checked"}
    }
    work.connection.execute(
        sa.insert(tenant_reseller).values(
            tenant_id=work.tenant_id,
            id=new.account_id,
            reseller_tenant_id=new_id(),
            price_list_id=new.price_list_id,
            separate_invoices=new.separate_invoices,
            credit_checked=(row["credit_limit"] > 0 or None) if new.credit_checked is None else new.credit_checked,
            settings=settings,
            created_at=work.at,
        )
    )
    _start(work, new.account_id)
    audit.note(work, "tenant_resellers.create", f"Asked for a tenant for {row['name']}.", new.account_id)
    return new.account_id


def retry(work: Work, tenant_reseller_id: UUID) -> None:
    """Try a creation that stopped again, from the step it stopped at."""
    permissions.require(work, "tenant_resellers:edit")
    row = _locked(work, tenant_reseller_id)
    TenantReseller.require("retry", SimpleNamespace(standing=row["state"], status=""))
    work.connection.execute(_update(work, tenant_reseller_id).values(problem="", version=tenant_reseller.c.version + 1))
    _start(work, tenant_reseller_id)


def edit_settings(
    work: Work,
    tenant_reseller_id: UUID,
    *,
    separate_invoices: bool | None = None,
    for_accounts: Literal["new", "all"] = "new",
    credit_checked: bool | None = None,
    version: int | None = None,
) -> None:
    """Change Separate Invoices, for accounts to come only or for all that are mirrored or copied already as well
    (TEN-05); and whether his credit is checked before anything is provisioned for his customers (UP-47).
    """
    permissions.require(work, "tenant_resellers:edit")
    row = _locked(work, tenant_reseller_id)
    if version is not None and version != row["version"]:
        message = "These settings were changed since you read them."
        raise Stale(message, rule="API-06", remedy="Read them again and repeat your change.")
    if for_accounts not in {"new", "all"}:
        raise Invalid(Fault("for_accounts", "Say new (accounts to come only) or all.", "TEN-05"))
    TenantReseller.require("edit_settings", SimpleNamespace(standing=row["state"], status=""))
    if credit_checked is not None and credit_checked != row["credit_checked"]:
        _check_credit(work, tenant_reseller_id, before=bool(row["credit_checked"]), checked=credit_checked)
    if separate_invoices is not None:
        _separate_invoices(work, row, for_accounts, separate=separate_invoices)


def _check_credit(work: Work, tenant_reseller_id: UUID, *, before: bool, checked: bool) -> None:
    values = {"credit_checked": checked, "version": tenant_reseller.c.version + 1}
    work.connection.execute(_update(work, tenant_reseller_id).values(values))
    tell_rule(work, work.tenant_id)
    sentence = f"The check of his credit before provisioning was turned {'on' if checked else 'off'}"
    _history(work, tenant_reseller_id, sentence, {"credit_checked": {"before": before, "after": checked}})
    audit.note(work, "tenant_resellers.edit", sentence + ".", tenant_reseller_id)


def _separate_invoices(work: Work, row: dict[str, Any], for_accounts: Literal["new", "all"], *, separate: bool) -> None:
    tenant_reseller_id, separate_invoices = row["id"], separate
    changed = _update(work, tenant_reseller_id).values(
        separate_invoices=separate_invoices, version=tenant_reseller.c.version + 1
    )
    work.connection.execute(changed)
    if for_accounts == "all":
        work.connection.execute(
            sa.update(account)
            .where(
                account.c.tenant_id == work.tenant_id,
                account.c.bill_to_id == tenant_reseller_id,
                account.c.id != tenant_reseller_id,
                account.c.separate_invoices != separate_invoices,
            )
            .values(separate_invoices=separate_invoices, version=account.c.version + 1)
        )
    sentence = (
        f"Separate Invoices was turned {'on' if separate_invoices else 'off'} for "
        f"{'all accounts' if for_accounts == 'all' else 'new accounts only'}"
    )
    before_and_after = {"separate_invoices": {"before": row["separate_invoices"], "after": separate_invoices}}
    _history(work, tenant_reseller_id, sentence, before_and_after)
    audit.note(work, "tenant_resellers.edit", sentence + ".", tenant_reseller_id)


def _start(work: Work, id_: UUID) -> None:
    jobs.later(work.connection, tasks.CREATE, lock=f"tenant_reseller:{id_}", tenant=work.tenant_id, reseller=id_)


def _faults(work: Work, new: NewTenantReseller) -> list[Fault]:
    faults = []
    if not new.admin_name.strip() or len(new.admin_name) > 320:  # noqa: PLR2004 - the column's length
        faults.append(Fault("admin_name", "The admin user needs a name of at most 320 letters.", "TEN-04"))
    try:
        validate_email(new.admin_email, check_deliverability=False)
    except EmailNotValidError as fault:
        faults.append(Fault("admin_email", str(fault), "TEN-04", "Give the e-mail that the admin user signs in with."))
    if new.language not in iso.languages():
        faults.append(
            Fault(
                "language",
                f"There is no language {new.language!r}.",
                "TEN-30",
                "Give a two-letter code such as en, de or el.",
            )
        )
    if new.time_zone not in available_timezones():
        faults.append(
            Fault(
                "time_zone",
                f"There is no time zone {new.time_zone!r}.",
                "TEN-01",
                "Give an IANA name such as Europe/Athens.",
            )
        )
    if new.edition not in {"basic", "premium"}:
        faults.append(Fault("edition", "An edition is basic or premium.", "TEN-01"))
    items = sa.select(sa.func.count(price_list_item.c.id)).where(
        price_list_item.c.tenant_id == work.tenant_id, price_list_item.c.price_list_id == new.price_list_id
    )
    if work.connection.scalar(_PRICE_LIST, {"tenant": work.tenant_id, "id": new.price_list_id}) is None:
        faults.append(
            Fault(
                "price_list_id",
                "None of the price lists here was chosen.",
                "TEN-04",
                "Choose what the reseller may resell.",
            )
        )
    elif not work.connection.scalar(items):
        faults.append(
            Fault(
                "price_list_id",
                "This price list is empty, so there would be nothing to resell.",
                "TEN-04",
                "Add products to it first.",
            )
        )
    return faults


def _account(work: Work, id_: UUID) -> dict[str, Any]:
    query = sa.select(account).where(account.c.tenant_id == work.tenant_id, account.c.id == id_)
    if work.actor.readable is not None:
        query = query.where(account.c.permission_rule_id.in_(work.actor.readable))
    row = work.connection.execute(query.with_for_update(key_share=True)).mappings().first()
    if row is None:
        what = "account"
        raise NotFound(what)
    return dict(row)


def _locked(work: Work, id_: UUID) -> dict[str, Any]:
    row = work.connection.execute(_ONE.with_for_update(), {"tenant": work.tenant_id, "id": id_}).mappings().first()
    if row is None:
        what = "tenant reseller"
        raise NotFound(what)
    return dict(row)


def _update(work: Work, id_: UUID) -> sa.Update:
    return sa.update(tenant_reseller).where(tenant_reseller.c.tenant_id == work.tenant_id, tenant_reseller.c.id == id_)


def _history(work: Work, subject_id: UUID, sentence: str, changes: dict[str, Any] | None = None) -> None:
    work.connection.execute(
        sa.insert(history_line).values(
            tenant_id=work.tenant_id,
            id=new_id(),
            entity="tenant_reseller",
            subject_id=subject_id,
            at=work.at,
            actor_id=work.actor.id,
            actor=work.actor.name,
            sentence=sentence,
            changes=changes,
        )
    )


_ONE = sa.select(tenant_reseller).where(
    tenant_reseller.c.tenant_id == sa.bindparam("tenant"), tenant_reseller.c.id == sa.bindparam("id")
)
_PRICE_LIST = sa.select(price_list.c.currency).where(
    price_list.c.tenant_id == sa.bindparam("tenant"), price_list.c.id == sa.bindparam("id"), price_list.c.active
)
