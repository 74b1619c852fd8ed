"""Products and what they cost, and the outside systems that deliver them."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from tenantry.schema.base import (
    AMOUNT,
    ID,
    NOTHING,
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

CYCLES = "one_off monthly quarterly half_yearly yearly"

provisioning_system = tenant_table(
    "provisioning_system",
    text("name", "Name of the outside system."),
    text("kind", "Which connector speaks to it."),
    version(),
)

product = tenant_table(
    "product",
    text("sku", "Stock keeping unit: the short name that orders use."),
    text("name", "Name."),
    text("description", "Description.", long=True),
    text("category", "Category it is listed under."),
    choice("kind", "service add_on", "Sold by itself, or with another product.", default="service"),
    text("unit", "Unit of measure: user, GB, licence."),
    *ref(
        "provisioning_system_id", "provisioning_system", "The system that delivers it; none for what needs no delivery."
    ),
    flag("trial_allowed", "May be tried before it is bought."),
    flag("active", "May be sold now.", default=True),
    choice("standing", "own inherited withdrawn", "Whose product it is.", default="own"),
    moment("created_at", "When it was made here.", needed=True),
    version(),
    *search("product", "lower(name || ' ' || sku || ' ' || category)"),
    sort_name("name"),
    sa.UniqueConstraint("tenant_id", "sku"),
)

product_price = tenant_table(
    "product_price",
    *ref("product_id", "product", "Which product.", needed=True),
    choice("cycle", CYCLES, "Paid how often."),
    currency("currency", "In which currency."),
    sa.Column("unit_price", AMOUNT, nullable=False, comment="Selling price of one unit a cycle."),
    sa.Column("cost", AMOUNT, nullable=True, comment="What one unit costs the tenant a cycle."),
    version(),
    sa.UniqueConstraint("tenant_id", "product_id", "cycle", "currency", name="product_price_key"),
)

product_add_on = tenant_table(
    "product_add_on",
    *ref("product_id", "product", "The product ...", needed=True),
    *ref("add_on_id", "product", "... that this add-on can be bought with.", needed=True, index=True),
    sa.UniqueConstraint("tenant_id", "product_id", "add_on_id"),
)

plan = tenant_table(
    "plan",
    *ref("product_id", "product", "The product it sells.", needed=True, index=True),
    text("name", "Name of the plan."),
    sa.Column(
        "descends_from_id",
        ID,
        nullable=True,
        comment="The plan of the seller above that it descends from: a delegated plan.",
    ),
    choice("standing", "own inherited withdrawn", "Whose plan it is.", default="own"),
    version(),
)

price_list = tenant_table(
    "price_list",
    text("name", "Name."),
    currency("currency", "Currency of its prices."),
    sa.Column("valid_from", sa.Date, nullable=True, comment="First day; none: always."),
    sa.Column("valid_until", sa.Date, nullable=True, comment="Last day; none: open."),
    flag("active", "May be used.", default=True),
    moment("created_at", "When it was made.", needed=True),
    version(),
    *search("price_list", "lower(name || ' ' || currency)"),
    sort_name("name"),
    sa.CheckConstraint("valid_until >= valid_from", name="validity_forward"),
)

price_list_item = tenant_table(
    "price_list_item",
    *ref("price_list_id", "price_list", "Which list.", needed=True),
    *ref("product_id", "product", "Which product.", needed=True, index=True),
    choice("cycle", CYCLES, "Paid how often."),
    sa.Column("price", AMOUNT, nullable=False, comment="Price of one unit a cycle, in the list's currency."),
    version(),
    sa.UniqueConstraint("tenant_id", "price_list_id", "product_id", "cycle", name="price_list_item_key"),
)

payment_method = tenant_table(
    "payment_method",
    text("name", "Name."),
    choice("kind", "manual gateway", "By hand within some days, or by a gateway.", default="manual"),
    text("gateway", "The gateway."),
    text("merchant_account", "Merchant account at the gateway."),
    text("token_reference", "The gateway's reference; never a card number."),
    sa.Column(
        "payment_days",
        sa.SmallInteger,
        nullable=False,
        server_default=sa.text("30"),
        comment="Days to pay in, for a manual one.",
    ),
    flag("is_default", "Taken where none is chosen; at most one is."),
    moment("created_at", "When it was made.", needed=True),
    version(),
    sa.Index("payment_method_default_idx", "tenant_id", unique=True, postgresql_where=sa.text("is_default")),
)

sync_option = tenant_table(
    "sync_option",
    *ref("account_id", "account", "Which account ...", needed=True),
    *ref("system_id", "provisioning_system", "... is tied to which outside system.", needed=True, index=True),
    text("external_id", "Its id there."),
    choice(
        "status", "not_synchronized pending synchronized failed", "Where the tie stands.", default="not_synchronized"
    ),
    sa.Column(
        "system_data",
        JSONB,
        nullable=False,
        server_default=NOTHING,
        comment="What the system tells about it: domain, tenant name.",
    ),
    moment("created_at", "When it was made here.", needed=True),
    version(),
    sa.UniqueConstraint("tenant_id", "account_id", "system_id"),
)

__all__ = [
    "CYCLES",
    "ID",
    "payment_method",
    "plan",
    "price_list",
    "price_list_item",
    "product",
    "product_add_on",
    "product_price",
    "provisioning_system",
    "sync_option",
]
