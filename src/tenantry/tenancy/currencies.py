"""The currencies that a tenant works in, and what they are worth, with source and date (TEN-30)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import sqlalchemy as sa
from currency_converter import CurrencyConverter, RateNotFoundError
from sqlalchemy.dialects.postgresql import insert

from tenantry.database import Work
from tenantry.kernel import iso
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Fault, Invalid, NotFound, Refused
from tenantry.rules.policy.base import no
from tenantry.schema.tenant import tenant_currency
from tenantry.tenancy import audit, queries, records
from tenantry.tenancy.permissions import require

SOURCE = "European Central Bank"
# Easter with its week-end is the longest time without a new rate.
LONGEST_GAP = 10


@dataclass(frozen=True)
class Rate:
    """How much of `into` one unit of a currency was worth, on which day, and who says so."""

    rate: Decimal
    into: str
    on: date
    source: str = SOURCE


@dataclass(frozen=True)
class CurrencyView:
    """An activated currency and its worth in the default one; no rate where the source quotes none."""

    code: str
    name: str
    is_default: bool
    rate: Rate | None


def currencies(work: Work) -> tuple[CurrencyView, ...]:
    """List the activated currencies by code."""
    require(work, "setup:view")
    here = queries.tenant(work)
    return tuple(
        CurrencyView(
            code,
            iso.currencies().get(code, code),
            code == here.default_currency,
            None if code == here.default_currency else rate(code, here.default_currency),
        )
        for code in here.currencies
    )


def activate(work: Work, code: str) -> None:
    """Let records be in this currency; again changes nothing."""
    require(work, "setup:edit")
    code = code.strip().upper()
    if code not in iso.currencies():
        fault = Fault("currency", "There is no such currency in use.", "TEN-30", "Give an ISO 4217 code such as EUR.")
        raise Invalid(fault)
    written = work.connection.execute(
        insert(tenant_currency)
        .values(tenant_id=work.tenant_id, id=new_id(), currency=code)
        .on_conflict_do_nothing(index_elements=[tenant_currency.c.tenant_id, tenant_currency.c.currency])
        .returning(tenant_currency.c.id)
    ).first()
    if written:
        audit.note(work, "currencies.activate", f"Activated {code}.")


def deactivate(work: Work, code: str) -> None:
    """Let no new record be in this currency; those that are stay as they are."""
    require(work, "setup:edit")
    code = code.strip().upper()
    here = queries.tenant(work)
    if code not in here.currencies:
        raise NotFound("activated currency")
    if code == here.default_currency:
        raise Refused(no("TEN-30", "The default currency cannot be deactivated."), "Deactivate others.")
    records.remove(work, tenant_currency, tenant_currency.c.currency == code)
    audit.note(work, "currencies.deactivate", f"Deactivated {code}.")


def is_active(work: Work, code: str) -> bool:
    """Say whether records may be in this currency."""
    query = sa.select(tenant_currency.c.id).where(
        tenant_currency.c.tenant_id == work.tenant_id, tenant_currency.c.currency == code
    )
    return work.connection.execute(query).first() is not None


def rate(code: str, into: str, on: date | None = None) -> Rate | None:
    """Give the exchange rate of a day, or of the last one before it that has one; None where none is quoted."""
    bank = _bank()
    if code not in bank.bounds or into not in bank.bounds:
        return None
    last: date = min(bank.bounds[code].last_date, bank.bounds[into].last_date)
    wanted = min(on, last) if on else last
    for day in (wanted - timedelta(days=back) for back in range(LONGEST_GAP)):
        try:
            return Rate(Decimal(bank.convert(1, code, into, date=day)), into, day)
        except RateNotFoundError:
            continue
    return None


@cache
def _bank() -> CurrencyConverter:
    return CurrencyConverter(decimal=True)
