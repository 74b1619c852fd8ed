"""What the demo's distributor sells: products, prices, add-ons, plans, and the price lists of his resellers."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenantry.database import Work
from tenantry.kernel.ids import derived_id, new_id
from tenantry.schema import catalog as c

SYSTEMS = {"panel": "Skyline Control Panel", "mail": "Postbridge Mail Cluster"}
# sku: name, unit, system, category, monthly price in EUR, on the partner price list
PRODUCTS: dict[str, tuple[str, str, str | None, str, str, bool]] = {
    "MAIL-BIZ": ("Business Mail", "mailbox", "mail", "Communication", "4.50", True),
    "OFFICE": ("Office Suite", "user", "panel", "Productivity", "11.70", True),
    "BACKUP": ("Cloud Backup", "device", "panel", "Protection", "6.90", True),
    "VM-S": ("Virtual Server S", "server", "panel", "Infrastructure", "19.00", True),
    "VM-L": ("Virtual Server L", "server", "panel", "Infrastructure", "79.00", True),
    "GATEWAY": ("Security Gateway", "site", None, "Protection", "49.00", False),
}
ADD_ONS: dict[str, tuple[str, str, str | None, str, str, bool]] = {
    "MAIL-ARC": ("Mail Archive", "mailbox", "mail", "Communication", "1.90", True),
    "BACKUP-100": ("100 GB more", "pack", "panel", "Protection", "5.00", True),
}
# sku: what is said of it
CHARACTERISTICS = {
    "MAIL-BIZ": (("Storage", "50 GB"), ("Attachments", "up to 100 MB")),
    "BACKUP": (("Storage", "500 GB"), ("Kept for", "30 days")),
    "VM-S": (("Processors", "2"), ("Memory", "4 GB"), ("Storage", "80 GB")),
    "VM-L": (("Processors", "8"), ("Memory", "32 GB"), ("Storage", "640 GB")),
}
PATHS = (("VM-S", "upgrade", "VM-L"), ("VM-L", "downgrade", "VM-S"), ("MAIL-BIZ", "upgrade", "OFFICE"))
TERMS = (
    "Office Suite licence terms",
    "2026",
    (
        "The licence is for the number of users that was ordered. It is not passed on to others. "
        "The maker's own terms of use hold besides."
    ),
)
PROMOTIONS: tuple[dict[str, Any], ...] = (
    {"name": "Three months a fifth less", "sku": "OFFICE", "kind": "percent", "off": 20, "code": "AUTUMN"},
    {"name": "Welcome to backup", "sku": "BACKUP", "kind": "amount", "off": 2, "code": "WELCOME", "currency": "EUR"},
)
ADDED_TO = {"MAIL-ARC": "MAIL-BIZ", "BACKUP-100": "BACKUP"}


@dataclass
class Catalogue:
    """What was made, by its short names."""

    products: dict[str, UUID] = field(default_factory=dict)
    systems: dict[str, UUID] = field(default_factory=dict)
    price_lists: dict[str, UUID] = field(default_factory=dict)
    methods: dict[str, UUID] = field(default_factory=dict)


def stock(work: Work) -> Catalogue:
    """Make the catalogue in the distributor's tenant."""
    made = Catalogue()
    for short, name in SYSTEMS.items():
        made.systems[short] = _add(work, c.provisioning_system, name=name, kind="manual")
    for sku, (name, unit, system, category, price, _) in {**PRODUCTS, **ADD_ONS}.items():
        made.products[sku] = _product(work, sku, name, unit, made.systems.get(system or ""), category, Decimal(price))
    for sku, of in ADDED_TO.items():
        _add(work, c.product_add_on, product_id=made.products[of], add_on_id=made.products[sku])
    for name, currency, share in (("Partners EUR", "EUR", Decimal("0.80")), ("Partners USD", "USD", Decimal("0.88"))):
        made.price_lists[currency] = _price_list(work, made, name, currency, share)
    _describe(work, made)
    for name, kind, is_default in (("Bank transfer, 30 days", "manual", True), ("SEPA direct debit", "gateway", False)):
        gateway = "Rheinpay" if kind == "gateway" else ""
        made.methods[kind] = _add(work, c.payment_method, name=name, kind=kind, gateway=gateway, is_default=is_default)
    return made


def _describe(work: Work, made: Catalogue) -> None:
    """Say what products are and where they lead, and what is taken off them this season."""
    for sku, said in CHARACTERISTICS.items():
        for place, (name, value) in enumerate(said):
            _add(
                work,
                c.product_characteristic,
                product_id=made.products[sku],
                name=name,
                value=value,
                position=place,
            )
    for sku, kind, to in PATHS:
        _add(work, c.product_path, product_id=made.products[sku], kind=kind, to_product_id=made.products[to])
    name, edition, body = TERMS
    terms = _add(work, c.terms_document, name=name, edition=edition, body=body)
    office = (c.product.c.tenant_id == work.tenant_id, c.product.c.id == made.products["OFFICE"])
    work.connection.execute(sa.update(c.product).where(*office).values(terms_document_id=terms))
    for one in PROMOTIONS:
        given = {key: value for key, value in one.items() if key != "sku"}
        lasts = {"duration": "cycles", "cycles": 3} if one["kind"] == "percent" else {"duration": "once"}
        _add(work, c.promotion, product_id=made.products[one["sku"]], new_customers_only=True, **given, **lasts)
    # From ten mailboxes on a partner pays a tenth less.
    tier = {"price_list_id": made.price_lists["EUR"], "product_id": made.products["MAIL-BIZ"], "cycle": "monthly"}
    _add(work, c.price_list_item, **tier, min_quantity=10, price=Decimal("3.24"))


def _product(work: Work, sku: str, name: str, unit: str, system: UUID | None, category: str, price: Decimal) -> UUID:
    kind = "add_on" if sku in ADD_ONS else "service"
    id_ = _add(
        work,
        c.product,
        sku=sku,
        name=name,
        unit=unit,
        category=category,
        kind=kind,
        provisioning_system_id=system,
        trial_allowed=sku in {"MAIL-BIZ", "OFFICE"},
    )
    for cycle, months in (("monthly", 1), ("yearly", 10)):
        for currency, rate in (("EUR", Decimal(1)), ("USD", Decimal("1.10"))):
            unit_price = (price * months * rate).quantize(Decimal("0.01"))
            cost = (unit_price * Decimal("0.6")).quantize(Decimal("0.01"))
            _add(
                work, c.product_price, product_id=id_, cycle=cycle, currency=currency, unit_price=unit_price, cost=cost
            )
    if kind == "service":
        _add(work, c.plan, product_id=id_, name=f"{name} standard")
    return id_


def _price_list(work: Work, made: Catalogue, name: str, currency: str, share: Decimal) -> UUID:
    id_ = _add(work, c.price_list, name=name, currency=currency)
    for sku, (_, _, _, _, price, listed) in {**PRODUCTS, **ADD_ONS}.items():
        for cycle, months in (("monthly", 1), ("yearly", 10)):
            if listed:
                paid = (Decimal(str(price)) * months * share).quantize(Decimal("0.01"))
                _add(work, c.price_list_item, price_list_id=id_, product_id=made.products[sku], cycle=cycle, price=paid)
    return id_


def _add(work: Work, table: sa.Table, **values: Any) -> UUID:
    id_ = derived_id(work.tenant_id, new_id(), table.name)
    work.connection.execute(sa.insert(table).values(tenant_id=work.tenant_id, id=id_, **values))
    return id_
