"""Apply what a tenant told, batch by batch: each batch in one transaction that begins by claiming it (UP-40 to UP-43).

A batch is brought up by statements over all of it, however many customers it is about. It sees the reseller's tenant as
it was when the batch was claimed; a batch that others have overtaken fails as a whole and is tried again.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import DBAPIError, IntegrityError

from tenantry import jobs
from tenantry.channel.charging_soon import note_asked
from tenantry.channel.keeping_down import apply_down, is_for_below
from tenantry.channel.mirror.bringing_up import bring_up
from tenantry.channel.mirror.place import Place, place_of
from tenantry.channel.mirror.progress import note_progress
from tenantry.channel.upstream_credit import answering
from tenantry.database import Database, Work, once, spelled
from tenantry.jobs import Message
from tenantry.kernel.money import places_of
from tenantry.rules.back_orders import whole
from tenantry.rules.mirror_up import checks
from tenantry.rules.plan import PAGE
from tenantry.schema.message import message_set_aside
from tenantry.schema.tenant import tenant
from tenantry.tenancy.telling import CREDIT_ASKED, CREDIT_BELOW, GOES_DOWN

BATCH = 5_000
WAITS = "waits-behind"
UNEXPECTED = "unexpected"
# Somebody was faster: the transaction is tried again.
OVERTAKEN = {"40001", "40P01"}

log = structlog.get_logger()


@jobs.applies_messages
def apply(database: Database, tenant_id: UUID) -> int:
    """Claim a batch of what a tenant told, bring the mirrors above to the present, commit.

    Says how many messages it took. A batch that fails for a reason that nobody foresaw is parted until the message
    that is to blame stands alone; that one is set aside, and the others go on (UP-43).
    """
    parent_id = _parent(database, tenant_id)
    limit = BATCH
    while True:
        try:
            return _batch(database, tenant_id, parent_id, limit)
        except DBAPIError as fault:
            if not isinstance(fault, IntegrityError) and not is_of_the_data(fault):
                raise
            log.exception("messages_could_not_be_applied", tenant_id=str(tenant_id), batch=limit)
            if limit == 1:
                return _park_one(database, tenant_id)
        limit = max(1, limit // 4)


def _parent(database: Database, tenant_id: UUID) -> UUID | None:
    with database.work(tenant_id) as work:
        found: UUID | None = work.connection.scalar(_PARENT, {"tenant": tenant_id})
    return found


def is_of_the_data(fault: DBAPIError) -> bool:
    """Say whether the fault lies in what was told, and not in the connection, the server or somebody who was faster."""
    return str(getattr(fault.orig, "sqlstate", "") or "")[:2] in {"21", "22", "23", "42", "XX"}


def _batch(database: Database, tenant_id: UUID, parent_id: UUID | None, limit: int) -> int:
    tenants = [tenant_id, parent_id] if parent_id else [tenant_id]
    with database.channel(tenant_id, tenants, snapshot=True, by_key=True) as work:
        claimed = jobs.claim(work.connection, tenant_id, limit)
        down = [one for one in claimed if is_for_below(one)]
        heard = apply_down(work, down) if down else set()
        if credit := [one for one in claimed if one.kind in CREDIT_BELOW]:
            heard |= answering.apply_down(work, credit)
        told = [one for one in claimed if not is_for_below(one) and one.kind not in CREDIT_BELOW]
        if told and parent_id:
            note_progress(work, told, _apply(database, work, place_of(work), told))
    note_asked(work)
    if told and parent_id:
        heard.add(parent_id)
    for one in heard:
        database.changes.tell(one)
    return len(claimed)


def _apply(database: Database, work: Work, place: Place, told: Sequence[Message]) -> Sequence[Message]:
    """Bring up what can be, set aside the rest; gives what was brought up."""
    told = _not_behind(work, told)
    words = _words(work, place, told)
    if told and _went_well(database, work, place, words):
        return told
    held = {row.id: checks.OBSTACLES[row.place].code for row in work.connection.execute(checks.found, words)}
    if held:
        for code in set(held.values()):
            jobs.set_aside(work.connection, [one for one in told if held.get(one.account_id) == code], code)
        told = [one for one in told if one.account_id not in held]
        words = _words(work, place, told)
    if told:
        bring_up(database, work, place, words)
    return told


def _went_well(database: Database, work: Work, place: Place, words: dict[str, Any]) -> bool:
    """Bring up what was told, and say whether it could be: only what cannot has something looked for in its way.

    A sale without a price, or of a product that is gone, cannot be written above; what is there already cannot be
    written plainly.
    """
    there = spelled(checks.plainly_there).row(work.connection, words)
    if there.someone_elses or there.below < len(words["page"]):
        return False
    try:
        with work.connection.begin_nested():
            bring_up(database, work, place, words, plainly=True)
    except IntegrityError:
        log.info("looking_for_what_stands_in_the_way", tenant_id=str(work.tenant_id))
        return False
    return True


def _not_behind(work: Work, told: Sequence[Message]) -> list[Message]:
    """Leave out what belongs to a customer of whom something is set aside already: his changes stay in order."""
    page = once({one.account_id for one in told})
    found = spelled(_WAITING).rows(work.connection, {"giver": work.tenant_id, "page": page})
    waiting = {row.account_id for row in found}
    if waiting:
        jobs.set_aside(work.connection, [one for one in told if one.account_id in waiting], WAITS)
    return [one for one in told if one.account_id not in waiting]


def _words(work: Work, place: Place, told: Sequence[Message]) -> dict[str, Any]:
    """Give the words of the statements: whose, and which accounts, subscriptions, assets and facts."""

    def subjects(kind: str) -> list[UUID]:
        return once({one.subject_id for one in told if one.kind == kind})

    def facts(kind: str) -> list[UUID]:
        return once({one.fact_id for one in told if one.kind == kind and one.fact_id})

    return _whole(
        work,
        {
            "giver": work.tenant_id,
            "taker": place.parent_id,
            "reseller": place.reseller_account_id,
            "at": work.at,
            "digits": places_of(place.currency),
            "page": once({one.account_id for one in told}),
            "accounts": subjects("account"),
            "subscriptions": subjects("subscription"),
            "assets": subjects("asset"),
            "facts": facts("subscription"),
            "purchases": facts("asset"),
            "credits": subjects(CREDIT_ASKED),
        },
    )


def _whole(work: Work, words: dict[str, Any]) -> dict[str, Any]:
    """Add what belongs to the events of the batch, so that an order is made of all that was sold with it (BO-03)."""
    if not words["facts"] and not words["purchases"]:
        return words
    found = spelled(whole.found).rows(work.connection, words)
    if not found:
        return words
    grown: dict[str, set[UUID]] = {word: set(words[word]) for word, _ in found}
    for word, id in found:
        grown[word].add(id)
    return words | {name: once(ids) for name, ids in grown.items()}


def _park_one(database: Database, tenant_id: UUID) -> int:
    with database.channel(tenant_id, [tenant_id], snapshot=True) as work:
        told = jobs.claim(work.connection, tenant_id, 1)
        jobs.set_aside(work.connection, told, UNEXPECTED)
    return len(told)


_PARENT = sa.select(tenant.c.parent_id).where(tenant.c.id == sa.bindparam("tenant"))
_WAITING = (
    sa.select(message_set_aside.c.account_id)
    .where(
        message_set_aside.c.tenant_id == sa.bindparam("giver"),
        message_set_aside.c.account_id == sa.any_(PAGE),
        message_set_aside.c.kind.not_in(GOES_DOWN),
    )
    .distinct()
)
