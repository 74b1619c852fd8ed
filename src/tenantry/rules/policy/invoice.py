"""What may be done with an invoice (BIL-04, BO-12)."""

from dataclasses import dataclass

from tenantry.kernel.problems import Verdict
from tenantry.rules.policy.account import handed_on, transferred
from tenantry.rules.policy.base import Act, Policy, no, yes

DRAFT = ("draft",)
was_issued = no(
    "BO-12",
    "It was issued, and issued documents never change; what is wrong goes on the next one.",
    "Put the correction on the next invoice.",
)


@dataclass(frozen=True, kw_only=True)
class InvoiceAct(Act):
    """A verb on an invoice, with its verdict for every standing."""

    own: Verdict = yes
    moved_out: Verdict = handed_on
    transferred_out: Verdict = transferred


class Invoice(Policy):
    """What may be done with an invoice."""

    edit = InvoiceAct(label="Edit", statuses=DRAFT, otherwise=was_issued)
    add_line = InvoiceAct(label="Add Line", statuses=DRAFT, otherwise=was_issued)
    update_line = InvoiceAct(label="Update Line", statuses=DRAFT, otherwise=was_issued)
    delete_line = InvoiceAct(label="Delete Line", statuses=DRAFT, otherwise=was_issued)
    issue = InvoiceAct(
        label="Issue",
        statuses=DRAFT,
        otherwise=no(
            "BIL-04", "It was issued already.", "Open it to send or print it; what is wrong goes on the next one."
        ),
    )
    delete = InvoiceAct(label="Delete Draft", statuses=DRAFT, otherwise=was_issued, danger=True)
    print_out = InvoiceAct(label="Print-Out", moved_out=yes, transferred_out=yes)
