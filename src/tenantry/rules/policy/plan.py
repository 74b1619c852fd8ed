"""What may be done with a plan (CAT-21): its name is the seller's, whether it exists above is the distributor's."""

from dataclasses import dataclass

from tenantry.kernel.problems import Verdict
from tenantry.rules.policy.base import Act, Policy, no, yes

delegated = no(
    "CAT-21",
    "This plan descends from one of the distributor's; it is withdrawn when his is gone.",
    "Take its product off sale instead.",
)
gone = no("CAT-21", "The plan that it descends from is gone.", "Make a plan of your own for the product.")


@dataclass(frozen=True, kw_only=True)
class PlanAct(Act):
    """A verb on a plan, with its verdict for every standing."""

    own: Verdict
    inherited: Verdict
    withdrawn: Verdict


class Plan(Policy):
    """What may be done with a plan."""

    # The texts of what came from above are the reseller's (CAT-20).
    edit = PlanAct(label="Rename", own=yes, inherited=yes, withdrawn=gone)
    delete = PlanAct(label="Delete", own=yes, inherited=delegated, withdrawn=yes, danger=True)
