"""Payment methods: how accounts pay, by hand or through a gateway; never a card number (BIL-06)."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.kernel.ids import new_id
from tenantry.kernel.problems import Fault, Invalid, Refused
from tenantry.rules.policy.base import no
from tenantry.schema.catalog import payment_method
from tenantry.tenancy import audit, defaults, records
from tenantry.tenancy.permissions import require

RULE = "BIL-06"
KINDS: tuple[str, ...] = tuple(payment_method.c.kind.info["values"])
TEXTS = ("name", "gateway", "merchant_account", "token_reference")
EDITABLE = frozenset({*TEXTS, "kind", "payment_days"})
LONGEST_WAIT = 365
SHORTEST_CARD, LONGEST_CARD = 13, 19
GROUPED_DIGITS = re.compile(r"\d+(?:[ ./\-]\d+)*")


@dataclass(frozen=True)
class NewPaymentMethod:
    """A way to pay: by hand within some days, or by a gateway, which knows it by its own reference."""

    name: str
    kind: str = "manual"
    gateway: str = ""
    merchant_account: str = ""
    token_reference: str = ""
    payment_days: int = 30


@dataclass(frozen=True)
class PaymentMethodView:
    """A payment method as the set-up shows it."""

    id: UUID
    name: str
    kind: str
    gateway: str
    merchant_account: str
    token_reference: str
    payment_days: int
    is_default: bool
    created_at: datetime
    version: int


def payment_methods(work: Work) -> tuple[PaymentMethodView, ...]:
    """List the payment methods, the default one first; whoever edits accounts chooses among them."""
    p = payment_method.c
    query = (
        sa.select(*(p[name] for name in PaymentMethodView.__dataclass_fields__))
        .where(p.tenant_id == work.tenant_id)
        .order_by(p.is_default.desc(), p.name, p.id)
    )
    return tuple(PaymentMethodView(**row) for row in work.connection.execute(query).mappings())


def create(work: Work, new: NewPaymentMethod) -> UUID:
    """Make a payment method; the first one is the default."""
    require(work, "setup:edit")
    values = records.trimmed(asdict(new))
    _check(values)
    defaults.one_at_a_time(work, payment_method)
    method_id = new_id()
    is_first = defaults.is_missing(work, payment_method)
    work.connection.execute(
        sa.insert(payment_method).values(
            tenant_id=work.tenant_id, id=method_id, is_default=is_first, created_at=work.at, **values
        )
    )
    audit.note(work, "payment_methods.create", f"Made the payment method {values['name']!r}.", method_id, **values)
    return method_id


def edit(work: Work, method_id: UUID, changes: Mapping[str, Any], *, version: int | None = None) -> None:
    """Change a payment method."""
    require(work, "setup:edit")
    changes = records.trimmed(changes)
    row = records.locked(work, payment_method, method_id, version=version)
    before = {field: row._mapping[field] for field in EDITABLE}  # noqa: SLF001 - SQLAlchemy's public name
    _check({**before, **changes})
    records.write(work, payment_method, method_id, changes)
    differences = audit.changed(before, changes)
    audit.note(
        work, "payment_methods.edit", f"Changed the payment method {row.name!r}.", method_id, changes=differences
    )


def make_default(work: Work, method_id: UUID) -> None:
    """Take it where none is chosen; the one that was the default is so no more."""
    require(work, "setup:edit")
    defaults.one_at_a_time(work, payment_method)
    row = records.locked(work, payment_method, method_id)
    if row.is_default:
        return
    defaults.become(work, payment_method, method_id)
    audit.note(work, "payment_methods.make_default", f"Made {row.name!r} the default payment method.", method_id)


def delete(work: Work, method_id: UUID) -> None:
    """Delete a payment method that nothing uses; the default one only as the last."""
    require(work, "setup:edit")
    defaults.one_at_a_time(work, payment_method)
    row = records.locked(work, payment_method, method_id)
    p = payment_method.c
    others = sa.select(sa.exists().where(p.tenant_id == work.tenant_id, p.id != method_id))
    if row.is_default and work.connection.scalar(others):
        raise Refused(no(RULE, "It is the default payment method."), "Make another the default first.")
    records.refuse_while_used(work, payment_method, method_id, RULE)
    records.remove(work, payment_method, p.id == method_id)
    audit.note(work, "payment_methods.delete", f"Deleted the payment method {row.name!r}.", method_id)


def is_card_number(text: str) -> bool:
    """Say whether a text holds what may be a card number: 13 to 19 digits whose check digit is right (Luhn)."""
    for run in GROUPED_DIGITS.findall(text):
        groups = re.findall(r"\d+", run)
        # Any groups in a row, since an expiry date may follow the number.
        for first in range(len(groups)):
            for last in range(first, len(groups)):
                digits = "".join(groups[first : last + 1])
                if SHORTEST_CARD <= len(digits) <= LONGEST_CARD and _luhn(digits):
                    return True
    return False


def _luhn(digits: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0  # noqa: PLR2004 - of two digits


def _check(values: Mapping[str, Any]) -> None:
    faults = records.unknown_fields(values, EDITABLE, RULE)
    for field in TEXTS:
        wrong = records.text_fault(field, values[field], RULE, longest=200, needed=field == "name")
        if not wrong and is_card_number(values[field]):
            remedy = "Let the gateway keep the card, and write down its reference."
            wrong = [Fault(field, "This looks like a card number, which is never kept here.", RULE, remedy)]
        faults += wrong
    if values["kind"] not in KINDS:
        faults.append(Fault("kind", "There is no such kind.", RULE, f"One of {', '.join(KINDS)}."))
    if values["kind"] == "gateway" and not values["gateway"]:
        faults.append(Fault("gateway", "Say which gateway.", RULE, "Name it, or make it a manual one."))
    days = values["payment_days"]
    if not isinstance(days, int) or isinstance(days, bool) or not 0 <= days <= LONGEST_WAIT:
        faults.append(Fault("payment_days", "Not a number of days.", RULE, f"Give 0 to {LONGEST_WAIT}."))
    if faults:
        raise Invalid(*faults)
