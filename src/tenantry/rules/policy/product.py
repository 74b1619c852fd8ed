"""What may be done with a product (CAT-20): what came from above is the distributor's, the price asked is one's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from tenantry.kernel.problems import Verdict
from tenantry.rules.policy.base import Act, Lock, Policy, no, yes

inherited_part = no(
    "CAT-20",
    "This product comes from the distributor; he changes this part of it.",
    "Ask the distributor; name, category and selling price are yours.",
)
gone = no(
    "CAT-20",
    "The distributor has withdrawn this product; it is kept for what was sold of it.",
    "Sell another product, or ask the distributor.",
)

INHERITED_PARTS = (
    *("sku", "kind", "unit", "provisioning_system_id", "trial_allowed", "trial_days", "active_from", "active_until"),
    *("min_quantity", "max_quantity", "externally_priced", "cost", "term_months"),
)


@dataclass(frozen=True, kw_only=True)
class ProductAct(Act):
    """A verb on a product, with its verdict for every standing."""

    own: Verdict
    inherited: Verdict
    withdrawn: Verdict = gone


class Product(Policy):
    """What may be done with a product."""

    edit = ProductAct(label="Edit", own=yes, inherited=yes)
    set_price = ProductAct(label="Set Price", own=yes, inherited=yes)
    relate_add_on = ProductAct(label="Relate Add-On", own=yes, inherited=inherited_part)
    set_characteristic = ProductAct(label="Add Characteristic", own=yes, inherited=inherited_part)
    add_path = ProductAct(label="Add Upgrade or Downgrade", own=yes, inherited=inherited_part)
    add_plan = ProductAct(label="Add Plan", own=yes, inherited=yes)
    delete = ProductAct(label="Delete", own=yes, inherited=inherited_part, danger=True)

    locked: ClassVar[Mapping[str, Lock]] = {"inherited": dict.fromkeys(INHERITED_PARTS, inherited_part)}
