"""The lists of the catalogue: columns, filters, orders of sorting (API-04, UI-03)."""

import sqlalchemy as sa

from tenantry.schema.catalog import CYCLES, plan, price_list, product, promotion, provisioning_system, terms_document
from tenantry.tenancy.listing import Column, Listing

STANDINGS = {"own": "Own", "inherited": "From the distributor", "withdrawn": "Withdrawn"}
KINDS = {"service": "Service", "add_on": "Add-on"}

CYCLE_NAMES = {cycle: cycle.replace("_", " ").capitalize() for cycle in CYCLES.split()}
OFF_KINDS = {"percent": "Percent", "amount": "An amount of each unit"}
DURATIONS = {"once": "The first cycle", "cycles": "Some cycles", "lifetime": "As long as it runs"}

PRODUCTS = Listing(
    name="products",
    permission="products:view",
    table=product,
    columns=(
        Column("id", product.c.id, "Id", "ref"),
        Column("sku", product.c.sku, "SKU", sortable=True, shown=True),
        Column("name", product.c.name, "Name", sortable=True, shown=True, folded=product.c.sort_name),
        Column("category", product.c.category, "Category", sortable=True, shown=True),
        Column("kind", product.c.kind, "Kind", "choice", shown=True, choices=KINDS),
        Column("unit", product.c.unit, "Unit", shown=True),
        Column("provisioning_system", provisioning_system.c.name, "Delivered by", filterable=False),
        Column("trial_allowed", product.c.trial_allowed, "Trial allowed", "flag"),
        Column("active", product.c.active, "On sale", "flag", shown=True),
        Column("active_from", product.c.active_from, "On sale from", "date"),
        Column("active_until", product.c.active_until, "On sale until", "date"),
        Column("in_shop", product.c.in_shop, "In the shop", "flag"),
        Column("externally_priced", product.c.externally_priced, "Priced from outside", "flag"),
        Column("standing", product.c.standing, "Whose", "choice", shown=True, choices=STANDINGS),
        Column("version", product.c.version, "Version", "number", filterable=False),
    ),
    sort="name",
    rule=None,
    joins={
        provisioning_system: sa.and_(
            provisioning_system.c.tenant_id == product.c.tenant_id,
            provisioning_system.c.id == product.c.provisioning_system_id,
        )
    },
    search=product,
)

PRICE_LISTS = Listing(
    name="price_lists",
    permission="products:view",
    table=price_list,
    columns=(
        Column("id", price_list.c.id, "Id", "ref", filterable=False),
        Column("name", price_list.c.name, "Name", sortable=True, shown=True, folded=price_list.c.sort_name),
        Column("currency", price_list.c.currency, "Currency", sortable=True, shown=True),
        Column("valid_from", price_list.c.valid_from, "Valid from", "date", shown=True),
        Column("valid_until", price_list.c.valid_until, "Valid until", "date", shown=True),
        Column("active", price_list.c.active, "Active", "flag", shown=True),
        Column("version", price_list.c.version, "Version", "number", filterable=False),
    ),
    sort="name",
    rule=None,
    search=price_list,
)

PROMOTIONS = Listing(
    name="promotions",
    permission="products:view",
    table=promotion,
    columns=(
        Column("id", promotion.c.id, "Id", "ref", filterable=False),
        Column("name", promotion.c.name, "Name", sortable=True, shown=True, folded=promotion.c.sort_name),
        Column("code", promotion.c.code, "Code", shown=True),
        Column("product_id", promotion.c.product_id, "Product id", "ref"),
        Column("product", product.c.name, "Product", filterable=False, shown=True),
        Column("cycle", promotion.c.cycle, "Cycle", "choice", choices=CYCLE_NAMES),
        Column("off", promotion.c.off, "Taken off", "number", filterable=False, shown=True),
        Column("kind", promotion.c.kind, "Taken off in", "choice", shown=True, choices=OFF_KINDS),
        Column("currency", promotion.c.currency, "Currency"),
        Column("duration", promotion.c.duration, "For", "choice", shown=True, choices=DURATIONS),
        Column("valid_from", promotion.c.valid_from, "Given from", "date", shown=True),
        Column("valid_until", promotion.c.valid_until, "Given until", "date", shown=True),
        Column("new_customers_only", promotion.c.new_customers_only, "New customers only", "flag"),
        Column("active", promotion.c.active, "In use", "flag", shown=True),
        Column("version", promotion.c.version, "Version", "number", filterable=False),
    ),
    sort="name",
    rule=None,
    joins={product: sa.and_(product.c.tenant_id == promotion.c.tenant_id, product.c.id == promotion.c.product_id)},
    search=promotion,
)

TERMS_DOCUMENTS = Listing(
    name="terms_documents",
    permission="products:view",
    table=terms_document,
    columns=(
        Column("id", terms_document.c.id, "Id", "ref", filterable=False),
        Column("name", terms_document.c.name, "Name", sortable=True, shown=True),
        Column("edition", terms_document.c.edition, "Edition", sortable=True, shown=True),
        Column("active", terms_document.c.active, "In use", "flag", shown=True),
        Column("created_at", terms_document.c.created_at, "Made at", "moment", sortable=True, shown=True),
        Column("version", terms_document.c.version, "Version", "number", filterable=False),
    ),
    sort="name",
    rule=None,
)

PLANS = Listing(
    name="plans",
    permission="products:view",
    table=plan,
    columns=(
        Column("id", plan.c.id, "Id", "ref", filterable=False),
        Column("name", plan.c.name, "Name", sortable=True, shown=True, folded=plan.c.sort_name),
        Column("product_id", plan.c.product_id, "Product id", "ref"),
        Column("product", product.c.name, "Product", filterable=False, shown=True),
        Column("descends_from_id", plan.c.descends_from_id, "Descends from, id", "ref"),
        Column("descends_from_name", plan.c.descends_from_name, "Descends from", filterable=False, shown=True),
        Column("standing", plan.c.standing, "Whose", "choice", shown=True, choices=STANDINGS),
        Column("version", plan.c.version, "Version", "number", filterable=False),
    ),
    sort="name",
    rule=None,
    joins={product: sa.and_(product.c.tenant_id == plan.c.tenant_id, product.c.id == plan.c.product_id)},
    search=plan,
)
