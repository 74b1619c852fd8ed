"""Updates of what mirrors cost that were planned for a day that lay ahead: carried out as they are charged up to it
(SUB-04).
"""

from collections import deque
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from tenantry.channel.mirror.meter import Meter
from tenantry.crm import history
from tenantry.database import Row, Work
from tenantry.sales.subscriptions import changing
from tenantry.sales.subscriptions.effects import EFFECTS
from tenantry.sales.subscriptions.records import PLANNED, held_subscription
from tenantry.schema.subscription import subscription_change
from tenantry.tenancy.records import write

OTHERWISE = "It costs something else by now."


def planned(work: Work, id: UUID, today: date) -> deque[Row]:
    """Give the updates of a mirror's prices that are due, in their order."""
    return deque(work.connection.execute(_PLANNED, {"tenant": work.tenant_id, "id": id, "until": today}).mappings())


def carry_out(work: Work, meter: Meter, row: Row) -> None:
    """Let the mirror, and what charges it, cost what was planned; what was priced otherwise since stays as it is."""
    held = held_subscription(work, meter.row["id"])
    if held.row["unit_price"] != Decimal(row["before"]["unit_price"]):
        write(work, subscription_change, row["id"], {"status": "failed", "problem": OTHERWISE})
        history.write(work, "subscription", held.id, f"A planned change could not be made: {OTHERWISE}")
        return
    on = row["effective_on"]
    effect = EFFECTS["price"](work, held, row["after"], on)
    changing.carry_out(work, held, "price", effect, on, planned=row["id"])
    new = {id: units.unit_price for id, units in effect.add_ons.items() if units}
    for product_id, price in {**new, held.row["product_id"]: effect.values["unit_price"]}.items():
        meter.rates[product_id] = replace(meter.rates[product_id], unit_price=price)


_PLANNED = PLANNED.where(subscription_change.c.kind == "price")
