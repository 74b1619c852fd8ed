"""What is owed because of what was sold, and what outside systems are asked to do."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from tenantry.schema.base import AMOUNT, ID, choice, currency, moment, ref, tenant_table, text, version

# A charge is never changed but for where it was invoiced; what was wrong is charged the other way.
charge = tenant_table(
    "charge",
    *ref("account_id", "account", "Who is delivered to.", needed=True, index=True),
    *ref("bill_to_id", "account", "Who pays.", needed=True, index=True),
    sa.Column("subscription_id", ID, nullable=True, comment="The subscription that it is for."),
    sa.Column("asset_id", ID, nullable=True, comment="The asset that it is for."),
    sa.Column("change_id", ID, nullable=True, comment="The change of the subscription that made it."),
    sa.Column("order_id", ID, nullable=True, comment="The order that made it."),
    *ref("product_id", "product", "What is charged: the product or an add-on.", needed=True),
    choice("kind", "cycle change one_off", "For a period, for a change within one, or once."),
    sa.Column("period_from", sa.Date, nullable=True, comment="First day that it covers."),
    sa.Column("period_until", sa.Date, nullable=True, comment="Last day that it covers."),
    sa.Column("days", sa.Integer, nullable=True, comment="How many days that are ..."),
    sa.Column("of_days", sa.Integer, nullable=True, comment="... of how many of the whole period."),
    sa.Column("quantity", sa.Integer, nullable=False, comment="How many units; less than none for what is given back."),
    sa.Column(
        "unit_price", AMOUNT, nullable=False, comment="Price of one unit a whole cycle, before what is taken off."
    ),
    sa.Column(
        "discount_percent", AMOUNT, nullable=False, server_default=sa.text("0"), comment="Taken off, in percent."
    ),
    sa.Column("promotion_id", ID, nullable=True, comment="The promotion that was given."),
    sa.Column(
        "promotion_off", AMOUNT, nullable=False, server_default=sa.text("0"), comment="What it took off the amount."
    ),
    sa.Column("amount", AMOUNT, nullable=False, comment="What is owed, before tax; negative for what is given back."),
    currency("currency", "Currency of the amount."),
    text("explains", "How the amount came to be, in one line."),
    sa.Column("due_on", sa.Date, nullable=False, comment="From which day it may be invoiced."),
    sa.Column("invoice_id", ID, nullable=True, comment="The invoice that it is on (BIL-02)."),
    moment("created_at", "When it was made.", needed=True),
    version(),
    sa.Index(None, "tenant_id", "subscription_id"),
    sa.Index(None, "tenant_id", "due_on", "id"),
    sa.Index("charge_pending_idx", "tenant_id", "bill_to_id", "due_on", postgresql_where=sa.text("invoice_id IS NULL")),
)

# What an outside system is asked for; a connector carries it out, the manual one is a person (PRV).
service_request = tenant_table(
    "service_request",
    *ref("account_id", "account", "For whom.", needed=True, index=True),
    *ref("subscription_id", "subscription", "For which subscription.", needed=True, index=True),
    *ref("system_id", "provisioning_system", "Of which system.", needed=True),
    choice("verb", "create change suspend resume cancel", "What is asked for."),
    choice("status", "held pending in_progress done failed withdrawn", "Where it stands.", default="pending"),
    sa.Column("waits_for", ID, nullable=True, comment="The order above whose credit it waits for, or has (UP-47)."),
    sa.Column("desired", JSONB, nullable=False, comment="What there should be: product, quantity, add-ons."),
    text("answer", "What came of it."),
    sa.Column("change_id", ID, nullable=True, comment="The change that asks for it."),
    moment("created_at", "When it was asked for.", needed=True),
    moment("done_at", "When it was done, or failed."),
    version(),
    sa.Index(
        "service_request_open_idx",
        "tenant_id",
        "created_at",
        postgresql_where=sa.text("status IN ('pending', 'in_progress')"),
    ),
    sa.Index("service_request_held_idx", "tenant_id", "subscription_id", postgresql_where=sa.text("status = 'held'")),
)
