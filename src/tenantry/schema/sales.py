"""Offers, orders and subscriptions."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from tenantry.schema.base import (
    AMOUNT,
    ID,
    choice,
    currency,
    custom_fields,
    flag,
    moment,
    ref,
    search,
    sort_name,
    tenant_table,
    text,
    version,
)
from tenantry.schema.catalog import CYCLES

# Statuses of a subscription: those in which it is charged for, and those in which it has not ended.
PAYING = ("active", "pending_cancellation")
LASTING = ("starting_later", "trial", "active", "suspended", "pending_cancellation")

order_type = tenant_table(
    "order_type",
    text("name", "Name of the type."),
    flag("is_default", "Taken where none is chosen; at most one is."),
    version(),
    sa.UniqueConstraint("tenant_id", "name"),
    sa.Index("order_type_default_idx", "tenant_id", unique=True, postgresql_where=sa.text("is_default")),
)

order_status = tenant_table(
    "order_status",
    choice("status", "draft submitted executed cancelled", "The status that it names ..."),
    text("name", "... as this tenant calls it (ORD-02)."),
    flag("is_default", "Taken when an order reaches the status; one of each is."),
    version(),
    sa.UniqueConstraint("tenant_id", "name"),
    sa.Index("order_status_default_idx", "tenant_id", "status", unique=True, postgresql_where=sa.text("is_default")),
)

order = tenant_table(
    "order",
    sa.Column("number", sa.BigInteger, nullable=False, comment="The tenant's own number for it."),
    text("name", "Name."),
    *ref("account_id", "account", "Who buys.", needed=True, index=True),
    *ref("bill_to_id", "account", "Who pays.", needed=True),
    *ref("price_list_id", "price_list", "Whose prices."),
    *ref("payment_method_id", "payment_method", "How it is paid."),
    *ref("order_type_id", "order_type", "Its type."),
    choice("status", "draft submitted executed cancelled", "Where it stands.", default="draft"),
    *ref("order_status_id", "order_status", "The tenant's own name for that; none: its default."),
    *ref("part_of_id", "order", "The order that it delivers a part of: a sub-order (ORD-02).", index=True),
    choice(
        "approval", "none waiting approved refused", "Whether somebody has to allow it over the limit.", default="none"
    ),
    sa.Column(
        "credit_figures",
        JSONB,
        nullable=True,
        comment="Limit, balance, what the order adds, when it was last looked at (ORD-05, UP-47).",
    ),
    sa.Column(
        "reserved",
        AMOUNT,
        nullable=True,
        comment="Of a back order: what it keeps of the reseller's credit until it is charged (UP-47); none: nothing.",
    ),
    sa.Column("ordered_on", sa.Date, nullable=False, comment="Order date."),
    currency("currency", "Currency of its prices."),
    *ref("sales_rep_id", "tenant_user", "Who sold it."),
    *ref("contact_id", "contact", "Whom it was agreed with."),
    text("campaign", "Campaign it came from."),
    choice("came_by", "person shop system", "How it came to be.", default="person"),
    custom_fields(),
    *ref("responsible_user_id", "tenant_user", "Who looks after it.", needed=True),
    *ref("permission_rule_id", "permission_rule", "Who may see and edit it.", needed=True),
    choice("standing", "own marked back_order frozen", "Who manages this order.", default="own"),
    sa.Column(
        "managed_by",
        ID,
        nullable=True,
        comment="The tenant below that its account is managed by, when marked or a back order.",
    ),
    moment("submitted_at", "When it was submitted."),
    moment("executed_at", "When it was executed."),
    moment("cancelled_at", "When it was cancelled."),
    moment("created_at", "When it was made here.", needed=True),
    version(),
    *search("order", "lower(name || ' ' || number || ' ' || campaign)"),
    sort_name("name"),
    sa.UniqueConstraint("tenant_id", "number"),
    # What has yet to be done is little, however many orders there were.
    sa.Index(
        "order_to_do_idx",
        "tenant_id",
        "status",
        "number",
        postgresql_where=sa.text("status IN ('draft', 'submitted')"),
    ),
    # What waits for credit, and what was given of it, is little, too.
    sa.Index("order_waiting_idx", "tenant_id", "bill_to_id", postgresql_where=sa.text("approval = 'waiting'")),
    sa.Index("order_reserved_idx", "tenant_id", "bill_to_id", postgresql_where=sa.text("reserved IS NOT NULL")),
    sa.CheckConstraint(
        "(standing IN ('marked', 'back_order')) = (managed_by IS NOT NULL)", name="standing_and_managed_by"
    ),
    fill=85,
)

order_item = tenant_table(
    "order_item",
    *ref("order_id", "order", "Which order.", needed=True, index=True),
    sa.Column("position", sa.Integer, nullable=False, server_default=sa.text("0"), comment="Its place in the order."),
    *ref("product_id", "product", "What is bought.", needed=True),
    choice("cycle", CYCLES, "Paid how often."),
    sa.Column(
        "quantity",
        sa.Integer,
        sa.CheckConstraint("quantity <> 0", name="quantity_not_zero"),
        nullable=False,
        comment="How many units.",
    ),
    sa.Column("unit_price", AMOUNT, nullable=False, comment="Price of one unit a cycle."),
    sa.Column(
        "discount_percent", AMOUNT, nullable=False, server_default=sa.text("0"), comment="Taken off, in percent."
    ),
    *ref("promotion_id", "promotion", "Given with it."),
    sa.Column(
        "tax_percent", AMOUNT, nullable=False, server_default=sa.text("0"), comment="Tax on it, in percent (BIL-05)."
    ),
    flag("trial", "Tried first, at no charge (SUB-01)."),
    sa.Column("start_on", sa.Date, nullable=True, comment="First day of what it makes; none: the day of execution."),
    *ref("subscription_id", "subscription", "The subscription that it is bought for, or that it became."),
    *ref("asset_id", "asset", "The asset that it became."),
    *ref("delivered_by_id", "order", "The sub-order that delivers it."),
    version(),
)

offer = tenant_table(
    "offer",
    sa.Column("number", sa.BigInteger, nullable=False, comment="The tenant's own number for it."),
    text("name", "Name."),
    *ref("account_id", "account", "Whom it is made to.", needed=True, index=True),
    *ref("opportunity_id", "opportunity", "The opportunity that led to it.", index=True),
    *ref("price_list_id", "price_list", "Whose prices."),
    *ref("contact_id", "contact", "Whom it was agreed with."),
    *ref("order_id", "order", "The order that it became.", index=True),
    choice("status", "in_progress accepted lost", "Where it stands.", default="in_progress"),
    currency("currency", "Currency of its prices."),
    sa.Column("offered_on", sa.Date, nullable=False, comment="Its date."),
    sa.Column("valid_until", sa.Date, nullable=True, comment="Last day it may be accepted."),
    text("note", "What is said with it.", long=True),
    *ref("responsible_user_id", "tenant_user", "Who looks after it.", needed=True),
    *ref("permission_rule_id", "permission_rule", "Who may see and edit it.", needed=True),
    moment("created_at", "When it was made.", needed=True),
    version(),
    *search("offer", "lower(name || ' ' || number)"),
    sort_name("name"),
    sa.UniqueConstraint("tenant_id", "number"),
)

offer_item = tenant_table(
    "offer_item",
    *ref("offer_id", "offer", "Which offer.", needed=True, index=True),
    sa.Column("position", sa.Integer, nullable=False, server_default=sa.text("0"), comment="Its place in the offer."),
    *ref("product_id", "product", "What is offered.", needed=True),
    choice("cycle", CYCLES, "Paid how often."),
    sa.Column(
        "quantity",
        sa.Integer,
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
        nullable=False,
        comment="How many units.",
    ),
    sa.Column("unit_price", AMOUNT, nullable=False, comment="Price of one unit a cycle."),
    sa.Column(
        "discount_percent", AMOUNT, nullable=False, server_default=sa.text("0"), comment="Taken off, in percent."
    ),
    *ref("promotion_id", "promotion", "Given with it."),
    version(),
)

subscription = tenant_table(
    "subscription",
    *ref("account_id", "account", "Who is delivered to.", needed=True, index=True),
    *ref("bill_to_id", "account", "Who pays.", needed=True),
    *ref("product_id", "product", "What is delivered.", needed=True, index=True),
    *ref("order_id", "order", "The order it came from."),
    text("name", "Name."),
    choice(
        "status",
        "starting_later trial active suspended pending_cancellation cancelled expired",
        "Where it stands.",
        default="active",
    ),
    choice("cycle", CYCLES, "Paid how often."),
    currency("currency", "Currency of its price."),
    sa.Column(
        "quantity",
        sa.Integer,
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
        nullable=False,
        comment="How many units.",
    ),
    sa.Column("unit_price", AMOUNT, nullable=False, comment="Price of one unit a cycle; kept until updated (SUB-04)."),
    sa.Column(
        "discount_percent", AMOUNT, nullable=False, server_default=sa.text("0"), comment="Taken off, in percent."
    ),
    *ref("promotion_id", "promotion", "The promotion it was sold with."),
    sa.Column(
        "promotion_cycles_left",
        sa.SmallInteger,
        nullable=True,
        comment="Cycles that the promotion is still given for; none: for good, or there is none.",
    ),
    flag("price_frozen", "Exempt from updates of prices."),
    sa.Column("start_on", sa.Date, nullable=False, comment="First day."),
    sa.Column("trial_until", sa.Date, nullable=True, comment="Last day of the trial."),
    sa.Column("paid_from", sa.Date, nullable=True, comment="First day that is charged; none while it is tried."),
    sa.Column(
        "anchor_on",
        sa.Date,
        nullable=True,
        comment="A first day of its billing periods, from which the others are counted; none: the first paid day.",
    ),
    sa.Column("charged_until", sa.Date, nullable=True, comment="Last day for which charges were made."),
    sa.Column("term_until", sa.Date, nullable=True, comment="Last day that the buyer is committed to."),
    sa.Column("end_on", sa.Date, nullable=True, comment="Last day, when it is known."),
    sa.Column("suspended_on", sa.Date, nullable=True, comment="First day of the suspension it is in."),
    flag("renew", "Renews by itself.", default=True),
    *ref("split_from_id", "subscription", "The subscription that it was parted from (SUB-02)."),
    text("external_id", "Its id in the outside system."),
    choice(
        "provisioning_status",
        "not_provisioned pending requested in_progress provisioned failed",
        "PRV-20.",
        default="not_provisioned",
    ),
    choice("standing", "own mirrored moved_out transferred_out archived", "Who manages it.", default="own"),
    sa.Column(
        "managed_by",
        ID,
        nullable=True,
        comment="The tenant below that manages it; while it is own, the one that has a copy of it.",
    ),
    custom_fields(),
    *ref("responsible_user_id", "tenant_user", "Who looks after it.", needed=True),
    *ref("permission_rule_id", "permission_rule", "Who may see and edit it.", needed=True),
    moment("created_at", "When it was made here.", needed=True),
    version(),
    *search("subscription", "lower(name || ' ' || external_id)"),
    sort_name("name"),
)

subscription_add_on = tenant_table(
    "subscription_add_on",
    *ref("subscription_id", "subscription", "Which subscription ...", needed=True, index=True),
    *ref("product_id", "product", "... has which add-on.", needed=True),
    sa.Column(
        "quantity",
        sa.Integer,
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
        nullable=False,
        comment="How many units.",
    ),
    sa.Column("unit_price", AMOUNT, nullable=False, comment="Price of one unit a cycle."),
    sa.Column(
        "discount_percent", AMOUNT, nullable=False, server_default=sa.text("0"), comment="Taken off, in percent."
    ),
    *ref("promotion_id", "promotion", "The promotion it was sold with."),
    sa.Column(
        "promotion_cycles_left",
        sa.SmallInteger,
        nullable=True,
        comment="Cycles that the promotion is still given for; none: for good, or there is none.",
    ),
    *ref("order_id", "order", "The order that it came from: its source (BO-17)."),
    version(),
    sa.UniqueConstraint("tenant_id", "subscription_id", "product_id", name="subscription_add_on_key"),
)
