"""Make of a cell what the field's own reader understands: names become codes and ids, cents may follow a comma."""

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from uuid import UUID

from tenantry.intake import names
from tenantry.intake.fields import FIELDS
from tenantry.intake.problem import Unfit
from tenantry.intake.surroundings import Names, Surroundings

Value = Callable[[str], object]

THOUSANDS = 3


def value_of(field: str, around: Surroundings) -> Value:
    """Give the reader of a field's cells."""
    looked_up = {
        "bill_to": (around.payers, "reseller", "Write its number or its name, or leave the cell empty."),
        "price_list": (around.price_lists, "price list", "Write its name as in the list of price lists."),
        "payment_method": (around.payment_methods, "payment method", "Write its name as in the set-up."),
        "responsible_user": (around.users, "user", "Write his e-mail or his name."),
        "permission_rule": (around.permission_rules, "permission rule", "Write its name as in the set-up."),
    }
    if field in looked_up:
        return _lookup(*looked_up[field])
    column = FIELDS[field].column if field in FIELDS else ""
    return READERS.get(column, _as_it_is if column in {"description", ""} else _one_line)


def _as_it_is(text: str) -> str:
    return text


def _one_line(text: str) -> str:
    # Cells broken over lines are common in spreadsheets and mean a blank.
    return " ".join(text.split()) if "\n" in text or "\t" in text or "  " in text or "\xa0" in text else text


def _country(text: str) -> str:
    """Know a country by code, or by its name in any language of our trade."""
    found = names.country(text)
    if found is None:
        raise Unfit("country-unknown", "This is no country.", "TEN-30", "Write a code such as DE, or the name.")
    return found


def _currency(text: str) -> str:
    """Know a currency by code or name; whether the tenant has it is looked at later."""
    found = names.currency(text)
    if found is None:
        raise Unfit("currency-unknown", "This is no currency.", "TEN-30", "Write an ISO 4217 code such as EUR.")
    return found


def _language(text: str) -> str:
    """Know a language by tag or name."""
    return names.language(text) or text


def _amount(text: str) -> str:
    """Know an amount with a point or a comma before the cents."""
    bare = re.sub(r"[\s'’]", "", text)
    comma, point = bare.rfind(","), bare.rfind(".")
    if comma > point:
        cents = len(bare) - comma - 1 != THOUSANDS or point >= 0
        bare = bare.replace(".", "").replace(",", "." if cents else "")
    else:
        bare = bare.replace(",", "")
    try:
        return str(Decimal(bare))
    except InvalidOperation:
        return text


def _lookup(known: Names, what: str, remedy: str) -> Value:
    def read(text: str) -> UUID:
        found = known.get(_one_line(text).lower(), ())
        if len(found) == 1:
            return found[0]
        if found:
            raise Unfit("ambiguous", f"There are {len(found)} of that name here.", "CAT-04", "Write the number or id.")
        raise Unfit(f"{what.replace(' ', '-')}-unknown", f"There is no such {what} here.", "CAT-04", remedy)

    return read


READERS: dict[str, Value] = {
    "country": _country,
    "currency": _currency,
    "language": _language,
    "credit_limit": _amount,
}
