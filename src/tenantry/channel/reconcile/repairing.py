"""Put a chunk of accounts right: by the very statements of the mirror, told that all of it may have changed (UP-44)."""

from collections.abc import Sequence
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError

from tenantry.channel.mirror.applying import is_of_the_data
from tenantry.channel.mirror.bringing_up import bring_up
from tenantry.channel.mirror.place import place_of
from tenantry.channel.reconcile import chunks
from tenantry.database import Database
from tenantry.rules.back_orders import comparing
from tenantry.rules.mirror_up import checks

log = structlog.get_logger()


def repair(database: Database, both: Sequence[UUID], accounts: Sequence[UUID], words: chunks.Words) -> None:
    """Write the reseller's values over ours where they differ; what something stands in the way of stays as it is.

    `both` are the reseller's tenant and ours. Nothing is deleted that a tombstone below does not delete (UP-24). Where
    one account cannot be written, for a reason that nobody foresaw, the others are.
    """
    try:
        _together(database, both, accounts, words)
    except DBAPIError as fault:
        if not is_of_the_data(fault):
            raise
        log.exception("accounts_could_not_be_repaired", tenant_id=str(both[0]), accounts=len(accounts))
        if len(accounts) > 1:
            for one in accounts:
                repair(database, both, [one], words)


def _together(database: Database, both: Sequence[UUID], accounts: Sequence[UUID], words: chunks.Words) -> None:
    with database.channel(both[0], both, snapshot=True) as work:
        words = {**words, "at": work.at}
        free = [one for one in chunks.present(work, accounts, words) if not one.on_its_way]
        some = chunks.about(work, words, free)
        held = {row.id for row in work.connection.execute(checks.found, some)}
        if held:
            some = chunks.about(work, words, [one for one in free if one.id not in held])
        if not some["page"]:
            return
        place = place_of(work)
        # What was sold for the first time has no subscription above yet, so its orders are found once it has.
        bring_up(database, work, place, some | {"facts": [], "purchases": []})
        arrived = chunks.present(work, some["page"], words)
        here = chunks.about(work, words, arrived)
        lost = {
            id for wanting in (comparing.unraised, comparing.unshown) for id in work.connection.scalars(wanting, here)
        }
        if lost:
            # All that was sold to them is told anew, so that what shows the last order still shows the last.
            sales = chunks.about(work, words, [one for one in arrived if one.id in lost])
            bring_up(database, work, place, sales | {"lost": sales["facts"]})
