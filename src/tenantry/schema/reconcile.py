"""What the comparison of two tenants found, kept at the distributor (UP-44)."""

import sqlalchemy as sa

from tenantry.schema.base import ID, choice, moment, ref, tenant_table, text, version


def _count(name: str, comment: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False, server_default=sa.text("0"), comment=comment)


reconcile_run = tenant_table(
    "reconcile_run",
    *ref("tenant_reseller_id", "tenant_reseller", "Whose tenant is compared with this one.", needed=True, index=True),
    choice("kind", "comparison repair", "Whether it only looks, or repairs what another run found."),
    choice("status", "waiting running completed failed", "Where it stands.", default="waiting"),
    *ref("repairs_id", "reconcile_run", "The comparison whose differences it repairs.", index=True),
    sa.Column("last_message", sa.BigInteger, nullable=True, comment="The last message that was applied when it began."),
    _count("total", "Accounts there were to look at when it began."),
    _count("done", "Accounts looked at so far."),
    sa.Column("position", ID, nullable=True, comment="Last account of the last committed chunk."),
    _count("compared", "Accounts that belong into both tenants, and were compared."),
    _count("differences", "Fields and rows that differ; after a repair those that are left."),
    _count("accounts", "Accounts with differences."),
    _count("on_its_way", "Accounts left out because messages about them were still to be applied."),
    _count("set_aside", "Accounts with differences of which messages are set aside."),
    text("reason", "Why it was repaired, in the words of the one who asked.", long=True),
    sa.Column("asked_by", ID, nullable=True, comment="Who asked; none for the nightly run."),
    text("asked_by_name", "His name then."),
    text("problem", "Why it failed."),
    moment("created_at", "When it was asked for.", needed=True),
    moment("started_at", "When it began."),
    moment("completed_at", "When it ended: the date of its certificate."),
    version(),
    sa.Index("reconcile_run_created_idx", "tenant_id", "created_at", "id"),
)

reconcile_difference = tenant_table(
    "reconcile_difference",
    sa.Column("run_id", ID, nullable=False, comment="Which run found it."),
    sa.ForeignKeyConstraint(["tenant_id", "run_id"], ["reconcile_run.tenant_id", "reconcile_run.id"]),
    sa.Column("account_id", ID, nullable=False, comment="The customer."),
    text("account_name", "His name, at the distributor or else at the reseller."),
    choice(
        "record",
        "account address sync_option subscription subscription_add_on asset order order_item",
        "What kind of record.",
    ),
    sa.Column("record_id", ID, nullable=False, comment="The record, the same in both tenants."),
    choice("verdict", "differs missing surplus", "Another value above; no row above; a row above that is not below."),
    text("field", "The mirrored column; empty for a whole row."),
    text("below", "What the reseller has.", long=True),
    text("above", "What is here.", long=True),
    text("cause", "Code of why."),
    sa.Index("reconcile_difference_run_idx", "tenant_id", "run_id", "account_id", "id"),
)

# From when on somebody is told that mirrors are not in step: one row a tenant, none while it keeps the defaults.
mirror_alert = tenant_table(
    "mirror_alert",
    sa.Column("lag_seconds", sa.Integer, nullable=False, comment="Age of the oldest message that waits, in seconds."),
    sa.Column("waiting", sa.Integer, nullable=False, comment="Messages that wait."),
    sa.Column("set_aside", sa.Integer, nullable=False, comment="Messages that are set aside."),
    sa.Column("compared_days", sa.Integer, nullable=False, comment="Days since both tiers were last compared."),
    version(),
)
