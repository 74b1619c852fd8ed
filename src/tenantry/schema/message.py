"""The messages between tenants: local tables, ids only."""

import sqlalchemy as sa

from tenantry.schema.base import ID, local_table, moment


def _what_is_told() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("tenant_id", ID, nullable=False, comment="The tenant in which the change was made."),
        sa.Column("account_id", ID, nullable=False, comment="The customer: what cannot be applied waits with him."),
        sa.Column("kind", sa.Text, nullable=False, comment="What kind of record the subject is, or of fact."),
        sa.Column("subject_id", ID, nullable=False, comment="The record that changed; read it as it is now."),
        sa.Column("fact_id", ID, nullable=True, comment="The immutable row that came to be; null for a state."),
        sa.Column(
            "attempts", sa.SmallInteger, nullable=False, server_default="0", comment="How often it was set aside."
        ),
        moment("told_at", "When it was told, for the lag (UP-45).", needed=True),
    )


message = local_table(
    "message",
    sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False, comment="Facts of one account apply in this order."),
    *_what_is_told(),
    # One index for key and queue: a drainer reads one tenant from the lowest id on.
    sa.PrimaryKeyConstraint("tenant_id", "id"),
)

message_set_aside = local_table(
    "message_set_aside",
    sa.Column("id", sa.BigInteger, nullable=False, comment="Its id as a message, which it has again when put back."),
    *_what_is_told(),
    sa.Column("reason", sa.Text, nullable=False, comment="Code of what stood in the way; no business data."),
    moment("at", "When it was set aside.", needed=True),
    sa.PrimaryKeyConstraint("tenant_id", "id"),
    sa.Index(None, "tenant_id", "account_id"),
)

mirror_progress = local_table(
    "mirror_progress",
    sa.Column("tenant_id", ID, primary_key=True, comment="The tenant whose messages are applied above."),
    sa.Column("last_message", sa.BigInteger, nullable=False, comment="The highest message that was applied."),
    sa.Column("applied", sa.BigInteger, nullable=False, comment="How many were applied in all."),
    sa.Column("lag_ms", sa.Integer, nullable=False, comment="Age of the oldest message of the last batch (UP-45)."),
    moment("at", "When the last batch was applied.", needed=True),
)

mirror_sample = local_table(
    "mirror_sample",
    sa.Column("tenant_id", ID, nullable=False, comment="The tenant whose messages are applied above."),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="The minute."),
    sa.Column("waiting", sa.Integer, nullable=False, comment="Messages that waited then."),
    sa.Column("set_aside", sa.Integer, nullable=False, comment="Messages that were set aside then."),
    sa.Column("lag_ms", sa.Integer, nullable=False, comment="Age of the oldest that waited, else of the last batch's."),
    sa.Column("applied", sa.BigInteger, nullable=False, comment="How many had been applied in all."),
    sa.PrimaryKeyConstraint("tenant_id", "at"),
    sa.Index(None, "at"),
)
