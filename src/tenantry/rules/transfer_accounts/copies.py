"""Transfer Accounts, field by field (DN-10 to DN-28)."""

import sqlalchemy as sa

from tenantry.rules.binds import FIRST_NUMBER, MOMENT
from tenantry.rules.copy import Copy
from tenantry.rules.lines import line_above, line_below
from tenantry.rules.stanzas import assign, blank, carry, fill
from tenantry.rules.transfer_accounts.sources import (
    IN_LINE,
    first_address,
    giver,
    is_activated,
    its_receiver,
    its_reseller,
    receiver,
    reseller,
    resold_systems,
    tenants_payment_method,
    where_it_lives,
)
from tenantry.schema.catalog import sync_option
from tenantry.schema.crm import account, address, contact

ACCOUNT = Copy(
    name="account",
    into=account,
    source=giver,
    account=giver.c.id,
    joins={reseller: its_reseller, receiver: its_receiver, first_address: sa.true()},
    wakes=True,
    watched=("standing", "managed_by"),
    rules=(
        carry(
            "DN-10",
            "Generic fields are copied as they stand.",
            "name accounting_no email phone fax website industry language vat_number source",
        ),
        blank("DN-11", "The reseller has no custom fields yet to receive these.", "custom_fields"),
        fill(
            "DN-12",
            "A direct customer of the reseller, who sets its ordering options and bills it himself.",
            ordering_enabled=True,
            own_ordering_options=True,
            bill_to_id=giver.c.id,
            parent_id=None,
            price_list_id=None,
            separate_invoices=False,
            billing_day=receiver.c.billing_day,
            standing="received",
            managed_by=None,
        ),
        carry("DN-12", "Its status stays as it stands.", "status"),
        fill(
            "DN-13",
            "Country comes from the first address, else from the reseller's own account.",
            country=where_it_lives("country"),
        ),
        fill("DN-14", "State comes from the same place as the country.", state=where_it_lives("state")),
        fill(
            "DN-15",
            "How it is billed is how the reseller was billed.",
            prorate_billing=reseller.c.prorate_billing,
            partial_charges_invoicing=reseller.c.partial_charges_invoicing,
            auto_invoice_notification=reseller.c.auto_invoice_notification,
            taxation=reseller.c.taxation,
        ),
        fill("DN-16", "Credit is the reseller's to give, so it starts at nothing.", credit_limit=0),
        fill(
            "DN-17",
            "The reseller's default payment method, else the first one he has.",
            payment_method_id=tenants_payment_method,
        ),
        fill("DN-18", "A copied customer does not resell.", reselling_enabled=False),
        blank(
            "DN-19",
            "Who it is to the authorities is the reseller's to fill in.",
            "registration_number tax_authority trading_name business_activity",
        ),
        fill(
            "DN-20",
            "The admin user of the reseller's tenant looks after it.",
            responsible_user_id=receiver.c.admin_user_id,
        ),
        fill(
            "DN-21",
            "The common rule made with the tenant says who may see it.",
            permission_rule_id=receiver.c.common_rule_id,
        ),
        blank("DN-22", "What the distributor wrote about it stays with him.", "description"),
        fill(
            "DN-24",
            "The same currency where the reseller has activated it, else his default one.",
            currency=sa.case((is_activated, giver.c.currency), else_=receiver.c.default_currency),
        ),
        assign(
            "TEN-08",
            "Its number is the reseller's own.",
            number=FIRST_NUMBER + sa.func.row_number().over(order_by=giver.c.id) - 1,
        ),
        assign("DN-26", "Made at the transfer.", created_at=MOMENT, version=1),
    ),
)

ADDRESS = Copy(
    name="address",
    into=address,
    source=address,
    account=address.c.account_id,
    wakes=True,
    watched=("standing", "is_billing"),
    rules=(
        carry(
            "DN-23",
            "All addresses are copied.",
            "account_id position name street street_2 city postcode state country phone",
        ),
        fill(
            "DN-23",
            "The first address, which gave the country, is the billing address, and no other is.",
            is_billing=sa.func.row_number().over(partition_by=address.c.account_id, order_by=IN_LINE) == 1,
        ),
        fill("DN-23", "The reseller may change it.", standing="own"),
        assign(
            "DN-23",
            "Made at the transfer; the order among the addresses is kept.",
            created_at=address.c.created_at,
            version=1,
        ),
    ),
)

CONTACT = Copy(
    name="contact",
    into=contact,
    source=contact,
    account=contact.c.account_id,
    joins={receiver: its_receiver},
    rows=contact.c.standing == "own",
    wakes=True,
    rules=(
        carry(
            "DN-28",
            "Generic fields are copied as they stand.",
            "account_id first_name last_name company_role email phone mobile fax language lead_source is_primary "
            "bill_to_contact opt_in",
        ),
        blank("DN-28", "The reseller has no custom fields yet to receive these.", "custom_fields"),
        fill("DN-28", "Access to the shop is the reseller's to give.", storefront_user=False),
        fill("DN-28", "The reseller may change it.", standing="own"),
        fill(
            "DN-28",
            "Looked after and seen as the account is.",
            responsible_user_id=receiver.c.admin_user_id,
            permission_rule_id=receiver.c.common_rule_id,
        ),
        assign("DN-28", "Made at the transfer.", created_at=MOMENT, version=1),
    ),
)

SYNC_OPTION = Copy(
    name="sync_option",
    into=sync_option,
    source=sync_option,
    account=sync_option.c.account_id,
    rows=sync_option.c.system_id.in_(resold_systems),
    wakes=True,
    rules=(
        carry(
            "DN-25",
            "Ties to the systems of products that the reseller may resell, with external id and system information.",
            "account_id system_id external_id status system_data",
        ),
        assign("DN-25", "Made at the transfer.", created_at=MOMENT, version=1),
    ),
)

ACCOUNT_HISTORY = line_below(
    "account_history",
    giver,
    "DN-26",
    "One line says where the account came from.",
    entity="account",
    sentence=sa.literal("Account was transferred from ", sa.Text),
)

CONTACT_HISTORY = line_below(
    "contact_history",
    contact,
    "DN-28",
    "One line says where the contact came from.",
    entity="contact",
    sentence=sa.literal("Contact was transferred from ", sa.Text),
    account=contact.c.account_id,
    rows=contact.c.standing == "own",
)

GIVER_HISTORY = line_above(
    "giver_history",
    giver,
    "One line above says who manages the account from now on.",
    entity="account",
    sentence=sa.literal("Account was transferred to ", sa.Text).concat(reseller.c.name).concat(" Tenant Reseller"),
)

COPIES = (ACCOUNT, ADDRESS, CONTACT, SYNC_OPTION, ACCOUNT_HISTORY, CONTACT_HISTORY, GIVER_HISTORY)
