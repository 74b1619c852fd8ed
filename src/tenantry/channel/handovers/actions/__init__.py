"""What people do with a handover: plan it, confirm it, cancel it, undo it."""

from tenantry.channel.handovers.actions.cancel import cancel
from tenantry.channel.handovers.actions.choosing import ids_of_numbers
from tenantry.channel.handovers.actions.confirm import Replanned, confirm
from tenantry.channel.handovers.actions.plan import complete_plan, plan
from tenantry.channel.handovers.actions.reverse import reverse

__all__ = ["Replanned", "cancel", "complete_plan", "confirm", "ids_of_numbers", "plan", "reverse"]
