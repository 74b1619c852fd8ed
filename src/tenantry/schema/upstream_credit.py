"""What waits for credit at the seller above (UP-47)."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from tenantry.schema.base import ID, choice, moment, tenant_table, version

# A row for each event that sold what comes from above; its id is that of the order that it raises there.
upstream_credit = tenant_table(
    "upstream_credit",
    sa.Column("account_id", ID, nullable=False, comment="The customer that it was sold to."),
    sa.Column("order_id", ID, nullable=True, comment="The order here that was executed, or that tracks one below."),
    sa.Column("subscription_id", ID, nullable=True, comment="The subscription that was changed, where no order did."),
    choice("status", "asked refused released withdrawn", "What was answered from above.", default="asked"),
    sa.Column(
        "figures",
        JSONB(none_as_null=True),
        nullable=True,
        comment="Why it waits: limit, what is open, what it adds; none where it waits further up, or for nothing.",
    ),
    moment("asked_at", "When it was asked for.", needed=True),
    moment("answered_at", "When it was answered last."),
    version(),
    sa.Index(None, "tenant_id", "order_id"),
    sa.Index(None, "tenant_id", "subscription_id"),
    sa.Index("upstream_credit_open_idx", "tenant_id", "id", postgresql_where=sa.text("status IN ('asked', 'refused')")),
)
