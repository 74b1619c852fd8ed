"""What every field of a handover is called on the screen; a field without a name stops the program."""

from collections.abc import Mapping

from tenantry.channel.handovers.kinds import KINDS
from tenantry.rules.policy import Account, Address

GENERIC: Mapping[str, str] = {
    "name": "Name",
    "email": "E-mail",
    "phone": "Phone",
    "fax": "Fax",
    "language": "Language",
    "state": "State",
    "country": "Country",
    "status": "Status",
    "standing": "Managed as",
    "managed_by": "Managed by",
    "position": "Place among the addresses",
    "custom_fields": "Custom fields",
    "responsible_user_id": "Responsible user",
    "permission_rule_id": "Permission rule",
    "number": "Number",
    "version": "Version",
    "created_at": "Created",
}
LABELS: Mapping[str, Mapping[str, str]] = {
    "account": {
        "accounting_no": "Accounting number",
        "website": "Website",
        "industry": "Industry",
        "vat_number": "VAT number",
        "source": "Lead source",
        "registration_number": "Registration number",
        "tax_authority": "Tax authority",
        "trading_name": "Trading name",
        "business_activity": "Business activity",
        "description": "Description",
        "ordering_enabled": "Ordering enabled",
        "own_ordering_options": "Set account ordering options",
        "reselling_enabled": "Reselling enabled",
        "parent_id": "Customer of",
        "bill_to_id": "Bill To",
        "price_list_id": "Price list",
        "payment_method_id": "Payment method",
        "currency": "Currency",
        "credit_limit": "Credit limit",
        "prorate_billing": "Prorate billing",
        "partial_charges_invoicing": "Partial charges invoicing",
        "auto_invoice_notification": "Auto invoice notification",
        "taxation": "Taxation",
        "separate_invoices": "Separate invoices",
        "billing_day": "Billing day",
    },
    "address": {
        "street": "Street",
        "street_2": "Second line",
        "city": "City",
        "postcode": "Post code",
        "is_billing": "Billing address",
    },
    "contact": {
        "first_name": "First name",
        "last_name": "Last name",
        "company_role": "Role",
        "mobile": "Mobile",
        "lead_source": "Lead source",
        "is_primary": "Primary contact",
        "bill_to_contact": "Gets the invoices",
        "opt_in": "Wants news",
        "storefront_user": "Storefront user",
    },
    "sync_option": {
        "system_id": "Provisioning system",
        "external_id": "External id",
        "system_data": "System information",
    },
    "history_line": {},
    "order": {},
    "subscription": {
        "bill_to_id": "Bill To",
        "product_id": "Product",
        "order_id": "Order",
        "cycle": "Cycle",
        "currency": "Currency",
        "quantity": "Quantity",
        "unit_price": "Unit price",
        "discount_percent": "Discount",
        "promotion_id": "Promotion",
        "promotion_cycles_left": "Cycles left of the promotion",
        "price_frozen": "Price frozen",
        "start_on": "First day",
        "trial_until": "Trial until",
        "paid_from": "Paid from",
        "anchor_on": "Periods counted from",
        "charged_until": "Charged until",
        "term_until": "Committed until",
        "end_on": "Last day",
        "suspended_on": "Suspended since",
        "renew": "Renews by itself",
        "split_from_id": "Parted from",
        "external_id": "External id",
        "provisioning_status": "Provisioning",
    },
    "subscription_add_on": {
        "product_id": "Product",
        "quantity": "Quantity",
        "unit_price": "Unit price",
        "discount_percent": "Discount",
        "promotion_id": "Promotion",
        "promotion_cycles_left": "Cycles left of the promotion",
        "order_id": "Order",
    },
    "asset": {
        "bill_to_id": "Bill To",
        "product_id": "Product",
        "order_id": "Order",
        "currency": "Currency",
        "quantity": "Quantity",
        "unit_price": "Unit price",
        "bought_on": "Bought",
        "serial_number": "Serial number",
    },
}

# Says nothing to a reader: the record that the row stands under, and how a history line is kept.
SILENT: Mapping[str, frozenset[str]] = {
    "address": frozenset({"account_id", "created_at", "version"}),
    "contact": frozenset({"account_id"}),
    "sync_option": frozenset({"account_id"}),
    "subscription": frozenset({"account_id"}),
    "subscription_add_on": frozenset({"subscription_id"}),
    "asset": frozenset({"account_id", "to_be_charged"}),
    "history_line": frozenset(
        {"entity", "subject_id", "sentence", "changes", "at", "actor", "actor_id", "handover_id"}
    ),
}

LOCKED_ABOVE: Mapping[str, frozenset[str]] = {
    "account": frozenset(Account.locked["handed_down"]),
    "address": frozenset(Address.locked["mirrored"]),
}


class Nameless(TypeError):
    """A field that a preview shows has no name for people."""


def label(entity: str, field: str) -> str:
    """Give the name of a field as people know it."""
    return LABELS[entity].get(field) or GENERIC[field]


def is_silent(entity: str, field: str) -> bool:
    """Say whether a field is left out of the preview, since it says nothing to a reader."""
    return field in SILENT.get(entity, ())


def _check() -> None:
    for kind in KINDS.values():
        shown = [(copy.into.name, name) for copy in kind.copies for name in copy.stanza_of]
        shown += [(mark.table.name, name) for mark in kind.marks for name in mark.sets]
        for entity, name in shown:
            if not is_silent(entity, name) and name not in LABELS[entity] and name not in GENERIC:
                message = f"{entity}.{name} is shown by {kind.title} and has no name; give it one in labels.py."
                raise Nameless(message)


_check()
