"""Read what a command names: accounts and other records from files, and rates."""

from decimal import Decimal, InvalidOperation
from pathlib import Path
from uuid import UUID

from tenantry.channel.handovers import actions
from tenantry.database import Database
from tenantry.kernel.actor import Actor
from tenantry.kernel.ids import as_id
from tenantry.kernel.problems import Fault, Invalid


def ids_in(file: Path | None) -> list[UUID]:
    """Read ids, one a line; every line that is none is named."""
    assert file is not None  # noqa: S101 - the caller checked
    words = [line.split("#")[0].strip() for line in file.read_text(encoding="utf-8-sig").splitlines()]
    said = [(place, word, as_id(word)) for place, word in enumerate(words, 1) if word]
    faults = [Fault(f"line {place}", f"{word[:60]!r} is no id.", "DN-40") for place, word, id_ in said if id_ is None]
    if faults:
        raise Invalid(*faults)
    return [id_ for _, _, id_ in said if id_ is not None]


def rates_of(given: list[str]) -> dict[str, Decimal]:
    """Read rates, each as CURRENCY=RATE."""
    found: dict[str, Decimal] = {}
    for one in given:
        code, _, rate = one.partition("=")
        try:
            found[code.strip().upper()] = Decimal(rate.strip())
        except InvalidOperation:
            remedy = "Say it as USD=0.92: one unit of the currency in that of the price list."
            raise Invalid(Fault("rate", f"{one[:60]!r} is no rate.", "DN-44", remedy)) from None
    return found


def accounts_in(web: Database, tenant_id: UUID, actor: Actor, file: Path | None) -> list[UUID]:
    """Read ids or numbers, one a line; every line that is neither is named."""
    assert file is not None  # noqa: S101 - the caller checked
    words = [line.split("#")[0].strip() for line in file.read_text(encoding="utf-8-sig").splitlines()]
    said = [(place, word) for place, word in enumerate(words, 1) if word]
    numbers = {int(word) for _, word in said if word.isdecimal() and len(word) < 19}  # noqa: PLR2004 - what a bigint holds
    with web.work(tenant_id, actor) as work:
        known = actions.ids_of_numbers(work, numbers)
    ids: list[UUID] = []
    faults: list[Fault] = []
    for place, word in said:
        id_ = known.get(int(word)) if word.isdecimal() and len(word) < 19 else as_id(word)  # noqa: PLR2004
        if id_ is None:
            faults.append(Fault(f"line {place}", f"{word[:60]!r} is no account's id or number here.", "DN-02"))
        else:
            ids.append(id_)
    if faults:
        raise Invalid(*faults)
    return ids
