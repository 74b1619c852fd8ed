"""What going live writes beside the marks (TEN-24)."""

from tenantry.rules.binds import ACTOR, ACTOR_ID, GIVER, HANDOVER, MOMENT
from tenantry.rules.copy import Copy
from tenantry.rules.derived import derived_id
from tenantry.rules.stanzas import assign, fill
from tenantry.rules.transfer_accounts.sources import giver, its_reseller, reseller
from tenantry.schema.crm import history_line

LIVE_HISTORY = Copy(
    name="live_history",
    into=history_line,
    source=giver,
    account=giver.c.id,
    joins={reseller: its_reseller},
    to=GIVER,
    id=derived_id(HANDOVER, giver.c.id, "live"),
    hashed=False,
    rules=(
        fill(
            "TEN-24",
            "One line above says that the reseller sells to it in his own tenant from then on.",
            entity="account",
            subject_id=giver.c.id,
            sentence=reseller.c.name.concat(" Tenant Reseller went live and sells to this account in his own tenant"),
            changes=None,
        ),
        assign(
            "TEN-24",
            "Dated at its moment.",
            at=MOMENT,
            actor_id=ACTOR_ID,
            actor=ACTOR,
            handover_id=HANDOVER,
        ),
    ),
)
