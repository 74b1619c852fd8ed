"""Payment methods: how accounts pay, by hand or through a gateway; never a card number (BIL-06)."""

from tenantry.charging import payment_methods
from tenantry.charging.payment_methods import NewPaymentMethod, PaymentMethodView
from tenantry.web.ui.inputs import Input, Section, named
from tenantry.web.ui.setup.entries import Entries, routes
from tenantry.web.ui.tables import column
from tenantry.web.ui.views import Cell, Link

KINDS = {"manual": "By hand", "gateway": "Through a gateway"}
SECTIONS = (
    Section(
        "Payment method",
        (
            Input("name", "Name", required=True),
            Input("kind", "Kind", "select", required=True),
            Input("payment_days", "Payment days", "number", help="Within so many days of the invoice."),
            Input("gateway", "Gateway", help="Only for a method through a gateway."),
            Input("merchant_account", "Merchant account"),
            Input("token_reference", "Reference at the gateway", help="Never a card number."),
        ),
    ),
)

METHODS = Entries[PaymentMethodView](
    link=Link("Payment Methods", "/setup/payment-methods"),
    noun="payment method",
    short="method",
    subtitle="How accounts pay.",
    nothing="Accounts need one to buy.",
    icon="credit-card",
    columns=(
        column("Method"),
        column("Kind"),
        column("Gateway", phone=False),
        column("Days", number=True, phone=False),
    ),
    cells=lambda one, url: (
        Cell(one.name, url=url, note="The default" if one.is_default else ""),
        KINDS.get(one.kind, one.kind),
        one.gateway,
        f"{one.payment_days}",
    ),
    named=lambda one: one.name,
    read=payment_methods.payment_methods,
    asked=SECTIONS,
    changed=SECTIONS,
    begins=lambda one: vars(one) if one else {"kind": "manual", "payment_days": 30},
    choices={"kind": named(KINDS)},
    create=lambda work, given: payment_methods.create(work, NewPaymentMethod(**given)),
    edit=payment_methods.edit,
    make_default=payment_methods.make_default,
    delete=payment_methods.delete,
    before_deleting="Only a method that nothing uses goes.",
)

router = routes(METHODS)
