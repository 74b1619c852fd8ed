"""The parts of a catalogue that an update compares, each with what of it follows the distributor (CAT-20)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tenantry.rules.copy import Copy
from tenantry.rules.create_tenant.copies import CATALOGUE
from tenantry.rules.policy.product import INHERITED_PARTS


@dataclass(frozen=True)
class Part:
    """A table of the catalogue: what tells its rows apart on both sides, which of its fields are the distributor's.

    `selling` are those that follow only where selling prices are asked for. What is `dropped` is deleted below when it
    is gone above; products and plans are withdrawn instead.
    """

    copy: Copy
    chosen: Any
    label: str
    key: Sequence[str] = ("id",)
    follows: Sequence[str] = ()
    selling: Sequence[str] = ()
    dropped: bool = False
    says: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name the table."""
        return self.copy.into.name


def _part(name: str, label: str, **given: Any) -> Part:
    copy, chosen = next(pair for pair in CATALOGUE if pair[0].name == name)
    return Part(copy, chosen, label, **given)


PRODUCT_PARTS = (*(name for name in INHERITED_PARTS if name not in {"cost", "term_months"}), "standing")
PARTS = (
    _part("provisioning_system", "Provisioning system", follows=("name", "kind")),
    _part("product", "Product", follows=PRODUCT_PARTS),
    _part(
        "product_price",
        "Price",
        key=("product_id", "cycle", "currency"),
        follows=("cost", "term_months"),
        selling=("unit_price",),
        dropped=True,
    ),
    _part("product_add_on", "Add-on", key=("product_id", "add_on_id"), dropped=True),
    _part(
        "product_characteristic",
        "Characteristic",
        key=("product_id", "name"),
        follows=("value", "position"),
        dropped=True,
    ),
    _part("product_path", "Upgrade or downgrade", key=("product_id", "to_product_id"), follows=("kind",), dropped=True),
    _part("plan", "Plan", key=("descends_from_id",), follows=("descends_from_name", "standing")),
)
PURCHASE = ("cost",)
