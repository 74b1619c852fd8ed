"""Order statuses: what the places where an order stands are called (ORD-02)."""

from tenantry.sales import order_statuses
from tenantry.sales.lists import STATUSES
from tenantry.sales.order_statuses import NewOrderStatus, OrderStatusView
from tenantry.web.ui.inputs import Input, Section, named
from tenantry.web.ui.setup.entries import Entries, routes
from tenantry.web.ui.tables import column
from tenantry.web.ui.views import Cell, Link

NAME = Input("name", "Name", required=True)

ORDER_STATUSES = Entries[OrderStatusView](
    link=Link("Order Statuses", "/setup/order-statuses"),
    noun="order status",
    short="status",
    subtitle="What you call the places where an order stands; what may be done there stays the same.",
    nothing="Orders are called draft, submitted, executed, cancelled.",
    icon="flag",
    columns=(column("Name"), column("Status")),
    cells=lambda one, _: (Cell(one.name, note="The default" if one.is_default else ""), STATUSES[one.status]),
    named=lambda one: one.name,
    read=order_statuses.order_statuses,
    asked=(Section("Order status", (Input("status", "Names the status", "select", required=True), NAME)),),
    changed=(Section("Order status", (NAME,)),),
    begins=lambda one: vars(one) if one else {},
    choices={"status": named(STATUSES)},
    create=lambda work, given: order_statuses.create(work, NewOrderStatus(given["status"] or "", given["name"])),
    edit=order_statuses.edit,
    make_default=order_statuses.make_default,
    delete=order_statuses.delete,
    before_deleting="Only a name that no order has goes.",
)

router = routes(ORDER_STATUSES)
