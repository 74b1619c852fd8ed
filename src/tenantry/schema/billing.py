"""Documents that ask for money: invoices, their lines and numbers, and the runs that make them."""

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

ZERO = sa.text("0")

# A number is taken with its document, in one transaction, so that none is left out and none is given twice (BIL-04).
invoice_series = tenant_table(
    "invoice_series",
    text("name", "Name of the series."),
    text("prefix", "What stands before the number on a document."),
    sa.Column(
        "next",
        sa.BigInteger,
        sa.CheckConstraint("next > 0", name="next_positive"),
        nullable=False,
        server_default=sa.text("1"),
        comment="The next number to be given.",
    ),
    sa.Column(
        "days_to_pay",
        sa.SmallInteger,
        nullable=False,
        server_default=sa.text("14"),
        comment="How many days after its date a document of the series is due.",
    ),
    flag("is_default", "Taken where none is chosen; at most one is."),
    version(),
    sa.UniqueConstraint("tenant_id", "name"),
    sa.UniqueConstraint("tenant_id", "prefix"),
    sa.Index("invoice_series_default_idx", "tenant_id", unique=True, postgresql_where=sa.text("is_default")),
)

# Invoices for many, made payer by payer; each payer's are whole or not there.
invoice_run = tenant_table(
    "invoice_run",
    choice("status", "running completed cancelled failed", "Where it stands.", default="running"),
    sa.Column("up_to", sa.Date, nullable=False, comment="What is due up to this day is invoiced."),
    sa.Column("chosen", JSONB, nullable=True, comment="Ids of the accounts it is for; none: all."),
    sa.Column("total", sa.Integer, nullable=False, server_default=ZERO, comment="How many payers there are."),
    sa.Column("done", sa.Integer, nullable=False, server_default=ZERO, comment="How many of them are done."),
    sa.Column("position", ID, nullable=True, comment="The last payer that is done; they go by id."),
    sa.Column("invoices", sa.Integer, nullable=False, server_default=ZERO, comment="Invoices made so far."),
    sa.Column("charges", sa.Integer, nullable=False, server_default=ZERO, comment="Charges on them."),
    sa.Column(
        "held_back",
        sa.Integer,
        nullable=False,
        server_default=ZERO,
        comment="Sums below nothing that were left to wait.",
    ),
    sa.Column("sums", JSONB, nullable=False, server_default=NOTHING, comment="What they come to, by currency."),
    text("problem", "Why it failed."),
    sa.Column("created_by", ID, nullable=True, comment="Who agreed to it; the invoices are his doing."),
    text("created_by_name", "His name then."),
    moment("created_at", "When; what is charged later waits for the next run.", needed=True),
    moment("completed_at", "When it ended."),
    version(),
)

