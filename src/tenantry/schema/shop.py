"""The storefront: who may buy there, and his basket."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from tenantry.schema.base import ID, choice, currency, local_table, moment, ref, tenant_table, text, version
from tenantry.schema.catalog import CYCLES

# A storefront user is a contact; this is how he signs in.
shop_login = tenant_table(
    "shop_login",
    *ref("contact_id", "contact", "Whose.", needed=True),
    text("password_hash", "Hash of his password; empty until he has chosen one."),
    text(
        "invitation_hash",
        "Hash of the secret in his invitation; empty when it was used.",
    ),
    moment("invited_until", "Until when the invitation can be used."),
    moment("last_signed_in_at", "When he signed in last."),
    version(),
    sa.UniqueConstraint("tenant_id", "contact_id"),
)

shop_session = local_table(
    "shop_session",
    sa.Column("hash", sa.LargeBinary, primary_key=True, comment="Hash of the secret in the cookie."),
    sa.Column("tenant_id", ID, nullable=False, comment="Whose shop."),
    sa.Column("contact_id", ID, nullable=False, comment="Who is signed in."),
    sa.Column("account_id", ID, nullable=False, comment="For whom he is buying: his own account, or a customer of it."),
    moment("created_at", "When he signed in.", needed=True),
    moment("seen_at", "When he was last seen, to the minute.", needed=True),
    sa.Index(None, "tenant_id", "contact_id"),
)

basket = tenant_table(
    "basket",
    *ref("account_id", "account", "For whom is bought.", needed=True, index=True),
    *ref("contact_id", "contact", "The storefront user who buys; none: a person of the tenant."),
    choice("status", "open ordered", "Whether it is still being filled.", default="open"),
    *ref("order_id", "order", "The order that the checkout made."),
    *ref("price_list_id", "price_list", "Whose prices."),
    currency("currency", "Currency of its prices."),
    text("promotion_code", "The code that was typed."),
    moment("created_at", "When it was made.", needed=True),
    version(),
    sa.Index(
        "basket_open_idx",
        "tenant_id",
        "account_id",
        "contact_id",
        unique=True,
        postgresql_where=sa.text("status = 'open'"),
        postgresql_nulls_not_distinct=True,
    ),
)

basket_item = tenant_table(
    "basket_item",
    *ref("basket_id", "basket", "Which basket.", needed=True, index=True),
    *ref("product_id", "product", "What is bought.", needed=True),
    choice("cycle", CYCLES, "Paid how often."),
    sa.Column(
        "quantity",
        sa.Integer,
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
        nullable=False,
        comment="How many units.",
    ),
    sa.Column("trial", sa.Boolean, nullable=False, server_default=sa.text("false"), comment="Tried first (SUB-01)."),
    version(),
)

# Which version of which document somebody accepted, and when: written once (SF-02).
terms_acceptance = tenant_table(
    "terms_acceptance",
    *ref("account_id", "account", "For whom.", needed=True, index=True),
    *ref("order_id", "order", "With which order ...", index=True),
    *ref("subscription_id", "subscription", "... or for the change of which subscription.", index=True),
    *ref("document_id", "terms_document", "Which document.", needed=True),
    text("edition", "Its version then."),
    text("document_hash", "SHA-256 of the text that was accepted."),
    sa.Column("actor_id", ID, nullable=True, comment="Who accepted."),
    text("actor", "His name then."),
    moment("at", "When.", needed=True),
    sa.CheckConstraint("num_nonnulls(order_id, subscription_id) <= 1", name="for_one_thing"),
)

# What the distributor's catalogue brought down to a tenant reseller (CAT-20): planned, shown, applied, kept.
catalogue_update = tenant_table(
    "catalogue_update",
    *ref("tenant_reseller_id", "tenant_reseller", "Whose catalogue.", needed=True, index=True),
    choice("mode", "full purchase_prices", "All that is inherited, or purchase prices only.", default="full"),
    sa.Column(
        "with_selling_prices",
        sa.Boolean,
        nullable=False,
        server_default=sa.text("false"),
        comment="Whether the reseller's selling prices are set to the distributor's too.",
    ),
    choice("status", "planned applied outdated", "Where it stands.", default="planned"),
    text("digest", "Hash of the differences that were shown."),
    sa.Column("differences", JSONB, nullable=False, comment="Item by item: what, field, before, after, rule."),
    sa.Column("actor_id", ID, nullable=True, comment="Who applied it."),
    text("actor", "His name then."),
    moment("created_at", "When it was planned.", needed=True),
    moment("applied_at", "When it was applied."),
    version(),
)
