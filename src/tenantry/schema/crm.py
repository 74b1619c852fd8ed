"""Accounts, addresses, contacts, activities, and the history of everything."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from tenantry.schema.base import (
    AMOUNT,
    ID,
    choice,
    country,
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

STANDINGS = "own handed_down mirrored received moved_out transferred_out archived"

account = tenant_table(
    "account",
    sa.Column("number", sa.BigInteger, nullable=False, comment="The tenant's own number for it."),
    # Generic fields.
    sa.Column(
        "name",
        sa.Text,
        sa.CheckConstraint("char_length(name) BETWEEN 1 AND 320", name="name_length"),
        nullable=False,
        comment="Name of the company.",
    ),
    text("accounting_no", "Number in the accounting system; not unique."),
    text("email", "E-mail of the company."),
    text("phone", "Telephone."),
    text("fax", "Fax."),
    text("website", "Website."),
    text("industry", "Industry."),
    text("language", "BCP 47 tag of the language it is written to in; empty for the tenant's."),
    text("vat_number", "VAT number."),
    text("source", "Where the lead came from."),
    # Of the company, for its seller's own use.
    text("registration_number", "Number in the companies register."),
    text("tax_authority", "Tax authority."),
    text("trading_name", "Trading name."),
    text("business_activity", "Business activity."),
    text("description", "Description.", long=True),
    custom_fields(),
    country("country", "ISO 3166-1 alpha-2 code; empty when not known."),
    text("state", "ISO 3166-2 code, or words where there is none."),
    # Life.
    choice("status", "active suspended closed moved_out transferred_out deleted", "TEN-26.", default="active"),
    choice(
        "standing", STANDINGS, "Who manages this record; the one column behind ribbons, locks and acts.", default="own"
    ),
    sa.Column("managed_by", ID, nullable=True, comment="The tenant below that manages it, when the standing says so."),
    # Ordering options.
    flag("ordering_enabled", "May be sold to.", default=True),
    flag("own_ordering_options", "Set account ordering options: has its own, else those of its Bill To.", default=True),
    flag("reselling_enabled", "May sell to customers of its own: a reseller."),
    *ref("parent_id", "account", "The reseller it is a customer of; none for a direct customer.", index=True),
    *ref("bill_to_id", "account", "Who pays: itself, or its reseller.", needed=True, index=True),
    *ref("price_list_id", "price_list", "Its price list."),
    *ref("payment_method_id", "payment_method", "How it pays."),
    currency("currency", "Its currency (ISO 4217)."),
    sa.Column(
        "credit_limit",
        AMOUNT,
        nullable=False,
        server_default=sa.text("0"),
        comment="In its currency; 0: may never owe.",
    ),
    flag("prorate_billing", "Enable Prorate Billing: periods aligned to the billing day."),
    choice(
        "partial_charges_invoicing",
        "at_once next_billing_day",
        "When the prorated part is invoiced.",
        default="at_once",
    ),
    flag("auto_invoice_notification", "Invoices are sent by themselves."),
    flag("taxation", "Taxes are charged.", default=True),
    flag("separate_invoices", "An invoice of its own, though its reseller pays."),
    sa.Column(
        "billing_day", sa.SmallInteger, nullable=False, server_default=sa.text("1"), comment="Day of month, 1 to 28."
    ),
    # Access.
    *ref("responsible_user_id", "tenant_user", "Who looks after it.", needed=True),
    *ref("permission_rule_id", "permission_rule", "Who may see and edit it.", needed=True),
    moment("created_at", "When it was made here.", needed=True),
    version(),
    *search(
        "account",
        # A deleted account is gone from searches, so that it takes no place among the fifty that a search gives.
        "CASE status WHEN 'deleted' THEN '' "
        "ELSE lower(name || ' ' || accounting_no || ' ' || email || ' ' || number) END",
        "What search as you type looks in; nothing for a deleted one.",
    ),
    sort_name("name"),
    sa.UniqueConstraint("tenant_id", "number"),
    sa.CheckConstraint(
        "(standing IN ('handed_down', 'mirrored')) = (managed_by IS NOT NULL)", name="standing_and_managed_by"
    ),
    sa.CheckConstraint("billing_day BETWEEN 1 AND 28", name="billing_day_of_month"),
    sa.CheckConstraint("credit_limit >= 0", name="credit_limit_not_negative"),
    # The list is answered from this index alone, whatever it is sorted or filtered by: 100,000 accounts in some 25 ms
    # instead of 100. It holds nothing that a handover marks (standing, managed_by), so that marking stays HOT.
    sa.Index(
        "account_list_idx",
        "tenant_id",
        "sort_name",
        "id",
        postgresql_include=[
            "status",
            "country",
            "industry",
            "currency",
            "number",
            "credit_limit",
            "reselling_enabled",
            "responsible_user_id",
            "permission_rule_id",
        ],
    ),
    # The newest first; a copy writes at its end only.
    sa.Index(None, "tenant_id", "created_at", "id"),
    # Likeness asks whether a VAT number is there already.
    sa.Index("account_vat_number_idx", "tenant_id", "vat_number", postgresql_where=sa.text("vat_number <> ''")),
    # Who is a reseller's customer; whoever pays for himself is not in it, so a copy is not either.
    sa.Index("account_customer_idx", "tenant_id", "bill_to_id", postgresql_where=sa.text("bill_to_id <> id")),
    sa.Index("account_deleted_idx", "tenant_id", "id", postgresql_where=sa.text("status = 'deleted'")),
    fill=85,
)

address = tenant_table(
    "address",
    *ref("account_id", "account", "Whose address.", needed=True, index=True),
    sa.Column(
        "position",
        sa.Integer,
        nullable=False,
        server_default=sa.text("0"),
        comment="Order among the account's; the lowest is the first.",
    ),
    text("name", "What it is called: Headquarters, Warehouse."),
    text("street", "Street and number."),
    text("street_2", "Second line."),
    text("city", "City."),
    text("postcode", "Post code."),
    text("state", "ISO 3166-2 code, or words where there is none."),
    country("country", "ISO 3166-1 alpha-2 code; empty when not known."),
    text("phone", "Telephone there."),
    flag("is_billing", "The billing address; at most one of an account is."),
    choice("standing", "own mirrored", "Who manages it.", default="own"),
    moment("created_at", "When it was made here.", needed=True),
    version(),
    *search("address", "lower(name || ' ' || street || ' ' || postcode || ' ' || city)"),
    sa.Index("address_billing_idx", "tenant_id", "account_id", unique=True, postgresql_where=sa.text("is_billing")),
)

contact = tenant_table(
    "contact",
    *ref("account_id", "account", "Whose contact.", needed=True, index=True),
    text("first_name", "First name."),
    sa.Column(
        "last_name",
        sa.Text,
        sa.CheckConstraint("char_length(last_name) BETWEEN 1 AND 320", name="last_name_length"),
        nullable=False,
        comment="Last name.",
    ),
    text("company_role", "What he does there."),
    text("email", "E-mail; not unique."),
    text("phone", "Telephone."),
    text("mobile", "Mobile telephone."),
    text("fax", "Fax."),
    text("language", "BCP 47 tag; empty for the account's."),
    text("lead_source", "Where the contact came from."),
    flag("is_primary", "The person to turn to first."),
    flag("bill_to_contact", "Gets the invoices."),
    flag("opt_in", "Wants news."),
    custom_fields(),
    flag("storefront_user", "May sign in to the shop."),
    choice("standing", "own moved_out transferred_out", "Who manages it.", default="own"),
    *ref("responsible_user_id", "tenant_user", "Who looks after him.", needed=True),
    *ref("permission_rule_id", "permission_rule", "Who may see and edit him.", needed=True),
    moment("created_at", "When he was made here.", needed=True),
    version(),
    *search("contact", "lower(first_name || ' ' || last_name || ' ' || email)"),
    sort_name("last_name || ' ' || first_name"),
    sa.Index(
        "contact_list_idx",
        "tenant_id",
        "sort_name",
        "id",
        postgresql_include=[
            "account_id",
            "created_at",
            "responsible_user_id",
            "permission_rule_id",
        ],
    ),
)

activity = tenant_table(
    "activity",
    choice("kind", "email task event document case", "What it is."),
    text("subject", "What it is about."),
    text("body", "The text.", long=True),
    *ref("account_id", "account", "Account it belongs to.", index=True),
    choice("about", "account contact order subscription", "Kind of the record it relates to.", default="account"),
    sa.Column("about_id", ID, nullable=False, comment="The record it relates to."),
    choice("status", "open done", "Whether something is left to do.", default="open"),
    moment("due_at", "By when, or when it happens."),
    *ref("responsible_user_id", "tenant_user", "Who does it.", needed=True),
    *ref("permission_rule_id", "permission_rule", "Who may see and edit it.", needed=True),
    moment("created_at", "When it was made.", needed=True),
    version(),
    *search("activity", "lower(subject)"),
    sa.Index(None, "tenant_id", "about_id"),
    sa.Index(
        "activity_list_idx",
        "tenant_id",
        "created_at",
        "id",
        postgresql_include=["kind", "status", "due_at", "account_id", "responsible_user_id", "permission_rule_id"],
    ),
)

opportunity = tenant_table(
    "opportunity",
    text("name", "Name."),
    *ref("account_id", "account", "With whom.", needed=True, index=True),
    choice("status", "open won lost", "Where it stands.", default="open"),
    sa.Column("amount", AMOUNT, nullable=True, comment="What it may bring."),
    currency("currency", "Currency of the amount."),
    sa.Column("expected_on", sa.Date, nullable=True, comment="By when it is expected to be decided."),
    text("note", "What is known of it.", long=True),
    *ref("responsible_user_id", "tenant_user", "Who looks after it.", needed=True),
    *ref("permission_rule_id", "permission_rule", "Who may see and edit it.", needed=True),
    moment("created_at", "When it was made.", needed=True),
    version(),
    *search("opportunity", "lower(name)"),
    sort_name("name"),
)

history_line = tenant_table(
    "history_line",
    choice(
        "entity",
        "account contact order subscription asset offer opportunity product plan price_list promotion "
        "activity tenant_reseller invoice",
        "Kind of the record it is about.",
    ),
    sa.Column("subject_id", ID, nullable=False, comment="The record it is about."),
    moment("at", "When it happened.", needed=True),
    sa.Column("actor_id", ID, nullable=True, comment="Who did it; none for the system."),
    text("actor", "His name then."),
    text("sentence", "What happened, as one sentence.", long=True),
    sa.Column("changes", JSONB, nullable=True, comment="For edits, field by field: before and after."),
    sa.Column("handover_id", ID, nullable=True, comment="The handover that did it."),
    sa.Index(None, "tenant_id", "subject_id", "at"),
)
