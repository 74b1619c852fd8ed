"""Withdraw a change that was planned and has not come yet (SUB-03)."""

from uuid import UUID

from tenantry.catalog.records import held as hold
from tenantry.crm import history
from tenantry.database import Work
from tenantry.kernel.problems import NotFound, Refused
from tenantry.rules.policy import no
from tenantry.sales.subscriptions.opening import opened
from tenantry.sales.subscriptions.records import change
from tenantry.schema.subscription import subscription_change
from tenantry.tenancy.records import write

not_planned = no(
    "SUB-03",
    "This change is not planned any more: it was made, withdrawn, or failed.",
    "Look at its history; make the change anew if it is still wanted.",
)
by_word = no(
    "SUB-02", "A cancellation is withdrawn as such, so that the subscription goes on.", "Withdraw the cancellation."
)


def withdraw_change(work: Work, id: UUID, change_id: UUID, *, version: int | None = None) -> None:
    """Withdraw a planned change; the subscription stays as it is."""
    held = opened(work, id, "withdraw_change", version)
    row = hold(work, subscription_change, change_id, "change")
    if row["subscription_id"] != id:
        raise NotFound("change")
    if row["status"] != "scheduled":
        raise Refused(not_planned)
    if row["kind"] == "cancellation":
        raise Refused(by_word, "Withdraw the cancellation.")
    write(work, subscription_change, change_id, {"status": "withdrawn"})
    change(work, held)
    history.write(work, "subscription", id, f"A change planned for {row['effective_on']} was withdrawn")
