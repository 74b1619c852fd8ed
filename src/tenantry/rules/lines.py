"""The history lines of a handover: below, where a record came from; above, where it went."""

from typing import Any

import sqlalchemy as sa

from tenantry.rules.binds import ACTOR, ACTOR_ID, GIVER, HANDOVER, MOMENT
from tenantry.rules.copy import Copy
from tenantry.rules.derived import derived_id
from tenantry.rules.stanzas import assign, fill
from tenantry.rules.transfer_accounts.sources import its_reseller, its_sender, reseller, sender
from tenantry.schema.crm import history_line

EVERY = sa.true()


def line_below(
    name: str,
    of: Any,
    rule: str,
    says: str,
    *,
    entity: object,
    sentence: Any,
    account: Any = None,
    rows: sa.ColumnElement[bool] = EVERY,
) -> Copy:
    """Write one line in the taker's tenant for each of these records; the sentence goes on with the sender's name."""
    return Copy(
        name=name,
        into=history_line,
        source=of,
        account=of.c.id if account is None else account,
        joins={sender: its_sender},
        rows=rows,
        id=derived_id(HANDOVER, of.c.id, "received"),
        hashed=False,
        rules=(
            fill(rule, says, entity=entity, subject_id=of.c.id, sentence=sentence.concat(sender.c.name), changes=None),
            assign(
                rule, "Dated at the time of creation.", at=MOMENT, actor_id=None, actor="Tenantry", handover_id=HANDOVER
            ),
        ),
    )


def line_above(name: str, of: Any, says: str, *, entity: object, sentence: Any, key: str = "given") -> Copy:
    """Write one line in the giver's tenant for each of these records; `key` tells it from others of the handover."""
    return Copy(
        name=name,
        into=history_line,
        source=of,
        account=of.c.id,
        joins={reseller: its_reseller},
        to=GIVER,
        id=derived_id(HANDOVER, of.c.id, key),
        hashed=False,
        rules=(
            fill("TEN-24", says, entity=entity, subject_id=of.c.id, sentence=sentence, changes=None),
            assign(
                "TEN-24",
                "Dated at the time of the handover.",
                at=MOMENT,
                actor_id=ACTOR_ID,
                actor=ACTOR,
                handover_id=HANDOVER,
            ),
        ),
    )
