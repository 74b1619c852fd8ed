"""What happens between tenants: tenant resellers and handovers."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from tenantry.schema.base import ID, NOTHING, choice, flag, local_table, moment, ref, tenant_table, text, version

tenant_reseller = tenant_table(
    "tenant_reseller",
    sa.ForeignKeyConstraint(["tenant_id", "id"], ["account.tenant_id", "account.id"]),
    sa.Column("reseller_tenant_id", ID, nullable=False, unique=False, comment="The tenant it has of its own."),
    choice("state", "creating set_up accounts_transferred live suspended closed", "TEN-06.", default="creating"),
    *ref("price_list_id", "price_list", "What it may resell, at what it pays.", needed=True),
    flag("separate_invoices", "Mirrored customers get an invoice each."),
    sa.Column(
        "credit_checked",
        sa.Boolean,
        comment="What he sells is provisioned within his credit limit here only; undecided before he has one (UP-47).",
    ),
    sa.Column(
        "credit_turn",
        sa.BigInteger,
        nullable=False,
        server_default=sa.text("0"),
        comment="Counts the decisions about his credit, so that no two are made at once (UP-47).",
    ),
    sa.Column(
        "settings",
        JSONB,
        nullable=False,
        server_default=NOTHING,
        comment="The form it was created with: language, edition, admin user.",
    ),
    sa.Column(
        "steps",
        JSONB,
        nullable=False,
        server_default=sa.text("'[]'::jsonb"),
        comment="Steps of its creation: name, what was made, when.",
    ),
    text("problem", "Why its creation stopped; empty when it did not."),
    moment("created_at", "When it was asked for.", needed=True),
    moment("set_up_at", "When its creation was complete."),
    version(),
    sa.UniqueConstraint("tenant_id", "reseller_tenant_id"),
)

HANDOVER_STATUSES = (
    "planning planned awaiting_approval scheduled running completed completed_with_failures failed cancelled "
    "undoing undone"
)

handover = tenant_table(
    "handover",
    sa.Column("number", sa.BigInteger, nullable=False, comment="The tenant's own number for it."),
    choice("kind", "transfer_accounts transfer_subscriptions activate_back_ordering", "Which handover."),
    choice("status", HANDOVER_STATUSES, "HND-06.", default="planning"),
    *ref("tenant_reseller_id", "tenant_reseller", "The tenant reseller it is about.", needed=True, index=True),
    sa.Column("taker_id", ID, nullable=False, comment="The tenant that takes."),
    sa.Column(
        "choices",
        JSONB,
        nullable=False,
        comment="What was chosen: accounts or subscriptions (ids or all), and options.",
    ),
    text("reason", "Why, in the words of the one who planned it, or confirmed it.", long=True),
    sa.Column(
        "digest", sa.Text, nullable=True, comment="SHA-256 over kind, choices, rules, findings and records of the plan."
    ),
    sa.Column(
        "findings", JSONB, nullable=False, server_default=sa.text("'[]'::jsonb"), comment="What the checks found."
    ),
    sa.Column("counts", JSONB, nullable=False, server_default=NOTHING, comment="How many records of which verdict."),
    sa.Column("rules", sa.Text, nullable=True, comment="Fingerprint of the rules it was planned under."),
    sa.Column("planned_by", ID, nullable=True, comment="Who planned it."),
    sa.Column("planned_by_name", sa.Text, nullable=False, server_default=sa.text("''"), comment="His name then."),
    sa.Column("confirmed_by", ID, nullable=True, comment="Who confirmed it."),
    sa.Column("confirmed_by_name", sa.Text, nullable=False, server_default=sa.text("''"), comment="His name then."),
    sa.Column("undone_by", ID, nullable=True, comment="Who undid it."),
    sa.Column("undone_by_name", sa.Text, nullable=False, server_default=sa.text("''"), comment="His name then."),
    moment("planned_at", "When the plan was complete."),
    moment("confirmed_at", "When it was confirmed."),
    moment("scheduled_at", "When it is to run; none: at once."),
    moment("started_at", "When the run began."),
    moment("completed_at", "When the run ended."),
    moment("undone_at", "When it was undone."),
    flag("cancel_asked", "Somebody asked to stop it; chunks that were committed stay."),
    text("problem", "Why it failed, or why it was cancelled."),
    sa.Column(
        "total",
        sa.Integer,
        nullable=False,
        server_default=sa.text("0"),
        comment="Records to be handed over, or undone.",
    ),
    sa.Column("done", sa.Integer, nullable=False, server_default=sa.text("0"), comment="Records dealt with so far."),
    sa.Column("position", ID, nullable=True, comment="Last record of the last committed chunk."),
    moment("created_at", "When planning began.", needed=True),
    version(),
    sa.UniqueConstraint("tenant_id", "number"),
)

handover_record = tenant_table(
    "handover_record",
    sa.Column("handover_id", ID, nullable=False, comment="Which handover; `id` is the account's, or of what it has."),
    sa.ForeignKeyConstraint(["tenant_id", "handover_id"], ["handover.tenant_id", "handover.id"]),
    choice("verdict", "new wake live here clash held", "What the plan says of it.", default="new"),
    sa.Column("finding", sa.Text, nullable=True, comment="Code of the blocker that holds it."),
    sa.Column("hash", sa.BigInteger, nullable=False, comment="64 bits over exactly what the preview shows of it."),
    flag("keeps", "Whether the run writes over something of it whose old row an undo needs."),
    sa.Column(
        "outcome",
        sa.Text,
        sa.CheckConstraint("outcome IN ('copied', 'changed', 'undone', 'kept')", name="outcome_known"),
        nullable=True,
        comment="What became of it; none while nothing has.",
    ),
    sa.Column("why", sa.Text, nullable=True, comment="Why it was kept or left."),
    key=("tenant_id", "handover_id", "id"),
    fill=85,
)

handover_before = tenant_table(
    "handover_before",
    sa.Column("handover_id", ID, nullable=False, comment="Which handover."),
    sa.ForeignKeyConstraint(["tenant_id", "handover_id"], ["handover.tenant_id", "handover.id"]),
    sa.Column("row_tenant_id", ID, nullable=False, comment="Whose row was changed."),
    sa.Column("table_name", sa.Text, nullable=False, comment="In which table."),
    sa.Column("account_id", ID, nullable=False, comment="The account that the row belongs to."),
    sa.Column("old_row", JSONB, nullable=False, comment="The row as it was."),
    sa.Column(
        "version_written",
        sa.Integer,
        nullable=False,
        comment="Version the handover wrote; undo restores only a row still at it.",
    ),
    key=("tenant_id", "handover_id", "row_tenant_id", "table_name", "id"),
)

handover_claim = local_table(
    "handover_claim",
    sa.Column(
        "subject_id", ID, primary_key=True, comment="The account, whose one id makes the claim hold in every tenant."
    ),
    sa.Column("tenant_id", ID, nullable=False, comment="Tenant of the handover."),
    sa.Column("handover_id", ID, nullable=False, comment="The handover that holds it."),
    sa.Index(None, "handover_id"),
)

handover_tenant = local_table(
    "handover_tenant",
    sa.Column("handover_id", ID, nullable=False, comment="Which handover."),
    sa.Column("tenant_id", ID, nullable=False, comment="A tenant it may touch: giver, taker, and those between."),
    sa.PrimaryKeyConstraint("handover_id", "tenant_id"),
)
