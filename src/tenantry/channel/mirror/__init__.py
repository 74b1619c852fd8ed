"""Mirror up: what a reseller does in his tenant appears at his distributor, in step and exactly once (UP-40)."""

from tenantry.channel.mirror import tasks
from tenantry.channel.mirror.applying import apply

__all__ = ["apply", "tasks"]
