"""One chunk of accounts, seen in both tenants as they were at one moment: who belongs there, and what differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tenantry.channel.mirror.place import place_of
from tenantry.database import Work
from tenantry.kernel.money import places_of
from tenantry.rules.mirror_up import checks
from tenantry.rules.reconcile import statements

Words = dict[str, Any]


@dataclass(frozen=True)
class Tally:
    """What a chunk came to: accounts compared, differences, accounts with some, of those with messages set aside."""

    compared: int = 0
    on_its_way: int = 0
    differences: int = 0
    accounts: int = 0
    set_aside: int = 0


@dataclass(frozen=True)
class Member:
    """An account that belongs into both tenants."""

    id: UUID
    managed: bool
    present: bool
    on_its_way: bool


def members(work: Work, words: Words) -> list[Member]:
    """Give the accounts between two ids that belong into both tenants."""
    return [Member(*row) for row in work.connection.execute(statements.members, words)]


def words_for(work: Work, tenant_id: UUID, run_id: UUID) -> Words:
    """Give the words that all chunks of a run share."""
    place = place_of(work)
    return {
        "giver": work.tenant_id,
        "taker": tenant_id,
        "reseller": place.reseller_account_id,
        "digits": places_of(place.currency),
        "at": work.at,
        "run": run_id,
    }


def about(work: Work, words: Words, accounts: Sequence[Member]) -> Words:
    """Add to the words all that was sold to these accounts, which is what the mirror's statements are about."""
    managed = [one.id for one in accounts if one.managed]
    some = {**words, "page": [one.id for one in accounts], "managed": managed}
    run = work.connection.scalars
    assets = list(run(statements.assets, some))
    return {
        **some,
        "subscriptions": list(run(statements.subscriptions, some)),
        "assets": assets,
        "facts": list(run(statements.sold_changes, some)),
        "purchases": assets,
    }


def compare(work: Work, words: Words, found: Sequence[Member]) -> Tally:
    """Compare these accounts, keep what differs with its cause, and say what it came to.

    What is still on its way is no difference; what is set aside is one, and is named as its cause.
    """
    looked = [one for one in found if not one.on_its_way]
    some = about(work, words, looked)
    if not looked:
        return Tally(on_its_way=len(found))
    for statement in statements.KEPT:
        work.connection.execute(statement, some)
    differences, accounts, set_aside = work.connection.execute(statements.tally, some).one()
    if differences:
        _blame(work, some)
    return Tally(len(looked), len(found) - len(looked), differences, accounts, set_aside)


def _blame(work: Work, some: Words) -> None:
    """Name what stands in the way of a repair, where something does."""
    held: dict[str, list[UUID]] = {}
    for id, place in work.connection.execute(checks.found, some):
        held.setdefault(checks.OBSTACLES[place].code, []).append(id)
    for code, accounts in held.items():
        work.connection.execute(statements.blamed, {**some, "page": accounts, "code": code})


def present(work: Work, accounts: Sequence[UUID], words: Words) -> list[Member]:
    """Give these accounts as members of both tenants, wherever they lie."""
    if not accounts:
        return []
    found = members(work, {**words, "after": UUID(int=accounts[0].int - 1), "upto": accounts[-1]})
    wanted = set(accounts)
    return [one for one in found if one.id in wanted]


def reach(work: Work, words: Words, size: int) -> UUID | None:
    """Say where a chunk of so many accounts ends; None when this one is the last."""
    ids = list(work.connection.scalars(statements.reach, {**words, "size": size}))
    return ids[-1] if len(ids) == size else None


def how_many(work: Work, words: Words) -> int:
    """Count the accounts of the reseller, for the progress."""
    return int(work.connection.scalar(statements.how_many, words) or 0)
