"""The lists of invoices and of the runs that make them: columns, filters, orders of sorting (API-04, UI-03)."""

import sqlalchemy as sa

from tenantry.schema.billing import invoice, invoice_run
from tenantry.schema.tenant import tenant_user
from tenantry.tenancy.listing import Column, Listing

responsible = tenant_user.alias("responsible")
STATUSES = {"draft": "Draft", "issued": "Issued"}
CAME_BY = {"run": "Of charges", "hand": "By hand"}
RUN_STATUSES = {word: word.capitalize() for word in invoice_run.c.status.info["values"]}

# A draft has no number; it is called one, so that it can be opened.
called = sa.func.coalesce(sa.func.nullif(invoice.c.code, ""), "Draft")

INVOICES = Listing(
    name="invoices",
    permission="invoices:view",
    table=invoice,
    columns=(
        Column("id", invoice.c.id, "Id", "ref", filterable=False, sortable=True),
        Column("title", called, "Invoice", filterable=False, shown=True),
        Column("code", invoice.c.code, "Number", sortable=True),
        Column("status", invoice.c.status, "Status", "choice", shown=True, sortable=True, choices=STATUSES),
        Column("bill_to_id", invoice.c.bill_to_id, "Bill To id", "ref"),
        Column(
            "bill_to",
            invoice.c.bill_to_name,
            "Bill To",
            shown=True,
            sortable=True,
            filterable=False,
            folded=invoice.c.sort_name,
        ),
        Column("account_id", invoice.c.account_id, "Account id", "ref"),
        Column("account", invoice.c.account_name, "About", filterable=False, shown=True),
        Column("issued_on", invoice.c.issued_on, "Date", "date", shown=True),
        Column("due_on", invoice.c.due_on, "Due", "date", shown=True),
        Column("currency", invoice.c.currency, "Currency"),
        Column("net", invoice.c.net, "Net", "money"),
        Column("tax", invoice.c.tax, "Tax", "money", filterable=False),
        Column("total", invoice.c.total, "Total", "money", shown=True),
        Column("came_by", invoice.c.came_by, "Made", "choice", choices=CAME_BY),
        Column("series_id", invoice.c.series_id, "Series id", "ref"),
        Column("number", invoice.c.number, "Number in its series", "number"),
        Column("run_id", invoice.c.run_id, "Run id", "ref"),
        Column("responsible_user_id", invoice.c.responsible_user_id, "Responsible user id", "ref"),
        Column("responsible_user", responsible.c.name, "Responsible user", filterable=False),
        Column("standing", invoice.c.standing, "Standing", filterable=False),
        Column("issued_at", invoice.c.issued_at, "Issued", "moment"),
        Column("created_at", invoice.c.created_at, "Made at", "moment", sortable=True),
        Column("version", invoice.c.version, "Version", "number", filterable=False),
    ),
    # Ids are by time, so the key of the table gives the latest without sorting.
    sort="-id",
    rule=invoice.c.permission_rule_id,
    joins={
        responsible: sa.and_(
            responsible.c.tenant_id == invoice.c.tenant_id, responsible.c.id == invoice.c.responsible_user_id
        )
    },
    search=invoice,
)

RUNS = Listing(
    name="invoice-runs",
    permission="invoices:view",
    table=invoice_run,
    columns=(
        Column("id", invoice_run.c.id, "Id", "ref", filterable=False),
        Column("created_at", invoice_run.c.created_at, "Begun", "moment", sortable=True, shown=True),
        Column("status", invoice_run.c.status, "Status", "choice", shown=True, choices=RUN_STATUSES),
        Column("up_to", invoice_run.c.up_to, "Due up to", "date", sortable=True, shown=True),
        Column("total", invoice_run.c.total, "Payers", "number", shown=True),
        Column("done", invoice_run.c.done, "Done", "number", shown=True),
        Column("invoices", invoice_run.c.invoices, "Invoices", "number", shown=True),
        Column("charges", invoice_run.c.charges, "Charges", "number", shown=True),
        Column("held_back", invoice_run.c.held_back, "Left to wait", "number"),
        Column("created_by_name", invoice_run.c.created_by_name, "By", shown=True),
        Column("completed_at", invoice_run.c.completed_at, "Ended", "moment"),
        Column("version", invoice_run.c.version, "Version", "number", filterable=False),
    ),
    sort="-created_at",
    rule=None,
)
