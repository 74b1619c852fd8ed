"""The catalogue of a new tenant, field by field:
the products of its price list, what they need, and how it pays (TEN-04, CAT-20, CAT-21).
"""

import sqlalchemy as sa

from tenantry.rules.binds import GIVER, MOMENT, RESELLER, TAKER
from tenantry.rules.copy import Copy
from tenantry.rules.derived import derived_id
from tenantry.rules.stanzas import assign, blank, carry, fill
from tenantry.schema.base import ID
from tenantry.schema.catalog import (
    payment_method,
    plan,
    price_list,
    price_list_item,
    product,
    product_add_on,
    product_characteristic,
    product_path,
    product_price,
    provisioning_system,
)
from tenantry.schema.crm import account

PRICE_LIST = sa.bindparam("price_list", type_=ID)

item = price_list_item.alias("item")
its_list = price_list.alias("its_list")
above = product_price.alias("above")
other = price_list_item.alias("other")
reseller = account.alias("reseller")

TODAY = sa.cast(sa.func.timezone("UTC", MOMENT), sa.Date)
# The list's price, or the distributor's cost with the list's margin on it (CAT-02).
PAID = sa.func.coalesce(
    item.c.price, sa.func.round(above.c.cost * (1 + item.c.margin_percent / 100), 6), above.c.unit_price
)

# What the reseller may resell: the products of the price list that was chosen for it.
products = (
    sa.select(item.c.product_id.label("id"))
    .join(
        product, sa.and_(product.c.tenant_id == item.c.tenant_id, product.c.id == item.c.product_id, product.c.active)
    )
    .where(item.c.tenant_id == GIVER, item.c.price_list_id == PRICE_LIST)
    .distinct()
    .subquery("products")
)
systems = (
    sa.select(product.c.provisioning_system_id.label("id"))
    .join(products, products.c.id == product.c.id)
    .where(product.c.tenant_id == GIVER, product.c.provisioning_system_id.is_not(None))
    .distinct()
    .subquery("systems")
)
resellers_method = (
    sa.select(reseller.c.payment_method_id.label("id"))
    .where(reseller.c.tenant_id == GIVER, reseller.c.id == RESELLER, reseller.c.payment_method_id.is_not(None))
    .subquery("resellers_method")
)

PAYMENT_METHOD = (
    Copy(
        name="payment_method",
        into=payment_method,
        source=payment_method,
        account=payment_method.c.id,
        rules=(
            carry("TEN-04", "The reseller's customers may pay as the reseller does.", "name kind gateway payment_days"),
            blank(
                "BIL-06", "Merchant account and token are the distributor's own.", "merchant_account token_reference"
            ),
            fill("TEN-04", "It is the tenant's default payment method.", is_default=True),
            assign("TEN-04", "Made with the tenant.", created_at=MOMENT, version=1),
        ),
    ),
    resellers_method,
)

SYSTEM = Copy(
    name="provisioning_system",
    into=provisioning_system,
    source=provisioning_system,
    account=provisioning_system.c.id,
    rules=(
        carry("TEN-04", "The systems that the products need.", "name kind"),
        assign("TEN-04", "Made with the tenant.", version=1),
    ),
)

PRODUCT = Copy(
    name="product",
    into=product,
    source=product,
    account=product.c.id,
    rules=(
        carry(
            "CAT-20",
            "Inherited parts of a product are the distributor's.",
            "sku name description category kind unit provisioning_system_id trial_allowed trial_days active "
            "active_from active_until min_quantity max_quantity externally_priced",
        ),
        fill("CAT-20", "The product comes from the distributor, and is offered.", standing="inherited", in_shop=True),
        blank("SF-02", "Which terms a buyer accepts is the reseller's to say.", "terms_document_id"),
        assign("TEN-04", "Made with the tenant.", created_at=MOMENT, version=1),
    ),
)

PRICE = Copy(
    name="product_price",
    into=product_price,
    source=item,
    account=item.c.product_id,
    joins={
        its_list: sa.and_(its_list.c.tenant_id == GIVER, its_list.c.id == item.c.price_list_id),
        above: sa.and_(
            above.c.tenant_id == GIVER,
            above.c.product_id == item.c.product_id,
            above.c.cycle == item.c.cycle,
            above.c.currency == its_list.c.currency,
        ),
    },
    rows=sa.and_(
        item.c.price_list_id == PRICE_LIST,
        item.c.min_quantity == 1,
        sa.func.coalesce(item.c.valid_from, TODAY) <= TODAY,
        sa.func.coalesce(item.c.valid_until, TODAY) >= TODAY,
        PAID.is_not(None),
    ),
    id=derived_id(TAKER, item.c.id, "price"),
    rules=(
        carry("TEN-04", "Product and cycle are those of the price list.", "product_id cycle"),
        fill("TEN-04", "In the price list's currency.", currency=its_list.c.currency),
        fill("CAT-20", "What the reseller pays for one unit is his cost.", cost=PAID),
        fill("CAT-01", "For how long a buyer commits himself is the distributor's.", term_months=above.c.term_months),
        fill(
            "CAT-20",
            "He sells at the distributor's unit price until he sets his own.",
            unit_price=sa.func.coalesce(above.c.unit_price, PAID),
        ),
        assign("TEN-04", "Made with the tenant.", version=1),
    ),
)

ADD_ON = Copy(
    name="product_add_on",
    into=product_add_on,
    source=product_add_on,
    account=product_add_on.c.product_id,
    rows=sa.exists().where(
        other.c.tenant_id == GIVER,
        other.c.price_list_id == PRICE_LIST,
        other.c.product_id == product_add_on.c.add_on_id,
    ),
    rules=(carry("TEN-04", "A product keeps the add-ons that may be resold too.", "product_id add_on_id"),),
)

CHARACTERISTIC = Copy(
    name="product_characteristic",
    into=product_characteristic,
    source=product_characteristic,
    account=product_characteristic.c.product_id,
    rules=(carry("CAT-20", "What is said of a product is the distributor's.", "product_id name value position"),),
)

PATH = Copy(
    name="product_path",
    into=product_path,
    source=product_path,
    account=product_path.c.product_id,
    rows=sa.exists().where(
        other.c.tenant_id == GIVER,
        other.c.price_list_id == PRICE_LIST,
        other.c.product_id == product_path.c.to_product_id,
    ),
    rules=(
        carry("CAT-20", "A product keeps its ways to those that may be resold too.", "product_id kind to_product_id"),
    ),
)

PLAN = Copy(
    name="plan",
    into=plan,
    source=plan,
    account=plan.c.product_id,
    rows=plan.c.standing != "withdrawn",
    id=derived_id(TAKER, plan.c.id, "plan"),
    rules=(
        carry("TEN-04", "A plan of the product, by its name.", "product_id name"),
        fill(
            "CAT-21",
            "A delegated plan knows the plan it descends from.",
            descends_from_id=plan.c.id,
            descends_from_name=plan.c.name,
            standing="inherited",
        ),
        assign("TEN-04", "Made with the tenant.", version=1),
    ),
)

CATALOGUE = (
    (SYSTEM, systems),
    (PRODUCT, products),
    (PRICE, products),
    (ADD_ON, products),
    (CHARACTERISTIC, products),
    (PATH, products),
    (PLAN, products),
)