# An issued invoice is never changed: what was wrong goes on another document (BO-12).
invoice = tenant_table(
    "invoice",
    *ref("series_id", "invoice_series", "Which series its number is of.", needed=True),
    sa.Column("number", sa.BigInteger, nullable=True, comment="Its number in the series; none while it is a draft."),
    text("code", "Its number as it is written, with the series' prefix; empty while it is a draft."),
    choice("status", "draft issued", "Where it stands.", default="draft"),
    choice("came_by", "run hand", "Whether it was made of charges, or by hand.", default="hand"),
    *ref("run_id", "invoice_run", "The run that made it.", index=True),
    *ref(
        "account_id",
        "account",
        "Whom it is about: one customer, or who pays with all that he pays for.",
        needed=True,
        index=True,
    ),
    *ref("bill_to_id", "account", "Who pays.", needed=True, index=True),
    sa.Column("issued_on", sa.Date, nullable=True, comment="Its date; none while it is a draft."),
    sa.Column(
        "due_on", sa.Date, nullable=True, comment="Last day to pay; none: as the series says, when it is issued."
    ),
    currency("currency", "Currency of its amounts."),
    sa.Column("net", AMOUNT, nullable=False, server_default=ZERO, comment="What its lines add up to, before tax."),
    sa.Column("tax", AMOUNT, nullable=False, server_default=ZERO, comment="Tax on it (BIL-05)."),
    sa.Column("total", AMOUNT, nullable=False, server_default=ZERO, comment="What is to be paid: net and tax."),
    text("account_name", "Whom it is about, by his name then."),
    text("bill_to_name", "Who pays, by his name then."),
    sa.Column("seller", JSONB, nullable=True, comment="The organisation as it was when this was issued."),
    sa.Column(
        "payer", JSONB, nullable=True, comment="Who pays as he was when this was issued: name, VAT number, address."
    ),
    text("note", "What is said with it.", long=True),
    choice("standing", "own moved_out transferred_out", "Whose document it is now.", default="own"),
    *ref("responsible_user_id", "tenant_user", "Who looks after it.", needed=True),
    *ref("permission_rule_id", "permission_rule", "Who may see and edit it.", needed=True),
    moment("issued_at", "When it was issued."),
    moment("created_at", "When it was made.", needed=True),
    version(),
    *search("invoice", "lower(code || ' ' || bill_to_name || ' ' || account_name)"),
    sort_name("bill_to_name"),
    sa.UniqueConstraint("tenant_id", "series_id", "number"),
    sa.CheckConstraint("(status = 'issued') = (number IS NOT NULL)", name="numbered_when_issued"),
    sa.CheckConstraint(
        "status = 'draft' OR num_nonnulls(issued_on, due_on, issued_at, seller, payer) = 5", name="whole_when_issued"
    ),
    sa.CheckConstraint("total = net + tax", name="total_is_net_and_tax"),
)

invoice_line = tenant_table(
    "invoice_line",
    *ref("invoice_id", "invoice", "Which invoice.", needed=True, index=True),
    sa.Column("position", sa.Integer, nullable=False, server_default=ZERO, comment="Its place on the invoice."),
    sa.Column("charge_id", ID, nullable=True, comment="The charge that it asks for; none for one made by hand."),
    *ref("account_id", "account", "The customer that it is for.", needed=True, index=True),
    text("customer", "The customer's name then."),
    sa.Column("subscription_id", ID, nullable=True, comment="The subscription that it is for."),
    text("subscription", "The subscription's name then."),
    sa.Column("change_id", ID, nullable=True, comment="The change of the subscription that made it."),
    text("change", "What that change was."),
    sa.Column("asset_id", ID, nullable=True, comment="The asset that it is for."),
    sa.Column("order_id", ID, nullable=True, comment="The order that made it."),
    *ref("product_id", "product", "What is invoiced; none for words."),
    text("name", "What is invoiced: the product's name then, or words."),
    text("explains", "How the amount came to be, in one line (BIL-07)."),
    sa.Column("period_from", sa.Date, nullable=True, comment="First day that it covers."),
    sa.Column("period_until", sa.Date, nullable=True, comment="Last day that it covers."),
    sa.Column("quantity", AMOUNT, nullable=False, comment="How many units; less than none for what is given back."),
    sa.Column("unit_price", AMOUNT, nullable=False, comment="Price of one unit, before what is taken off."),
    sa.Column("discount_percent", AMOUNT, nullable=False, server_default=ZERO, comment="Taken off, in percent."),
    sa.Column("net", AMOUNT, nullable=False, comment="What is owed for it, before tax."),
    sa.Column("tax_percent", AMOUNT, nullable=False, server_default=ZERO, comment="Tax on it, in percent (BIL-05)."),
    sa.Column("tax", AMOUNT, nullable=False, server_default=ZERO, comment="Tax on it (BIL-05)."),
    version(),
    # A charge stands on one document at most, whatever runs at the same time.
    sa.UniqueConstraint("tenant_id", "charge_id"),
)
