"""Products and what they cost, and the outside systems that deliver them."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint

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

ON_THE_SHELF = sa.text("active AND in_shop AND kind = 'service' AND standing <> 'withdrawn'")

CYCLES = "one_off monthly quarterly half_yearly yearly"

provisioning_system = tenant_table(
    "provisioning_system",
    text("name", "Name of the outside system."),
    text("kind", "Which connector speaks to it."),
    version(),
)

terms_document = tenant_table(
    "terms_document",
    text("name", "Name of the document."),
    text("edition", "Its version, as people name it."),
    text("body", "The text that is accepted.", long=True),
    flag("active", "May be asked for.", default=True),
    moment("created_at", "When it was made.", needed=True),
    version(),
    sa.UniqueConstraint("tenant_id", "name", "edition"),
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
    sa.Column(
        "trial_days", sa.SmallInteger, nullable=False, server_default=sa.text("30"), comment="How long a trial lasts."
    ),
    flag("active", "May be sold now.", default=True),
    sa.Column("active_from", sa.Date, nullable=True, comment="First day on sale; none: always."),
    sa.Column("active_until", sa.Date, nullable=True, comment="Last day on sale; none: open."),
    sa.Column("min_quantity", sa.Integer, nullable=False, server_default=sa.text("1"), comment="Fewest units of it."),
    sa.Column("max_quantity", sa.Integer, nullable=True, comment="Most units of it; none: no limit."),
    flag("in_shop", "Shown in the storefront.", default=True),
    flag("externally_priced", "An outside system prices it: what it costs a reseller is the price above (UP-31)."),
    *ref("terms_document_id", "terms_document", "What a buyer has to accept (SF-02)."),
    choice("standing", "own inherited withdrawn", "Whose product it is.", default="own"),
    moment("created_at", "When it was made here.", needed=True),
    version(),
    *search("product", "lower(name || ' ' || sku || ' ' || category)"),
    sort_name("name"),
    sa.UniqueConstraint("tenant_id", "sku"),
    # The shop's shelf, whole and by category, walked in the order of names; categories are found by leaps.
    # 50,000 products are listed by name from this index; without it each page sorts them all.
    sa.Index("product_name_idx", "tenant_id", "sort_name", "id"),
    sa.Index("product_shelf_idx", "tenant_id", "sort_name", "id", postgresql_where=ON_THE_SHELF),
    sa.Index("product_shelf_category_idx", "tenant_id", "category", "sort_name", "id", postgresql_where=ON_THE_SHELF),
    sa.CheckConstraint("active_until >= active_from", name="active_forward"),
    sa.CheckConstraint("min_quantity >= 1 AND max_quantity >= min_quantity", name="quantities"),
)

product_path = tenant_table(
    "product_path",
    *ref("product_id", "product", "A subscription of this product ...", needed=True),
    choice("kind", "upgrade downgrade", "... may go up or down ..."),
    *ref("to_product_id", "product", "... to this one (CAT-01, SUB-02).", needed=True, index=True),
    sa.UniqueConstraint("tenant_id", "product_id", "to_product_id", name="product_path_key"),
    sa.CheckConstraint("product_id <> to_product_id", name="elsewhere"),
)

product_characteristic = tenant_table(
    "product_characteristic",
    *ref("product_id", "product", "Which product.", needed=True),
    text("name", "What is said of it: storage, seats included."),
    text("value", "The value, as people read it."),
    sa.Column("position", sa.Integer, nullable=False, server_default=sa.text("0"), comment="Its place in the list."),
    sa.UniqueConstraint("tenant_id", "product_id", "name", name="product_characteristic_key"),
)

product_price = tenant_table(
    "product_price",
    *ref("product_id", "product", "Which product.", needed=True),
    choice("cycle", CYCLES, "Paid how often."),
    currency("currency", "In which currency."),
    sa.Column("unit_price", AMOUNT, nullable=False, comment="Selling price of one unit a cycle."),
    sa.Column("cost", AMOUNT, nullable=True, comment="What one unit costs the tenant a cycle."),
    sa.Column(
        "term_months",
        sa.SmallInteger,
        nullable=True,
        comment="For how many months a buyer commits himself; none: for one cycle.",
    ),
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
    text("descends_from_name", "What that plan was called when the catalogue last came from above."),
    choice("standing", "own inherited withdrawn", "Whose plan it is.", default="own"),
    version(),
    *search("plan", "lower(name || ' ' || descends_from_name)"),
    sort_name("name"),
    # As products are: as many of them are listed by name.
    sa.Index("plan_name_idx", "tenant_id", "sort_name", "id"),
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
    sa.Column(
        "min_quantity",
        sa.Integer,
        sa.CheckConstraint("min_quantity >= 1", name="min_quantity_positive"),
        nullable=False,
        server_default=sa.text("1"),
        comment="From how many units on: a volume tier.",
    ),
    sa.Column("price", AMOUNT, nullable=True, comment="Price of one unit a cycle, in the list's currency ..."),
    sa.Column(
        "margin_percent",
        AMOUNT,
        nullable=True,
        comment="... or what is put on its cost, in percent of it; neither: its unit price.",
    ),
    sa.Column("valid_from", sa.Date, nullable=True, comment="First day; none: always."),
    sa.Column("valid_until", sa.Date, nullable=True, comment="Last day; none: open."),
    version(),
    sa.UniqueConstraint(
        "tenant_id",
        "price_list_id",
        "product_id",
        "cycle",
        "min_quantity",
        "valid_from",
        name="price_list_item_key",
        postgresql_nulls_not_distinct=True,
    ),
    sa.CheckConstraint("num_nonnulls(price, margin_percent) <= 1", name="price_or_margin"),
    sa.CheckConstraint("valid_until >= valid_from", name="validity_forward"),
    ExcludeConstraint(
        ("tenant_id", "="),
        ("price_list_id", "="),
        ("product_id", "="),
        ("cycle", "="),
        ("min_quantity", "="),
        (sa.text("daterange(valid_from, valid_until, '[]')"), "&&"),
        name="price_list_item_no_overlap",
        using="gist",
    ),
)

promotion = tenant_table(
    "promotion",
    text("name", "Name."),
    text("code", "What a buyer types; empty: it applies by itself."),
    *ref("product_id", "product", "For which product.", needed=True, index=True),
    sa.Column("cycle", sa.Text, nullable=True, comment="For which cycle; none: for each."),
    choice("kind", "percent amount", "Taken off in percent, or as an amount of each unit."),
    sa.Column("off", AMOUNT, nullable=False, comment="How much is taken off."),
    currency("currency", "Currency of the amount; none for percent.", needed=False),
    choice("duration", "once cycles lifetime", "For the first cycle, for some, or for good.", default="once"),
    sa.Column("cycles", sa.SmallInteger, nullable=True, comment="For how many cycles."),
    sa.Column("valid_from", sa.Date, nullable=True, comment="First day it is given; none: always."),
    sa.Column("valid_until", sa.Date, nullable=True, comment="Last day; none: open."),
    flag("new_customers_only", "Only for accounts that never had a subscription."),
    flag("active", "May be given.", default=True),
    moment("created_at", "When it was made.", needed=True),
    version(),
    *search("promotion", "lower(name || ' ' || code)"),
    sort_name("name"),
    sa.CheckConstraint("off > 0", name="off_something"),
    sa.CheckConstraint("(kind = 'amount') = (currency IS NOT NULL)", name="amount_in_currency"),
    sa.CheckConstraint("(duration = 'cycles') = (cycles IS NOT NULL) AND cycles > 0", name="cycles_of_duration"),
    sa.CheckConstraint("valid_until >= valid_from", name="validity_forward"),
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
    "product_characteristic",
    "product_path",
    "product_price",
    "promotion",
    "provisioning_system",
    "sync_option",
    "terms_document",
]
