"""Transfer Subscriptions, field by field (DN-40).

What a `mirror` stanza names follows the distributor's until go-live; then it is the reseller's own.
"""

from typing import Any

import sqlalchemy as sa

from tenantry.rules.binds import GIVER, MOMENT, TAKER
from tenantry.rules.copy import Copy
from tenantry.rules.lines import line_above, line_below
from tenantry.rules.stanzas import assign, blank, carry, fill, mirror
from tenantry.rules.transfer_accounts.sources import its_receiver, list_currency, receiver, reseller
from tenantry.rules.transfer_subscriptions.prices import price_below
from tenantry.rules.transfer_subscriptions.sources import giver
from tenantry.schema.sales import subscription, subscription_add_on
from tenantry.schema.subscription import asset
from tenantry.schema.tenant import api_option

of_subscriptions, of_assets, of_accounts = (api_option.alias(f"for_{one}") for one in ("this", "assets", "accounts"))
sold, sold_add_on, bought = subscription.alias("sold"), subscription_add_on.alias("sold_add_on"), asset.alias("bought")
carrier = subscription.alias("carrier")


def _is_option(row: Any, entity: str) -> sa.ColumnElement[bool]:
    return sa.and_(row.c.tenant_id == TAKER, row.c.entity == entity)


def _looked_after(options: Any) -> dict[str, sa.ColumnElement[object]]:
    """Say who looks after it: the API options of its kind, else the account's, else the admin user."""
    return {
        "responsible_user_id": sa.func.coalesce(
            options.c.responsible_user_id, of_accounts.c.responsible_user_id, receiver.c.admin_user_id
        ),
        "permission_rule_id": sa.func.coalesce(
            options.c.permission_rule_id, of_accounts.c.permission_rule_id, receiver.c.common_rule_id
        ),
    }


SELLS = "The price is the reseller's own: his price list for the account, else the product's price there."

SUBSCRIPTION = Copy(
    name="subscription",
    into=subscription,
    source=sold,
    account=sold.c.id,
    joins={
        receiver: its_receiver,
        of_subscriptions: _is_option(of_subscriptions, "subscription"),
        of_accounts: _is_option(of_accounts, "account"),
    },
    watched=("standing", "managed_by", "currency", "unit_price"),
    rules=(
        carry("DN-40", "It is the same customer's, by the same id.", "account_id"),
        mirror(
            "DN-40",
            "What it is stays as it stands, and follows the distributor's until go-live.",
            "name status product_id cycle quantity renew",
        ),
        mirror(
            "DN-40",
            "Its dates stay as they stand: the first charge below is for the first day that was not charged above.",
            "start_on trial_until paid_from anchor_on charged_until term_until end_on suspended_on",
        ),
        mirror(
            "DN-40",
            "Nothing is provisioned again: its tie to the outside system stays.",
            "external_id provisioning_status",
        ),
        fill("DN-12", "A direct customer of the reseller pays for itself.", bill_to_id=sold.c.account_id),
        fill("DN-41", "In the currency of the reseller's price list.", currency=list_currency),
        assign(
            "DN-40",
            SELLS,
            unit_price=price_below(
                sold,
                account=sold.c.account_id,
                product=sold.c.product_id,
                cycle=sold.c.cycle,
                quantity=sold.c.quantity,
            ),
        ),
        fill("DN-40", "What the distributor takes off his price is not the reseller's to give on.", discount_percent=0),
        blank(
            "DN-40", "The distributor's promotions stay with him.", "promotion_id promotion_cycles_left price_frozen"
        ),
        blank("DN-27", "Its order and what it was parted from are not copied.", "order_id split_from_id"),
        blank("DN-11", "The reseller has no custom fields yet to receive these.", "custom_fields"),
        fill("DN-40", "Read-only until go-live, then the reseller's own.", standing="own", managed_by=None),
        fill(
            "TEN-22",
            "The API options of the reseller's tenant say who looks after it.",
            **_looked_after(of_subscriptions),
        ),
        assign("DN-40", "Made at the transfer.", created_at=MOMENT, version=1),
    ),
)

ADD_ON = Copy(
    name="subscription_add_on",
    into=subscription_add_on,
    source=sold_add_on,
    account=sold_add_on.c.subscription_id,
    joins={
        carrier: sa.and_(carrier.c.tenant_id == GIVER, carrier.c.id == sold_add_on.c.subscription_id),
    },
    watched=("unit_price",),
    rules=(
        carry("DN-40", "An add-on stays with its subscription.", "subscription_id"),
        mirror("DN-40", "Its product and quantity follow the distributor's until go-live.", "product_id quantity"),
        assign(
            "DN-40",
            SELLS,
            unit_price=price_below(
                sold_add_on,
                carrier,
                account=carrier.c.account_id,
                product=sold_add_on.c.product_id,
                cycle=carrier.c.cycle,
                quantity=sold_add_on.c.quantity,
            ),
        ),
        fill("DN-40", "What the distributor takes off his price is not the reseller's to give on.", discount_percent=0),
        blank("DN-40", "The distributor's promotions stay with him.", "promotion_id promotion_cycles_left"),
        blank("DN-27", "The order that it came from is not copied.", "order_id"),
        assign("DN-40", "Made at the transfer.", version=1),
    ),
)

ASSET = Copy(
    name="asset",
    into=asset,
    source=bought,
    account=bought.c.id,
    joins={
        receiver: its_receiver,
        of_assets: _is_option(of_assets, "asset"),
        of_accounts: _is_option(of_accounts, "account"),
    },
    watched=("standing", "managed_by", "currency", "unit_price"),
    rules=(
        carry("DN-40", "It is the same customer's, by the same id.", "account_id"),
        mirror(
            "DN-40",
            "What it is stays as it stands, and follows the distributor's until go-live.",
            "name status product_id quantity bought_on serial_number",
        ),
        fill("DN-12", "A direct customer of the reseller pays for itself.", bill_to_id=bought.c.account_id),
        fill("DN-41", "In the currency of the reseller's price list.", currency=list_currency),
        assign(
            "DN-40",
            SELLS,
            unit_price=price_below(
                bought,
                account=bought.c.account_id,
                product=bought.c.product_id,
                cycle=sa.literal("one_off"),
                quantity=bought.c.quantity,
            ),
        ),
        blank("DN-27", "Its order is not copied.", "order_id"),
        fill("DN-40", "Read-only until go-live, then the reseller's own.", standing="own", managed_by=None),
        fill("DN-40", "It was charged when it was bought.", to_be_charged=False),
        fill("TEN-22", "The API options of the reseller's tenant say who looks after it.", **_looked_after(of_assets)),
        assign("DN-40", "Made at the transfer.", created_at=MOMENT, version=1),
    ),
)

_it = sa.case((giver.c.entity == "asset", "Asset"), else_="Subscription")

RECEIVED = line_below(
    "received_history",
    giver,
    "DN-40",
    "One line says where it came from.",
    entity=giver.c.entity,
    sentence=_it.concat(" was transferred from "),
)

GIVEN = line_above(
    "given_history",
    giver,
    "One line above says that there is a copy of it below.",
    entity=giver.c.entity,
    sentence=_it.concat(" was transferred to ").concat(reseller.c.name).concat(" Tenant Reseller"),
)

COPIES = (SUBSCRIPTION, ADD_ON, ASSET, RECEIVED, GIVEN)
