"""What happened to subscriptions, and assets."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from tenantry.schema.base import (
    AMOUNT,
    ID,
    choice,
    currency,
    flag,
    moment,
    ref,
    search,
    sort_name,
    tenant_table,
    text,
    version,
)

# What happened to a subscription, or will: written once it is done, and never changed after that.
subscription_change = tenant_table(
    "subscription_change",
    *ref("subscription_id", "subscription", "Which subscription.", needed=True, index=True),
    sa.Column("account_id", ID, nullable=False, comment="Its customer."),
    sa.Column("number", sa.BigInteger, nullable=False, comment="Its place among the customer's changes."),
    choice(
        "kind",
        "activation trial conversion quantity add_on upgrade downgrade suspension resumption cancellation renewal "
        "price renew_flag expiry",
        "What it is.",
    ),
    choice("status", "scheduled done withdrawn failed", "Whether it has happened.", default="done"),
    sa.Column("effective_on", sa.Date, nullable=False, comment="The day from which it counts."),
    sa.Column("product_id", ID, nullable=True, comment="The product, or the add-on, that it is about."),
    sa.Column("before", JSONB, nullable=True, comment="What it changed, as it was."),
    sa.Column("after", JSONB, nullable=False, comment="What it changed, as it is then."),
    sa.Column(
        "event_id",
        ID,
        nullable=True,
        comment="What it happened with: the order that it was carried out by, else itself (BO-03).",
    ),
    sa.Column(
        "sold",
        # None is no JSON null: what is read item by item is an array or nothing.
        JSONB(none_as_null=True),
        nullable=True,
        comment="What it sold, item by item: subscription, product, cycle, units more or fewer; none: nothing (BO-02).",
    ),
    *ref("order_id", "order", "The order that asked for it.", index=True),
    text("problem", "Why it could not be done."),
    sa.Column("actor_id", ID, nullable=True, comment="Who asked for it; none for the system."),
    text("actor", "His name then."),
    moment("created_at", "When it was asked for.", needed=True),
    moment("done_at", "When it was done."),
    flag("to_be_charged", "It was made by a reseller below, and what it costs him was not charged yet."),
    version(),
    sa.UniqueConstraint("tenant_id", "account_id", "number", name="subscription_change_key"),
    sa.Index(
        "subscription_change_uncharged_idx",
        "tenant_id",
        "subscription_id",
        postgresql_where=sa.text("to_be_charged"),
    ),
    sa.Index(
        "subscription_change_due_idx",
        "tenant_id",
        "effective_on",
        postgresql_where=sa.text("status = 'scheduled'"),
    ),
)

# One trial per account and product, also after the subscription is gone (SUB-01).
trial_use = tenant_table(
    "trial_use",
    *ref("account_id", "account", "Which account ...", needed=True),
    *ref("product_id", "product", "... has tried which product.", needed=True),
    sa.Column("subscription_id", ID, nullable=False, comment="As which subscription."),
    moment("at", "When.", needed=True),
    sa.UniqueConstraint("tenant_id", "account_id", "product_id"),
)

asset = tenant_table(
    "asset",
    *ref("account_id", "account", "Who has it.", needed=True, index=True),
    *ref("bill_to_id", "account", "Who pays.", needed=True),
    *ref("product_id", "product", "What it is.", needed=True, index=True),
    *ref("order_id", "order", "The order it came from.", index=True),
    text("name", "Name."),
    choice("status", "active returned cancelled", "Where it stands.", default="active"),
    sa.Column(
        "quantity",
        sa.Integer,
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
        nullable=False,
        comment="How many units.",
    ),
    sa.Column("unit_price", AMOUNT, nullable=False, comment="What one unit cost."),
    currency("currency", "Currency of its price."),
    sa.Column("bought_on", sa.Date, nullable=False, comment="The day it was bought."),
    text("serial_number", "Serial number or licence key's name; never the key itself."),
    choice("standing", "own mirrored moved_out transferred_out archived", "Who manages it.", default="own"),
    sa.Column(
        "managed_by",
        ID,
        nullable=True,
        comment="The tenant below that manages it; while it is own, the one that has a copy of it.",
    ),
    *ref("responsible_user_id", "tenant_user", "Who looks after it.", needed=True),
    *ref("permission_rule_id", "permission_rule", "Who may see and edit it.", needed=True),
    moment("created_at", "When it was made here.", needed=True),
    flag("to_be_charged", "It is mirrored, and what it costs the reseller was not charged, or given back, yet."),
    version(),
    sa.Index("asset_uncharged_idx", "tenant_id", "id", postgresql_where=sa.text("to_be_charged")),
    *search("asset", "lower(name || ' ' || serial_number)"),
    sort_name("name"),
)
