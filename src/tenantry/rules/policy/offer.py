"""What may be done with an opportunity and an offer; whose account it is decides (ORD-04, TEN-25, UP-20)."""

from dataclasses import dataclass

from tenantry.kernel.problems import Verdict
from tenantry.rules.policy.account import (
    deleted,
    handed_on,
    not_open,
    not_sold_here,
    sold_by_him,
    transferred,
    until_live,
)
from tenantry.rules.policy.base import Act, Policy, no, yes

decided = no("ORD-04", "It is decided already.", "Open it again if it is lost, or make a new one.")
undecided = no("ORD-04", "It is not lost.", "Mark it as lost first, or go on with it as it is.")
was_accepted = no("ORD-04", "It was accepted; what it became is its order.", "Open its order, or cancel that.")


@dataclass(frozen=True, kw_only=True)
class OfferAct(Act):
    """A verb on an opportunity or an offer, with its verdict for every standing of its account."""

    own: Verdict = yes
    handed_down: Verdict = not_sold_here
    mirrored: Verdict = sold_by_him
    received: Verdict = yes
    moved_out: Verdict = handed_on
    transferred_out: Verdict = transferred
    archived: Verdict = deleted


class Opportunity(Policy):
    """What may be done with an opportunity."""

    live_reads_received_as_own = True

    edit = OfferAct(label="Edit", statuses=("open",), otherwise=decided, needs="account_open", without=not_open)
    create_offer = OfferAct(
        label="Create Offer", statuses=("open",), otherwise=decided, needs="account_open", without=not_open
    )
    win = OfferAct(label="Mark as Won", statuses=("open",), otherwise=decided, needs="account_open", without=not_open)
    lose = OfferAct(label="Mark as Lost", statuses=("open",), otherwise=decided)
    reopen = OfferAct(
        label="Open Again",
        statuses=("won", "lost"),
        otherwise=no("ORD-04", "It is open.", "Nothing is to be done: it can be edited."),
        needs="account_open",
        without=not_open,
    )
    delete = OfferAct(label="Delete", handed_down=yes, mirrored=yes, danger=True)


class Offer(Policy):
    """What may be done with an offer."""

    live_reads_received_as_own = True

    edit = OfferAct(label="Edit", statuses=("in_progress",), otherwise=decided, needs="account_open", without=not_open)
    add_item = OfferAct(
        label="Add Item", statuses=("in_progress",), otherwise=decided, needs="account_open", without=not_open
    )
    update_item = OfferAct(
        label="Update Item", statuses=("in_progress",), otherwise=decided, needs="account_open", without=not_open
    )
    delete_item = OfferAct(
        label="Delete Item", statuses=("in_progress",), otherwise=decided, needs="account_open", without=not_open
    )
    accept = OfferAct(
        label="Accept",
        received=until_live,
        statuses=("in_progress",),
        otherwise=decided,
        needs="account_open",
        without=not_open,
    )
    lose = OfferAct(label="Mark as Lost", statuses=("in_progress",), otherwise=decided)
    reopen = OfferAct(
        label="Open Again", statuses=("lost",), otherwise=undecided, needs="account_open", without=not_open
    )
    delete = OfferAct(
        label="Delete",
        handed_down=yes,
        mirrored=yes,
        statuses=("in_progress", "lost"),
        otherwise=was_accepted,
        danger=True,
    )
    print_out = OfferAct(
        label="Print-Out", handed_down=yes, mirrored=yes, moved_out=yes, transferred_out=yes, archived=yes
    )
