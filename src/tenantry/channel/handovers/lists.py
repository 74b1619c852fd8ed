"""The list of handovers: columns, filters, orders of sorting (API-04, UI-03)."""

import sqlalchemy as sa

from tenantry.channel.handovers.kinds import KINDS
from tenantry.schema.channel import handover
from tenantry.schema.crm import account
from tenantry.tenancy.listing import Column, Listing

reseller = account.alias("reseller")
about = account.alias("about")
ITS_RESELLER = (
    sa.select(about.c.name)
    .where(about.c.tenant_id == handover.c.tenant_id, about.c.id == handover.c.tenant_reseller_id)
    .correlate(handover)
    .scalar_subquery()
)
LOOKS_IN = sa.func.lower(
    sa.func.concat_ws(
        " ",
        handover.c.number,
        ITS_RESELLER,
        handover.c.planned_by_name,
        handover.c.confirmed_by_name,
        handover.c.reason,
    )
)
STATUSES = {one: one.replace("_", " ").capitalize() for one in handover.c.status.info["values"]}

HANDOVERS = Listing(
    name="handovers",
    permission="handover:view",
    table=handover,
    columns=(
        Column("id", handover.c.id, "Id", "ref", filterable=False),
        Column("number", handover.c.number, "Number", "number", sortable=True),
        Column("label", sa.literal("No. ").concat(sa.cast(handover.c.number, sa.Text)), "Label", filterable=False),
        Column(
            "kind",
            handover.c.kind,
            "Handover",
            "choice",
            shown=True,
            choices={name: kind.title for name, kind in KINDS.items()},
        ),
        Column("status", handover.c.status, "Status", "choice", shown=True, choices=STATUSES),
        Column("tenant_reseller_id", handover.c.tenant_reseller_id, "Tenant reseller id", "ref"),
        Column("reseller", reseller.c.name, "Tenant reseller", filterable=False, shown=True),
        Column("total", handover.c.total, "Accounts", "number", filterable=False, shown=True),
        Column("done", handover.c.done, "Done", "number", filterable=False),
        Column("reason", handover.c.reason, "Reason", filterable=False),
        Column("planned_by_name", handover.c.planned_by_name, "Planned by", filterable=False, shown=True),
        Column("confirmed_by_name", handover.c.confirmed_by_name, "Confirmed by", filterable=False),
        Column("created_at", handover.c.created_at, "Planned", "moment", sortable=True, shown=True),
        Column("completed_at", handover.c.completed_at, "Ended", "moment", filterable=False),
    ),
    sort="-number",
    rule=None,
    joins={
        reseller: sa.and_(reseller.c.tenant_id == handover.c.tenant_id, reseller.c.id == handover.c.tenant_reseller_id)
    },
    looks_in=LOOKS_IN,
)
