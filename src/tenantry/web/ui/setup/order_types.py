"""Order types: what kinds of order are told apart (ORD-02)."""

from tenantry.sales import order_types
from tenantry.sales.order_types import OrderTypeView
from tenantry.web.ui.inputs import Input, Section
from tenantry.web.ui.setup.entries import Entries, routes
from tenantry.web.ui.tables import column
from tenantry.web.ui.views import Cell, Link

SECTIONS = (Section("Order type", (Input("name", "Name", required=True),)),)

TYPES = Entries[OrderTypeView](
    link=Link("Order Types", "/setup/order-types"),
    noun="order type",
    short="type",
    subtitle="What kinds of order you tell apart.",
    nothing="Orders can be told apart by them.",
    icon="list-details",
    columns=(column("Type"),),
    cells=lambda one, _: (Cell(one.name, note="The default" if one.is_default else ""),),
    named=lambda one: one.name,
    read=order_types.order_types,
    asked=SECTIONS,
    changed=SECTIONS,
    begins=lambda one: vars(one) if one else {},
    create=lambda work, given: order_types.create(work, given["name"]),
    edit=order_types.edit,
    make_default=order_types.make_default,
    delete=order_types.delete,
    before_deleting="Only a type that no order has goes.",
)

router = routes(TYPES)
