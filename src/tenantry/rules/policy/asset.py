"""What may be done with an asset (ORD-03, UP-34, DN-40)."""

from dataclasses import dataclass, field

from tenantry.kernel.problems import Verdict
from tenantry.rules.mirror_up import ASSET
from tenantry.rules.policy.account import handed_on, transferred
from tenantry.rules.policy.base import Act, Policy, lock_list, no, yes

by_reseller = no(
    "UP-34",
    "The reseller sold this asset, in his own tenant; it follows here by itself.",
    "Ask the reseller to change it.",
)
kept_fresh = no(
    "DN-40",
    "Until you are live, the distributor's asset is the one that counts; this copy follows it.",
    "Wait until you are live, or ask the distributor.",
)
gone = no(
    "TEN-26", "This asset was deleted; it is kept for its documents.", "Order it anew, should it be needed again."
)


@dataclass(frozen=True, kw_only=True)
class AssetAct(Act):
    """A verb on an asset, with its verdict for every standing; `received` is one of a received account."""

    own: Verdict
    mirrored: Verdict = field(default_factory=lambda: by_reseller)
    received: Verdict = field(default_factory=lambda: kept_fresh)
    moved_out: Verdict = handed_on
    transferred_out: Verdict = transferred
    archived: Verdict = gone


class Asset(Policy):
    """What may be done with an asset."""

    live_reads_received_as_own = True

    edit = AssetAct(label="Edit", own=yes, mirrored=yes)
    take_back = AssetAct(
        label="Take Back",
        own=yes,
        statuses=("active",),
        otherwise=no("ORD-03", "It was taken back or cancelled already.", "Order it anew, should it be needed again."),
        danger=True,
    )

    locked = {
        "mirrored": {
            **lock_list(ASSET.locked),
            "bill_to_id": no(
                "UP-34", "The tenant reseller pays for it.", "Look at the account of the reseller, who pays."
            ),
        }
    }
